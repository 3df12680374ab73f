// SPDX-License-Identifier: Apache-2.0
// One file to look at and to keep: no script, nothing from elsewhere, light or dark as the reader has it, and with all
// folds open on paper.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "adapters/report/neutral.h"
#include "adapters/report/outline.h"
#include "adapters/report/report.h"
#include "adapters/report/severity.h"

namespace spiritsafe {
namespace {

constexpr std::string_view head = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>spiritsafe</title>
<style>
:root { --ink: #1c2024; --soft: #5b6570; --paper: #ffffff; --panel: #f4f6f8; --line: #d5dbe1; --error: #b3261e; --approval: #6a3fb5; --warn: #8a5300; --advice: #1f5fa8; --clean: #1a7f37; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ec; --soft: #9aa5b1; --paper: #14171a; --panel: #1e2328; --line: #39424b; --error: #ff8a80; --approval: #c3a6ff; --warn: #ffb74d; --advice: #82b9ff; --clean: #6bd58a; } }
body { margin: 0 auto; padding: 1.5rem; max-width: 60rem; color: var(--ink); background: var(--paper); font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; } h3 { font-size: 1rem; margin: 1.2rem 0 .2rem; }
code, pre { font: .875em/1.45 ui-monospace, monospace; } pre { background: var(--panel); padding: .6rem; overflow-x: auto; margin: .5rem 0; }
a { color: inherit; } p { margin: .3rem 0; } ul { margin: .3rem 0; padding-left: 1.3rem; }
article { border: 1px solid var(--line); border-left: .3rem solid var(--line); border-radius: .3rem; padding: .5rem .9rem; margin: .6rem 0; }
article.error { border-left-color: var(--error); } article.approval { border-left-color: var(--approval); } article.warn { border-left-color: var(--warn); } article.advice { border-left-color: var(--advice); }
b.error, .blocked, .unusable { color: var(--error); } b.approval, h1 .approval { color: var(--approval); } b.warn { color: var(--warn); } b.advice { color: var(--advice); } .clean { color: var(--clean); }
.soft, footer { color: var(--soft); } .destroys { color: var(--error); font-weight: 600; } summary { cursor: pointer; color: var(--soft); }
@media print { body { max-width: none; padding: 0; font-size: 10pt; } article { break-inside: avoid; } details::details-content { content-visibility: visible; height: auto; } pre { white-space: pre-wrap; } }
</style>
</head>
<body>
)";

std::string place(const std::string& path, uint32_t line, const ReportOptions& options) {
  const std::string label = fmt::format("<code>{}:{}</code>", html_text(path), line);
  if (options.link_prefix.empty() || path.starts_with('/') || path.starts_with("../")) {
    return label;
  }
  return fmt::format("<a href=\"{}{}#L{}\">{}</a>", html_text(options.link_prefix), uri_path(path), line, label);
}

// What stands between two backticks is code.
std::string prose(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const size_t open = text.find('`');
    const size_t close = open == std::string_view::npos ? open : text.find('`', open + 1);
    if (close == std::string_view::npos) {
      return out + html_text(text);
    }
    out += html_text(text.substr(0, open));
    out += fmt::format("<code>{}</code>", html_text(text.substr(open + 1, close - open - 1)));
    text.remove_prefix(close + 1);
  }
  return out;
}

std::string_view words_of(Verdict verdict) {
  return verdict == Verdict::approval   ? "waits for an approval"
         : verdict == Verdict::unusable ? "could not judge"
                                        : name_of(verdict);
}

void append_needs(std::string& out, const Judgement& judgement) {
  const Needs needs = needs_of(judgement);
  if (needs.errors.empty() && needs.approvals.empty()) {
    return;
  }
  const auto findings_of = [](size_t count, const Rule& rule) {
    return fmt::format("{} {} of <code>{}</code>", count, count == 1 ? "finding" : "findings", html_text(rule.id));
  };
  out += "<h2>What is needed</h2>\n<ul>\n";
  for (const auto& [rule, count] : needs.errors) {
    out += fmt::format("<li>Fix or waive {}</li>\n", findings_of(count, *rule));
  }
  for (const WantedApproval& approval : needs.approvals) {
    out += fmt::format("<li>Approval of {} by {}</li>\n", findings_of(approval.findings, *approval.rule),
                       html_text(approval.who));
  }
  out += "</ul>\n";
}

void append_migration(std::string& out, const MigrationOutline& outline, const ReportOptions& options) {
  const MigrationSummary& migration = *outline.migration;
  const std::string path = options.repository_path ? options.repository_path(migration.path) : migration.path;
  out +=
      fmt::format("<section>\n<h3>{}</h3>\n<p>{} <span class=\"soft\">{}, {}</span></p>\n<ul>\n",
                  place(path, 1, options), html_text(migration.message.empty() ? "(no message)" : migration.message),
                  html_text(migration.revision.empty() ? "(unknown revision)" : migration.revision),
                  migration.parents.empty() ? "nothing before it"
                                            : html_text(fmt::format("after {}", fmt::join(migration.parents, ", "))));
  for (size_t i = 0; i < migration.changes.size(); ++i) {
    out += fmt::format("<li{}>{}</li>\n", i < migration.destructive ? " class=\"destroys\"" : "",
                       html_text(migration.changes[i]));
  }
  if (migration.changes.empty()) {
    out += "<li>changes nothing that can be told</li>\n";
  }
  for (const Rule* rule : outline.blocked_by) {
    out += fmt::format("<li>blocked by <code>{}</code></li>\n", html_text(rule->id));
  }
  for (const WantedApproval& approval : outline.approvals) {
    const std::string who = who_approves(*approval.rule);
    out += fmt::format("<li>needs approval for <code>{}</code>{}</li>\n", html_text(approval.rule->id),
                       who.empty() ? "" : " by " + html_text(who));
  }
  for (const Finding* backup : outline.backups) {
    out += fmt::format("<li>{}</li>\n", prose(backup->message));
  }
  out += "</ul>\n</section>\n";
}

void append_finding(std::string& out, const Finding& finding, const ReportOptions& options) {
  const std::string_view level = name_of(finding.level);
  const Rule& rule = *finding.rule;
  out +=
      fmt::format("<article class=\"{0}\">\n<p><b class=\"{0}\">{0}</b> {1} <code>{2}</code></p>\n<p>{3}</p>\n", level,
                  finding.path.empty()
                      ? fmt::format("<code>{}</code>", html_text(finding.project.empty() ? "project" : finding.project))
                      : place(place_of(finding, options), finding.begin.line, options),
                  html_text(rule.id), prose(finding.message));
  if (finding.state != FindingState::open || !finding.state_reason.empty()) {
    out += fmt::format("<p class=\"soft\">{}{}{}</p>\n",
                       finding.state == FindingState::open ? "note" : name_of(finding.state),
                       finding.state_reason.empty() ? "" : ": ", prose(finding.state_reason));
  }
  if (finding.approval) {
    for (const std::string& given : finding.approval->set_aside) {
      out += fmt::format("<p class=\"soft\">does not count: {}</p>\n", prose(given));
    }
  }
  if (!finding.source_line.empty()) {
    out += fmt::format("<pre>{:>5} | {}</pre>\n", finding.begin.line, html_text(finding.source_line));
  }
  out += "<details><summary>why, and how to mend it</summary>\n";
  if (!rule.why.empty()) {
    out += fmt::format("<p>{}</p>\n", prose(rule.why));
  }
  if (!rule.fix.empty()) {
    out += fmt::format("<p><b>Fix:</b> {}</p>\n", prose(rule.fix));
  }
  if (!finding.instead.empty()) {
    out += fmt::format("<p>Instead:</p>\n<pre>{}</pre>\n", html_text(finding.instead, true));
  }
  out += "</details>\n</article>\n";
}

}  // namespace

