// SPDX-License-Identifier: Apache-2.0
// The tree of a Python module: CPython's ASDL (3.13), name by name and field by field, as plain structs in an arena.
//
// What differs from CPython's `ast`:
// - The base of statements is `Stmt`, of expressions `Expr`; the expression statement is `ExprStmt`.
// - Spans are byte offsets into the text that was parsed (ParseResult::text). Those inside f-strings are exact for
// every target
//   version, as in CPython 3.12 and later. Parentheses around an expression are outside its span, as in CPython; a
//   tuple's are inside, and decorators are outside the span of what they decorate.
// - There are no type comments; comments are kept in Module::comments.
// - An optional identifier that is missing is empty; an optional node is nullptr.
//
// No tree is deeper than `max_tree_depth` nodes from the module to any leaf (a chain of elif counts one per link, as
// each stands in the `orelse` of the one before; `a + b + …` and `a.b.c…` count one per link too), so code that walks
// it may recurse.
//
// `as<Call>(node)` is the checked downcast. visit.h walks children; parse.h makes trees.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "engine/text/source.h"

namespace spiritsafe::python {

inline constexpr uint32_t max_tree_depth = 3000;  // CPython 3.8 to 3.12 cannot compile a tree that is deeper

template <class T>
using Sequence = std::span<const T>;

// The names are those of the structs below. Grouped: statements, expressions, patterns.
// clang-format off
enum class NodeKind : uint8_t {
  FunctionDef, AsyncFunctionDef, ClassDef, Return, Delete, Assign, TypeAlias, AugAssign, AnnAssign, For, AsyncFor, While, If, With,
  AsyncWith, Match, Raise, Try, TryStar, Assert, Import, ImportFrom, Global, Nonlocal, ExprStmt, Pass, Break, Continue,
  BoolOp, NamedExpr, BinOp, UnaryOp, Lambda, IfExp, Dict, Set, ListComp, SetComp, DictComp, GeneratorExp, Await, Yield, YieldFrom,
  Compare, Call, FormattedValue, JoinedStr, Constant, Attribute, Subscript, Starred, Name, List, Tuple, Slice,
  MatchValue, MatchSingleton, MatchSequence, MatchMapping, MatchClass, MatchStar, MatchAs, MatchOr,
};

enum class ExprContext : uint8_t { Load, Store, Del };
enum class BoolOperator : uint8_t { And, Or };
enum class Operator : uint8_t { Add, Sub, Mult, MatMult, Div, Mod, Pow, LShift, RShift, BitOr, BitXor, BitAnd, FloorDiv };
enum class UnaryOperator : uint8_t { Invert, Not, UAdd, USub };
enum class CompareOperator : uint8_t { Eq, NotEq, Lt, LtE, Gt, GtE, Is, IsNot, In, NotIn };
// clang-format on

struct Node {
  Span span;
  NodeKind kind;
};
struct Stmt : Node {};
struct Expr : Node {};
struct Pattern : Node {};

// ---- Parts of nodes that are no nodes of their own ----

struct Arg {  // `arg: annotation` of a def, `arg` of a lambda
  Span span;
  std::string_view arg;
  Expr* annotation = nullptr;
};

struct Arguments {  // of a def or a lambda
  Sequence<Arg> posonlyargs;
  Sequence<Arg> args;
  const Arg* vararg = nullptr;
  Sequence<Arg> kwonlyargs;
  Sequence<Expr*> kw_defaults;  // one per kwonlyargs, nullptr where there is none
  const Arg* kwarg = nullptr;
  Sequence<Expr*> defaults;  // of the last ones of posonlyargs + args
};

struct Keyword {  // `arg=value`, or `**value` with an empty arg
  Span span;
  std::string_view arg;
  Expr* value = nullptr;
};

struct Alias {  // `name as asname`; name may be dotted, or `*`
  Span span;
  std::string_view name;
  std::string_view asname;
};

struct WithItem {
  Expr* context_expr = nullptr;
  Expr* optional_vars = nullptr;
};

struct Comprehension {
  Expr* target = nullptr;
  Expr* iter = nullptr;
  Sequence<Expr*> ifs;
  bool is_async = false;
};

struct ExceptHandler {
  Span span;
  Expr* type = nullptr;
  std::string_view name;
  Sequence<Stmt*> body;
};

struct MatchCase {
  Pattern* pattern = nullptr;
  Expr* guard = nullptr;
  Sequence<Stmt*> body;
};

enum class TypeParamKind : uint8_t { TypeVar, ParamSpec, TypeVarTuple };
struct TypeParam {
  Span span;
  TypeParamKind kind = TypeParamKind::TypeVar;
  std::string_view name;
  Expr* bound = nullptr;  // of a TypeVar
  Expr* default_value = nullptr;
};

struct Comment {
  Span span;              // from `#` to before the end of the line
  bool trailing = false;  // something stands before it on its line
};

// ---- Statements ----

// `span` starts at `def`, `async` or `class`, not at the decorators. as<FunctionDef> is true for an AsyncFunctionDef
// too: see `kind`.
struct FunctionDef : Stmt {
  static constexpr NodeKind node_kind = NodeKind::FunctionDef;
  std::string_view name;
  Span name_span;
  Arguments* args = nullptr;
  Sequence<Stmt*> body;
  Sequence<Expr*> decorator_list;
  Expr* returns = nullptr;
  Sequence<TypeParam> type_params;
};

struct ClassDef : Stmt {
  static constexpr NodeKind node_kind = NodeKind::ClassDef;
  std::string_view name;
  Span name_span;
  Sequence<Expr*> bases;
  Sequence<Keyword> keywords;
  Sequence<Stmt*> body;
  Sequence<Expr*> decorator_list;
  Sequence<TypeParam> type_params;
};

struct Return : Stmt {
  static constexpr NodeKind node_kind = NodeKind::Return;
  Expr* value = nullptr;
};

struct Delete : Stmt {
  static constexpr NodeKind node_kind = NodeKind::Delete;
  Sequence<Expr*> targets;
};

struct Assign : Stmt {
  static constexpr NodeKind node_kind = NodeKind::Assign;
  Sequence<Expr*> targets;  // a = b = value has two
  Expr* value = nullptr;
};

struct TypeAlias : Stmt {
  static constexpr NodeKind node_kind = NodeKind::TypeAlias;
  Expr* name = nullptr;
  Sequence<TypeParam> type_params;
  Expr* value = nullptr;
};

struct AugAssign : Stmt {
  static constexpr NodeKind node_kind = NodeKind::AugAssign;
  Operator op = Operator::Add;
  Expr* target = nullptr;
  Expr* value = nullptr;
};

struct AnnAssign : Stmt {
  static constexpr NodeKind node_kind = NodeKind::AnnAssign;
  bool simple = false;  // the target is a name without parentheses
  Expr* target = nullptr;
  Expr* annotation = nullptr;
  Expr* value = nullptr;
};

// as<For> is true for an AsyncFor too.
struct For : Stmt {
  static constexpr NodeKind node_kind = NodeKind::For;
  Expr* target = nullptr;
  Expr* iter = nullptr;
  Sequence<Stmt*> body;
  Sequence<Stmt*> orelse;
};

struct While : Stmt {
  static constexpr NodeKind node_kind = NodeKind::While;
  Expr* test = nullptr;
  Sequence<Stmt*> body;
  Sequence<Stmt*> orelse;
};

struct If : Stmt {
  static constexpr NodeKind node_kind = NodeKind::If;
  Expr* test = nullptr;
  Sequence<Stmt*> body;
  Sequence<Stmt*> orelse;  // `elif`: one If, whose span starts at `elif`
};

// as<With> is true for an AsyncWith too.
struct With : Stmt {
  static constexpr NodeKind node_kind = NodeKind::With;
  Sequence<WithItem> items;
  Sequence<Stmt*> body;
};

struct Match : Stmt {
  static constexpr NodeKind node_kind = NodeKind::Match;
  Expr* subject = nullptr;
  Sequence<MatchCase> cases;
};

struct Raise : Stmt {
  static constexpr NodeKind node_kind = NodeKind::Raise;
  Expr* exc = nullptr;
  Expr* cause = nullptr;
};

// as<Try> is true for a TryStar (`except*`) too.
struct Try : Stmt {
  static constexpr NodeKind node_kind = NodeKind::Try;
  Sequence<Stmt*> body;
  Sequence<ExceptHandler> handlers;
  Sequence<Stmt*> orelse;
  Sequence<Stmt*> finalbody;
};

struct Assert : Stmt {
  static constexpr NodeKind node_kind = NodeKind::Assert;
  Expr* test = nullptr;
  Expr* msg = nullptr;
};

struct Import : Stmt {
  static constexpr NodeKind node_kind = NodeKind::Import;
  Sequence<Alias> names;
};

struct ImportFrom : Stmt {
  static constexpr NodeKind node_kind = NodeKind::ImportFrom;
  uint32_t level = 0;       // the number of leading dots
  std::string_view module;  // empty in `from . import x`
  Sequence<Alias> names;
};

struct Global : Stmt {
  static constexpr NodeKind node_kind = NodeKind::Global;
  Sequence<std::string_view> names;
};

struct Nonlocal : Stmt {
  static constexpr NodeKind node_kind = NodeKind::Nonlocal;
  Sequence<std::string_view> names;
};

struct ExprStmt : Stmt {
  static constexpr NodeKind node_kind = NodeKind::ExprStmt;
  Expr* value = nullptr;
};

struct Pass : Stmt {
  static constexpr NodeKind node_kind = NodeKind::Pass;
};
struct Break : Stmt {
  static constexpr NodeKind node_kind = NodeKind::Break;
};
struct Continue : Stmt {
  static constexpr NodeKind node_kind = NodeKind::Continue;
};

// ---- Expressions ----

struct BoolOp : Expr {
  static constexpr NodeKind node_kind = NodeKind::BoolOp;
  BoolOperator op = BoolOperator::And;
  Sequence<Expr*> values;  // two or more: `a and b and c` is one BoolOp
};

struct NamedExpr : Expr {
  static constexpr NodeKind node_kind = NodeKind::NamedExpr;
  Expr* target = nullptr;
  Expr* value = nullptr;
};

struct BinOp : Expr {
  static constexpr NodeKind node_kind = NodeKind::BinOp;
  Operator op = Operator::Add;
  Expr* left = nullptr;
  Expr* right = nullptr;
};

struct UnaryOp : Expr {
  static constexpr NodeKind node_kind = NodeKind::UnaryOp;
  UnaryOperator op = UnaryOperator::Not;
  Expr* operand = nullptr;
};

struct Lambda : Expr {
  static constexpr NodeKind node_kind = NodeKind::Lambda;
  Arguments* args = nullptr;
  Expr* body = nullptr;
};

struct IfExp : Expr {
  static constexpr NodeKind node_kind = NodeKind::IfExp;
  Expr* test = nullptr;
  Expr* body = nullptr;
  Expr* orelse = nullptr;
};

struct Dict : Expr {
  static constexpr NodeKind node_kind = NodeKind::Dict;
  Sequence<Expr*> keys;  // nullptr for `**value`
  Sequence<Expr*> values;
};

struct Set : Expr {
  static constexpr NodeKind node_kind = NodeKind::Set;
  Sequence<Expr*> elts;
};

struct ListComp : Expr {
  static constexpr NodeKind node_kind = NodeKind::ListComp;
  Expr* elt = nullptr;
  Sequence<Comprehension> generators;
};

struct SetComp : Expr {
  static constexpr NodeKind node_kind = NodeKind::SetComp;
  Expr* elt = nullptr;
  Sequence<Comprehension> generators;
};

struct DictComp : Expr {
  static constexpr NodeKind node_kind = NodeKind::DictComp;
  Expr* key = nullptr;
  Expr* value = nullptr;
  Sequence<Comprehension> generators;
};

struct GeneratorExp : Expr {
  static constexpr NodeKind node_kind = NodeKind::GeneratorExp;
  Expr* elt = nullptr;
  Sequence<Comprehension> generators;
};

struct Await : Expr {
  static constexpr NodeKind node_kind = NodeKind::Await;
  Expr* value = nullptr;
};

struct Yield : Expr {
  static constexpr NodeKind node_kind = NodeKind::Yield;
  Expr* value = nullptr;
};

struct YieldFrom : Expr {
  static constexpr NodeKind node_kind = NodeKind::YieldFrom;
  Expr* value = nullptr;
};

struct Compare : Expr {
  static constexpr NodeKind node_kind = NodeKind::Compare;
  Expr* left = nullptr;
  Sequence<CompareOperator> ops;
  Sequence<Expr*> comparators;  // as many as ops
};

struct Call : Expr {
  static constexpr NodeKind node_kind = NodeKind::Call;
  Expr* func = nullptr;
  Sequence<Expr*> args;  // `*x` is a Starred
  Sequence<Keyword> keywords;
};

// `{value!conversion:format_spec}`; only in a JoinedStr.
struct FormattedValue : Expr {
  static constexpr NodeKind node_kind = NodeKind::FormattedValue;
  int8_t conversion = -1;  // 's', 'r', 'a' or -1
  Expr* value = nullptr;
  Expr* format_spec = nullptr;  // a JoinedStr
};

// An f-string, with the literals it is joined to: Constants and FormattedValues by turns.
struct JoinedStr : Expr {
  static constexpr NodeKind node_kind = NodeKind::JoinedStr;
  Sequence<Expr*> values;
};

enum class ConstantKind : uint8_t { None, True, False, Ellipsis, Int, Float, Complex, Str, Bytes };

// One run of source bytes that a string value is made of: the content of a literal, without prefix and quotes, or a
// piece of an f-string.
struct StringPiece {
  Span content;
  uint32_t length = 0;  // bytes of the value it makes
  bool raw = false;
  bool bytes = false;
  bool doubled_braces = false;  // in an f-string: `{{` stands for `{`
};

struct Constant : Expr {
  static constexpr NodeKind node_kind = NodeKind::Constant;
  ConstantKind value_kind = ConstantKind::None;
  bool unicode_prefix = false;  // u'…': the ASDL's kind
  bool value_known =
      true;  // false for a str with \N{…}: the name is not looked up, `value` holds the escape as it is written
  // Str: adjacent literals joined, escapes decoded, as UTF-8 (a lone surrogate as its three bytes). Bytes: the bytes.
  // Int: decimal digits without leading zeros, or, from 2**63 in a hexadecimal, octal or binary literal, `0x` and
  // hexadecimal digits. Float, Complex: the literal without underscores and without `j`; see float_value.
  std::string_view value;
  Sequence<StringPiece> pieces;  // only in a JoinedStr; for every other string ask string_pieces (strings.h)
};

struct Attribute : Expr {
  static constexpr NodeKind node_kind = NodeKind::Attribute;
  ExprContext ctx = ExprContext::Load;
  Expr* value = nullptr;
  std::string_view attr;
};

struct Subscript : Expr {
  static constexpr NodeKind node_kind = NodeKind::Subscript;
  ExprContext ctx = ExprContext::Load;
  Expr* value = nullptr;
  Expr* slice = nullptr;
};

struct Starred : Expr {
  static constexpr NodeKind node_kind = NodeKind::Starred;
  ExprContext ctx = ExprContext::Load;
  Expr* value = nullptr;
};

struct Name : Expr {
  static constexpr NodeKind node_kind = NodeKind::Name;
  ExprContext ctx = ExprContext::Load;
  std::string_view id;  // NFKC, as CPython compares names
};

struct List : Expr {
  static constexpr NodeKind node_kind = NodeKind::List;
  ExprContext ctx = ExprContext::Load;
  Sequence<Expr*> elts;
};

struct Tuple : Expr {
  static constexpr NodeKind node_kind = NodeKind::Tuple;
  ExprContext ctx = ExprContext::Load;
  Sequence<Expr*> elts;
};

struct Slice : Expr {  // only in a Subscript, or in a Tuple there
  static constexpr NodeKind node_kind = NodeKind::Slice;
  Expr* lower = nullptr;
  Expr* upper = nullptr;
  Expr* step = nullptr;
};

// ---- Patterns ----

struct MatchValue : Pattern {
  static constexpr NodeKind node_kind = NodeKind::MatchValue;
  Expr* value = nullptr;
};

struct MatchSingleton : Pattern {
  static constexpr NodeKind node_kind = NodeKind::MatchSingleton;
  ConstantKind value = ConstantKind::None;  // None, True or False
};

struct MatchSequence : Pattern {
  static constexpr NodeKind node_kind = NodeKind::MatchSequence;
  Sequence<Pattern*> patterns;
};

struct MatchMapping : Pattern {
  static constexpr NodeKind node_kind = NodeKind::MatchMapping;
  Sequence<Expr*> keys;
  Sequence<Pattern*> patterns;
  std::string_view rest;
};

struct MatchClass : Pattern {
  static constexpr NodeKind node_kind = NodeKind::MatchClass;
  Expr* cls = nullptr;
  Sequence<Pattern*> patterns;
  Sequence<std::string_view> kwd_attrs;
  Sequence<Pattern*> kwd_patterns;
};

struct MatchStar : Pattern {
  static constexpr NodeKind node_kind = NodeKind::MatchStar;
  std::string_view name;  // empty for `*_`
};

struct MatchAs : Pattern {
  static constexpr NodeKind node_kind = NodeKind::MatchAs;
  Pattern* pattern = nullptr;
  std::string_view name;  // empty for `_`
};

struct MatchOr : Pattern {
  static constexpr NodeKind node_kind = NodeKind::MatchOr;
  Sequence<Pattern*> patterns;
};

// ---- The module ----

struct Module {
  Sequence<Stmt*> body;
  Sequence<Comment> comments;  // all of the file, in order
};

// ---- Questions about nodes ----

constexpr bool is_stmt(NodeKind kind) { return kind <= NodeKind::Continue; }
constexpr bool is_expr(NodeKind kind) { return kind >= NodeKind::BoolOp && kind <= NodeKind::Slice; }
constexpr bool is_pattern(NodeKind kind) { return kind >= NodeKind::MatchValue; }

template <class T>
constexpr bool is_kind(NodeKind kind) {
  // The asynchronous form and except* have the fields of the plain form, and stand right after it in NodeKind.
  constexpr bool has_twin = T::node_kind == NodeKind::FunctionDef || T::node_kind == NodeKind::For ||
                            T::node_kind == NodeKind::With || T::node_kind == NodeKind::Try;
  return kind == T::node_kind || (has_twin && static_cast<int>(kind) == static_cast<int>(T::node_kind) + 1);
}

// The node as a T, or nullptr if it is something else or nullptr.
template <class T>
const T* as(const Node* node) {
  return node != nullptr && is_kind<T>(node->kind) ? static_cast<const T*>(node) : nullptr;
}

}  // namespace spiritsafe::python
