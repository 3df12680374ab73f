// SPDX-License-Identifier: Apache-2.0
// The revision graph of one project, drawn.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/facts/project.h"

namespace spiritsafe {

// One revision of a drawing; all texts as they stand in the files.
struct DrawnRevision {
  std::string revision = {};
  std::vector<std::string> parents = {};
  std::vector<std::string> depends_on = {};
  std::vector<std::string> labels = {};  // its own and those of its branch
  std::string path = {};
  std::string message = {};
  std::vector<size_t> parent_rows = {};  // where in Drawing::revisions they are
  std::vector<size_t> dependency_rows = {};
  bool head = false;
  bool effective_head = false;  // a head that nothing depends on
  bool base = false;
  bool is_new = false;     // the base has it not
  bool from_base = false;  // the base branch got it meanwhile; it is not here
};

struct DrawnProblem {
  std::string kind = {};  // `missing_parent`, `cycle`, …
  std::string revision = {};
  std::vector<std::string> names = {};  // the missing parent, the label, the revisions around the cycle
};

struct Drawing {
  std::string project = {};
  std::vector<std::string> heads = {}, effective_heads = {}, bases = {};  // in the order of paths
  std::vector<DrawnRevision> revisions = {};                              // newest first, as `alembic history`
  std::vector<DrawnProblem> problems = {};
  bool has_base = false;
};

Drawing draw(const Project& project);

struct GraphFormat {
  std::string_view name;
  std::string_view help;
  std::string (*write)(std::span<const Drawing>, bool colour);
};
std::span<const GraphFormat> graph_formats();

}  // namespace spiritsafe
