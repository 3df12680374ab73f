// SPDX-License-Identifier: Apache-2.0
// Values of enum types, names of constraints and indexes, views and sequences.
#include <algorithm>

#include "engine/schema/apply.h"

namespace spiritsafe {
namespace {

// It may be anything that is named so.
void doubt(Applying& in) {
  in.meeting.open = true;
  doubt_everything(in.catalogue, in.line, reason_of(in.operation));
}

}  // namespace

void change_enum_value(Applying& in) {
  const Operation& operation = in.operation;
  if (!operation.target.is_known() || operation.schema.is_unknown()) {
    return doubt(in);
  }
  const Found<EnumType> type = find_enum(in.moment(), schema_of(operation.schema), operation.target.value);
  if (!type.item || operation.enum_values.items.empty()) {
    in.meeting.open = true;
    return;
  }
  EnumType* changed = in.catalogue.arena.make<EnumType>(*type.item);
  const Text& value = operation.enum_values.items.front();
  std::vector<Text> values(changed->values.items.begin(), changed->values.items.end());
  const auto is_value = [&](const Text& other) {
    return other.is_known() && value.is_known() && other.value == value.value;
  };
  const auto found = std::ranges::find_if(values, is_value);
  if (operation.kind == OperationKind::rename_enum_value) {
    if (found != values.end()) {
      *found = operation.new_name;
    }
  } else if (found == values.end()) {
    values.push_back(value);
  }
  changed->values.items = in.catalogue.arena.copy(values);
  put_enum(in, changed);
}

void rename_enum(Applying& in) {
  const Operation& operation = in.operation;
  if (!operation.target.is_known() || !operation.new_name.is_known() || operation.schema.is_unknown()) {
    return doubt(in);
  }
  const Found<EnumType> type = find_enum(in.moment(), schema_of(operation.schema), operation.target.value);
  if (!type.item) {
    in.meeting.open = true;  // a domain or a composite type, of which nothing is kept
    return;
  }
  EnumType* renamed = in.catalogue.arena.make<EnumType>(*type.item);
  renamed->name = operation.new_name;
  remove_enum(in, *type.item);
  put_enum(in, renamed);
  std::vector<uint32_t> users = in.catalogue.users[type.item->id];
  std::ranges::sort(users);
  users.erase(std::unique(users.begin(), users.end()), users.end());
  for (const uint32_t id : users) {
    const Found<Table> table = table_by_id(in.moment(), id);
    if (!table.item) {
      continue;
    }
    Table* changed = edit(in, table);
    for (const TableColumn* each : table.item->columns) {
      if (each->enum_id == type.item->id) {
        TableColumn* column = in.catalogue.arena.make<TableColumn>(*each);
        column->type = operation.new_name;
        replace(in, changed->columns, each, static_cast<const TableColumn*>(column));
      }
    }
    put(in, changed);
  }
}

void rename_constraint(Applying& in) {
  const Operation& operation = in.operation;
  if (!operation.table.is_known() || operation.schema.is_unknown()) {
    return doubt(in);
  }
  const Found<Table> table = find_table(in.moment(), schema_of(operation.schema), operation.table.value);
  in.meeting.table = table;
  if (!table.item) {
    in.meeting.open = true;
    return;
  }
  Table* changed = edit(in, table);
  const auto found = std::ranges::find_if(table.item->constraints, [&](const TableConstraint* each) {
    return each->name.is_known() && operation.target.is_known() && each->name.value == operation.target.value;
  });
  if (found == table.item->constraints.end() || !operation.new_name.is_known()) {
    in.meeting.open = true;
    changed->uncertain = true;
    changed->why = reason_of(operation);
  } else {
    TableConstraint* renamed = in.catalogue.arena.make<TableConstraint>(**found);
    renamed->name = operation.new_name;
    renamed->named = known(true);
    const std::string_view schema = schema_of(changed->schema);
    const bool has_index = (*found)->kind != ConstraintKind::foreign_key && (*found)->kind != ConstraintKind::check;
    const Found<Relation> index = find_relation(in.moment(), schema, operation.target.value);
    if (has_index && index.item) {
      Relation* relation = in.catalogue.arena.make<Relation>(*index.item);
      relation->name = operation.new_name;
      put_relation(in, schema, operation.target.value, nullptr);
      put_relation(in, schema, operation.new_name.value, relation);
    }
    use_name(in, changed->schema, (*found)->name, -1);
    use_name(in, changed->schema, renamed->name, 1);
    replace(in, changed->constraints, *found, static_cast<const TableConstraint*>(renamed));
  }
  put(in, changed);
}

void rename_index(Applying& in) {
  const Operation& operation = in.operation;
  if (!operation.target.is_known() || !operation.new_name.is_known() || operation.schema.is_unknown()) {
    return doubt(in);
  }
  const std::string_view schema = schema_of(operation.schema);
  const Found<Relation> index = find_relation(in.moment(), schema, operation.target.value);
  if (!index.item || index.item->kind != RelationKind::index) {
    return doubt(in);  // ALTER INDEX renames tables and views, too
  }
  const Found<Table> table = table_by_id(in.moment(), index.item->table);
  in.meeting.table = table;
  if (!table.item) {
    return doubt(in);
  }
  Table* changed = edit(in, table);
  for (const TableIndex* each : table.item->indexes) {
    if (each->name.is_known() && each->name.value == operation.target.value) {
      TableIndex* renamed = in.catalogue.arena.make<TableIndex>(*each);
      renamed->name = operation.new_name;
      replace(in, changed->indexes, each, static_cast<const TableIndex*>(renamed));
    }
  }
  for (const TableConstraint* each : table.item->constraints) {
    if (each->name.is_known() && each->name.value == operation.target.value) {
      TableConstraint* renamed = in.catalogue.arena.make<TableConstraint>(*each);
      renamed->name = operation.new_name;
      use_name(in, changed->schema, each->name, -1);
      use_name(in, changed->schema, renamed->name, 1);
      replace(in, changed->constraints, each, static_cast<const TableConstraint*>(renamed));
    }
  }
  Relation* relation = in.catalogue.arena.make<Relation>(*index.item);
  relation->name = operation.new_name;
  put_relation(in, schema, operation.target.value, nullptr);
  put_relation(in, schema, operation.new_name.value, relation);
  put(in, changed);
}

void change_relation(Applying& in) {
  const Operation& operation = in.operation;
  if (!operation.target.is_known() || operation.schema.is_unknown()) {
    return doubt(in);
  }
  const std::string_view schema = schema_of(operation.schema);
  const bool drops = operation.kind == OperationKind::drop_view || operation.kind == OperationKind::drop_sequence;
  const Found<Relation> there = find_relation(in.moment(), schema, operation.target.value);
  if (drops) {
    if (there.item && (there.item->kind == RelationKind::view || there.item->kind == RelationKind::sequence)) {
      put_relation(in, schema, operation.target.value, nullptr);
    }
    return;
  }
  if (there.certain()) {
    return;  // CREATE OR REPLACE, or it fails
  }
  Relation* relation = in.catalogue.arena.make<Relation>();
  relation->kind = operation.kind == OperationKind::create_view ? RelationKind::view : RelationKind::sequence;
  relation->schema = schema.empty() ? Text{} : operation.schema;
  relation->name = operation.target;
  relation->operation = &operation;
  put_relation(in, schema, operation.target.value, relation);
}

}  // namespace spiritsafe
