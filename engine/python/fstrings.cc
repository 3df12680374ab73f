// SPDX-License-Identifier: Apache-2.0
// F-strings, into the same tokens for every version: fstring_start, then by turns fstring_middle and `{` … `}`, then
// fstring_end. Since 3.12 (PEP 701) the fields are scanned with the rest; before, the string is delimited first, like
// any other, and its fields are cut out of it afterwards. The two differ in what they refuse.
#include <utility>

#include "engine/python/characters.h"
#include "engine/python/tokenizer.h"

namespace spiritsafe::python {

namespace {

constexpr uint32_t max_fstring_depth = 150;  // CPython's MAXFSTRINGLEVEL
constexpr int max_field_depth = 2;           // fields in format specs in format specs

bool is_line_end(char c) { return c == '\n' || c == '\r'; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r' || c == '\v'; }

}  // namespace

bool Tokenizer::at_quote(const Literal& literal) const {
  return *p_ == literal.quote && (literal.quote_length == 1 || (p_[1] == literal.quote && p_[2] == literal.quote));
}

// ---- since 3.12 ----

void Tokenizer::scan_fstring(const char* start, uint8_t prefix_length) {
  if (++fstring_depth_ >= max_fstring_depth) {
    fail(start, p_, "too many nested f-strings");
  }
  Literal literal;
  literal.quote = *p_;
  literal.quote_length = p_[1] == *p_ && p_[2] == *p_ ? 3 : 1;
  literal.raw = (start[0] | 0x20) == 'r' || (prefix_length == 2 && (start[1] | 0x20) == 'r');
  p_ += literal.quote_length;
  Token& opening = emit(TokenKind::fstring_start, start);
  opening.prefix_length = prefix_length;
  opening.quote_length = literal.quote_length;
  opening.raw = literal.raw;
  field_depth_.push_back(0);
  scan_fstring_parts(literal, false);
  field_depth_.pop_back();
  if (*p_ == '}') {
    fail(p_, p_ + 1, "a single `}` in an f-string: write `}}`");
  }
  if (!at_quote(literal)) {
    fail(start, p_,
         literal.quote_length == 3 ? "the triple-quoted f-string is never closed"
                                   : "the f-string is never closed on its line");
  }
  p_ += literal.quote_length;
  emit(TokenKind::fstring_end, p_ - literal.quote_length);
  --fstring_depth_;
}

// Stops at the closing quote, at a `}` that closes a format spec, or where neither comes.
void Tokenizer::scan_fstring_parts(const Literal& literal, bool in_format_spec) {
  for (;;) {
    const char* start = p_;
    bool plain = true;
    bool field = false;
    for (;;) {
      while (!stops_string(*p_)) {
        ++p_;
      }
      const char c = *p_;
      if (c == '\0' || (literal.quote_length == 1 && is_line_end(c)) || at_quote(literal)) {
        break;
      }
      if (c == '{' || c == '}') {
        if (in_format_spec || p_[1] != c) {
          field = c == '{';
          break;
        }
        plain = false;
        ++p_;
      } else if (c == '\\') {
        plain = plain && literal.raw;
        if (p_[1] == '{' || p_[1] == '}' || p_[1] == '\0') {
          ++p_;
          continue;
        }
        if (!literal.raw && p_[1] == 'N' && p_[2] == '{') {
          p_ += 2;
          while (*p_ != '}' && *p_ != '\0' && !is_line_end(*p_) && !at_quote(literal)) {
            ++p_;
          }
          if (*p_ != '}') {
            continue;
          }
        } else {
          ++p_;
          plain = plain && *p_ != '\r';
          p_ += p_[0] == '\r' && p_[1] == '\n' ? 1 : 0;
        }
      } else if (c == '\r') {
        plain = false;
      }
      ++p_;
    }
    if (p_ > start) {
      Token& middle = emit(TokenKind::fstring_middle, start);
      middle.raw = literal.raw;
      middle.not_plain = !plain;
      middle.braces = !in_format_spec;
    }
    if (!field) {
      return;
    }
    scan_field(literal, in_format_spec);
  }
}

void Tokenizer::scan_field(const Literal& literal, bool in_format_spec) {
  if (in_format_spec && field_depth_.back() > max_field_depth) {
    fail(p_, p_ + 1, "f-string: expressions nested too deeply");
  }
  ++field_depth_.back();
  open_bracket();
  scan(Until::end_of_field);
  if (*p_ == ':') {
    ++p_;
    emit(TokenKind::colon, p_ - 1);
    scan_fstring_parts(literal, true);
    if (literal.quote_length == 1 && is_line_end(*p_)) {
      scan(Until::end_of_field);  // a line end takes the format spec's place: CPython reads on as in an expression
    }
    if (*p_ != '}') {
      fail(p_, p_, "f-string: expected `}`");
    }
  }
  close_bracket();
  --field_depth_.back();
}

// ---- until 3.11 ----

void Tokenizer::scan_old_fstring(const char* start, uint8_t prefix_length, uint8_t quote_length, const char* end) {
  if (++fstring_depth_ >= max_fstring_depth) {
    fail(start, p_, "too many nested f-strings");
  }
  const char* after = p_;
  Literal literal;
  literal.quote = start[prefix_length];
  literal.quote_length = quote_length;
  literal.raw = (start[0] | 0x20) == 'r' || (prefix_length == 2 && (start[1] | 0x20) == 'r');
  p_ = start + prefix_length + quote_length;
  Token& opening = emit(TokenKind::fstring_start, start);
  opening.prefix_length = prefix_length;
  opening.quote_length = quote_length;
  opening.raw = literal.raw;
  scan_old_parts(literal, end, 0);
  p_ = after;
  emit(TokenKind::fstring_end, end);
  --fstring_depth_;
}

void Tokenizer::scan_old_parts(const Literal& literal, const char* end, int nesting) {
  while (p_ < end) {
    const char* start = p_;
    bool plain = true;
    bool field = false;
    for (; p_ < end; ++p_) {
      char c = *p_;
      if (c == '\\' && !literal.raw && p_ + 1 < end) {
        plain = false;
        c = *++p_;
        if (c == 'N') {
          if (p_ + 1 < end && *++p_ == '{') {
            while (p_ + 1 < end && *++p_ != '}') {
            }
          }
          continue;
        }
      }
      plain = plain && c != '\r';
      if (c == '{' || c == '}') {
        if (nesting == 0 && p_ + 1 < end && p_[1] == c) {
          plain = false;
          ++p_;
          continue;
        }
        if (nesting == 0 && c == '}') {
          fail(p_, p_ + 1, "a single `}` in an f-string: write `}}`");
        }
        field = c == '{';
        break;
      }
    }
    if (p_ > start) {
      Token& middle = emit(TokenKind::fstring_middle, start);
      middle.raw = literal.raw;
      middle.not_plain = !plain;
      middle.braces = nesting == 0;
    }
    if (!field) {
      return;
    }
    scan_old_field(literal, end, nesting);
  }
}

// From after `{`: the place of the `!`, `:`, `=` or `}` that ends the expression. What is in the expression is judged
// when it is scanned and parsed; here, only what CPython looks at to find the end.
const char* Tokenizer::find_old_expression_end(const char* end) const {
  std::string brackets;
  char quote = '\0';
  bool triple = false;
  const char* at = p_;
  for (; at < end; ++at) {
    const char c = *at;
    if (c == '\\') {
      fail(at, at + 1,
           "a backslash in the expression of an f-string is Python 3.12; the target is " + name_version(target_));
    }
    const bool three = at + 2 < end && at[1] == c && at[2] == c;
    if (quote != '\0') {
      if (c == quote && (!triple || three)) {
        at += triple ? 2 : 0;
        quote = '\0';
      }
      continue;
    }
    if (c == '\'' || c == '"') {
      quote = c;
      triple = three;
      at += three ? 2 : 0;
    } else if (c == '(' || c == '[' || c == '{') {
      brackets.push_back(c);
    } else if (c == '#') {
      fail(at, at + 1,
           "a comment in the expression of an f-string is Python 3.12; the target is " + name_version(target_));
    } else if (brackets.empty() && (c == '!' || c == ':' || c == '}' || c == '=' || c == '<' || c == '>')) {
      if (at + 1 < end && at[1] == '=' && (c == '!' || c == '=' || c == '<' || c == '>')) {
        ++at;
      } else if (c != '<' && c != '>') {
        return at;
      }
    } else if (c == ')' || c == ']' || c == '}') {
      if (brackets.empty()) {
        fail(at, at + 1, std::string("f-string: unmatched `") + c + "`");
      }
      brackets.pop_back();
    }
  }
  if (quote != '\0') {
    fail(p_, end,
         "f-string: a string in the expression is never closed; reusing the f-string's own quotes is Python 3.12");
  }
  fail(p_, end, "f-string: expected `}`");
}

void Tokenizer::scan_old_field(const Literal& literal, const char* end, int nesting) {
  const auto expect_more = [&] {
    if (p_ >= end) {
      fail(p_, p_, "f-string: expected `}`");
    }
  };
  if (nesting >= max_field_depth) {
    fail(p_, p_ + 1, "f-string: expressions nested too deeply");
  }
  open_bracket();
  const char* expression_end = find_old_expression_end(end);
  char* cut = base_ + offset(expression_end);
  const char saved = std::exchange(*cut, '\0');
  scan(Until::end_of_range);
  *cut = saved;
  p_ = expression_end;
  if (*p_ == '=') {
    ++p_;
    emit(TokenKind::equal, p_ - 1);
    while (p_ < end && is_space(*p_)) {
      ++p_;
    }
    expect_more();
  }
  if (*p_ == '!') {
    ++p_;
    expect_more();
    emit(TokenKind::exclamation, p_ - 1);
    ++p_;
    emit(TokenKind::name, p_ - 1);
    expect_more();
  }
  if (*p_ == ':') {
    ++p_;
    emit(TokenKind::colon, p_ - 1);
    scan_old_parts(literal, end, nesting + 1);
  }
  if (p_ >= end || *p_ != '}') {
    fail(p_, p_, "f-string: expected `}`");
  }
  close_bracket();
}

}  // namespace spiritsafe::python
