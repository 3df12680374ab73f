// SPDX-License-Identifier: Apache-2.0
#include "engine/judge/locks.h"

#include <algorithm>

#include "engine/judge/evaluate.h"
#include "engine/text/parallel.h"

namespace spiritsafe {
namespace {

struct Looking {
  const PreparedPolicy& policy;
  Room room = {};
};

// What is found of one migration.
struct FoundLocks {
  std::vector<LockEffect> upgrade = {}, downgrade = {}, statements = {};
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
      return *effect;
    }
  }
  return {};  // perhaps none of them speaks of it
}

std::vector<LockEffect> look_up(Looking& looking, const List<Operation>& operations) {
  std::vector<LockEffect> effects;
  effects.reserve(operations.items.size());
  for (const Operation& operation : operations.items) {
    const auto& rows = looking.policy.operation_effects[static_cast<size_t>(operation.kind)];
    effects.push_back(look_up(looking, rows, {&entity_of<Operation>(), &operation}));
  }
  return effects;
}

FoundLocks look_up(Looking& looking, const Migration& migration) {
  begin_file(looking.room);
  FoundLocks found{look_up(looking, migration.upgrade), look_up(looking, migration.downgrade), {}};
  found.statements.reserve(migration.statements.items.size());
  for (const Statement& statement : migration.statements.items) {
    found.statements.push_back(
        look_up(looking, looking.policy.statement_effects, {&entity_of<Statement>(), &statement}));
  }
  return found;
}

// The policy need not live as long as the facts.
std::span<const LockEffect> kept(Project& project, std::vector<LockEffect>& effects) {
  for (LockEffect& effect : effects) {
    effect.row.value = project.arena.copy(effect.row.value);
  }
  return project.arena.copy(effects);
}

}  // namespace

void link_locks(Project& project, const PreparedPolicy& policy, unsigned threads) {
  std::vector<Migration*> changed;
  for (const auto& migration : project.migrations) {
    if (migration->file->change != Change::unchanged && !policy.policy->effects.empty()) {
      changed.push_back(migration.get());
    }
  }
  constexpr size_t piece = 16;  // with one room
  std::vector<FoundLocks> found(changed.size());
  parallel_for((changed.size() + piece - 1) / piece, threads, [&](size_t i) {
    Looking looking{policy};
    for (size_t at = i * piece; at < std::min((i + 1) * piece, changed.size()); ++at) {
      found[at] = look_up(looking, *changed[at]);
    }
  });
  for (size_t i = 0; i < changed.size(); ++i) {
    changed[i]->upgrade_locks = kept(project, found[i].upgrade);
    changed[i]->downgrade_locks = kept(project, found[i].downgrade);
    changed[i]->statement_locks = kept(project, found[i].statements);
  }
}

}  // namespace spiritsafe
