// SPDX-License-Identifier: Apache-2.0
// Fixes that are tried before they are believed: the changed file is read and judged again.
#pragma once

#include <map>

#include "engine/judge/identity.h"
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

// How often each thing is found, waived and approved ones aside.
using FindingCounts = std::map<FindingKey, int>;
FindingCounts count_standing(const std::vector<Finding>& findings);
// Why a change that mends these findings must not be made: one of them would still stand, or another one would be new.
// Empty where it may.
std::string objection(FindingCounts before, const FindingCounts& after, const std::vector<FindingKey>& mended);

// A project of one file with this text, read as the given one was.
std::unique_ptr<Project> read_alone(const Project& project, const File& file, std::string text,
                                    const ReadOptions& options);

}  // namespace spiritsafe
