// SPDX-License-Identifier: Apache-2.0
// What makes a finding the same finding in the next run: not its line, its layout or its file's name.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/judge/finding.h"

namespace spiritsafe {

// Of what the item does; where only its source can tell, as it is written apart from white space, the kind of quotes
// and commas behind a last item. The same for two items that do the same.
uint64_t item_identity(Item item);

// Where paths begin: a finding is the same wherever in the tree the user stands.
struct Standpoint {
  std::string root = {};  // of the repository, absolute; empty: paths are taken as they are
  std::string here = {};  // the current folder, absolute
};
// `a/../b.py` as seen from the root; a path that leads out of it stays absolute.
std::string path_from_root(const Standpoint& standpoint, std::string_view path);

// Rule, project, revision (path, where there is none), the item, and which of several equal ones it is: 16 hex digits.
// Sets Finding::fingerprint of all findings of one file, which must be in the order in which their items are written.
// `folder` is the project's.
void set_fingerprints(std::vector<Finding>& findings, const Standpoint& standpoint = {}, std::string_view folder = {});

// Whether a finding in another version of the file is the same, whatever its revision is called.
struct FindingKey {
  std::string rule = {};
  uint64_t item = 0;
  auto operator<=>(const FindingKey&) const = default;
};
FindingKey key_of(const Finding& finding);

}  // namespace spiritsafe
