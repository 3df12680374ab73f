// SPDX-License-Identifier: Apache-2.0
// Columns, their types and the sequences behind them.
#include <algorithm>

#include "engine/schema/apply.h"
#include "engine/schema/default_names.h"
#include "engine/schema/postgres_type.h"

namespace spiritsafe {
namespace {

bool is_true(const Flag& flag) { return flag.is_known() && flag.value; }

bool contains(const ColumnNumbers& columns, uint32_t number) {
  return std::ranges::find(columns.items, number) != columns.items.end();
}

// sa.Enum(…, native_enum=False): a text as long as the longest value.
Text text_of_enum(Applying& in, const Column& column) {
  if (column.enum_values.open || column.enum_values.items.empty() ||
      column.type.value.find("length=") != std::string_view::npos) {
    return unknown<std::string_view>(column.type.span);
  }
  size_t longest = 0;
  for (const Text& value : column.enum_values.items) {
    size_t characters = 0;
    for (const char c : value.value) {
      characters += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    }
    longest = std::max(longest, characters);
  }
  const std::string name = "character varying(" + std::to_string(longest) + ")";
  return known(in.catalogue.arena.copy(std::string_view(name)), column.type.span);
}

const EnumType* make_enum(Applying& in, const Column& column) {
  EnumType* type = in.catalogue.arena.make<EnumType>();
  type->id = ++in.catalogue.last_id;
  type->name = column.type_name;
  type->values = column.enum_values;
  type->operation = &in.operation;
  put_enum(in, type);
  return type;
}

// Alembic creates the types of a table once in a run: a second table of the same migration finds it made.
bool is_made_along(const Applying& in, const EnumType& type) {
  return type.operation && type.operation->kind == OperationKind::create_table &&
         type.operation->migration == in.operation.migration && type.operation->direction == in.operation.direction;
}

}  // namespace

void set_type(Applying& in, TableColumn& made, const Table& table, const Column& column, bool makes_types) {
  made.type_family = column.type_family;
  made.enum_id = 0;
  made.own_type = {};
  const bool is_enum = column.type_family.is_known() && column.type_family.value == TypeFamily::enumeration;
  const bool is_sql = in.operation.written_as == WrittenAs::sql;
  if (is_sql && column.type.is_known()) {
    const Found<EnumType> type = find_enum(in.moment(), {}, column.type.value);
    if (type.item && type.certain()) {
      made.type = type.item->name;
      made.type_family = known(TypeFamily::enumeration, column.type.span);
      made.enum_id = type.item->id;
      in.catalogue.users[made.enum_id].push_back(table.id);
      return;
    }
  }
  if (!is_enum || is_sql) {
    made.type = postgres_type({column.type, column.type_family, column.length, column.precision, column.scale},
                              in.catalogue.arena);
    made.own_type = made.type.is_unknown() && column.type.is_known() ? column.type : Text{};
    return;
  }
  made.type = unknown<std::string_view>(column.type.span);
  const std::string_view text = column.type.value;
  if (!column.type.is_known() || text.find("schema=") != std::string_view::npos ||
      text.find("with_variant") != std::string_view::npos) {
    in.meeting.open = true;
    return;
  }
  if (text.find("native_enum=False") != std::string_view::npos) {
    made.type = text_of_enum(in, column);
    return;
  }
  if (!column.type_name.is_known()) {
    in.meeting.open = true;
    return;
  }
  const bool only_uses = text.starts_with("ENUM") && column.create_type.is_known() && !column.create_type.value;
  const Found<EnumType> type = find_enum(in.moment(), {}, column.type_name.value);
  const EnumType* used = type.item;
  if (makes_types && !only_uses) {
    if (type.item && type.certain() && !is_made_along(in, *type.item)) {
      in.meeting.present_types.emplace_back(column.type_name.value);
    } else if (!type.item || !type.certain()) {
      in.meeting.open = in.meeting.open || type.exists == Truth::unknown;
      used = make_enum(in, column);
    }
  } else if (type.exists == Truth::no) {
    in.meeting.missing_types.emplace_back(column.type_name.value);
  } else if (type.exists == Truth::unknown) {
    in.meeting.open = true;
  }
  made.type = column.type_name;
  if (used) {
    made.enum_id = used->id;
    in.catalogue.users[used->id].push_back(table.id);
  }
}

void add_sequence(Applying& in, const Table& table, TableColumn& column, bool has_default) {
  bool sure = true;
  const std::string_view schema = schema_of(table.schema);
  const auto is_taken = [&](std::string_view name) {
    const Truth taken = find_relation(in.moment(), schema, name).exists;
    sure = sure && taken != Truth::unknown;
    return taken == Truth::yes;
  };
  const std::string name = free_object_name(table.name.value, column.name.value, "seq", is_taken);
  column.sequence = sure ? known(in.catalogue.arena.copy(std::string_view(name))) : unknown<std::string_view>();
  if (has_default) {
    column.server_default = sure ? known(in.catalogue.arena.copy(std::string_view("nextval('" + name + "'::regclass)")))
                                 : unknown<std::string_view>();
  }
  if (sure) {
    Relation* relation = in.catalogue.arena.make<Relation>();
    *relation = {RelationKind::sequence, table.schema,    column.sequence, table.id,
                 column.number,          table.uncertain, &in.operation};
    put_relation(in, schema, column.sequence.value, relation);
  }
}

void remove_sequences(Applying& in, const Table& table, const TableColumn& column) {
  if (column.sequence.is_known()) {
    put_relation(in, schema_of(table.schema), column.sequence.value, nullptr);
  }
}

TableColumn* make_column(Applying& in, Table& table, const Column& column, bool makes_types) {
  TableColumn* made = in.catalogue.arena.make<TableColumn>();
  made->number = table.next_number++;
  made->name = column.name;
  made->nullable = column.nullable;
  made->server_default = column.server_default;
  made->identity = column.identity;
  made->identity_always = column.identity_always;
  made->computed = column.computed;
  made->computed_as = column.computed_as;
  if (in.operation.written_as == WrittenAs::sql && is_true(column.computed)) {
    made->computed_as = unknown<std::string_view>();
  } else if (in.operation.written_as == WrittenAs::sql && is_true(column.identity)) {
    const bool always = may_say(in.operation, "generated always as identity");
    made->identity_always = always && may_say(in.operation, "generated by default") ? unknown<bool>() : known(always);
  }
  made->comment = column.comment;
  made->operation = &in.operation;
  set_type(in, *made, table, column, makes_types);
  if (column.identity.is_known() && column.identity.value) {
    made->nullable = known(false);
    add_sequence(in, table, *made, false);
  }
  append(in, table.columns, static_cast<const TableColumn*>(made));
  return made;
}

void remove_column(Applying& in, Table& table, const TableColumn& column) {
  const auto doubt = [&] {
    table.uncertain = true;
    table.why = reason_of(in.operation);
  };
  const std::span<const TableIndex* const> indexes = table.indexes;
  for (const TableIndex* index : indexes) {
    if (contains(index->columns, column.number) || contains(index->condition_columns, column.number)) {
      remove_index(in, table, *index);
    } else if (contains(index->columns, 0) || index->condition_columns.state != State::known) {
      doubt();  // an expression that may name it
    }
  }
  const std::span<const TableConstraint* const> constraints = table.constraints;
  for (const TableConstraint* constraint : constraints) {
    if (contains(constraint->columns, column.number)) {
      remove_constraint(in, table, *constraint);
    } else if (constraint->columns.state != State::known || constraint->columns.open) {
      doubt();
    }
  }
  remove_sequences(in, table, column);
  remove(in, table.columns, &column);
}

}  // namespace spiritsafe
