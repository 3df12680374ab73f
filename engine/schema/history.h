// SPDX-License-Identifier: Apache-2.0
// The revision graph of a project and what it says about each migration.
#pragma once

#include "engine/facts/project.h"

namespace spiritsafe {

// Sets what only the whole history can tell: of each migration (heads, missing parents, …) and of the project. Called
// once, when all files of the project have been read and before anything is judged.
void link_history(Project& project);

}  // namespace spiritsafe
