// SPDX-License-Identifier: Apache-2.0
// What two schemas differ in: the one that migrations make and the one that models ask for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/schema/catalogue.h"

namespace spiritsafe {

// One difference. What one side says of it is empty where that side has no such thing: no such table, no default.
struct Drift {
  DriftKind kind = DriftKind::table;
  std::string table = {};  // `schema.name`; of enum_values the type
  std::string name = {};   // of the column, index or constraint; empty where the table's own key, or a nameless one
  std::string migrations = {};
  std::string models = {};
  std::vector<std::string> columns = {};  // that it is about, where known; as the models have them if both do
  std::optional<bool> same_family = {};   // of a type: both are of one type family; nothing where one is not known
  const Operation* operation = nullptr;   // that says it, in the migrations
  const Model* model = nullptr;           // that says it, in the models
  const ModelField* field = nullptr;
  Span span = {};
  DriftSide side() const {
    return migrations.empty() ? DriftSide::models : models.empty() ? DriftSide::migrations : DriftSide::both;
  }
};

struct DriftFound {
  std::vector<Drift> differences = {};      // by table, kind and name
  std::vector<std::string> uncertain = {};  // what could not be compared, and why; sorted
};

// What is unknown on one side is never a difference. Unique constraints are compared by name where the models name
// them. The same is said in many ways: server defaults whose texts differ are uncertain, unless both are plain
// literals, and so are CHECK constraints of one name and computed columns, unless they differ in one word alone.
DriftFound find_drift(const Snapshot& migrations, const Snapshot& models);

}  // namespace spiritsafe
