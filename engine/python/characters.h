// SPDX-License-Identifier: Apache-2.0
// Which bytes do what in Python source, as one table. Internal to engine/python.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace spiritsafe::python {

// What the tokenizer does at a byte.
enum class Start : uint8_t {
  other,
  end,
  space,
  newline,
  name,
  unicode,
  digit,
  dot,
  quote,
  comment,
  backslash,
  open,
  close
};

struct CharacterTable {
  std::array<Start, 256> start = {};
  std::array<bool, 256> continues_name = {};  // ASCII letters, digits and _
  std::array<bool, 256> stops_string = {};    // a loop over a literal's content must look at it
  std::array<bool, 256> stops_comment = {};
};

constexpr CharacterTable make_character_table() {
  CharacterTable table;
  for (int i = 0; i < 256; ++i) {
    const auto c = static_cast<char>(i);
    const auto at = static_cast<size_t>(i);
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    const bool digit = c >= '0' && c <= '9';
    const bool line_end = c == '\n' || c == '\r' || c == '\0';
    table.continues_name[at] = letter || digit;
    table.stops_comment[at] = line_end;
    table.stops_string[at] = line_end || c == '\\' || c == '\'' || c == '"' || c == '{' || c == '}' || i >= 0x80;
    table.start[at] = letter                               ? Start::name
                      : digit                              ? Start::digit
                      : i >= 0x80                          ? Start::unicode
                      : c == '\0'                          ? Start::end
                      : c == '\n' || c == '\r'             ? Start::newline
                      : c == ' ' || c == '\t' || c == '\f' ? Start::space
                      : c == '.'                           ? Start::dot
                      : c == '"' || c == '\''              ? Start::quote
                      : c == '#'                           ? Start::comment
                      : c == '\\'                          ? Start::backslash
                      : c == '(' || c == '[' || c == '{'   ? Start::open
                      : c == ')' || c == ']' || c == '}'   ? Start::close
                                                           : Start::other;
  }
  return table;
}

inline constexpr CharacterTable character_table = make_character_table();

inline Start start_at(const char* at) { return character_table.start[static_cast<unsigned char>(*at)]; }
inline bool continues_name(char c) { return character_table.continues_name[static_cast<unsigned char>(c)]; }
inline bool stops_string(char c) { return character_table.stops_string[static_cast<unsigned char>(c)]; }
inline bool stops_comment(char c) { return character_table.stops_comment[static_cast<unsigned char>(c)]; }
constexpr bool is_decimal(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_hexadecimal(char c) { return is_decimal(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

}  // namespace spiritsafe::python
