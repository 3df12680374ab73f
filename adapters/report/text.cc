// SPDX-License-Identifier: Apache-2.0
// The listing for people: plain when piped, coloured on a terminal, the same words in both.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "adapters/report/neutral.h"
#include "adapters/report/outline.h"
#include "adapters/report/paint.h"
#include "adapters/report/report.h"
#include "engine/judge/approvals.h"
#include "engine/text/error.h"
#include "engine/text/printable.h"

namespace spiritsafe {
namespace {

std::string place_of(const Finding& finding) {
  if (finding.path.empty()) {
    return finding.project.empty() ? std::string("project") : finding.project;
  }
  return fmt::format("{}:{}:{}", finding.path, finding.begin.line, finding.begin.column);
}

std::string indented(std::string_view lines) {
  std::string out;
  while (!lines.empty()) {
    const size_t end = std::min(lines.find('\n'), lines.size());
    out += fmt::format("        {}\n", lines.substr(0, end));
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  return out;
}

void append_finding(std::string& out, const Finding& finding, bool colour) {
  const bool undecided = finding.state == FindingState::undecided;
  const std::string word =
      undecided ? fmt::format("{} (cannot tell)", name_of(finding.level)) : std::string(name_of(finding.level));
  out += fmt::format("{}: {}: {} {}\n", painted(log_line(place_of(finding)), bold, colour),
                     painted(word, colour_of(finding.level), colour), finding.message,
                     painted(fmt::format("[{}]", finding.rule->id), dim, colour));
  if (!finding.source_line.empty()) {
    const uint32_t width = finding.end.line == finding.begin.line && finding.end.column > finding.begin.column
                               ? finding.end.column - finding.begin.column
                               : count_characters(finding.source_line) + 1 -
                                     std::min(finding.begin.column, count_characters(finding.source_line));
    out += format_excerpt(finding.source_line, finding.begin, width, colour);
  }
  if (!finding.rule->fix.empty() && !undecided) {
    out += fmt::format("    = fix: {}\n", printable(finding.rule->fix));
  }
  if (!finding.instead.empty()) {
    out += "    = instead:\n" + indented(printable(finding.instead, true));
  }
  if (!finding.state_reason.empty()) {
    out += fmt::format("    = {}: {}\n", finding.state == FindingState::open ? "note" : name_of(finding.state),
                       printable(finding.state_reason));
  }
  if (finding.approval) {
    out += fmt::format("    = approval: {}\n", show_need(*finding.approval));
    for (const std::string& given : finding.approval->set_aside) {
      out += fmt::format("    = does not count: {}\n", printable(given));
    }
  }
}

std::string counted(size_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

}  // namespace

std::string show_counts(const Counts& counts) {
  std::vector<std::string> parts;
  const auto add = [&](int count, std::string_view one, std::string_view many) {
    if (count > 0) {
      parts.push_back(counted(static_cast<size_t>(count), one, many));
    }
  };
  add(counts.error, "error", "errors");
  add(counts.approval, "approval needed", "approvals needed");
  add(counts.warn, "warning", "warnings");
  add(counts.advice, "piece of advice", "pieces of advice");
  add(counts.undecided, "that cannot be told", "that cannot be told");
  add(counts.waived, "waived", "waived");
  add(counts.approved, "approved", "approved");
  add(counts.baseline, "of the baseline", "of the baseline");
  return parts.empty() ? std::string("nothing found") : fmt::format("{}", fmt::join(parts, ", "));
}

std::string write_text(const Judgement& judgement, const ReportOptions& options) {
  std::string out;
  size_t fixable = 0;
  for (const Finding& finding : judgement.findings) {
    const bool shown =
        finding.state == FindingState::open || finding.state == FindingState::undecided || options.show_waived;
    if (shown) {
      append_finding(out, finding, options.colour);
      out += '\n';
    }
    fixable += finding.state == FindingState::open && !finding.edits.empty() && finding.edits.front().safe;
  }
  out += painted(headline(judgement, options), bold, options.colour) + "\n";
  if (fixable > 0) {
    out += fmt::format("`spiritsafe fix` mends {} of them; `spiritsafe fix --diff` shows how\n", fixable);
  }
  out += fmt::format("verdict: {}\n",
                     painted(name_of(judgement.verdict),
                             judgement.verdict == Verdict::clean ? "\x1b[1;32m" : "\x1b[1;31m", options.colour));
  return out;
}

}  // namespace spiritsafe
