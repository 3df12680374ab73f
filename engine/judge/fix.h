// SPDX-License-Identifier: Apache-2.0
// Fixes that are tried before they are believed: the changed file is read and judged again.
#pragma once

#include "engine/judge/judge.h"
#include "engine/read/read.h"

namespace spiritsafe {

struct FixOptions {
  bool unsafe = false;  // unsafe fixes too
  ReadOptions read = {};
  JudgeOptions judge = {};
};

struct FixResult {
  std::string text = {};  // of the file, whether or not it changed
  int applied = 0;
  std::vector<std::string> refused = {};  // a line for each fix that was not taken, and why
};

// Applies the fixes of all findings that stand, until there are none left. Refuses one that does not silence its rule
// on its item, or after which the file has any finding that it had not before, or does not parse. Newlines stay as they
// are; a second run changes nothing.
FixResult fix_file(const Project& project, const File& file, const PreparedPolicy& policy, const FixOptions& options);

// A project of one file with this text, read as the given one was.
std::unique_ptr<Project> read_alone(const Project& project, const File& file, std::string text,
                                    const ReadOptions& options);

}  // namespace spiritsafe
