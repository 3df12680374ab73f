// SPDX-License-Identifier: Apache-2.0
#include "engine/schema/table_groups.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace spiritsafe {
namespace {

struct Groups {
  std::map<std::string_view, size_t> of_table = {};  // by the table's name
  std::vector<size_t> parent = {};

  size_t root(size_t group) {
    while (parent[group] != group) {
      group = parent[group] = parent[parent[group]];
    }
    return group;
  }
  void join(std::string_view a, std::string_view b) {
    const auto one = of_table.find(a), other = of_table.find(b);
    if (one != of_table.end() && other != of_table.end()) {
      const auto [low, high] = std::minmax({root(one->second), root(other->second)});
      parent[high] = low;
    }
  }
};

// A group is told by its tables in the order in which the migration touches them.
Groups groups_of(const Migration& migration) {
  Groups groups;
  std::vector<std::string_view> rest;
  for (const Text& group : migration.table_groups.items) {
    groups.parent.push_back(rest.size());
    rest.push_back(group.value);
  }
  for (const Text& table : migration.tables.items) {
    const auto is_next = [&](std::string_view text) {
      const std::string_view behind = text.substr(std::min(table.value.size(), text.size()));
      return text.starts_with(table.value) && (behind.empty() || behind.starts_with(", "));
    };
    const auto found = std::ranges::find_if(rest, is_next);
    if (found != rest.end()) {
      groups.of_table.emplace(table.value, static_cast<size_t>(found - rest.begin()));
      found->remove_prefix(std::min(table.value.size() + 2, found->size()));
    }
  }
  return groups;
}

// The columns of a link table are all, or all of its key, foreign keys.
bool is_link_table(const Table& table) {
  std::set<uint32_t> keyed;
  const TableConstraint* primary = nullptr;
  for (const TableConstraint* constraint : table.constraints) {
    if (constraint->kind == ConstraintKind::foreign_key) {
      keyed.insert(constraint->columns.items.begin(), constraint->columns.items.end());
    } else if (constraint->kind == ConstraintKind::primary_key) {
      primary = constraint;
    }
  }
  return primary && primary->columns.items.size() > 1 &&
         std::ranges::all_of(primary->columns.items, [&](uint32_t column) { return keyed.contains(column); });
}

struct Joining {
  Groups groups = {};
  std::map<uint32_t, std::string_view> enums = {};  // by id, the first touched table with a column of it
};

void join_by_schema(Joining& joining, Moment moment, std::string_view name, const Table& table) {
  for (const TableColumn* column : table.columns) {
    if (column->enum_id != 0) {
      joining.groups.join(name, joining.enums.emplace(column->enum_id, name).first->second);
    }
  }
  for (const TableConstraint* constraint : table.constraints) {
    const Found<Table> referent = table_by_id(moment, constraint->referent);
    if (constraint->kind == ConstraintKind::foreign_key && referent.item) {
      joining.groups.join(name, referent.item->name.value);
    }
  }
}

// Link tables, which the migration need not touch: what they lead to belongs together.
void join_by_link_tables(Joining& joining, const Catalogue& catalogue, Moment moment, std::string_view name,
                         const Table& table) {
  const auto referrers = catalogue.referrers.find(table.id);
  for (const uint32_t id : referrers == catalogue.referrers.end() ? std::vector<uint32_t>() : referrers->second) {
    const Found<Table> link = table_by_id(moment, id);
    if (!link.item || !is_link_table(*link.item)) {
      continue;
    }
    for (const TableConstraint* constraint : link.item->constraints) {
      const Found<Table> referent = table_by_id(moment, constraint->referent);
      if (constraint->kind == ConstraintKind::foreign_key && referent.item) {
        joining.groups.join(name, referent.item->name.value);
      }
    }
  }
}

}  // namespace

void join_table_groups(Arena& arena, const Catalogue& catalogue, Migration& migration, Moment before, Moment after) {
  if (migration.table_groups.items.size() < 2) {
    return;
  }
  Joining joining{groups_of(migration)};
  for (const Moment moment : {before, after}) {
    for (const auto& operation : migration.upgrade.items) {
      if (operation.table.is_known() && !operation.schema.is_unknown()) {
        const Found<Table> table = find_table(moment, schema_of(operation.schema), operation.table.value);
        if (table.item) {
          join_by_schema(joining, moment, operation.table.value, *table.item);
          join_by_link_tables(joining, catalogue, moment, operation.table.value, *table.item);
        }
      }
    }
  }
  std::vector<std::string> texts(joining.groups.parent.size());
  for (const Text& table : migration.tables.items) {
    if (const auto group = joining.groups.of_table.find(table.value); group != joining.groups.of_table.end()) {
      std::string& text = texts[joining.groups.root(group->second)];
      text.append(text.empty() ? "" : ", ").append(table.value);
    }
  }
  std::vector<Text> groups;
  for (size_t i = 0; i < texts.size(); ++i) {
    if (!texts[i].empty()) {
      groups.push_back(known(arena.copy(std::string_view(texts[i])), migration.table_groups.items[i].span));
    }
  }
  migration.table_groups.items = arena.copy(groups);
}

}  // namespace spiritsafe
