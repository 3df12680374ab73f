// SPDX-License-Identifier: Apache-2.0
#include "engine/python/escapes.h"

#include <algorithm>

#include "engine/python/characters.h"
#include "engine/python/identifiers.h"
#include "engine/python/token.h"

namespace spiritsafe::python {

namespace {

StringStep byte_step(uint32_t length, char value) { return {length, 1, false, false, {value}, nullptr}; }
StringStep verbatim_step(uint32_t length) { return {length, 0, true, false, {}, nullptr}; }
StringStep failed_step(uint32_t length, const char* error) { return {length, 0, true, false, {}, error}; }

StringStep code_point_step(uint32_t length, uint32_t code_point) {
  std::string text;
  append_utf8(text, code_point);
  StringStep step = {length, static_cast<uint8_t>(text.size()), false, false, {}, nullptr};
  text.copy(step.value.data(), text.size());
  return step;
}

uint32_t hexadecimal_value(char c) { return static_cast<uint32_t>(is_decimal(c) ? c - '0' : (c | 0x20) - 'a' + 10); }

// \x41, \u0041, \U00000041
StringStep hexadecimal_step(std::string_view rest, uint32_t digits, bool bytes, const char* error) {
  uint32_t value = 0;
  for (uint32_t i = 2; i < 2 + digits; ++i) {
    if (i >= rest.size() || !is_hexadecimal(rest[i])) {
      return failed_step(i, error);
    }
    value = value << 4 | hexadecimal_value(rest[i]);
  }
  if (bytes) {
    return byte_step(2 + digits, static_cast<char>(value));
  }
  if (value > 0x10FFFF) {
    return failed_step(2 + digits, "there is no character with this number: the last one is \\U0010ffff");
  }
  return code_point_step(2 + digits, value);
}

StringStep octal_step(std::string_view rest, bool bytes) {
  uint32_t value = 0;
  uint32_t length = 1;
  for (; length < 4 && length < rest.size() && rest[length] >= '0' && rest[length] <= '7'; ++length) {
    value = value << 3 | static_cast<uint32_t>(rest[length] - '0');
  }
  return bytes ? byte_step(length, static_cast<char>(value & 0xFF)) : code_point_step(length, value);
}

StringStep named_step(std::string_view rest) {
  size_t end = 3;
  while (end < rest.size() && (is_decimal(rest[end]) || rest[end] == ' ' || rest[end] == '-' ||
                               ((rest[end] | 0x20) >= 'a' && (rest[end] | 0x20) <= 'z'))) {
    ++end;
  }
  const auto length = static_cast<uint32_t>(std::min(end + 1, rest.size()));
  if (rest.size() < 3 || rest[2] != '{' || end == 3 || end >= rest.size() || rest[end] != '}') {
    return failed_step(length, "malformed `\\N`: expected the name of a character in braces");
  }
  StringStep step = verbatim_step(length);
  step.named = true;
  return step;
}

StringStep escape_step(std::string_view rest, const StringPiece& piece) {
  if (rest.size() == 1) {
    return verbatim_step(1);
  }
  switch (rest[1]) {
    case '\n':
      return {2, 0, false, false, {}, nullptr};
    case '\r':
      return {rest.size() > 2 && rest[2] == '\n' ? 3U : 2U, 0, false, false, {}, nullptr};
    case '\\':
    case '\'':
    case '"':
      return byte_step(2, rest[1]);
    case 'a':
      return byte_step(2, '\a');
    case 'b':
      return byte_step(2, '\b');
    case 'f':
      return byte_step(2, '\f');
    case 'n':
      return byte_step(2, '\n');
    case 'r':
      return byte_step(2, '\r');
    case 't':
      return byte_step(2, '\t');
    case 'v':
      return byte_step(2, '\v');
    case 'x':
      return hexadecimal_step(rest, 2, piece.bytes, "truncated `\\x`: expected two hexadecimal digits");
    case 'u':
      return piece.bytes ? verbatim_step(1)
                         : hexadecimal_step(rest, 4, false, "truncated `\\u`: expected four hexadecimal digits");
    case 'U':
      return piece.bytes ? verbatim_step(1)
                         : hexadecimal_step(rest, 8, false, "truncated `\\U`: expected eight hexadecimal digits");
    case 'N':
      return piece.bytes ? verbatim_step(1) : named_step(rest);
    default:
      return rest[1] >= '0' && rest[1] <= '7' ? octal_step(rest, piece.bytes) : verbatim_step(1);
  }
}

}  // namespace

StringStep next_step(std::string_view rest, const StringPiece& piece) {
  const char c = rest[0];
  if (c == '\\' && !piece.raw) {
    return escape_step(rest, piece);
  }
  if (c == '\r') {
    return byte_step(rest.size() > 1 && rest[1] == '\n' ? 2 : 1, '\n');
  }
  if (piece.doubled_braces && (c == '{' || c == '}')) {
    return byte_step(rest.size() > 1 && rest[1] == c ? 2 : 1, c);
  }
  return verbatim_step(1);
}

bool decode_piece(std::string_view source, StringPiece& piece, std::string& value) {
  const size_t before = value.size();
  bool known = true;
  std::string_view rest = slice(source, piece.content);
  uint32_t at = piece.content.begin;
  while (!rest.empty()) {
    const StringStep step = next_step(rest, piece);
    if (step.error != nullptr) {
      throw Failure{{{at, at + step.length}, step.error}};
    }
    if (step.verbatim) {
      value.append(rest.substr(0, step.length));
    } else {
      value.append(step.value.data(), step.value_length);
    }
    known = known && !step.named;
    rest.remove_prefix(step.length);
    at += step.length;
  }
  piece.length = static_cast<uint32_t>(value.size() - before);
  return known;
}

}  // namespace spiritsafe::python
