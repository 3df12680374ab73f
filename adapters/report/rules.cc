// SPDX-License-Identifier: Apache-2.0
#include "adapters/report/rules.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/text/printable.h"

namespace spiritsafe {
namespace {

std::string bold(std::string_view text, bool colour) {
  return colour ? fmt::format("\x1b[1m{}\x1b[0m", text) : std::string(text);
}

std::string_view level_meaning(Level level) {
  switch (level) {
    case Level::off:
      return "is not run";
    case Level::advice:
      return "a line in the summary, never blocks";
    case Level::warn:
      return "shown in place, never blocks";
    case Level::approval:
      return "waits for an approval";
    case Level::error:
      return "blocks until it is fixed or waived";
  }
  return {};
}

std::string_view name_of_scope(Scope scope) {
  switch (scope) {
    case Scope::added:
      return "what the base does not have";
    case Scope::changed:
      return "what the change touches";
    case Scope::all:
      return "everything";
    case Scope::repo:
      return "the project as a whole";
  }
  return {};
}

struct Row {
  std::string left = {};
  std::string place = {};
  std::string text = {};
};

std::string place_of(const Policy& policy, const PolicyPlace& place) {
  return place.line > 0 && place.file < policy.files.size() ? fmt::format("{}:{}", policy.files[place.file], place.line)
                                                            : std::string();
}

std::string in_columns(const std::vector<Row>& rows) {
  size_t left = 0, place = 0;
  for (const Row& row : rows) {
    left = std::max(left, row.left.size());
    place = std::max(place, row.place.size());
  }
  std::string out;
  for (const Row& row : rows) {
    std::string line = fmt::format("  {:<{}}  {:<{}}  {}", printable(row.left), left, printable(row.place), place,
                                   printable(row.text));
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + '\n';
  }
  return out;
}

void add_overrides(const Policy& policy, const Rule& rule, std::vector<Row>& rows) {
  for (const Override& change : policy.overrides) {
    if (const auto level = change.levels.find(rule.id); level != change.levels.end()) {
      const auto because = change.because.find(rule.id);
      rows.push_back({change.source, place_of(policy, change.place),
                      fmt::format("level: {} for {}{}", name_of(level->second), change.selects,
                                  because == change.because.end() ? "" : ", because: " + because->second)});
    }
  }
}

}  // namespace

std::string write_rule_page(const Policy& policy, const Rule& rule, bool colour) {
  std::string out = fmt::format("{}\n{}\n\n", bold(rule.id, colour), rule.title);
  const auto line = [&](std::string_view name, std::string_view text) {
    if (!text.empty()) {
      out += fmt::format("{:<10}{}\n", name, text);
    }
  };
  line("level", fmt::format("{}: {}", name_of(rule.level), level_meaning(rule.level)));
  line("because", rule.because);
  line("asks", fmt::format("every {} of {}", rule.entity->name, name_of_scope(rule.scope)));
  line("why", rule.why);
  line("fix", rule.fix);
  if (rule.autofix) {
    line("", rule.autofix->safe ? "`spiritsafe fix` does it" : "`spiritsafe fix --unsafe` does it");
  }
  for (const Exception& exception : rule.unless) {
    line("unless", exception.label);
  }
  for (const std::string& link : rule.links) {
    line("see", link);
  }
  line("formerly", fmt::format("{}", fmt::join(rule.formerly, ", ")));
  line("set by", fmt::format("{}", fmt::join(rule.changed_by, ", then ")));
  if (rule.place.file < policy.files.size()) {
    line("written", fmt::format("{}:{}", policy.files[rule.place.file], rule.place.line));
  }
  return out;
}

std::string write_origin(const Policy& policy, const Rule& rule, bool colour) {
  std::vector<Row> rows;
  for (const SetBy& step : rule.steps) {
    rows.push_back({step.source, place_of(policy, step.place), step.text});
  }
  add_overrides(policy, rule, rows);
  std::string out = fmt::format("{}: {}\n", bold(rule.id, colour), name_of(rule.level)) + in_columns(rows);
  std::vector<Row> values;
  for (const Parameter& parameter : rule.parameters) {
    values.push_back({parameter.name, "= " + parameter.value,
                      parameter.value == parameter.fallback ? "" : fmt::format("(default: {})", parameter.fallback)});
  }
  out += values.empty() ? "" : "parameters\n" + in_columns(values);
  if (rule.level == Level::approval || !rule.approval_by.empty()) {
    out += fmt::format("approved by {}{}\n",
                       rule.approval_by.empty() ? "anyone with write access but the author"
                                                : fmt::format("{}", fmt::join(rule.approval_by, ", ")),
                       rule.approval_via.empty() ? "" : fmt::format(", by {}", fmt::join(rule.approval_via, " or ")));
  }
  return out;
}

std::string write_origins(const Policy& policy, bool colour) {
  std::string out = fmt::format("{}\n  {}\n", bold("packs and files, in order", colour), fmt::join(policy.packs, ", "));
  const auto section = [&](std::string_view title, const std::vector<Row>& rows) {
    out += rows.empty() ? std::string() : fmt::format("{}\n", bold(title, colour)) + in_columns(rows);
  };
  std::vector<Row> settings;
  for (const auto& [name, steps] : policy.settings.steps) {
    for (const SetBy& step : steps) {
      settings.push_back({&step == &steps.front() ? name : "", place_of(policy, step.place), step.text});
    }
  }
  section("settings, the last one counts", settings);
  std::vector<Row> changes;
  for (const Rule& rule : policy.rules) {
    for (size_t i = 1; i < rule.steps.size() && rule.case_index <= 0; ++i) {
      changes.push_back({rule.id, place_of(policy, rule.steps[i].place), rule.steps[i].text});
    }
  }
  section("rules that were changed", changes);
  std::vector<Row> overrides;
  for (const Rule& rule : policy.rules) {
    if (rule.case_index <= 0) {
      std::vector<Row> rows;
      add_overrides(policy, rule, rows);
      for (Row& row : rows) {
        row.left = rule.id;
        overrides.push_back(std::move(row));
      }
    }
  }
  section("overrides, the last one that fits counts", overrides);
  return out + "`spiritsafe policy explain RULE` tells the same of one rule\n";
}

std::string write_rule_list(const Policy& policy, bool colour) {
  size_t widest = 0;
  for (const Rule& rule : policy.rules) {
    widest = std::max(widest, rule.id.size());
  }
  std::string out;
  std::string_view last;
  size_t count = 0;
  for (const Rule& rule : policy.rules) {
    if (rule.id == last) {
      continue;  // the rows of one table of cases
    }
    last = rule.id;
    ++count;
    out += fmt::format("{}{:{}}  {:<8}  {:<12}  {}\n", bold(rule.id, colour), "", widest - rule.id.size(),
                       name_of(rule.level), rule.pack, rule.title);
    if (!rule.because.empty()) {
      out += fmt::format("{:{}}  because {}\n", "", widest, rule.because);
    }
  }
  out += fmt::format("{} rules of {}\n", count, fmt::join(policy.packs, ", "));
  return out;
}

}  // namespace spiritsafe
