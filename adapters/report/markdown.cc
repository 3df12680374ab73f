// SPDX-License-Identifier: Apache-2.0
// The report as Markdown, for a step summary, a comment, a merge request's note. It is put together of blocks that are
// whole in themselves, so leaving some out leaves no fence, fold or list open.
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "adapters/report/cut.h"
#include "adapters/report/neutral.h"
#include "adapters/report/outline.h"
#include "adapters/report/report.h"
#include "adapters/report/severity.h"
#include "engine/text/printable.h"

namespace spiritsafe {
namespace {

constexpr size_t room_for_the_end = 1'000;  // bytes: what was cut, who judged
constexpr size_t longest_text = 1'000;      // characters of a message or a change
constexpr size_t most_changes = 40;         // of one migration
constexpr size_t most_notes = 10;
constexpr size_t most_rules = 50;

// Takes blocks as long as they fit; the first that does not ends its list.
class Page {
 public:
  explicit Page(size_t limit) : limit_(limit) {}

  bool add(const std::string& block, size_t limit) {
    if (text_.size() + block.size() > std::min(limit, limit_)) {
      return false;
    }
    text_ += block;
    return true;
  }
  bool add(const std::string& block) { return add(block, limit_); }
  // How much of it what comes now may fill, of what is left.
  size_t half() const { return text_.size() + (limit_ - std::min(limit_, text_.size())) / 2; }
  std::string take() { return std::move(text_); }

