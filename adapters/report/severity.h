// SPDX-License-Identifier: Apache-2.0
// What each level is called elsewhere, and which findings go first where not all have room.
#pragma once

#include <string_view>
#include <vector>

#include "adapters/report/report.h"

namespace spiritsafe {

struct Severity {
  Level level;
  std::string_view command;       // GitHub's workflow commands
  std::string_view sarif;         // SARIF's result.level
  std::string_view code_quality;  // GitLab's Code Quality
  bool fails;                     // a JUnit test case with it has failed
};
const Severity& severity_of(Level level);

// Open, or undecided: neither waived nor approved nor in the baseline.
bool stands(const Finding& finding);

// From the repository's top; the path as it is where nobody knows that. For the project as a whole its folder, or `.`.
std::string place_of(const Finding& finding, const ReportOptions& options);

// The findings that stand, in the order in which a cap spares them: by level (what blocks, then what waits for an
// approval), lines of the diff before others, then by path, line, column and rule.
std::vector<const Finding*> by_importance(const Judgement& judgement, const ReportOptions& options);

}  // namespace spiritsafe
