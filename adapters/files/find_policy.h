// SPDX-License-Identifier: Apache-2.0
// Which policy judges a project: the given file, the nearest spiritsafe.yml, or the built-in packs that fit the
// project.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/files/workspace.h"
#include "engine/policy/load.h"

namespace spiritsafe {

inline constexpr std::string_view policy_file_name = "spiritsafe.yml";

// The text of a file; nothing where there is none of that path.
using ReadPolicyText = std::function<Result<std::optional<std::string>>(const std::string& path)>;

struct PolicyRequest {
  std::string file = {};     // empty: look for one
  ReadPolicyText read = {};  // where a team's policy and what it extends are read from; empty: from the disk
  std::string packs = {};    // a folder of packs in place of the embedded ones; empty: the embedded ones
  bool examples = false;     // keep examples: needs `packs`
  bool pack_rules = false;
};

// One policy for each project, in their order; projects with the same policy share it. With no project, the one policy
// of the request. Scripts are judged by `scripts`: the policy of the given paths' top, else the first project's.
struct Policies {
  std::vector<std::shared_ptr<const Policy>> of_project = {};
  std::shared_ptr<const Policy> scripts = {};
};
Result<Policies> find_policies(const Workspace& workspace, const PolicyRequest& request);

// The policy of the current folder and no project: for `policy` and `explain`. All built-in packs where there is no
// file.
Result<Policy> find_policy(const PolicyRequest& request);

// All packs of the request, whatever team policy there is.
Result<Policy> load_all_packs(const PolicyRequest& request);

// One pack and what it extends.
Result<Policy> load_pack(const PolicyRequest& request, const std::string& name);

}  // namespace spiritsafe
