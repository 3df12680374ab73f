// SPDX-License-Identifier: Apache-2.0
#include "engine/judge/locks.h"

#include <algorithm>

#include "engine/judge/evaluate.h"

namespace spiritsafe {
namespace {

struct Looking {
  Project& project;
  const PreparedPolicy& policy;
  Room room = {};
};

Fact<Blocked> blocked_by(const Policy& policy, const Fact<LockMode>& lock) {
  if (!lock.is_known()) {
    return {{}, lock.state, {}};
  }
  const auto found = policy.blocked.find(lock.value);
  return found == policy.blocked.end() ? unknown<Blocked>() : known(found->second);
}

LockEffect effect_of(const Policy& policy, const EffectRow& row) {
  LockEffect effect = row.effect;
  effect.row = known(std::string_view(row.id));
  effect.blocks = blocked_by(policy, effect.lock);
  effect.blocks_referenced = blocked_by(policy, effect.lock_on_referenced);
  return effect;
}

template <class T>
void agree(Fact<T>& fact, const Fact<T>& other) {
  if (fact.state != other.state || (fact.is_known() && fact.value != other.value)) {
    fact = unknown<T>();
  }
}

void agree(LockEffect& effect, const LockEffect& other) {
  agree(effect.row, other.row);
  agree(effect.lock, other.lock);
  agree(effect.blocks, other.blocks);
  agree(effect.lock_on_referenced, other.lock_on_referenced);
  agree(effect.blocks_referenced, other.blocks_referenced);
  agree(effect.rewrites, other.rewrites);
  agree(effect.scans, other.scans);
  agree(effect.scans_referenced, other.scans_referenced);
  agree(effect.fails_with_rows, other.fails_with_rows);
  agree(effect.fails_in_transaction, other.fails_in_transaction);
}

Truth asked(Looking& looking, const EffectRow& row, Item item) {
  looking.room.slots.assign(static_cast<size_t>(std::max(row.slot_count, 1)), Item{});
  looking.room.slots[0] = item;
  return holds(row.where, item, looking.room);
}

LockEffect look_up(Looking& looking, const std::vector<uint32_t>& rows, Item item) {
  const Policy& policy = *looking.policy.policy;
  std::optional<LockEffect> effect;
  for (const uint32_t number : rows) {
    const EffectRow& row = policy.effects[number];
    const Truth truth = asked(looking, row, item);
    if (truth == Truth::no) {
      continue;
    }
    const LockEffect own = effect_of(policy, row);
    if (effect) {
      agree(*effect, own);
    } else {
      effect = own;
    }
    if (truth == Truth::yes) {
      if (effect->row.is_known()) {
        effect->row.value = looking.project.arena.copy(effect->row.value);
      }
      return *effect;
    }
  }
  return {};  // perhaps none of them speaks of it
}

std::span<const LockEffect> look_up(Looking& looking, const List<Operation>& operations) {
  std::vector<LockEffect> effects;
  effects.reserve(operations.items.size());
  for (const Operation& operation : operations.items) {
    const auto& rows = looking.policy.operation_effects[static_cast<size_t>(operation.kind)];
    effects.push_back(look_up(looking, rows, {&entity_of<Operation>(), &operation}));
  }
  return looking.project.arena.copy(effects);
}

}  // namespace

void link_locks(Project& project, const PreparedPolicy& policy) {
  if (policy.policy->effects.empty()) {
    return;
  }
  Looking looking{project, policy};
  for (const auto& migration : project.migrations) {
    if (migration->file->change == Change::unchanged) {
      continue;
    }
    begin_file(looking.room);
    migration->upgrade_locks = look_up(looking, migration->upgrade);
    migration->downgrade_locks = look_up(looking, migration->downgrade);
    std::vector<LockEffect> effects;
    for (const Statement& statement : migration->statements.items) {
      effects.push_back(look_up(looking, policy.statement_effects, {&entity_of<Statement>(), &statement}));
    }
    migration->statement_locks = project.arena.copy(effects);
  }
}

}  // namespace spiritsafe
