// SPDX-License-Identifier: Apache-2.0
// What the models ask for beside what the migrations make, and what of that this change has done.
#pragma once

#include "engine/facts/project.h"
#include "engine/schema/replay.h"

namespace spiritsafe {

// Sets Project::differences, model_changes and mended, and Column::model_field in migrations of the change. `asked` is
// what the project's models ask for; it lives as long as they do. Without a table in it nothing is known of the models,
// and without a migration there is nothing to compare: nothing is set. `replayed`: as for link_models; nullptr: it is
// done here.
void link_drift(Project& project, const Snapshot& asked, const Replay* replayed);

}  // namespace spiritsafe
