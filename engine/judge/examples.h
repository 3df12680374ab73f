// SPDX-License-Identifier: Apache-2.0
// `policy test`: a policy's examples, run. Every bad one must be reported, every good one must not, and every condition
// must have been both true and false in some example.
#pragma once

#include <string>
#include <vector>

#include "engine/judge/judge.h"
#include "engine/read/read.h"

namespace spiritsafe {

struct ExampleOptions {
  ReadOptions read = {};
  std::string today = "2026-01-01";  // the day on which examples are judged
  std::string only = {};             // one rule's id; empty: all
};

enum class ExampleVerdict : uint8_t { missed, noisy, wrong_text, wrong_line, wrong_fix, not_run };
std::string_view name_of(ExampleVerdict verdict);  // MISSED, NOISY, WRONG TEXT, WRONG LINE, WRONG FIX, NOT RUN

struct ExampleFailure {
  ExampleVerdict verdict = ExampleVerdict::missed;
  const Rule* rule = nullptr;
  PolicyPlace place = {};
  std::string detail = {};
};

// A condition that no example protects.
struct ConditionGap {
  const Rule* rule = nullptr;
  const Condition* condition = nullptr;
  bool seen_true = false;
  bool seen_false = false;
};

struct ExampleReport {
  size_t rules = 0;
  size_t examples = 0;
  size_t conditions = 0;  // places in the policy's files
  std::vector<ExampleFailure> failures = {};
  std::vector<ConditionGap> gaps = {};
  std::vector<const Rule*> rows_without_example = {};  // rows of cases that no bad example shows
  bool is_good() const { return failures.empty() && gaps.empty() && rows_without_example.empty(); }
};

// The policy must have been loaded with examples. Rules that it gives other parameters than their own are left out.
ExampleReport test_examples(const Policy& policy, const ExampleOptions& options = {});

//   MISSED      drop-column   policies/postgres/drops.yml:45: bad example is not reported
//   condition never false in any example: drop-column policies/postgres/drops.yml:31 direction = upgrade
//   18 rules, 70 examples, 0 failures, 94 of 94 conditions seen both true and false
std::string format_report(const Policy& policy, const ExampleReport& report);

// The rules that are on, asked about all good examples of all rules: what they report there, most often noise.
struct Noise {
  const Rule* rule = nullptr;  // what was reported
  const Rule* example_of = nullptr;
  PolicyPlace place = {};
  std::string message = {};
};
std::vector<Noise> find_noise(const Policy& policy, const ExampleOptions& options = {});

}  // namespace spiritsafe
