// SPDX-License-Identifier: Apache-2.0
#include "engine/judge/prepare.h"

#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <bitset>
#include <mutex>

namespace spiritsafe {

// The patterns that line rules require, compiled when the first line is judged.
struct PatternSet {
  std::vector<std::pair<std::string, uint32_t>> patterns = {};  // with the rule that requires it
  RuleNumbers without = {};                                     // rules that require no pattern
  mutable std::once_flag once = {};
  mutable std::unique_ptr<RE2::Set> set = {};
};

namespace {

constexpr int64_t most_set_memory = 64 << 20;

// Calls `use` for every test that must hold, whatever else does.
template <class Use>
void each_required(const Condition& condition, Use use) {
  if (condition.kind == Condition::Kind::test) {
    use(condition);
  } else if (condition.kind == Condition::Kind::all) {
    for (const Condition& part : condition.parts) {
      each_required(part, use);
    }
  }
}

bool is_own(const Path& path) { return path.slot <= 0 && path.fields.size() == 1; }

bool is_simple_equality(const Condition& test) {
  if (test.path.slot > 0 || test.path.fields.empty() || test.matcher.kind != Matcher::Kind::equals) {
    return false;
  }
  const Type type = test.path.fields.back()->type;
  return type == Type::text || type == Type::choice || type == Type::boolean;
}

bool same_guard(const Condition& a, const Condition& b) {
  return a.path.fields == b.path.fields && a.matcher.texts == b.matcher.texts && a.matcher.boolean == b.matcher.boolean;
}

void add_to_group(RuleGroup& group, const Rule& rule, uint32_t number) {
  const Condition* guard = nullptr;
  each_required(rule.where, [&](const Condition& test) {
    if (!guard && is_simple_equality(test)) {
      guard = &test;
    }
  });
  if (!guard) {
    group.unguarded.push_back(number);
    return;
  }
  const auto found =
      std::ranges::find_if(group.guarded, [&](const GuardedRules& rules) { return same_guard(*rules.guard, *guard); });
  if (found == group.guarded.end()) {
    group.guarded.push_back({guard, {number}});
  } else {
    found->rules.push_back(number);
  }
}

// Which words of a choice a condition can be about.
template <class Kind>
std::bitset<64> possible(const Condition& where, std::string_view field) {
  std::bitset<64> result;
  result.set();
  each_required(where, [&](const Condition& test) {
    if (is_own(test.path) && test.path.fields.front()->name == field && test.matcher.kind == Matcher::Kind::equals) {
      std::bitset<64> named;
      const auto names = names_of<Kind>();
      for (size_t i = 0; i < names.size(); ++i) {
        named.set(i, std::ranges::find(test.matcher.texts, names[i]) != test.matcher.texts.end());
      }
      result &= named;
    }
  });
  return result;
}

void add_operation_rule(PreparedPolicy& prepared, const Rule& rule, uint32_t number) {
  const auto kinds = possible<OperationKind>(rule.where, "kind");
  const auto directions = possible<Direction>(rule.where, "direction");
  for (size_t direction = 0; direction < prepared.operation_rules.size(); ++direction) {
    for (size_t kind = 0; kind < operation_kind_count; ++kind) {
      if (directions[direction] && kinds[kind]) {
        prepared.operation_rules[direction][kind].push_back(number);
      }
    }
  }
}

void add_effect(PreparedPolicy& prepared, const EffectRow& row, uint32_t number) {
  if (row.entity == &entity_of<Statement>()) {
    prepared.statement_effects.push_back(number);
    return;
  }
  const auto kinds = possible<OperationKind>(row.where, "kind");
  for (size_t kind = 0; kind < operation_kind_count; ++kind) {
    if (kinds[kind]) {
      prepared.operation_effects[kind].push_back(number);
    }
  }
}

void add_line_rule(PreparedPolicy& prepared, PatternSet& set, const Rule& rule, uint32_t number) {
  prepared.line_rules.push_back(number);
  const Field* text = find_field(entity_of<Line>(), "text");
  const Pattern* pattern = nullptr;
  each_required(rule.where, [&](const Condition& test) {
    if (!pattern && is_own(test.path) && test.path.fields.front() == text &&
        test.matcher.kind == Matcher::Kind::matches) {
      pattern = &*test.matcher.pattern;
    }
  });
  if (pattern) {
    set.patterns.push_back({pattern->text(), number});
  } else {
    set.without.push_back(number);
  }
}

// Does it ask for what is read from modules with models?
bool asks_about_models(const Condition& condition) {
  const auto leads_there = [](const Field* field) {
    const Entity* entity = field->entity.empty() ? nullptr : find_entity(field->entity);
    return entity && is_of_models(*entity);
  };
  return std::ranges::any_of(condition.path.fields, leads_there) ||
         std::ranges::any_of(condition.parts, asks_about_models);
}

bool asks_about_models(const Rule& rule) {
  return is_of_models(*rule.entity) || asks_about_models(rule.where) ||
         (rule.require && asks_about_models(*rule.require));
}

void add_rule(PreparedPolicy& prepared, PatternSet& set, const Rule& rule, uint32_t number) {
  const Entity* entity = rule.entity;
  if (entity == &entity_of<Operation>()) {
    add_operation_rule(prepared, rule, number);
  } else if (entity == &entity_of<Line>()) {
    add_line_rule(prepared, set, rule, number);
  } else if (entity == &entity_of<Migration>()) {
    prepared.migration_rules.push_back(number);
  } else if (entity == &entity_of<File>()) {
    prepared.file_rules.push_back(number);
  } else if (entity == &entity_of<Project>()) {
    prepared.repo_rules.push_back(number);
  } else if (entity == &entity_of<Waiver>()) {
    prepared.waiver_rules.push_back(number);
  } else if (entity == &entity_of<Weakening>()) {
    prepared.weakening_rules.push_back(number);
  } else if (entity == &entity_of<Branch>()) {
    prepared.branch_rules.push_back(number);
  } else if (entity == &entity_of<Difference>()) {
    prepared.difference_rules.push_back(number);
  } else if (entity == &entity_of<BaseMigration>()) {
    prepared.base_migration_rules.push_back(number);
  } else {
    std::vector<RuleGroup>& groups = is_of_file(*entity) ? prepared.file_groups : prepared.groups;
    auto group = std::ranges::find(groups, entity, &RuleGroup::entity);
    if (group == groups.end()) {
      group = groups.insert(groups.end(), RuleGroup{entity, {}, {}});
    }
    add_to_group(*group, rule, number);
  }
}

std::unique_ptr<RE2::Set> compile(const PatternSet& patterns) {
  RE2::Options options;
  options.set_max_mem(most_set_memory);
  options.set_log_errors(false);
  auto set = std::make_unique<RE2::Set>(options, RE2::UNANCHORED);
  for (const auto& [pattern, rule] : patterns.patterns) {
    if (set->Add(pattern, nullptr) < 0) {
      return nullptr;
    }
  }
  return set->Compile() ? std::move(set) : nullptr;
}

}  // namespace

PreparedPolicy prepare(const Policy& policy, std::string_view only) {
  PreparedPolicy prepared;
  prepared.policy = &policy;
  prepared.even_off = !only.empty();
  auto patterns = std::make_shared<PatternSet>();
  for (const Rule& rule : policy.rules) {
    prepared.ids.insert_or_assign(rule.id, &rule);
    for (const std::string& former : rule.formerly) {
      prepared.ids.try_emplace(former, &rule);
    }
    ActiveRule active{&rule, {}, {}};
    bool is_on = rule.level != Level::off;
    for (const Override& other : policy.overrides) {
      if (const auto level = other.levels.find(rule.id); level != other.levels.end()) {
        active.overrides.push_back(&other);
        is_on = is_on || level->second != Level::off;
      }
    }
    if (only.empty() ? is_on : rule.id == only) {
      active.sieve = make_sieve(rule.where);
      prepared.rules.push_back(std::move(active));
    }
  }
  for (uint32_t number = 0; number < prepared.rules.size(); ++number) {
    add_rule(prepared, *patterns, *prepared.rules[number].rule, number);
    prepared.asks_about_models = prepared.asks_about_models || asks_about_models(*prepared.rules[number].rule);
  }
  for (uint32_t number = 0; number < policy.effects.size(); ++number) {
    add_effect(prepared, policy.effects[number], number);
  }
  prepared.line_patterns = std::move(patterns);
  const auto destructive = policy.settings.lists.find("destructive_operations");
  prepared.destructive = destructive == policy.settings.lists.end() ? nullptr : &destructive->second;
  return prepared;
}

void candidate_line_rules(const PreparedPolicy& prepared, std::string_view text, RuleNumbers& candidates) {
  const PatternSet& patterns = *prepared.line_patterns;
  std::call_once(patterns.once, [&] { patterns.set = patterns.patterns.empty() ? nullptr : compile(patterns); });
  candidates = patterns.without;
  if (!patterns.patterns.empty()) {
    thread_local std::vector<int> matched;
    RE2::Set::ErrorInfo error = {RE2::Set::kNoError};
    const bool found = patterns.set && patterns.set->Match(text, &matched, &error);
    if (!patterns.set || (!found && error.kind != RE2::Set::kNoError)) {
      candidates = prepared.line_rules;  // the set was too large: every rule looks for itself
      return;
    }
    for (const int index : found ? matched : std::vector<int>{}) {
      candidates.push_back(patterns.patterns[static_cast<size_t>(index)].second);
    }
    std::ranges::sort(candidates);
  }
}

}  // namespace spiritsafe
