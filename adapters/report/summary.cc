// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "adapters/report/neutral.h"
#include "adapters/report/outline.h"
#include "adapters/report/paint.h"
#include "adapters/report/report.h"
#include "engine/text/printable.h"

namespace spiritsafe {
namespace {

std::vector<std::string> names_of(const std::vector<WantedApproval>& approvals) {
  std::vector<std::string> names;
  for (const WantedApproval& approval : approvals) {
    const std::string who = who_approves(*approval.rule);
    names.push_back(who.empty() ? approval.rule->id : fmt::format("{} (by {})", approval.rule->id, who));
  }
  return names;
}

void append_migration(std::string& out, const MigrationOutline& outline, bool colour) {
  const MigrationSummary& migration = *outline.migration;
  out += painted(log_line(migration.path + ":1"), bold, colour) + "\n";
  const std::string parents =
      migration.parents.empty() ? "nothing before it" : fmt::format("after {}", fmt::join(migration.parents, ", "));
  const std::string revision = migration.revision.empty() ? "(unknown revision)" : migration.revision;
  out += fmt::format("  {}  {}\n", migration.message.empty() ? "(no message)" : log_line(migration.message),
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
  if (!outline.blocked_by.empty()) {
    std::vector<std::string_view> names;
    for (const Rule* rule : outline.blocked_by) {
      names.push_back(rule->id);
    }
    out += fmt::format("  {} {}\n", painted("blocked by", colour_of(Level::error), colour), fmt::join(names, ", "));
  }
  if (!outline.approvals.empty()) {
    out += fmt::format("  {} {}\n", painted("needs approval for", colour_of(Level::approval), colour),
                       fmt::join(names_of(outline.approvals), ", "));
  }
  for (const Finding* finding : outline.backups) {
    out += fmt::format("  {}\n", log_line(finding->message));
  }
  out += "\n";
}

}  // namespace

std::string write_summary(const Judgement& judgement, const ReportOptions& options) {
  std::string out;
  for (const MigrationOutline& outline : outline_migrations(judgement)) {
    append_migration(out, outline, options.colour);
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
