// SPDX-License-Identifier: Apache-2.0
#include "adapters/github/limits.h"

#include "engine/text/source.h"

namespace spiritsafe::github {
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

}  // namespace

size_t count_units(std::string_view text) {
  size_t count = 0;
  for (const char c : text) {
    count += begins_character(c) ? units_of(c) : 0;
  }
  return count;
}

std::string cut_to_characters(std::string_view text, size_t limit, std::string_view ending) {
  return cut(text, limit, ending, count_units(ending),
             [](std::string_view character) { return units_of(character.front()); });
}

std::string cut_to_bytes(std::string_view text, size_t limit, std::string_view ending) {
  return cut(text, limit, ending, ending.size(), [](std::string_view character) { return character.size(); });
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

}  // namespace spiritsafe::github
