// SPDX-License-Identifier: Apache-2.0
// Tokens into the tree, by recursive descent, precedence climbing for the operators. Internal to engine/python.
//
// Each file holds one part of the grammar: expressions.cc (operators), atoms.cc (calls, subscripts, displays),
// literals.cc (strings and numbers), targets.cc (what can be assigned to), statements.cc, compound.cc (statements with
// blocks), parameters.cc, patterns.cc.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/python/token.h"
#include "engine/python/tree.h"
#include "engine/text/arena.h"

namespace spiritsafe::python {

// Can an expression start with this?
bool starts_expression(TokenKind kind);

// Lists under construction. Each list is the end of its vector from some mark on; nested lists simply stand behind
// their outer ones.
struct Scratch {
  TokenBuffer buffer = {};
  std::vector<Expr*> exprs = {};
  std::vector<Expr*> other_exprs =
      {};  // where two lists grow at once: values of a dict, defaults of keyword-only parameters
  std::vector<Stmt*> stmts = {};
  std::vector<CompareOperator> compare_operators = {};
  std::vector<Comprehension> comprehensions = {};
  std::vector<Alias> aliases = {};
  std::vector<Arg> parameters = {};
  std::vector<Keyword> keywords = {};
  std::string text = {};  // of a literal that is decoded
};

struct JoinedParts;  // literals.cc

class Parser {
 public:
  Parser(std::string_view text, Version target, Arena& arena, Scratch& scratch)
      : text_(text), target_(target), arena_(arena), scratch_(scratch), token_(scratch.buffer.tokens.data() + 1) {}

  // The whole file, or a Failure is thrown.
  Module* parse_module();

 private:
  // A tree's depth comes from recursion and from chains (`a.b.c`, `a + b + c`), which loops build. Recursion is cut at
  // its limit; a line whose chains together are longer than theirs makes parse_module measure the tree.
  static constexpr uint32_t max_recursion = 2000;
  static constexpr uint32_t max_chain = max_tree_depth - max_recursion;

  class Nesting {
   public:
    explicit Nesting(Parser& parser) : parser_(parser) {
      if (++parser_.depth_ > max_recursion) {
        parser_.fail_here("too deeply nested");
      }
    }
    ~Nesting() { --parser_.depth_; }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;

   private:
    Parser& parser_;
  };

  // expressions.cc
  Expr* parse_star_expressions();
  Expr* parse_star_expression();
  Expr* parse_star_named_expression();
  Expr* parse_named_expression();
  Expr* parse_expression();
  Expr* parse_yield_or_star_expressions();
  Expr* parse_yield();
  Expr* parse_lambda();
  Expr* parse_disjunction();
  Expr* parse_binary(int min_precedence);
  Expr* parse_bitwise_or();
  Expr* parse_unary();
  Expr* parse_bool_op(Expr* left, uint32_t begin);
  Expr* parse_compare(Expr* left, uint32_t begin);
  bool at_comparison() const;
  CompareOperator parse_compare_operator();

  // atoms.cc
  Expr* parse_await_primary();
  Expr* parse_primary();
  Expr* parse_atom();
  Expr* parse_name();
  Expr* parse_constant(ConstantKind kind);
  template <class T>
  Expr* parse_comprehension(Expr* element, uint32_t begin, TokenKind close);
  template <class T>
  Expr* parse_rest_of_list(Expr* first, uint32_t begin, TokenKind close);
  Expr* parse_group();
  Expr* parse_list();
  Expr* parse_dict_or_set();
  Expr* parse_dict(uint32_t begin, Expr* first_key);
  Expr* parse_call(Expr* func, uint32_t begin);
  struct CallArguments {
    Sequence<Expr*> args;
    Sequence<Keyword> keywords;
  };
  CallArguments parse_arguments(bool generator_allowed);
  void check_repeated_keywords(Sequence<Keyword> keywords);
  Expr* parse_subscript(Expr* value, uint32_t begin);
  Expr* parse_slices();
  Expr* parse_slice();
  Sequence<Comprehension> parse_generators();

  // literals.cc
  Expr* parse_number();
  Expr* parse_strings();
  Expr* parse_joined_string(uint32_t begin);
  void parse_fstring_parts(JoinedParts& parts);
  void parse_field(JoinedParts& parts);
  void flush_constant(JoinedParts& parts);
  void add_debug_text(JoinedParts& parts, uint32_t from, uint32_t end);
  void add_piece(JoinedParts& parts, const Token& token, Span content);

  // targets.cc
  Expr* parse_star_targets();
  Expr* parse_star_target();
  void make_target(Expr* target, ExprContext context, const char* verb);
  void make_single_target(Expr* target, const char* use);

  // statements.cc
  void parse_statement();
  void parse_simple_statements();
  Stmt* parse_simple_statement();
  Stmt* parse_expression_statement();
  Stmt* parse_assignment(Expr* first, uint32_t begin);
  Stmt* parse_annotation(Expr* target, uint32_t begin);
  Stmt* parse_import();
  Stmt* parse_import_from();
  Stmt* parse_global(bool nonlocal);
  Stmt* parse_delete();
  Stmt* parse_return();
  Stmt* parse_raise();
  Stmt* parse_assert();
  Stmt* parse_type_alias();
  std::string_view parse_dotted_name();

