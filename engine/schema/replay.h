// SPDX-License-Identifier: Apache-2.0
// The chain of revisions done to an empty database, one after another, without one.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "engine/facts/project.h"
#include "engine/schema/catalogue.h"
#include "engine/schema/graph.h"

namespace spiritsafe {

struct ReplayedRevision {
  const Migration* migration = nullptr;
  uint32_t before = 0;  // moments of Replay::line
  uint32_t after = 0;
};

struct Replay {
  Catalogue catalogue = {};
  Timeline line = {};
  std::vector<ReplayedRevision> revisions = {};  // in the order in which they are applied
};

// Revisions in the order in which Alembic applies them; those of a cycle, and of parts that are not here, make all
// uncertain. `until`: only that revision and what it builds on; nullptr: all of them, one line after another.
std::unique_ptr<Replay> replay(const RevisionGraph& graph, const Migration* until = nullptr);

// Sets what only the replay can tell: SchemaEffect of each operation, Migration::left_over and so on. `own` are the
// migrations of the graph whose facts are wanted, by node, `is_new` those that the base has not; without a base (empty)
// each migration is a change of its own. Returns the replay.
std::unique_ptr<Replay> link_replay(Project& project, const RevisionGraph& graph, const std::vector<Migration*>& own,
                                    const std::vector<bool>& is_new);

// The order alone, nothing done yet.
std::unique_ptr<Replay> begin_replay(const RevisionGraph& graph, const Migration* until = nullptr);

// What the downgrade() of a revision does to the state behind it.
Timeline replay_downgrade(Replay& replay, const ReplayedRevision& revision);

}  // namespace spiritsafe
