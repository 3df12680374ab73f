// SPDX-License-Identifier: Apache-2.0
// Comments, autogenerate's marker pairs and inline waivers. Internal to engine/read.
#pragma once

#include <span>
#include <vector>

#include "engine/python/tree.h"
#include "engine/read/interpret.h"

namespace spiritsafe {

struct CommentsFound {
  List<Comment> comments = {};
  std::span<const InlineWaiver> waivers = {};
  std::span<const Span> markers = {};  // from the end of the first comment of a pair to the start of the second
};

CommentsFound read_comments(std::string_view text, const python::Module& module, Arena& arena);
// Of another language: `sign` begins them, and code begins at `first_code`.
CommentsFound read_comments(std::string_view text, std::span<const python::Comment> sources, std::string_view sign,
                            uint32_t first_code, Arena& arena);

}  // namespace spiritsafe
