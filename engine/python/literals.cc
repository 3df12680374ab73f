// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>

#include "engine/python/characters.h"
#include "engine/python/escapes.h"
#include "engine/python/parser.h"

namespace spiritsafe::python {

namespace {

constexpr size_t max_decimal_digits = 4300;  // CPython's sys.int_info.default_max_str_digits

std::string without_underscores(std::string_view text) {
  std::string plain;
  for (const char c : text) {
    if (c != '_') {
      plain.push_back(c);
    }
  }
  return plain;
}

// The digits of a 0x, 0o or 0b literal as the tree keeps them (Constant::value).
std::string normalize_radix(std::string_view digits, unsigned bits_per_digit) {
  static constexpr std::string_view hexadecimal = "0123456789abcdef";
  std::string reversed;
  unsigned buffer = 0;
  unsigned bits = 0;
  for (size_t i = digits.size(); i-- > 0;) {
    const char c = digits[i];
    buffer |= static_cast<unsigned>(is_decimal(c) ? c - '0' : (c | 0x20) - 'a' + 10) << bits;
    bits += bits_per_digit;
    for (; bits >= 4; bits -= 4, buffer >>= 4) {
      reversed.push_back(hexadecimal[buffer & 0xF]);
    }
  }
  reversed.push_back(hexadecimal[buffer & 0xF]);
  while (reversed.size() > 1 && reversed.back() == '0') {
    reversed.pop_back();
  }
  const std::string value(reversed.rbegin(), reversed.rend());
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number, 16);
  return error == std::errc() && number < uint64_t{1} << 63 ? std::to_string(number) : "0x" + value;
}

}  // namespace

// The literals and fields of an f-string while it is put together: `scratch.exprs` from its mark on, and the pieces of
// the Constant that comes next.
struct JoinedParts {
  std::vector<StringPiece> pieces = {};
  std::string text = {};
  Span span = {};
  bool known = true;
};

Expr* Parser::parse_number() {
  const Token& token = *token_++;
  Constant* constant = make<Constant>(token.begin);
  const std::string_view text = text_of(token);
  constant->value_kind = ConstantKind::Int;
  const char letter = text.size() > 1 ? static_cast<char>(text[1] | 0x20) : '\0';
  if (text[0] == '0' && (letter == 'x' || letter == 'o' || letter == 'b')) {
    const unsigned bits = letter == 'x' ? 4 : letter == 'o' ? 3 : 1;
    constant->value = arena_.copy(normalize_radix(without_underscores(text.substr(2)), bits));
    return constant;
  }
  constant->value = text.find('_') == std::string_view::npos ? text : arena_.copy(without_underscores(text));
  if ((text.back() | 0x20) == 'j') {
    constant->value_kind = ConstantKind::Complex;
    constant->value.remove_suffix(1);
  } else if (text.find_first_of(".eE") != std::string_view::npos) {
    constant->value_kind = ConstantKind::Float;
  } else {
    while (constant->value.size() > 1 && constant->value[0] == '0') {
      constant->value.remove_prefix(1);
    }
    if (constant->value.size() > max_decimal_digits) {
      fail(constant->span, "a number of more than 4300 digits: write it in hexadecimal");
    }
  }
  return constant;
}

// One literal, or several that stand side by side and make one value.
Expr* Parser::parse_strings() {
  const uint32_t start = begin();
  const Token* first = token_;
  bool joined = false;
  while (at(TokenKind::string)) {
    ++token_;
  }
  if (at(TokenKind::fstring_start)) {
    joined = true;
    token_ = first;
  }
  if (joined) {
    return parse_joined_string(start);
  }
  Constant* constant = make<Constant>(start);
  constant->value_kind = first->bytes ? ConstantKind::Bytes : ConstantKind::Str;
  constant->unicode_prefix = first->unicode_prefix;
  const auto content = [](const Token& token) {
    return Span{token.begin + token.prefix_length + token.quote_length, token.end - token.quote_length};
  };
  if (token_ == first + 1 && !first->not_plain) {
    constant->value = slice(text_, content(*first));
    return constant;
  }
  scratch_.text.clear();
  for (const Token* token = first; token < token_; ++token) {
    if (token->bytes != first->bytes) {
      fail({token->begin, token->end}, "bytes and text literals cannot stand side by side");
    }
    StringPiece piece = {content(*token), 0, token->raw, token->bytes, false};
    if (token->not_plain) {
      constant->value_known &= decode_piece(text_, piece, scratch_.text);
    } else {
      scratch_.text.append(slice(text_, piece.content));
    }
  }
  constant->value = arena_.copy(std::string_view(scratch_.text));
  return constant;
}

