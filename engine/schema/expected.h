// SPDX-License-Identifier: Apache-2.0
// The schema that the models ask for, in the terms of the replayed one: what PostgreSQL would hold after
// metadata.create_all() on an empty database.
#pragma once

#include "engine/facts/models.h"
#include "engine/schema/catalogue.h"

namespace spiritsafe {

// Tables, columns, constraints and indexes carry the model and field that say them. Tables that may be otherwise are
// uncertain and say why; what is unknown of a column is unknown. Models that env.py does not reach are left out, unless
// it reaches none. Everything lives in the arena and in `models`. Columns are numbered from 1 in each table; tables and
// enum types have ids of this snapshot only.
Snapshot expected_schema(const ModelsFacts& models, Arena& arena);

// ---- expected_columns.cc; for expected.cc ----
struct ExpectedTypes {
  const ModelsFacts& models;
  Arena& arena;
  std::vector<EnumType*> enums = {};
  uint32_t last_id = 0;
};
TableColumn* expected_column(ExpectedTypes& in, const Model& model, const ModelField& field, uint32_t number);

}  // namespace spiritsafe
