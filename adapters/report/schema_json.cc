// SPDX-License-Identifier: Apache-2.0
// A fact that is not there is null, one that cannot be known {"unknown": true}, a thing that may be otherwise has
// `unknown` with the step that makes it so.
#include <nlohmann/json.hpp>

#include "adapters/report/schema.h"
#include "engine/facts/migration.h"

namespace spiritsafe {
namespace {

using Json = nlohmann::ordered_json;

const Json unknown_fact = {{"unknown", true}};

Json json_of(const Text& text) {
  return text.is_unknown() ? unknown_fact : text.is_known() ? Json(std::string(text.value)) : Json();
}
Json json_of(const Flag& flag) { return flag.is_unknown() ? unknown_fact : Json(flag.is_known() && flag.value); }

Json place_of(const ReplayedSchema& schema, const Operation* operation) {
  if (!operation || !operation->migration) {
    return nullptr;
  }
  const Migration& migration = *operation->migration;
  return {{"revision", json_of(migration.revision)},
          {"path", migration.file->source.path},
          {"line", schema.lines.at(operation)}};
}

Json place_of(const Model* model, const ModelField* field, Span span) {
  const ModelPlace place = place_of_model(model, field, span);
  return place.line == 0 ? Json() : Json{{"model", place.name}, {"path", place.path}, {"line", place.line}};
}

// A thing of a schema: by the operation that made it, or by the field that says it.
template <class Thing>
Json place_of(const ReplayedSchema& schema, const Thing& thing) {
  if constexpr (requires { thing.span; }) {
    return thing.model ? place_of(thing.model, thing.field, thing.span) : place_of(schema, thing.operation);
  } else if constexpr (requires { thing.field; }) {
    return thing.model ? place_of(thing.model, thing.field, Span{}) : place_of(schema, thing.operation);
  } else if constexpr (requires { thing.model; }) {
    return thing.model ? place_of(thing.model, nullptr, Span{}) : place_of(schema, thing.operation);
  } else {
    return place_of(schema, thing.operation);
  }
}

Json column_names(const Table& table, const ColumnNumbers& columns) {
  if (columns.state != State::known || columns.open) {
    return unknown_fact;
  }
  Json names = Json::array();
  for (const uint32_t number : columns.items) {
    const TableColumn* column = find_column(table, number);
    names.push_back(column ? json_of(column->name) : unknown_fact);
  }
  return names;
}

Json json_of(const ReplayedSchema& schema, const TableColumn& column) {
  return {{"name", json_of(column.name)},          {"type", json_of(column.type)},
          {"nullable", json_of(column.nullable)},  {"default", json_of(column.server_default)},
          {"identity", json_of(column.identity)},  {"identity_always", json_of(column.identity_always)},
          {"generated", json_of(column.computed)}, {"generated_as", json_of(column.computed_as)},
          {"comment", json_of(column.comment)},    {"made_by", place_of(schema, column)}};
}

const Table* find_by_id(const Snapshot& snapshot, uint32_t id) {
  for (const Table* table : snapshot.tables) {
    if (table->id == id) {
      return table;
    }
  }
  return nullptr;
}

Json json_of(const ReplayedSchema& schema, const Table& table, const TableConstraint& constraint) {
  Json out = {{"kind", std::string(name_of(constraint.kind))},
              {"name", json_of(constraint.name)},
              {"columns", column_names(table, constraint.columns)}};
  if (constraint.kind == ConstraintKind::foreign_key) {
    const Table* referent = find_by_id(schema.snapshot, constraint.referent);
    out["referent_schema"] = referent ? json_of(referent->schema) : json_of(constraint.referent_schema);
    out["referent_table"] = referent ? json_of(referent->name) : json_of(constraint.referent_table);
    out["referent_columns"] = referent ? column_names(*referent, constraint.referent_columns) : unknown_fact;
    out["ondelete"] = json_of(constraint.ondelete);
    out["onupdate"] = json_of(constraint.onupdate);
    out["deferrable"] = json_of(constraint.deferrable);
    out["initially"] = json_of(constraint.initially);
  }
  if (constraint.kind == ConstraintKind::check) {
    out["condition"] = json_of(constraint.condition);
  }
  out["made_by"] = place_of(schema, constraint);
  return out;
}

Json json_of(const ReplayedSchema& schema, const Table& table) {
  Json out = {{"schema", json_of(table.schema)},
              {"name", json_of(table.name)},
              {"unknown", table.uncertain ? json_of(table.why) : Json()},
              {"comment", json_of(table.comment)},
              {"made_by", place_of(schema, table)},
              {"columns", Json::array()},
              {"constraints", Json::array()},
              {"indexes", Json::array()}};
  for (const TableColumn* column : table.columns) {
    out["columns"].push_back(json_of(schema, *column));
  }
  for (const TableConstraint* constraint : table.constraints) {
    out["constraints"].push_back(json_of(schema, table, *constraint));
  }
  for (const TableIndex* index : table.indexes) {
    out["indexes"].push_back({{"name", json_of(index->name)},
                              {"columns", column_names(table, index->columns)},
                              {"unique", json_of(index->unique)},
                              {"condition", json_of(index->condition)},
                              {"made_by", place_of(schema, *index)}});
  }
  return out;
}

Json json_of(const ReplayedSchema& schema, const EnumType& type) {
  Json values = Json::array();
  for (const Text& value : type.values.items) {
    values.push_back(json_of(value));
  }
  const bool whole = type.values.state == State::known && !type.values.open;
  return {{"schema", json_of(type.schema)},
          {"name", json_of(type.name)},
          {"unknown", type.uncertain ? json_of(type.why) : Json()},
          {"values", whole ? values : unknown_fact},
          {"made_by", place_of(schema, type)}};
}

Json json_of(const ReplayedSchema& schema, const Relation& relation) {
  return {{"schema", json_of(relation.schema)},
          {"name", json_of(relation.name)},
          {"unknown", relation.uncertain},
          {"made_by", place_of(schema, relation.operation)}};
}

}  // namespace

std::string write_schema_json(const ReplayedSchema& schema) {
  Json one = {{"project", schema.project},       {"at", schema.of_models.empty() ? Json(schema.at) : Json()},
              {"downgraded", schema.downgraded}, {"unknown", Json::array()},
              {"tables", Json::array()},         {"enums", Json::array()},
              {"sequences", Json::array()},      {"views", Json::array()}};
  if (!schema.of_models.empty()) {
    one["models"] = schema.of_models;
  }
  for (const Text& doubt : schema.snapshot.doubts) {
    one["unknown"].push_back(json_of(doubt));
  }
  for (const Table* table : schema.snapshot.tables) {
    one["tables"].push_back(json_of(schema, *table));
  }
  for (const EnumType* type : schema.snapshot.enums) {
    one["enums"].push_back(json_of(schema, *type));
  }
  for (const Relation* sequence : schema.snapshot.sequences) {
    one["sequences"].push_back(json_of(schema, *sequence));
  }
  for (const Relation* view : schema.snapshot.views) {
    one["views"].push_back(json_of(schema, *view));
  }
  return one.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace spiritsafe
