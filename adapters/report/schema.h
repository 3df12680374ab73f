// SPDX-License-Identifier: Apache-2.0
// What a database holds at a revision, as the replay has it: SQL to read, JSON for programs.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/facts/project.h"
#include "engine/schema/catalogue.h"

namespace spiritsafe {

// The schema of one project at a moment of its history.
struct ReplayedSchema {
  std::string project = {};
  std::vector<std::string> at = {};  // the revisions that it is the state behind; several: all heads together
  bool downgraded = false;           // … the state behind the downgrade() of that revision
  Snapshot snapshot = {};
  std::unordered_map<const Operation*, uint32_t> lines = {};  // where they stand, set by find_lines
  std::string of_models = {};  // what the models ask for instead, by this env.py; `at` is empty then
};

// Where a field of a model, or the model itself, stands: its name and `path:line`; empty where there is none.
struct ModelPlace {
  std::string name = {};
  std::string path = {};
  uint32_t line = 0;
};
ModelPlace place_of_model(const Model* model, const ModelField* field, Span span);

void find_lines(ReplayedSchema& schema);

struct SchemaFormat {
  std::string_view name;
  std::string_view help;
  std::string (*write)(const ReplayedSchema&);
  std::string_view before, between, behind;  // of the schemas of several projects
};
std::span<const SchemaFormat> schema_formats();

// schema_json.cc
std::string write_schema_json(const ReplayedSchema& schema);

}  // namespace spiritsafe
