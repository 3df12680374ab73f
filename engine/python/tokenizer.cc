// SPDX-License-Identifier: Apache-2.0
#include "engine/python/tokenizer.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "engine/python/characters.h"
#include "engine/python/identifiers.h"
#include "engine/python/keywords.h"
#include "engine/text/bytes.h"

namespace spiritsafe::python {

namespace {

constexpr size_t max_brackets = 200;  // CPython's MAXLEVEL

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\f'; }
bool is_line_end(char c) { return c == '\n' || c == '\r'; }

// The padding behind the text is none.
const char* behind_spaces(const char* at) {
  while (eight_bytes(at) == every_byte * ' ') {
    at += 8;
  }
  while (*at == ' ') {
    ++at;
  }
  return at;
}

char closing(char open) { return open == '(' ? ')' : open == '[' ? ']' : '}'; }

TokenKind bracket_kind(char c) {
  switch (c) {
    case '(':
      return TokenKind::left_paren;
    case ')':
      return TokenKind::right_paren;
    case '[':
      return TokenKind::left_bracket;
    case ']':
      return TokenKind::right_bracket;
    case '{':
      return TokenKind::left_brace;
    default:
      return TokenKind::right_brace;
  }
}

// The operator at p and its length: three characters, or two, or one; 0 if it is none.
std::pair<TokenKind, int> find_operator(const char* p) {
  using enum TokenKind;
  const bool equal_follows = p[1] == '=';
  const auto with_equal = [&](TokenKind one, TokenKind two) {
    return equal_follows ? std::pair(two, 2) : std::pair(one, 1);
  };
  const auto doubled = [&](TokenKind one, TokenKind one_equal, TokenKind two, TokenKind two_equal) {
    if (p[1] == p[0]) {
      return p[2] == '=' ? std::pair(two_equal, 3) : std::pair(two, 2);
    }
    return with_equal(one, one_equal);
  };
  switch (*p) {
    case ',':
      return {comma, 1};
    case ':':
      return with_equal(colon, colon_equal);
    case '=':
      return with_equal(equal, double_equal);
    case ';':
      return {semicolon, 1};
    case '+':
      return with_equal(plus, plus_equal);
    case '-':
      return p[1] == '>' ? std::pair(arrow, 2) : with_equal(minus, minus_equal);
    case '*':
      return doubled(star, star_equal, double_star, double_star_equal);
    case '/':
      return doubled(slash, slash_equal, double_slash, double_slash_equal);
    case '%':
      return with_equal(percent, percent_equal);
    case '@':
      return with_equal(at, at_equal);
    case '<':
      return doubled(less, less_equal, left_shift, left_shift_equal);
    case '>':
      return doubled(greater, greater_equal, right_shift, right_shift_equal);
    case '|':
      return with_equal(bar, bar_equal);
    case '^':
      return with_equal(caret, caret_equal);
    case '&':
      return with_equal(ampersand, ampersand_equal);
    case '~':
      return {tilde, 1};
    case '!':
      return with_equal(exclamation, not_equal);
    default:
      return {failure, 0};
  }
}

}  // namespace

Tokenizer::Tokenizer(std::string_view text, uint32_t begin, Version target, TokenBuffer& buffer)
    : base_(nullptr),
      p_(nullptr),
      end_(nullptr),
      target_(target),
      tokens_(buffer.tokens),
      comments_(buffer.comments),
      indents_{{0, 0}},
      old_fstrings_(target.minor < 12) {
  constexpr size_t padding = 16;
  buffer.padded.resize(text.size() + padding);
  std::memcpy(buffer.padded.data(), text.data(), text.size());
  std::memset(buffer.padded.data() + text.size(), 0, padding);
  base_ = buffer.padded.data();
  p_ = base_ + begin;
  end_ = base_ + text.size();
}

void Tokenizer::fail(const char* begin, const char* end, std::string message) const {
  const uint32_t last = offset(end_);
  throw Failure{{{std::min(offset(begin), last), std::min(offset(end), last)}, std::move(message)}};
}

void Tokenizer::run() {
  if (start_line()) {
    scan(Until::end_of_file);
  } else {
    finish_file();
  }
}

void Tokenizer::scan(Until until) {
  const size_t outer_brackets = brackets_.size();
  for (;;) {
    switch (start_at(p_)) {
      case Start::space:
        p_ = behind_spaces(p_ + 1);
        break;
      case Start::name:
        scan_name();
        break;
      case Start::newline: {
        const char* start = p_;
        skip_newline();
        if (brackets_.empty()) {
          emit(TokenKind::newline, start);
          if (!start_line()) {
            return finish_file();
          }
        }
        break;
      }
      case Start::dot:
        if (is_decimal(p_[1])) {
          scan_number();
        } else {
          const char* start = p_;
          const bool three = p_[1] == '.' && p_[2] == '.';
          p_ += three ? 3 : 1;
          emit(three ? TokenKind::ellipsis : TokenKind::dot, start);
        }
        break;
      case Start::digit:
        scan_number();
        break;
      case Start::quote:
        scan_string(p_, 0);
        break;
      case Start::open:
        open_bracket();
        break;
      case Start::close:
        if (until == Until::end_of_field && *p_ == '}' && brackets_.size() == outer_brackets) {
          return;
        }
        close_bracket();
        break;
      case Start::comment: {
        const char* before = p_;
        while (before > base_ && is_space(before[-1])) {
          --before;
        }
        skip_comment(before > base_ && !is_line_end(before[-1]));
        break;
      }
      case Start::backslash:
        if (!skip_continuation()) {
          fail(p_, p_ + 1, "unexpected character after the line continuation `\\`");
        }
        if (p_ == end_) {
          fail(p_, p_, "unexpected end of the file after a line continuation");
        }
        break;
      case Start::unicode:
        scan_unicode_name(p_);
        break;
      case Start::other:
        if (until == Until::end_of_field && *p_ == ':' && brackets_.size() == outer_brackets) {
          return;
        }
        scan_operator();
        break;
      case Start::end:
        if (until == Until::end_of_range && brackets_.size() == outer_brackets) {
          return;
        }
        if (until == Until::end_of_field && brackets_.size() == outer_brackets) {
          fail(p_, p_, "the f-string is never closed: expected `}`");
        }
        if (!brackets_.empty()) {
          const Bracket& bracket = brackets_.back();
          fail(base_ + bracket.offset, base_ + bracket.offset + 1,
               std::string("`") + bracket.open + "` is never closed");
        }
        emit(TokenKind::newline, p_);
        return finish_file();
    }
  }
}

void Tokenizer::open_bracket() {
  if (brackets_.size() >= max_brackets) {
    fail(p_, p_ + 1, "too many nested brackets: 200 is Python's limit");
  }
  brackets_.push_back({*p_, offset(p_)});
  ++p_;
  emit(bracket_kind(p_[-1]), p_ - 1);
}

void Tokenizer::close_bracket() {
  if (brackets_.empty()) {
    fail(p_, p_ + 1, std::string("unmatched `") + *p_ + "`");
  }
  if (closing(brackets_.back().open) != *p_) {
    fail(p_, p_ + 1, std::string("`") + *p_ + "` does not close `" + brackets_.back().open + "`");
  }
  brackets_.pop_back();
  ++p_;
  emit(bracket_kind(p_[-1]), p_ - 1);
}

void Tokenizer::scan_operator() {
  const auto [kind, length] = find_operator(p_);
  if (length == 0) {
    fail(p_, p_ + 1, std::string("`") + *p_ + "` is not Python");
  }
  p_ += length;
  emit(kind, p_ - length);
}

void Tokenizer::scan_name() {
  const char* start = p_;
  const char* at = start;
  do {
    ++at;
  } while (python::continues_name(*at));
  p_ = at;
  const auto length = static_cast<size_t>(p_ - start);
  if (static_cast<unsigned char>(*p_) >= 0x80) {
    return scan_unicode_name(start);
  }
  if ((*p_ == '"' || *p_ == '\'') && length <= 2) {
    const char first = static_cast<char>(*start | 0x20);
    const char second = length == 2 ? static_cast<char>(start[1] | 0x20) : '\0';
    const bool one = second == '\0' && (first == 'b' || first == 'u' || first == 'r' || first == 'f');
    const bool two =
        (first == 'r' && (second == 'b' || second == 'f')) || (second == 'r' && (first == 'b' || first == 'f'));
    if (one || two) {
      return scan_string(start, static_cast<uint8_t>(length));
    }
  }
  emit(length >= 2 && length <= 8 ? keyword_or_name(start, length) : TokenKind::name, start);
}

void Tokenizer::scan_unicode_name(const char* start) {
  p_ = start;
  while (static_cast<unsigned char>(*p_) >= 0x80 || python::continues_name(*p_)) {
    const char* at = p_;
    const uint32_t c = decode_utf8(p_);
    if (c >= 0x80 && !(at == start ? starts_name(c) : python::continues_name(c))) {
      fail(at, p_, "`" + std::string(at, p_) + "` cannot stand in a name");
    }
  }
  Token& token = emit(TokenKind::name, start);
  token.not_plain = true;
}

void Tokenizer::scan_string(const char* start, uint8_t prefix_length) {
  bool raw = false;
  bool bytes = false;
  bool formatted = false;
  bool unicode = false;
  for (const char* letter = start; letter < start + prefix_length; ++letter) {
    const char lower = static_cast<char>(*letter | 0x20);
    raw |= lower == 'r';
    bytes |= lower == 'b';
    formatted |= lower == 'f';
    unicode |= *letter == 'u';  // CPython's kind: not of `U`
  }
  p_ = start + prefix_length;
  if (formatted && !old_fstrings_) {
    return scan_fstring(start, prefix_length);
  }
  const char quote = *p_;
  const uint8_t quote_length = p_[1] == quote && p_[2] == quote ? 3 : 1;
  p_ += quote_length;
  bool plain = true;
  for (;;) {
    const char* at = p_;
    while (!stops_string(*at)) {
      ++at;
    }
    p_ = at;
    const char c = *at;
    if (c == quote && (quote_length == 1 || (p_[1] == quote && p_[2] == quote))) {
      break;
    }
    if (c == '\0' || (quote_length == 1 && is_line_end(c))) {
      fail(start, p_,
           quote_length == 3 ? "the triple-quoted string is never closed" : "the string is never closed on its line");
    }
    if (c == '\\') {
      plain = plain && raw;
      ++p_;
      if (*p_ == '\0') {
        continue;
      }
    } else if (static_cast<unsigned char>(c) >= 0x80 && bytes) {
      fail(p_, p_ + 1, "a bytes literal can only contain ASCII characters");
    }
    plain = plain && *p_ != '\r';
    if (p_[0] == '\r' && p_[1] == '\n') {
      ++p_;
    }
    ++p_;
  }
  const char* content_end = p_;
  p_ += quote_length;
  if (formatted) {
    return scan_old_fstring(start, prefix_length, quote_length, content_end);
  }
  Token& token = emit(TokenKind::string, start);
  token.prefix_length = prefix_length;
  token.quote_length = quote_length;
  token.raw = raw;
  token.bytes = bytes;
  token.unicode_prefix = unicode;
  token.not_plain = !plain;
}

void tokenize(std::string_view text, uint32_t begin, Version target, TokenBuffer& buffer) {
  buffer.tokens.assign(1,
                       Token{begin, begin, TokenKind::end_marker});  // before the first, so that each has one before it
  buffer.comments.clear();
  try {
    Tokenizer(text, begin, target, buffer).run();
  } catch (const Failure& failure) {
    buffer.error = failure.error;
    buffer.tokens.push_back({failure.error.where.begin, failure.error.where.end, TokenKind::failure});
  }
}

}  // namespace spiritsafe::python
