// SPDX-License-Identifier: Apache-2.0
// The revision graph of a project and what it says about each migration.
#pragma once

#include "engine/facts/project.h"

namespace spiritsafe {

// Sets what only the whole history can tell: of each migration (heads, missing parents, …) and of the project, and what
// it makes of the models where they have been read. Called once, when all files of the project have been read and
// before anything is judged.
void link_history(Project& project);

// The same for a project of one file, which stands in for `replaced` among the files of `around`. That one must
// outlive it.
void link_history(Project& project, const Project& around, const File& replaced);

}  // namespace spiritsafe
