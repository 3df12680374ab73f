// SPDX-License-Identifier: Apache-2.0
// The versions of its packages that a project's lock files, requirements and pyproject.toml say.
#pragma once

#include <string>
#include <vector>

#include "adapters/files/workspace.h"
#include "engine/facts/behaviours.h"

namespace spiritsafe {

// The project's folder and those above it, up to `root`, the top of what is looked at.
std::vector<std::string> folders_upwards(const FoundProject& found, const std::string& root);

// In those folders, the nearest one first. A lower bound is taken for the version where it is past all `behaviours`.
PackageVersions find_versions(const FoundProject& found, const std::string& root, const Behaviours& behaviours);

}  // namespace spiritsafe
