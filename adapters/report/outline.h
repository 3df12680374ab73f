// SPDX-License-Identifier: Apache-2.0
// What every report for people tells besides the findings: each migration with what stands in its way, and what is
// needed from whom.
#pragma once

#include <string>
#include <vector>

#include "adapters/report/report.h"

namespace spiritsafe {

struct WantedApproval {
  const Rule* rule = nullptr;
  size_t findings = 0;
  std::string who = {};  // in words, with the members of groups
};

struct MigrationOutline {
  const MigrationSummary* migration = nullptr;
  std::vector<const Rule*> blocked_by = {};    // each rule once, in the order of the findings
  std::vector<WantedApproval> approvals = {};  // each rule once
  std::vector<const Finding*> backups = {};    // say how to keep what the migration loses
};

// In the order in which they would be applied: each behind those of its parents that are here; else by path.
std::vector<MigrationOutline> outline_migrations(const Judgement& judgement);

struct Needs {
  std::vector<std::pair<const Rule*, size_t>> errors = {};  // each rule once, and how many findings
  std::vector<WantedApproval> approvals = {};
};
Needs needs_of(const Judgement& judgement);

// `data-platform`, or nothing where a rule names no group.
std::string who_approves(const Rule& rule);

// `4 errors, 1 warning in 3 changed migrations since main, among 90 migrations of 1 project`
std::string headline(const Judgement& judgement, const ReportOptions& options);

}  // namespace spiritsafe
