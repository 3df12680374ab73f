// SPDX-License-Identifier: Apache-2.0
// What the models say together with the migrations.
#pragma once

#include "engine/facts/project.h"
#include "engine/schema/replay.h"

namespace spiritsafe {

// Sets File::module of the project's model files, and of each field its column and whether its foreign key leads
// anywhere, and what models and migrations differ in. Once both are read. `replayed` is the replay of the project's
// migrations and no others, where it has been done already.
void link_models(Project& project, const Replay* replayed = nullptr);

}  // namespace spiritsafe
