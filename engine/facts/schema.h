// SPDX-License-Identifier: Apache-2.0
// What a database holds after some migrations: tables and what belongs to them, enum types, views, sequences. Plain
// data, made by the replay (engine/schema/replay.h), which never changes what it has made: a later state is a new
// struct that shares all that stayed.
#pragma once

#include "engine/facts/kinds.h"
#include "engine/facts/value.h"

namespace spiritsafe {

struct Operation;
struct Migration;
struct Model;
struct ModelField;

// Of what the models say (engine/schema/expected.h) `operation` is nullptr, and `model` and `field` tell which class
// and which of its fields says it; of what migrations made it is the other way round.
struct EnumType {
  uint32_t id = 0;   // stays through renames
  Text schema = {};  // absent: the default one
  Text name = {};
  Texts values = {};
  bool uncertain = false;                // a step that could not be read may have made, changed or dropped it
  Text why = {};                         // of uncertain: that step
  const Operation* operation = nullptr;  // that made it
  const Model* model = nullptr;          // of the models: the first that uses it
  const ModelField* field = nullptr;     // likewise
};

struct TableColumn {
  uint32_t number = 0;  // stays through renames
  Text name = {};
  Text type = {};      // as PostgreSQL says it: `character varying(255)`
  Text own_type = {};  // `Money(12)`, as written: a type that is not SQLAlchemy's own
  Fact<TypeFamily> type_family = {};
  uint32_t enum_id = 0;  // of the enum type that `type` names
  Flag nullable = {};
  Text server_default = {};
  Flag identity = {};
  Flag identity_always = {};  // GENERATED ALWAYS, not BY DEFAULT
  Flag computed = {};
  Text computed_as = {};  // its expression
  Text sequence = {};     // its name, of a serial or identity column
  Text comment = {};
  const Operation* operation = nullptr;  // that made it
  const Model* model = nullptr;
  const ModelField* field = nullptr;
};

// Columns are told by their numbers, which outlive a new name. 0: an expression.
using ColumnNumbers = List<uint32_t>;

struct TableConstraint {
  ConstraintKind kind = ConstraintKind::check;
  Text name = {};  // PostgreSQL's own where none is written
  ColumnNumbers columns = {};
  uint32_t referent = 0;  // the id of the table that a foreign key leads to; 0: not known which
  Text referent_table = {};
  Text referent_schema = {};
  ColumnNumbers referent_columns = {};
  Text ondelete = {};
  Text onupdate = {};
  Flag deferrable = {};
  Text initially = {};
  Text condition = {};
  Flag named = {};  // false: the name is PostgreSQL's own
  const Operation* operation = nullptr;
  const Model* model = nullptr;
  const ModelField* field = nullptr;  // nullptr: the table itself says it
  Span span = {};                     // of the models: where in the file of the field, or of the model, it is said
};

struct TableIndex {
  Text name = {};
  ColumnNumbers columns = {};
  Flag unique = {};
  Text condition = {};
  ColumnNumbers condition_columns = {};
  Flag plain = {};  // a b-tree of whole columns in their own order, and nothing else said
  const Operation* operation = nullptr;
  const Model* model = nullptr;
  const ModelField* field = nullptr;
  Span span = {};
};

struct Table {
  uint32_t id = 0;   // stays through renames
  Text schema = {};  // absent: the default one
  Text name = {};
  std::span<const TableColumn* const> columns = {};
  std::span<const TableConstraint* const> constraints = {};
  std::span<const TableIndex* const> indexes = {};  // those of constraints are not among them
  Text comment = {};
  uint32_t next_number = 1;
  bool uncertain = false;                // it may hold more or less than this, or not be there at all
  Text why = {};                         // of uncertain: the step that could not be read
  Flag partitioned = {};                 // known only where it is
  bool filled = false;                   // the migration that made it has put rows into it
  uint32_t updated_below = 0;            // columns of lower numbers were there when an UPDATE of the table ran
  const Operation* operation = nullptr;  // that made it
  const Model* model = nullptr;
};

// What env.py's include_object or include_name may leave out: all that has these properties. An absent one is any.
struct LeftOut {
  Text type = {};  // `table`, `column`, `index`, …, as Alembic calls it
  Text name = {};
  Text schema = {};
};

// What an operation meets in the schema before it, by the replay. Texts are ready to be read.
struct SchemaEffect {
  Flag existing_table = {};  // its table was there before the change, or has rows already; absent: it has none
  Texts impossible = {{}, State::absent, false};         // why it fails: "column `user.nick` is not there"
  Texts missing_referents = {{}, State::absent, false};  // what its foreign key leads to and is not there
  Texts still_used_by = {{}, State::absent, false};      // what still needs the thing that it drops
  Texts missing_types = {{}, State::absent, false};      // enum types that it uses and are not there
  Texts existing_types = {{}, State::absent, false};     // enum types that it makes and are there
  Flag redundant = {};                                   // the schema is the same after it
  Text actual_name = {};                       // drop_constraint: of the constraint that it misses, where that is clear
  Flag nullable_before = {};                   // alter_column, drop_column: of the column
  Text type_before = {};                       // likewise
  Fact<TypeFamily> type_family_before = {};    // likewise
  Texts shrinks = {{}, State::absent, false};  // Operation::shrinks, where the operation itself cannot tell
  Text server_default_before = {};             // likewise
  Flag updated_before = {};                    // likewise: an UPDATE of its table has run since it was there
  Texts checks = {{}, State::absent, false};   // likewise: names of the CHECK constraints that speak of it
  Flag partitioned = {};  // its table is partitioned; absent where it has none or that is not known
  Texts nullable_columns = {{}, State::absent, false};  // create_primary_key: those of its columns that may be NULL
  Texts values_lost = {
      {}, State::absent, false};  // alter_column: values of the column's enum type that the new one lacks
  // When its migration is done: foreign keys that it makes and that no index serves, `user.owner_id`, and the index or
  // constraint that serves all that its index serves.
  Texts foreign_keys_not_indexed = {{}, State::absent, false};
  Text same_index = {};
  // create_table: tables that its foreign keys lead to and that were there before the change.
  Texts existing_referents = {{}, State::absent, false};
};

}  // namespace spiritsafe
