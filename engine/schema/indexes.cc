// SPDX-License-Identifier: Apache-2.0
#include "engine/schema/indexes.h"

#include <algorithm>

namespace spiritsafe {
namespace {

// An index, whoever keeps it.
struct Kept {
  Text name = {};
  ColumnNumbers columns = {};
  Flag unique = {};
  bool whole = true;  // no condition
  Flag plain = {};
  const Operation* operation = nullptr;
};

std::vector<Kept> indexes_of(const Table& table) {
  std::vector<Kept> all;
  for (const TableConstraint* constraint : table.constraints) {
    if (constraint->kind == ConstraintKind::primary_key || constraint->kind == ConstraintKind::unique) {
      all.push_back({constraint->name, constraint->columns, known(true), true, known(true), constraint->operation});
    }
  }
  for (const TableIndex* index : table.indexes) {
    all.push_back(
        {index->name, index->columns, index->unique, index->condition.is_absent(), index->plain, index->operation});
  }
  return all;
}

bool is_known_over(const ColumnNumbers& columns) {
  return columns.state == State::known && !columns.open && !columns.items.empty() &&
         std::ranges::find(columns.items, 0u) == columns.items.end();
}

}  // namespace

Truth is_indexed(const Table& table, const ColumnNumbers& columns) {
  if (!is_known_over(columns)) {
    return Truth::unknown;
  }
  Truth result = table.uncertain ? Truth::unknown : Truth::no;
  for (const Kept& index : indexes_of(table)) {
    if (index.columns.state != State::known || index.columns.open) {
      result = Truth::unknown;
    } else if (index.columns.items.size() >= columns.items.size() &&
               std::is_permutation(columns.items.begin(), columns.items.end(), index.columns.items.begin())) {
      return Truth::yes;
    }
  }
  return result;
}

Text same_index(const Table& table, const Operation& operation) {
  const std::vector<Kept> all = indexes_of(table);
  const auto own = std::ranges::find(all, &operation, &Kept::operation);
  if (own == all.end() || !own->whole || (own->plain.is_known() && !own->plain.value)) {
    return {};
  }
  if (!is_known_over(own->columns) || !own->plain.is_known() || !own->unique.is_known()) {
    return unknown<std::string_view>();
  }
  Text result = table.uncertain ? unknown<std::string_view>() : Text{};
  for (const Kept& other : all) {
    const bool may_serve = &other != &*own && other.whole && !(other.plain.is_known() && !other.plain.value);
    if (!may_serve || (is_known_over(other.columns) && !std::ranges::equal(other.columns.items, own->columns.items))) {
      continue;
    }
    if (!is_known_over(other.columns) || !other.plain.is_known() || !other.unique.is_known()) {
      result = unknown<std::string_view>();
    } else if (other.unique.value || !own->unique.value) {
      return other.name;
    }
  }
  return result;
}

}  // namespace spiritsafe
