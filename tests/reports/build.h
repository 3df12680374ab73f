// SPDX-License-Identifier: Apache-2.0
// Judgements of any size, with texts of strangers in every place.
#pragma once

#include <string>
#include <vector>

#include <fmt/format.h>

#include "adapters/report/report.h"

namespace spiritsafe {

inline const Rule& rule_of(Level level) {
  static const std::vector<Rule> rules = [] {
    std::vector<Rule> made;
    for (const auto& [id, of] : {std::pair("some-error", Level::error), std::pair("some-approval", Level::approval),
                                 std::pair("some-warning", Level::warn), std::pair("some-advice", Level::advice)}) {
      Rule rule;
      rule.id = id;
      rule.pack = "test";
      rule.title = "A rule";
      rule.level = of;
      rule.why = "It is so, because `x` is.";
      rule.fix = "Do `y`.";
      if (of == Level::approval) {
        rule.approval_by = {"dba", "leads"};
      }
      made.push_back(std::move(rule));
    }
    return made;
  }();
  for (const Rule& rule : rules) {
    if (rule.level == level) {
      return rule;
    }
  }
  return rules.front();
}

inline Finding finding_of(Level level, std::string path, uint32_t line, std::string message) {
  Finding finding;
  finding.rule = &rule_of(level);
  finding.level = level;
  finding.path = std::move(path);
  finding.begin = {line, 5};
  finding.end = {line, 9};
  finding.source_line = "    op.drop_table('```')";
  finding.message = std::move(message);
  finding.fingerprint = fmt::format("{:016x}", line);
  return finding;
}

inline Judgement counted(Judgement judgement) {
  for (const Finding& finding : judgement.findings) {
    Counts& counts = judgement.counts;
    if (finding.state == FindingState::waived) {
      ++counts.waived;
      continue;
    }
    switch (finding.level) {
      case Level::error:
        ++counts.error;
        break;
      case Level::approval:
        ++counts.approval;
        break;
      case Level::warn:
        ++counts.warn;
        break;
      case Level::advice:
      case Level::off:
        ++counts.advice;
        break;
    }
  }
  judgement.verdict = judgement.counts.error      ? Verdict::blocked
                      : judgement.counts.approval ? Verdict::approval
                                                  : Verdict::clean;
  return judgement;
}

// Levels in turn, so that the most important ones stand among the others; each file with a migration.
inline Judgement judgement_of(size_t findings) {
  static const std::string tricks =
      "`x` @team #1 [a](https://e.example) <b> </details> ``` | :smile: \n/merge \x1b[31m \xf0\x9f\x90\x98 "
      "%0A::error::";
  constexpr Level levels[] = {Level::advice, Level::warn, Level::approval, Level::error};
  Judgement judgement;
  for (size_t i = 0; i < findings; ++i) {
    const std::string path = fmt::format("versions/{:05}_a.py", i / 20);
    if (i % 20 == 0) {
      judgement.migrations.push_back({path,
                                      fmt::format("r{}", i / 20),
                                      {fmt::format("r{}", i / 20 + 1)},
                                      tricks,
                                      {"drops table " + tricks, "adds table x"},
                                      1});
    }
    judgement.findings.push_back(finding_of(levels[i % 4], path, static_cast<uint32_t>(i + 1), tricks));
  }
  return counted(std::move(judgement));
}

}  // namespace spiritsafe
