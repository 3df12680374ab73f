// SPDX-License-Identifier: Apache-2.0
// How large a database's tables are, as a policy file that a team's own one extends.
#pragma once

#include <string>
#include <vector>

#include "adapters/postgres/database.h"
#include "engine/policy/policy.h"

namespace spiritsafe {

// From when on a table is large, and until when it is small; megabytes are of 1,000,000 bytes.
struct TableThresholds {
  int64_t large_rows = 0, large_megabytes = 0;
  int64_t small_rows = 0, small_megabytes = 0;
};

// As the policy's settings `large_table_rows`, `large_table_megabytes`, `small_table_rows` and `small_table_megabytes`
// say; nothing where one of them is missing or no number.
std::optional<TableThresholds> thresholds_of(const PolicySettings& settings);

// The YAML of a pack `table-sizes` that sets `large_tables` and `small_tables`, the largest first. Of tables of one
// name in several schemas the largest counts, as rules know a table by its name. One whose rows were never counted is
// not small.
std::string write_table_sizes(const std::vector<TableSize>& tables, const TableThresholds& thresholds);

}  // namespace spiritsafe