std::string write_html(const Judgement& judgement, const ReportOptions& options) {
  std::string out(head);
  out.reserve(out.size() + judgement.findings.size() * 1000);
  out += fmt::format("<h1>spiritsafe: <span class=\"{}\">{}</span></h1>\n<p>{}</p>\n", name_of(judgement.verdict),
                     words_of(judgement.verdict), html_text(headline(judgement, options)));
  append_needs(out, judgement);
  for (const std::string& note : options.notes) {
    out += fmt::format("<p class=\"soft\">Note: {}</p>\n", prose(note));
  }
  const std::vector<MigrationOutline> migrations = outline_migrations(judgement);
  if (!migrations.empty()) {
    out += "<h2>What the migrations do</h2>\n";
  }
  for (const MigrationOutline& outline : migrations) {
    append_migration(out, outline, options);
  }
  std::vector<const Finding*> findings = by_importance(judgement, options);
  for (const Finding& finding : judgement.findings) {
    if (!stands(finding)) {
      findings.push_back(&finding);
    }
  }
  if (!findings.empty()) {
    out += "<h2>Findings</h2>\n";
  }
  for (const Finding* finding : findings) {
    append_finding(out, *finding, options);
  }
  out += fmt::format("<footer><p>Judged by {}{}</p></footer>\n</body>\n</html>\n",
                     html_text(options.policy_source.empty() ? "the policy" : options.policy_source),
                     options.version.empty() ? "" : ", spiritsafe " + html_text(options.version));
  return out;
}

}  // namespace spiritsafe
