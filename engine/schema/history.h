// SPDX-License-Identifier: Apache-2.0
// The revision graph of a project and what it says about each migration.
#pragma once

#include "engine/schema/replay.h"

namespace spiritsafe {

// Sets what only the whole history can tell: of each migration (heads, missing parents, …) and of the project. Called
// once, when all files of the project have been read and before anything is judged. Returns the replay of the project's
// migrations, for link_models; nullptr where the base has more that was replayed with them.
std::unique_ptr<Replay> link_history(Project& project);

// The same for a project of one file, which stands in for `replaced` among the files of `around`. That one must
// outlive it.
void link_history(Project& project, const Project& around, const File& replaced);

}  // namespace spiritsafe