 private:
  size_t limit_;
  std::string text_ = {};
};

std::string prose(std::string_view text) { return markdown_prose(cut_to_units(printable(text), longest_text)); }

// `path:line`, and a way there.
std::string place(const std::string& path, uint32_t line, const ReportOptions& options) {
  const std::string label = markdown_code(fmt::format("{}:{}", path, line));
  if (options.link_prefix.empty() || path.starts_with('/') || path.starts_with("../")) {
    return label;
  }
  return markdown_link(label, fmt::format("{}{}#L{}", options.link_prefix, uri_path(path), line));
}

std::string place(const Finding& finding, const ReportOptions& options) {
  return finding.path.empty() ? markdown_code(finding.project.empty() ? "project" : finding.project)
                              : place(place_of(finding, options), finding.begin.line, options);
}

std::string title(Verdict verdict) {
  switch (verdict) {
    case Verdict::clean:
      return "✅ spiritsafe: clean";
    case Verdict::blocked:
      return "❌ spiritsafe: blocked";
    case Verdict::approval:
      return "✋ spiritsafe: waits for an approval";
    case Verdict::unusable:
      return "⚠️ spiritsafe: could not judge";
  }
  return {};
}

std::string findings_of(size_t count, const Rule& rule) {
  return fmt::format("{} {} of {}", count, count == 1 ? "finding" : "findings", markdown_code(rule.id));
}

void append_needs(Page& page, const Judgement& judgement) {
  const Needs needs = needs_of(judgement);
  if (needs.errors.empty() && needs.approvals.empty()) {
    return;
  }
  size_t left_out = 0, rules = 0;
  const auto add = [&](const std::string& line) { left_out += rules++ >= most_rules || !page.add(line); };
  page.add("### What is needed\n\n");
  for (const auto& [rule, count] : needs.errors) {
    add(fmt::format("- Fix or waive {}\n", findings_of(count, *rule)));
  }
  for (const WantedApproval& approval : needs.approvals) {
    add(fmt::format("- Approval of {} by {}\n", findings_of(approval.findings, *approval.rule), prose(approval.who)));
  }
  if (left_out > 0) {
    page.add(fmt::format("- … and {} more rules\n", left_out));
  }
  page.add("\n");
}

// At most so many; what is left out is counted by one more.
void cap(std::vector<std::string>& parts, size_t most, std::string_view more) {
  if (parts.size() > most) {
    const size_t left_out = parts.size() - most;
    parts.resize(most);
    parts.push_back(fmt::format(fmt::runtime(more), left_out));
  }
}

// A row of a migration's table: a sign, and what it stands for as Markdown without `|`.
std::string row(std::string_view sign, std::string_view text) { return fmt::format("| {} | {} |\n", sign, text); }

std::string list_rules(const MigrationOutline& outline) {
  std::vector<std::string> parts;
  for (const Rule* rule : outline.blocked_by) {
    parts.push_back(row("❌", fmt::format("blocked by {}", markdown_code(rule->id))));
  }
  for (const WantedApproval& approval : outline.approvals) {
    const std::string who = who_approves(*approval.rule);
    parts.push_back(row("✋", fmt::format("needs approval for {}{}", markdown_code(approval.rule->id),
                                         who.empty() ? "" : " by " + markdown_text(who))));
  }
  cap(parts, most_rules, "| | … and {} more rules |\n");
  return fmt::format("{}", fmt::join(parts, ""));
}

std::string list_changes(const MigrationSummary& migration) {
  std::string out;
  for (size_t i = 0; i < std::min(migration.changes.size(), most_changes); ++i) {
    const std::string change = markdown_text(cut_to_units(printable(migration.changes[i]), longest_text));
    out += i < migration.destructive ? row("⚠️", fmt::format("**{}**", change)) : row("", change);
  }
  if (migration.changes.size() > most_changes) {
    out += row("", fmt::format("… and {} more changes", migration.changes.size() - most_changes));
  }
  return migration.changes.empty() ? row("", "changes nothing that can be told") : out;
}

std::string show_migration(const MigrationOutline& outline, const ReportOptions& options) {
  const MigrationSummary& migration = *outline.migration;
  const std::string path = options.repository_path ? options.repository_path(migration.path) : migration.path;
  std::vector<std::string> parents;
  for (const std::string& parent : migration.parents) {
    parents.push_back(markdown_code(parent));
  }
  cap(parents, most_rules, "{} more");
  std::string out =
      fmt::format("#### {}\n\n{} · {}, {}\n\n", place(path, 1, options),
                  migration.message.empty() ? "(no message)"
                                            : markdown_text(cut_to_units(printable(migration.message), longest_text)),
                  migration.revision.empty() ? "(unknown revision)" : markdown_code(migration.revision),
                  parents.empty() ? "nothing before it" : fmt::format("after {}", fmt::join(parents, ", ")));
  out += "| | what it does |\n|---|---|\n" + list_changes(migration) + list_rules(outline);
  std::vector<std::string> backups;
  for (const Finding* backup : outline.backups) {
    backups.push_back(row("💾", markdown_text(cut_to_units(printable(backup->message), longest_text))));
  }
  cap(backups, most_notes, "| | … and {} more about backups |\n");
  return fmt::format("{}{}\n", out, fmt::join(backups, ""));
}

std::string show_finding(const Finding& finding, const ReportOptions& options) {
  std::string out =
      fmt::format("**{}** · {} · {}", name_of(finding.level), place(finding, options), markdown_code(finding.rule->id));
  if (finding.state != FindingState::open || !finding.state_reason.empty()) {
    out += fmt::format(" · {}{}{}", finding.state == FindingState::open ? "note" : name_of(finding.state),
                       finding.state_reason.empty() ? "" : ": ", prose(finding.state_reason));
  }
  out += fmt::format("\n\n{}\n\n", prose(finding.message));
  if (finding.approval) {
    std::vector<std::string> set_aside;
    for (const std::string& given : finding.approval->set_aside) {
      set_aside.push_back(fmt::format("- does not count: {}\n", prose(given)));
    }
    cap(set_aside, most_notes, "- … and {} more that do not count\n");
    out += set_aside.empty() ? std::string() : fmt::format("{}\n", fmt::join(set_aside, ""));
  }
  const Rule& rule = *finding.rule;
  out += "<details><summary>why, and how to mend it</summary>\n\n";
  if (!rule.why.empty()) {
    out += prose(rule.why) + "\n\n";
  }
  if (!rule.fix.empty()) {
    out += "**Fix:** " + prose(rule.fix) + "\n\n";
  }
  if (!finding.instead.empty()) {
    out += "Instead:\n\n" + markdown_block(finding.instead, "python") + "\n";
  }
  if (!finding.source_line.empty()) {
    out += markdown_block(fmt::format("{:>5} | {}", finding.begin.line, finding.source_line), "text") + "\n";
  }
  return out + "</details>\n\n";
}

void append_end(std::string& text, const ReportOptions& options, size_t shown, size_t of, size_t migrations_shown,
                size_t of_migrations) {
  if (migrations_shown < of_migrations) {
    text += fmt::format("{} of {} migrations are told here; the others are in the full report.\n\n", migrations_shown,
                        of_migrations);
  }
  if (shown < of) {
    text += fmt::format("{} of {} findings are shown here, what blocks first; the others are in the full report.\n\n",
                        shown, of);
  }
  text +=
      fmt::format("Judged by {}{}.\n",
                  options.policy_source.empty() ? "the policy" : markdown_code(shortened(options.policy_source, 200)),
                  options.version.empty() ? "" : ", " + markdown_text("spiritsafe " + shortened(options.version, 50)));
}

std::vector<const Finding*> shown_findings(const Judgement& judgement, const ReportOptions& options) {
  std::vector<const Finding*> findings = by_importance(judgement, options);
  for (const Finding& finding : judgement.findings) {
    if (options.show_waived && !stands(finding)) {
      findings.push_back(&finding);
    }
  }
  return findings;
}

}  // namespace

std::string write_markdown(const Judgement& judgement, const ReportOptions& options) {
  Page page(options.markdown_limit - std::min(options.markdown_limit, room_for_the_end));
  page.add(fmt::format("## {}\n\n{}\n\n", title(judgement.verdict), markdown_text(headline(judgement, options))));
  append_needs(page, judgement);
  if (!options.graph.empty()) {
    page.add(fmt::format("### The history\n\n```mermaid\n{}```\n\n", options.graph));
  }
  std::vector<std::string> notes;
  for (const std::string& note : options.notes) {
    notes.push_back(fmt::format("Note: {}\n\n", prose(note)));
  }
  cap(notes, most_notes, "Note: … and {} more notes\n\n");
  for (const std::string& note : notes) {
    page.add(note);
  }
  const std::vector<const Finding*> findings = shown_findings(judgement, options);
  const std::vector<MigrationOutline> migrations = outline_migrations(judgement);
  const size_t room = findings.empty() ? options.markdown_limit : page.half();
  size_t migrations_shown = 0, shown = 0;
  if (!migrations.empty()) {
    page.add("### What the migrations do\n\n");
  }
  while (migrations_shown < migrations.size() &&
         page.add(show_migration(migrations[migrations_shown], options), room)) {
    ++migrations_shown;
  }
  if (!findings.empty()) {
    page.add("### Findings\n\n");
  }
  while (shown < findings.size() && page.add(show_finding(*findings[shown], options))) {
    ++shown;
  }
  std::string text = page.take();
  append_end(text, options, shown, findings.size(), migrations_shown, migrations.size());
  return text;
}

std::string write_summary_markdown(const Judgement& judgement, const ReportOptions& options) {
  Page page(options.markdown_limit - std::min(options.markdown_limit, room_for_the_end));
  const std::vector<MigrationOutline> migrations = outline_migrations(judgement);
  const std::string since = options.base.empty() ? "" : " since " + markdown_text(shortened(options.base, 200));
  if (migrations.empty()) {
    return since.empty() ? "No migrations.\n" : fmt::format("No migration has changed{}.\n", since);
  }
  page.add("### What the migrations do\n\n");
  size_t shown = 0;
  while (shown < migrations.size() && page.add(show_migration(migrations[shown], options))) {
    ++shown;
  }
  std::string text = page.take();
  if (shown < migrations.size()) {
    text += fmt::format("{} of {} migrations are told here.\n\n", shown, migrations.size());
  }
  return text + fmt::format("{} {}{}: {}. ⚠️ destroys or overwrites something, or may.\n", migrations.size(),
                            migrations.size() == 1 ? "migration" : "migrations", since, show_counts(judgement.counts));
}

std::string write_comment(const Judgement& judgement, const ReportOptions& options) {
  ReportOptions of_comment = options;
  of_comment.markdown_limit = std::min(options.markdown_limit, comment_limit);
  return write_markdown(judgement, of_comment);
}

}  // namespace spiritsafe
