// SPDX-License-Identifier: Apache-2.0
// Where models and migrations differ: for people, and for programs.
#pragma once

#include <string>
#include <vector>

#include "engine/schema/drift.h"

namespace spiritsafe {

// Where one side says it; line 0: nowhere.
struct DriftPlace {
  std::string path = {};
  uint32_t line = 0;
  std::string name = {};  // the revision, or the class and its field
};

struct DriftLine {
  std::string kind = {};
  std::string table = {};
  std::string name = {};
  std::string migrations = {};
  std::string models = {};
  DriftPlace in_migrations = {}, in_models = {};
};

// Of one project. Holds no views: what was read may go.
struct DriftReport {
  std::string project = {};
  std::string environment = {};  // the env.py whose models they are; empty: none
  size_t tables = 0;             // of the models
  std::vector<DriftLine> lines = {};
  std::vector<std::string> uncertain = {};
};

DriftReport make_drift_report(const DriftFound& found);
std::string write_drift(const std::vector<DriftReport>& reports, bool colour);
std::string write_drift_json(const std::vector<DriftReport>& reports);

}  // namespace spiritsafe
