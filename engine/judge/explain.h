// SPDX-License-Identifier: Apache-2.0
// Why a rule did or did not report something, in the rule's own lines.
#pragma once

#include "engine/judge/judge.h"

namespace spiritsafe {

//   item alembic/versions/r0.py:12 operation
//     yes kind = add_column   (line 156)
//     no column.nullable = true   (line 158: column.nullable = false)
//   => not reported
// For each item of the file, or of its `line` (0: all), that the rule is about. Without a line, items that the rule's
// conditions leave out are shown only where there is nothing else, and not more than a few.
std::string explain(const Policy& policy, std::string_view rule, const Project& project, const File& file,
                    uint32_t line = 0);

}  // namespace spiritsafe
