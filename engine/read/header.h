// SPDX-License-Identifier: Apache-2.0
// The docstring of a revision file and the identifiers beside it. Internal to engine/read.
#pragma once

#include "engine/read/interpret.h"

namespace spiritsafe {

void read_docstring(Interpreter& in, const python::Module& module, Migration& migration);
// After the module's own statements were followed.
void read_identifiers(Interpreter& in, Migration& migration);

// Those of the tables that the message names: `user_profile` is named by `UserProfile`, `user profiles` and
// `userprofile`.
Texts tables_named(Interpreter& in, const Texts& tables, const Text& message);

}  // namespace spiritsafe
