// SPDX-License-Identifier: Apache-2.0
// GitLab's Code Quality report: an array of what stands. The widget takes equal fingerprints for one finding and shows
// paths from the repository's top.
#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "adapters/report/cut.h"
#include "adapters/report/json_text.h"
#include "adapters/report/report.h"
#include "adapters/report/severity.h"
#include "engine/text/printable.h"

namespace spiritsafe {
namespace {

constexpr size_t longest_description = 4'000;

std::string description_of(const Finding& finding) {
  std::string text = finding.message;
  if (finding.level == Level::approval) {
    text = "needs an approval: " + text;
  }
  if (finding.state == FindingState::undecided) {
    text += fmt::format(" ({})", finding.state_reason);
  }
  return cut_to_units(printable(text), longest_description);
}

}  // namespace

std::string write_code_quality(const Judgement& judgement, const ReportOptions& options) {
  std::unordered_map<std::string, size_t> seen;
  std::string out = "[";
  for (const Finding& finding : judgement.findings) {
    if (!stands(finding)) {
      continue;
    }
    // A file that is reached by two names gives the same finding twice.
    const size_t times = ++seen[finding.fingerprint];
    out += out.size() == 1 ? "\n  {" : ",\n  {";
    json_member(out, "description", description_of(finding));
    json_member(out, "check_name", finding.rule->id);
    json_member(out, "fingerprint",
                times == 1 ? finding.fingerprint : fmt::format("{}-{}", finding.fingerprint, times));
    json_member(out, "severity", severity_of(finding.level).code_quality);
    out += ", \"location\": {";
    json_member(out, "path", place_of(finding, options));
    out += ", \"lines\": {";
    json_member(out, "begin", finding.begin.line);
    json_member(out, "end", std::max(finding.begin.line, finding.end.line));
    out += "}}}";
  }
  out += out.size() == 1 ? "]\n" : "\n]\n";
  return out;
}

}  // namespace spiritsafe
