// SPDX-License-Identifier: Apache-2.0
#include "engine/text/printable.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/text/source.h"

namespace spiritsafe {
namespace {

struct Character {
  uint32_t code = 0;
  size_t length = 1;  // bytes
  bool valid = false;
};

Character next_character(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) {
    return {lead, 1, true};
  }
  const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (length > text.size() || find_invalid_utf8(text.substr(0, length)) != std::string_view::npos) {
    return {lead, 1, false};
  }
  uint32_t code = lead & (0x7Fu >> length);
  for (size_t i = 1; i < length; ++i) {
    code = (code << 6) | (static_cast<unsigned char>(text[i]) & 0x3Fu);
  }
  return {code, length, true};
}

// Characters that are not seen or that change what is seen around them: C1 controls, soft hyphen, bidirectional
// marks and overrides, zero-width characters, line separators, the byte order mark, tags.
bool is_deceptive(uint32_t code) {
  return (code >= 0x80 && code < 0xA0) || code == 0xAD || code == 0x061C || code == 0x180E ||
         (code >= 0x200B && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
         (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF || (code >= 0xFFF9 && code <= 0xFFFB) ||
         (code >= 0xE0000 && code <= 0xE007F);
}

}  // namespace

std::string printable(std::string_view text, bool keep_newlines) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Character c = next_character(text);
    if (!c.valid || (c.code < 0x20 && c.code != '\t' && !(c.code == '\n' && keep_newlines)) || c.code == 0x7F) {
      out += c.code == '\n' ? "\\n" : c.code == '\r' ? "\\r" : fmt::format("\\x{:02x}", c.code);
    } else if (c.code == '\t') {
      out += ' ';
    } else if (is_deceptive(c.code)) {
      out += c.code > 0xFFFF ? fmt::format("\\U{:08x}", c.code) : fmt::format("\\u{:04x}", c.code);
    } else {
      out += text.substr(0, c.length);
    }
    text.remove_prefix(c.length);
  }
  return out;
}

std::string log_line(std::string_view text) {
  const std::string printed = printable(text);
  // Beyond ASCII there are more blanks; what is none of them is quoted in vain.
  const auto first_mark =
      std::ranges::find_if(printed, [](char c) { return c != ' ' && static_cast<unsigned char>(c) < 0x80; });
  const std::string_view first = std::string_view(printed).substr(static_cast<size_t>(first_mark - printed.begin()));
  return first.starts_with("::") || first.starts_with("##[") ? '"' + printed + '"' : printed;
}

std::string shortened(std::string_view text, size_t limit) {
  std::string folded;
  bool space = false;
  for (const char c : text) {
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v') {
      space = !folded.empty();
      continue;
    }
    if (space) {
      folded += ' ';
      space = false;
    }
    folded += c;
  }
  if (count_characters(folded) <= limit) {
    return folded;
  }
  size_t bytes = 0;
  for (size_t characters = 0; bytes < folded.size() && characters + 1 < limit; ++characters) {
    bytes += next_character(std::string_view(folded).substr(bytes)).length;
  }
  return folded.substr(0, bytes) + "…";
}

}  // namespace spiritsafe
