// SPDX-License-Identifier: Apache-2.0
// The files that `init` writes, as texts: made from what was found, written by nobody here.
#pragma once

#include <string>
#include <vector>

#include "adapters/files/workspace.h"

namespace spiritsafe {

struct StarterFacts {
  std::vector<FoundProject> projects = {};  // with paths from where spiritsafe.yml will lie
  // Where models stand, by their paths likewise: files, or folders with `/` behind them.
  std::vector<std::string> model_places = {};
};

// spiritsafe.yml; what is commented out in it is right when it is not.
std::string starter_policy(const StarterFacts& facts);
// .github/workflows/spiritsafe.yml
std::string starter_github();
// .gitlab/spiritsafe.yml, and the lines of .gitlab-ci.yml that include it.
std::string starter_gitlab();
std::string starter_gitlab_include();
// .pre-commit-config.yaml, and the part of it that goes below an existing `repos:`.
std::string starter_pre_commit();
std::string starter_pre_commit_entry();

}  // namespace spiritsafe
