// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "engine/python/parser.h"

namespace spiritsafe::python {

void Parser::parse_statement() {
  switch (kind()) {
    case TokenKind::kw_if:
    case TokenKind::kw_while:
    case TokenKind::kw_for:
    case TokenKind::kw_try:
    case TokenKind::kw_with:
    case TokenKind::kw_def:
    case TokenKind::kw_class:
    case TokenKind::kw_async:
    case TokenKind::at:
      scratch_.stmts.push_back(parse_compound_statement());
      return;
    case TokenKind::name:
      if (at_word("match") && at_match_statement()) {
        scratch_.stmts.push_back(parse_match());
        return;
      }
      break;
    case TokenKind::indent:
      fail_here("unexpected indentation");
    default:
      break;
  }
  parse_simple_statements();
}

// `a; b; c` and the end of the line.
void Parser::parse_simple_statements() {
  do {
    scratch_.stmts.push_back(parse_simple_statement());
  } while (accept(TokenKind::semicolon) && !at(TokenKind::newline));
  if (!accept(TokenKind::newline)) {
    const Token& before = token_[-1];
    if (before.kind == TokenKind::name && (text_of(before) == "print" || text_of(before) == "exec")) {
      fail({before.begin, before.end}, "missing parentheses in the call of `" + std::string(text_of(before)) + "`");
    }
    fail_expected("the end of the statement");
  }
  measure_depth_ = measure_depth_ || chain_ > max_chain;
  chain_ = 0;
}

Stmt* Parser::parse_simple_statement() {
  const uint32_t start = begin();
  switch (kind()) {
    case TokenKind::kw_import:
      return parse_import();
    case TokenKind::kw_from:
      return parse_import_from();
    case TokenKind::kw_return:
      return parse_return();
    case TokenKind::kw_raise:
      return parse_raise();
    case TokenKind::kw_assert:
      return parse_assert();
    case TokenKind::kw_del:
      return parse_delete();
    case TokenKind::kw_global:
      return parse_global(false);
    case TokenKind::kw_nonlocal:
      return parse_global(true);
    case TokenKind::kw_pass:
      ++token_;
      return make<Pass>(start);
    case TokenKind::kw_break:
      ++token_;
      return make<Break>(start);
    case TokenKind::kw_continue:
      ++token_;
      return make<Continue>(start);
    case TokenKind::name:
      if (at_word("type") && token_[1].kind == TokenKind::name) {
        return parse_type_alias();
      }
      break;
    default:
      break;
  }
  return parse_expression_statement();
}

Stmt* Parser::parse_expression_statement() {
  const uint32_t start = begin();
  Expr* first = parse_yield_or_star_expressions();
  switch (kind()) {
    case TokenKind::newline:
    case TokenKind::semicolon:
      break;
    case TokenKind::equal:
      return parse_assignment(first, start);
    case TokenKind::colon:
      return parse_annotation(first, start);
    case TokenKind::colon_equal:
      fail_here("`:=` as a statement needs parentheses; an assignment is written with `=`");
    default:
      if (kind() >= TokenKind::plus_equal && kind() <= TokenKind::double_slash_equal) {
        const auto op = static_cast<Operator>(static_cast<int>(kind()) - static_cast<int>(TokenKind::plus_equal));
        make_single_target(first, "an augmented assignment");
        ++token_;
        Expr* value = parse_yield_or_star_expressions();
        AugAssign* assignment = make<AugAssign>(start);
        assignment->op = op;
        assignment->target = first;
        assignment->value = value;
        return assignment;
      }
      break;
  }
  ExprStmt* statement = make<ExprStmt>(start);
  statement->value = first;
  return statement;
}

Stmt* Parser::parse_assignment(Expr* first, uint32_t start) {
  const size_t mark = scratch_.exprs.size();
  Expr* value = first;
  while (accept(TokenKind::equal)) {
    make_target(value, ExprContext::Store, "assign to");
    scratch_.exprs.push_back(value);
    value = parse_yield_or_star_expressions();
  }
  Assign* assignment = make<Assign>(start);
  assignment->targets = take(scratch_.exprs, mark);
  assignment->value = value;
  return assignment;
}

Stmt* Parser::parse_annotation(Expr* target, uint32_t start) {
  make_single_target(target, "an annotation");
  ++token_;
  Expr* annotation = parse_expression();
  Expr* value = accept(TokenKind::equal) ? parse_yield_or_star_expressions() : nullptr;
  AnnAssign* assignment = make<AnnAssign>(start);
  assignment->simple = is_bare_name(target, start);
  assignment->target = target;
  assignment->annotation = annotation;
  assignment->value = value;
  return assignment;
}

// `a.b.c`: the text itself, unless there is space in it or a name is normalised.
std::string_view Parser::parse_dotted_name() {
  const uint32_t start = begin();
  const std::string_view first = expect_name();
  if (!at(TokenKind::dot)) {
    return first;
  }
  std::string dotted(first);
  while (accept(TokenKind::dot)) {
    dotted += '.';
    dotted += expect_name();
  }
  const std::string_view written = slice(text_, {start, previous_end()});
  return written == dotted ? written : arena_.copy(std::string_view(dotted));
}

Stmt* Parser::parse_import() {
  const uint32_t start = begin();
  expect(TokenKind::kw_import);
  std::vector<Alias>& names = scratch_.aliases;
  const size_t mark = names.size();
  do {
    Alias alias;
    alias.span.begin = begin();
    alias.name = parse_dotted_name();
    alias.asname = accept(TokenKind::kw_as) ? expect_name() : std::string_view();
    alias.span.end = previous_end();
    names.push_back(alias);
  } while (accept(TokenKind::comma));
  Import* import = make<Import>(start);
  import->names = take(names, mark);
  return import;
}

Stmt* Parser::parse_import_from() {
  const uint32_t start = begin();
  expect(TokenKind::kw_from);
  uint32_t level = 0;
  for (; at(TokenKind::dot) || at(TokenKind::ellipsis); ++token_) {
    level += at(TokenKind::dot) ? 1 : 3;
  }
  const std::string_view module = level > 0 && at(TokenKind::kw_import) ? std::string_view() : parse_dotted_name();
  if (!accept(TokenKind::kw_import)) {
    fail_expected("`import`");
  }
  std::vector<Alias>& names = scratch_.aliases;
  const size_t mark = names.size();
  if (accept(TokenKind::star)) {
    names.push_back({{token_[-1].begin, token_[-1].end}, "*", {}});
  } else {
    const bool parenthesized = accept(TokenKind::left_paren);
    do {
      Alias alias;
      alias.span.begin = begin();
      alias.name = expect_name();
      alias.asname = accept(TokenKind::kw_as) ? expect_name() : std::string_view();
      alias.span.end = previous_end();
      names.push_back(alias);
    } while (accept(TokenKind::comma) && !at(TokenKind::right_paren) && !at(TokenKind::newline));
    if (token_[-1].kind == TokenKind::comma && !parenthesized) {
      fail_here("a trailing comma after imported names needs parentheses around them");
    }
    if (parenthesized) {
      expect(TokenKind::right_paren);
    }
  }
  ImportFrom* import = make<ImportFrom>(start);
  import->level = level;
  import->module = module;
  import->names = take(names, mark);
  return import;
}

Stmt* Parser::parse_global(bool nonlocal) {
  const uint32_t start = begin();
  ++token_;
  std::vector<std::string_view> names;
  do {
    names.push_back(expect_name());
  } while (accept(TokenKind::comma));
  if (nonlocal) {
    Nonlocal* statement = make<Nonlocal>(start);
    statement->names = arena_.copy(names);
    return statement;
  }
  Global* statement = make<Global>(start);
  statement->names = arena_.copy(names);
  return statement;
}

Stmt* Parser::parse_delete() {
  const uint32_t start = begin();
  expect(TokenKind::kw_del);
  const size_t mark = scratch_.exprs.size();
  do {
    const Nesting nesting(*this);
    Expr* target = at(TokenKind::star) ? parse_star_expression() : parse_bitwise_or();
    make_target(target, ExprContext::Del, "delete");
    scratch_.exprs.push_back(target);
  } while (accept(TokenKind::comma) && !at(TokenKind::newline) && !at(TokenKind::semicolon));
  Delete* statement = make<Delete>(start);
  statement->targets = take(scratch_.exprs, mark);
  return statement;
}

Stmt* Parser::parse_return() {
  const uint32_t start = begin();
  expect(TokenKind::kw_return);
  Expr* value = at(TokenKind::newline) || at(TokenKind::semicolon) ? nullptr : parse_star_expressions();
  Return* statement = make<Return>(start);
  statement->value = value;
  return statement;
}

Stmt* Parser::parse_raise() {
  const uint32_t start = begin();
  expect(TokenKind::kw_raise);
  Expr* exc = at(TokenKind::newline) || at(TokenKind::semicolon) ? nullptr : parse_expression();
  Expr* cause = exc != nullptr && accept(TokenKind::kw_from) ? parse_expression() : nullptr;
  Raise* statement = make<Raise>(start);
  statement->exc = exc;
  statement->cause = cause;
  return statement;
}

Stmt* Parser::parse_assert() {
  const uint32_t start = begin();
  expect(TokenKind::kw_assert);
  Expr* test = parse_expression();
  Expr* msg = accept(TokenKind::comma) ? parse_expression() : nullptr;
  Assert* statement = make<Assert>(start);
  statement->test = test;
  statement->msg = msg;
  return statement;
}

// `type Name[T] = value`
Stmt* Parser::parse_type_alias() {
  const uint32_t start = begin();
  require(12, {token_->begin, token_->end}, "the `type` statement");
  ++token_;
  Expr* name = parse_name();
  static_cast<Name*>(name)->ctx = ExprContext::Store;
  const Sequence<TypeParam> type_params = parse_type_params();
  expect(TokenKind::equal);
  Expr* value = parse_expression();
  TypeAlias* alias = make<TypeAlias>(start);
  alias->name = name;
  alias->type_params = type_params;
  alias->value = value;
  return alias;
}

}  // namespace spiritsafe::python
