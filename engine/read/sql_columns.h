// SPDX-License-Identifier: Apache-2.0
// Columns, types and constraints of a statement's tree. Internal to engine/read.
#pragma once

#include <vector>

#include "engine/read/sql_operations.h"
#include "engine/read/sql_words.h"

namespace spiritsafe {

struct SqlReader {
  Interpreter& in;
  const SqlStatement& statement;
  Text text = {};  // of the statement
  SqlPiece whole = {};
};

// A piece that ends at 0 is not known: what is read from its text is unknown, then.
Span place_of(const SqlReader& reader, SqlPiece piece);
// Absent where it is empty; unknown where a hole is in it.
Text name_of(SqlReader& reader, std::string_view name, Span span);
// The SQL itself, without white space and comments around.
Text slice_of(SqlReader& reader, SqlPiece piece);
// Where the name of a relation (`schema.name`, perhaps with a `*`) ends.
size_t behind_name(const SqlReader& reader, const SqlNode* relation);

// What the type says of a column. Its text ends before `end`; 0: that is not known.
void set_sql_type(SqlReader& reader, const SqlNode* type, size_t end, Column& column);
// The constraints that stand in the column's definition are added to the list.
Column column_of(SqlReader& reader, const SqlNode* definition, SqlPiece piece, std::vector<Constraint>& constraints);
// false: what stands there is no constraint that has a kind.
bool constraint_of(SqlReader& reader, const SqlNode* definition, SqlPiece piece, Constraint& constraint);

struct TableMembers {
  std::vector<Column> columns = {};
  std::vector<Constraint> constraints = {};
  bool open = false;
};
// Of CREATE TABLE.
TableMembers members_of(SqlReader& reader, const SqlNode* tree);

}  // namespace spiritsafe
