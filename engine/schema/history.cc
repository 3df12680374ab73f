// SPDX-License-Identifier: Apache-2.0
#include "engine/schema/history.h"

#include <algorithm>
#include <map>
#include <string>
#include <unordered_set>

#include "engine/schema/file_name.h"
#include "engine/schema/graph.h"
#include "engine/schema/replay.h"
#include "engine/schema/sides.h"

namespace spiritsafe {
namespace {

constexpr int64_t most_steps = 20'000'000;  // of all walks that are not linear

using Migrations = List<const Migration*>;

struct Linking {
  Project& project;
  Sides sides = {};
  RevisionGraph graph = {};  // of sides.merged
  Arena& arena;
  std::vector<Migration*> own = {};  // by node; nullptr: not a migration of `project`
  std::vector<std::vector<std::string_view>> labels = {};
  int64_t budget = most_steps;
  bool whole() const { return graph.revisions_known && graph.parents_known; }
};

Texts texts_of(Linking& linking, const std::vector<Text>& texts) {
  return {linking.arena.copy(texts), State::known, false};
}

Migrations list_of(Linking& linking, const std::vector<const Migration*>& migrations) {
  return {linking.arena.copy(migrations), State::known, false};
}

template <class T>
List<T> unknown_list() {
  return {{}, State::unknown, true};
}

// What is true is certain; that it is not would take the whole graph to know.
Flag if_whole(const Linking& linking, bool value) { return value || linking.whole() ? known(value) : unknown<bool>(); }

std::string_view revision_of(const Linking& linking, Node node) {
  return linking.graph.migrations[node]->revision.value;
}

bool is_new(const Linking& linking, Node node) { return linking.sides.is_new(revision_of(linking, node)); }

std::string_view folder_of(const Migration& migration) {
  const std::string_view path = migration.file->source.path;
  const size_t slash = path.rfind('/');
  return path.substr(0, slash == path.npos ? 0 : slash);
}

// ---- one migration --------------------------------------------------------------------------------------------------

void leave_unknown(Migration& migration) {
  migration.is_head = migration.is_effective_head = migration.in_cycle = unknown<bool>();
  migration.children = migration.same_revision = unknown_list<const Migration*>();
  migration.missing_parents = migration.redundant_parents = migration.stale_parents = migration.new_parents =
      migration.conflicts = migration.inserted_before = migration.conflicting = unknown_list<Text>();
  migration.reparented = migration.code_changed = unknown<bool>();
}

// A file of SQL that undoes another one is no revision, so there is none that the base could have otherwise.
bool undoes_another(const Project& project, const Migration& migration) {
  return project.settings.is_sql && migration.revision.is_absent();
}

// What its own text says of its place.
void set_own_place(Migration& migration) {
  const bool partly = migration.parents.state != State::known || migration.parents.open;
  const size_t count = migration.parents.items.size();
  migration.is_base = count > 0 ? known(false) : partly ? unknown<bool>() : known(true);
  migration.is_merge_point = count > 1 ? known(true) : partly ? unknown<bool>() : known(false);
}

void set_neighbours(Linking& linking) {
  const RevisionGraph& graph = linking.graph;
  std::vector<const Migration*> pointers;
  pointers.reserve(graph.children.nodes.size());
  for (const Node child : graph.children.nodes) {
    pointers.push_back(graph.migrations[child]);
  }
  const std::span<const Migration* const> children = linking.arena.copy(pointers);
  for (Node node = 0; node < graph.size(); ++node) {
    if (Migration* migration = linking.own[node]) {
      const Node counting = graph.counts[node] ? node : graph.by_revision.at(migration->revision.value);
      const uint32_t first = graph.children.first[counting];
      const auto below = children.subspan(first, graph.children.first[counting + 1] - first);
      migration->children = {below, State::known, !linking.whole()};
      const bool has_child = !below.empty();
      migration->is_head = has_child || linking.whole() ? known(!has_child) : unknown<bool>();
      const bool is_needed = has_child || !graph.dependents[counting].empty();
      migration->is_effective_head = is_needed || linking.whole() ? known(!is_needed) : unknown<bool>();
      migration->in_cycle = if_whole(linking, false);
    }
  }
}

void set_problems(Linking& linking) {
  const auto& problems = linking.graph.problems;
  std::vector<Text> parents, labels;
  for (size_t i = 0; i < problems.size(); ++i) {
    const GraphProblem& problem = problems[i];
    const Text name = known(problem.name);
    if (problem.fault == GraphFault::missing_parent || problem.fault == GraphFault::missing_dependency) {
      parents.push_back(name);
    } else if (problem.fault == GraphFault::label_taken) {
      labels.push_back(name);
    }
    if (i + 1 < problems.size() && problems[i + 1].node == problem.node) {
      continue;
    }
    if (Migration* migration = linking.own[problem.node]) {
      // Where a revision could not be read, that one may be it.
      const bool sure = linking.graph.revisions_known;
      migration->missing_parents = sure || parents.empty() ? texts_of(linking, parents) : unknown_list<Text>();
      migration->label_taken = texts_of(linking, labels);
    }
    parents.clear();
    labels.clear();
  }
}

void set_same_revision(Linking& linking) {
  const RevisionGraph& graph = linking.graph;
  std::map<std::string_view, std::vector<Node>> groups;
  for (Node node = 0; node < graph.size(); ++node) {
    if (!graph.counts[node]) {
      groups[revision_of(linking, node)].push_back(node);
    }
  }
  for (auto& [revision, nodes] : groups) {
    nodes.push_back(graph.by_revision.at(revision));
    // What the base has came first.
    const auto is_later = [&](Node node) {
      return graph.migrations[node]->file->change != Change::unchanged &&
             graph.migrations[node]->file->origin == Origin::here;
    };
    std::ranges::stable_sort(nodes, {}, is_later);
    std::vector<const Migration*> all;
    for (const Node node : nodes) {
      all.push_back(graph.migrations[node]);
    }
    for (size_t i = 0; i < nodes.size(); ++i) {
      Migration* migration = linking.own[nodes[i]];
      if (migration && nodes.size() <= 100) {
        std::vector<const Migration*> others = all;
        others.erase(others.begin() + static_cast<ptrdiff_t>(i));
        migration->same_revision = list_of(linking, others);
      } else if (migration) {
        migration->same_revision = list_of(linking, {all[i == 0 ? 1 : 0]});
        migration->same_revision.open = true;
      }
      if (migration && i > 0) {
        migration->duplicate_of = all.front()->path;
      }
    }
  }
}

void set_cycles(Linking& linking) {
  const std::vector<uint32_t> knots = find_knots(linking.graph, true);
  uint32_t told = 0;
  std::unordered_set<uint32_t> seen;
  for (Node node = 0; node < knots.size(); ++node) {
    if (knots[node] == 0) {
      continue;
    }
    if (Migration* migration = linking.own[node]) {
      migration->in_cycle = known(true);
      if (seen.insert(knots[node]).second && ++told <= 100) {
        std::vector<Text> around;
        for (const Node each : find_cycle(linking.graph, knots, node, true)) {
          around.push_back(known(revision_of(linking, each)));
        }
        migration->cycle = texts_of(linking, around);
      }
    }
  }
}

void set_merges(Linking& linking) {
  for (Node node = 0; node < linking.graph.size(); ++node) {
    if (!linking.own[node] || linking.graph.parents[node].size() < 2) {
      continue;
    }
    std::vector<Text> redundant;
    for (const Node parent : redundant_parents(linking.graph, node, linking.budget)) {
      redundant.push_back(known(revision_of(linking, parent)));
    }
    const bool sure = linking.budget > 0 && linking.whole();
    linking.own[node]->redundant_parents =
        sure || !redundant.empty() ? texts_of(linking, redundant) : unknown_list<Text>();
  }
}

void set_names(Linking& linking) {
  const FileNaming naming = file_naming(linking.project.settings);
  for (const auto& migration : linking.project.migrations) {
    if (naming.parts.empty() || migration->file->change == Change::unchanged) {
      migration->expected_name = unknown<std::string_view>();
      migration->follows_template = unknown<bool>();
      continue;
    }
    const auto expected = expected_name(*migration, naming);
    const bool is_expected = expected && *expected == migration->name.value;
    migration->expected_name = !expected     ? unknown<std::string_view>()
                               : is_expected ? migration->name
                                             : known(linking.arena.copy(*expected));
    const Truth follows = is_expected ? Truth::yes : follows_template(*migration, naming);
    migration->follows_template = follows == Truth::unknown ? unknown<bool>() : known(follows == Truth::yes);
  }
}

// ---- the project ----------------------------------------------------------------------------------------------------

// Which nodes hang together by down_revision: for each the lowest of them.
std::vector<Node> find_lineages(const RevisionGraph& graph) {
  std::vector<Node> root(graph.size());
  for (Node node = 0; node < root.size(); ++node) {
    root[node] = node;
  }
  const auto find = [&](Node node) {
    while (root[node] != node) {
      node = root[node] = root[root[node]];
    }
    return node;
  };
  for (Node node = 0; node < root.size(); ++node) {
    for (const Node parent : graph.parents[node]) {
      const auto [low, high] = std::minmax({find(node), find(parent)});
      root[high] = low;
    }
  }
  for (Node node = 0; node < root.size(); ++node) {
    root[node] = find(node);
  }
  return root;
}

Branch make_branch(Linking& linking, Text label, std::vector<Node> heads) {
  std::ranges::stable_sort(heads, {}, [&](Node node) { return is_new(linking, node); });
  Branch branch;
  branch.label = label;
  branch.project = &linking.project;
  std::vector<const Migration*> migrations;
  std::vector<Text> places;
  std::string ids;
  int64_t new_heads = 0;
  for (const Node head : heads) {
    const Migration& migration = *linking.graph.migrations[head];
    migrations.push_back(&migration);
    new_heads += is_new(linking, head);
    branch.at = linking.own[head] || !branch.at ? &migration : branch.at;
    if (heads.size() > 1) {
      ids += (ids.empty() ? "" : " ") + std::string(migration.revision.value);
      places.push_back(known(
          linking.arena.copy(std::string(migration.revision.value) + " (" + std::string(migration.file->name.value) +
                             (linking.sides.has_base && !is_new(linking, head) ? ", from the base)" : ")"))));
    } else {
      ids = migration.revision.value;
      places.push_back(migration.revision);
    }
  }
  branch.heads = list_of(linking, migrations);
  branch.heads.open = !linking.whole();
  if (!label.is_known() && heads.size() > 1 && !linking.graph.labels_known) {
    branch.heads.state = State::unknown;  // a label that cannot be read may make two branches of them
  }
  branch.head_places = texts_of(linking, places);
  branch.head_ids = known(linking.arena.copy(ids));
  branch.new_heads = known(new_heads);
  branch.span = branch.at->span;
  return branch;
}

void set_branches(Linking& linking, const std::vector<Node>& heads, const std::vector<Node>& lineages) {
  std::map<std::string_view, std::vector<Node>> by_label;
  std::map<Node, std::vector<Node>> by_lineage;
  for (const Node head : heads) {
    const bool labelled = !linking.labels.empty() && !linking.labels[head].empty();
    for (size_t i = 0; labelled && i < linking.labels[head].size(); ++i) {
      by_label[linking.labels[head][i]].push_back(head);
    }
    if (!labelled) {
      by_lineage[lineages.empty() ? 0 : lineages[head]].push_back(head);
    }
  }
  for (auto& [lineage, group] : by_lineage) {
    linking.project.branches.push_back(make_branch(linking, {}, std::move(group)));
  }
  for (auto& [label, group] : by_label) {
    linking.project.branches.push_back(make_branch(linking, known(label), std::move(group)));
  }
}

// A base that is no branch of its own: not labelled, and beside another one in its folder.
void set_main_bases(Linking& linking, const std::vector<Node>& bases, const std::vector<Node>& lineages) {
  std::unordered_map<Node, size_t> sizes;
  for (const Node lineage : lineages) {
    ++sizes[lineage];
  }
  std::map<std::string_view, std::vector<Node>> by_folder;
  for (const Node base : bases) {
    if (linking.labels.empty() || linking.labels[base].empty()) {
      by_folder[folder_of(*linking.graph.migrations[base])].push_back(base);
    }
  }
  for (auto& [folder, group] : by_folder) {
    std::ranges::stable_sort(group, [&](Node a, Node b) {
      const auto rank = [&](Node node) { return std::pair(!is_new(linking, node), sizes[lineages[node]]); };
      return rank(a) > rank(b);
    });
    for (size_t i = 1; i < group.size(); ++i) {
      if (Migration* migration = linking.own[group[i]]) {
        migration->main_base = linking.graph.labels_known && linking.whole()
                                   ? known(revision_of(linking, group.front()))
                                   : unknown<std::string_view>();
      }
    }
  }
}

void set_heads_and_bases(Linking& linking) {
  const RevisionGraph& graph = linking.graph;
  std::vector<Node> heads, bases;
  for (Node node = 0; node < graph.size(); ++node) {
    if (is_head(graph, node)) {
      heads.push_back(node);
    }
    const Texts& parents = graph.migrations[node]->parents;
    if (graph.counts[node] && parents.state == State::known && !parents.open && parents.items.empty()) {
      bases.push_back(node);
    }
  }
  const auto migrations = [&](const std::vector<Node>& nodes) {
    std::vector<const Migration*> out;
    for (const Node node : nodes) {
      out.push_back(graph.migrations[node]);
    }
    Migrations list = list_of(linking, out);
    list.open = !linking.whole();
    return list;
  };
  linking.project.heads = migrations(heads);
  linking.project.bases = migrations(bases);
  if (!graph.by_label.empty() && !spread_labels(graph, linking.labels)) {
    linking.project.branches.clear();  // too many to tell
    return;
  }
  const std::vector<Node> lineages = heads.size() > 1 || bases.size() > 1 ? find_lineages(graph) : std::vector<Node>();
  set_branches(linking, heads, lineages);
  if (bases.size() > 1) {
    set_main_bases(linking, bases, lineages);
  }
}

// ---- what the base has otherwise ------------------------------------------------------------------------------------

Truth same_texts(const Texts& a, const Texts& b) {
  const auto is_whole = [](const Texts& texts) {
    return texts.state != State::unknown && !texts.open &&
           std::ranges::all_of(texts.items, [](const Text& text) { return text.is_known(); });
  };
  if (!is_whole(a) || !is_whole(b)) {
    return Truth::unknown;
  }
  const auto sorted = [](const Texts& texts) {
    std::vector<std::string_view> out;
    for (const Text& text : texts.items) {
      out.push_back(text.value);
    }
    std::ranges::sort(out);
    return out;
  };
  return truth(sorted(a) == sorted(b));
}

Flag flag_of(Truth truth) { return truth == Truth::unknown ? unknown<bool>() : known(truth == Truth::yes); }

const Migration* find_on_base(const Linking& linking, const Project& whole, const Migration& migration) {
  if (migration.file->change == Change::unchanged) {
    return &migration;
  }
  for (const auto& before : whole.base_migrations) {
    if (migration.file->before && before->file == migration.file->before) {
      return before.get();
    }
  }
  const auto found = migration.revision.is_known() ? linking.sides.merge_base_revisions.find(migration.revision.value)
                                                   : linking.sides.merge_base_revisions.end();
  return found == linking.sides.merge_base_revisions.end() ? nullptr : found->second;
}

void set_change(Linking& linking, const Project& whole) {
  for (const auto& migration : linking.project.migrations) {
    const Migration* on_base = find_on_base(linking, whole, *migration);
    migration->on_base = on_base;
    if (!on_base) {
      continue;
    }
    migration->parents_on_base = on_base->parents;
    migration->reparented = flag_of(negate(both(same_texts(migration->parents, on_base->parents),
                                                same_texts(migration->depends_on, on_base->depends_on))));
    const bool comparable = migration->body_digest.is_known() && on_base->body_digest.is_known();
    migration->code_changed = on_base == migration.get() ? known(false)
                              : comparable ? known(migration->body_digest.value != on_base->body_digest.value)
                                           : unknown<bool>();
  }
}

// The heads above `start` among what the base has.
std::vector<Node> base_heads_above(Linking& linking, Node start) {
  const RevisionGraph& graph = linking.graph;
  std::vector<Node> todo = {start}, heads;
  std::unordered_set<Node> seen = {start};
  while (!todo.empty() && linking.budget-- > 0 && heads.size() < 2) {
    const Node node = todo.back();
    todo.pop_back();
    bool is_last = true;
    for (const Node child : graph.children[node]) {
      if (!is_new(linking, child)) {
        is_last = false;
        if (seen.insert(child).second) {
          todo.push_back(child);
        }
      }
    }
    if (is_last) {
      heads.push_back(node);
    }
  }
  return heads;
}

void set_place_of_new(Linking& linking, Node node) {
  const RevisionGraph& graph = linking.graph;
  Migration& migration = *linking.own[node];
  std::vector<Text> stale;
  std::vector<Text> inserted_before;
  Node stale_parent = 0;
  for (const Node parent : graph.parents[node]) {
    const bool has_base_child =
        std::ranges::any_of(graph.children[parent], [&](Node child) { return !is_new(linking, child); });
    if (!is_new(linking, parent) && has_base_child) {
      stale.push_back(known(revision_of(linking, parent)));
      stale_parent = parent;
    }
  }
  for (const Node child : graph.children[node]) {
    if (!is_new(linking, child)) {
      inserted_before.push_back(known(revision_of(linking, child)));
    }
  }
  migration.stale_parents = texts_of(linking, stale);
  migration.inserted_before = texts_of(linking, inserted_before);
  if (stale.size() == 1 && graph.parents[node].size() == 1 && inserted_before.empty()) {
    const std::vector<Node> heads = base_heads_above(linking, stale_parent);
    if (heads.size() == 1 && linking.budget > 0 && linking.whole()) {
      migration.rebase_onto = known(revision_of(linking, heads.front()));
    }
  }
}

void set_place_of_known(Linking& linking, Node node) {
  std::vector<Text> new_parents;
  for (const Node parent : linking.graph.parents[node]) {
    if (is_new(linking, parent)) {
      new_parents.push_back(known(revision_of(linking, parent)));
    }
  }
  linking.own[node]->new_parents = texts_of(linking, new_parents);
}

void set_touched(Linking& linking, const Project& whole) {
  if (&whole != &linking.project) {
    return;
  }
  std::unordered_map<std::string_view, const Migration*> here;
  std::unordered_map<const File*, const Migration*> by_before;
  for (const auto& migration : linking.project.migrations) {
    if (migration->revision.is_known()) {
      here.emplace(migration->revision.value, migration.get());
    }
    if (migration->file->before) {
      by_before.emplace(migration->file->before, migration.get());
    }
  }
  for (const auto& was : whole.base_migrations) {
    if (was->file->origin != Origin::merge_base) {
      continue;
    }
    BaseMigration touched{was->span, was.get(), nullptr, known(true), was->file};
    const auto same = was->revision.is_known() ? here.find(was->revision.value) : here.end();
    const auto same_file = by_before.find(was->file);
    if (same != here.end()) {
      touched.now = same->second;
      touched.deleted = known(false);
    } else if (same_file != by_before.end() && (!same_file->second->revision.is_known() || !was->revision.is_known())) {
      touched.deleted = unknown<bool>();
    } else if (!was->revision.is_known() && !was->revision.is_absent()) {
      touched.deleted = unknown<bool>();
    } else if (was->revision.is_absent()) {
      touched.deleted = known(false);  // it was no revision
    }
    // The base has given it up, too.
    const bool on_tip = was->revision.is_known() && linking.sides.tip_revisions.contains(was->revision.value);
    if (touched.deleted.is_known() && touched.deleted.value && !on_tip) {
      touched.deleted = known(false);
    }
    linking.project.touched.push_back(touched);
  }
}

// ---- two branches that change the same ------------------------------------------------------------------------------

// `table.column` of what upgrade() changes; `table` where it makes, drops or renames the table itself.
std::vector<std::pair<std::string, std::string>> things_changed(const Migration& migration) {
  std::vector<std::pair<std::string, std::string>> things;
  for (const Operation& operation : migration.upgrade.items) {
    using enum OperationKind;
    const OperationKind kind = operation.kind;
    const bool of_column = kind == add_column || kind == drop_column || kind == alter_column;
    const bool of_table = kind == create_table || kind == drop_table || kind == rename_table;
    if ((of_column || of_table) && operation.table.is_known() && (of_table || operation.target.is_known())) {
      things.push_back({std::string(operation.table.value), of_table ? "" : std::string(operation.target.value)});
    }
  }
  std::ranges::sort(things);
  things.erase(std::unique(things.begin(), things.end()), things.end());
  return things;
}

std::unordered_set<Node> ancestors_of(Linking& linking, Node node) {
  std::unordered_set<Node> seen = {node};
  std::vector<Node> todo = {node};
  while (!todo.empty() && linking.budget-- > 0) {
    const Node at = todo.back();
    todo.pop_back();
    for (const Node parent : linking.graph.parents[at]) {
      if (seen.insert(parent).second) {
        todo.push_back(parent);
      }
    }
  }
  return seen;
}

void set_conflicts(Linking& linking) {
  const RevisionGraph& graph = linking.graph;
  std::map<std::string, std::vector<std::pair<std::string, Node>>> incoming;  // by table
  for (Node node = 0; node < graph.size(); ++node) {
    if (graph.migrations[node]->file->origin == Origin::base_tip) {
      for (auto& [table, column] : things_changed(*graph.migrations[node])) {
        incoming[table].push_back({column, node});
      }
    }
  }
  for (Node node = 0; node < graph.size() && !incoming.empty(); ++node) {
    if (!linking.own[node] || !is_new(linking, node)) {
      continue;
    }
    std::vector<Text> conflicts;
    std::vector<Text> conflicting;
    std::unordered_set<Node> ancestors;
    for (const auto& [table, column] : things_changed(*linking.own[node])) {
      const auto same_table = incoming.find(table);
      for (size_t i = 0; same_table != incoming.end() && i < same_table->second.size(); ++i) {
        const auto& [other_column, other] = same_table->second[i];
        if (column != other_column && !column.empty() && !other_column.empty()) {
          continue;
        }
        ancestors = ancestors.empty() ? ancestors_of(linking, node) : std::move(ancestors);
        if (!ancestors.contains(other) && linking.budget > 0) {
          const std::string& name = column.empty() ? other_column : column;
          conflicts.push_back(known(linking.arena.copy(name.empty() ? table : table + "." + name)));
          conflicting.push_back(known(revision_of(linking, other)));
        }
      }
    }
    const auto by_value = [](const Text& text) { return text.value; };
    for (auto* texts : {&conflicts, &conflicting}) {
      std::ranges::stable_sort(*texts, {}, by_value);
      const auto same = [](const Text& a, const Text& b) { return a.value == b.value; };
      texts->erase(std::unique(texts->begin(), texts->end(), same), texts->end());
    }
    linking.own[node]->conflicts = texts_of(linking, conflicts);
    linking.own[node]->conflicting = texts_of(linking, conflicting);
  }
}

void compare_with_base(Linking& linking, const Project& whole) {
  const RevisionGraph tip = make_graph(linking.sides.tip);
  std::vector<const Migration*> heads;
  for (Node node = 0; node < tip.size(); ++node) {
    if (is_head(tip, node)) {
      heads.push_back(tip.migrations[node]);
    }
  }
  linking.project.base_heads = list_of(linking, heads);
  linking.project.base_heads.open = !tip.revisions_known || !tip.parents_known;
  set_change(linking, whole);
  for (Node node = 0; node < linking.graph.size(); ++node) {
    if (linking.own[node]) {
      is_new(linking, node) ? set_place_of_new(linking, node) : set_place_of_known(linking, node);
    }
  }
  set_conflicts(linking);
  set_touched(linking, whole);
}

// ---- all of it ------------------------------------------------------------------------------------------------------

// Both lists are in the order of paths.
void find_own(Linking& linking, const Project& project) {
  size_t next = 0;
  for (const Migration* migration : linking.graph.migrations) {
    const bool is_own = migration->file->project == &project && migration->file->origin == Origin::here;
    while (is_own && next < project.migrations.size() && project.migrations[next].get() != migration) {
      ++next;
    }
    linking.own.push_back(is_own && next < project.migrations.size() ? project.migrations[next].get() : nullptr);
  }
}

std::unique_ptr<Replay> link(Project& project, const Project& whole, const File* replaced) {
  Linking linking{project, find_sides(project, &whole == &project ? nullptr : &whole, replaced), {}, project.arena};
  linking.graph = make_graph(linking.sides.merged);
  if (whole.is_partial) {
    linking.graph.revisions_known = linking.graph.parents_known = false;
  }
  find_own(linking, project);
  for (const auto& migration : project.migrations) {
    set_own_place(*migration);
    if (!migration->revision.is_known()) {
      leave_unknown(*migration);
    }
    if (undoes_another(whole, *migration)) {
      migration->reparented = migration->code_changed = known(false);
    }
  }
  set_neighbours(linking);
  set_problems(linking);
  set_same_revision(linking);
  set_cycles(linking);
  set_merges(linking);
  set_heads_and_bases(linking);
  set_names(linking);
  if (linking.sides.has_base) {
    compare_with_base(linking, whole);
  }
  std::vector<bool> news;
  for (Node node = 0; node < linking.graph.size() && linking.sides.has_base; ++node) {
    news.push_back(is_new(linking, node));
  }
  std::unique_ptr<Replay> replay = link_replay(project, linking.graph, linking.own, news);
  const bool has_more = !project.base_migrations.empty() || linking.graph.size() != project.migrations.size();
  return has_more ? nullptr : std::move(replay);
}

}  // namespace

std::unique_ptr<Replay> link_history(Project& project) { return link(project, project, nullptr); }

void link_history(Project& project, const Project& around, const File& replaced) { link(project, around, &replaced); }

}  // namespace spiritsafe
