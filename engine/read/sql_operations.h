// SPDX-License-Identifier: Apache-2.0
// From a statement's tree to the operations that it amounts to. Internal to engine/read.
#pragma once

#include "engine/read/interpret.h"
#include "engine/read/sql_head.h"
#include "engine/read/sql_places.h"
#include "engine/read/sql_tree.h"

namespace spiritsafe {

struct SqlStatement {
  size_t index = 0;               // in the list of statements
  const SqlNode* tree = nullptr;  // its own node, such as CreateStmt
  std::string_view sql = {};
  size_t at = 0;  // where it begins in the whole text
  const SqlPlaces& places;
  const CallSite& site;
};

// Adds the operations. Whether they, or nothing, tell all that the statement changes (Statement::is_told).
bool add_sql_operations(Interpreter& in, const SqlStatement& statement);
// The table that a statement makes of which the parser reads nothing: its columns are not known.
void add_unread_table(Interpreter& in, const SqlStatement& statement, const SqlHead& head);
// Does a statement of this node have any, or may what it changes be nothing?
bool has_sql_operations(std::string_view node);

}  // namespace spiritsafe