Expr* Parser::parse_joined_string(uint32_t start) {
  const Nesting nesting(*this);
  const size_t mark = scratch_.exprs.size();
  JoinedParts parts;
  for (;;) {
    const Token& token = *token_;
    if (token.kind == TokenKind::string) {
      if (token.bytes) {
        fail({token.begin, token.end}, "bytes and text literals cannot stand side by side");
      }
      ++token_;
      add_piece(parts, token, {token.begin + token.prefix_length + token.quote_length, token.end - token.quote_length});
    } else if (token.kind == TokenKind::fstring_start) {
      ++token_;
      parse_fstring_parts(parts);
      expect(TokenKind::fstring_end);
    } else {
      break;
    }
  }
  flush_constant(parts);
  JoinedStr* string = make<JoinedStr>(start);
  string->values = take(scratch_.exprs, mark);
  return string;
}

void Parser::parse_fstring_parts(JoinedParts& parts) {
  for (;;) {
    if (at(TokenKind::fstring_middle)) {
      const Token& token = *token_++;
      add_piece(parts, token, {token.begin, token.end});
    } else if (at(TokenKind::left_brace)) {
      parse_field(parts);
    } else {
      return;
    }
  }
}

void Parser::add_piece(JoinedParts& parts, const Token& token, Span content) {
  StringPiece piece = {content, 0, token.raw, false, token.braces};
  parts.known &= decode_piece(text_, piece, parts.text);
  parts.span = {parts.pieces.empty() ? token.begin : parts.span.begin, token.end};
  parts.pieces.push_back(piece);
}

// `{expression=}` shows the expression's own text, spaces included, comments not.
void Parser::add_debug_text(JoinedParts& parts, uint32_t from, uint32_t end) {
  const auto add = [&](uint32_t piece_end) {
    const Token text = {from, piece_end, TokenKind::fstring_middle, 0, 0, true};
    add_piece(parts, text, {from, piece_end});
  };
  const std::vector<Comment>& comments = scratch_.buffer.comments;
  auto comment = std::ranges::lower_bound(comments, from, {}, [](const Comment& each) { return each.span.begin; });
  for (; comment != comments.end() && comment->span.begin < end; ++comment) {
    add(comment->span.begin);
    from = comment->span.end;
  }
  add(end);
}

// The pieces so far become a Constant, unless they are empty.
void Parser::flush_constant(JoinedParts& parts) {
  if (!parts.text.empty()) {
    Constant* constant = make<Constant>(parts.span.begin, parts.span.end);
    constant->value_kind = ConstantKind::Str;
    constant->value_known = parts.known;
    constant->value = arena_.copy(std::string_view(parts.text));
    constant->pieces = arena_.copy(parts.pieces);
    scratch_.exprs.push_back(constant);
  }
  parts = {};
}

// `{expression=!conversion:format_spec}`
void Parser::parse_field(JoinedParts& parts) {
  const Nesting nesting(*this);
  const uint32_t start = begin();
  expect(TokenKind::left_brace);
  const uint32_t inner = begin();
  Expr* value = parse_yield_or_star_expressions();
  if (!supports(12)) {
    // The expression is read as if it stood in parentheses.
    if (value->kind == NodeKind::Starred && supports(9)) {
      fail(value->span, "f-string: `*` cannot be used here");
    }
    if (at(TokenKind::kw_for) || at(TokenKind::kw_async)) {
      const Sequence<Comprehension> generators = parse_generators();
      GeneratorExp* generator = make<GeneratorExp>(inner);
      generator->elt = value;
      generator->generators = generators;
      value = generator;
    }
  }
  const bool debug = accept(TokenKind::equal);
  if (debug) {
    add_debug_text(parts, start + 1, begin());
  }
  flush_constant(parts);
  int8_t conversion = -1;
  if (accept(TokenKind::exclamation)) {
    const std::string_view letter = text_of(*token_);
    if (letter != "s" && letter != "r" && letter != "a") {
      fail_expected("`s`, `r` or `a` after `!` in an f-string");
    }
    if (begin() != previous_end()) {
      fail_here("f-string: the conversion must come right after `!`");
    }
    ++token_;
    conversion = static_cast<int8_t>(letter[0]);
  }
  Expr* format_spec = nullptr;
  if (at(TokenKind::colon)) {
    ++token_;
    const size_t mark = scratch_.exprs.size();
    const uint32_t spec_start = previous_end();
    JoinedParts spec_parts;
    parse_fstring_parts(spec_parts);
    flush_constant(spec_parts);
    JoinedStr* spec = make<JoinedStr>(spec_start);
    spec->values = take(scratch_.exprs, mark);
    format_spec = spec;
  } else if (debug && conversion == -1) {
    conversion = 'r';
  }
  if (!at(TokenKind::right_brace)) {
    fail_expected("`}` at the end of the expression in an f-string");
  }
  ++token_;
  FormattedValue* field = make<FormattedValue>(start);
  field->value = value;
  field->conversion = conversion;
  field->format_spec = format_spec;
  scratch_.exprs.push_back(field);
}

}  // namespace spiritsafe::python
