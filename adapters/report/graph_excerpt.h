// SPDX-License-Identifier: Apache-2.0
// The part of a revision graph that shows what is wrong with it, small enough for a comment.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "adapters/report/graph.h"

namespace spiritsafe {

// From the heads back to where they meet, at most so many revisions.
Drawing excerpt_of(const Drawing& drawing, size_t most);

// Excerpts of all of them, as mermaid; empty where there is none.
std::string draw_excerpts(std::span<const Drawing> drawings);

}  // namespace spiritsafe
