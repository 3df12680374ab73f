// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "engine/python/identifiers.h"
#include "engine/python/parser.h"

namespace spiritsafe::python {

Expr* Parser::parse_await_primary() {
  if (!at(TokenKind::kw_await)) {
    return parse_primary();
  }
  const Nesting nesting(*this);
  const uint32_t start = begin();
  ++token_;
  Expr* value = parse_primary();
  Await* await = make<Await>(start);
  await->value = value;
  return await;
}

Expr* Parser::parse_primary() {
  const uint32_t start = begin();
  Expr* value = parse_atom();
  for (;; ++chain_) {
    switch (kind()) {
      case TokenKind::dot: {
        ++token_;
        const std::string_view attr = expect_name();
        Attribute* attribute = make<Attribute>(start);
        attribute->value = value;
        attribute->attr = attr;
        value = attribute;
        break;
      }
      case TokenKind::left_paren:
        value = parse_call(value, start);
        break;
      case TokenKind::left_bracket:
        value = parse_subscript(value, start);
        break;
      default:
        return value;
    }
  }
}

Expr* Parser::parse_atom() {
  switch (kind()) {
    case TokenKind::name:
      return parse_name();
    case TokenKind::string:
    case TokenKind::fstring_start:
      return parse_strings();
    case TokenKind::number:
      return parse_number();
    case TokenKind::left_paren:
      return parse_group();
    case TokenKind::left_bracket:
      return parse_list();
    case TokenKind::left_brace:
      return parse_dict_or_set();
    case TokenKind::kw_none:
      return parse_constant(ConstantKind::None);
    case TokenKind::kw_true:
      return parse_constant(ConstantKind::True);
    case TokenKind::kw_false:
      return parse_constant(ConstantKind::False);
    case TokenKind::ellipsis:
      return parse_constant(ConstantKind::Ellipsis);
    default:
      fail_expected("an expression");
  }
}

std::string_view Parser::expect_name() {
  if (!at(TokenKind::name)) {
    fail_expected("a name");
  }
  const Token& token = *token_++;
  return token.not_plain ? arena_.copy(normalize_name(text_of(token))) : text_of(token);
}

Expr* Parser::parse_name() {
  const uint32_t start = begin();
  const std::string_view id = expect_name();
  Name* name = make<Name>(start);
  name->id = id;
  return name;
}

Expr* Parser::parse_constant(ConstantKind value_kind) {
  ++token_;
  Constant* constant = make<Constant>(token_[-1].begin);
  constant->value_kind = value_kind;
  return constant;
}

// `(x)`, `(yield)`, `(x for …)` or a tuple; the parentheses count to the last two's spans only.
Expr* Parser::parse_group() {
  const uint32_t start = begin();
  expect(TokenKind::left_paren);
  if (accept(TokenKind::right_paren)) {
    return make<Tuple>(start);
  }
  if (at(TokenKind::kw_yield)) {
    const Nesting nesting(*this);
    Expr* yield = parse_yield();
    expect(TokenKind::right_paren);
    return yield;
  }
  const uint32_t inner = begin();
  Expr* first = parse_star_named_expression();
  const bool starred = text_[inner] == '*';
  if (at(TokenKind::comma)) {
    return parse_rest_of_list<Tuple>(first, start, TokenKind::right_paren);
  }
  if (starred && supports(9)) {
    fail(first->span, "`*` cannot be used here: a tuple of one needs a comma");
  }
  if (!starred && (at(TokenKind::kw_for) || at(TokenKind::kw_async))) {
    return parse_comprehension<GeneratorExp>(first, start, TokenKind::right_paren);
  }
  expect(TokenKind::right_paren);
  return first;
}

Expr* Parser::parse_list() {
  const uint32_t start = begin();
  expect(TokenKind::left_bracket);
  if (accept(TokenKind::right_bracket)) {
    return make<List>(start);
  }
  const uint32_t inner = begin();
  Expr* first = parse_star_named_expression();
  if (text_[inner] != '*' && (at(TokenKind::kw_for) || at(TokenKind::kw_async))) {
    return parse_comprehension<ListComp>(first, start, TokenKind::right_bracket);
  }
  return parse_rest_of_list<List>(first, start, TokenKind::right_bracket);
}

template <class T>
Expr* Parser::parse_comprehension(Expr* element, uint32_t start, TokenKind close) {
  const Sequence<Comprehension> generators = parse_generators();
  expect(close);
  T* comprehension = make<T>(start);
  comprehension->elt = element;
  comprehension->generators = generators;
  return comprehension;
}

template <class T>
Expr* Parser::parse_rest_of_list(Expr* first, uint32_t start, TokenKind close) {
  const size_t mark = scratch_.exprs.size();
  scratch_.exprs.push_back(first);
  while (accept(TokenKind::comma) && !at(close)) {
    scratch_.exprs.push_back(parse_star_named_expression());
  }
  if (!accept(close)) {
    fail_expected(close == TokenKind::right_paren     ? "`,` or `)`"
                  : close == TokenKind::right_bracket ? "`,` or `]`"
                                                      : "`,` or `}`");
  }
  T* list = make<T>(start);
  list->elts = take(scratch_.exprs, mark);
  return list;
}

Expr* Parser::parse_dict_or_set() {
  const uint32_t start = begin();
  expect(TokenKind::left_brace);
  if (at(TokenKind::right_brace) || at(TokenKind::double_star)) {
    return parse_dict(start, nullptr);
  }
  const uint32_t inner = begin();
  Expr* first = parse_star_named_expression();
  if (at(TokenKind::colon) && first->kind != NodeKind::Starred) {
    if (first->kind == NodeKind::NamedExpr && first->span.begin == inner) {
      fail(first->span, "`:=` as the key of a dict needs parentheses");
    }
    return parse_dict(start, first);
  }
  if (first->kind == NodeKind::NamedExpr && first->span.begin == inner) {
    require(9, first->span, "`:=` without parentheses in a set");
  }
  if (first->kind != NodeKind::Starred && (at(TokenKind::kw_for) || at(TokenKind::kw_async))) {
    return parse_comprehension<SetComp>(first, start, TokenKind::right_brace);
  }
  return parse_rest_of_list<Set>(first, start, TokenKind::right_brace);
}

// The first key may have been read already, before it was known that this is a dict.
Expr* Parser::parse_dict(uint32_t start, Expr* first_key) {
  const size_t mark = scratch_.exprs.size();
  const size_t values_mark = scratch_.other_exprs.size();
  while (!at(TokenKind::right_brace)) {
    if (first_key == nullptr && accept(TokenKind::double_star)) {
      Expr* value = parse_bitwise_or();
      scratch_.exprs.push_back(nullptr);
      scratch_.other_exprs.push_back(value);
    } else {
      Expr* key = first_key != nullptr ? std::exchange(first_key, nullptr) : parse_expression();
      expect(TokenKind::colon);
      Expr* value = parse_expression();
      if ((at(TokenKind::kw_for) || at(TokenKind::kw_async)) && scratch_.exprs.size() == mark) {
        const Sequence<Comprehension> generators = parse_generators();
        expect(TokenKind::right_brace);
        DictComp* comprehension = make<DictComp>(start);
        comprehension->key = key;
        comprehension->value = value;
        comprehension->generators = generators;
        return comprehension;
      }
      scratch_.exprs.push_back(key);
      scratch_.other_exprs.push_back(value);
    }
    if (!accept(TokenKind::comma) && !at(TokenKind::right_brace)) {
      fail_expected("`,` or `}`");
    }
  }
  expect(TokenKind::right_brace);
  Dict* dict = make<Dict>(start);
  dict->keys = take(scratch_.exprs, mark);
  dict->values = take(scratch_.other_exprs, values_mark);
  return dict;
}

Expr* Parser::parse_call(Expr* func, uint32_t start) {
  const CallArguments arguments = parse_arguments(true);
  Call* call = make<Call>(start);
  call->func = func;
  call->args = arguments.args;
  call->keywords = arguments.keywords;
  return call;
}

// `(…)` of a call or a class. A call may have a bare generator expression as its only argument, whose parentheses are
// the call's.
Parser::CallArguments Parser::parse_arguments(bool generator_allowed) {
  const Nesting nesting(*this);
  const uint32_t opening = begin();
  expect(TokenKind::left_paren);
  const size_t mark = scratch_.exprs.size();
  const size_t keywords_mark = scratch_.keywords.size();
  bool unpacked = false;  // `**x` was seen
  for (bool first = true; !at(TokenKind::right_paren); first = false) {
    const uint32_t start = begin();
    if (accept(TokenKind::double_star)) {
      unpacked = true;
      Expr* value = parse_expression();
      scratch_.keywords.push_back({{start, previous_end()}, {}, value});
    } else if (accept(TokenKind::star)) {
      if (unpacked) {
        fail({start, start + 1}, "`*` after `**` in the arguments of a call");
      }
      Expr* value = parse_expression();
      Starred* starred = make<Starred>(start);
      starred->value = value;
      scratch_.exprs.push_back(starred);
    } else if (at(TokenKind::name) && token_[1].kind == TokenKind::equal) {
      const std::string_view arg = expect_name();
      ++token_;
      Expr* value = parse_expression();
      scratch_.keywords.push_back({{start, previous_end()}, arg, value});
    } else {
      Expr* value = parse_named_expression();
      if (at(TokenKind::kw_for) || at(TokenKind::kw_async)) {
        if (!generator_allowed || !first) {
          fail(value->span, "a generator expression among other arguments needs its own parentheses");
        }
        value = parse_comprehension<GeneratorExp>(value, opening, TokenKind::right_paren);
        scratch_.exprs.push_back(value);
        return {take(scratch_.exprs, mark), {}};
      }
      if (at(TokenKind::equal)) {
        fail(value->span, "only a name can stand before `=` in the arguments of a call");
      }
      if (scratch_.keywords.size() > keywords_mark) {
        fail(value->span,
             unpacked ? "a positional argument after `**`" : "a positional argument after a keyword argument");
      }
      scratch_.exprs.push_back(value);
    }
    if (!accept(TokenKind::comma) && !at(TokenKind::right_paren)) {
      fail_expected("`,` or `)`");
    }
  }
  ++token_;
  const CallArguments arguments = {take(scratch_.exprs, mark), take(scratch_.keywords, keywords_mark)};
  if (!supports(9)) {
    check_repeated_keywords(arguments.keywords);
  }
  return arguments;
}

// Until 3.8 this was a matter of the tree; since then the compiler looks at it.
void Parser::check_repeated_keywords(Sequence<Keyword> keywords) {
  std::vector<std::string_view> names;
  for (const Keyword& keyword : keywords) {
    names.push_back(keyword.arg);
  }
  std::ranges::sort(names);
  for (size_t i = 1; i < names.size(); ++i) {
    if (!names[i].empty() && names[i] == names[i - 1]) {
      fail(keywords.back().span, "keyword argument `" + std::string(names[i]) + "` is repeated");
    }
  }
}

Expr* Parser::parse_subscript(Expr* value, uint32_t start) {
  const Nesting nesting(*this);
  expect(TokenKind::left_bracket);
  Expr* slice = parse_slices();
  expect(TokenKind::right_bracket);
  Subscript* subscript = make<Subscript>(start);
  subscript->value = value;
  subscript->slice = slice;
  return subscript;
}

Expr* Parser::parse_slices() {
  const uint32_t start = begin();
  const bool starred = at(TokenKind::star);
  Expr* first = parse_slice();
  if (!at(TokenKind::comma) && !starred) {
    return first;
  }
  const size_t mark = scratch_.exprs.size();
  scratch_.exprs.push_back(first);
  while (accept(TokenKind::comma) && !at(TokenKind::right_bracket)) {
    scratch_.exprs.push_back(parse_slice());
  }
  Tuple* tuple = make<Tuple>(start);
  tuple->elts = take(scratch_.exprs, mark);
  return tuple;
}

Expr* Parser::parse_slice() {
  const Nesting nesting(*this);
  const uint32_t start = begin();
  if (accept(TokenKind::star)) {
    require(11, {start, start + 1}, "`*` in a subscript");
    Expr* value = parse_expression();
    Starred* starred = make<Starred>(start);
    starred->value = value;
    return starred;
  }
  Expr* lower = nullptr;
  if (!at(TokenKind::colon)) {
    lower = parse_named_expression();
    const bool bare_walrus = lower->kind == NodeKind::NamedExpr && lower->span.begin == start;
    if (bare_walrus) {
      require(10, lower->span, "`:=` without parentheses in a subscript");
    }
    if (!at(TokenKind::colon) || bare_walrus) {
      return lower;
    }
  }
  const auto at_end = [&] { return at(TokenKind::comma) || at(TokenKind::right_bracket); };
  ++token_;
  Expr* upper = at_end() || at(TokenKind::colon) ? nullptr : parse_expression();
  Expr* step = accept(TokenKind::colon) && !at_end() ? parse_expression() : nullptr;
  Slice* slice = make<Slice>(start);
  slice->lower = lower;
  slice->upper = upper;
  slice->step = step;
  return slice;
}

// `for … in … if …`, once or more.
Sequence<Comprehension> Parser::parse_generators() {
  std::vector<Comprehension>& generators = scratch_.comprehensions;
  const size_t mark = generators.size();
  while (at(TokenKind::kw_for) || at(TokenKind::kw_async)) {
    const Nesting nesting(*this);
    Comprehension generator;
    generator.is_async = accept(TokenKind::kw_async);
    expect(TokenKind::kw_for);
    generator.target = parse_star_targets();
    expect(TokenKind::kw_in);
    generator.iter = parse_disjunction();
    const size_t ifs_mark = scratch_.exprs.size();
    while (accept(TokenKind::kw_if)) {
      const bool old_lambda = !supports(9) && at(TokenKind::kw_lambda);
      scratch_.exprs.push_back(old_lambda ? parse_lambda() : parse_disjunction());
    }
    generator.ifs = take(scratch_.exprs, ifs_mark);
    generators.push_back(generator);
  }
  return take(generators, mark);
}

}  // namespace spiritsafe::python
