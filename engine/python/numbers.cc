// SPDX-License-Identifier: Apache-2.0
#include "engine/python/characters.h"
#include "engine/python/tokenizer.h"

namespace spiritsafe::python {

// `1if x else y` is allowed: right after a number, those keywords that may follow one, and no other letters.
void Tokenizer::check_number_end(const char* at, const char* kind) {
  const auto follows = [&](std::string_view word) { return std::string_view(at, word.size()) == word; };
  for (const std::string_view word : {"and", "else", "for", "if", "in", "is", "or", "not"}) {
    if (follows(word)) {
      return;
    }
  }
  if (python::continues_name(*at) || static_cast<unsigned char>(*at) >= 0x80) {
    fail(at, at + 1, std::string("invalid ") + kind + " literal");
  }
}

// Digits with single underscores between them; stands on a digit.
void Tokenizer::scan_digits() {
  for (;;) {
    while (is_decimal(*p_)) {
      ++p_;
    }
    if (*p_ != '_') {
      return;
    }
    ++p_;
    if (!is_decimal(*p_)) {
      fail(p_ - 1, p_, "invalid decimal literal: expected a digit after `_`");
    }
  }
}

void Tokenizer::scan_radix(const char* kind, bool (*is_digit)(char), int radix) {
  p_ += 2;
  do {
    if (*p_ == '_') {
      ++p_;
    }
    if (!is_digit(*p_)) {
      fail(p_, p_ + 1, std::string("invalid ") + kind + " literal");
    }
    while (is_digit(*p_)) {
      ++p_;
    }
  } while (*p_ == '_');
  if (radix < 10 && is_decimal(*p_)) {
    fail(p_, p_ + 1, std::string("invalid digit `") + *p_ + "` in " + kind + " literal");
  }
  check_number_end(p_, kind);
}

void Tokenizer::scan_number() {
  const char* start = p_;
  const char letter = static_cast<char>(p_[1] | 0x20);
  if (*p_ == '0' && (letter == 'x' || letter == 'o' || letter == 'b')) {
    if (letter == 'x') {
      scan_radix("hexadecimal", is_hexadecimal, 16);
    } else if (letter == 'o') {
      scan_radix(
          "octal", [](char c) { return c >= '0' && c <= '7'; }, 8);
    } else {
      scan_radix(
          "binary", [](char c) { return c == '0' || c == '1'; }, 2);
    }
    emit(TokenKind::number, start);
    return;
  }
  bool integer = true;
  if (*p_ != '.') {
    scan_digits();
  }
  const char* digits_end = p_;
  if (*p_ == '.') {
    integer = false;
    ++p_;
    if (is_decimal(*p_)) {
      scan_digits();
    }
  }
  if (*p_ == 'e' || *p_ == 'E') {
    const char* exponent = p_;
    const bool sign = p_[1] == '+' || p_[1] == '-';
    if (is_decimal(p_[sign ? 2 : 1])) {
      integer = false;
      p_ += sign ? 2 : 1;
      scan_digits();
    } else if (sign) {
      fail(start, p_ + 2, "invalid decimal literal: expected digits after the exponent's sign");
    } else {
      p_ = exponent;
    }
  }
  if (*p_ == 'j' || *p_ == 'J') {
    ++p_;
    check_number_end(p_, "imaginary");
  } else {
    check_number_end(p_, "decimal");
    if (integer && *start == '0') {
      for (const char* digit = start; digit < digits_end; ++digit) {
        if (*digit != '0' && *digit != '_') {
          fail(start, digits_end,
               "leading zeros in a decimal number are not permitted; an octal number starts with `0o`");
        }
      }
    }
  }
  emit(TokenKind::number, start);
}

}  // namespace spiritsafe::python
