// SPDX-License-Identifier: Apache-2.0
// Pages in Markdown: one for each rule of a policy, one that lists them, and the reference of language and vocabulary.
#pragma once

#include <map>
#include <string>

#include "engine/policy/policy.h"

namespace spiritsafe {

// The page of a rule; `rows` are all its rows. With examples, where the policy was loaded with them.
std::string rule_page(const std::vector<const Rule*>& rows);
// File name (`drop-column.md`) → text, for all rules and the list of them (`README.md`).
std::map<std::string, std::string> policy_pages(const Policy& policy);
// Entities, fields, operators, keys and the fixed meanings of the language.
std::string reference_page();

}  // namespace spiritsafe
