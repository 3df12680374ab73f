// SPDX-License-Identifier: Apache-2.0
// `diagnoses:` of a pack or file: failures told by their message, held to as much as rules are.
#pragma once

#include "engine/policy/settings.h"

namespace spiritsafe {

// Appends those of the module to the policy.
void read_diagnoses(Loading& loading, const RuleTable& rules, const Module& module, Policy& policy);
const std::vector<std::string_view>& diagnosis_keys();

}  // namespace spiritsafe
