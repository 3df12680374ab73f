// SPDX-License-Identifier: Apache-2.0
// Each kind of operation.
#include "engine/schema/apply.h"

#include <algorithm>
#include <unordered_set>

namespace spiritsafe {
namespace {

using Made = const TableConstraint*;

std::string in_ticks(std::string_view what, std::string_view name) {
  return std::string(what).append(" `").append(name).append("`");
}

bool is_true(const Flag& flag) { return flag.is_known() && flag.value; }

// The table that the operation is about; nothing where it is not there or not to be known, which the meeting tells.
Found<Table> find_own_table(Applying& in) {
  const Operation& operation = in.operation;
  if (!operation.table.is_known() || operation.schema.is_unknown()) {
    in.meeting.open = true;
    doubt_everything(in.catalogue, in.line, reason_of(operation));
    return {nullptr, Truth::unknown};
  }
  const Found<Table> table = find_table(in.moment(), schema_of(operation.schema), operation.table.value);
  in.meeting.table = table;
  if (!table.item) {
    // One that no revision makes is made by something else, and may be made again.
    const bool others = doubt_since(in.moment(), 0) && !in.catalogue.made_somewhere.contains(
                                                           key_of(schema_of(operation.schema), operation.table.value));
    // ALTER TABLE takes views, indexes and sequences, too.
    const bool other_kind =
        operation.written_as == WrittenAs::sql &&
        find_relation(in.moment(), schema_of(operation.schema), operation.table.value).exists != Truth::no;
    in.meeting.open = table.exists == Truth::unknown || others || other_kind;
    if (table.exists == Truth::no && !others && !other_kind && !is_true(operation.if_exists)) {
      in.meeting.missing.push_back(in_ticks("table", shown(operation.schema, operation.table)));
    }
  } else if (!table.certain()) {
    in.meeting.open = true;
  }
  return table;
}

// ---- tables --------------------------------------------------------------------------------------------------------

NewConstraint new_constraint(const Constraint& constraint) {
  return {constraint.kind.value,      constraint.name,
          constraint.columns,         constraint.referent_table,
          constraint.referent_schema, constraint.referent_columns,
          constraint.ondelete,        constraint.onupdate,
          constraint.deferrable,      constraint.initially,
          constraint.condition};
}

bool same_texts(std::span<const Text> a, std::span<const Text> b) {
  return std::ranges::equal(
      a, b, [](const Text& x, const Text& y) { return x.is_known() && y.is_known() && x.value == y.value; });
}

// Those of a create_table(). A second key over the same columns is none of its own there, as it would be in an ALTER
// TABLE; where only the second one has a name, the first one gets it.
std::vector<NewConstraint> uniques_of(const Operation& operation, const std::vector<Text>& primary_key) {
  std::vector<NewConstraint> uniques;
  for (const Constraint& constraint : operation.constraints.items) {
    if (!constraint.kind.is_known() || constraint.kind.value != ConstraintKind::unique ||
        same_texts(constraint.columns.items, primary_key)) {
      continue;
    }
    const auto prior = std::ranges::find_if(
        uniques, [&](const NewConstraint& other) { return same_texts(other.columns.items, constraint.columns.items); });
    if (prior == uniques.end()) {
      uniques.push_back(new_constraint(constraint));
    } else if (prior->name.is_absent()) {
      prior->name = constraint.name;
    }
  }
  return uniques;
}

std::vector<Text> primary_key_of(const Operation& operation) {
  std::vector<Text> columns;
  for (const Column& column : operation.new_columns.items) {
    if (is_true(column.primary_key)) {
      columns.push_back(column.name);
    }
  }
  for (const Constraint& constraint : operation.constraints.items) {
    if (constraint.kind.is_known() && constraint.kind.value == ConstraintKind::primary_key) {
      for (const Text& column : constraint.columns.items) {
        const bool known_one = std::ranges::any_of(columns, [&](const Text& other) {
          return other.is_known() && column.is_known() && other.value == column.value;
        });
        if (!known_one) {
          columns.push_back(column);
        }
      }
    }
  }
  return columns;
}

bool has_foreign_key(const Operation& operation, const Column& column) {
  if (!column.foreign_key.is_absent()) {
    return true;
  }
  for (const Constraint& constraint : operation.constraints.items) {
    if (constraint.kind.is_known() && constraint.kind.value == ConstraintKind::foreign_key) {
      for (const Text& name : constraint.columns.items) {
        if (name.is_known() && column.name.is_known() && name.value == column.name.value) {
          return true;
        }
      }
    }
  }
  return false;
}

// SQLAlchemy's rule: does the column become SERIAL?
Truth is_serial(const Operation& operation, const Column& column, const std::vector<Text>& primary_key) {
  if (operation.written_as == WrittenAs::sql) {
    if (!column.type.is_known()) {
      return Truth::unknown;
    }
    std::string type(column.type.value);
    std::ranges::transform(type, type.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return truth(type == "serial" || type == "bigserial" || type == "smallserial" || type == "serial4" ||
                 type == "serial8" || type == "serial2");
  }
  const bool in_key = std::ranges::any_of(primary_key, [&](const Text& name) {
    return name.is_known() && column.name.is_known() && name.value == column.name.value;
  });
  if (!in_key || is_true(column.identity) || !column.python_default.is_absent()) {
    return Truth::no;
  }
  if (column.autoincrement.is_unknown() || column.type_family.is_unknown()) {
    return Truth::unknown;
  }
  if (column.autoincrement.is_known()) {
    return truth(column.autoincrement.value);
  }
  const TypeFamily family = column.type_family.value;
  const bool integer =
      family == TypeFamily::integer || family == TypeFamily::big_integer || family == TypeFamily::small_integer;
  if (primary_key.size() != 1 || !column.server_default.is_absent() || has_foreign_key(operation, column)) {
    return Truth::no;
  }
  return integer                                                        ? Truth::yes
         : family == TypeFamily::numeric || family == TypeFamily::other ? Truth::unknown
                                                                        : Truth::no;
}

void set_serial(Applying& in, const Table& table, const Column& column, TableColumn& made,
                const std::vector<Text>& primary_key) {
  const Truth serial = is_serial(in.operation, column, primary_key);
  if (serial == Truth::yes) {
    made.nullable = known(false);
    add_sequence(in, table, made, true);
  } else if (serial == Truth::unknown) {
    made.server_default = unknown<std::string_view>();
  }
}

// CREATE TABLE leaves out a foreign key with use_alter=True, and Alembic adds none afterwards.
bool left_out(Applying& in, Table& table, const Flag& use_alter) {
  if (use_alter.is_unknown()) {
    table.uncertain = true;
    table.why = reason_of(in.operation);
  }
  return is_true(use_alter);
}

void create_table(Applying& in) {
  const Operation& operation = in.operation;
  if (!operation.table.is_known() || operation.schema.is_unknown()) {
    in.meeting.open = true;
    doubt_everything(in.catalogue, in.line, reason_of(operation));
    return;
  }
  const std::string_view schema = schema_of(operation.schema);
  const Found<Relation> there = find_relation(in.moment(), schema, operation.table.value);
  in.meeting.table = find_table(in.moment(), schema, operation.table.value);
  if (there.certain()) {
    if (is_true(operation.if_not_exists)) {
      in.meeting.changes = known(false);
    } else {
      in.meeting.present.push_back(in_ticks("table", shown(operation.schema, operation.table)));
    }
    return;
  }
  in.meeting.open = there.exists == Truth::unknown;
  Table* table = in.catalogue.arena.make<Table>();
  table->id = ++in.catalogue.last_id;
  table->schema = schema.empty() ? Text{} : operation.schema;
  table->name = operation.table;
  table->comment = operation.comment;
  table->partitioned = operation.partitioned;
  table->operation = &operation;
  table->uncertain = is_true(operation.temporary) || operation.new_columns.open ||
                     operation.new_columns.state != State::known || operation.constraints.open ||
                     operation.constraints.state != State::known ||
                     (is_true(operation.if_not_exists) && there.exists == Truth::unknown);
  table->why = table->uncertain ? reason_of(operation) : Text{};
  Relation* relation = in.catalogue.arena.make<Relation>();
  *relation = {RelationKind::table, table->schema, table->name, table->id, 0, false, &operation};
  put_relation(in, schema, operation.table.value, relation);
  const std::vector<Text> primary_key = primary_key_of(operation);
  for (const Column& column : operation.new_columns.items) {
    TableColumn* made = make_column(in, *table, column, true);
    set_serial(in, *table, column, *made, primary_key);
  }
  put(in, table);
  // In the order in which PostgreSQL names them: checks, keys, foreign keys.
  const auto add_all = [&](auto wanted) {
    for (const Constraint& constraint : operation.constraints.items) {
      if (constraint.kind.is_known() && wanted(constraint.kind.value) && !left_out(in, *table, constraint.use_alter)) {
        add_constraint(in, *table, new_constraint(constraint));
      }
    }
  };
  for (const Column& column : operation.new_columns.items) {
    if (is_true(column.check)) {
      NewConstraint check;
      check.condition = check.name = unknown<std::string_view>();
      add_constraint(in, *table, check);
    }
  }
  add_all([](ConstraintKind kind) { return kind == ConstraintKind::check; });
  add_all([](ConstraintKind kind) { return kind == ConstraintKind::primary_key; });
  const bool key_given = std::ranges::any_of(
      table->constraints, [](Made constraint) { return constraint->kind == ConstraintKind::primary_key; });
  if (!key_given && !primary_key.empty()) {
    NewConstraint key;
    key.kind = ConstraintKind::primary_key;
    key.columns.items = primary_key;
    add_constraint(in, *table, key);
  }
  for (const NewConstraint& unique : uniques_of(operation, primary_key)) {
    add_constraint(in, *table, unique);
  }
  add_all([](ConstraintKind kind) { return kind == ConstraintKind::exclude; });
  add_all([](ConstraintKind kind) { return kind == ConstraintKind::foreign_key; });
  for (const Column& column : operation.new_columns.items) {
    if (column.foreign_key.is_absent() || operation.written_as == WrittenAs::sql ||
        left_out(in, *table, column.use_alter)) {
      continue;
    }
    NewConstraint key;
    key.kind = ConstraintKind::foreign_key;
    key.name = column.foreign_key_name;
    key.columns.items = {&column.name, 1};
    key.ondelete = column.ondelete;
    key.onupdate = column.onupdate;
    key.deferrable = column.deferrable;
    key.initially = column.initially;
    const std::string_view target = column.foreign_key.value;
    const size_t dot = target.rfind('.');
    const size_t inner =
        dot == std::string_view::npos || dot == 0 ? std::string_view::npos : target.rfind('.', dot - 1);
    key.referent_table = key.referent_schema = unknown<std::string_view>();
    Text referent;
    if (column.foreign_key.is_known() && dot != std::string_view::npos) {
      const size_t begin = inner == std::string_view::npos ? 0 : inner + 1;
      key.referent_table = known(target.substr(begin, dot - begin));
      key.referent_schema = begin == 0 ? Text{} : known(target.substr(0, inner));
      referent = known(target.substr(dot + 1));
      key.referent_columns.items = {&referent, 1};
    }
    add_constraint(in, *table, key);
  }
  put(in, table);
}

// All that goes with it.
void forget_table(Applying& in, const Table& table) {
  for (const auto& [other, constraint] : foreign_keys_to(in, table)) {
    if (other->id == table.id) {
      continue;
    }
    in.meeting.referrers.push_back("foreign key `" +
                                   std::string(constraint->name.is_known() ? constraint->name.value : "?") + "` of `" +
                                   shown(other->schema, other->name) + "`");
    Table* changed = edit(in, table_by_id(in.moment(), other->id));
    remove_constraint(in, *changed, *constraint);
    put(in, changed);
  }
  Table* copy = in.catalogue.arena.make<Table>(table);
  for (const TableColumn* column : table.columns) {
    remove_sequences(in, *copy, *column);
  }
  for (const TableIndex* index : table.indexes) {
    remove_index(in, *copy, *index);
  }
  for (const TableConstraint* constraint : table.constraints) {
    remove_constraint(in, *copy, *constraint);
  }
  put_relation(in, schema_of(table.schema), table.name.value, nullptr);
  in.line.tables[table.id].push_back({in.line.now, nullptr});
}

void drop_table(Applying& in) {
  const Found<Table> table = find_own_table(in);
  if (table.item) {
    forget_table(in, *table.item);
  } else if (in.operation.table.is_known() && table.exists == Truth::unknown && !in.operation.schema.is_unknown()) {
    put_relation(in, schema_of(in.operation.schema), in.operation.table.value, nullptr);
  } else if (table.exists == Truth::no && is_true(in.operation.if_exists)) {
    in.meeting.changes = known(false);
  }
}

void rename_table(Applying& in) {
  const Found<Table> table = find_own_table(in);
  const Text& name = in.operation.new_name;
  if (!table.item) {
    return;
  }
  const std::string_view schema = schema_of(table.item->schema);
  if (name.is_known() && find_relation(in.moment(), schema, name.value).certain()) {
    in.meeting.present.push_back(in_ticks("table", shown(in.operation.schema, name)));
  }
  put_relation(in, schema, table.item->name.value, nullptr);
  if (!name.is_known()) {
    doubt_everything(in.catalogue, in.line, reason_of(in.operation));
    return;
  }
  Table* changed = edit(in, table);
  changed->name = name;
  Relation* relation = in.catalogue.arena.make<Relation>();
  *relation = {RelationKind::table, changed->schema, name, changed->id, 0, false, changed->operation};
  put_relation(in, schema, name.value, relation);
  put(in, changed);
}

void comment_table(Applying& in) {
  const Found<Table> table = find_own_table(in);
  if (table.item) {
    Table* changed = edit(in, table);
    changed->comment = in.operation.kind == OperationKind::create_table_comment ? in.operation.comment : Text{};
    put(in, changed);
  }
}

// ---- columns -------------------------------------------------------------------------------------------------------

void add_column(Applying& in) {
  const Found<Table> table = find_own_table(in);
  if (!table.item) {
    return;
  }
  Table* changed = edit(in, table);
  if (in.operation.new_columns.items.empty() || !in.operation.target.is_known()) {
    changed->uncertain = true;
    changed->why = reason_of(in.operation);
  }
  for (const Column& column : in.operation.new_columns.items) {
    const TableColumn* there = column.name.is_known() ? find_column(*changed, column.name.value) : nullptr;
    if (there) {
      const bool allowed = is_true(in.operation.if_not_exists);
      if (table.certain() && !allowed) {
        in.meeting.present.push_back(
            in_ticks("column", shown(changed->schema, changed->name) + "." + std::string(column.name.value)));
      }
      in.meeting.changes = allowed && table.certain() ? known(false) : Flag{};
      continue;
    }
    TableColumn* made = make_column(in, *changed, column, in.operation.written_as == WrittenAs::sql);
    set_serial(in, *changed, column, *made,
               is_true(column.primary_key) ? std::vector{column.name} : std::vector<Text>{});
    if (is_true(column.check)) {
      NewConstraint check;
      check.condition = check.name = unknown<std::string_view>();
      add_constraint(in, *changed, check);
    }
    if (in.operation.written_as == WrittenAs::sql && is_true(column.primary_key)) {
      NewConstraint key;
      key.kind = ConstraintKind::primary_key;
      key.columns.items = {&column.name, 1};
      add_constraint(in, *changed, key);
    }
  }
  put(in, changed);
}

// The column that the operation is about, of a table that may be there.
const TableColumn* find_own_column(Applying& in, const Found<Table>& table) {
  if (!in.operation.target.is_known()) {
    in.meeting.open = true;
    return nullptr;
  }
  const TableColumn* column = find_column(*table.item, in.operation.target.value);
  if (column) {
    in.meeting.column = {column, table.exists};
  } else if (table.certain()) {
    in.meeting.column = {nullptr, Truth::no};
    if (!is_true(in.operation.if_exists)) {
      in.meeting.missing.push_back(in_ticks(
          "column", shown(table.item->schema, table.item->name) + "." + std::string(in.operation.target.value)));
    } else {
      in.meeting.changes = known(false);
    }
  } else {
    in.meeting.column = {nullptr, Truth::unknown};
    in.meeting.open = true;
  }
  return column;
}

void drop_column(Applying& in) {
  const Found<Table> table = find_own_table(in);
  if (!table.item) {
    return;
  }
  Table* changed = edit(in, table);
  const TableColumn* column = find_own_column(in, table);
  if (column) {
    for (const auto& [other, constraint] : foreign_keys_to(in, *table.item)) {
      if (std::ranges::find(constraint->referent_columns.items, column->number) ==
          constraint->referent_columns.items.end()) {
        continue;
      }
      const bool own = other->id == table.item->id;
      // One that leads from the column itself goes with it.
      if (own && std::ranges::find(constraint->columns.items, column->number) != constraint->columns.items.end()) {
        remove_constraint(in, *changed, *constraint);
        continue;
      }
      in.meeting.referrers.push_back("foreign key `" +
                                     std::string(constraint->name.is_known() ? constraint->name.value : "?") +
                                     "` of `" + shown(other->schema, other->name) + "`");
      if (own) {
        remove_constraint(in, *changed, *constraint);
        continue;
      }
      Table* apart = edit(in, table_by_id(in.moment(), other->id));
      remove_constraint(in, *apart, *constraint);
      put(in, apart);
    }
    remove_column(in, *changed, *column);
  } else if (in.operation.target.is_unknown()) {
    changed->uncertain = true;
    changed->why = reason_of(in.operation);
  }
  put(in, changed);
}

bool same(const Text& a, const Text& b) { return a.is_known() && b.is_known() && a.value == b.value; }

void alter_column(Applying& in) {
  const Found<Table> table = find_own_table(in);
  if (!table.item) {
    return;
  }
  const Operation& operation = in.operation;
  Table* changed = edit(in, table);
  const TableColumn* column = find_own_column(in, table);
  if (!column) {
    if (operation.target.is_unknown()) {
      changed->uncertain = true;
      changed->why = reason_of(operation);
      put(in, changed);
    }
    return;
  }
  TableColumn* after = in.catalogue.arena.make<TableColumn>(*column);
  bool differs = !table.certain();
  if (!operation.nullable.is_absent()) {
    differs = differs || !operation.nullable.is_known() || !column->nullable.is_known() ||
              operation.nullable.value != column->nullable.value;
    after->nullable = operation.nullable;
  }
  if (!operation.type.is_absent()) {
    Column type;
    type.type = operation.type;
    type.type_family = operation.type_family;
    type.type_name = operation.type_name;
    type.length = operation.length;
    type.precision = operation.precision;
    type.scale = operation.scale;
    set_type(in, *after, *changed, type, false);
    differs = differs || !same(after->type, column->type) || !operation.using_expression.is_absent();
  }
  if (operation.drops_server_default.is_unknown()) {
    after->server_default = unknown<std::string_view>();
    after->identity = unknown<bool>();
    differs = true;
  } else if (is_true(operation.drops_server_default)) {
    differs = differs || !column->server_default.is_absent();
    after->server_default = {};
    after->identity = is_true(column->identity) ? unknown<bool>() : column->identity;  // Alembic may drop that
  } else if (!operation.server_default.is_absent()) {
    differs = differs || !same(operation.server_default, column->server_default);
    after->server_default = operation.server_default;
    if (operation.server_default.is_unknown()) {
      after->identity = unknown<bool>();  // Identity(…) is written in its place
    }
  }
  if (is_true(operation.drops_comment)) {
    differs = differs || !column->comment.is_absent();
    after->comment = {};
  } else if (!operation.comment.is_absent()) {
    differs = differs || !same(operation.comment, column->comment);
    after->comment = operation.comment;
  }
  if (!operation.new_name.is_absent()) {
    differs = differs || !same(operation.new_name, column->name);
    if (operation.new_name.is_known() && find_column(*changed, operation.new_name.value)) {
      in.meeting.present.push_back(
          in_ticks("column", shown(changed->schema, changed->name) + "." + std::string(operation.new_name.value)));
    }
    after->name = operation.new_name;
    if (operation.new_name.is_unknown()) {
      changed->uncertain = true;
      changed->why = reason_of(operation);
    }
  }
  if (!differs) {
    in.meeting.changes = known(false);
  }
  replace(in, changed->columns, column, static_cast<const TableColumn*>(after));
  put(in, changed);
}

// ---- constraints and indexes ---------------------------------------------------------------------------------------

void create_index(Applying& in) {
  const Found<Table> table = find_own_table(in);
  if (table.item) {
    Table* changed = edit(in, table);
    add_index(in, *changed);
    put(in, changed);
  }
}

void create_constraint(Applying& in) {
  const Operation& operation = in.operation;
  const Found<Table> table = find_own_table(in);
  if (!table.item || !operation.constraint_kind.is_known()) {
    return;
  }
  Table* changed = edit(in, table);
  // What unique=True in a create_table() brings is part of that statement.
  if (operation.implicit && operation.constraint_kind.value == ConstraintKind::unique &&
      is_key_over(*changed, numbers_of(in, *changed, operation.columns))) {
    return;
  }
  add_constraint(in, *changed,
                 {operation.constraint_kind.value, operation.target, operation.columns, operation.referent_table,
                  operation.referent_schema, operation.referent_columns, operation.ondelete, operation.onupdate,
                  operation.deferrable, operation.initially, operation.condition});
  put(in, changed);
}

void drop_index(Applying& in) {
  const Operation& operation = in.operation;
  const Text target = written_name(in, operation.target);
  if (!target.is_known() || operation.schema.is_unknown()) {
    in.meeting.open = true;
    doubt_everything(in.catalogue, in.line, reason_of(operation));
    return;
  }
  const std::string_view schema = schema_of(operation.schema);
  const Found<Relation> index = find_relation(in.moment(), schema, target.value);
  if (!index.item || index.item->kind != RelationKind::index) {
    // An index whose own name is not known may be it.
    bool maybe = index.exists == Truth::unknown;
    if (operation.table.is_known()) {
      const Found<Table> table = find_table(in.moment(), schema, operation.table.value);
      in.meeting.table = table;
      maybe = maybe || table.exists == Truth::unknown ||
              (table.item && std::ranges::any_of(table.item->indexes,
                                                 [](const TableIndex* other) { return !other->name.is_known(); }));
      if (table.item && maybe) {
        Table* changed = edit(in, table);
        changed->uncertain = true;
        changed->why = reason_of(operation);
        put(in, changed);
      }
    }
    in.meeting.open = in.meeting.open || maybe;
    if (!maybe && !is_true(operation.if_exists)) {
      in.meeting.missing.push_back(in_ticks("index", shown(operation.schema, target)));
    } else if (!maybe) {
      in.meeting.changes = known(false);
    }
    return;
  }
  const Found<Table> table = table_by_id(in.moment(), index.item->table);
  in.meeting.table = table;
  in.meeting.open = in.meeting.open || !index.certain();
  if (!table.item) {
    return;
  }
  Table* changed = edit(in, table);
  for (const TableIndex* each : table.item->indexes) {
    if (same(each->name, target)) {
      remove_index(in, *changed, *each);
    }
  }
  for (const TableConstraint* each : table.item->constraints) {
    if (same(each->name, target) && table.certain()) {
      in.meeting.referrers.push_back(in_ticks("constraint", each->name.value));
    }
  }
  put(in, changed);
}

// The only constraint that was meant, by its kind: one that has its name from PostgreSQL or from the same migration.
Text name_of_only(const Table& table, const Operation& operation) {
  Text name;
  for (Made each : table.constraints) {
    const bool kind_fits = !operation.constraint_kind.is_known() || operation.constraint_kind.value == each->kind;
    const bool likely = !is_true(each->named) || (each->operation && each->operation->migration == operation.migration);
    if (kind_fits && likely && each->name.is_known()) {
      if (!name.is_absent()) {
        return {};
      }
      name = each->name;
    }
  }
  return name;
}

void drop_constraint(Applying& in) {
  const Operation& operation = in.operation;
  const Found<Table> table = find_own_table(in);
  if (!table.item) {
    return;
  }
  const Text target = written_name(in, operation.target);
  Table* changed = edit(in, table);
  if (!target.is_known()) {
    changed->uncertain = true;
    changed->why = reason_of(operation);
    in.meeting.open = true;
    put(in, changed);
    return;
  }
  Made found = nullptr;
  bool maybe = !table.certain();
  for (Made each : table.item->constraints) {
    found = same(each->name, target) ? each : found;
    maybe = maybe || !each->name.is_known();
  }
  if (!found) {
    if (maybe) {
      in.meeting.open = true;
      changed->uncertain = true;
      changed->why = reason_of(operation);
      put(in, changed);
    } else if (!is_true(operation.if_exists)) {
      in.meeting.actual_name = name_of_only(*table.item, operation);
      in.meeting.missing.push_back(in_ticks("constraint", target.value) + " of `" +
                                   shown(changed->schema, changed->name) + "`");
    } else {
      in.meeting.changes = known(false);
    }
    return;
  }
  const bool is_key = found->kind == ConstraintKind::primary_key || found->kind == ConstraintKind::unique;
  if (is_key && table.certain()) {
    const auto same_columns = [&](const ColumnNumbers& columns) {
      return std::ranges::is_permutation(columns.items, found->columns.items);
    };
    const bool another = std::ranges::any_of(table.item->constraints,
                                             [&](Made each) {
                                               return each != found &&
                                                      (each->kind == ConstraintKind::primary_key ||
                                                       each->kind == ConstraintKind::unique) &&
                                                      same_columns(each->columns);
                                             }) ||
                         std::ranges::any_of(table.item->indexes, [&](const TableIndex* index) {
                           return !(index->unique.is_known() && !index->unique.value) && same_columns(index->columns);
                         });
    for (const auto& [other, key] : foreign_keys_to(in, *table.item)) {
      if (same_columns(key->referent_columns)) {
        // Which of two alike PostgreSQL has chosen for it is not to be seen.
        in.meeting.open = in.meeting.open || another;
        if (!another) {
          in.meeting.referrers.push_back("foreign key `" + std::string(key->name.is_known() ? key->name.value : "?") +
                                         "` of `" + shown(other->schema, other->name) + "`");
        }
      }
    }
  }
  remove_constraint(in, *changed, *found);
  put(in, changed);
}

// ---- types ---------------------------------------------------------------------------------------------------------

void create_enum(Applying& in) {
  const Operation& operation = in.operation;
  if (!operation.target.is_known() || operation.schema.is_unknown()) {
    doubt_everything(in.catalogue, in.line, reason_of(operation));
    in.meeting.open = true;
    return;
  }
  const Found<EnumType> there = find_enum(in.moment(), schema_of(operation.schema), operation.target.value);
  if (there.certain()) {
    const bool checks = is_true(operation.if_not_exists) ||
                        (operation.if_not_exists.is_absent() && operation.written_as == WrittenAs::alembic);
    if (!checks) {
      in.meeting.present_types.emplace_back(operation.target.value);
    }
    in.meeting.open = in.meeting.open || operation.if_not_exists.is_unknown();
    in.meeting.changes = checks ? known(false) : Flag{};
    return;
  }
  in.meeting.open = in.meeting.open || there.exists == Truth::unknown;
  EnumType* type = in.catalogue.arena.make<EnumType>();
  type->id = ++in.catalogue.last_id;
  type->schema = schema_of(operation.schema).empty() ? Text{} : operation.schema;
  type->name = operation.target;
  type->values = operation.enum_values;
  type->uncertain = there.exists == Truth::unknown;
  type->why = type->uncertain ? reason_of(operation) : Text{};
  type->operation = &operation;
  put_enum(in, type);
}

void drop_enum(Applying& in) {
  const Operation& operation = in.operation;
  if (!operation.target.is_known() || operation.schema.is_unknown()) {
    doubt_everything(in.catalogue, in.line, reason_of(operation));
    in.meeting.open = true;
    return;
  }
  const Found<EnumType> there = find_enum(in.moment(), schema_of(operation.schema), operation.target.value);
  if (!there.item) {
    in.meeting.open = in.meeting.open || there.exists == Truth::unknown;
    const bool checks =
        is_true(operation.if_exists) || (operation.if_exists.is_absent() && operation.written_as == WrittenAs::alembic);
    if (there.exists == Truth::no && !checks) {
      in.meeting.missing_types.emplace_back(operation.target.value);
    }
    return;
  }
  std::vector<uint32_t> users = in.catalogue.users[there.item->id];
  std::ranges::sort(users);
  users.erase(std::unique(users.begin(), users.end()), users.end());
  for (const uint32_t id : users) {
    const Found<Table> table = table_by_id(in.moment(), id);
    for (size_t i = 0; table.item && i < table.item->columns.size(); ++i) {
      const TableColumn& column = *table.item->columns[i];
      if (column.enum_id == there.item->id && table.certain()) {
        in.meeting.referrers.push_back(
            in_ticks("column", shown(table.item->schema, table.item->name) + "." + std::string(column.name.value)));
      } else if (column.enum_id == there.item->id) {
        in.meeting.open = true;
      }
    }
  }
  remove_enum(in, *there.item);
}

// ---- SQL and what cannot be read -----------------------------------------------------------------------------------

void doubt_table(Applying& in, std::string_view schema, std::string_view name) {
  const Found<Table> table = find_table(in.moment(), schema, name);
  if (table.item) {
    Table* changed = edit(in, table);
    changed->uncertain = true;
    changed->why = reason_of(in.operation);
    put(in, changed);
  }
}

// What matters of a statement that changes rows.
void note_rows(Applying& in, const Statement& statement) {
  const bool inserts = statement.kind.is_known() && statement.kind.value == "insert";
  const bool updates = statement.kind.is_known() && statement.kind.value == "update";
  const bool named = statement.table.is_known() && !statement.schema.is_unknown();
  const Found<Table> table = (inserts || updates) && named
                                 ? find_table(in.moment(), schema_of(statement.schema), statement.table.value)
                                 : Found<Table>{};
  const bool news =
      table.item && (inserts ? !table.item->filled : table.item->updated_below != table.item->next_number);
  if (news) {
    Table* changed = edit(in, table);
    changed->filled = changed->filled || inserts;
    changed->updated_below = updates ? changed->next_number : changed->updated_below;
    put(in, changed);
  }
}

// What a statement may do to the schema that no operation of its own tells.
void apply_statement(Applying& in, const Statement& statement) {
  static const std::unordered_set<std::string_view> harmless = {
      "create_extension", "create_function", "create_procedure", "create_trigger", "drop_trigger", "drop_function",
      "drop_procedure",   "grant",           "revoke",           "create_policy",  "drop_policy",  "create_statistics"};
  if (!statement.statement_class.is_known()) {
    doubt_everything(in.catalogue, in.line, reason_of(in.operation));
    return;
  }
  switch (statement.statement_class.value) {
    case StatementClass::dml:
      note_rows(in, statement);
      return;
    case StatementClass::query:
    case StatementClass::transaction:
    case StatementClass::maintenance:
      return;
    case StatementClass::session_setting:
      if (!statement.setting.is_absent() &&
          !(statement.setting.is_known() && statement.setting.value != "search_path")) {
        doubt_everything(in.catalogue, in.line, reason_of(in.operation));
      }
      return;
    default:
      break;
  }
  if (statement.kind.is_known() && harmless.contains(statement.kind.value)) {
    return;
  }
  const bool ddl = statement.statement_class.value == StatementClass::ddl;
  const bool is_view = statement.kind.is_known() &&
                       (statement.kind.value == "create_view" || statement.kind.value == "create_materialized_view");
  if (is_view && statement.table.is_known()) {
    Relation* view = in.catalogue.arena.make<Relation>();
    view->kind = RelationKind::view;
    view->schema = statement.schema;
    view->name = statement.table;
    view->operation = &in.operation;
    put_relation(in, schema_of(statement.schema), statement.table.value, view);
    return;
  }
  const bool of_tables = ddl && statement.kind.is_known() && statement.kind.value == "alter_table" &&
                         statement.tables.state == State::known && !statement.tables.open &&
                         !statement.tables.items.empty();
  if (!of_tables) {
    doubt_everything(in.catalogue, in.line, reason_of(in.operation));
    return;
  }
  for (const Text& table : statement.tables.items) {
    if (table.is_known()) {
      doubt_table(in, schema_of(statement.schema), table.value);
    } else {
      doubt_everything(in.catalogue, in.line, reason_of(in.operation));
    }
  }
}

// Those of an execute from `begin` to `end` that no operations of their own tell.
void apply_statements(Applying& in, std::span<const Statement> statements, size_t begin, size_t end) {
  for (size_t i = begin; i < end; ++i) {
    if (!statements[i].is_told) {
      apply_statement(in, statements[i]);
    }
  }
}

// The operation beside it, where that was read in the same execute; nullptr: there is none.
const Operation* of_same_execute(const Operation& operation, int by) {
  const Operation* execute = operation.statement ? operation.statement->operation : &operation;
  const auto& list =
      operation.direction == Direction::upgrade ? operation.migration->upgrade : operation.migration->downgrade;
  const size_t at = operation.position + static_cast<size_t>(static_cast<ptrdiff_t>(by));
  const Operation* other = at < list.items.size() ? &list.items[at] : nullptr;
  return other && other->statement && other->statement->operation == execute ? other : nullptr;
}

bool is_written_in_full(const Operation& execute) { return execute.sql.state == State::known && !execute.sql.open; }

// The statements before an operation that was read in SQL, since the operation before it.
void apply_statements_before(Applying& in) {
  const Operation& execute = *in.operation.statement->operation;
  const Operation* before = of_same_execute(in.operation, -1);
  const Statement* first = execute.sql.items.data();
  const size_t begin = before ? static_cast<size_t>(before->statement - first) + 1 : 0;
  apply_statements(in, execute.sql.items, begin, static_cast<size_t>(in.operation.statement - first));
}

// … and, behind the last one of its statement, the statement itself and those that have no operations any more.
void apply_statements_behind(Applying& in) {
  const Operation& execute = *in.operation.statement->operation;
  const Operation* behind = of_same_execute(in.operation, 1);
  const auto at = static_cast<size_t>(in.operation.statement - execute.sql.items.data());
  if (!behind || behind->statement != in.operation.statement) {
    apply_statements(in, execute.sql.items, at, behind ? at + 1 : execute.sql.items.size());
  }
}

void execute(Applying& in) {
  const Operation& operation = in.operation;
  const auto is_data = [](const Statement& statement) {
    return statement.statement_class.is_known() && (statement.statement_class.value == StatementClass::dml ||
                                                    statement.statement_class.value == StatementClass::query);
  };
  if (!is_written_in_full(operation)) {
    const bool data = !operation.sql.items.empty() && std::ranges::all_of(operation.sql.items, is_data);
    if (!data) {
      doubt_everything(in.catalogue, in.line, reason_of(operation));
    }
    for (size_t i = 0; data && i < operation.sql.items.size(); ++i) {
      note_rows(in, operation.sql.items[i]);
    }
    return;
  }
  // Else each comes in its turn among the operations, which follow.
  if (!operation.migration || !of_same_execute(operation, 1)) {
    apply_statements(in, operation.sql.items, 0, operation.sql.items.size());
  }
}

// One that may run or not.
void apply_maybe(Applying& in) {
  const Operation& operation = in.operation;
  const Text why = reason_of(operation);
  in.meeting.open = true;
  const std::string_view schema = schema_of(operation.schema);
  switch (operation.kind) {
    case OperationKind::create_table: {
      if (!operation.table.is_known() || operation.schema.is_unknown()) {
        doubt_everything(in.catalogue, in.line, why);
        return;
      }
      in.meeting.table = find_table(in.moment(), schema, operation.table.value);
      if (in.meeting.table.exists == Truth::yes) {
        return;  // it was there before, and so it stays, whatever is decided
      }
      create_table(in);
      const Found<Table> made = find_table(in.moment(), schema, operation.table.value);
      if (made.item) {
        Table* changed = edit(in, made);
        changed->uncertain = true;
        changed->why = why;
        put(in, changed);
      }
      break;
    }
    case OperationKind::execute:
    case OperationKind::bulk_insert: {
      const bool data = operation.kind == OperationKind::bulk_insert;
      if (!data) {
        execute(in);  // its own doubts are as great as those of the condition
      }
      break;
    }
    case OperationKind::create_enum:
    case OperationKind::drop_enum: {
      if (!operation.target.is_known()) {
        doubt_everything(in.catalogue, in.line, why);
        return;
      }
      const Found<EnumType> there = find_enum(in.moment(), schema, operation.target.value);
      EnumType* type = in.catalogue.arena.make<EnumType>(there.item ? *there.item : EnumType{});
      type->id = there.item ? type->id : ++in.catalogue.last_id;
      type->name = operation.target;
      type->uncertain = true;
      type->why = why;
      put_enum(in, type);
      break;
    }
    case OperationKind::drop_index:
      if (operation.target.is_known() && operation.table.is_absent()) {
        const Found<Relation> index = find_relation(in.moment(), schema, operation.target.value);
        const Found<Table> table = index.item ? table_by_id(in.moment(), index.item->table) : Found<Table>{};
        if (table.item) {
          doubt_table(in, schema_of(table.item->schema), table.item->name.value);
        }
        return;
      }
      [[fallthrough]];
    default:
      if (!operation.table.is_known() || operation.schema.is_unknown() ||
          operation.kind == OperationKind::rename_table) {
        doubt_everything(in.catalogue, in.line, why);
        return;
      }
      in.meeting.table = find_table(in.moment(), schema, operation.table.value);
      doubt_table(in, schema, operation.table.value);
  }
}

// On PostgreSQL it does not run at all.
bool runs_elsewhere(const Operation& operation) {
  return operation.dialects.state == State::known && !operation.dialects.open &&
         std::ranges::none_of(operation.dialects.items,
                              [](const Text& name) { return !name.is_known() || name.value == "postgresql"; });
}

}  // namespace

Text reason_of(const Operation& operation) {
  return known(operation.text.is_known() ? operation.text.value : operation.call.value, operation.span);
}

void doubt_everything(Catalogue& catalogue, Timeline& line, const Text& why) {
  line.doubts.push_back({line.now, catalogue.arena.make<Text>(why)});
}

void doubt_what_follows(Catalogue& catalogue, Timeline& line, const List<Operation>& operations, uint32_t begin) {
  const bool told = !line.doubts.empty() && line.doubts.back().time > begin;
  if (!told && (operations.open || operations.state == State::unknown)) {
    ++line.now;
    doubt_everything(catalogue, line, known(std::string_view("a step that could not be read")));
  }
}

namespace {

void apply_one(Applying& in) {
  Catalogue& catalogue = in.catalogue;
  Timeline& line = in.line;
  Meeting& meeting = in.meeting;
  const Operation& operation = in.operation;
  if (runs_elsewhere(operation)) {
    meeting.open = true;
    return;
  }
  if (catalogue.budget <= 0) {
    meeting.open = true;
    doubt_everything(catalogue, line, known(std::string_view("the history is too large to follow"), operation.span));
    return;
  }
  if (operation.conditional) {
    apply_maybe(in);
    const Found<Table> table = meeting.table;
    meeting = {};  // whoever wrote the condition may have asked for all that
    meeting.table = table;
    meeting.open = true;
    return;
  }
  switch (operation.kind) {
    case OperationKind::create_table:
      return create_table(in);
    case OperationKind::drop_table:
      return drop_table(in);
    case OperationKind::rename_table:
      return rename_table(in);
    case OperationKind::add_column:
      return add_column(in);
    case OperationKind::drop_column:
      return drop_column(in);
    case OperationKind::alter_column:
      return alter_column(in);
    case OperationKind::create_index:
      return create_index(in);
    case OperationKind::drop_index:
      return drop_index(in);
    case OperationKind::create_unique_constraint:
    case OperationKind::create_primary_key:
    case OperationKind::create_foreign_key:
    case OperationKind::create_check_constraint:
    case OperationKind::create_exclude_constraint:
      return create_constraint(in);
    case OperationKind::drop_constraint:
      return drop_constraint(in);
    case OperationKind::create_table_comment:
    case OperationKind::drop_table_comment:
      return comment_table(in);
    case OperationKind::create_enum:
      return create_enum(in);
    case OperationKind::drop_enum:
      return drop_enum(in);
    case OperationKind::add_enum_value:
    case OperationKind::rename_enum_value:
      return change_enum_value(in);
    case OperationKind::rename_constraint:
      return rename_constraint(in);
    case OperationKind::rename_enum:
      return rename_enum(in);
    case OperationKind::rename_index:
      return rename_index(in);
    case OperationKind::create_sequence:
    case OperationKind::drop_sequence:
    case OperationKind::create_view:
    case OperationKind::drop_view:
      return change_relation(in);
    case OperationKind::validate_constraint:
    case OperationKind::create_schema:
    case OperationKind::drop_schema:
      return;
    case OperationKind::execute:
      return execute(in);
    case OperationKind::bulk_insert: {
      const bool named = operation.table.is_known() && !operation.schema.is_unknown();
      const Found<Table> table = named ? find_own_table(in) : Found<Table>{};
      if (table.item && !table.item->filled) {
        Table* changed = edit(in, table);
        changed->filled = true;
        put(in, changed);
      }
      return;
    }
    case OperationKind::plugin:
    case OperationKind::unrecognised:
      meeting.open = true;
      if (operation.table.is_known() && !operation.schema.is_unknown()) {
        doubt_table(in, schema_of(operation.schema), operation.table.value);
      } else {
        doubt_everything(catalogue, line, reason_of(operation));
      }
      return;
  }
}

}  // namespace

void apply(Catalogue& catalogue, Timeline& line, const Operation& operation, Meeting& meeting) {
  ++line.now;
  Applying in{catalogue, line, operation, meeting};
  const bool in_turn =
      operation.statement && operation.migration && is_written_in_full(*operation.statement->operation);
  if (in_turn) {
    apply_statements_before(in);
  }
  apply_one(in);
  if (operation.cascade.is_known() && operation.cascade.value) {
    meeting.referrers.clear();  // they go along
  }
  if (in_turn) {
    apply_statements_behind(in);
  }
}

}  // namespace spiritsafe
