// SPDX-License-Identifier: Apache-2.0
// A JSON Schema (draft 2020-12) of policy files for editors: completion and misspelt keys, fields, operators and words.
// It cannot follow `$names`, captures and paths through several items; the loader does.
#pragma once

#include <string>

namespace spiritsafe {

std::string policy_json_schema();

}  // namespace spiritsafe
