// SPDX-License-Identifier: Apache-2.0
// The parts of a policy beside its rules: shared names, settings, overrides, approvers.
#pragma once

#include "engine/policy/modules.h"
#include "engine/policy/rules.h"

namespace spiritsafe {

// Lists, maps, conditions and settings of all modules. The same name twice is a mistake.
Names read_names(Loading& loading, const Modules& modules);
// Holds the shared conditions to the vocabulary, each where it stands.
void check_conditions(Loading& loading, const Names& names);
// Lists and maps that nothing refers to, in the files that are not embedded.
void check_unused_names(Loading& loading, const Names& names, const Modules& modules);

PolicySettings compile_settings(Loading& loading, const Names& names, const Modules& modules);
const std::vector<std::string_view>& engine_settings();

using RuleTable = std::map<std::string, std::unique_ptr<RuleSource>, std::less<>>;
// The rule of an id or of one it had formerly; nullptr is reported at `id`.
RuleSource* find_rule(Loading& loading, const RuleTable& rules, const YamlNode& id);
// `overrides:` that select by settings: where these have the values, the rules are changed as under `rules:`, so that a
// later pack or file may still change them.
void change_by_settings(Loading& loading, const Names& names, const RuleTable& rules, const Module& module);
void read_overrides(Loading& loading, const Names& names, const RuleTable& rules, const Module& module, Policy& policy);
void read_approvers(Loading& loading, const Module& module, Policy& policy);

}  // namespace spiritsafe
