// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "adapters/report/graph.h"

namespace spiritsafe {

// A picture of its own: newest on top, a column for each line of the history; nothing in it is run or fetched.
std::string draw_svg(std::span<const Drawing> drawings);

}  // namespace spiritsafe
