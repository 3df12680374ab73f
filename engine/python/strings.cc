// SPDX-License-Identifier: Apache-2.0
#include "engine/python/strings.h"

#include <charconv>
#include <limits>

#include "engine/python/characters.h"
#include "engine/python/escapes.h"
#include "engine/python/token.h"

namespace spiritsafe::python {

namespace {

// The end of the literal whose content starts at `at`: where its closing quotes are.
size_t find_content_end(std::string_view source, size_t at, char quote, size_t quote_length) {
  for (; at < source.size(); ++at) {
    if (source[at] == '\\') {
      ++at;
    } else if (source[at] == quote && (quote_length == 1 || source.substr(at, 3) == std::string(3, quote))) {
      break;
    }
  }
  return at;
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\f' || c == '\n' || c == '\r' || c == '\\'; }

}  // namespace

std::vector<StringPiece> string_pieces(const Constant& constant, std::string_view source) {
  if (!constant.pieces.empty()) {
    return {constant.pieces.begin(), constant.pieces.end()};
  }
  std::vector<StringPiece> pieces;
  std::string value;
  size_t at = constant.span.begin;
  while (at < constant.span.end) {
    if (is_blank(source[at])) {
      ++at;
      continue;
    }
    if (source[at] == '#') {
      while (at < constant.span.end && !stops_comment(source[at])) {
        ++at;
      }
      continue;
    }
    StringPiece piece;
    for (; source[at] != '"' && source[at] != '\''; ++at) {
      piece.raw = piece.raw || (source[at] | 0x20) == 'r';
      piece.bytes = piece.bytes || (source[at] | 0x20) == 'b';
    }
    const size_t quote_length = source.substr(at, 3) == std::string(3, source[at]) ? 3 : 1;
    const size_t end = find_content_end(source, at + quote_length, source[at], quote_length);
    piece.content = {static_cast<uint32_t>(at + quote_length), static_cast<uint32_t>(end)};
    decode_piece(source, piece, value);
    pieces.push_back(piece);
    at = end + quote_length;
  }
  return pieces;
}

uint32_t source_offset(const Constant& constant, size_t value_offset, std::string_view source) {
  const std::vector<StringPiece> pieces = string_pieces(constant, source);
  for (const StringPiece& piece : pieces) {
    if (value_offset >= piece.length) {
      value_offset -= piece.length;
      continue;
    }
    uint32_t at = piece.content.begin;
    for (;;) {
      const StringStep step = next_step(slice(source, {at, piece.content.end}), piece);
      const size_t produced = step.verbatim ? step.length : step.value_length;
      if (value_offset < produced) {
        // Inside the verbatim text of \N{…}, too, the place is the backslash.
        return at;
      }
      value_offset -= produced;
      at += step.length;
    }
  }
  return pieces.empty() ? constant.span.end : pieces.back().content.end;
}

std::optional<int64_t> integer_value(const Constant& constant) {
  int64_t value = 0;
  const char* end = constant.value.data() + constant.value.size();
  const auto [stopped, error] = std::from_chars(constant.value.data(), end, value);
  return error == std::errc() && stopped == end ? std::optional(value) : std::nullopt;
}

double float_value(const Constant& constant) {
  const std::string_view text = constant.value;
  double value = 0;
  const auto [stopped, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc::result_out_of_range) {
    return value;
  }
  // Too large or too small: the power of ten of the first digit that is not zero says which.
  const size_t exponent_at = std::min(text.find_first_of("eE"), text.size());
  const size_t point = std::min(text.find('.'), exponent_at);
  const size_t digit = std::min(text.find_first_of("123456789"), exponent_at);
  long long exponent = 0;
  if (exponent_at < text.size()) {
    const size_t number = exponent_at + (text[exponent_at + 1] == '+' ? 2 : 1);
    if (std::from_chars(text.data() + number, text.data() + text.size(), exponent).ec != std::errc()) {
      exponent = text[exponent_at + 1] == '-' ? std::numeric_limits<int>::min() : std::numeric_limits<int>::max();
    }
  }
  return exponent + static_cast<long long>(point) - static_cast<long long>(digit) > 0
             ? std::numeric_limits<double>::infinity()
             : 0;
}

}  // namespace spiritsafe::python