  // compound.cc
  Stmt* parse_compound_statement();
  Stmt* parse_decorated();
  Stmt* parse_async(Sequence<Expr*> decorators);
  Stmt* parse_function(uint32_t begin, bool is_async, Sequence<Expr*> decorators);
  Stmt* parse_class(Sequence<Expr*> decorators);
  Stmt* parse_if();
  Stmt* parse_while();
  Stmt* parse_for(uint32_t begin, bool is_async);
  Stmt* parse_with(uint32_t begin, bool is_async);
  bool parse_parenthesized_with_items(std::vector<WithItem>& items);
  WithItem parse_with_item();
  Stmt* parse_try();
  ExceptHandler parse_handler(Try& statement, bool first);
  Sequence<Stmt*> parse_block(std::string_view after);
  Sequence<Stmt*> parse_else(std::string_view after);
  uint32_t matching_paren() const;

  // parameters.cc
  Arguments* parse_parameters(TokenKind end, bool annotated);
  Arg parse_parameter(bool annotated, bool star_annotation);
  void parse_slash(Arguments& arguments, size_t mark, bool star);
  void parse_star(Arguments& arguments, bool annotated, bool again);
  void parse_double_star(Arguments& arguments, bool annotated);
  Sequence<TypeParam> parse_type_params();

  // patterns.cc
  Stmt* parse_match();
  bool at_match_statement() const;
  MatchCase parse_case();
  Pattern* parse_patterns();
  Pattern* parse_maybe_star_pattern();
  Pattern* parse_as_pattern();
  Pattern* parse_or_pattern();
  Pattern* parse_closed_pattern();
  Pattern* parse_name_pattern();
  Pattern* parse_class_pattern(Expr* cls, uint32_t begin);
  Pattern* parse_sequence_pattern();
  Pattern* parse_mapping_pattern();
  Expr* parse_pattern_literal();
  Expr* parse_mapping_key();
  Expr* parse_dotted_value();
  std::string_view parse_capture_name();

  // For the few places where it shows only later what is being read: how far everything has come.
  struct Checkpoint {
    const Token* token;
    size_t exprs, other_exprs, stmts, keywords, compare_operators, comprehensions;
    uint32_t depth;
  };
  Checkpoint save() const;
  void restore(const Checkpoint& checkpoint);

  // ---- Small steps, used everywhere ----

  TokenKind kind() const { return token_->kind; }
  bool at(TokenKind wanted) const { return token_->kind == wanted; }
  uint32_t begin() const { return token_->begin; }
  uint32_t previous_end() const { return token_[-1].end; }
  // The end of the last token that is more than a line end: a statement with a block ends there, be it a `;`.
  uint32_t block_end() const;
  bool accept(TokenKind wanted) {
    if (token_->kind != wanted) {
      return false;
    }
    ++token_;
    return true;
  }
  void expect(TokenKind wanted) {
    if (!accept(wanted)) {
      fail_expected(describe(wanted));
    }
  }
  // Is the token this name? For the keywords that are names elsewhere: match, case, type, _.
  bool at_word(std::string_view word) const { return at(TokenKind::name) && text_of(*token_) == word; }
  std::string_view text_of(const Token& token) const { return text_.substr(token.begin, token.end - token.begin); }
  std::string_view expect_name();
  bool supports(int minor) const { return target_.minor >= minor; }
  // Fails unless the target is at least 3.minor: "`match` is Python 3.10; the target is python 3.8".
  void require(int minor, Span where, std::string_view what);

  // They take views, as a string made where they are called would widen the stack frame of a function that calls
  // itself.
  [[noreturn]] void fail(Span where, std::string_view message);
  [[noreturn]] void fail_here(std::string_view message);
  [[noreturn]] void fail_expected(std::string_view what);

  // A node from `begin` to the end of the last token.
  template <class T>
  T* make(uint32_t begin) {
    return make<T>(begin, previous_end());
  }
  template <class T>
  T* make(uint32_t begin, uint32_t end) {
    T* node = arena_.make<T>();
    node->span = {begin, end};
    node->kind = T::node_kind;
    return node;
  }
  template <class T>
  Sequence<T> take(std::vector<T>& list, size_t mark) {
    const Sequence<T> taken = arena_.copy(Sequence<T>(list).subspan(mark));
    list.resize(mark);
    return taken;
  }
  bool is_bare_name(const Expr* expr, uint32_t start) const {
    return expr->kind == NodeKind::Name && expr->span.begin == start;
  }

  std::string_view text_;
  Version target_;
  Arena& arena_;
  Scratch& scratch_;
  const Token* token_;
  uint32_t depth_ = 0;
  uint32_t chain_ = 0;
  bool measure_depth_ = false;
};

}  // namespace spiritsafe::python
