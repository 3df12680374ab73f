// SPDX-License-Identifier: Apache-2.0
#include "adapters/report/severity.h"

#include <algorithm>

namespace spiritsafe {
namespace {

// An approval is no error for SARIF and Code Quality: code scanning would fail where a person may still say yes.
constexpr Severity severities[] = {
    // level        command    sarif      code quality  fails
    {Level::error, "error", "error", "critical", true},  {Level::approval, "warning", "warning", "major", true},
    {Level::warn, "warning", "warning", "minor", false}, {Level::advice, "notice", "note", "info", false},
    {Level::off, "notice", "none", "info", false},
};

struct Ranked {
  const Finding* finding = nullptr;
  size_t level = 0;
  bool outside = false;  // of the diff
};

}  // namespace

const Severity& severity_of(Level level) { return *std::ranges::find(severities, level, &Severity::level); }

bool stands(const Finding& finding) {
  return finding.state == FindingState::open || finding.state == FindingState::undecided;
}

std::string place_of(const Finding& finding, const ReportOptions& options) {
  const std::string& path = finding.path.empty() ? finding.project : finding.path;
  if (path.empty()) {
    return ".";
  }
  return options.repository_path ? options.repository_path(path) : path;
}

std::vector<const Finding*> by_importance(const Judgement& judgement, const ReportOptions& options) {
  std::vector<Ranked> ranked;
  for (const Finding& finding : judgement.findings) {
    if (stands(finding)) {
      const bool in_diff =
          options.in_diff && !finding.path.empty() && options.in_diff(finding.path, finding.begin.line);
      ranked.push_back({&finding, static_cast<size_t>(&severity_of(finding.level) - severities), !in_diff});
    }
  }
  // The findings are in the order of their places already.
  std::ranges::stable_sort(ranked, [](const Ranked& a, const Ranked& b) {
    return a.level != b.level ? a.level < b.level : a.outside < b.outside;
  });
  std::vector<const Finding*> findings;
  findings.reserve(ranked.size());
  for (const Ranked& one : ranked) {
    findings.push_back(one.finding);
  }
  return findings;
}

}  // namespace spiritsafe
