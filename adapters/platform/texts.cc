// SPDX-License-Identifier: Apache-2.0
#include "adapters/platform/texts.h"

#include <algorithm>

#include <fmt/format.h>

#include "adapters/http/url.h"
#include "engine/text/source.h"

namespace spiritsafe {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }
size_t units_of(char lead) { return static_cast<unsigned char>(lead) >= 0xF0 ? 2 : 1; }
size_t bytes_of(std::string_view text, size_t at) {
  size_t end = at + 1;
  while (end < text.size() && !begins_character(text[end])) {
    ++end;
  }
  return end - at;
}

// The longest beginning of valid text whose characters measure at most `limit` together.
template <class Measure>
std::string_view beginning(std::string_view text, size_t limit, Measure measure) {
  size_t used = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t bytes = bytes_of(text, at);
    used += measure(text.substr(at, bytes));
    if (used > limit) {
      return text.substr(0, at);
    }
    at += bytes;
  }
  return text;
}

template <class Measure>
std::string cut(std::string_view text, size_t limit, std::string_view ending, size_t ending_size, Measure measure) {
  const std::string valid = valid_utf8(text);
  if (beginning(valid, limit, measure).size() == valid.size()) {
    return valid;
  }
  if (ending_size > limit) {
    return std::string(beginning(ending, limit, measure));
  }
  return std::string(beginning(valid, limit - ending_size, measure)) + std::string(ending);
}

// What is open behind a line of Markdown.
struct Open {
  std::string fence = {};  // as it must be closed; empty: none
  size_t folds = 0;        // <details>
};

// A run of at least three backticks or tildes that begins the line, behind at most three spaces.
std::string_view fence_of(std::string_view line) {
  const size_t begin = line.find_first_not_of(' ');
  if (begin == std::string_view::npos || begin > 3 || (line[begin] != '`' && line[begin] != '~')) {
    return {};
  }
  const size_t end = std::min(line.find_first_not_of(line[begin], begin), line.size());
  return end - begin >= 3 ? line.substr(begin, end - begin) : std::string_view{};
}

void read_line(Open& open, std::string_view line) {
  const std::string_view fence = fence_of(line);
  if (!open.fence.empty()) {
    const bool closes = fence.starts_with(open.fence) &&
                        line.find_first_not_of(" \r", line.find(fence) + fence.size()) == std::string_view::npos;
    open.fence = closes ? "" : open.fence;
  } else if (!fence.empty()) {
    open.fence = fence;
  } else {
    for (size_t at = line.find("<details"); at != std::string_view::npos; at = line.find("<details", at + 1)) {
      ++open.folds;
    }
    for (size_t at = line.find("</details>"); at != std::string_view::npos; at = line.find("</details>", at + 1)) {
      open.folds -= open.folds > 0 ? 1 : 0;
    }
  }
}

std::string closing_of(const Open& open) {
  std::string out = open.fence.empty() ? "" : open.fence + "\n";
  for (size_t i = 0; i < open.folds; ++i) {
    out += "\n</details>\n";
  }
  return out;
}

}  // namespace

std::string cut_to_characters(std::string_view text, size_t limit, std::string_view ending) {
  return cut(text, limit, ending, count_units(ending),
             [](std::string_view character) { return units_of(character.front()); });
}

std::string cut_to_bytes(std::string_view text, size_t limit, std::string_view ending) {
  return cut(text, limit, ending, ending.size(), [](std::string_view character) { return character.size(); });
}

std::string cut_markdown(std::string_view text, size_t limit, std::string_view ending) {
  const std::string valid = valid_utf8(text);
  if (count_units(valid) <= limit) {
    return valid;
  }
  std::string best = cut_to_characters(valid.substr(0, valid.find('\n')), limit, ending);
  Open open;
  size_t units = 0, best_end = 0;
  std::string best_closing;
  for (size_t begin = 0; begin < valid.size();) {
    const size_t end = std::min(valid.find('\n', begin), valid.size() - 1) + 1;
    const std::string_view line = std::string_view(valid).substr(begin, end - begin);
    units += count_units(line);
    if (units > limit) {
      break;
    }
    read_line(open, line.substr(0, line.find('\n')));
    std::string closing = closing_of(open);
    if (units + count_units(closing) + count_units(ending) <= limit) {
      best_end = end;
      best_closing = std::move(closing);
    }
    begin = end;
  }
  return best_end == 0 ? best : valid.substr(0, best_end) + best_closing + std::string(ending);
}

std::string valid_utf8(std::string_view text) {
  std::string out;
  for (size_t bad = find_invalid_utf8(text); bad != std::string_view::npos; bad = find_invalid_utf8(text)) {
    out += text.substr(0, bad);
    out += replacement;
    text.remove_prefix(bad + 1);
  }
  out += text;
  return out;
}

std::string folded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out.erase(out.find_last_not_of(" \t\r") + 1);
    }
    out += c;
  }
  out.erase(out.find_last_not_of(" \t\r\n") + 1);
  return out;
}

std::string marker_of(std::string_view name) { return fmt::format("<!-- spiritsafe {} -->", percent_encoded(name)); }

std::string fenced(std::string_view info, std::string_view text) {
  size_t longest = 2, run = 0;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  return fmt::format("{}{}\n{}{}{}\n", fence, info, text, text.empty() ? "" : "\n", fence);
}

}  // namespace spiritsafe
