// SPDX-License-Identifier: Apache-2.0
#include "engine/judge/join.h"

#include <algorithm>

namespace spiritsafe {
namespace {

constexpr int judged_item = 0;

bool stands_alone(const Condition& condition);

// Else a rule about each migration that asks for one of all files would walk them as often as there are migrations.
bool lasts(const Items& list) { return list.entity == &entity_of<File>() || list.entity == &entity_of<Migration>(); }

bool stands_alone(const Path& path) { return path.slot < 0; }

bool stands_alone(const Matcher& matcher) {
  return matcher.slot < 0 && stands_alone(matcher.other) && (!matcher.distinct || stands_alone(*matcher.distinct)) &&
         (!matcher.inner || stands_alone(*matcher.inner)) && (!matcher.block || stands_alone(*matcher.block)) &&
         std::ranges::all_of(matcher.parts, [](const Matcher& part) { return stands_alone(part); });
}

bool stands_alone(const Condition& condition) {
  return condition.labels.empty() && stands_alone(condition.path) &&
         (condition.kind != Condition::Kind::test || stands_alone(condition.matcher)) &&
         std::ranges::all_of(condition.parts, [](const Condition& part) { return stands_alone(part); });
}

// 0: of no use; a comparison with the judged item leaves fewer items than a constant does.
int usefulness(const Condition& condition) {
  if (condition.kind != Condition::Kind::test || condition.path.slot >= 0 || condition.path.fields.size() != 1) {
    return 0;
  }
  const Type type = condition.path.fields.front()->type;
  if (type != Type::text && type != Type::choice) {
    return 0;
  }
  if (condition.matcher.kind == Matcher::Kind::same_as && condition.matcher.other.slot == judged_item) {
    return type == Type::text ? 3 : 2;
  }
  return condition.matcher.kind == Matcher::Kind::equals ? 1 : 0;
}

void find_key(const Condition& block, const Condition*& key) {
  if (block.kind == Condition::Kind::all) {
    for (const Condition& part : block.parts) {
      find_key(part, key);
    }
  } else if (usefulness(block) > (key ? usefulness(*key) : 0)) {
    key = &block;
  }
}

}  // namespace

void JoinIndexes::begin_file() {
  indexes_.clear();
  answers_.clear();
}

const JoinPlan& JoinIndexes::plan_of(const Matcher& matcher) {
  const auto [found, added] = plans_.try_emplace(&matcher);
  if (added && matcher.block) {
    found->second.stands_alone = stands_alone(matcher);
    find_key(*matcher.block, found->second.key);
  }
  return found->second;
}

const TextIndex& JoinIndexes::index_of(const Field& field, const Items& list) {
  const auto [found, added] = indexes_.try_emplace(ListKey{&field, {list.first, list.count}});
  if (added) {
    TextIndex& index = found->second;
    for (uint32_t i = 0; i < list.count; ++i) {
      const Value value = field.get(list[i].pointer);
      switch (value.state) {
        case State::known:
          index.known.push_back({value.text, i});
          break;
        case State::absent:
          index.absent.push_back(i);
          break;
        case State::unknown:
          index.unknown.push_back(i);
          break;
      }
    }
    std::ranges::sort(index.known);
  }
  return found->second;
}

const Truth* JoinIndexes::remembered(const Matcher& matcher, const Items& list) const {
  const auto& answers = lasts(list) ? lasting_ : answers_;
  const auto found = answers.find(ListKey{&matcher, {list.first, list.count}});
  return found == answers.end() ? nullptr : &found->second;
}

void JoinIndexes::remember(const Matcher& matcher, const Items& list, Truth answer) {
  (lasts(list) ? lasting_ : answers_).insert_or_assign(ListKey{&matcher, {list.first, list.count}}, answer);
}

Items whole_list(const Items& part) {
  if (part.count == 0 || part.indirect || part.entity != &entity_of<Operation>()) {
    return part;
  }
  const auto* first = static_cast<const Operation*>(part[0].pointer);
  for (const auto* list : {&first->migration->upgrade, &first->migration->downgrade}) {
    const auto* begin = reinterpret_cast<const std::byte*>(list->items.data());
    if (!list->items.empty() && part.first >= begin && part.first < begin + list->items.size_bytes()) {
      return {part.entity, begin, static_cast<uint32_t>(list->items.size()), part.stride, false};
    }
  }
  return part;
}

}  // namespace spiritsafe
