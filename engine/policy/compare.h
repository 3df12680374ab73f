// SPDX-License-Identifier: Apache-2.0
// What a change of the policy takes away from it.
#pragma once

#include <vector>

#include "engine/facts/weakenings.h"
#include "engine/policy/policy.h"
#include "engine/policy/waiver_file.h"

namespace spiritsafe {

// What `base` asked and `here` does not ask any more, or asks less of: a level lowered, a rule off, changed or gone, a
// pack gone, an override that lowers a level, something excluded, a setting or the approvers changed. What became
// stricter is left out where that can be told: of a changed setting it cannot. The same policies give the same list, in
// order.
std::vector<FoundWeakening> compare_policies(const Policy& base, const Policy& here);

// The waivers of `here` that accept more, or for longer, than any of `base` (null: there was no such file).
std::vector<FoundWeakening> compare_waivers(const WaiverFile* base, const WaiverFile& here);

}  // namespace spiritsafe
