// SPDX-License-Identifier: Apache-2.0
// What the CI that runs us says about the change: where it grew from and where it goes to. Sources: GitHub's webhook
// payloads (the file of GITHUB_EVENT_PATH) and default variables; GitLab's predefined CI/CD variables.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/text/error.h"

namespace spiritsafe {

// The value of an environment variable; empty where it is not set.
using Environment = std::function<std::string(std::string_view name)>;

struct CiChange {
  enum class Platform { none, other, github, gitlab };
  Platform platform = Platform::none;
  std::string base_name = {};  // as people call it: `main`, `the merge queue's base`; empty: CI does not say
  std::vector<std::string> tips =
      {};                 // names or commits of the base's tip, the best first; the first that is here counts
  std::string head = {};  // the change's own last commit, which must be part of what is checked out
  std::vector<std::string> cures = {};  // what to do where none of the tips is here
  bool in_ci() const { return platform != Platform::none; }
};

// `event` is the text of the event file, empty where there is none. An error where it is not what GitHub writes.
Result<CiChange> read_ci(const Environment& environment, std::string_view event);

// What in a commit's message keeps GitHub or GitLab from running anything for it: `[skip ci]`; empty: nothing.
std::string find_skip_marker(std::string_view message);

}  // namespace spiritsafe
