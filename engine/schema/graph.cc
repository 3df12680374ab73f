// SPDX-License-Identifier: Apache-2.0
#include "engine/schema/graph.h"

#include <algorithm>

namespace spiritsafe {
namespace {

constexpr std::string_view fault_names[] = {"self_loop",   "dependency_self_loop", "illegal_revision",
                                            "label_taken", "missing_dependency",   "missing_parent",
                                            "cycle",       "dependency_cycle",     "duplicate_revision"};
constexpr std::string_view illegal_characters = "@-+";
constexpr int64_t most_label_steps = 20'000'000;

// Lists of node pairs to neighbours; pairs keep their order within each node.
Neighbours neighbours_of(size_t count, const std::vector<std::pair<Node, Node>>& pairs) {
  Neighbours out;
  out.first.assign(count + 1, 0);
  for (const auto& [from, to] : pairs) {
    ++out.first[from + 1];
  }
  for (size_t i = 0; i < count; ++i) {
    out.first[i + 1] += out.first[i];
  }
  out.nodes.resize(pairs.size());
  std::vector<uint32_t> next(out.first.begin(), out.first.end() - 1);
  for (const auto& [from, to] : pairs) {
    out.nodes[next[from]++] = to;
  }
  return out;
}

bool is_whole(const Texts& texts) {
  return texts.state != State::unknown && !texts.open &&
         std::ranges::none_of(texts.items, [](const Text& text) { return text.is_unknown(); });
}

bool names(const Texts& texts, std::string_view revision) {
  return std::ranges::any_of(texts.items, [&](const Text& text) { return text.is_known() && text.value == revision; });
}

struct Making {
  RevisionGraph graph = {};
  std::vector<std::pair<Node, Node>> parents = {}, children = {}, dependencies = {}, dependents = {};
  std::vector<uint32_t> seen = {};  // by node: the node + 1 for which it was last named
};

void add_nodes(RevisionGraph& graph, std::span<const Migration* const> migrations) {
  graph.migrations.reserve(migrations.size());
  graph.by_revision.reserve(migrations.size());
  for (const Migration* migration : migrations) {
    graph.revisions_known = graph.revisions_known && !migration->revision.is_unknown();
    if (!migration->revision.is_known()) {
      continue;
    }
    graph.parents_known = graph.parents_known && migration->parents.state == State::known &&
                          is_whole(migration->parents) && is_whole(migration->depends_on);
    graph.labels_known = graph.labels_known && is_whole(migration->branch_labels);
    const Node node = static_cast<Node>(graph.migrations.size());
    graph.migrations.push_back(migration);
    graph.counts.push_back(true);
    const auto [place, is_new] = graph.by_revision.try_emplace(migration->revision.value, node);
    if (!is_new) {
      graph.problems.push_back({GraphFault::duplicate_revision, node, migration->revision.value});
      graph.counts[place->second] = false;
      place->second = node;
    }
  }
}

void add_labels(RevisionGraph& graph) {
  for (Node node = 0; node < graph.size(); ++node) {
    for (const Text& label : graph.migrations[node]->branch_labels.items) {
      if (!label.is_known()) {
        continue;
      }
      const bool taken =
          graph.by_revision.contains(label.value) || !graph.by_label.try_emplace(label.value, node).second;
      if (taken) {
        graph.problems.push_back({GraphFault::label_taken, node, label.value});
      }
    }
  }
}

// Names of one node, each once, as edges to what they name.
void add_edges(Making& making, Node node, const Texts& texts, bool dependency) {
  RevisionGraph& graph = making.graph;
  auto& up = dependency ? making.dependencies : making.parents;
  auto& down = dependency ? making.dependents : making.children;
  const size_t begin = up.size();
  for (const Text& name : texts.items) {
    if (!name.is_known()) {
      continue;
    }
    auto found = graph.by_revision.find(name.value);
    if (const auto label = graph.by_label.find(name.value);
        dependency && found == graph.by_revision.end() && label != graph.by_label.end()) {
      found = graph.by_revision.find(graph.migrations[label->second]->revision.value);
    }
    if (found == graph.by_revision.end()) {
      graph.problems.push_back(
          {dependency ? GraphFault::missing_dependency : GraphFault::missing_parent, node, name.value});
      continue;
    }
    uint32_t& seen = making.seen[found->second];
    const uint32_t mark = 2 * node + dependency + 1;
    if (seen == mark) {
      continue;
    }
    seen = mark;
    up.push_back({node, found->second});
  }
  if (graph.counts[node]) {
    for (size_t i = begin; i < up.size(); ++i) {
      down.push_back({up[i].second, node});
    }
  }
}

// A file of SQL has its name for a revision, and nobody asks for it as `a-1` or `a@head`.
bool is_sql(const Migration& migration) {
  return migration.file && migration.file->project && migration.file->project->settings.is_sql;
}

void add_faults_of_one(RevisionGraph& graph, Node node) {
  const Migration& migration = *graph.migrations[node];
  const std::string_view revision = migration.revision.value;
  if (names(migration.parents, revision)) {
    graph.problems.push_back({GraphFault::self_loop, node, revision});
  } else if (names(migration.depends_on, revision)) {
    graph.problems.push_back({GraphFault::dependency_self_loop, node, revision});
  }
  if (revision.find_first_of(illegal_characters) != revision.npos && !is_sql(migration)) {
    graph.problems.push_back({GraphFault::illegal_revision, node, revision});
  }
}

// Calls `use` for what a node builds on.
template <class Use>
void each_above(const RevisionGraph& graph, Node node, bool with_dependencies, Use use) {
  std::ranges::for_each(graph.parents[node], use);
  if (with_dependencies) {
    std::ranges::for_each(graph.dependencies[node], use);
  }
}

Node above(const RevisionGraph& graph, Node node, uint32_t index) {
  const auto parents = graph.parents[node];
  return index < parents.size() ? parents[index] : graph.dependencies[node][index - parents.size()];
}

size_t count_above(const RevisionGraph& graph, Node node, bool with_dependencies) {
  return graph.parents[node].size() + (with_dependencies ? graph.dependencies[node].size() : 0);
}

// ---- labels ---------------------------------------------------------------------------------------------------------

// Children and dependents, each once.
bool is_real_branch_point(const RevisionGraph& graph, Node node) {
  const auto children = graph.children[node];
  const auto dependents = graph.dependents[node];
  const Node one = !children.empty() ? children.front() : !dependents.empty() ? dependents.front() : node;
  const auto is_other = [&](Node each) { return each != one; };
  return std::ranges::any_of(children, is_other) || std::ranges::any_of(dependents, is_other);
}

bool is_merge_point(const RevisionGraph& graph, Node node) { return graph.migrations[node]->parents.items.size() > 1; }

// Whether everything below is one line without branch or merge points, the node itself included.
bool is_on_a_line(const RevisionGraph& graph, Node node, int64_t& budget) {
  for (bool first = true; budget-- > 0; first = false) {
    if ((!first && is_merge_point(graph, node)) || is_real_branch_point(graph, node)) {
      return false;
    }
    if (graph.children[node].empty()) {
      return true;
    }
    node = graph.children[node].front();
  }
  return false;
}

}  // namespace

std::string_view name_of(GraphFault fault) { return fault_names[static_cast<size_t>(fault)]; }

RevisionGraph make_graph(std::span<const Migration* const> migrations) {
  Making making;
  RevisionGraph& graph = making.graph;
  add_nodes(graph, migrations);
  add_labels(graph);
  making.seen.assign(graph.size(), 0);
  making.parents.reserve(graph.size());
  making.children.reserve(graph.size());
  for (Node node = 0; node < graph.size(); ++node) {
    add_faults_of_one(graph, node);
    add_edges(making, node, graph.migrations[node]->parents, false);
    add_edges(making, node, graph.migrations[node]->depends_on, true);
  }
  graph.parents = neighbours_of(graph.size(), making.parents);
  graph.children = neighbours_of(graph.size(), making.children);
  graph.dependencies = neighbours_of(graph.size(), making.dependencies);
  graph.dependents = neighbours_of(graph.size(), making.dependents);
  std::ranges::stable_sort(graph.problems, {}, &GraphProblem::node);
  return std::move(making.graph);
}

// Tarjan's strongly connected components, with a stack of our own.
std::vector<uint32_t> find_knots(const RevisionGraph& graph, bool with_dependencies) {
  struct Frame {
    Node node;
    uint32_t next;
  };
  const size_t count = graph.size();
  std::vector<uint32_t> order(count, 0), low(count, 0), knots(count, 0);
  std::vector<bool> open(count, false);
  std::vector<Node> stack;
  std::vector<Frame> frames;
  uint32_t time = 0, knot = 0;
  for (Node start = 0; start < count; ++start) {
    if (order[start] != 0) {
      continue;
    }
    frames.push_back({start, 0});
    while (!frames.empty()) {
      const Node node = frames.back().node;
      if (frames.back().next == 0) {
        order[node] = low[node] = ++time;
        stack.push_back(node);
        open[node] = true;
      }
      if (frames.back().next < count_above(graph, node, with_dependencies)) {
        const Node other = above(graph, node, frames.back().next++);
        if (order[other] == 0) {
          frames.push_back({other, 0});
        } else if (open[other]) {
          low[node] = std::min(low[node], order[other]);
        }
        continue;
      }
      frames.pop_back();
      if (!frames.empty()) {
        low[frames.back().node] = std::min(low[frames.back().node], low[node]);
      }
      if (low[node] != order[node]) {
        continue;
      }
      bool is_knot = stack.back() != node;
      each_above(graph, node, with_dependencies, [&](Node other) { is_knot = is_knot || other == node; });
      knot += is_knot;
      Node last = node;
      do {
        last = stack.back();
        stack.pop_back();
        open[last] = false;
        knots[last] = is_knot ? knot : 0;
      } while (last != node);
    }
  }
  return knots;
}

// The shortest way back: breadth first.
std::vector<Node> find_cycle(const RevisionGraph& graph, const std::vector<uint32_t>& knots, Node start,
                             bool with_dependencies) {
  std::unordered_map<Node, Node> from;
  std::vector<Node> queue = {start};
  for (size_t i = 0; i < queue.size(); ++i) {
    const Node node = queue[i];
    bool closed = false;
    each_above(graph, node, with_dependencies, [&](Node other) {
      closed = closed || other == start;
      if (other != start && knots[other] == knots[start] && from.try_emplace(other, node).second) {
        queue.push_back(other);
      }
    });
    if (closed) {
      std::vector<Node> cycle = {node};
      for (Node at = node; at != start;) {
        at = from.at(at);
        cycle.push_back(at);
      }
      std::ranges::reverse(cycle);
      return cycle;
    }
  }
  return {};
}

bool spread_labels(const RevisionGraph& graph, std::vector<std::vector<std::string_view>>& labels) {
  labels.assign(graph.size(), {});
  int64_t budget = most_label_steps;
  std::vector<Node> todo;
  std::vector<uint32_t> seen(graph.size(), 0);
  uint32_t round = 0;
  for (const auto& entry : graph.by_label) {
    const std::string_view label = entry.first;
    const Node source = graph.by_revision.at(graph.migrations[entry.second]->revision.value);
    ++round;
    const auto visit = [&](Node node) {
      if (seen[node] != round) {
        seen[node] = round;
        todo.push_back(node);
        labels[node].push_back(label);
      }
    };
    visit(source);
    while (!todo.empty() && budget-- > 0) {
      const Node node = todo.back();
      todo.pop_back();
      std::ranges::for_each(graph.children[node], visit);
    }
    if (is_on_a_line(graph, source, budget)) {
      for (Node node = source; !is_merge_point(graph, node) && !graph.parents[node].empty() && budget-- > 0;) {
        node = graph.parents[node].front();
        if (is_real_branch_point(graph, node) || is_merge_point(graph, node) || seen[node] == round) {
          break;
        }
        seen[node] = round;
        labels[node].push_back(label);
      }
    }
    if (budget <= 0) {
      labels.assign(graph.size(), {});
      return false;
    }
  }
  for (auto& each : labels) {
    std::ranges::sort(each);
  }
  return true;
}

std::vector<Node> redundant_parents(const RevisionGraph& graph, Node merge, int64_t& budget) {
  const auto parents = graph.parents[merge];
  std::vector<Node> redundant;
  if (parents.size() < 2) {
    return redundant;
  }
  std::vector<bool> seen(graph.size(), false);
  budget -= static_cast<int64_t>(graph.size() / 64);
  std::vector<Node> todo;
  const auto visit = [&](Node node) {
    if (!seen[node]) {
      seen[node] = true;
      todo.push_back(node);
    }
  };
  // A parent that another one builds on is met on the way up from that one.
  for (const Node parent : parents) {
    std::ranges::for_each(graph.parents[parent], visit);
  }
  while (!todo.empty() && budget-- > 0) {
    const Node node = todo.back();
    todo.pop_back();
    std::ranges::for_each(graph.parents[node], visit);
  }
  for (const Node parent : parents) {
    if (budget > 0 && seen[parent]) {
      redundant.push_back(parent);
    }
  }
  return redundant;
}

}  // namespace spiritsafe
