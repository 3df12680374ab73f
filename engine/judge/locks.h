// SPDX-License-Identifier: Apache-2.0
// Operations and statements × the policy's rows of effects → which locks they take, what they read and write anew.
#pragma once

#include "engine/facts/project.h"
#include "engine/judge/prepare.h"

namespace spiritsafe {

// Sets the facts of locks.h for the migrations that the change touches. The first row whose condition holds speaks;
// where it cannot be told whether an earlier one holds, that row speaks as well, and what they do not agree on is
// unknown.
void link_locks(Project& project, const PreparedPolicy& policy, unsigned threads = 1);

}  // namespace spiritsafe
