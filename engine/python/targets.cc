// SPDX-License-Identifier: Apache-2.0
// What can be assigned to, deleted or annotated. It is read as an expression first and judged afterwards.
#include "engine/python/parser.h"

namespace spiritsafe::python {

namespace {

// How messages name an expression that cannot be a target.
const char* describe_expr(const Expr& expr) {
  switch (expr.kind) {
    case NodeKind::Call:
      return "a call";
    case NodeKind::Constant:
      return "a literal";
    case NodeKind::JoinedStr:
      return "an f-string";
    case NodeKind::Lambda:
      return "a lambda";
    case NodeKind::Compare:
      return "a comparison";
    case NodeKind::IfExp:
      return "a conditional expression";
    case NodeKind::Dict:
      return "a dict";
    case NodeKind::Set:
      return "a set";
    case NodeKind::Yield:
    case NodeKind::YieldFrom:
      return "`yield`";
    case NodeKind::Await:
      return "`await`";
    case NodeKind::NamedExpr:
      return "`:=`";
    case NodeKind::ListComp:
    case NodeKind::SetComp:
    case NodeKind::DictComp:
      return "a comprehension";
    case NodeKind::GeneratorExp:
      return "a generator expression";
    case NodeKind::Starred:
      return "`*`";
    case NodeKind::Tuple:
      return "a tuple";
    case NodeKind::List:
      return "a list";
    default:
      return "an expression";
  }
}

}  // namespace

// Turns an expression that was read into a target, or fails: `verb` says what was to be done with it ("assign to").
void Parser::make_target(Expr* target, ExprContext context, const char* verb) {
  const auto make_all = [&](Sequence<Expr*> elts) {
    for (Expr* elt : elts) {
      make_target(elt, context, verb);
    }
  };
  switch (target->kind) {
    case NodeKind::Name:
      if (!supports(9) && static_cast<Name*>(target)->id == "__debug__") {
        break;
      }
      static_cast<Name*>(target)->ctx = context;
      return;
    case NodeKind::Attribute:
      static_cast<Attribute*>(target)->ctx = context;
      return;
    case NodeKind::Subscript:
      static_cast<Subscript*>(target)->ctx = context;
      return;
    case NodeKind::Tuple:
      static_cast<Tuple*>(target)->ctx = context;
      return make_all(static_cast<Tuple*>(target)->elts);
    case NodeKind::List:
      static_cast<List*>(target)->ctx = context;
      return make_all(static_cast<List*>(target)->elts);
    case NodeKind::Starred:
      if ((context == ExprContext::Store || !supports(9)) &&
          static_cast<Starred*>(target)->value->kind != NodeKind::Starred) {
        static_cast<Starred*>(target)->ctx = context;
        return make_target(static_cast<Starred*>(target)->value, context, verb);
      }
      break;
    default:
      break;
  }
  fail(target->span, std::string("cannot ") + verb + " " + describe_expr(*target));
}

// A name, an attribute or a subscript: what `+=` and an annotation take.
void Parser::make_single_target(Expr* target, const char* use) {
  if (target->kind != NodeKind::Name && target->kind != NodeKind::Attribute && target->kind != NodeKind::Subscript) {
    fail(target->span,
         std::string(use) + " needs a single name, attribute or subscript, not " + describe_expr(*target));
  }
  make_target(target, ExprContext::Store, "assign to");
}

Expr* Parser::parse_star_target() {
  const Nesting nesting(*this);
  Expr* target = at(TokenKind::star) ? parse_star_expression() : parse_bitwise_or();
  make_target(target, ExprContext::Store, "assign to");
  return target;
}

// The targets of `for`, up to `in`.
Expr* Parser::parse_star_targets() {
  const uint32_t start = begin();
  Expr* first = parse_star_target();
  if (!at(TokenKind::comma)) {
    return first;
  }
  const size_t mark = scratch_.exprs.size();
  scratch_.exprs.push_back(first);
  while (accept(TokenKind::comma) && !at(TokenKind::kw_in)) {
    scratch_.exprs.push_back(parse_star_target());
  }
  Tuple* tuple = make<Tuple>(start);
  tuple->ctx = ExprContext::Store;
  tuple->elts = take(scratch_.exprs, mark);
  return tuple;
}

}  // namespace spiritsafe::python
