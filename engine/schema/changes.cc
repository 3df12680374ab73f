// SPDX-License-Identifier: Apache-2.0
// What the operations are made of: a new version of a thing, written into the timeline.
#include "engine/schema/apply.h"

namespace spiritsafe {
namespace {

template <class T>
void write(std::vector<Version<T>>& versions, uint32_t time, const T* value) {
  if (!versions.empty() && versions.back().time == time) {
    versions.back().value = value;
  } else {
    versions.push_back({time, value});
  }
}

template <class Map>
auto& versions_of(Applying& in, Map& map, const std::string& key) {
  const auto found = map.find(std::string_view(key));
  return found != map.end() ? found->second : map[in.catalogue.arena.copy(std::string_view(key))];
}

}  // namespace

Table* edit(Applying& in, const Found<Table>& table) {
  Table* copy = in.catalogue.arena.make<Table>(*table.item);
  if (!table.certain() && !copy->uncertain) {
    copy->uncertain = true;
    const Text* why = doubt_since(in.moment(), 0);
    copy->why = why ? *why : Text{};
  }
  return copy;
}

void put(Applying& in, const Table* table) {
  write(in.line.tables[table->id], in.line.now, table);
  if (table->name.is_known()) {
    in.catalogue.touched_relations.push_back(
        in.catalogue.arena.copy(std::string_view(key_of(schema_of(table->schema), table->name.value))));
  }
}

void put_relation(Applying& in, std::string_view schema, std::string_view name, const Relation* relation) {
  const std::string key = key_of(schema, name);
  write(versions_of(in, in.line.relations, key), in.line.now, relation);
  in.catalogue.touched_relations.push_back(in.catalogue.arena.copy(std::string_view(key)));
}

void put_enum(Applying& in, const EnumType* type) {
  in.catalogue.touched_types.push_back(
      in.catalogue.arena.copy(std::string_view(key_of(schema_of(type->schema), type->name.value))));
  write(versions_of(in, in.line.types, key_of(schema_of(type->schema), type->name.value)), in.line.now, type);
  write(in.line.enums[type->id], in.line.now, type);
}

void remove_enum(Applying& in, const EnumType& type) {
  in.catalogue.touched_types.push_back(
      in.catalogue.arena.copy(std::string_view(key_of(schema_of(type.schema), type.name.value))));
  write<EnumType>(versions_of(in, in.line.types, key_of(schema_of(type.schema), type.name.value)), in.line.now,
                  nullptr);
  write<EnumType>(in.line.enums[type.id], in.line.now, nullptr);
}

void use_name(Applying& in, const Text& schema, const Text& name, int by) {
  if (!name.is_known()) {
    return;
  }
  const std::string key = key_of(schema_of(schema), name.value);
  const NameUse* before = nullptr;
  uint32_t time = in.line.now;
  for (const Timeline* line = &in.line; line && !before; time = line->since, line = line->before) {
    const auto found = line->constraint_names.find(std::string_view(key));
    for (size_t i = found == line->constraint_names.end() ? 0 : found->second.size(); i > 0 && !before; --i) {
      before = found->second[i - 1].time <= time ? found->second[i - 1].value : nullptr;
    }
  }
  const int count = (before ? static_cast<int>(before->count) : 0) + by;
  const NameUse* after = in.catalogue.arena.make<NameUse>(static_cast<uint32_t>(count < 0 ? 0 : count));
  write(versions_of(in, in.line.constraint_names, key), in.line.now, after);
}

std::string shown(const Text& schema, const Text& name) {
  std::string text(schema_of(schema));
  text += text.empty() ? "" : ".";
  return text.append(name.value);
}

}  // namespace spiritsafe
