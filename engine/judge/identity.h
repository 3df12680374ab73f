// SPDX-License-Identifier: Apache-2.0
// What makes a finding the same finding in the next run: not its line, its layout or its file's name.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/judge/finding.h"

namespace spiritsafe {

// Of what the item does, as written but white space folded; the same for two items that do the same.
uint64_t item_identity(Item item);

// Rule, project, revision (path, where there is none), the item, and which of several equal ones it is: 16 hex digits.
// Sets Finding::fingerprint of all findings of one file, which must be in the order in which their items are written.
void set_fingerprints(std::vector<Finding>& findings);

// Whether a finding in another version of the file is the same, whatever its revision is called.
struct FindingKey {
  std::string rule = {};
  uint64_t item = 0;
  auto operator<=>(const FindingKey&) const = default;
};
FindingKey key_of(const Finding& finding);

}  // namespace spiritsafe
