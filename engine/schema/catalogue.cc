// SPDX-License-Identifier: Apache-2.0
#include "engine/schema/catalogue.h"

#include <algorithm>
#include <map>

namespace spiritsafe {
namespace {

template <class T>
const Version<T>* last_until(const std::vector<Version<T>>& versions, uint32_t time) {
  const auto after = std::ranges::upper_bound(versions, time, {}, &Version<T>::time);
  return after == versions.begin() ? nullptr : &*std::prev(after);
}

template <class Versions, class Key>
auto version_at(Moment moment, Versions Timeline::*member, const Key& key)
    -> decltype(last_until((moment.line->*member).begin()->second, 0)) {
  uint32_t time = moment.time;
  for (const Timeline* line = moment.line; line; time = line->since, line = line->before) {
    const auto found = (line->*member).find(key);
    if (found != (line->*member).end()) {
      if (const auto* version = last_until(found->second, time)) {
        return version;
      }
    }
  }
  return nullptr;
}

template <class T>
bool is_uncertain(const T& item) {
  return item.uncertain;
}
bool is_uncertain(const NameUse&) { return false; }

template <class T>
Found<T> found_of(Moment moment, const Version<T>* version) {
  const bool doubted = doubt_since(moment, version ? version->time : 0) != nullptr;
  if (!version || !version->value) {
    return {nullptr, doubted ? Truth::unknown : Truth::no};
  }
  return {version->value, doubted || is_uncertain(*version->value) ? Truth::unknown : Truth::yes};
}

// All keys that ever were, each once, in their order.
template <class Versions>
std::map<std::string_view, int> keys_of(const Timeline* line, Versions Timeline::*member) {
  std::map<std::string_view, int> keys;
  for (; line; line = line->before) {
    for (const auto& [key, versions] : line->*member) {
      keys.emplace(key, 0);
    }
  }
  return keys;
}

}  // namespace

std::string_view schema_of(const Text& schema) {
  return schema.is_known() && schema.value != "public" ? schema.value : std::string_view{};
}

std::string key_of(std::string_view schema, std::string_view name) {
  std::string key(schema);
  key += '\0';
  return key.append(name);
}

const Text* doubt_since(Moment moment, uint32_t time) {
  uint32_t until = moment.time;
  for (const Timeline* line = moment.line; line; until = line->since, line = line->before) {
    if (const Version<Text>* doubt = last_until(line->doubts, until); doubt && doubt->time >= time) {
      return doubt->value;
    }
  }
  return nullptr;
}

Found<Table> table_by_id(Moment moment, uint32_t id) {
  return found_of(moment, version_at(moment, &Timeline::tables, id));
}

// What belongs to an uncertain table is as uncertain.
Found<Relation> find_relation(Moment moment, std::string_view schema, std::string_view name) {
  auto found = found_of(moment, version_at(moment, &Timeline::relations, std::string_view(key_of(schema, name))));
  if (found.certain() && found.item->table != 0) {
    const Found<Table> table = table_by_id(moment, found.item->table);
    found.exists = table.item && !table.certain() ? Truth::unknown : Truth::yes;
  }
  return found;
}

Found<Table> find_table(Moment moment, std::string_view schema, std::string_view name) {
  const Found<Relation> relation = find_relation(moment, schema, name);
  if (!relation.item) {
    return {nullptr, relation.exists};
  }
  if (relation.item->kind != RelationKind::table) {
    return {nullptr, relation.exists == Truth::yes ? Truth::no : Truth::unknown};
  }
  return table_by_id(moment, relation.item->table);
}

Found<EnumType> find_enum(Moment moment, std::string_view schema, std::string_view name) {
  return found_of(moment, version_at(moment, &Timeline::types, std::string_view(key_of(schema, name))));
}

Found<EnumType> enum_by_id(Moment moment, uint32_t id) {
  return found_of(moment, version_at(moment, &Timeline::enums, id));
}

Truth has_constraint_name(Moment moment, std::string_view schema, std::string_view name) {
  const auto found =
      found_of(moment, version_at(moment, &Timeline::constraint_names, std::string_view(key_of(schema, name))));
  if (found.item && found.item->count == 0) {
    return found.exists == Truth::yes ? Truth::no : Truth::unknown;
  }
  return found.exists;
}

const TableColumn* find_column(const Table& table, std::string_view name) {
  const auto found = std::ranges::find_if(
      table.columns, [&](const TableColumn* column) { return column->name.is_known() && column->name.value == name; });
  return found == table.columns.end() ? nullptr : *found;
}

const TableColumn* find_column(const Table& table, uint32_t number) {
  const auto found = std::ranges::find(table.columns, number, &TableColumn::number);
  return found == table.columns.end() ? nullptr : *found;
}

Snapshot take_snapshot(Moment moment, Arena& arena) {
  Snapshot snapshot;
  for (const auto& [key, none] : keys_of(moment.line, &Timeline::relations)) {
    const Found<Relation> relation = found_of(moment, version_at(moment, &Timeline::relations, key));
    if (!relation.item || relation.item->kind == RelationKind::index) {
      continue;
    }
    if (relation.item->kind != RelationKind::table) {
      Relation copy = *relation.item;
      copy.uncertain = !relation.certain();
      (copy.kind == RelationKind::view ? snapshot.views : snapshot.sequences).push_back(arena.make<Relation>(copy));
      continue;
    }
    const Found<Table> table = table_by_id(moment, relation.item->table);
    if (table.item && table.certain()) {
      snapshot.tables.push_back(table.item);
    } else if (table.item) {
      Table copy = *table.item;
      const Text* why = copy.uncertain ? nullptr : doubt_since(moment, 0);
      copy.uncertain = true;
      copy.why = why ? *why : copy.why;
      snapshot.tables.push_back(arena.make<Table>(copy));
    }
  }
  for (const auto& [key, none] : keys_of(moment.line, &Timeline::types)) {
    const Found<EnumType> type = found_of(moment, version_at(moment, &Timeline::types, key));
    if (type.item) {
      EnumType copy = *type.item;
      copy.uncertain = !type.certain();
      if (const Text* why = copy.uncertain && copy.why.is_absent() ? doubt_since(moment, 0) : nullptr) {
        copy.why = *why;
      }
      snapshot.enums.push_back(arena.make<EnumType>(copy));
    }
  }
  uint32_t until = moment.time;
  for (const Timeline* line = moment.line; line; until = line->since, line = line->before) {
    for (auto doubt = line->doubts.rbegin(); doubt != line->doubts.rend(); ++doubt) {
      if (doubt->time <= until) {
        snapshot.doubts.push_back(*doubt->value);
      }
    }
  }
  std::ranges::reverse(snapshot.doubts);
  return snapshot;
}

}  // namespace spiritsafe
