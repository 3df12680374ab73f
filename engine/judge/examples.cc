// SPDX-License-Identifier: Apache-2.0
#include "engine/judge/examples.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "engine/judge/coverage.h"
#include "engine/judge/edits.h"
#include "engine/judge/fix.h"
#include "engine/judge/frame.h"
#include "engine/judge/locks.h"
#include "engine/policy/behaviours.h"
#include "engine/text/printable.h"

namespace spiritsafe {
namespace {

constexpr size_t longest_quote = 300;

// All rows of one rule: they share their examples.
using Rows = std::span<const Rule>;

// Examples show a rule with the values that its pack gave it; where a policy gives others they say nothing.
bool has_own_values(const Rule& rule) {
  return std::ranges::all_of(rule.parameters, [](const Parameter& each) { return each.value == each.fallback; });
}

std::vector<Rows> group_rows(const Policy& policy, std::string_view only) {
  std::vector<Rows> groups;
  const std::span<const Rule> rules = policy.rules;
  for (size_t begin = 0; begin < rules.size();) {
    size_t end = begin + 1;
    while (end < rules.size() && rules[end].id == rules[begin].id) {
      ++end;
    }
    if ((only.empty() || rules[begin].id == only) && has_own_values(rules[begin])) {
      groups.push_back(rules.subspan(begin, end - begin));
    }
    begin = end;
  }
  return groups;
}

// The frame of the rule's own pack; a team's file may lean on that of a pack it extends.
std::string_view find_frame(const Policy& policy, const Rule& rule) {
  const auto own = policy.frames.find(rule.pack);
  if (own != policy.frames.end()) {
    return own->second;
  }
  return policy.frames.empty() ? std::string_view() : std::string_view(policy.frames.begin()->second);
}

struct Run {
  const Policy& policy;
  const ExampleOptions& options;
  const PreparedPolicy& prepared;
  const Rule& rule;
  const Example& example;
  ExampleReport& report;
};

void fail(Run& run, ExampleVerdict verdict, std::string detail) {
  run.report.failures.push_back({verdict, &run.rule, run.example.place, std::move(detail)});
}

std::string quote(std::string_view text) { return "`" + printable(shortened(text, longest_quote)) + "`"; }

// What counts as reported: found, or undecided where that is no less than found.
std::vector<Finding> reported(const Judgement& judgement, const Rule& rule) {
  std::vector<Finding> findings;
  for (const Finding& finding : judgement.findings) {
    const bool stands = finding.state == FindingState::open ||
                        (finding.state == FindingState::undecided && finding.rule->undecided == Undecided::same);
    if (finding.rule->id == rule.id && stands) {
      findings.push_back(finding);
    }
  }
  return findings;
}

void check_text(Run& run, const std::vector<Finding>& findings) {
  const std::string& says = run.example.says;
  if (says.empty() || std::ranges::any_of(findings, [&](const Finding& finding) { return finding.message == says; })) {
    return;
  }
  fail(run, ExampleVerdict::wrong_text,
       fmt::format("it says {}, not {}", quote(findings.front().message), quote(says)));
}

// The line of a finding within the part of the example that it stands in.
int line_in_part(const ExampleProject& example, const Finding& finding) {
  for (const auto& [name, place] : example.places) {
    if (place.first <= finding.begin.line && finding.begin.line <= place.last) {
      return static_cast<int>(finding.begin.line - place.first) + 1;
    }
  }
  return 0;
}

void check_line(Run& run, const ExampleProject& example, const std::vector<Finding>& findings) {
  if (run.example.at == 0) {
    return;
  }
  std::string lines;
  for (const Finding& finding : findings) {
    const bool is_own = finding.file && example.file && finding.path == example.file->source.path;
    const int line = is_own ? line_in_part(example, finding) : 0;
    if (line == run.example.at) {
      return;
    }
    lines += fmt::format("{}{}", lines.empty() ? "" : ", ", line);
  }
  fail(run, ExampleVerdict::wrong_line,
       fmt::format("it is reported on line {} of the example, not {}", lines, run.example.at));
}

std::set<std::string, std::less<>> lines_of(std::string_view text) {
  std::set<std::string, std::less<>> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    lines.emplace(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \n");
  return begin == std::string_view::npos ? std::string()
                                         : std::string(text.substr(begin, text.find_last_not_of(" \n") - begin + 1));
}

// `becomes:` is the whole file, or the lines that the fix makes (indentation at the ends aside).
bool became(std::string_view before, std::string_view after, std::string_view wanted) {
  if (trimmed(after) == trimmed(wanted)) {
    return true;
  }
  const auto old_lines = lines_of(before);
  std::string made;
  for (std::string_view rest = after; !rest.empty();) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    if (const std::string_view line = rest.substr(0, end); !old_lines.contains(line)) {
      made += std::string(line) + "\n";
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return trimmed(made) == trimmed(wanted);
}

// A fix in another module than the one that the finding stands in.
void check_module_fix(Run& run, const std::vector<Finding>& findings) {
  Example better = run.example;
  std::map<const File*, std::vector<Edit>> edits;
  for (const Finding& finding : findings) {
    if (finding.edited) {
      edits[finding.edited].insert(edits[finding.edited].end(), finding.edits.begin(), finding.edits.end());
    }
  }
  for (const auto& [file, of_file] : edits) {
    const std::string text = apply_edits(file->source.text, of_file);
    better.files[file->source.path] = text;
    if (run.example.becomes && !became(file->source.text, text, *run.example.becomes)) {
      fail(run, ExampleVerdict::wrong_fix, fmt::format("it becomes {}", quote(text)));
    }
  }
  const ExampleProject again = make_example(better, find_frame(run.policy, run.rule), run.options.read);
  link_locks(*again.project, run.prepared);
  JudgeOptions options;
  options.today = run.options.today;
  const auto left = reported(judge({again.project.get()}, run.prepared, options), run.rule);
  if (!left.empty()) {
    fail(run, ExampleVerdict::wrong_fix,
         fmt::format("it is still reported after the fix: {}", quote(left.front().message)));
  }
}

void check_fix(Run& run, const ExampleProject& example, const std::vector<Finding>& findings) {
  const bool has_fix =
      std::ranges::any_of(findings, [](const Finding& finding) { return finding.rule->autofix.has_value(); });
  if (!has_fix && !run.example.becomes) {
    return;
  }
  if (std::ranges::any_of(findings, [](const Finding& finding) { return finding.edited != nullptr; })) {
    return check_module_fix(run, findings);
  }
  if (!example.file) {
    return fail(run, ExampleVerdict::wrong_fix, "there is no file to fix");
  }
  FixOptions options;
  options.unsafe = true;
  options.read = run.options.read;
  options.judge.today = run.options.today;
  const FixResult fixed = fix_file(*example.project, *example.file, run.prepared, options);
  if (!fixed.refused.empty()) {
    return fail(run, ExampleVerdict::wrong_fix, fixed.refused.front());
  }
  if (fixed.applied == 0) {
    return fail(run, ExampleVerdict::wrong_fix,
                "nothing is changed: no anchor, no match, or a value that is not known");
  }
  if (run.example.becomes && !became(example.file->source.text, fixed.text, *run.example.becomes)) {
    return fail(run, ExampleVerdict::wrong_fix, fmt::format("it becomes {}", quote(fixed.text)));
  }
  const auto again = read_alone(*example.project, *example.file, fixed.text, run.options.read);
  link_locks(*again, run.prepared);
  const auto left = reported(judge({again.get()}, run.prepared, options.judge), run.rule);
  if (!left.empty()) {
    fail(run, ExampleVerdict::wrong_fix,
         fmt::format("it is still reported after the fix: {}", quote(left.front().message)));
  }
}

// What a finding says to write instead is judged as well: the rule is silent about it.
void check_instead(Run& run, const std::vector<Finding>& findings) {
  for (const Finding& finding : findings) {
    if (finding.instead.empty()) {
      continue;
    }
    Example better = run.example;
    better.parts["upgrade"] = finding.instead;
    const ExampleProject example = make_example(better, find_frame(run.policy, run.rule), run.options.read);
    if (!example.file) {
      return fail(run, ExampleVerdict::wrong_fix,
                  fmt::format("no migration can be made of {}", quote(finding.instead)));
    }
    link_locks(*example.project, run.prepared);
    JudgeOptions options;
    options.today = run.options.today;
    for (const auto& migration : example.project->migrations) {
      if (migration->file == example.file && (migration->syntax_error.is_known() || migration->upgrade.items.empty())) {
        return fail(run, ExampleVerdict::wrong_fix, fmt::format("no migration reads {}", quote(finding.instead)));
      }
    }
    const auto left = reported(judge({example.project.get()}, run.prepared, options), run.rule);
    if (!left.empty()) {
      return fail(run, ExampleVerdict::wrong_fix,
                  fmt::format("it is still reported when one writes {}", quote(finding.instead)));
    }
  }
}

void run_example(Run& run, Coverage& coverage, Rows rows, std::set<int>& rows_seen) {
  const ExampleProject example = make_example(run.example, find_frame(run.policy, run.rule), run.options.read);
  if (!example.mistake.empty()) {
    return fail(run, ExampleVerdict::not_run, example.mistake);
  }
  link_locks(*example.project, run.prepared);
  JudgeOptions options;
  options.today = run.options.today;
  const Judgement judgement = judge({example.project.get()}, run.prepared, options);
  const std::vector<Finding> findings = reported(judgement, run.rule);
  cover(coverage, rows, *example.project, judgement);
  if (!run.example.bad) {
    if (!findings.empty()) {
      fail(run, ExampleVerdict::noisy, fmt::format("good example is reported: {}", quote(findings.front().message)));
    }
    return;
  }
  if (findings.empty()) {
    std::string detail = "bad example is not reported";
    for (const auto& migration : example.project->migrations) {
      detail += migration->syntax_error.is_known() ? ": it does not parse: " + printable(migration->syntax_error.value)
                                                   : std::string();
    }
    return fail(run, ExampleVerdict::missed, std::move(detail));
  }
  for (const Finding& finding : findings) {
    rows_seen.insert(finding.rule->case_index);
  }
  check_text(run, findings);
  check_line(run, example, findings);
  check_fix(run, example, findings);
  check_instead(run, findings);
}

// Rules about waivers need the others: without them no waiver is ever used.
PreparedPolicy prepare_for(const Policy& policy, const Rule& rule) {
  return prepare(policy, rule.entity == &entity_of<Waiver>() ? std::string_view() : std::string_view(rule.id));
}

// Examples are read as the policy says that versions of packages behave.
ExampleOptions with_behaviours(ExampleOptions options, const Policy& policy) {
  options.read.behaviours = behaviours_of(policy);
  return options;
}

std::string show_place(const Policy& policy, const PolicyPlace& place) {
  return fmt::format("{}:{}", place.file < policy.files.size() ? policy.files[place.file] : std::string("policy"),
                     place.line);
}

}  // namespace

std::string_view name_of(ExampleVerdict verdict) {
  constexpr std::string_view names[] = {"MISSED", "NOISY", "WRONG TEXT", "WRONG LINE", "WRONG FIX", "NOT RUN"};
  return names[static_cast<size_t>(verdict)];
}

ExampleReport test_examples(const Policy& policy, const ExampleOptions& given) {
  const ExampleOptions options = with_behaviours(given, policy);
  ExampleReport report;
  Coverage coverage;
  for (const Rows rows : group_rows(policy, options.only)) {
    const Rule& rule = rows.front();
    const PreparedPolicy prepared = prepare_for(policy, rule);
    ++report.rules;
    std::set<int> rows_seen;
    for (const Rule& row : rows) {
      note_conditions(coverage, row);
    }
    for (const Example& example : rule.examples) {
      ++report.examples;
      Run run{policy, options, prepared, rule, example, report};
      run_example(run, coverage, rows, rows_seen);
    }
    for (const Rule& row : rows) {
      if (row.case_index >= 0 && !rows_seen.contains(row.case_index)) {
        report.rows_without_example.push_back(&row);
      }
    }
  }
  report.conditions = coverage.seen.size();
  for (const auto& [place, seen] : coverage.seen) {
    if (!seen.seen_true || !seen.seen_false) {
      report.gaps.push_back({seen.rule, seen.condition, seen.seen_true, seen.seen_false});
    }
  }
  return report;
}

std::string format_report(const Policy& policy, const ExampleReport& report) {
  std::string out;
  for (const ExampleFailure& failure : report.failures) {
    out += fmt::format("{:<11} {}   {}: {}\n", name_of(failure.verdict), failure.rule->id,
                       show_place(policy, failure.place), failure.detail);
  }
  for (const Rule* row : report.rows_without_example) {
    out += fmt::format("row of cases without a bad example: {} {} row {}\n", row->id, show_place(policy, row->place),
                       row->case_index + 1);
  }
  for (const ConditionGap& gap : report.gaps) {
    const std::string_view what = gap.seen_true ? "false" : gap.seen_false ? "true" : "asked";
    out += fmt::format("condition never {} in any example: {} {} {}\n", what, gap.rule->id,
                       show_place(policy, gap.condition->place), printable(gap.condition->text));
  }
  out +=
      fmt::format("{} rules, {} examples, {} failures, {} of {} conditions seen both true and false\n", report.rules,
                  report.examples, report.failures.size(), report.conditions - report.gaps.size(), report.conditions);
  return out;
}

std::vector<Noise> find_noise(const Policy& policy, const ExampleOptions& given) {
  const ExampleOptions options = with_behaviours(given, policy);
  std::vector<Noise> noise;
  const PreparedPolicy prepared = prepare(policy);
  JudgeOptions judging;
  judging.today = options.today;
  for (const Rows rows : group_rows(policy, options.only)) {
    for (const Example& example : rows.front().examples) {
      const ExampleProject made =
          example.bad ? ExampleProject{} : make_example(example, find_frame(policy, rows.front()), options.read);
      if (!made.project || !made.mistake.empty()) {
        continue;
      }
      link_locks(*made.project, prepared);
      for (const Finding& finding : judge({made.project.get()}, prepared, judging).findings) {
        if (finding.state == FindingState::open) {
          noise.push_back({finding.rule, &rows.front(), example.place, finding.message});
        }
      }
    }
  }
  return noise;
}

}  // namespace spiritsafe
