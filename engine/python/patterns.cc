// SPDX-License-Identifier: Apache-2.0
// The match statement.
#include "engine/python/parser.h"

namespace spiritsafe::python {

// `match` is a keyword only where a line starts with it, goes on with an expression and ends in a colon.
bool Parser::at_match_statement() const {
  if (!starts_expression(token_[1].kind)) {
    return false;
  }
  const Token* token = token_ + 1;
  while (token->kind != TokenKind::newline && token->kind != TokenKind::failure &&
         token->kind != TokenKind::end_marker) {
    ++token;
  }
  return token->kind == TokenKind::newline && token[-1].kind == TokenKind::colon;
}

Stmt* Parser::parse_match() {
  const Nesting nesting(*this);
  require(10, {token_->begin, token_->end}, "the `match` statement");
  Match* statement = make<Match>(begin());
  ++token_;
  const uint32_t subject_begin = begin();
  Expr* first = parse_star_named_expression();
  if (at(TokenKind::comma)) {
    const size_t mark = scratch_.exprs.size();
    scratch_.exprs.push_back(first);
    while (accept(TokenKind::comma) && !at(TokenKind::colon)) {
      scratch_.exprs.push_back(parse_star_named_expression());
    }
    Tuple* tuple = make<Tuple>(subject_begin);
    tuple->elts = take(scratch_.exprs, mark);
    first = tuple;
  } else if (text_[subject_begin] == '*') {
    fail(first->span, "`*` cannot be used here: a tuple of one needs a comma");
  }
  statement->subject = first;
  expect(TokenKind::colon);
  expect(TokenKind::newline);
  if (!accept(TokenKind::indent)) {
    fail_expected("an indented block after `match`");
  }
  std::vector<MatchCase> cases;
  do {
    cases.push_back(parse_case());
  } while (!at(TokenKind::dedent));
  ++token_;
  statement->cases = arena_.copy(cases);
  statement->span.end = block_end();
  return statement;
}

MatchCase Parser::parse_case() {
  if (!at_word("case")) {
    fail_expected("`case`");
  }
  ++token_;
  MatchCase match_case;
  match_case.pattern = parse_patterns();
  if (accept(TokenKind::kw_if)) {
    match_case.guard = parse_named_expression();
  }
  match_case.body = parse_block("`case`");
  return match_case;
}

// A pattern, or several with commas, which make a sequence without brackets.
Pattern* Parser::parse_patterns() {
  const uint32_t start = begin();
  Pattern* first = parse_maybe_star_pattern();
  if (!at(TokenKind::comma)) {
    if (first->kind == NodeKind::MatchStar) {
      fail(first->span, "a `*` pattern can only stand in a sequence");
    }
    return first;
  }
  std::vector<Pattern*> patterns = {first};
  while (accept(TokenKind::comma) && !at(TokenKind::colon) && !at(TokenKind::kw_if)) {
    patterns.push_back(parse_maybe_star_pattern());
  }
  MatchSequence* sequence = make<MatchSequence>(start);
  sequence->patterns = arena_.copy(patterns);
  return sequence;
}

Pattern* Parser::parse_maybe_star_pattern() {
  if (!at(TokenKind::star)) {
    return parse_as_pattern();
  }
  const uint32_t start = begin();
  ++token_;
  std::string_view name;
  if (at_word("_")) {
    ++token_;
  } else {
    name = parse_capture_name();
  }
  MatchStar* star = make<MatchStar>(start);
  star->name = name;
  return star;
}

std::string_view Parser::parse_capture_name() {
  if (at_word("_")) {
    fail_here("`_` cannot be a name that a pattern binds here");
  }
  const std::string_view name = expect_name();
  if (at(TokenKind::dot) || at(TokenKind::left_paren) || at(TokenKind::equal)) {
    fail_here("a pattern can only bind a name here");
  }
  return name;
}

Pattern* Parser::parse_as_pattern() {
  const Nesting nesting(*this);
  const uint32_t start = begin();
  Pattern* pattern = parse_or_pattern();
  if (!accept(TokenKind::kw_as)) {
    return pattern;
  }
  const std::string_view name = parse_capture_name();
  MatchAs* as_pattern = make<MatchAs>(start);
  as_pattern->pattern = pattern;
  as_pattern->name = name;
  return as_pattern;
}

Pattern* Parser::parse_or_pattern() {
  const uint32_t start = begin();
  Pattern* first = parse_closed_pattern();
  if (!at(TokenKind::bar)) {
    return first;
  }
  std::vector<Pattern*> patterns = {first};
  while (accept(TokenKind::bar)) {
    patterns.push_back(parse_closed_pattern());
  }
  MatchOr* alternatives = make<MatchOr>(start);
  alternatives->patterns = arena_.copy(patterns);
  return alternatives;
}

Pattern* Parser::parse_closed_pattern() {
  switch (kind()) {
    case TokenKind::name:
      return parse_name_pattern();
    case TokenKind::left_paren:
    case TokenKind::left_bracket:
      return parse_sequence_pattern();
    case TokenKind::left_brace:
      return parse_mapping_pattern();
    case TokenKind::kw_none:
    case TokenKind::kw_true:
    case TokenKind::kw_false: {
      MatchSingleton* singleton = make<MatchSingleton>(token_->begin, token_->end);
      singleton->value = at(TokenKind::kw_none)   ? ConstantKind::None
                         : at(TokenKind::kw_true) ? ConstantKind::True
                                                  : ConstantKind::False;
      ++token_;
      return singleton;
    }
    default: {
      const uint32_t start = begin();
      Expr* value = parse_pattern_literal();
      MatchValue* literal = make<MatchValue>(start);
      literal->value = value;
      return literal;
    }
  }
}

// A string, a number with or without a sign, or a complex number: `-1 + 2j`.
Expr* Parser::parse_pattern_literal() {
  const Nesting nesting(*this);
  if (at(TokenKind::string) || at(TokenKind::fstring_start)) {
    return parse_strings();
  }
  const uint32_t start = begin();
  const bool negative = accept(TokenKind::minus);
  if (!at(TokenKind::number)) {
    fail_expected("a pattern");
  }
  Expr* number = parse_number();
  const bool real = static_cast<Constant*>(number)->value_kind != ConstantKind::Complex;
  if (negative) {
    UnaryOp* negation = make<UnaryOp>(start);
    negation->op = UnaryOperator::USub;
    negation->operand = number;
    number = negation;
  }
  if (!at(TokenKind::plus) && !at(TokenKind::minus)) {
    return number;
  }
  const Operator op = at(TokenKind::plus) ? Operator::Add : Operator::Sub;
  ++token_;
  if (!at(TokenKind::number)) {
    fail_expected("an imaginary number");
  }
  Expr* imaginary = parse_number();
  if (!real || static_cast<Constant*>(imaginary)->value_kind != ConstantKind::Complex) {
    fail({start, previous_end()}, "a sum in a pattern must be a real and an imaginary number");
  }
  BinOp* sum = make<BinOp>(start);
  sum->op = op;
  sum->left = number;
  sum->right = imaginary;
  return sum;
}

// `a.b.c`, at least one dot.
Expr* Parser::parse_dotted_value() {
  const uint32_t start = begin();
  Expr* value = parse_name();
  for (; accept(TokenKind::dot); ++chain_) {
    const std::string_view attr = expect_name();
    Attribute* attribute = make<Attribute>(start);
    attribute->value = value;
    attribute->attr = attr;
    value = attribute;
  }
  return value;
}

// `x`, `_`, `a.b` or `Class(…)`
Pattern* Parser::parse_name_pattern() {
  const uint32_t start = begin();
  const TokenKind next = token_[1].kind;
  if (next != TokenKind::dot && next != TokenKind::left_paren) {
    const std::string_view name = at_word("_") ? std::string_view() : text_of(*token_);
    const std::string_view capture = name.empty() ? (++token_, name) : parse_capture_name();
    MatchAs* as_pattern = make<MatchAs>(start);
    as_pattern->name = capture;
    return as_pattern;
  }
  Expr* value = parse_dotted_value();
  if (at(TokenKind::left_paren)) {
    return parse_class_pattern(value, start);
  }
  MatchValue* pattern = make<MatchValue>(start);
  pattern->value = value;
  return pattern;
}

Pattern* Parser::parse_class_pattern(Expr* cls, uint32_t start) {
  expect(TokenKind::left_paren);
  std::vector<Pattern*> patterns;
  std::vector<std::string_view> names;
  std::vector<Pattern*> named_patterns;
  while (!at(TokenKind::right_paren)) {
    if (at(TokenKind::name) && token_[1].kind == TokenKind::equal) {
      names.push_back(expect_name());
      ++token_;
      named_patterns.push_back(parse_as_pattern());
    } else if (!names.empty()) {
      fail_here("a positional pattern follows a keyword pattern");
    } else {
      patterns.push_back(parse_as_pattern());
    }
    if (!accept(TokenKind::comma) && !at(TokenKind::right_paren)) {
      fail_expected("`,` or `)`");
    }
  }
  ++token_;
  MatchClass* pattern = make<MatchClass>(start);
  pattern->cls = cls;
  pattern->patterns = arena_.copy(patterns);
  pattern->kwd_attrs = arena_.copy(names);
  pattern->kwd_patterns = arena_.copy(named_patterns);
  return pattern;
}

// `[…]`, `(…)`; parentheses around one pattern without a comma only group it.
Pattern* Parser::parse_sequence_pattern() {
  const Nesting nesting(*this);
  const uint32_t start = begin();
  const TokenKind close = at(TokenKind::left_paren) ? TokenKind::right_paren : TokenKind::right_bracket;
  ++token_;
  std::vector<Pattern*> patterns;
  bool comma = false;
  while (!at(close)) {
    patterns.push_back(parse_maybe_star_pattern());
    if (!at(close)) {
      expect(TokenKind::comma);
      comma = true;
    }
  }
  ++token_;
  if (close == TokenKind::right_paren && patterns.size() == 1 && !comma) {
    if (patterns[0]->kind == NodeKind::MatchStar) {
      fail(patterns[0]->span, "a `*` pattern can only stand in a sequence");
    }
    return patterns[0];
  }
  MatchSequence* sequence = make<MatchSequence>(start);
  sequence->patterns = arena_.copy(patterns);
  return sequence;
}

Pattern* Parser::parse_mapping_pattern() {
  const Nesting nesting(*this);
  const uint32_t start = begin();
  expect(TokenKind::left_brace);
  std::vector<Expr*> keys;
  std::vector<Pattern*> patterns;
  std::string_view rest;
  while (!at(TokenKind::right_brace)) {
    if (!rest.empty()) {
      fail_here("nothing can follow `**` in a mapping pattern");
    }
    if (accept(TokenKind::double_star)) {
      rest = parse_capture_name();
    } else {
      keys.push_back(parse_mapping_key());
      expect(TokenKind::colon);
      patterns.push_back(parse_as_pattern());
    }
    if (!accept(TokenKind::comma) && !at(TokenKind::right_brace)) {
      fail_expected("`,` or `}`");
    }
  }
  ++token_;
  MatchMapping* mapping = make<MatchMapping>(start);
  mapping->keys = arena_.copy(keys);
  mapping->patterns = arena_.copy(patterns);
  mapping->rest = rest;
  return mapping;
}

Expr* Parser::parse_mapping_key() {
  switch (kind()) {
    case TokenKind::kw_none:
    case TokenKind::kw_true:
    case TokenKind::kw_false:
      return parse_atom();
    case TokenKind::name:
      if (token_[1].kind != TokenKind::dot) {
        fail_here("the key of a mapping pattern is a literal or a dotted name");
      }
      return parse_dotted_value();
    default:
      return parse_pattern_literal();
  }
}

}  // namespace spiritsafe::python
