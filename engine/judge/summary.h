// SPDX-License-Identifier: Apache-2.0
// A migration in a few words for the person who decides about it: what its upgrade() does.
#pragma once

#include "engine/judge/finding.h"

namespace spiritsafe {

// In the order of writing, except that kinds named in `destructive` come first (nullptr: none).
MigrationSummary summarise(const Migration& migration, const std::vector<std::string>* destructive);

}  // namespace spiritsafe
