// SPDX-License-Identifier: Apache-2.0
// `effects:` of a pack: which lock an operation or statement takes, whether the table is written anew or read, when it
// fails. Rows are asked in order. Each has examples, which a test runs on a real server, so that a row without one does
// not load. `lock_modes:` says what waits for which lock.
#pragma once

#include "engine/policy/settings.h"

namespace spiritsafe {

// Appends those of the module to the policy, apart from those of other versions of the server.
void read_effects(Loading& loading, const Names& names, const Module& module, Policy& policy);
const std::vector<std::string_view>& effect_keys();
const std::vector<std::string_view>& effect_example_keys();

}  // namespace spiritsafe
