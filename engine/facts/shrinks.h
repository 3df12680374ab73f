// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/facts/migration.h"
#include "engine/text/arena.h"

namespace spiritsafe {

// Operation::shrinks by the operation's existing and new types.
Texts find_shrinks(Arena& arena, const Operation& operation);

}  // namespace spiritsafe
