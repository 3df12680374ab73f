// SPDX-License-Identifier: Apache-2.0
// From what was read of a revision file to a Migration, whatever it is written in. Internal to engine/read.
#pragma once

#include "engine/read/interpret.h"

namespace spiritsafe {

// What is left where nothing could be read.
void leave_unknown(Migration& migration);
// The lists are complete and will not move: from here on pointers are good. The first `upgrade_count` operations are
// those of upgrade().
void link(Interpreter& in, Migration& migration, uint32_t upgrade_count);
// The tables that it touches, and which of them belong together.
void group_tables(Interpreter& in, Migration& migration);

}  // namespace spiritsafe
