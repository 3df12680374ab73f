// SPDX-License-Identifier: Apache-2.0
#include "adapters/report/rules.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

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
