// SPDX-License-Identifier: Apache-2.0
// Texts cut to a platform's limits. Characters are counted as UTF-16 does (one outside the Basic Multilingual Plane is
// two): platforms do not say what they count, and this is never less than the number of code points.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace spiritsafe {

size_t count_units(std::string_view text);

// At most `limit` of them, cut between two characters; what is cut ends in `…`, which counts too. `text` is UTF-8.
std::string cut_to_units(std::string_view text, size_t limit);

}  // namespace spiritsafe
