// SPDX-License-Identifier: Apache-2.0
// A policy arranged for judging: for each kind of item the rules that can possibly report it, so that most rules are
// never asked. The policy must outlive it and must not change.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <string_view>
#include <vector>

#include "engine/judge/sieve.h"
#include "engine/policy/policy.h"

namespace spiritsafe {

struct ActiveRule {
  const Rule* rule = nullptr;
  std::vector<const Override*> overrides = {};  // those that name it, in order
  std::vector<SieveNode> sieve = {};
};

using RuleNumbers = std::vector<uint32_t>;  // positions in PreparedPolicy::rules

// Rules that all require the same of an item's own text, choice or flag; asked once for all of them.
struct GuardedRules {
  const Condition* guard = nullptr;
  RuleNumbers rules = {};
};

struct RuleGroup {
  const Entity* entity = nullptr;
  std::vector<GuardedRules> guarded = {};
  RuleNumbers unguarded = {};
  bool empty() const { return guarded.empty() && unguarded.empty(); }
};

struct PatternSet;

struct PreparedPolicy {
  const Policy* policy = nullptr;
  std::vector<ActiveRule> rules = {};  // those that are on somewhere, in the policy's order
  std::array<std::array<RuleNumbers, operation_kind_count>, 2> operation_rules = {};  // by direction and kind
  // Positions in Policy::effects: those that may speak of an operation of a kind, and those of statements.
  std::array<std::vector<uint32_t>, operation_kind_count> operation_effects = {};
  std::vector<uint32_t> statement_effects = {};
  std::vector<RuleGroup> groups = {};       // of what a migration consists of, apart from operations and waivers
  std::vector<RuleGroup> file_groups = {};  // of what another file holds, apart from lines
  bool asks_about_models = false;           // so that Project::models has to be read
  RuleNumbers weakening_rules = {};
  RuleNumbers migration_rules = {}, file_rules = {}, repo_rules = {}, waiver_rules = {};
  RuleNumbers branch_rules = {}, base_migration_rules = {}, difference_rules = {};
  RuleNumbers line_rules = {};
  std::shared_ptr<const PatternSet> line_patterns = {};
  std::map<std::string_view, const Rule*> ids = {};       // former ones too
  bool even_off = false;                                  // report rules whose level is off, too
  const std::vector<std::string>* destructive = nullptr;  // setting `destructive_operations`
};

// With `only`, just the rules of that id, also those that are off.
PreparedPolicy prepare(const Policy& policy, std::string_view only = {});

// The line rules (positions in PreparedPolicy::rules) that may report a line with this text; in order.
void candidate_line_rules(const PreparedPolicy& prepared, std::string_view text, RuleNumbers& candidates);

}  // namespace spiritsafe
