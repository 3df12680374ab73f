// SPDX-License-Identifier: Apache-2.0
#include "engine/judge/coverage.h"

#include <unordered_map>

#include "engine/judge/evaluate.h"

namespace spiritsafe {
namespace {

using Keys = std::unordered_map<const Condition*, ConditionKey>;

void add_keys(Keys& keys, std::map<ConditionKey, uint32_t>& at_place, const Condition& condition) {
  if (condition.kind == Condition::Kind::test) {
    ConditionKey key{condition.place.file, condition.place.line, condition.place.column, 0};
    std::get<3>(key) = at_place[key]++;
    keys.emplace(&condition, key);
    if (condition.matcher.block) {
      add_keys(keys, at_place, *condition.matcher.block);
    }
  }
  for (const Condition& part : condition.parts) {
    add_keys(keys, at_place, part);
  }
}

// A shared condition that a rule uses twice is one place, asked twice.
Keys keys_of(const Rule& rule) {
  Keys keys;
  const auto add = [&](const Condition& condition) {
    std::map<ConditionKey, uint32_t> at_place;
    add_keys(keys, at_place, condition);
  };
  add(rule.where);
  if (rule.require) {
    add(*rule.require);
  }
  for (const Exception& exception : rule.unless) {
    add(exception.condition);
  }
  return keys;
}

std::vector<Item> items_to_ask(const Rule& rule, const Project& project, const Judgement& judgement) {
  if (rule.entity != &entity_of<Waiver>()) {
    return all_items(project, *rule.entity);
  }
  std::vector<Item> items;
  for (const auto& waivers : judgement.waivers) {
    for (const Waiver& waiver : *waivers) {
      items.push_back({rule.entity, &waiver});
    }
  }
  return items;
}

}  // namespace

void note_conditions(Coverage& coverage, const Rule& rule) {
  for (const auto& [condition, key] : keys_of(rule)) {
    coverage.seen.try_emplace(key, SeenCondition{&rule, condition, false, false});
  }
}

void cover(Coverage& coverage, std::span<const Rule> rows, const Project& project, const Judgement& judgement) {
  Room room;
  for (const Rule& rule : rows) {
    const Keys keys = keys_of(rule);
    for (const Item item : items_to_ask(rule, project, judgement)) {
      Trace trace;
      begin_file(room);
      room.trace = &trace;
      evaluate(rule, item, room);
      room.trace = nullptr;
      for (const TraceStep& step : trace.steps) {
        if (const auto key = keys.find(step.condition); key != keys.end()) {
          SeenCondition& seen = coverage.seen[key->second];
          seen.seen_true = seen.seen_true || step.result == Truth::yes;
          seen.seen_false = seen.seen_false || step.result == Truth::no;
        }
      }
    }
  }
}

}  // namespace spiritsafe
