// SPDX-License-Identifier: Apache-2.0
// The tokens of Python. Internal to engine/python.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/python/parse.h"

namespace spiritsafe::python {

// clang-format off
enum class TokenKind : uint8_t {
  end_marker, failure,  // the last token is one of these; `failure` stands where TokenBuffer::error says
  newline, indent, dedent, name, number, string, fstring_start, fstring_middle, fstring_end,
  left_paren, right_paren, left_bracket, right_bracket, left_brace, right_brace, comma, colon, semicolon, dot, ellipsis, arrow,
  exclamation, colon_equal, equal, at, plus, minus, star, slash, percent, double_slash, double_star, left_shift, right_shift, bar, caret,
  ampersand, tilde, less, greater, less_equal, greater_equal, double_equal, not_equal,
  // In the order of Operator, so that the operator is found by subtraction.
  plus_equal, minus_equal, star_equal, at_equal, slash_equal, percent_equal, double_star_equal, left_shift_equal, right_shift_equal,
  bar_equal, caret_equal, ampersand_equal, double_slash_equal,
  kw_false, kw_none, kw_true, kw_and, kw_as, kw_assert, kw_async, kw_await, kw_break, kw_class, kw_continue, kw_def, kw_del, kw_elif,
  kw_else, kw_except, kw_finally, kw_for, kw_from, kw_global, kw_if, kw_import, kw_in, kw_is, kw_lambda, kw_nonlocal, kw_not, kw_or,
  kw_pass, kw_raise, kw_return, kw_try, kw_while, kw_with, kw_yield,
  count_,
};
// clang-format on

struct Token {
  uint32_t begin = 0;
  uint32_t end = 0;
  TokenKind kind = TokenKind::end_marker;
  // Of a string or an f-string's parts. Of a name: `not_plain` for non-ASCII letters.
  uint8_t prefix_length = 0;
  uint8_t quote_length = 0;
  bool raw : 1 = false;
  bool bytes : 1 = false;
  bool unicode_prefix : 1 = false;
  bool braces : 1 = false;  // of an fstring_middle: `{{` stands for `{`
  bool not_plain : 1 =
      false;  // the value is not the text itself: escapes, carriage returns, doubled braces, non-ASCII bytes
};
static_assert(sizeof(Token) == 12);

struct TokenBuffer {
  std::vector<Token> tokens = {};  // the first one is a placeholder
  std::vector<Comment> comments = {};
  SyntaxError error = {};         // if the last token is a `failure`
  std::vector<char> padded = {};  // the text with NULs after it, so that no loop has to look for the end
};

// Fills the buffer, which may have been used before. The text is valid UTF-8 without NUL; `begin` is where to start
// (after a mark).
void tokenize(std::string_view text, uint32_t begin, Version target, TokenBuffer& buffer);

// How messages name a token: "`:`", "a name", "the end of the line".
std::string_view describe(TokenKind kind);

// What is thrown inside engine/python, and caught in tokenize and parse.
struct Failure {
  SyntaxError error;
};

// "python 3.8": for messages about what a version does not have.
std::string name_version(Version version);

}  // namespace spiritsafe::python
