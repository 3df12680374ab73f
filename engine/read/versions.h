// SPDX-License-Identifier: Apache-2.0
// Which version of a package a project works with, by what its files pin.
#pragma once

#include <string_view>

#include "engine/facts/behaviours.h"

namespace spiritsafe {

// `path` tells what is in `text`: uv.lock, poetry.lock, pdm.lock, a requirements file, pyproject.toml. {0, 0, 0} where
// it pins none: `>=` names no version.
PackageVersion pinned_version(std::string_view path, std::string_view text, std::string_view package);

// The lower bound in `>=0.0.21` and `^0.0.21`, of a requirements file or pyproject.toml; likewise.
PackageVersion lowest_version(std::string_view path, std::string_view text, std::string_view package);

}  // namespace spiritsafe
