// SPDX-License-Identifier: Apache-2.0
// Which index of a table serves what. Internal to engine/schema.
#pragma once

#include "engine/facts/schema.h"

namespace spiritsafe {

// Can rows be found by these columns through an index whose first columns they are? That of a primary key or unique
// constraint counts as well.
Truth is_indexed(const Table& table, const ColumnNumbers& columns);

// The name of the index or constraint that serves all that the one which `operation` makes serves: over the same
// columns in the same order, unique where that one is. Absent where there is none, unknown where that cannot be told.
Text same_index(const Table& table, const Operation& operation);

}  // namespace spiritsafe
