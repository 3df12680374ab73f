// SPDX-License-Identifier: Apache-2.0
// The revisions of a project on the base's tip, and what they would be if the change were merged into it.
#pragma once

#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/facts/project.h"

namespace spiritsafe {

struct Sides {
  std::vector<const Migration*> merged = {};  // by path; without a base those that are here
  std::vector<const Migration*> tip = {};     // by path; empty without a base
  std::unordered_map<std::string_view, const Migration*> tip_revisions = {};
  // What the merge base had of the files that the change touches, by revision.
  std::unordered_map<std::string_view, const Migration*> merge_base_revisions = {};
  bool has_base = false;
  // On the tip, or at the merge base and gone since.
  bool is_new(std::string_view revision) const {
    return has_base && !tip_revisions.contains(revision) && !merge_base_revisions.contains(revision);
  }
};

// Of `project`; or, where they are given, of `around` with the migrations of `project` in place of that of `replaced`.
Sides find_sides(const Project& project, const Project* around = nullptr, const File* replaced = nullptr);

}  // namespace spiritsafe
