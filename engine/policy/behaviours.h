// SPDX-License-Identifier: Apache-2.0
// `behaviours:` of a pack: by package and version what decides the schema that models ask for, and what autogenerate
// sees. A later pack's rows of a package take the place of those before it.
#pragma once

#include "engine/policy/modules.h"
#include "engine/policy/policy.h"

namespace spiritsafe {

void read_behaviours(Loading& loading, const Module& module, Behaviours& behaviours);

// Those of the policy. Of a package that its packs say nothing of, what the built-in pack of the package's name says:
// what a version does is no choice of the team's.
Behaviours behaviours_of(const Policy& policy);

// The packages, and the keys of each one's rows; for the JSON Schema.
struct BehaviourKeys {
  std::string_view package = {};
  std::vector<std::string_view> keys = {};
};
std::vector<BehaviourKeys> behaviour_keys();

}  // namespace spiritsafe
