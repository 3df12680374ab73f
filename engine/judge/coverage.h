// SPDX-License-Identifier: Apache-2.0
// Which conditions of a policy some example made true, and which some example made false.
#pragma once

#include <map>
#include <span>
#include <tuple>

#include "engine/judge/finding.h"

namespace spiritsafe {

struct SeenCondition {
  const Rule* rule = nullptr;  // the first that has it
  const Condition* condition = nullptr;
  bool seen_true = false;
  bool seen_false = false;
};

// By place in the policy's files, so that the rows of a table of cases, and rules that share a condition, count
// together. The last number tells apart tests that are written at one place.
using ConditionKey = std::tuple<uint16_t, uint32_t, uint32_t, uint32_t>;

struct Coverage {
  std::map<ConditionKey, SeenCondition> seen = {};
};

// Adds the tests of a rule, unseen.
void note_conditions(Coverage& coverage, const Rule& rule);
// Asks each of the rows about everything in the project, and notes the answers. `judgement` has the waivers.
void cover(Coverage& coverage, std::span<const Rule> rows, const Project& project, const Judgement& judgement);

}  // namespace spiritsafe
