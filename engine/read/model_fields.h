// SPDX-License-Identifier: Apache-2.0
// The columns, constraints and indexes of one class or Table(…). Internal to engine/read.
#pragma once

#include "engine/read/model_types.h"

namespace spiritsafe {

struct FieldsFound {
  std::vector<ModelField> fields = {};
  std::vector<ModelRelationship> relationships = {};
  bool open = false;
  std::string_view why = {};
};
// Of a SQLModel class and all its bases.
FieldsFound read_sqlmodel_fields(ModuleSet& in, PyClass& one);
// Of a declarative class of SQLAlchemy and its bases, but for those in `without`: a parent that has a table itself.
FieldsFound read_declarative_fields(ModuleSet& in, PyClass& one, const std::vector<PyClass*>& without);

// ---- model_columns.cc ----
// Column(…) or mapped_column(…) into field.column.
void read_column_call(ModuleSet& in, const Seen& call, ModelField& field);
// sqlmodel's Field(…).
void read_field_call(ModuleSet& in, const Seen& call, ModelField& field);
// Where an argument stands, if that is in the field's own file; else the field itself.
Span place_of(const ModelField& field, const Seen& call, Span span);

// ---- model_tables.cc ----
struct TableParts {
  Text schema = {};
  Text comment = {};
  std::vector<Constraint> constraints = {};
  std::vector<ModelIndex> indexes = {};
  std::vector<ModelField> fields = {};  // of Table(…)
  bool extends = false;                 // extend_existing, keep_existing
  Flag not_a_tuple = {};                // __table_args__ is something that SQLAlchemy refuses
  bool open = false;
  std::string_view why = {};
};
void read_table_args(ModuleSet& in, PyClass& one, TableParts& parts);
// What stands in Table("name", metadata, …) behind the metadata.
void read_table_items(ModuleSet& in, const Seen& call, const PyModule& module, TableParts& parts);

}  // namespace spiritsafe
