// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "engine/python/parser.h"

namespace spiritsafe::python {

namespace {

// How tightly the operators bind; 0 for what is no binary operator. `not` stands between `and` and comparisons.
// clang-format off
enum Precedence : int {
  or_level = 1, and_level, not_level, compare_level, bar_level, caret_level, ampersand_level, shift_level, sum_level, product_level
};
// clang-format on

constexpr auto precedences = [] {
  using enum TokenKind;
  std::array<uint8_t, static_cast<size_t>(count_)> table = {};
  const auto set = [&](TokenKind kind, Precedence level) {
    table[static_cast<size_t>(kind)] = static_cast<uint8_t>(level);
  };
  set(kw_or, or_level), set(kw_and, and_level);
  for (const TokenKind kind :
       {less, greater, less_equal, greater_equal, double_equal, not_equal, kw_in, kw_is, kw_not}) {
    set(kind, compare_level);
  }
  set(bar, bar_level), set(caret, caret_level), set(ampersand, ampersand_level), set(left_shift, shift_level);
  set(right_shift, shift_level), set(plus, sum_level), set(minus, sum_level);
  for (const TokenKind kind : {star, slash, double_slash, percent, TokenKind::at}) {
    set(kind, product_level);
  }
  return table;
}();

int precedence(TokenKind kind) { return precedences[static_cast<size_t>(kind)]; }

Operator binary_operator(TokenKind kind) {
  switch (kind) {
    case TokenKind::plus:
      return Operator::Add;
    case TokenKind::minus:
      return Operator::Sub;
    case TokenKind::star:
      return Operator::Mult;
    case TokenKind::at:
      return Operator::MatMult;
    case TokenKind::slash:
      return Operator::Div;
    case TokenKind::percent:
      return Operator::Mod;
    case TokenKind::left_shift:
      return Operator::LShift;
    case TokenKind::right_shift:
      return Operator::RShift;
    case TokenKind::bar:
      return Operator::BitOr;
    case TokenKind::caret:
      return Operator::BitXor;
    case TokenKind::ampersand:
      return Operator::BitAnd;
    default:
      return Operator::FloorDiv;
  }
}

}  // namespace

bool starts_expression(TokenKind kind) {
  using enum TokenKind;
  switch (kind) {
    case name:
    case number:
    case string:
    case fstring_start:
    case left_paren:
    case left_bracket:
    case left_brace:
    case ellipsis:
    case minus:
    case plus:
    case tilde:
    case star:
    case kw_not:
    case kw_lambda:
    case kw_await:
    case kw_none:
    case kw_true:
    case kw_false:
      return true;
    default:
      return false;
  }
}

Expr* Parser::parse_star_expressions() {
  const uint32_t start = begin();
  Expr* first = parse_star_expression();
  if (!at(TokenKind::comma)) {
    return first;
  }
  const size_t mark = scratch_.exprs.size();
  scratch_.exprs.push_back(first);
  while (accept(TokenKind::comma) && starts_expression(kind())) {
    scratch_.exprs.push_back(parse_star_expression());
  }
  Tuple* tuple = make<Tuple>(start);
  tuple->elts = take(scratch_.exprs, mark);
  return tuple;
}

Expr* Parser::parse_star_expression() {
  if (!at(TokenKind::star)) {
    return parse_expression();
  }
  const uint32_t start = begin();
  ++token_;
  Expr* value = parse_bitwise_or();
  Starred* starred = make<Starred>(start);
  starred->value = value;
  return starred;
}

Expr* Parser::parse_star_named_expression() {
  return at(TokenKind::star) ? parse_star_expression() : parse_named_expression();
}

Expr* Parser::parse_named_expression() {
  const uint32_t start = begin();
  Expr* target = parse_expression();
  if (!at(TokenKind::colon_equal)) {
    return target;
  }
  if (!is_bare_name(target, supports(9) ? start : target->span.begin)) {
    fail(target->span, "only a name can be assigned to with `:=`");
  }
  ++token_;
  static_cast<Name*>(target)->ctx = ExprContext::Store;
  Expr* value = parse_expression();
  NamedExpr* named = make<NamedExpr>(start);
  named->target = target;
  named->value = value;
  return named;
}

Expr* Parser::parse_expression() {
  const Nesting nesting(*this);
  if (at(TokenKind::kw_lambda)) {
    return parse_lambda();
  }
  const uint32_t start = begin();
  Expr* body = parse_disjunction();
  if (!at(TokenKind::kw_if)) {
    return body;
  }
  ++token_;
  Expr* test = parse_disjunction();
  if (!accept(TokenKind::kw_else)) {
    fail_expected("`else` after the condition of an `if` expression");
  }
  Expr* orelse = parse_expression();
  IfExp* choice = make<IfExp>(start);
  choice->test = test;
  choice->body = body;
  choice->orelse = orelse;
  return choice;
}

Expr* Parser::parse_yield_or_star_expressions() {
  return at(TokenKind::kw_yield) ? parse_yield() : parse_star_expressions();
}

Expr* Parser::parse_yield() {
  const uint32_t start = begin();
  expect(TokenKind::kw_yield);
  if (accept(TokenKind::kw_from)) {
    Expr* value = parse_expression();
    YieldFrom* from = make<YieldFrom>(start);
    from->value = value;
    return from;
  }
  Expr* value = starts_expression(kind()) ? parse_star_expressions() : nullptr;
  Yield* yield = make<Yield>(start);
  yield->value = value;
  return yield;
}

Expr* Parser::parse_lambda() {
  const uint32_t start = begin();
  expect(TokenKind::kw_lambda);
  Arguments* args = parse_parameters(TokenKind::colon, false);
  expect(TokenKind::colon);
  Expr* body = parse_expression();
  Lambda* lambda = make<Lambda>(start);
  lambda->args = args;
  lambda->body = body;
  return lambda;
}

Expr* Parser::parse_disjunction() { return parse_binary(or_level); }

Expr* Parser::parse_bitwise_or() { return parse_binary(bar_level); }

// Everything that binds at least as tightly as min_precedence. Chains of one level are a loop, so that a sum of a
// thousand terms needs no recursion.
Expr* Parser::parse_binary(int min_precedence) {
  const uint32_t start = begin();
  Expr* left = nullptr;
  if (at(TokenKind::kw_not) && min_precedence <= not_level) {
    const Nesting nesting(*this);
    ++token_;
    Expr* operand = parse_binary(not_level);
    UnaryOp* negation = make<UnaryOp>(start);
    negation->op = UnaryOperator::Not;
    negation->operand = operand;
    left = negation;
  } else {
    left = parse_unary();
  }
  for (;;) {
    const int level = precedence(kind());
    if (level == 0 || level < min_precedence) {
      return left;
    }
    if (level <= and_level) {
      left = parse_bool_op(left, start);
    } else if (level == compare_level) {
      if (!at_comparison()) {
        return left;
      }
      left = parse_compare(left, start);
    } else {
      const Nesting nesting(*this);
      ++chain_;
      const Operator op = binary_operator(kind());
      ++token_;
      Expr* right = parse_binary(level + 1);
      BinOp* binary = make<BinOp>(start);
      binary->op = op;
      binary->left = left;
      binary->right = right;
      left = binary;
    }
  }
}

// `a and b and c`: one node with three values.
Expr* Parser::parse_bool_op(Expr* left, uint32_t start) {
  const Nesting nesting(*this);
  ++chain_;
  const TokenKind op = kind();
  const int level = precedence(op);
  const size_t mark = scratch_.exprs.size();
  scratch_.exprs.push_back(left);
  while (accept(op)) {
    scratch_.exprs.push_back(parse_binary(level + 1));
  }
  BoolOp* joined = make<BoolOp>(start);
  joined->op = op == TokenKind::kw_and ? BoolOperator::And : BoolOperator::Or;
  joined->values = take(scratch_.exprs, mark);
  return joined;
}

// A `not` after an operand is a comparison only as `not in`.
bool Parser::at_comparison() const {
  return precedence(kind()) == compare_level && (!at(TokenKind::kw_not) || token_[1].kind == TokenKind::kw_in);
}

CompareOperator Parser::parse_compare_operator() {
  const TokenKind op = kind();
  ++token_;
  switch (op) {
    case TokenKind::less:
      return CompareOperator::Lt;
    case TokenKind::greater:
      return CompareOperator::Gt;
    case TokenKind::less_equal:
      return CompareOperator::LtE;
    case TokenKind::greater_equal:
      return CompareOperator::GtE;
    case TokenKind::double_equal:
      return CompareOperator::Eq;
    case TokenKind::not_equal:
      return CompareOperator::NotEq;
    case TokenKind::kw_in:
      return CompareOperator::In;
    case TokenKind::kw_not:
      expect(TokenKind::kw_in);
      return CompareOperator::NotIn;
    default:
      return accept(TokenKind::kw_not) ? CompareOperator::IsNot : CompareOperator::Is;
  }
}

Expr* Parser::parse_compare(Expr* left, uint32_t start) {
  const Nesting nesting(*this);
  ++chain_;
  const size_t mark = scratch_.exprs.size();
  std::vector<CompareOperator>& ops = scratch_.compare_operators;
  const size_t ops_mark = ops.size();
  while (at_comparison()) {
    ops.push_back(parse_compare_operator());
    scratch_.exprs.push_back(parse_bitwise_or());
  }
  Compare* compare = make<Compare>(start);
  compare->left = left;
  compare->ops = take(ops, ops_mark);
  compare->comparators = take(scratch_.exprs, mark);
  return compare;
}

// Signs, `await`, `**`. The power binds tighter than a sign on its left and less tightly than one on its right.
Expr* Parser::parse_unary() {
  const uint32_t start = begin();
  UnaryOperator op = UnaryOperator::UAdd;
  switch (kind()) {
    case TokenKind::minus:
      op = UnaryOperator::USub;
      break;
    case TokenKind::tilde:
      op = UnaryOperator::Invert;
      break;
    case TokenKind::plus:
      break;
    default: {
      Expr* left = parse_await_primary();
      if (!at(TokenKind::double_star)) {
        return left;
      }
      const Nesting nesting(*this);
      ++token_;
      Expr* right = parse_unary();
      BinOp* power = make<BinOp>(start);
      power->op = Operator::Pow;
      power->left = left;
      power->right = right;
      return power;
    }
  }
  const Nesting nesting(*this);
  ++token_;
  Expr* operand = parse_unary();
  UnaryOp* unary = make<UnaryOp>(start);
  unary->op = op;
  unary->operand = operand;
  return unary;
}

}  // namespace spiritsafe::python
