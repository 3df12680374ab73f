// SPDX-License-Identifier: Apache-2.0
// Which of the tables that a migration touches belong together, by the schema that it meets and the one that it leaves.
#pragma once

#include "engine/facts/migration.h"
#include "engine/schema/catalogue.h"

namespace spiritsafe {

// Migration::table_groups with those groups made one that a foreign key, a table of nothing but foreign keys to both,
// or an enum type links in one of the two schemas.
void join_table_groups(Arena& arena, const Catalogue& catalogue, Migration& migration, Moment before, Moment after);

}  // namespace spiritsafe
