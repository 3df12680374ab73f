// SPDX-License-Identifier: Apache-2.0
// What a change does to files and what its base has otherwise, under the names that the workspace uses.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/facts/project.h"

namespace spiritsafe {

struct FileChange {
  Change change = Change::unchanged;
  std::string base_path = {};                                   // what it was called; empty where it is new
  std::vector<std::pair<uint32_t, uint32_t>> added_lines = {};  // first and last, from 1, sorted
};

// A file that the base has and the change has not, or has otherwise (see Project::base_files).
struct BaseFile {
  std::string path = {};
  Origin origin = Origin::merge_base;
  Change change = Change::modified;
  std::optional<std::string> text = {};  // nothing where the base has no such file (any more)
};

struct Base {
  std::string name = {};                           // as people call it: `main`
  std::map<std::string, FileChange> changes = {};  // of the files that are here or were; what is missing is unchanged
  std::vector<BaseFile> files = {};                // sorted by origin and path
  std::map<std::string, std::string> staged = {};  // texts that stand in git's index instead of those on the disk
};

// Sets what the change does to a file of that path; without a base every file counts as added.
void apply_change(File& file, const Base* base);

}  // namespace spiritsafe
