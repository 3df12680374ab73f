// SPDX-License-Identifier: Apache-2.0
#include "adapters/report/outline.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <unordered_map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/judge/approvals.h"
#include "engine/text/printable.h"

namespace spiritsafe {
namespace {

// Rules with this tag say how to keep what a migration loses.
constexpr std::string_view backup_tag = "backup";

// Numbers of the migrations in the order in which they would be applied.
std::vector<size_t> in_order(const std::vector<MigrationSummary>& migrations) {
  std::unordered_map<std::string_view, size_t> waiting;  // by revision: how many are not placed yet
  std::unordered_map<std::string_view, std::vector<size_t>> children;
  for (const MigrationSummary& migration : migrations) {
    ++waiting[migration.revision];
  }
  std::vector<size_t> missing(migrations.size());  // parents that are not placed yet
  std::set<size_t> ready, left;
  for (size_t i = 0; i < migrations.size(); ++i) {
    for (const std::string& parent : migrations[i].parents) {
      if (parent != migrations[i].revision && waiting.contains(parent)) {
        children[parent].push_back(i);
        ++missing[i];
      }
    }
    left.insert(left.end(), i);
    if (missing[i] == 0) {
      ready.insert(ready.end(), i);
    }
  }
  std::vector<size_t> order;
  while (!left.empty()) {
    const size_t next = ready.empty() ? *left.begin() : *ready.begin();  // a cycle has no first one
    ready.erase(next);
    left.erase(next);
    order.push_back(next);
    if (--waiting[migrations[next].revision] == 0) {
      for (const size_t child : children[migrations[next].revision]) {
        if (--missing[child] == 0 && left.contains(child)) {
          ready.insert(child);
        }
      }
    }
  }
  return order;
}

bool is_backup(const Rule& rule) { return std::ranges::find(rule.tags, backup_tag) != rule.tags.end(); }

void add_approval(std::vector<WantedApproval>& approvals, const Finding& finding) {
  const Rule& rule = *finding.rule;
  const auto is_same = [&](const WantedApproval& other) { return other.rule->id == rule.id; };
  const auto found = std::ranges::find_if(approvals, is_same);
  if (found == approvals.end()) {
    const std::string groups = who_approves(rule);
    approvals.push_back({&rule, 1,
                         finding.approval ? show_need(*finding.approval)
                         : groups.empty() ? "anyone with write access but the authors"
                                          : groups});
  } else {
    ++found->findings;
  }
}

// Files with very many findings have few rules, so looking through the list is all right.
void add_finding(MigrationOutline& outline, const Finding& finding) {
  const Rule& rule = *finding.rule;
  if (finding.level == Level::error &&
      std::ranges::none_of(outline.blocked_by, [&](const Rule* other) { return other->id == rule.id; })) {
    outline.blocked_by.push_back(&rule);
  }
  if (finding.level == Level::approval) {
    add_approval(outline.approvals, finding);
  }
  if (is_backup(rule)) {
    outline.backups.push_back(&finding);
  }
}

std::string counted(size_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

}  // namespace

std::vector<MigrationOutline> outline_migrations(const Judgement& judgement) {
  std::vector<MigrationOutline> outlines;
  std::unordered_map<std::string_view, std::vector<size_t>> by_path;  // two projects may share a file
  for (const size_t number : in_order(judgement.migrations)) {
    const MigrationSummary& migration = judgement.migrations[number];
    by_path[migration.path].push_back(outlines.size());
    outlines.push_back({&migration, {}, {}, {}});
  }
  for (const Finding& finding : judgement.findings) {
    const auto found = by_path.find(finding.path);
    if (finding.state == FindingState::open && found != by_path.end()) {
      for (const size_t index : found->second) {
        add_finding(outlines[index], finding);
      }
    }
  }
  return outlines;
}

Needs needs_of(const Judgement& judgement) {
  Needs needs;
  for (const Finding& finding : judgement.findings) {
    if (finding.state != FindingState::open && finding.state != FindingState::undecided) {
      continue;
    }
    if (finding.level == Level::approval) {
      add_approval(needs.approvals, finding);
    } else if (finding.level == Level::error) {
      const auto is_same = [&](const auto& other) { return other.first->id == finding.rule->id; };
      const auto found = std::ranges::find_if(needs.errors, is_same);
      if (found == needs.errors.end()) {
        needs.errors.emplace_back(finding.rule, 1);
      } else {
        ++found->second;
      }
    }
  }
  return needs;
}

std::string who_approves(const Rule& rule) { return fmt::format("{}", fmt::join(rule.approval_by, " or ")); }

std::string headline(const Judgement& judgement, const ReportOptions& options) {
  const std::string found = show_counts(judgement.counts);
  const std::string of_all = fmt::format("{} of {}", counted(options.migrations, "migration", "migrations"),
                                         counted(options.projects, "project", "projects"));
  if (options.base.empty()) {
    return fmt::format("{} in {}", found, of_all);
  }
  if (options.changed == 0 && judgement.findings.empty()) {
    return fmt::format("no migration has changed since {}; --all judges all {}", printable(options.base), of_all);
  }
  return fmt::format("{} in {} since {}, among {}", found,
                     counted(options.changed, "changed migration", "changed migrations"), printable(options.base),
                     of_all);
}

}  // namespace spiritsafe
