// SPDX-License-Identifier: Apache-2.0
// Statements with blocks.
#include <utility>

#include "engine/python/parser.h"

namespace spiritsafe::python {

Stmt* Parser::parse_compound_statement() {
  const Nesting nesting(*this);
  const uint32_t start = begin();
  switch (kind()) {
    case TokenKind::kw_if:
      return parse_if();
    case TokenKind::kw_while:
      return parse_while();
    case TokenKind::kw_for:
      return parse_for(start, false);
    case TokenKind::kw_try:
      return parse_try();
    case TokenKind::kw_with:
      return parse_with(start, false);
    case TokenKind::kw_def:
      return parse_function(start, false, {});
    case TokenKind::kw_class:
      return parse_class({});
    case TokenKind::kw_async:
      return parse_async({});
    default:
      return parse_decorated();
  }
}

// `:` and either an indented block or statements on the same line. `after` names what it belongs to, for messages.
Sequence<Stmt*> Parser::parse_block(std::string_view after) {
  if (!accept(TokenKind::colon)) {
    fail_expected("`:` after " + std::string(after));
  }
  const size_t mark = scratch_.stmts.size();
  if (!accept(TokenKind::newline)) {
    parse_simple_statements();
    return take(scratch_.stmts, mark);
  }
  measure_depth_ = measure_depth_ || chain_ > max_chain;
  chain_ = 0;
  if (!accept(TokenKind::indent)) {
    fail_expected("an indented block after " + std::string(after));
  }
  do {
    parse_statement();
  } while (!at(TokenKind::dedent) && !at(TokenKind::failure));
  expect(TokenKind::dedent);
  return take(scratch_.stmts, mark);
}

Sequence<Stmt*> Parser::parse_else(std::string_view after) {
  return accept(TokenKind::kw_else) ? parse_block(after) : Sequence<Stmt*>();
}

Stmt* Parser::parse_decorated() {
  const size_t mark = scratch_.exprs.size();
  while (accept(TokenKind::at)) {
    const uint32_t start = begin();
    Expr* decorator = parse_named_expression();
    if (!supports(9)) {
      const Expr* name = decorator->kind == NodeKind::Call ? static_cast<const Call*>(decorator)->func : decorator;
      while (name->kind == NodeKind::Attribute) {
        name = static_cast<const Attribute*>(name)->value;
      }
      if (!is_bare_name(name, start)) {
        require(9, decorator->span, "a decorator that is more than a dotted name and a call");
      }
    }
    scratch_.exprs.push_back(decorator);
    if (!accept(TokenKind::newline)) {
      fail_expected("the end of the line after a decorator");
    }
  }
  const Sequence<Expr*> decorators = take(scratch_.exprs, mark);
  switch (kind()) {
    case TokenKind::kw_class:
      return parse_class(decorators);
    case TokenKind::kw_def:
      return parse_function(begin(), false, decorators);
    case TokenKind::kw_async:
      if (token_[1].kind == TokenKind::kw_def) {
        return parse_async(decorators);
      }
      break;
    default:
      break;
  }
  fail_expected("`def` or `class` after a decorator");
}

Stmt* Parser::parse_async(Sequence<Expr*> decorators) {
  const uint32_t start = begin();
  expect(TokenKind::kw_async);
  switch (kind()) {
    case TokenKind::kw_def:
      return parse_function(start, true, decorators);
    case TokenKind::kw_for:
      return parse_for(start, true);
    case TokenKind::kw_with:
      return parse_with(start, true);
    default:
      fail_expected("`def`, `for` or `with` after `async`");
  }
}

Stmt* Parser::parse_function(uint32_t start, bool is_async, Sequence<Expr*> decorators) {
  expect(TokenKind::kw_def);
  FunctionDef* function = make<FunctionDef>(start);
  function->kind = is_async ? NodeKind::AsyncFunctionDef : NodeKind::FunctionDef;
  function->decorator_list = decorators;
  function->name_span = {token_->begin, token_->end};
  function->name = expect_name();
  function->type_params = parse_type_params();
  expect(TokenKind::left_paren);
  function->args = parse_parameters(TokenKind::right_paren, true);
  expect(TokenKind::right_paren);
  if (accept(TokenKind::arrow)) {
    function->returns = parse_expression();
  }
  function->body = parse_block("the head of a function");
  function->span.end = block_end();
  return function;
}

Stmt* Parser::parse_class(Sequence<Expr*> decorators) {
  const uint32_t start = begin();
  expect(TokenKind::kw_class);
  ClassDef* definition = make<ClassDef>(start);
  definition->decorator_list = decorators;
  definition->name_span = {token_->begin, token_->end};
  definition->name = expect_name();
  definition->type_params = parse_type_params();
  if (at(TokenKind::left_paren)) {
    const CallArguments arguments = parse_arguments(false);
    definition->bases = arguments.args;
    definition->keywords = arguments.keywords;
  }
  definition->body = parse_block("the head of a class");
  definition->span.end = block_end();
  return definition;
}

// A chain of `elif` is a loop here, though it nests in the tree: each stands in the orelse of the one before.
Stmt* Parser::parse_if() {
  const uint32_t outer_depth = depth_;
  std::vector<If*> chain;
  const auto parse_branch = [&] {
    If* branch = make<If>(begin());
    ++token_;
    branch->test = parse_named_expression();
    branch->body = parse_block("the condition of `if`");
    branch->span.end = block_end();
    chain.push_back(branch);
  };
  parse_branch();
  while (at(TokenKind::kw_elif)) {
    if (++depth_ > max_recursion) {
      fail_here("too deeply nested: too many `elif`");
    }
    parse_branch();
  }
  chain.back()->orelse = parse_else("`else`");
  if (!chain.back()->orelse.empty()) {
    chain.back()->span.end = block_end();
  }
  for (size_t i = chain.size() - 1; i > 0; --i) {
    chain[i - 1]->orelse = arena_.copy(std::vector<Stmt*>{chain[i]});
    chain[i - 1]->span.end = chain[i]->span.end;
  }
  depth_ = outer_depth;
  return chain.front();
}

Stmt* Parser::parse_while() {
  While* loop = make<While>(begin());
  expect(TokenKind::kw_while);
  loop->test = parse_named_expression();
  loop->body = parse_block("the condition of `while`");
  loop->orelse = parse_else("`else`");
  loop->span.end = block_end();
  return loop;
}

Stmt* Parser::parse_for(uint32_t start, bool is_async) {
  For* loop = make<For>(start);
  loop->kind = is_async ? NodeKind::AsyncFor : NodeKind::For;
  expect(TokenKind::kw_for);
  loop->target = parse_star_targets();
  if (!accept(TokenKind::kw_in)) {
    fail_expected("`in` after the target of `for`");
  }
  const uint32_t iter_begin = begin();
  loop->iter = parse_star_expressions();
  if (text_[iter_begin] == '*') {
    require(9, loop->iter->span, "`*` in what `for` goes through");
  }
  loop->body = parse_block("the head of `for`");
  loop->orelse = parse_else("`else`");
  loop->span.end = block_end();
  return loop;
}

Stmt* Parser::parse_with(uint32_t start, bool is_async) {
  With* statement = make<With>(start);
  statement->kind = is_async ? NodeKind::AsyncWith : NodeKind::With;
  expect(TokenKind::kw_with);
  std::vector<WithItem> items;
  if (!parse_parenthesized_with_items(items)) {
    do {
      items.push_back(parse_with_item());
    } while (accept(TokenKind::comma));
  }
  statement->items = arena_.copy(items);
  statement->body = parse_block("the head of `with`");
  statement->span.end = block_end();
  return statement;
}

WithItem Parser::parse_with_item() {
  WithItem item;
  item.context_expr = parse_expression();
  if (accept(TokenKind::kw_as)) {
    if (at(TokenKind::star)) {
      require(9, {begin(), begin() + 1}, "`*` in the target of `with`");
    }
    item.optional_vars = parse_star_target();
  }
  return item;
}

// The index, from the token on which we stand, of the bracket that closes the one here; 0 if there is none.
uint32_t Parser::matching_paren() const {
  uint32_t open = 0;
  for (uint32_t i = 0;; ++i) {
    switch (token_[i].kind) {
      case TokenKind::left_paren:
      case TokenKind::left_bracket:
      case TokenKind::left_brace:
        ++open;
        break;
      case TokenKind::right_paren:
      case TokenKind::right_bracket:
      case TokenKind::right_brace:
        if (--open == 0) {
          return i;
        }
        break;
      case TokenKind::end_marker:
      case TokenKind::failure:
        return 0;
      default:
        break;
    }
  }
}

// `with (a as b, c):`. The parentheses are the statement's if they end right before `:` and hold items; otherwise they
// belong to an expression, which is then read as one: `with (a, b) as c:`, `with (yield):`.
bool Parser::parse_parenthesized_with_items(std::vector<WithItem>& items) {
  if (!at(TokenKind::left_paren) || !supports(9) || token_[matching_paren() + 1].kind != TokenKind::colon) {
    return false;
  }
  const Checkpoint checkpoint = save();
  try {
    ++token_;
    do {
      items.push_back(parse_with_item());
    } while (accept(TokenKind::comma) && !at(TokenKind::right_paren));
    expect(TokenKind::right_paren);
    return true;
  } catch (const Failure&) {
    restore(checkpoint);
    items.clear();
    return false;
  }
}

Stmt* Parser::parse_try() {
  Try* statement = make<Try>(begin());
  expect(TokenKind::kw_try);
  statement->body = parse_block("`try`");
  std::vector<ExceptHandler> handlers;
  while (at(TokenKind::kw_except)) {
    handlers.push_back(parse_handler(*statement, handlers.empty()));
  }
  statement->handlers = arena_.copy(handlers);
  if (!handlers.empty()) {
    statement->orelse = parse_else("`else`");
    statement->span.end = block_end();
  }
  if (accept(TokenKind::kw_finally)) {
    statement->finalbody = parse_block("`finally`");
    statement->span.end = block_end();
  } else if (handlers.empty()) {
    fail_expected("`except` or `finally`");
  }
  return statement;
}

ExceptHandler Parser::parse_handler(Try& statement, bool first) {
  ExceptHandler handler;
  handler.span.begin = begin();
  expect(TokenKind::kw_except);
  const bool is_group = at(TokenKind::star);
  if (first && is_group) {
    require(11, {begin(), begin() + 1}, "`except*`");
    statement.kind = NodeKind::TryStar;
  } else if (is_group != (statement.kind == NodeKind::TryStar)) {
    fail_here("`except` and `except*` cannot be mixed");
  }
  if (is_group) {
    ++token_;
  }
  if (is_group || !at(TokenKind::colon)) {
    handler.type = parse_expression();
    if (at(TokenKind::comma)) {
      fail_here("several exceptions after `except` need parentheses");
    }
    handler.name = accept(TokenKind::kw_as) ? expect_name() : std::string_view();
  }
  handler.body = parse_block("`except`");
  handler.span.end = block_end();
  return handler;
}

}  // namespace spiritsafe::python
