// SPDX-License-Identifier: Apache-2.0
// The order of `alembic history`: Alembic walks down from its heads, one line at a time, and turns to another line
// where that one still has to come first.
#include <algorithm>
#include <unordered_set>

#include "engine/schema/graph.h"

namespace spiritsafe {
namespace {

constexpr int64_t most_steps = 50'000'000;

// What each node builds on: its parents, then those of its dependencies that none of its ancestors has already.
Neighbours edges_above(const RevisionGraph& graph, int64_t& budget) {
  Neighbours out;
  out.first.push_back(0);
  std::vector<uint32_t> seen(graph.size(), 0);
  std::vector<Node> todo;
  for (Node node = 0; node < graph.size(); ++node) {
    const auto add = [&](Node other) {
      const auto begin = out.nodes.begin() + out.first.back();
      if (std::find(begin, out.nodes.end(), other) == out.nodes.end()) {
        out.nodes.push_back(other);
      }
    };
    std::ranges::for_each(graph.parents[node], [&](Node parent) { out.nodes.push_back(parent); });
    const auto dependencies = graph.dependencies[node];
    std::unordered_set<Node> left(dependencies.begin(), dependencies.end());
    const auto visit = [&](Node other) {
      if (seen[other] != node + 1) {
        seen[other] = node + 1;
        todo.push_back(other);
      }
    };
    if (!left.empty()) {
      seen[node] = node + 1;
      std::ranges::for_each(graph.parents[node], visit);
    }
    while (!todo.empty()) {
      const Node other = todo.back();
      todo.pop_back();
      if (--budget > 0) {
        std::ranges::for_each(graph.dependencies[other], [&](Node each) { left.erase(each); });
        std::ranges::for_each(graph.parents[other], visit);
      }
    }
    for (const Node dependency : dependencies) {
      if (left.contains(dependency)) {
        add(dependency);
      }
    }
    out.first.push_back(static_cast<uint32_t>(out.nodes.size()));
  }
  return out;
}

struct Walk {
  const RevisionGraph& graph;
  Neighbours above = {};
  Neighbours below = {};
  std::vector<uint32_t> waiting = {};  // by node: those that build on it and have not come yet
  std::vector<bool> done = {};
  std::vector<uint32_t> line_of = {};  // by node: 1 where it is the place of a line
  std::vector<Node> lines = {};        // where each line stands
  std::vector<Node> order = {};
  int64_t budget = most_steps;
};

Neighbours turned_round(const Neighbours& edges, const std::vector<bool>& counts) {
  Neighbours out;
  const size_t count = counts.size();
  out.first.assign(count + 1, 0);
  const auto each = [&](auto use) {
    for (Node node = 0; node < count; ++node) {
      if (counts[node]) {
        std::ranges::for_each(edges[node], [&](Node other) { use(node, other); });
      }
    }
  };
  each([&](Node, Node other) { ++out.first[other + 1]; });
  for (size_t i = 0; i < count; ++i) {
    out.first[i + 1] += out.first[i];
  }
  std::vector<uint32_t> next(out.first.begin(), out.first.end() - 1);
  out.nodes.resize(out.first.back());
  each([&](Node node, Node other) { out.nodes[next[other]++] = node; });
  return out;
}

// The first line whose place builds on `node`.
size_t line_above(Walk& walk, Node node, size_t current) {
  std::vector<Node> todo = {node};
  std::unordered_set<Node> seen = {node};
  std::unordered_set<Node> places;
  for (; !todo.empty() && walk.budget > 0; --walk.budget) {
    const Node at = todo.back();
    todo.pop_back();
    if (at != node && walk.line_of[at]) {
      places.insert(at);
    }
    for (const Node other : walk.below[at]) {
      if (!walk.done[other] && seen.insert(other).second) {
        todo.push_back(other);
      }
    }
  }
  walk.budget -= static_cast<int64_t>(walk.lines.size());
  for (size_t i = 0; i < walk.lines.size(); ++i) {
    if (i != current && places.contains(walk.lines[i])) {
      return i;
    }
  }
  return current;
}

void emit(Walk& walk, Node node) {
  walk.done[node] = true;
  walk.order.push_back(node);
  std::ranges::for_each(walk.above[node], [&](Node other) { --walk.waiting[other]; });
}

void follow_lines(Walk& walk) {
  size_t current = 0;
  while (!walk.lines.empty() && walk.budget-- > 0) {
    const Node candidate = walk.lines[current];
    if (walk.waiting[candidate] > 0) {
      const size_t next = line_above(walk, candidate, current);
      if (next == current) {
        return;  // a cycle, or there was too much to walk
      }
      current = next;
      continue;
    }
    emit(walk, candidate);
    walk.line_of[candidate] = 0;
    std::vector<Node> next;
    for (const Node other : walk.above[candidate]) {
      if (!walk.done[other] && !walk.line_of[other]) {
        next.push_back(other);
      }
    }
    if (next.empty()) {
      walk.budget -= static_cast<int64_t>(walk.lines.size() / 16);
      walk.lines.erase(walk.lines.begin() + static_cast<ptrdiff_t>(current));
      current = current == 0 ? 0 : current - 1;
      continue;
    }
    walk.lines[current] = next.front();
    walk.lines.insert(walk.lines.end(), next.begin() + 1, next.end());
    std::ranges::for_each(next, [&](Node other) { walk.line_of[other] = 1; });
  }
}

// Whatever the lines did not come to: as soon as nothing that builds on it is left, and what lies on a cycle at the
// end.
void finish(Walk& walk) {
  std::vector<Node> ready;
  const size_t count = walk.graph.size();
  for (Node node = 0; node < count; ++node) {
    if (!walk.done[node] && walk.graph.counts[node] && walk.waiting[node] == 0) {
      ready.push_back(node);
    }
  }
  for (size_t i = 0; i < ready.size(); ++i) {
    emit(walk, ready[i]);
    for (const Node other : walk.above[ready[i]]) {
      if (walk.waiting[other] == 0 && !walk.done[other]) {
        ready.push_back(other);
      }
    }
  }
  for (Node node = 0; node < count; ++node) {
    if (!walk.done[node] && walk.graph.counts[node]) {
      walk.order.push_back(node);
    }
  }
}

}  // namespace

std::vector<Node> history_order(const RevisionGraph& graph) {
  Walk walk{graph};
  walk.above = edges_above(graph, walk.budget);
  walk.below = turned_round(walk.above, graph.counts);
  walk.done.assign(graph.size(), false);
  walk.line_of.assign(graph.size(), 0);
  for (Node node = 0; node < graph.size(); ++node) {
    walk.waiting.push_back(static_cast<uint32_t>(walk.below[node].size()));
    if (graph.counts[node] && graph.children[node].empty() && graph.dependents[node].empty()) {
      walk.lines.push_back(node);
      walk.line_of[node] = 1;
    }
  }
  // Of several files with one revision the last one counts, in the place of the first.
  std::vector<Node> places(graph.size());
  for (Node node = 0; node < graph.size(); ++node) {
    places[node] = node;
  }
  for (Node node = static_cast<Node>(graph.size()); node-- > 0;) {
    if (!graph.counts[node]) {
      places[graph.by_revision.at(graph.migrations[node]->revision.value)] = node;
    }
  }
  std::ranges::stable_sort(walk.lines, {}, [&](Node node) { return places[node]; });
  follow_lines(walk);
  finish(walk);
  return walk.order;
}

}  // namespace spiritsafe
