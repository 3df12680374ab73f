// SPDX-License-Identifier: Apache-2.0
// What every format keeps to whatever it is given: bounds, order, nothing lost without being counted.
#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <sstream>

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "adapters/report/cut.h"
#include "adapters/report/outline.h"
#include "engine/text/source.h"
#include "tests/reports/build.h"

namespace spiritsafe {
namespace {

const std::vector<size_t> sizes = {0, 1, 50, 51, 1'000, 10'000};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    lines.push_back(line);
  }
  return lines;
}

size_t times(std::string_view text, std::string_view part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size())) {
    ++count;
  }
  return count;
}

size_t of_level(size_t findings, size_t turn) { return findings / 4 + (findings % 4 > turn ? 1 : 0); }

// `N of M WHAT`: N, or M where nothing was cut.
size_t said(const std::string& text, size_t of, const std::string& what) {
  const size_t end = text.find(fmt::format(" of {} {}", of, what));
  if (end == std::string::npos) {
    return of;
  }
  const size_t begin = text.find_last_not_of("0123456789", end - 1) + 1;
  return std::stoul(text.substr(begin, end - begin));
}

void hold_markdown(const std::string& text, size_t findings, size_t migrations, size_t limit) {
  BOOST_TEST(text.size() <= limit);
  BOOST_TEST(find_invalid_utf8(text) == std::string::npos);
  const auto lines = lines_of(text);
  const auto begins = [&](std::string_view with) {
    return static_cast<size_t>(
        std::ranges::count_if(lines, [&](const std::string& line) { return line.starts_with(with); }));
  };
  BOOST_TEST(begins("````text") * 2 == begins("````"));  // the source line has a run of three
  BOOST_TEST(begins("<details>") == begins("</details>"));
  BOOST_TEST(begins("<details>") == said(text, findings, "findings are shown"));
  BOOST_TEST(begins("#### ") == said(text, migrations, "migrations are told"));
  BOOST_TEST(begins("/") == 0);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(formats)

BOOST_AUTO_TEST_CASE(commands_come_most_important_first_and_ten_of_a_type) {
  for (const size_t size : sizes) {
    BOOST_TEST_CONTEXT(size) {
      const std::string text = write_commands(judgement_of(size), {});
      std::map<std::string, size_t> shown;
      std::vector<std::string> order;
      for (const std::string& line : lines_of(text)) {
        if (line.starts_with("::")) {
          const std::string type = line.substr(2, line.find(' ') - 2);
          ++shown[type];
          order.push_back(line.substr(line.find("title=") + 6, line.find("::", 2) - line.find("title=") - 6));
        }
      }
      const std::vector<std::string> ranks = {"some-error", "some-approval needs an approval", "some-warning",
                                              "some-advice"};
      BOOST_TEST(std::ranges::is_sorted(
          order, {}, [&](const std::string& title) { return std::ranges::find(ranks, title) - ranks.begin(); }));
      const size_t errors = of_level(size, 3), warnings = of_level(size, 1) + of_level(size, 2);
      BOOST_TEST(shown["error"] == said(text, errors, "errors are annotated"));
      BOOST_TEST(shown["warning"] == said(text, warnings, "warnings are annotated"));
      BOOST_TEST(shown["notice"] == said(text, of_level(size, 0), "notices are annotated"));
      for (const auto& [type, count] : shown) {
        BOOST_TEST(count <= 10);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(commands_prefer_lines_of_the_diff) {
  Judgement judgement;
  for (uint32_t line = 1; line <= 30; ++line) {
    judgement.findings.push_back(finding_of(Level::error, "a.py", line, "m"));
  }
  ReportOptions options;
  options.in_diff = [](const std::string& path, uint32_t line) { return path == "a.py" && line > 27; };
  const auto lines = lines_of(write_commands(counted(judgement), options));
  std::vector<std::string> places;
  for (const std::string& line : lines) {
    if (line.starts_with("::")) {
      places.push_back(line.substr(line.find("line="), line.find(",endLine") - line.find("line=")));
    }
  }
  const std::vector<std::string> expected = {"line=28", "line=29", "line=30", "line=1", "line=2",
                                             "line=3",  "line=4",  "line=5",  "line=6", "line=7"};
  BOOST_TEST(places == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(commands_have_messages_that_the_runner_does_not_cut) {
  std::string message;
  for (int i = 0; i < 5'000; ++i) {
    message += "\xf0\x9f\x90\x98%";
  }
  Judgement judgement;
  judgement.findings = {finding_of(Level::error, "a.py", 1, message)};
  const std::string line = lines_of(write_commands(counted(judgement), {})).front();
  std::string data = line.substr(line.find("::", 2) + 2);
  for (size_t at = data.find("%25"); at != std::string::npos; at = data.find("%25", at + 1)) {
    data.replace(at, 3, "%");
  }
  BOOST_TEST(count_units(data) <= 4'096);
  BOOST_TEST(count_units(data) >= 4'094);
  BOOST_TEST(data.ends_with("…"));
  BOOST_TEST(find_invalid_utf8(data) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(commands_have_columns_on_one_line_only) {
  Judgement judgement;
  judgement.findings = {finding_of(Level::error, "a.py", 3, "one"), finding_of(Level::error, "a.py", 4, "several"),
                        finding_of(Level::warn, "", 1, "the project")};
  judgement.findings[1].end = {6, 2};
  BOOST_TEST(write_commands(counted(judgement), {}) ==
             "::error file=a.py,line=3,endLine=3,col=5,endColumn=8,title=some-error::one%0Afix: Do `y`.\n"
             "::error file=a.py,line=4,endLine=6,title=some-error::several%0Afix: Do `y`.\n"
             "::warning title=some-warning::the project%0Afix: Do `y`.\n"
             "2 errors, 1 warning\nverdict: blocked\n");
}

BOOST_AUTO_TEST_CASE(sarif_holds_all_up_to_what_code_scanning_takes) {
  for (const size_t size : {0u, 1u, 50u, 51u, 1'000u, 10'000u, 25'001u}) {
    BOOST_TEST_CONTEXT(size) {
      const auto run = nlohmann::json::parse(write_sarif(judgement_of(size), {}))["runs"][0];
      BOOST_TEST(run["results"].size() == std::min<size_t>(size, 25'000));
      std::set<std::string> ids;
      for (const auto& rule : run["tool"]["driver"]["rules"]) {
        ids.insert(rule["id"].get<std::string>());
      }
      for (const auto& result : run["results"]) {
        const auto& rule = run["tool"]["driver"]["rules"][result["ruleIndex"].get<size_t>()];
        BOOST_REQUIRE(rule["id"] == result["ruleId"]);
      }
      BOOST_TEST(ids.size() == std::min<size_t>(size, 4));
      BOOST_TEST(run["invocations"][0]["toolExecutionNotifications"].size() == (size > 25'000  ? 2u
                                                                                : size > 5'000 ? 1u
                                                                                               : 0u));
      if (size > 5'000) {
        BOOST_TEST(run["results"][0]["level"] == "error");  // code scanning shows the first 5,000
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(sarif_suppresses_what_is_waived) {
  Judgement judgement;
  judgement.findings = {finding_of(Level::error, "a b/\xc3\xa9.py", 3, "see [this](http://e.example) {0} {x} \\"),
                        finding_of(Level::error, "", 1, "the project")};
  judgement.findings[0].state = FindingState::waived;
  judgement.findings[0].state_reason = "known";
  const auto results = nlohmann::json::parse(write_sarif(counted(judgement), {}))["runs"][0]["results"];
  BOOST_TEST(results[0]["suppressions"].dump() ==
             R"([{"justification":"waived: known","kind":"external","status":"accepted"}])");
  BOOST_TEST(results[0]["message"]["text"] == R"(see \[this\](http://e.example) {{0}} {x} \\)");
  BOOST_TEST(results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%20b/%C3%A9.py");
  BOOST_TEST(results[1]["suppressions"].empty());
  BOOST_TEST(results[1]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == ".");
}

BOOST_AUTO_TEST_CASE(markdown_stays_within_its_limit_and_whole) {
  for (const size_t size : sizes) {
    BOOST_TEST_CONTEXT(size) {
      const Judgement judgement = judgement_of(size);
      const size_t migrations = judgement.migrations.size();
      hold_markdown(write_comment(judgement, {}), size, migrations, 65'536);
      hold_markdown(write_markdown(judgement, {}), size, migrations, 1u << 20);
    }
  }
  // Every limit, so that a cut falls into each part of a block.
  const Judgement judgement = judgement_of(40);
  for (size_t limit = 1'000; limit < 60'000; limit += 97) {
    ReportOptions options;
    options.markdown_limit = limit;
    hold_markdown(write_markdown(judgement, options), 40, 2, limit);
  }
}

BOOST_AUTO_TEST_CASE(markdown_shows_what_blocks_first) {
  const auto lines = lines_of(write_comment(judgement_of(10'000), {}));
  size_t shown = 0;
  for (const std::string& line : lines) {
    if (line.find(" · `versions/") != std::string::npos && line.starts_with("**")) {
      BOOST_TEST(line.starts_with("**error**"));
      ++shown;
    }
  }
  BOOST_TEST(shown > 20);
}

BOOST_AUTO_TEST_CASE(markdown_says_what_is_needed_from_whom_and_links) {
  Judgement judgement;
  judgement.findings = {finding_of(Level::approval, "v/a b.py", 7, "Drops `x`.")};
  judgement.findings[0].source_line = "op.drop()";
  judgement.migrations = {{"v/a b.py", "r2", {"r1"}, "drop x", {"drops table x", "adds table y"}, 1}};
  ReportOptions options;
  ApprovalNeed need;
  need.by = {"dba", "leads"};
  need.who = {"github:org/dba", "label:dba-ok"};
  need.via = {"review", "label"};
  need.set_aside = {"jane's review was of other code"};
  judgement.findings[0].approval = std::make_shared<const ApprovalNeed>(need);
  options.link_prefix = "https://g.example/o/r/blob/abc/";
  options.repository_path = [](const std::string& path) { return "backend/" + path; };
  options.migrations = 4;
  options.projects = 1;
  options.changed = 1;
  options.base = "main";
  options.policy_source = "spiritsafe.yml";
  options.version = "1.2";
  options.notes = {"judged by `x`"};
  options.graph = "flowchart BT\n";
  BOOST_TEST(write_markdown(counted(judgement), options) == R"(## ✋ spiritsafe: waits for an approval

1 approval needed in 1 changed migration since main, among 4 migrations of 1 project

### What is needed

- Approval of 1 finding of `some-approval` by someone of dba or leads (github:org/dba, label:dba-ok), by review or label

### The history

```mermaid
flowchart BT
```

Note: judged by `x`

### What the migrations do

#### [`backend/v/a b.py:1`](https://g.example/o/r/blob/abc/backend/v/a%20b.py#L1)

drop x · `r2`, after `r1`

| | what it does |
|---|---|
| ⚠️ | **drops table x** |
|  | adds table y |
| ✋ | needs approval for `some-approval` by dba or leads |

### Findings

**approval** · [`backend/v/a b.py:7`](https://g.example/o/r/blob/abc/backend/v/a%20b.py#L7) · `some-approval`

Drops `x`.

- does not count: jane's review was of other code

<details><summary>why, and how to mend it</summary>

It is so, because `x` is.

**Fix:** Do `y`.

```text
    7 | op.drop()
```

</details>

Judged by `spiritsafe.yml`, spiritsafe 1.2.
)");
}

BOOST_AUTO_TEST_CASE(code_quality_has_unique_fingerprints_and_only_what_stands) {
  for (const size_t size : sizes) {
    Judgement judgement = judgement_of(size);
    for (Finding& finding : judgement.findings) {
      finding.fingerprint = "f" + std::to_string(finding.begin.line / 3);
    }
    if (size > 0) {
      judgement.findings.back().state = FindingState::waived;
    }
    const std::string text = write_code_quality(judgement, {});
    BOOST_TEST(text.starts_with("["));  // no byte order mark
    const auto issues = nlohmann::json::parse(text);
    std::set<std::string> fingerprints;
    for (const auto& issue : issues) {
      fingerprints.insert(issue["fingerprint"].get<std::string>());
      BOOST_REQUIRE(issue["location"]["lines"]["begin"].get<int>() >= 1);
    }
    BOOST_TEST(issues.size() == size - (size > 0));
    BOOST_TEST(fingerprints.size() == issues.size());
  }
}

BOOST_AUTO_TEST_CASE(junit_counts_what_it_holds) {
  for (const size_t size : sizes) {
    BOOST_TEST_CONTEXT(size) {
      Judgement judgement = judgement_of(size);
      judgement.migrations.push_back({"versions/z.py", "z", {}, "", {}, 0});
      if (size > 0) {
        judgement.findings.front().state = FindingState::waived;
      }
      const std::string text = write_junit(judgement, {});
      const size_t failures = of_level(size, 2) + of_level(size, 3);
      BOOST_TEST(
          lines_of(text)[1] ==
          fmt::format("<testsuites name=\"spiritsafe\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\">",
                      size + 1, failures, size > 0 ? 1 : 0));
      BOOST_TEST(times(text, "<testcase ") == size + 1);
      BOOST_TEST(times(text, "<failure ") == failures);
      BOOST_TEST(times(text, "<skipped ") == (size > 0 ? 1u : 0u));
      BOOST_TEST(times(text, "nothing found") == 1);
    }
  }
}

BOOST_AUTO_TEST_CASE(html_holds_every_finding_and_nothing_that_acts) {
  for (const size_t size : sizes) {
    const std::string text = write_html(judgement_of(size), {});
    BOOST_TEST(times(text, "<article ") == size);
    BOOST_TEST(times(text, "<script") == 0);
    BOOST_TEST(times(text, "<b>") == size);  // `Fix:` of each, and none of the messages' own
    BOOST_TEST(times(text, "href=") == 0);
  }
}

BOOST_AUTO_TEST_CASE(migrations_come_in_the_order_of_their_parents) {
  Judgement judgement;
  judgement.migrations = {{"a", "3", {"2"}, "", {}, 0}, {"b", "1", {}, "", {}, 0},
                          {"c", "2", {"1"}, "", {}, 0}, {"d", "x", {"y"}, "", {}, 0},
                          {"e", "y", {"x"}, "", {}, 0}, {"f", "m", {"3", "y"}, "", {}, 0},
                          {"g", "s", {"s"}, "", {}, 0}, {"h", "1", {"gone"}, "", {}, 0}};
  std::string order;
  for (const MigrationOutline& outline : outline_migrations(judgement)) {
    order += outline.migration->path;
  }
  BOOST_TEST(order == "bghcadef");  // `2` waits for both files of revision 1; x and y wait for each other
}

BOOST_AUTO_TEST_CASE(time_grows_with_the_findings_and_not_faster) {
  const Judgement small = judgement_of(2'000), large = judgement_of(20'000);
  for (const ReportFormat& format : report_formats()) {
    const auto fastest = [&](const Judgement& judgement) {
      double best = 1e9;
      for (int i = 0; i < 3; ++i) {
        const auto start = std::chrono::steady_clock::now();
        BOOST_REQUIRE(!format.write(judgement, {}).empty());
        best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
      }
      return best;
    };
    // Ten times the findings; what is quadratic would take a hundred times as long.
    const double before = fastest(small), after = fastest(large);
    BOOST_TEST(after < 40 * before + 0.01, format.name << ": " << before << " s, then " << after << " s");
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
