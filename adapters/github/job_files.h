// SPDX-License-Identifier: Apache-2.0
// The texts of the files by which a step tells the runner something: GITHUB_OUTPUT and GITHUB_STEP_SUMMARY.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/judge/finding.h"

namespace spiritsafe::github {

inline constexpr size_t step_summary_bytes = 1u << 20;  // of one step; what is longer is not shown at all

struct Output {
  std::string_view name = {};
  std::string value = {};
};

// Whatever is in a value, it stays one value.
std::string show_outputs(const std::vector<Output>& outputs);

// `{"error": 1, "approval": 0, …}`, as the JSON report has them.
std::string show_counts_as_json(const Counts& counts);

}  // namespace spiritsafe::github
