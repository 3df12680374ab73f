// SPDX-License-Identifier: Apache-2.0
// One operation done to a timeline, as PostgreSQL would do it. Internal to engine/schema.
#pragma once

#include <string>
#include <vector>

#include "engine/facts/migration.h"
#include "engine/schema/catalogue.h"

namespace spiritsafe {

// What an operation meets.
struct Meeting {
  Found<Table> table = {};                          // before it
  Found<TableColumn> column = {};                   // likewise, the one that it is about
  std::vector<std::string> missing = {};            // what it needs and is not there
  std::vector<std::string> missing_referents = {};  // likewise, what a foreign key leads to
  std::vector<std::string> present = {};            // what it makes and is there already
  std::vector<std::string> referrers = {};          // what still needs the thing that it drops
  std::vector<std::string> missing_types = {};      // enum types that it uses
  std::vector<std::string> present_types = {};      // enum types that it makes and are there already
  bool open = false;                                // there may be more of all these
  Text actual_name = {};                            // of the constraint that it would drop if it named it rightly
  Flag changes = {};                                // false: the schema is the same after it
};

struct Applying {
  Catalogue& catalogue;
  Timeline& line;
  const Operation& operation;
  Meeting& meeting;
  Moment moment() const { return {&line, line.now}; }
};

// ---- apply.cc ----
void apply(Catalogue& catalogue, Timeline& line, const Operation& operation, Meeting& meeting);
// From here on all that is there is uncertain.
void doubt_everything(Catalogue& catalogue, Timeline& line, const Text& why);
// Behind a direction of which not all could be read, unless one of its steps, since that moment, has told so.
void doubt_what_follows(Catalogue& catalogue, Timeline& line, const List<Operation>& operations, uint32_t begin);
Text reason_of(const Operation& operation);

// ---- apply_objects.cc: what only SQL can say ----
void change_enum_value(Applying& in);
void rename_enum(Applying& in);
void rename_constraint(Applying& in);
void rename_index(Applying& in);
// A view or a sequence that comes or goes.
void change_relation(Applying& in);

// ---- changes.cc: what the others are made of ----
Table* edit(Applying& in, const Found<Table>& table);  // a copy to change; put() it then
void put(Applying& in, const Table* table);
void put_relation(Applying& in, std::string_view schema, std::string_view name, const Relation* relation);
void put_enum(Applying& in, const EnumType* type);
void remove_enum(Applying& in, const EnumType& type);
// A name of a constraint comes (+1) or goes (-1).
void use_name(Applying& in, const Text& schema, const Text& name, int by);
template <class T>
void append(Applying& in, std::span<const T* const>& list, const T* item);
template <class T>
void remove(Applying& in, std::span<const T* const>& list, const T* item);
template <class T>
void replace(Applying& in, std::span<const T* const>& list, const T* before, const T* after);
std::string shown(const Text& schema, const Text& name);

// ---- apply_constraints.cc ----
struct NewConstraint {
  ConstraintKind kind = ConstraintKind::check;
  Text name = {};
  Texts columns = {};
  Text referent_table = {};
  Text referent_schema = {};
  Texts referent_columns = {};
  Text ondelete = {};
  Text onupdate = {};
  Flag deferrable = {};
  Text initially = {};
  Text condition = {};
};
void add_constraint(Applying& in, Table& table, const NewConstraint& made);
// It and what PostgreSQL keeps for it.
void remove_constraint(Applying& in, Table& table, const TableConstraint& constraint);
void add_index(Applying& in, Table& table);
void remove_index(Applying& in, Table& table, const TableIndex& index);
// Foreign keys of other tables to it; with `columns` only those that need a constraint over exactly these.
std::vector<std::pair<const Table*, const TableConstraint*>> foreign_keys_to(Applying& in, const Table& table);
// The name of a constraint or index as it is written, as PostgreSQL gets it.
Text written_name(Applying& in, Text name);
// Of what is not read of SQL: does an operation that is written in it say these words, in small letters, somewhere?
bool may_say(const Operation& operation, std::string_view words);
// Has a primary key or a unique constraint exactly these columns, in this order?
bool is_key_over(const Table& table, const ColumnNumbers& columns);
ColumnNumbers numbers_of(Applying& in, const Table& table, const Texts& columns);

// ---- apply_columns.cc ----
TableColumn* make_column(Applying& in, Table& table, const Column& column, bool makes_types);
void remove_column(Applying& in, Table& table, const TableColumn& column);
// The type as PostgreSQL says it, and the enum that it is.
void set_type(Applying& in, TableColumn& made, const Table& table, const Column& column, bool makes_types);
void add_sequence(Applying& in, const Table& table, TableColumn& column, bool has_default);
void remove_sequences(Applying& in, const Table& table, const TableColumn& column);

// Anonymous no more: the implementations of the templates.
template <class T>
void append(Applying& in, std::span<const T* const>& list, const T* item) {
  std::vector<const T*> items(list.begin(), list.end());
  items.push_back(item);
  in.catalogue.budget -= static_cast<int64_t>(items.size());
  list = in.catalogue.arena.copy(items);
}
template <class T>
void remove(Applying& in, std::span<const T* const>& list, const T* item) {
  std::vector<const T*> items(list.begin(), list.end());
  std::erase(items, item);
  in.catalogue.budget -= static_cast<int64_t>(items.size());
  list = in.catalogue.arena.copy(items);
}
template <class T>
void replace(Applying& in, std::span<const T* const>& list, const T* before, const T* after) {
  std::vector<const T*> items(list.begin(), list.end());
  std::replace(items.begin(), items.end(), before, after);
  in.catalogue.budget -= static_cast<int64_t>(items.size());
  list = in.catalogue.arena.copy(items);
}

}  // namespace spiritsafe
