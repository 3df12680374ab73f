// SPDX-License-Identifier: Apache-2.0
#include "engine/policy/compare.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace spiritsafe {
namespace {

struct Comparison {
  const Policy& base;
  const Policy& here;
  std::vector<FoundWeakening> found = {};
};

void add(Comparison& comparison, WeakeningKind kind, std::string subject, std::string before, std::string after,
         std::string text) {
  comparison.found.push_back(
      {kind, std::move(subject), std::move(before), std::move(after), std::move(text), comparison.here.source, 0});
}

// Goes from `before` to `after`, or is set or taken away.
std::string change_of(const std::string& what, const std::string& before, const std::string& after) {
  return before.empty()  ? fmt::format("{} is set to {}", what, after)
         : after.empty() ? fmt::format("{} is not set any more; it was {}", what, before)
                         : fmt::format("{} goes from {} to {}", what, before, after);
}

// ---- rules ----------------------------------------------------------------------------------------------------------

void append_text(std::string& out, const Condition& condition) {
  out += condition.text;
  out += condition.path.text;
  for (const std::string& label : condition.labels) {
    out += label + "|";
  }
  for (const Condition& part : condition.parts) {
    out += static_cast<char>('0' + static_cast<int>(part.kind));
    append_text(out, part);
    out += ";";
  }
  if (condition.matcher.block) {
    append_text(out, *condition.matcher.block);
  }
}

// What a rule asks, of what and of whom; the same text: the same question.
std::string question_of(const Rule& rule) {
  std::string out = fmt::format("{} {} {} {}\n", rule.entity->name, static_cast<int>(rule.scope),
                                fmt::join(rule.file_patterns, " "), rule.case_index);
  append_text(out, rule.where);
  if (rule.require) {
    out += "\nrequire ";
    append_text(out, *rule.require);
  }
  for (const Exception& exception : rule.unless) {
    out += "\nunless " + exception.label + " ";
    append_text(out, exception.condition);
  }
  return out;
}

// The first row of a rule stands for the others where their levels are the same.
const Rule* find_row(const Policy& policy, const Rule& like) {
  const auto found = std::ranges::find_if(
      policy.rules, [&](const Rule& rule) { return rule.id == like.id && rule.case_index == like.case_index; });
  if (found != policy.rules.end()) {
    return &*found;
  }
  const auto renamed = std::ranges::find_if(
      policy.rules, [&](const Rule& rule) { return std::ranges::find(rule.formerly, like.id) != rule.formerly.end(); });
  return renamed == policy.rules.end() ? nullptr : &*renamed;
}

std::string value_of(const Rule& rule, const std::string& parameter) {
  const auto found = std::ranges::find(rule.parameters, parameter, &Parameter::name);
  return found == rule.parameters.end() ? std::string() : found->value;
}

void compare_rule(Comparison& comparison, const Rule& before, const Rule& after) {
  if (after.level < before.level) {
    const std::string from(name_of(before.level)), to(name_of(after.level));
    add(comparison, after.level == Level::off ? WeakeningKind::rule_off : WeakeningKind::level_lowered, before.id, from,
        to,
        after.level == Level::off ? fmt::format("{} is turned off; it was {}", before.id, from)
                                  : change_of(before.id, from, to));
  }
  if (after.level == Level::off || before.level == Level::off) {
    return;
  }
  if (before.approval_by != after.approval_by || before.approval_via != after.approval_via) {
    const std::string from = fmt::format("{}", fmt::join(before.approval_by, ", "));
    const std::string to = fmt::format("{}", fmt::join(after.approval_by, ", "));
    add(comparison, WeakeningKind::approvers_changed, before.id, from, to,
        fmt::format("others may approve {}", before.id));
  }
  bool told = false;
  for (const Parameter& parameter : before.parameters) {
    if (const std::string value = value_of(after, parameter.name); value != parameter.value) {
      add(comparison, WeakeningKind::rule_changed, before.id, parameter.value, value,
          change_of(fmt::format("{} of {}", parameter.name, before.id), parameter.value, value));
      told = true;
    }
  }
  if (!told && question_of(before) != question_of(after)) {
    add(comparison, WeakeningKind::rule_changed, before.id, "", "", fmt::format("{} asks something else", before.id));
  }
}

void compare_rules(Comparison& comparison) {
  std::set<std::string> told;  // rows of one rule mostly change alike
  for (const Rule& before : comparison.base.rules) {
    const size_t count = comparison.found.size();
    if (const Rule* after = find_row(comparison.here, before)) {
      compare_rule(comparison, before, *after);
    } else if (before.level != Level::off &&
               std::ranges::find(comparison.here.packs, before.pack) != comparison.here.packs.end()) {
      add(comparison, WeakeningKind::rule_off, before.id, std::string(name_of(before.level)), "",
          fmt::format("{} is gone; it was {}", before.id, name_of(before.level)));
    }
    std::erase_if(comparison.found, [&](const FoundWeakening& each) {
      return &each >= comparison.found.data() + count && !told.insert(each.subject + "\n" + each.text).second;
    });
  }
}

// ---- overrides ------------------------------------------------------------------------------------------------------

std::string key_of(const Override& other) {
  std::string key =
      fmt::format("{}\n{}\n{}\n", other.files.text(), other.projects.text(), fmt::join(other.tables, " "));
  for (const auto& [id, level] : other.levels) {
    key += fmt::format("{}={} ", id, name_of(level));
  }
  return key;
}

Level level_of(const Policy& policy, const std::string& id) {
  Level level = Level::off;
  for (const Rule& rule : policy.rules) {
    level = rule.id == id ? std::max(level, rule.level) : level;
  }
  return level;
}

void compare_overrides(Comparison& comparison) {
  const auto only_in = [](const Policy& policy, const Policy& other) {
    std::multiset<std::string> keys;
    for (const Override& each : other.overrides) {
      keys.insert(key_of(each));
    }
    std::vector<const Override*> result;
    for (const Override& each : policy.overrides) {
      const auto same = keys.find(key_of(each));
      same == keys.end() ? result.push_back(&each) : void(keys.erase(same));
    }
    return result;
  };
  for (const Override* other : only_in(comparison.here, comparison.base)) {
    for (const auto& [id, level] : other->levels) {
      const Level usual = level_of(comparison.here, id);
      if (level < usual) {
        add(comparison, WeakeningKind::override_added, id, std::string(name_of(usual)), std::string(name_of(level)),
            fmt::format("an override lowers {} from {} to {} for some", id, name_of(usual), name_of(level)));
      }
    }
  }
  for (const Override* other : only_in(comparison.base, comparison.here)) {
    for (const auto& [id, level] : other->levels) {
      const Level usual = level_of(comparison.base, id);
      if (level > usual) {
        add(comparison, WeakeningKind::level_lowered, id, std::string(name_of(level)), std::string(name_of(usual)),
            fmt::format("an override that raises {} from {} to {} is gone", id, name_of(usual), name_of(level)));
      }
    }
  }
}

// ---- settings -------------------------------------------------------------------------------------------------------

std::string joined(const std::vector<std::string>& list) { return fmt::format("{}", fmt::join(list, ", ")); }

std::map<std::string, std::string> other_settings(const Policy& policy) {
  std::map<std::string, std::string> all = policy.settings.texts;
  for (const auto& [name, list] : policy.settings.lists) {
    all[name] = joined(list);
  }
  for (const KnownOperation& known : policy.settings.known_operations) {
    std::string& text = all["known_operations"];
    text += (text.empty() ? "" : ", ") + known.name;
    for (const OperationKind kind : known.amounts_to) {
      text += fmt::format(" {}", name_of(kind));
    }
  }
  if (!policy.waivers_path.empty()) {
    all["waivers"] = policy.waivers_path;
  }
  return all;
}

void compare_settings(Comparison& comparison) {
  const PolicySettings& before = comparison.base.settings;
  const PolicySettings& after = comparison.here.settings;
  for (const std::string& pattern : after.exclude) {
    if (std::ranges::find(before.exclude, pattern) == before.exclude.end()) {
      add(comparison, WeakeningKind::exclude_added, "exclude", "", pattern,
          fmt::format("`{}` is not judged any more", pattern));
    }
  }
  if (!after.start_after.empty() && after.start_after != before.start_after) {
    add(comparison, WeakeningKind::start_after_set, "start_after", before.start_after, after.start_after,
        change_of("start_after", before.start_after, after.start_after));
  }
  std::map<std::string, std::string> here = other_settings(comparison.here);
  std::map<std::string, std::string> base = other_settings(comparison.base);
  std::set<std::string> names;
  for (const auto* settings : {&base, &here}) {
    for (const auto& [name, value] : *settings) {
      names.insert(name);
    }
  }
  for (const std::string& name : names) {
    if (base[name] != here[name]) {
      add(comparison, WeakeningKind::setting_changed, name, base[name], here[name],
          change_of(name, base[name], here[name]));
    }
  }
}

void compare_approvers(Comparison& comparison) {
  for (const auto& each : comparison.base.approvers) {
    const std::string& group = each.first;
    const std::vector<std::string>& members = each.second;
    const auto after = comparison.here.approvers.find(group);
    const std::vector<std::string> now =
        after == comparison.here.approvers.end() ? std::vector<std::string>() : after->second;
    const bool added = std::ranges::any_of(
        now, [&](const std::string& member) { return std::ranges::find(members, member) == members.end(); });
    if (added || now.empty()) {
      add(comparison, WeakeningKind::approvers_changed, group, joined(members), joined(now),
          change_of(fmt::format("the group {}", group), joined(members), joined(now)));
    }
  }
}

void compare_packs(Comparison& comparison) {
  for (const std::string& pack : comparison.base.packs) {
    if (pack != comparison.base.source &&
        std::ranges::find(comparison.here.packs, pack) == comparison.here.packs.end()) {
      add(comparison, WeakeningKind::pack_removed, pack, pack, "", fmt::format("the pack {} is left out", pack));
    }
  }
}

// Does one that was there already accept all that this one accepts?
bool covers(const FileWaiver& old, const FileWaiver& waiver) {
  const auto condition = [](const FileWaiver& each) {
    std::string text;
    if (each.on) {
      append_text(text, *each.on);
    }
    return text;
  };
  return old.rule == waiver.rule && waiver.until <= old.until && condition(old) == condition(waiver) &&
         old.findings.empty() == waiver.findings.empty() && std::ranges::includes(old.findings, waiver.findings);
}

}  // namespace

std::vector<FoundWeakening> compare_waivers(const WaiverFile* base, const WaiverFile& here) {
  std::vector<FoundWeakening> found;
  for (const FileWaiver& waiver : here.waivers) {
    if (base && std::ranges::any_of(base->waivers, [&](const FileWaiver& old) { return covers(old, waiver); })) {
      continue;
    }
    const size_t count = waiver.findings.size();
    const std::string what = count == 0   ? fmt::format("{} is", waiver.rule)
                             : count == 1 ? fmt::format("a finding of {} is", waiver.rule)
                                          : fmt::format("{} findings of {} are", count, waiver.rule);
    found.push_back({WeakeningKind::waiver_added, waiver.rule, "", waiver.until,
                     fmt::format("{} accepted until {}: {}", what, waiver.until, waiver.reason), here.file.path,
                     waiver.line});
  }
  return found;
}

std::vector<FoundWeakening> compare_policies(const Policy& base, const Policy& here) {
  Comparison comparison{base, here};
  compare_packs(comparison);
  compare_rules(comparison);
  compare_overrides(comparison);
  compare_settings(comparison);
  compare_approvers(comparison);
  return std::move(comparison.found);
}

}  // namespace spiritsafe
