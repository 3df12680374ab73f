// SPDX-License-Identifier: Apache-2.0
// Whose policy and waivers judge a change: in CI those of its base, on a laptop those of the work tree.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adapters/cli/change.h"
#include "adapters/files/find_policy.h"
#include "engine/facts/weakenings.h"
#include "engine/policy/waiver_file.h"

namespace spiritsafe {

struct TeamWaivers {
  std::string path = {};  // of the file, whether there is one or not
  std::optional<WaiverFile> of_team = {};
  std::optional<WaiverFile> proposed = {};  // the change's own, where the base's decide
};

struct Deciding {
  Policies policies = {};
  Policies previews = {};  // the change's own, where others decide; else empty
  std::map<const Policy*, TeamWaivers> waivers = {};
  std::vector<FoundWeakening> weakenings = {};  // what the change takes away from the policy
  std::vector<std::string> notes = {};          // what the user should know
};

// `today` is YYYY-MM-DD. An error where a policy or waiver file does not load, the change's own included: it would be
// the next one to decide.
Result<Deciding> find_deciding(const Workspace& workspace, const WorkspaceBase& base, PolicyRequest request,
                               const std::string& today);

}  // namespace spiritsafe
