// SPDX-License-Identifier: Apache-2.0
// Colours of a terminal (ECMA-48 select graphic rendition); nothing where there is none.
#pragma once

#include <string>
#include <string_view>

#include "engine/policy/policy.h"

namespace spiritsafe {

inline constexpr std::string_view bold = "\x1b[1m", dim = "\x1b[2m";

std::string_view colour_of(Level level);
std::string painted(std::string_view text, std::string_view code, bool colour);

}  // namespace spiritsafe
