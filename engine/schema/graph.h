// SPDX-License-Identifier: Apache-2.0
// The revision graph, as Alembic makes it of the revision files. No walk recurses, and those that are not linear have a
// bound: the files are a stranger's.
#pragma once

#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/facts/project.h"

namespace spiritsafe {

using Node = uint32_t;

// For each node a list of nodes, all in one piece of memory.
struct Neighbours {
  std::vector<uint32_t> first = {};  // one more than nodes
  std::vector<Node> nodes = {};
  std::span<const Node> operator[](Node node) const {
    return std::span(nodes).subspan(first[node], first[node + 1] - first[node]);
  }
};

// What is wrong with a graph; the first ones stop Alembic when it loads the files, in this order.
enum class GraphFault : uint8_t {
  self_loop,
  dependency_self_loop,
  illegal_revision,
  label_taken,
  missing_dependency,
  missing_parent,
  cycle,
  dependency_cycle,
  duplicate_revision,  // Alembic warns and takes the last one
};
std::string_view name_of(GraphFault fault);

struct GraphProblem {
  GraphFault fault = GraphFault::missing_parent;
  Node node = 0;
  std::string_view name = {};  // the parent, dependency or label
};

// Nodes are the migrations whose revision is known, in the order they were given. Of several with one revision the last
// one counts, as in Alembic, and nothing leads to the others.
struct RevisionGraph {
  std::vector<const Migration*> migrations = {};
  std::unordered_map<std::string_view, Node> by_revision = {};
  std::unordered_map<std::string_view, Node> by_label = {};  // of those that are nobody's revision, the first
  Neighbours parents = {}, children = {};                    // by down_revision
  Neighbours dependencies = {}, dependents = {};             // by depends_on
  std::vector<bool> counts = {};                             // false: another file has the same revision
  std::vector<GraphProblem> problems = {};                   // all but cycles, in the order of nodes
  bool revisions_known = true;                               // false: there may be more revisions
  bool parents_known = true;                                 // false: there may be more edges
  bool labels_known = true;
  size_t size() const { return migrations.size(); }
};

RevisionGraph make_graph(std::span<const Migration* const> migrations);

// The knots: for each node that lies on a cycle the number of its knot, else 0. `with_dependencies`: by depends_on too.
std::vector<uint32_t> find_knots(const RevisionGraph& graph, bool with_dependencies);

// The revisions around a cycle through `start` within its knot, each followed by one that it builds on; `start` first.
std::vector<Node> find_cycle(const RevisionGraph& graph, const std::vector<uint32_t>& knots, Node start,
                             bool with_dependencies);

// Each node's branch labels, sorted: those of its ancestors, and those of descendants up to a branch or merge point.
// Empty lists for all, and false, where there are too many to tell.
bool spread_labels(const RevisionGraph& graph, std::vector<std::vector<std::string_view>>& labels);

// All that count, newest first: each before what it builds on, in the order of `alembic history`. (Where Alembic's own
// order depends on Python's order of sets, by the order of the text.) With a cycle in it, its nodes come last.
std::vector<Node> history_order(const RevisionGraph& graph);

// Parents of a merge that are ancestors of its other parents. `budget` is what may still be walked, over all calls;
// at 0 nothing is found any more.
std::vector<Node> redundant_parents(const RevisionGraph& graph, Node merge, int64_t& budget);

inline bool is_head(const RevisionGraph& graph, Node node) {
  return graph.counts[node] && graph.children[node].empty();
}

}  // namespace spiritsafe
