// SPDX-License-Identifier: Apache-2.0
#include "engine/python/parser.h"

#include <utility>

#include "engine/python/visit.h"

namespace spiritsafe::python {

namespace {

// A node deeper than max_tree_depth, or nullptr. Without recursion, as it is asked where a tree may be too deep for
// that.
const Node* find_too_deep(Sequence<Stmt*> body) {
  std::vector<std::pair<const Node*, uint32_t>> todo;
  for (const Stmt* statement : body) {
    todo.emplace_back(statement, 1);
  }
  while (!todo.empty()) {
    const auto [node, depth] = todo.back();
    todo.pop_back();
    if (depth > max_tree_depth) {
      return node;
    }
    for_each_child(*node, [&, below = depth + 1](const Node& child) { todo.emplace_back(&child, below); });
  }
  return nullptr;
}

}  // namespace

Module* Parser::parse_module() {
  while (!at(TokenKind::end_marker)) {
    // Only 3.8 takes a line that has nothing but a line continuation for an empty statement.
    if (supports(9) || !accept(TokenKind::newline)) {
      parse_statement();
    }
  }
  Module* module = arena_.make<Module>();
  module->body = take(scratch_.stmts, 0);
  module->comments = arena_.copy(scratch_.buffer.comments);
  if (measure_depth_) {
    if (const Node* node = find_too_deep(module->body); node != nullptr) {
      fail(node->span, "too deeply nested");
    }
  }
  return module;
}

uint32_t Parser::block_end() const {
  const Token* token = token_ - 1;
  while (token->kind == TokenKind::newline || token->kind == TokenKind::dedent) {
    --token;
  }
  return token->end;
}

Parser::Checkpoint Parser::save() const {
  return {token_,
          scratch_.exprs.size(),
          scratch_.other_exprs.size(),
          scratch_.stmts.size(),
          scratch_.keywords.size(),
          scratch_.compare_operators.size(),
          scratch_.comprehensions.size(),
          depth_};
}

void Parser::restore(const Checkpoint& checkpoint) {
  token_ = checkpoint.token;
  scratch_.exprs.resize(checkpoint.exprs);
  scratch_.other_exprs.resize(checkpoint.other_exprs);
  scratch_.stmts.resize(checkpoint.stmts);
  scratch_.keywords.resize(checkpoint.keywords);
  scratch_.compare_operators.resize(checkpoint.compare_operators);
  scratch_.comprehensions.resize(checkpoint.comprehensions);
  depth_ = checkpoint.depth;
}

void Parser::fail(Span where, std::string_view message) { throw Failure{{where, std::string(message)}}; }

// Where the tokenizer gave up, its reason is the better one.
void Parser::fail_here(std::string_view message) {
  if (at(TokenKind::failure)) {
    throw Failure{scratch_.buffer.error};
  }
  fail({token_->begin, token_->end}, message);
}

void Parser::fail_expected(std::string_view what) {
  fail_here("expected " + std::string(what) + ", found " + std::string(describe(kind())));
}

void Parser::require(int minor, Span where, std::string_view what) {
  if (!supports(minor)) {
    fail(where,
         std::string(what) + " is Python 3." + std::to_string(minor) + "; the target is " + name_version(target_));
  }
}

std::string name_version(Version version) {
  return "Python " + std::to_string(version.major) + "." + std::to_string(version.minor);
}

}  // namespace spiritsafe::python
