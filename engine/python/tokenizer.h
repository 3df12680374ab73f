// SPDX-License-Identifier: Apache-2.0
// Text into tokens, as CPython's tokenizer does it: indentation, brackets, continuation lines, numbers, strings,
// f-strings. Internal to engine/python.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/python/token.h"

namespace spiritsafe::python {

class Tokenizer {
 public:
  Tokenizer(std::string_view text, uint32_t begin, Version target, TokenBuffer& buffer);

  // Appends all tokens up to the end marker, or throws a Failure.
  void run();

 private:
  struct Bracket {
    char open;
    uint32_t offset;
  };
  struct Literal {  // what stands between the quotes of an f-string
    char quote = '"';
    uint8_t quote_length = 1;
    bool raw = false;
  };

  // tokenizer.cc
  enum class Until { end_of_file, end_of_field, end_of_range };
  void scan(Until until);
  void open_bracket();
  void close_bracket();
  void scan_operator();
  void scan_name();
  void scan_unicode_name(const char* start);
  void scan_string(const char* start, uint8_t prefix_length);

  // indentation.cc
  bool start_line();
  void set_indentation(uint32_t column, uint32_t alternative, const char* at);
  void finish_file();
  void skip_newline();
  void skip_comment(bool trailing);
  bool skip_continuation();

  // numbers.cc
  void scan_number();
  void scan_radix(const char* kind, bool (*is_digit)(char), int radix);
  void scan_digits();
  void check_number_end(const char* at, const char* kind);

  // fstrings.cc
  void scan_fstring(const char* start, uint8_t prefix_length);
  void scan_fstring_parts(const Literal& literal, bool in_format_spec);
  void scan_field(const Literal& literal, bool in_format_spec);
  void scan_old_fstring(const char* start, uint8_t prefix_length, uint8_t quote_length, const char* end);
  void scan_old_parts(const Literal& literal, const char* end, int nesting);
  void scan_old_field(const Literal& literal, const char* end, int nesting);
  const char* find_old_expression_end(const char* end) const;
  bool at_quote(const Literal& literal) const;

  uint32_t offset(const char* at) const { return static_cast<uint32_t>(at - base_); }
  Token& emit(TokenKind kind, const char* start) {
    return tokens_.emplace_back(Token{offset(start), offset(p_), kind});
  }
  [[noreturn]] void fail(const char* begin, const char* end, std::string message) const;

  char* base_;  // the padded copy; its text is changed only while a field of an old f-string is scanned
  const char* p_;
  const char* end_;
  Version target_;
  std::vector<Token>& tokens_;
  std::vector<Comment>& comments_;
  std::vector<Bracket> brackets_;
  struct Indent {
    uint32_t column;
    uint32_t alternative;
  };
  std::vector<Indent> indents_;
  uint32_t fstring_depth_ = 0;
  std::vector<int> field_depth_;  // of each f-string that is open: its fields that are open
  bool old_fstrings_;
};

}  // namespace spiritsafe::python
