// SPDX-License-Identifier: Apache-2.0
// Judgements made by hand, for the tests of what GitHub gets of them.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "adapters/github/check_run.h"
#include "engine/judge/finding.h"

namespace spiritsafe::tests {

inline const std::string head = "0123456789abcdef0123456789abcdef01234567";

// A judgement and the rules that its findings point to.
struct Made {
  Judgement judgement = {};
  std::deque<Rule> rules = {};

  Finding& add(Level level, const std::string& rule, const std::string& path, uint32_t line,
               FindingState state = FindingState::open) {
    Rule& made = rules.emplace_back();
    made.id = rule;
    made.level = level;
    Finding finding;
    finding.rule = &made;
    finding.level = level;
    finding.state = state;
    finding.path = path;
    finding.begin = {line, 5};
    finding.end = {line, 12};
    finding.message = "says " + rule;
    judgement.findings.push_back(finding);
    return judgement.findings.back();
  }
};

inline Made with_findings(size_t count) {
  Made made;
  made.judgement.verdict = count > 0 ? Verdict::blocked : Verdict::clean;
  made.judgement.counts.error = static_cast<int>(count);
  for (size_t i = 0; i < count; ++i) {
    made.add(Level::error, "drop-column", "versions/a.py", static_cast<uint32_t>(i + 1));
  }
  return made;
}

inline github::Context context() {
  github::Context context;
  context.repository = "o/r";
  context.head_sha = head;
  context.run_url = "https://github.com/o/r/actions/runs/7";
  return context;
}

}  // namespace spiritsafe::tests
