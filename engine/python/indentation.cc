// SPDX-License-Identifier: Apache-2.0
// What stands at the beginning and the end of lines: indentation, blank lines, comments, continuation.
#include <cstring>

#include "engine/python/tokenizer.h"

namespace spiritsafe::python {

namespace {

constexpr size_t max_indents = 100;  // CPython's MAXINDENT, the level of the module counted
constexpr uint32_t tab_size = 8;

bool is_line_end(char c) { return c == '\n' || c == '\r'; }

}  // namespace

// Reads blank lines, comments and the indentation of the next line that has a token; false at the end of the file.
bool Tokenizer::start_line() {
  for (;;) {
    uint32_t column = 0;
    uint32_t alternative = 0;
    bool continued = false;
    uint32_t first_column = 0;  // of a line continued inside its indentation, the first line's counts
    for (;; ++p_) {
      if (*p_ == ' ') {
        ++column, ++alternative;
      } else if (*p_ == '\t') {
        column = (column / tab_size + 1) * tab_size;
        ++alternative;  // where a tab counts one, the order of indentations must be the same
      } else if (*p_ == '\f') {
        column = alternative = 0;
      } else if (*p_ == '\\' && target_.minor == 8) {
        set_indentation(column, alternative, p_);
        return true;
      } else if (*p_ == '\\') {
        first_column = first_column != 0 ? first_column : column;
        continued = true;
        if (!skip_continuation()) {
          fail(p_, p_ + 1, "unexpected character after the line continuation `\\`");
        }
        if (p_ == end_) {
          fail(p_, p_, "unexpected end of the file after a line continuation");
        }
        --p_;
      } else {
        break;
      }
    }
    if (*p_ == '#') {
      skip_comment(false);
    }
    if (is_line_end(*p_)) {
      skip_newline();
    } else if (*p_ == '\0') {
      return false;
    } else if (continued && target_.minor == 9) {
      return true;  // there, such a line stays in the block it is in
    } else {
      set_indentation(first_column != 0 ? first_column : column, first_column != 0 ? first_column : alternative, p_);
      return true;
    }
  }
}

void Tokenizer::set_indentation(uint32_t column, uint32_t alternative, const char* at) {
  const auto inconsistent = [&] { fail(at, at, "inconsistent use of tabs and spaces in indentation"); };
  if (column > indents_.back().column) {
    if (indents_.size() >= max_indents) {
      fail(at, at, "too many levels of indentation");
    }
    if (alternative <= indents_.back().alternative) {
      inconsistent();
    }
    indents_.push_back({column, alternative});
    emit(TokenKind::indent, at);
    return;
  }
  while (column < indents_.back().column) {
    indents_.pop_back();
    emit(TokenKind::dedent, at);
  }
  if (column != indents_.back().column) {
    fail(at, at, "unindent does not match any outer indentation level");
  }
  if (alternative != indents_.back().alternative) {
    inconsistent();
  }
}

void Tokenizer::finish_file() {
  for (; indents_.size() > 1; indents_.pop_back()) {
    emit(TokenKind::dedent, p_);
  }
  emit(TokenKind::end_marker, p_);
}

void Tokenizer::skip_newline() { p_ += p_[0] == '\r' && p_[1] == '\n' ? 2 : 1; }

void Tokenizer::skip_comment(bool trailing) {
  const char* start = p_;
  const auto find = [&](char c, const char* end) {
    const void* found = std::memchr(p_, c, static_cast<size_t>(end - p_));
    return found != nullptr ? static_cast<const char*>(found) : end;
  };
  p_ = find('\r', find('\n', end_));
  comments_.push_back({{offset(start), offset(p_)}, trailing});
}

bool Tokenizer::skip_continuation() {
  if (!is_line_end(p_[1])) {
    return false;
  }
  ++p_;
  skip_newline();
  return true;
}

}  // namespace spiritsafe::python
