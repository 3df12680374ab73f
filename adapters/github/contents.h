// SPDX-License-Identifier: Apache-2.0
// Files of commits that are not here: what was reviewed before a branch was rebased is in no clone any more.
#pragma once

#include <optional>
#include <string>

#include "adapters/github/event.h"
#include "adapters/http/pages.h"

namespace spiritsafe::github {

// Nothing where there is no such file, or where it cannot be read.
std::optional<std::string> read_content(const Send& send, const Context& context, const std::string& path,
                                        const std::string& commit);

}  // namespace spiritsafe::github
