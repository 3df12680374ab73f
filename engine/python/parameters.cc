// SPDX-License-Identifier: Apache-2.0
// The parameters of functions and lambdas, and type parameters.
#include "engine/python/parser.h"

namespace spiritsafe::python {

// Up to `end`, which is left to the caller.
Arguments* Parser::parse_parameters(TokenKind end, bool annotated) {
  const Nesting nesting(*this);
  Arguments* arguments = arena_.make<Arguments>();
  const size_t mark = scratch_.parameters.size();
  const size_t defaults_mark = scratch_.exprs.size();
  const size_t keyword_defaults_mark = scratch_.other_exprs.size();
  bool star = false;
  for (bool more = !at(end); more; more = accept(TokenKind::comma) && !at(end)) {
    if (arguments->kwarg != nullptr) {
      fail_here("no parameter can follow `**`");
    }
    if (at(TokenKind::slash)) {
      parse_slash(*arguments, mark, star);
    } else if (at(TokenKind::star)) {
      parse_star(*arguments, annotated, star);
      star = true;
      arguments->args = take(scratch_.parameters, mark);  // what comes now is keyword-only
    } else if (at(TokenKind::double_star)) {
      parse_double_star(*arguments, annotated);
    } else {
      const Arg parameter = parse_parameter(annotated, false);
      Expr* default_value = accept(TokenKind::equal) ? parse_expression() : nullptr;
      scratch_.parameters.push_back(parameter);
      if (star) {
        scratch_.other_exprs.push_back(default_value);
      } else if (default_value != nullptr) {
        scratch_.exprs.push_back(default_value);
      } else if (scratch_.exprs.size() > defaults_mark) {
        fail(parameter.span, "a parameter without a default follows one with a default");
      }
    }
  }
  if (!at(end)) {
    fail_expected(end == TokenKind::colon ? "`,` or `:`" : "`,` or `)`");
  }
  (star ? arguments->kwonlyargs : arguments->args) = take(scratch_.parameters, mark);
  arguments->defaults = take(scratch_.exprs, defaults_mark);
  arguments->kw_defaults = take(scratch_.other_exprs, keyword_defaults_mark);
  return arguments;
}

void Parser::parse_slash(Arguments& arguments, size_t mark, bool star) {
  if (!arguments.posonlyargs.empty()) {
    fail_here("`/` can stand only once among the parameters");
  }
  if (star) {
    fail_here("`/` must stand before `*`");
  }
  if (scratch_.parameters.size() == mark) {
    fail_here("a parameter must stand before `/`");
  }
  ++token_;
  arguments.posonlyargs = take(scratch_.parameters, mark);
}

void Parser::parse_star(Arguments& arguments, bool annotated, bool again) {
  if (again) {
    fail_here("`*` can stand only once among the parameters");
  }
  ++token_;
  if (at(TokenKind::name)) {
    arguments.vararg = arena_.make<Arg>(parse_parameter(annotated, true));
    if (at(TokenKind::equal)) {
      fail_here("the `*` parameter cannot have a default");
    }
  } else if (!at(TokenKind::comma) || token_[1].kind != TokenKind::name) {
    fail({token_[-1].begin, token_[-1].end}, "expected a parameter after the bare `*`");
  }
}

void Parser::parse_double_star(Arguments& arguments, bool annotated) {
  ++token_;
  arguments.kwarg = arena_.make<Arg>(parse_parameter(annotated, false));
  if (at(TokenKind::equal)) {
    fail_here("the `**` parameter cannot have a default");
  }
}

Arg Parser::parse_parameter(bool annotated, bool star_annotation) {
  Arg parameter;
  parameter.span.begin = begin();
  if (!at(TokenKind::name)) {
    fail_expected("the name of a parameter");
  }
  parameter.arg = expect_name();
  if (annotated && accept(TokenKind::colon)) {
    if (star_annotation && at(TokenKind::star)) {
      require(11, {begin(), begin() + 1}, "`*` in an annotation");
      parameter.annotation = parse_star_expression();
    } else {
      parameter.annotation = parse_expression();
    }
  }
  parameter.span.end = previous_end();
  return parameter;
}

// `[T: bound = default, *Ts, **P]`, if there are any.
Sequence<TypeParam> Parser::parse_type_params() {
  if (!at(TokenKind::left_bracket)) {
    return {};
  }
  require(12, {begin(), begin() + 1}, "a list of type parameters");
  const Nesting nesting(*this);
  ++token_;
  std::vector<TypeParam> params;
  do {
    TypeParam param;
    param.span.begin = begin();
    param.kind = accept(TokenKind::star)          ? TypeParamKind::TypeVarTuple
                 : accept(TokenKind::double_star) ? TypeParamKind::ParamSpec
                                                  : TypeParamKind::TypeVar;
    param.name = expect_name();
    if (param.kind == TypeParamKind::TypeVar && accept(TokenKind::colon)) {
      param.bound = parse_expression();
    }
    if (at(TokenKind::equal)) {
      require(13, {begin(), begin() + 1}, "the default of a type parameter");
      ++token_;
      param.default_value = param.kind == TypeParamKind::TypeVarTuple ? parse_star_expression() : parse_expression();
    }
    param.span.end = previous_end();
    params.push_back(param);
  } while (accept(TokenKind::comma) && !at(TokenKind::right_bracket));
  expect(TokenKind::right_bracket);
  return arena_.copy(params);
}

}  // namespace spiritsafe::python
