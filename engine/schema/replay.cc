// SPDX-License-Identifier: Apache-2.0
#include "engine/schema/replay.h"

#include <algorithm>

#include "engine/schema/apply.h"

namespace spiritsafe {
namespace {

// In the order of upgrading, and whether these are all that there are.
struct Order {
  std::vector<Node> nodes = {};
  bool whole = true;
};

std::vector<bool> ancestors_of(const RevisionGraph& graph, Node node) {
  std::vector<bool> seen(graph.size(), false);
  std::vector<Node> todo{node};
  seen[node] = true;
  while (!todo.empty()) {
    const Node each = todo.back();
    todo.pop_back();
    for (const auto& above : {graph.parents[each], graph.dependencies[each]}) {
      for (const Node other : above) {
        if (!seen[other]) {
          seen[other] = true;
          todo.push_back(other);
        }
      }
    }
  }
  return seen;
}

Order order_of(const RevisionGraph& graph, const Migration* until) {
  Order order;
  order.whole = graph.revisions_known && graph.parents_known;
  order.nodes = history_order(graph);
  std::ranges::reverse(order.nodes);
  if (until) {
    const auto found = std::ranges::find(graph.migrations, until);
    const std::vector<bool> wanted = ancestors_of(graph, static_cast<Node>(found - graph.migrations.begin()));
    std::erase_if(order.nodes, [&](Node node) { return !wanted[node]; });
  }
  const std::vector<uint32_t> knots = find_knots(graph, true);
  for (const Node node : order.nodes) {
    order.whole = order.whole && knots[node] == 0;
  }
  for (const GraphProblem& problem : graph.problems) {
    order.whole = order.whole && problem.fault == GraphFault::label_taken;
  }
  return order;
}

// Does the chain begin with an empty database? One that begins by changing a table was laid over what something else,
// such as create_all(), had made.
bool begins_empty(const Order& order, const RevisionGraph& graph) {
  for (const Node node : order.nodes) {
    for (const Operation& operation : graph.migrations[node]->upgrade.items) {
      switch (operation.kind) {
        case OperationKind::create_table:
          return true;
        case OperationKind::execute:
        case OperationKind::create_enum:
        case OperationKind::create_schema:
        case OperationKind::create_sequence:
        case OperationKind::plugin:
        case OperationKind::unrecognised:
          break;  // these do not tell
        default:
          return false;
      }
    }
  }
  return true;
}

}  // namespace

std::unique_ptr<Replay> begin_replay(const RevisionGraph& graph, const Migration* until) {
  auto result = std::make_unique<Replay>();
  const Order order = order_of(graph, until);
  if (!order.whole) {
    doubt_everything(result->catalogue, result->line, known(std::string_view("revisions that are not here")));
  }
  if (!begins_empty(order, graph)) {
    doubt_everything(result->catalogue, result->line,
                     known(std::string_view("the chain begins on a database that is not empty")));
  }
  for (const Node node : order.nodes) {
    result->revisions.push_back({graph.migrations[node], 0, 0});
    for (const Operation& operation : graph.migrations[node]->upgrade.items) {
      const Text& made = operation.kind == OperationKind::rename_table ? operation.new_name : operation.table;
      const bool makes = operation.kind == OperationKind::create_table || operation.kind == OperationKind::rename_table;
      if (makes && made.is_known()) {
        result->catalogue.made_somewhere.insert(key_of(schema_of(operation.schema), made.value));
      }
    }
  }
  return result;
}

std::unique_ptr<Replay> replay(const RevisionGraph& graph, const Migration* until) {
  auto result = begin_replay(graph, until);
  for (ReplayedRevision& revision : result->revisions) {
    const Migration& migration = *revision.migration;
    revision.before = result->line.now;
    for (const Operation& operation : migration.upgrade.items) {
      Meeting meeting;
      apply(result->catalogue, result->line, operation, meeting);
    }
    doubt_what_follows(result->catalogue, result->line, migration.upgrade, revision.before);
    revision.after = result->line.now;
  }
  return result;
}

Timeline replay_downgrade(Replay& replay, const ReplayedRevision& revision) {
  Timeline line;
  line.before = &replay.line;
  line.since = line.now = revision.after;
  for (const Operation& operation : revision.migration->downgrade.items) {
    Meeting meeting;
    apply(replay.catalogue, line, operation, meeting);
  }
  doubt_what_follows(replay.catalogue, line, revision.migration->downgrade, line.since);
  return line;
}

}  // namespace spiritsafe
