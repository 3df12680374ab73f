// SPDX-License-Identifier: Apache-2.0
// What a table keeps beside its columns, compared: keys, constraints, indexes. For drift.cc.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/schema/drift.h"

namespace spiritsafe {

using TablesById = std::unordered_map<uint32_t, const Table*>;

struct Comparing {
  const Snapshot& migrations;
  const Snapshot& models;
  DriftFound& found;
  TablesById made = {}, asked = {};  // the tables of the migrations and of the models
};

// What one side says.
struct Said {
  std::string text = {};
  const Operation* operation = nullptr;
  const Model* model = nullptr;
  const ModelField* field = nullptr;
  Span span = {};
  std::vector<std::string> columns = {};
};

// `schema.name`, or the name alone where it is in the default schema.
std::string full_name(const Text& schema, const Text& name);
std::string full_name(const Table& table);
// nullptr: that side has nothing. What only the migrations have is not claimed where env.py may leave it out.
void add_drift(Comparing& in, DriftKind kind, const std::string& table, const std::string& name, const Said* migrations,
               const Said* models);
void add_uncertain(Comparing& in, const std::string& what, const std::string& why);

void compare_parts(Comparing& in, const Table& migrations, const Table& models);

}  // namespace spiritsafe
