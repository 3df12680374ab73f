// SPDX-License-Identifier: Apache-2.0
// A statement's tree as PostgreSQL's parser prints it. Internal to engine/read.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/text/arena.h"

namespace spiritsafe {

// A field of an object, an item of a list, or what is in either. A node such as `{"RangeVar": {…}}` is an object with
// one child, whose key is what the node is.
struct SqlNode {
  std::string_view key = {};   // empty: of a list
  std::string_view text = {};  // of a string
  int64_t number = 0;          // of an integer; 1: true
  const SqlNode* child = nullptr;
  const SqlNode* next = nullptr;
};

struct SqlTree {
  const SqlNode* statement =
      nullptr;            // its own node, such as `CreateStmt`; nullptr: too large, or not what it should be
  bool too_deep = false;  // what is nested deeper than anybody writes is left out
};

// The JSON, which ends with a NUL, is changed: texts of the tree lie in it.
SqlTree read_sql_tree(char* json, Arena& arena);
// The name of that node by the text alone, before it is read; empty where there is no statement.
std::string_view statement_node(std::string_view json);

// Of a node that may be nullptr, a field by its name; nullptr where there is none.
const SqlNode* field_of(const SqlNode* node, std::string_view key);
std::string_view text_of(const SqlNode* node, std::string_view key);
// Missing numbers and flags are 0: so the parser prints them.
int64_t number_of(const SqlNode* node, std::string_view key);
// What is in `{"RangeVar": {…}}` where it is one; else nullptr.
const SqlNode* as_node(const SqlNode* item, std::string_view type);
// The name in `{"String": {"sval": …}}`.
std::string_view string_of(const SqlNode* item);

}  // namespace spiritsafe
