// SPDX-License-Identifier: Apache-2.0
// "did you mean": the word that was probably meant.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace spiritsafe {

// The candidate nearest to `word` by insertions, deletions, replacements and swaps, or empty where none is near enough
// (a third of the word's length, at least one). The first of several equally near wins.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace spiritsafe
