// SPDX-License-Identifier: Apache-2.0
// What the models say together with the migrations.
#pragma once

#include "engine/facts/project.h"

namespace spiritsafe {

// Sets File::module of the project's model files, and of each field its column and whether its foreign key leads
// anywhere. Once models and migrations are read.
void link_models(Project& project);

}  // namespace spiritsafe
