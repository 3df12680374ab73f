// SPDX-License-Identifier: Apache-2.0
#include "engine/judge/explain.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/judge/show.h"
#include "engine/text/printable.h"

namespace spiritsafe {
namespace {

constexpr size_t most_left_out = 5;  // items shown where the rule reports none
constexpr size_t most_inner = 3;     // items of a list shown where none decided it

struct Explanation {
  const Policy& policy;
  const Rule& rule;
  const LineIndex& lines;
  std::string text = {};
};

std::string_view answer(Truth truth) { return truth == Truth::yes ? "yes" : truth == Truth::no ? "no" : "cannot tell"; }

std::string place(const Explanation& out, const TraceStep& step) {
  const PolicyPlace& at = step.condition->place;
  if (at.line == 0) {
    return {};
  }
  std::string where = at.file == out.rule.place.file || at.file >= out.policy.files.size()
                          ? fmt::format("line {}", at.line)
                          : fmt::format("{}:{}", out.policy.files[at.file], at.line);
  if (step.result != Truth::yes && step.condition->kind == Condition::Kind::test) {
    where += ": " + printable(step.condition->text);
  }
  return "   (" + where + ")";
}

std::string words(const TraceStep& step) {
  std::string out;
  if (step.depth == 0 && step.part == TraceStep::Part::require) {
    out += "required: ";
  }
  if (!step.label.empty()) {
    out += step.depth == 0 && step.part == TraceStep::Part::unless ? "unless " : "";
    out += step.label;
    out += step.condition->kind == Condition::Kind::all ? "" : ": ";
  }
  switch (step.condition->kind) {
    case Condition::Kind::all:
      break;
    case Condition::Kind::any:
      out += "any of";
      break;
    case Condition::Kind::negation:
      out += "not";
      break;
    case Condition::Kind::test:
      out += fmt::format("{} = {}", step.condition->path.text, step.value);
      break;
  }
  return out;
}

using Steps = std::span<const TraceStep>;

void append_steps(Explanation& out, Steps steps, int indent);

// The steps about one item of a list after the other; the one that decided a `some` is the last.
void append_inner(Explanation& out, const TraceStep& parent, Steps steps, int indent) {
  std::vector<Steps> groups;
  size_t begin = 0;
  for (size_t i = 1; i <= steps.size(); ++i) {
    if (i == steps.size() || (steps[i].depth == parent.depth + 1 && steps[i].item != steps[begin].item)) {
      groups.push_back(steps.subspan(begin, i - begin));
      begin = i;
    }
  }
  const bool last_decides = parent.result == Truth::yes && parent.condition->matcher.kind == Matcher::Kind::some;
  if (last_decides || groups.size() == 1) {
    append_steps(out, groups.back(), indent);
    return;
  }
  for (size_t i = 0; i < groups.size() && i < most_inner; ++i) {
    const Item item = groups[i].front().item;
    out.text += fmt::format("{:{}}{} {}\n", "", indent, item.entity->name, show_item(item, 60));
    append_steps(out, groups[i], indent + 2);
  }
  if (groups.size() > most_inner) {
    out.text += fmt::format("{:{}}… and {} more\n", "", indent, groups.size() - most_inner);
  }
}

void append_steps(Explanation& out, Steps steps, int indent) {
  for (size_t i = 0; i < steps.size();) {
    const TraceStep& step = steps[i];
    size_t end = i + 1;
    while (end < steps.size() && steps[end].depth > step.depth) {
      ++end;
    }
    out.text += fmt::format("{:{}}{} {}{}\n", "", indent, answer(step.result), words(step), place(out, step));
    const Steps inner = steps.subspan(i + 1, end - i - 1);
    if (!inner.empty() && step.condition->kind == Condition::Kind::test) {
      append_inner(out, step, inner, indent + 4);
    } else {
      append_steps(out, inner, indent + 4);
    }
    i = end;
  }
}

std::string first_unknown(const Trace& trace) {
  for (const TraceStep& step : trace.steps) {
    if (step.result == Truth::unknown && step.part != TraceStep::Part::unless &&
        step.condition->kind == Condition::Kind::test) {
      return fmt::format(", because it cannot be told whether {}", printable(step.condition->text));
    }
  }
  return {};
}

std::string verdict(const Answer& outcome, const Trace& trace) {
  switch (outcome.outcome) {
    case Outcome::found:
      return "reported";
    case Outcome::exempt:
      return fmt::format("not reported, because {}", outcome.label);
    case Outcome::undecided:
      return "undecided" + first_unknown(trace);
    case Outcome::not_found:
      return "not reported";
  }
  return {};
}

Outcome append_item(Explanation& out, Item item, Room& room) {
  Trace trace;
  begin_file(room);
  room.trace = &trace;
  const Answer outcome = evaluate(out.rule, item, room);
  room.trace = nullptr;
  const File* file = item.entity->file(item.pointer);
  const Location at = out.lines.locate(item.entity->span(item.pointer).begin);
  out.text +=
      fmt::format("  item {}:{} {}\n", file ? printable(file->source.path) : std::string(), at.line, item.entity->name);
  append_steps(out, trace.steps, 4);
  out.text += fmt::format("  => {}\n", verdict(outcome, trace));
  return outcome.outcome;
}

bool is_on_line(const Explanation& out, Item item, uint32_t line) {
  const Span span = item.entity->span(item.pointer);
  return line == 0 || (out.lines.locate(span.begin).line <= line && line <= out.lines.locate(span.end).line);
}

std::string why_not_asked(const Rule& rule, const Policy& policy, const File& file) {
  if (!rule.files.empty() && !rule.files.matches(file.source.path)) {
    return "the rule's `files:` do not match this file";
  }
  if (policy.settings.exclude_globs.matches(file.source.path)) {
    return "`exclude:` names this file";
  }
  if ((rule.scope == Scope::added && file.change != Change::added) ||
      (rule.scope == Scope::changed && file.change == Change::unchanged)) {
    return fmt::format("the rule is about {} files, and this one is {}",
                       rule.scope == Scope::added ? "added" : "changed", name_of(file.change));
  }
  return {};
}

}  // namespace

std::string explain(const Policy& policy, std::string_view rule_id, const Project& project, const File& file,
                    uint32_t line) {
  const LineIndex lines(file.source.text);
  Room room;
  std::string text;
  for (const Rule& rule : policy.rules) {
    if (rule.id != rule_id) {
      continue;
    }
    if (const std::string why = why_not_asked(rule, policy, file); !why.empty()) {
      return fmt::format("  => not asked, because {}\n", why);
    }
    std::string asked;
    std::string left_out;
    size_t left_out_count = 0;
    for (const Item item : all_items(project, *rule.entity)) {
      Explanation out{policy, rule, lines};
      const File* item_file = item.entity->file(item.pointer);
      if ((item_file && item_file != &file) || !is_on_line(out, item, line)) {
        continue;
      }
      const bool is_left_out = append_item(out, item, room) == Outcome::not_found && line == 0;
      if (!is_left_out) {
        asked += out.text;
      } else if (++left_out_count <= most_left_out) {
        left_out += out.text;
      }
    }
    text += asked.empty() ? left_out : asked;
    if (asked.empty() && left_out_count > most_left_out) {
      text += fmt::format("  … and {} more that are not reported\n", left_out_count - most_left_out);
    } else if (asked.empty() && left_out_count == 0 && rule.case_index <= 0) {
      text += fmt::format("  => not asked, because there is no {} {}\n", rule.entity->name,
                          line == 0 ? "in this file" : "on this line");
    }
  }
  return text;
}

}  // namespace spiritsafe
