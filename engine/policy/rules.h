// SPDX-License-Identifier: Apache-2.0
// One rule from YAML: read as its pack wrote it, changed by what later packs and the team's file say, then compiled.
#pragma once

#include "engine/policy/compiler.h"

namespace spiritsafe {

// A parameter as the rule declares it; its value is in RuleNames.
struct Declared {
  const YamlEntry* entry = nullptr;
  Operand fallback = {};
};

// A rule on its way from YAML to `Rule`.
struct RuleSource {
  const YamlEntry* entry = nullptr;
  std::string pack = {};
  const Entity* entity = nullptr;
  std::vector<Declared> declared = {};
  RuleNames names = {};
  Level level = Level::warn;
  Level own_level = Level::warn;
  std::optional<Level> floor = {};
  bool level_changed = false;  // a change of the level goes for all rows of `cases:`
  std::vector<std::string> approval_by = {};
  std::vector<std::string> approval_via = {};
  std::string because = {};
  std::optional<std::string> dialect = {};  // unset: its pack's
  bool every_branch = false;
  bool only_alembic = false;
  std::vector<std::pair<std::string, Level>> level_changes = {};  // who set which level, in order
  std::vector<std::string> changed_by = {};
  std::vector<SetBy> steps = {};
};

// nullptr where the rule cannot be used further; why was reported.
std::unique_ptr<RuleSource> read_rule(Loading& loading, const Names& names, const YamlEntry& entry,
                                      const std::string& pack);
// `level`, `with`, `approval`, `because` of a later pack or file.
void change_rule(Loading& loading, const Names& names, RuleSource& rule, const YamlEntry& entry,
                 const std::string& source);
// Holds a level against the rule's floor; `at` is what sets it.
bool respects_floor(Loading& loading, const RuleSource& rule, Level level, const YamlNode& at);
// Appends the rule, or one Rule for each row of its cases.
void compile_rule(Loading& loading, const Names& names, const RuleSource& rule, bool in_pack, std::vector<Rule>& rules);

bool is_rule_id(std::string_view text);  // kebab-case
const std::vector<std::string_view>& rule_keys();
const std::vector<std::string_view>& change_keys();

// Parts of a rule that have a file of their own.
std::vector<Example> read_examples(Loading& loading, const YamlNode& node);
const std::vector<std::string_view>& example_keys();
Autofix compile_autofix(Compiler& compiler, const YamlNode& node, const Here& here);
std::vector<Signature> read_signatures(Loading& loading, const YamlNode& node);
std::vector<std::string> read_links(Loading& loading, const YamlNode* node);

}  // namespace spiritsafe
