// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "adapters/report/paint.h"
#include "adapters/report/report.h"
#include "engine/text/printable.h"

namespace spiritsafe {
namespace {

// Rules with this tag say how to keep what a migration loses.
constexpr std::string_view backup_tag = "backup";

// In the order in which they would be applied: each behind those of its parents that are here; else by path.
std::vector<const MigrationSummary*> in_order(const std::vector<MigrationSummary>& migrations) {
  std::vector<const MigrationSummary*> left, ordered;
  std::multiset<std::string_view> waiting;
  for (const MigrationSummary& migration : migrations) {
    left.push_back(&migration);
    waiting.insert(migration.revision);
  }
  while (!left.empty()) {
    const auto is_ready = [&](const MigrationSummary* migration) {
      return std::ranges::none_of(migration->parents, [&](const std::string& parent) {
        return parent != migration->revision && waiting.contains(parent);
      });
    };
    auto next = std::ranges::find_if(left, is_ready);
    next = next == left.end() ? left.begin() : next;  // a cycle has no first one
    if (const auto found = waiting.find((*next)->revision); found != waiting.end()) {
      waiting.erase(found);
    }
    ordered.push_back(*next);
    left.erase(next);
  }
  return ordered;
}

bool is_about(const Finding& finding, const MigrationSummary& migration) {
  return finding.path == migration.path && finding.state == FindingState::open;
}

bool has_tag(const Rule& rule, std::string_view tag) { return std::ranges::find(rule.tags, tag) != rule.tags.end(); }

// `approval of drop-column by data-platform`, each once.
std::vector<std::string> what_stands_in_the_way(const Judgement& judgement, const MigrationSummary& migration,
                                                Level level) {
  std::vector<std::string> names;
  for (const Finding& finding : judgement.findings) {
    if (!is_about(finding, migration) || finding.level != level) {
      continue;
    }
    std::string name = finding.rule->id;
    if (level == Level::approval && !finding.rule->approval_by.empty()) {
      name += fmt::format(" (by {})", fmt::join(finding.rule->approval_by, " or "));
    }
    if (std::ranges::find(names, name) == names.end()) {
      names.push_back(std::move(name));
    }
  }
  return names;
}

void append_migration(std::string& out, const Judgement& judgement, const MigrationSummary& migration, bool colour) {
  out += painted(printable(migration.path) + ":1", bold, colour) + "\n";
  const std::string parents =
      migration.parents.empty() ? "nothing before it" : fmt::format("after {}", fmt::join(migration.parents, ", "));
  const std::string revision = migration.revision.empty() ? "(unknown revision)" : migration.revision;
  out += fmt::format("  {}  {}\n", migration.message.empty() ? "(no message)" : migration.message,
                     painted(fmt::format("{}, {}", revision, parents), dim, colour));
  for (size_t i = 0; i < migration.changes.size(); ++i) {
    const bool destructive = i < migration.destructive;
    const std::string& change = migration.changes[i];
    out += fmt::format("  {} {}\n", destructive ? painted("!", colour_of(Level::error), colour) : "-",
                       destructive ? painted(change, bold, colour) : change);
  }
  if (migration.changes.empty()) {
    out += "  - changes nothing that can be told\n";
  }
  const auto stops = what_stands_in_the_way(judgement, migration, Level::error);
  const auto asks = what_stands_in_the_way(judgement, migration, Level::approval);
  if (!stops.empty()) {
    out += fmt::format("  {} {}\n", painted("blocked by", colour_of(Level::error), colour), fmt::join(stops, ", "));
  }
  if (!asks.empty()) {
    out += fmt::format("  {} {}\n", painted("needs approval for", colour_of(Level::approval), colour),
                       fmt::join(asks, ", "));
  }
  for (const Finding& finding : judgement.findings) {
    if (is_about(finding, migration) && has_tag(*finding.rule, backup_tag)) {
      out += fmt::format("  {}\n", finding.message);
    }
  }
  out += "\n";
}

}  // namespace

std::string write_summary(const Judgement& judgement, const ReportOptions& options) {
  std::string out;
  for (const MigrationSummary* migration : in_order(judgement.migrations)) {
    append_migration(out, judgement, *migration, options.colour);
  }
  const size_t count = judgement.migrations.size();
  if (count == 0) {
    return options.base.empty() ? "no migrations\n"
                                : fmt::format("no migration has changed since {}\n", printable(options.base));
  }
  out += fmt::format("{} {}{}: {}\n", count, count == 1 ? "migration" : "migrations",
                     options.base.empty() ? "" : " since " + printable(options.base), show_counts(judgement.counts));
  out += "! destroys or overwrites something, or may\n";
  return out;
}

}  // namespace spiritsafe
