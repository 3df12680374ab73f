// SPDX-License-Identifier: Apache-2.0
// JUnit's XML, as Jenkins, GitLab and others read it: a suite for each file, a case for each finding, and one that
// passes for a migration about which nothing was found, so that what was judged can be seen. What stops nobody passes
// too, with its text as output; what is waived is skipped.
#include <algorithm>
#include <map>
#include <unordered_map>

#include <fmt/format.h>

#include "adapters/report/cut.h"
#include "adapters/report/neutral.h"
#include "adapters/report/report.h"
#include "adapters/report/severity.h"
#include "engine/text/printable.h"

namespace spiritsafe {
namespace {

constexpr size_t longest_name = 300;
constexpr size_t longest_text = 8'000;

struct Suite {
  std::string cases = {};
  size_t tests = 0, failures = 0, skipped = 0;
  std::unordered_map<std::string, size_t> names = {};  // GitLab takes cases of equal names for one
};

std::string counts_of(size_t tests, size_t failures, size_t skipped) {
  return fmt::format("tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\"", tests, failures, skipped);
}

std::string details_of(const Finding& finding, const std::string& place) {
  std::string text = fmt::format("{}:{}:{}\n{}\n", place, finding.begin.line, finding.begin.column, finding.message);
  if (!finding.source_line.empty()) {
    text += fmt::format("\n    {}\n\n", finding.source_line);
  }
  for (const auto& [name, value] : {std::pair("why", &finding.rule->why), std::pair("fix", &finding.rule->fix)}) {
    if (!value->empty()) {
      text += fmt::format("{}: {}\n", name, *value);
    }
  }
  if (!finding.instead.empty()) {
    text += fmt::format("instead:\n{}", finding.instead);
  }
  return xml_text(cut_to_units(printable(text, true), longest_text), true);
}

std::string one_line(std::string_view text) { return xml_text(cut_to_units(printable(text), longest_name)); }

void append_case(Suite& suite, const Finding& finding, const std::string& place) {
  std::string name = cut_to_units(printable(fmt::format("{}: {}", finding.rule->id, finding.message)), longest_name);
  if (const size_t times = ++suite.names[name]; times > 1) {
    name += fmt::format(" ({})", times);
  }
  suite.cases += fmt::format("    <testcase name=\"{}\" classname=\"{}\" file=\"{}\" line=\"{}\">", xml_text(name),
                             xml_text(place), xml_text(place), finding.begin.line);
  ++suite.tests;
  if (!stands(finding)) {
    ++suite.skipped;
    suite.cases += fmt::format("<skipped message=\"{}\"/>",
                               one_line(fmt::format("{}: {}", name_of(finding.state), finding.state_reason)));
  } else if (severity_of(finding.level).fails) {
    ++suite.failures;
    suite.cases += fmt::format("<failure message=\"{}\" type=\"{}\">{}</failure>", one_line(finding.message),
                               name_of(finding.level), details_of(finding, place));
  } else {
    suite.cases += fmt::format("<system-out>{}: {}</system-out>", name_of(finding.level), details_of(finding, place));
  }
  suite.cases += "</testcase>\n";
}

}  // namespace

std::string write_junit(const Judgement& judgement, const ReportOptions& options) {
  std::map<std::string, Suite> suites;
  for (const Finding& finding : judgement.findings) {
    const std::string place = place_of(finding, options);
    append_case(suites[place], finding, place);
  }
  for (const MigrationSummary& migration : judgement.migrations) {
    const std::string place = options.repository_path ? options.repository_path(migration.path) : migration.path;
    if (Suite& suite = suites[place]; suite.tests == 0) {
      suite.tests = 1;
      suite.cases = fmt::format("    <testcase name=\"nothing found\" classname=\"{}\" file=\"{}\"/>\n",
                                xml_text(place), xml_text(place));
    }
  }
  size_t tests = 0, failures = 0, skipped = 0;
  for (const auto& [place, suite] : suites) {
    tests += suite.tests;
    failures += suite.failures;
    skipped += suite.skipped;
  }
  std::string out = fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"spiritsafe\" {}>\n",
                                counts_of(tests, failures, skipped));
  for (const auto& [place, suite] : suites) {
    out += fmt::format("  <testsuite name=\"{}\" {}>\n", xml_text(place),
                       counts_of(suite.tests, suite.failures, suite.skipped));
    out += suite.cases;
    out += "  </testsuite>\n";
  }
  return out + "</testsuites>\n";
}

}  // namespace spiritsafe
