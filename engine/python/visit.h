// SPDX-License-Identifier: Apache-2.0
// The children of a node, in the order of CPython's fields.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <type_traits>
#include <vector>

#include "engine/python/tree.h"

namespace spiritsafe::python {

using ChildVisitor = void (*)(void* context, const Node& child);
void visit_children(const Node& node, ChildVisitor visit, void* context);

// Calls `visit(const Node&)` for every statement, expression and pattern directly under the node: those of its
// Arguments, Keywords, Comprehensions, ExceptHandlers and the like included. What is missing (nullptr) is left out.
template <class Visit>
void for_each_child(const Node& node, Visit&& visit) {
  using Function = std::remove_reference_t<Visit>;
  visit_children(
      node, [](void* context, const Node& child) { (*static_cast<Function*>(context))(child); },
      const_cast<void*>(static_cast<const void*>(std::addressof(visit))));
}

// The node and everything under it, parents first, in the order of the source as far as the fields are. `visit(const
// Node&)` returns false to leave out what is under a node. Without recursion: any depth will do.
template <class Visit>
void walk(const Node& root, Visit&& visit) {
  std::vector<const Node*> todo = {&root};
  while (!todo.empty()) {
    const Node* node = todo.back();
    todo.pop_back();
    if (visit(*node)) {
      const auto before = static_cast<std::ptrdiff_t>(todo.size());
      for_each_child(*node, [&](const Node& child) { todo.push_back(&child); });
      std::reverse(todo.begin() + before, todo.end());
    }
  }
}

}  // namespace spiritsafe::python
