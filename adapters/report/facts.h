// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "engine/facts/vocabulary.h"

namespace spiritsafe {

// All facts of an item as JSON, by the vocabulary's own names: absent facts are left out, what cannot be known is
// {"unknown": true}, and a list of which only a part could be read is {"open": true, "items": […]}. `text` is the
// item's file, for lines and columns.
std::string write_facts(Item item, std::string_view text);

}  // namespace spiritsafe
