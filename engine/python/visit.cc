// SPDX-License-Identifier: Apache-2.0
#include "engine/python/visit.h"

namespace spiritsafe::python {

namespace {

struct Children {
  ChildVisitor visit;
  void* context;

  void one(const Node* node) {
    if (node != nullptr) {
      visit(context, *node);
    }
  }
  template <class T>
  void all(Sequence<T*> nodes) {
    for (const T* node : nodes) {
      one(node);
    }
  }
  void all(Sequence<Keyword> keywords) {
    for (const Keyword& keyword : keywords) {
      one(keyword.value);
    }
  }
  void all(Sequence<Arg> args) {
    for (const Arg& arg : args) {
      one(arg.annotation);
    }
  }
  void all(Sequence<TypeParam> params) {
    for (const TypeParam& param : params) {
      one(param.bound);
      one(param.default_value);
    }
  }
  void all(Sequence<Comprehension> generators) {
    for (const Comprehension& generator : generators) {
      one(generator.target);
      one(generator.iter);
      all(generator.ifs);
    }
  }
  void all(Sequence<ExceptHandler> handlers) {
    for (const ExceptHandler& handler : handlers) {
      one(handler.type);
      all(handler.body);
    }
  }
  void all(Sequence<MatchCase> cases) {
    for (const MatchCase& match_case : cases) {
      one(match_case.pattern);
      one(match_case.guard);
      all(match_case.body);
    }
  }
  void all(Sequence<WithItem> items) {
    for (const WithItem& item : items) {
      one(item.context_expr);
      one(item.optional_vars);
    }
  }
  void arguments(const Arguments& args) {
    all(args.posonlyargs);
    all(args.args);
    if (args.vararg != nullptr) {
      one(args.vararg->annotation);
    }
    all(args.kwonlyargs);
    all(args.kw_defaults);
    if (args.kwarg != nullptr) {
      one(args.kwarg->annotation);
    }
    all(args.defaults);
  }

