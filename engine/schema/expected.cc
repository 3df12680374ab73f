// SPDX-License-Identifier: Apache-2.0
#include "engine/schema/expected.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "engine/schema/default_names.h"
#include "engine/schema/naming.h"

namespace spiritsafe {
namespace {

bool is_true(const Flag& flag) { return flag.is_known() && flag.value; }

struct Building {
  const ModelsFacts& models;
  Arena& arena;
  ExpectedTypes types;
  std::vector<Table*> tables = {};
  std::set<std::string, std::less<>> names = {};  // of relations and constraints, by key_of
  std::vector<Relation*> sequences = {};

  // A name that PostgreSQL finds; unknown where the first choice is taken.
  Text default_name(const Table& table, const std::vector<std::string_view>& columns, std::string_view label) {
    if (!table.name.is_known()) {
      return unknown<std::string_view>();
    }
    const std::string name = object_name(table.name.value, joined_columns(columns), label);
    if (names.contains(key_of(schema_of(table.schema), name))) {
      return unknown<std::string_view>();
    }
    return known(arena.copy(std::string_view(name)));
  }

  void take(const Table& table, const Text& name) {
    if (name.is_known()) {
      names.insert(key_of(schema_of(table.schema), name.value));
    }
  }
};

void doubt(Table& table, const Text& why) {
  table.why = table.uncertain ? table.why : why;
  table.uncertain = true;
}

ColumnNumbers numbers_of(Building& in, const Table& table, const Texts& columns) {
  std::vector<uint32_t> numbers;
  bool whole = columns.state == State::known && !columns.open;
  for (const Text& name : columns.items) {
    const TableColumn* column = name.is_known() ? find_column(table, name.value) : nullptr;
    // An attribute whose column has another name.
    for (const TableColumn* each : table.columns) {
      const bool is_it = !column && name.is_known() && each->field && each->field->name.value == name.value;
      column = is_it ? each : column;
    }
    whole = whole && (column || !name.is_known());
    numbers.push_back(column ? column->number : 0);
  }
  return {in.arena.copy(numbers), whole ? State::known : State::unknown, !whole};
}

// Their names; false where one is not known.
bool names_of(const Table& table, const ColumnNumbers& columns, std::vector<std::string_view>& names) {
  bool sure = columns.state == State::known && !columns.open;
  for (const uint32_t number : columns.items) {
    const TableColumn* column = number ? find_column(table, number) : nullptr;
    sure = sure && column && column->name.is_known();
    names.push_back(sure ? column->name.value : std::string_view{});
  }
  return sure;
}

std::string_view key_of_kind(ConstraintKind kind) {
  static constexpr std::string_view keys[] = {"pk", "uq", "fk", "ck", ""};
  return keys[static_cast<size_t>(kind)];
}

std::string_view label_of_kind(ConstraintKind kind) {
  static constexpr std::string_view labels[] = {"pkey", "key", "fkey", "check", "excl"};
  return labels[static_cast<size_t>(kind)];
}

// By what is written, else by the naming convention, else by PostgreSQL.
void name_constraint(Building& in, const Table& table, const Text& written, const Texts& referent_columns,
                     TableConstraint& made) {
  const bool is_check = made.kind == ConstraintKind::check;
  std::vector<std::string_view> columns;
  const bool sure = is_check || names_of(table, made.columns, columns);
  std::vector<std::string_view> referred;
  for (const Text& name : referent_columns.items) {
    referred.push_back(name.value);
  }
  NamingParts parts{
      schema_of(table.schema),   table.name.value, columns,
      made.referent_table.value, referred,         written.is_known() ? written.value : std::string_view{}};
  made.named = written.is_unknown() ? unknown<bool>() : known(true);
  if (written.is_unknown() || !table.name.is_known()) {
    made.name = written.is_known() ? written : unknown<std::string_view>();
    return;
  }
  const Text by_rule = made.kind == ConstraintKind::exclude
                           ? Text{}
                           : conventional_name(in.models, key_of_kind(made.kind), parts, in.arena);
  if (written.is_known()) {
    made.name = by_rule.is_absent() ? written : by_rule;
  } else if (!by_rule.is_absent()) {
    made.name = sure ? by_rule : unknown<std::string_view>();
  } else {
    made.named = known(false);
    made.name = !sure || is_check || made.kind == ConstraintKind::exclude
                    ? unknown<std::string_view>()
                    : in.default_name(
                          table, made.kind == ConstraintKind::primary_key ? std::vector<std::string_view>{} : columns,
                          label_of_kind(made.kind));
  }
  in.take(table, made.name);
}

struct NewParts {
  std::vector<const TableConstraint*> constraints = {};
  std::vector<const TableIndex*> indexes = {};
};

TableConstraint* start(Building& in, const Table& table, ConstraintKind kind, const ModelField* field, Span span) {
  TableConstraint* made = in.arena.make<TableConstraint>();
  made->kind = kind;
  made->model = table.model;
  made->field = field;
  made->span = span;
  return made;
}

Texts one_text(Building& in, const Text& text) {
  return {in.arena.copy(std::span<const Text>(&text, 1)), State::known, false};
}

ColumnNumbers one_number(Building& in, uint32_t number) {
  return {in.arena.copy(std::span<const uint32_t>(&number, 1)), State::known, false};
}

// `schema.table.column` of Field(foreign_key=…) and ForeignKey(…).
void add_field_key(Building& in, const Table& table, const TableColumn& column, NewParts& parts) {
  const Column& written = column.field->column;
  TableConstraint* made = start(in, table, ConstraintKind::foreign_key, column.field, written.foreign_key.span);
  made->columns = one_number(in, column.number);
  made->ondelete = written.ondelete;
  made->onupdate = written.onupdate;
  made->deferrable = written.deferrable;
  made->initially = written.initially;
  Texts referent_columns{{}, State::unknown, true};
  made->referent_table = unknown<std::string_view>(written.foreign_key.span);
  made->referent_columns = {{}, State::unknown, true};
  const std::string_view target = written.foreign_key.value;
  if (const size_t dot = target.rfind('.'); written.foreign_key.is_known() && dot != std::string_view::npos) {
    const std::string_view before = target.substr(0, dot);
    const size_t inner = before.rfind('.');
    made->referent_table = known(before.substr(inner == before.npos ? 0 : inner + 1), written.foreign_key.span);
    made->referent_schema =
        inner == before.npos ? in.models.schema : known(before.substr(0, inner), written.foreign_key.span);
    referent_columns = one_text(in, known(target.substr(dot + 1), written.foreign_key.span));
  }
  name_constraint(in, table, written.foreign_key_name, referent_columns, *made);
  if (!written.use_alter.is_absent()) {
    made->name = made->named.value ? made->name : unknown<std::string_view>();
  }
  // Found when all tables are there: find_referents.
  made->condition = referent_columns.items.empty() ? Text{} : referent_columns.items[0];
  parts.constraints.push_back(made);
}

void add_field_parts(Building& in, const Table& table, const TableColumn& column, NewParts& parts) {
  const ModelField& field = *column.field;
  const Column& written = field.column;
  const bool maybe = written.index.is_unknown() || written.unique.is_unknown();
  if (maybe) {
    return;
  }
  const bool unique = is_true(written.unique);
  if (is_true(written.index)) {
    TableIndex* made = in.arena.make<TableIndex>();
    made->columns = one_number(in, column.number);
    made->unique = known(unique, field.span);
    made->model = table.model;
    made->field = &field;
    made->span = written.index.span;
    std::vector<std::string_view> names{column.name.value};
    made->name = column.name.is_known() && table.name.is_known()
                     ? conventional_name(in.models, "ix",
                                         {schema_of(table.schema), table.name.value, names, {}, {}, {}}, in.arena)
                     : unknown<std::string_view>();
    in.take(table, made->name);
    parts.indexes.push_back(made);
  } else if (unique) {
    TableConstraint* made = start(in, table, ConstraintKind::unique, &field, written.unique.span);
    made->columns = one_number(in, column.number);
    name_constraint(in, table, {}, {}, *made);
    parts.constraints.push_back(made);
  }
  if (!written.foreign_key.is_absent()) {
    add_field_key(in, table, column, parts);
  }
  for (const Constraint& check : field.checks.items) {
    TableConstraint* made = start(in, table, ConstraintKind::check, &field, check.span);
    made->columns = {{}, State::unknown, true};
    made->condition = check.condition;
    name_constraint(in, table, check.name, {}, *made);
    parts.constraints.push_back(made);
  }
}

void add_table_parts(Building& in, const Model& model, Table& table, NewParts& parts) {
  for (const Constraint& written : model.constraints) {
    if (written.kind.value == ConstraintKind::primary_key) {
      continue;  // with the columns that say it themselves
    }
    TableConstraint* made = start(in, table, written.kind.value, nullptr, written.span);
    const bool free = made->kind == ConstraintKind::check || made->kind == ConstraintKind::exclude;
    made->columns = free ? ColumnNumbers{{}, State::unknown, true} : numbers_of(in, table, written.columns);
    made->condition = written.condition;
    made->ondelete = written.ondelete;
    made->onupdate = written.onupdate;
    made->deferrable = written.deferrable;
    made->initially = written.initially;
    made->referent_table = written.referent_table;
    made->referent_schema = written.kind.value == ConstraintKind::foreign_key && written.referent_schema.is_absent()
                                ? in.models.schema
                                : written.referent_schema;
    name_constraint(in, table, written.name, written.referent_columns, *made);
    parts.constraints.push_back(made);
  }
  for (const ModelIndex& written : model.indexes) {
    TableIndex* made = in.arena.make<TableIndex>();
    made->columns = numbers_of(in, table, written.columns);
    made->unique = written.unique.is_absent() ? known(false, written.span) : written.unique;
    made->condition = written.condition;
    made->condition_columns = written.condition.is_absent() ? ColumnNumbers{} : ColumnNumbers{{}, State::unknown, true};
    made->model = &model;
    made->span = written.span;
    made->name = written.name;
    std::vector<std::string_view> names;
    if (written.name.is_absent()) {
      made->name = names_of(table, made->columns, names) && table.name.is_known()
                       ? conventional_name(in.models, "ix",
                                           {schema_of(table.schema), table.name.value, names, {}, {}, {}}, in.arena)
                       : unknown<std::string_view>();
    }
    in.take(table, made->name);
    parts.indexes.push_back(made);
  }
}

// SQLAlchemy makes an integer key that nothing else fills a serial one.
Truth is_serial(const Table& table, const TableColumn& column, const std::vector<uint32_t>& key) {
  const ModelField& field = *column.field;
  const Column& written = field.column;
  if (std::ranges::find(key, column.number) == key.end()) {
    return Truth::no;
  }
  if (field.open || written.autoincrement.is_unknown() || written.server_default.is_unknown() ||
      field.default_none.is_unknown()) {
    return Truth::unknown;
  }
  const bool filled =
      (is_true(field.has_default) && !is_true(field.default_none)) || !written.python_default.is_absent();
  const bool leads_away = std::ranges::any_of(table.model->constraints, [&](const Constraint& each) {
    return each.kind.value == ConstraintKind::foreign_key &&
           std::ranges::any_of(each.columns.items, [&](const Text& name) { return name.value == column.name.value; });
  });
  const bool alone = key.size() == 1 && written.foreign_key.is_absent() && !leads_away && !filled;
  const bool wanted = written.autoincrement.is_known() ? written.autoincrement.value : alone;
  if (!wanted || is_true(written.identity) || is_true(written.computed) || written.server_default.is_known()) {
    return Truth::no;
  }
  if (column.type_family.is_unknown()) {
    return Truth::unknown;
  }
  switch (column.type_family.value) {
    case TypeFamily::integer:
    case TypeFamily::big_integer:
    case TypeFamily::small_integer:
      return Truth::yes;
    case TypeFamily::numeric:
    case TypeFamily::floating:
    case TypeFamily::real:
      return Truth::unknown;  // SQLAlchemy takes them for such keys as well, and writes SERIAL for their type
    default:
      return Truth::no;
  }
}

void add_key(Building& in, const Model& model, Table& table, std::vector<TableColumn*>& columns, NewParts& parts) {
  std::vector<uint32_t> key;
  Text name;
  const ModelField* field = nullptr;
  Span span = model.span;
  for (const TableColumn* column : columns) {
    const Flag& says = column->field->column.primary_key;
    if (is_true(says)) {
      key.push_back(column->number);
      field = field ? field : column->field;
      span = says.span;
    } else if (says.is_unknown()) {
      doubt(table, known(std::string_view("has a primary key that is not known")));
    }
  }
  bool whole = true;
  for (const Constraint& written : model.constraints) {
    if (written.kind.value == ConstraintKind::primary_key) {
      const ColumnNumbers numbers = numbers_of(in, table, written.columns);
      whole = whole && numbers.state == State::known;
      for (const uint32_t number : numbers.items) {
        if (std::ranges::find(key, number) == key.end()) {
          key.push_back(number);
        }
      }
      name = written.name;
      field = nullptr;
      span = written.span;
    }
  }
  for (TableColumn* column : columns) {
    if (std::ranges::find(key, column->number) != key.end()) {
      column->nullable = known(false, column->field->span);
    }
    const Truth serial = is_serial(table, *column, key);
    if (serial == Truth::unknown) {
      column->server_default = unknown<std::string_view>();
      const bool number = column->type_family.is_known() && column->type_family.value != TypeFamily::integer &&
                          column->type_family.value != TypeFamily::big_integer &&
                          column->type_family.value != TypeFamily::small_integer;
      if (number) {
        column->type = unknown<std::string_view>();
        column->type_family = unknown<TypeFamily>();
      }
    }
    const bool identity = is_true(column->identity);
    if ((serial == Truth::yes || identity) && column->name.is_known() && table.name.is_known()) {
      column->sequence = in.default_name(table, {column->name.value}, "seq");
      const std::string text =
          column->sequence.is_known() ? "nextval('" + std::string(column->sequence.value) + "'::regclass)" : "";
      if (serial == Truth::yes) {
        column->server_default =
            text.empty() ? unknown<std::string_view>() : known(in.arena.copy(std::string_view(text)));
      }
      in.take(table, column->sequence);
      Relation* relation = in.arena.make<Relation>();
      relation->kind = RelationKind::sequence;
      relation->schema = table.schema;
      relation->name = column->sequence;
      relation->table = table.id;
      relation->column = column->number;
      relation->uncertain = table.uncertain;
      in.sequences.push_back(relation);
    }
  }
  if (key.empty() && whole) {
    return;
  }
  TableConstraint* made = start(in, table, ConstraintKind::primary_key, field, span);
  made->columns = {in.arena.copy(key), whole ? State::known : State::unknown, !whole};
  name_constraint(in, table, name, {}, *made);
  parts.constraints.push_back(made);
}

Table* make_table(Building& in, const Model& model) {
  Table* table = in.arena.make<Table>();
  table->id = ++in.types.last_id;
  table->schema = model.schema;
  table->name = model.table_name;
  table->comment = model.comment;
  table->model = &model;
  if (!model.table_name.is_known()) {
    doubt(*table, known(std::string_view("the name of its table is not known")));
  }
  if (model.open || !model.imported.is_known()) {
    doubt(*table,
          model.open ? model.why : known(std::string_view("its module is imported by a name that is not written")));
  }
  return table;
}

void fill_table(Building& in, Table& table) {
  const Model& model = *table.model;
  std::vector<TableColumn*> columns;
  for (const ModelField& field : model.fields) {
    TableColumn* made = expected_column(in.types, model, field, table.next_number++);
    const Column& written = field.column;
    const bool parts_unknown = written.index.is_unknown() || written.unique.is_unknown();
    if (field.open || parts_unknown) {
      doubt(table, field.why.is_known() ? field.why : known(std::string_view("has a field that is not followed")));
    }
    columns.push_back(made);
  }
  std::vector<const TableColumn*> shared(columns.begin(), columns.end());
  table.columns = in.arena.copy(shared);
  NewParts parts;
  add_key(in, model, table, columns, parts);
  for (const TableColumn* column : columns) {
    add_field_parts(in, table, *column, parts);
  }
  add_table_parts(in, model, table, parts);
  table.constraints = in.arena.copy(parts.constraints);
  table.indexes = in.arena.copy(parts.indexes);
}

void find_referents(Building& in) {
  std::map<std::string, const Table*, std::less<>> by_name;
  for (const Table* table : in.tables) {
    if (table->name.is_known()) {
      by_name.emplace(key_of(schema_of(table->schema), table->name.value), table);
    }
  }
  for (Table* table : in.tables) {
    for (const TableConstraint* each : table->constraints) {
      if (each->kind != ConstraintKind::foreign_key) {
        continue;
      }
      TableConstraint& key = const_cast<TableConstraint&>(*each);  // the arena's own, seen by nobody yet
      const Text of_field = key.field ? key.condition : Text{};
      Texts wanted{{}, State::unknown, true};
      if (key.field) {
        key.condition = {};
        wanted = of_field.is_known() ? one_text(in, of_field) : wanted;
      } else {
        const auto written = std::ranges::find(table->model->constraints, key.span, &Constraint::span);
        wanted = written != table->model->constraints.end() ? written->referent_columns : wanted;
      }
      key.referent_columns = {{}, State::unknown, true};
      const auto there = key.referent_table.is_known() && !key.referent_schema.is_unknown()
                             ? by_name.find(key_of(schema_of(key.referent_schema), key.referent_table.value))
                             : by_name.end();
      if (there != by_name.end()) {
        key.referent = there->second->id;
        key.referent_columns = numbers_of(in, *there->second, wanted);
      }
    }
  }
}

// Column(ForeignKey("user.id")) has the type of the column that it leads to, which may itself be such a one.
void take_referents_types(Building& in) {
  std::map<uint32_t, const Table*> by_id;
  for (const Table* table : in.tables) {
    by_id.emplace(table->id, table);
  }
  for (int round = 0; round < 4; ++round) {
    for (const Table* table : in.tables) {
      for (const TableConstraint* key : table->constraints) {
        const auto referent = by_id.find(key->referent);
        if (key->kind != ConstraintKind::foreign_key || referent == by_id.end() || key->columns.items.size() != 1 ||
            key->referent_columns.items.size() != 1) {
          continue;
        }
        const TableColumn* from = find_column(*table, key->columns.items[0]);
        const TableColumn* to = find_column(*referent->second, key->referent_columns.items[0]);
        if (from && to && from->field->column.type.is_absent() &&
            (from->field->form == FieldForm::sa_column || from->field->python_type.is_absent())) {
          TableColumn& changed = const_cast<TableColumn&>(*from);  // the arena's own, seen by nobody yet
          changed.type = to->type;
          changed.type_family = to->type_family;
          changed.enum_id = to->enum_id;
        }
      }
    }
  }
}

}  // namespace

Snapshot expected_schema(const ModelsFacts& models, Arena& arena) {
  Building in{models, arena, {models, arena}};
  const bool any = std::ranges::any_of(
      models.models, [](const Model* model) { return is_true(model->imported) || model->imported.is_unknown(); });
  std::map<std::string, Table*, std::less<>> seen;
  for (const Model* model : models.models) {
    if (any && model->imported.is_known() && !model->imported.value) {
      continue;
    }
    Table* table = make_table(in, *model);
    if (model->table_name.is_known()) {
      const auto [there, is_new] = seen.emplace(key_of(schema_of(model->schema), model->table_name.value), table);
      if (!is_new) {
        doubt(*there->second, known(std::string_view("several models have this table")));
        continue;
      }
      in.take(*table, table->name);
    }
    in.tables.push_back(table);
  }
  for (Table* table : in.tables) {
    fill_table(in, *table);
  }
  find_referents(in);
  take_referents_types(in);
  Snapshot snapshot;
  const auto order = [](const auto* a, const auto* b) {
    return std::pair(schema_of(a->schema), a->name.value) < std::pair(schema_of(b->schema), b->name.value);
  };
  snapshot.tables.assign(in.tables.begin(), in.tables.end());
  snapshot.enums.assign(in.types.enums.begin(), in.types.enums.end());
  snapshot.sequences.assign(in.sequences.begin(), in.sequences.end());
  std::ranges::stable_sort(snapshot.tables, order);
  std::ranges::stable_sort(snapshot.enums, order);
  std::ranges::stable_sort(snapshot.sequences, order);
  snapshot.doubts = models.doubts;
  snapshot.filter = models.filter;
  snapshot.left_out = models.left_out;
  snapshot.include_schemas = models.include_schemas;
  snapshot.version_table = models.version_table;
  for (const Table* table : in.tables) {
    if (!table->name.is_known()) {
      const std::string text = "the table of `" + std::string(table->model->name.value) + "`, whose name is not known";
      snapshot.doubts.push_back(known(arena.copy(std::string_view(text)), table->model->span));
    }
  }
  if (!any && !models.models.empty()) {
    snapshot.doubts.push_back(known(std::string_view("env.py reaches none of the models")));
  }
  return snapshot;
}

}  // namespace spiritsafe
