// SPDX-License-Identifier: Apache-2.0
// Rules for people: one rule's page, and the list of a policy's rules.
#pragma once

#include <string>

#include "engine/policy/policy.h"

namespace spiritsafe {

std::string write_rule_page(const Policy& policy, const Rule& rule, bool colour);

// One line a rule: id, level, scope, pack, title; what a policy changed and why.
std::string write_rule_list(const Policy& policy, bool colour);

// Who set what: of one rule every step, of the whole policy its packs, settings, changes and overrides.
std::string write_origin(const Policy& policy, const Rule& rule, bool colour);
std::string write_origins(const Policy& policy, bool colour);

}  // namespace spiritsafe