  void of(const FunctionDef& node) {
    arguments(*node.args);
    all(node.body);
    all(node.decorator_list);
    one(node.returns);
    all(node.type_params);
  }
  void of(const ClassDef& node) {
    all(node.bases);
    all(node.keywords);
    all(node.body);
    all(node.decorator_list);
    all(node.type_params);
  }
  void of(const Return& node) { one(node.value); }
  void of(const Delete& node) { all(node.targets); }
  void of(const Assign& node) { all(node.targets), one(node.value); }
  void of(const TypeAlias& node) { one(node.name), all(node.type_params), one(node.value); }
  void of(const AugAssign& node) { one(node.target), one(node.value); }
  void of(const AnnAssign& node) { one(node.target), one(node.annotation), one(node.value); }
  void of(const For& node) { one(node.target), one(node.iter), all(node.body), all(node.orelse); }
  void of(const While& node) { one(node.test), all(node.body), all(node.orelse); }
  void of(const If& node) { one(node.test), all(node.body), all(node.orelse); }
  void of(const With& node) { all(node.items), all(node.body); }
  void of(const Match& node) { one(node.subject), all(node.cases); }
  void of(const Raise& node) { one(node.exc), one(node.cause); }
  void of(const Try& node) { all(node.body), all(node.handlers), all(node.orelse), all(node.finalbody); }
  void of(const Assert& node) { one(node.test), one(node.msg); }
  void of(const ExprStmt& node) { one(node.value); }
  void of(const BoolOp& node) { all(node.values); }
  void of(const NamedExpr& node) { one(node.target), one(node.value); }
  void of(const BinOp& node) { one(node.left), one(node.right); }
  void of(const UnaryOp& node) { one(node.operand); }
  void of(const Lambda& node) { arguments(*node.args), one(node.body); }
  void of(const IfExp& node) { one(node.test), one(node.body), one(node.orelse); }
  void of(const Dict& node) { all(node.keys), all(node.values); }
  void of(const Set& node) { all(node.elts); }
  void of(const ListComp& node) { one(node.elt), all(node.generators); }
  void of(const SetComp& node) { one(node.elt), all(node.generators); }
  void of(const DictComp& node) { one(node.key), one(node.value), all(node.generators); }
  void of(const GeneratorExp& node) { one(node.elt), all(node.generators); }
  void of(const Await& node) { one(node.value); }
  void of(const Yield& node) { one(node.value); }
  void of(const YieldFrom& node) { one(node.value); }
  void of(const Compare& node) { one(node.left), all(node.comparators); }
  void of(const Call& node) { one(node.func), all(node.args), all(node.keywords); }
  void of(const FormattedValue& node) { one(node.value), one(node.format_spec); }
  void of(const JoinedStr& node) { all(node.values); }
  void of(const Attribute& node) { one(node.value); }
  void of(const Subscript& node) { one(node.value), one(node.slice); }
  void of(const Starred& node) { one(node.value); }
  void of(const List& node) { all(node.elts); }
  void of(const Tuple& node) { all(node.elts); }
  void of(const Slice& node) { one(node.lower), one(node.upper), one(node.step); }
  void of(const MatchValue& node) { one(node.value); }
  void of(const MatchSequence& node) { all(node.patterns); }
  void of(const MatchMapping& node) { all(node.keys), all(node.patterns); }
  void of(const MatchClass& node) { one(node.cls), all(node.patterns), all(node.kwd_patterns); }
  void of(const MatchAs& node) { one(node.pattern); }
  void of(const MatchOr& node) { all(node.patterns); }
};

}  // namespace

void visit_children(const Node& node, ChildVisitor visit, void* context) {
  Children children = {visit, context};
  switch (node.kind) {
#define SPIRITSAFE_CHILDREN_OF(Type) \
  case NodeKind::Type:               \
    return children.of(static_cast<const Type&>(node));
    case NodeKind::AsyncFunctionDef:
      return children.of(static_cast<const FunctionDef&>(node));
    case NodeKind::AsyncFor:
      return children.of(static_cast<const For&>(node));
    case NodeKind::AsyncWith:
      return children.of(static_cast<const With&>(node));
    case NodeKind::TryStar:
      return children.of(static_cast<const Try&>(node));
      SPIRITSAFE_CHILDREN_OF(FunctionDef)
      SPIRITSAFE_CHILDREN_OF(ClassDef)
      SPIRITSAFE_CHILDREN_OF(Return)
      SPIRITSAFE_CHILDREN_OF(Delete)
      SPIRITSAFE_CHILDREN_OF(Assign)
      SPIRITSAFE_CHILDREN_OF(TypeAlias)
      SPIRITSAFE_CHILDREN_OF(AugAssign)
      SPIRITSAFE_CHILDREN_OF(AnnAssign)
      SPIRITSAFE_CHILDREN_OF(For)
      SPIRITSAFE_CHILDREN_OF(While)
      SPIRITSAFE_CHILDREN_OF(If)
      SPIRITSAFE_CHILDREN_OF(With)
      SPIRITSAFE_CHILDREN_OF(Match)
      SPIRITSAFE_CHILDREN_OF(Raise)
      SPIRITSAFE_CHILDREN_OF(Try)
      SPIRITSAFE_CHILDREN_OF(Assert)
      SPIRITSAFE_CHILDREN_OF(ExprStmt)
      SPIRITSAFE_CHILDREN_OF(BoolOp)
      SPIRITSAFE_CHILDREN_OF(NamedExpr)
      SPIRITSAFE_CHILDREN_OF(BinOp)
      SPIRITSAFE_CHILDREN_OF(UnaryOp)
      SPIRITSAFE_CHILDREN_OF(Lambda)
      SPIRITSAFE_CHILDREN_OF(IfExp)
      SPIRITSAFE_CHILDREN_OF(Dict)
      SPIRITSAFE_CHILDREN_OF(Set)
      SPIRITSAFE_CHILDREN_OF(ListComp)
      SPIRITSAFE_CHILDREN_OF(SetComp)
      SPIRITSAFE_CHILDREN_OF(DictComp)
      SPIRITSAFE_CHILDREN_OF(GeneratorExp)
      SPIRITSAFE_CHILDREN_OF(Await)
      SPIRITSAFE_CHILDREN_OF(Yield)
      SPIRITSAFE_CHILDREN_OF(YieldFrom)
      SPIRITSAFE_CHILDREN_OF(Compare)
      SPIRITSAFE_CHILDREN_OF(Call)
      SPIRITSAFE_CHILDREN_OF(FormattedValue)
      SPIRITSAFE_CHILDREN_OF(JoinedStr)
      SPIRITSAFE_CHILDREN_OF(Attribute)
      SPIRITSAFE_CHILDREN_OF(Subscript)
      SPIRITSAFE_CHILDREN_OF(Starred)
      SPIRITSAFE_CHILDREN_OF(List)
      SPIRITSAFE_CHILDREN_OF(Tuple)
      SPIRITSAFE_CHILDREN_OF(Slice)
      SPIRITSAFE_CHILDREN_OF(MatchValue)
      SPIRITSAFE_CHILDREN_OF(MatchSequence)
      SPIRITSAFE_CHILDREN_OF(MatchMapping)
      SPIRITSAFE_CHILDREN_OF(MatchClass)
      SPIRITSAFE_CHILDREN_OF(MatchAs)
      SPIRITSAFE_CHILDREN_OF(MatchOr)
#undef SPIRITSAFE_CHILDREN_OF
    case NodeKind::Import:
    case NodeKind::ImportFrom:
    case NodeKind::Global:
    case NodeKind::Nonlocal:
    case NodeKind::Pass:
    case NodeKind::Break:
    case NodeKind::Continue:
    case NodeKind::Constant:
    case NodeKind::Name:
    case NodeKind::MatchSingleton:
    case NodeKind::MatchStar:
      return;
  }
}

}  // namespace spiritsafe::python
