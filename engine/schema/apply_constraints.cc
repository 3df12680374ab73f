// SPDX-License-Identifier: Apache-2.0
// Constraints and indexes.
#include <algorithm>

#include "engine/schema/apply.h"
#include "engine/schema/default_names.h"
#include "engine/schema/expression.h"

namespace spiritsafe {
namespace {

constexpr size_t longest_searched = 10'000;  // bytes of a statement, which is searched for each of its keys

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// The columns that an SQL expression names, as far as its words tell: outside of strings, no functions, no types of
// casts.
ColumnNumbers columns_in(Applying& in, const Table& table, const Text& condition) {
  if (!condition.is_known()) {
    return {{}, State::unknown, true};
  }
  std::vector<uint32_t> numbers;
  const std::string_view text = condition.value;
  for (size_t i = 0; i < text.size();) {
    const char c = text[i];
    std::string word;
    const bool cast = i >= 2 && text[i - 1] == ':' && text[i - 2] == ':';
    if (c == '\'') {
      i = text.find('\'', i + 1);
      i = i == std::string_view::npos ? text.size() : i + 1;
      continue;
    }
    if (c == '"') {
      const size_t end = std::min(text.find('"', i + 1), text.size());
      word = text.substr(i + 1, end - i - 1);
      i = end + 1;
    } else if (is_word(c)) {
      while (i < text.size() && is_word(text[i])) {
        word += static_cast<char>(text[i] >= 'A' && text[i] <= 'Z' ? text[i] - 'A' + 'a' : text[i]);
        ++i;
      }
      const size_t next = text.find_first_not_of(' ', i);
      if (next != std::string_view::npos && text[next] == '(') {
        continue;
      }
    } else {
      ++i;
      continue;
    }
    const TableColumn* column = cast ? nullptr : find_column(table, word);
    if (column && std::ranges::find(numbers, column->number) == numbers.end()) {
      numbers.push_back(column->number);
    }
  }
  return {in.catalogue.arena.copy(numbers), State::known, false};
}

// A name that PostgreSQL finds for what has none; unknown where it depends on what is not known.
Text default_name(Applying& in, const Table& table, const ColumnNumbers& columns, std::string_view label,
                  bool is_relation, bool names_columns) {
  std::vector<std::string_view> names;
  bool sure = table.name.is_known() && (!names_columns || (columns.state == State::known && !columns.open));
  for (size_t i = 0; names_columns && i < columns.items.size(); ++i) {
    const TableColumn* column = find_column(table, columns.items[i]);
    sure = sure && (columns.items[i] == 0 ? false : column && column->name.is_known());
    names.push_back(column ? column->name.value : std::string_view("expr"));
  }
  if (!sure) {
    return unknown<std::string_view>();
  }
  const std::string_view schema = schema_of(table.schema);
  const auto is_taken = [&](std::string_view name) {
    Truth taken = has_constraint_name(in.moment(), schema, name);
    taken = is_relation ? either(taken, find_relation(in.moment(), schema, name).exists) : taken;
    sure = sure && taken != Truth::unknown;
    return taken == Truth::yes;
  };
  const std::string name = free_object_name(table.name.value, joined_columns(names), label, is_taken);
  return sure ? known(in.catalogue.arena.copy(std::string_view(name))) : unknown<std::string_view>();
}

bool is_relation(ConstraintKind kind) { return kind != ConstraintKind::foreign_key && kind != ConstraintKind::check; }

std::string_view label_of(ConstraintKind kind) {
  static constexpr std::string_view labels[] = {"pkey", "key", "fkey", "check", "excl"};
  return labels[static_cast<size_t>(kind)];
}

// Where a foreign key leads.
void set_referent(Applying& in, const Table& table, const NewConstraint& made, TableConstraint& constraint) {
  constraint.referent_table = made.referent_table;
  constraint.referent_schema = made.referent_schema;
  constraint.referent_columns = {{}, State::unknown, true};
  if (!made.referent_table.is_known() || made.referent_schema.is_unknown()) {
    in.meeting.open = true;
    return;
  }
  const bool itself =
      table.name.value == made.referent_table.value && schema_of(table.schema) == schema_of(made.referent_schema);
  Found<Table> referent{&table, Truth::yes};
  if (!itself) {
    referent = find_table(in.moment(), schema_of(made.referent_schema), made.referent_table.value);
  }
  if (!referent.item) {
    const bool ours =
        in.catalogue.made_somewhere.contains(key_of(schema_of(made.referent_schema), made.referent_table.value));
    in.meeting.open = in.meeting.open || referent.exists == Truth::unknown || !ours;
    if (referent.exists == Truth::no && ours) {
      in.meeting.missing_referents.push_back("table `" + shown(made.referent_schema, made.referent_table) + "`");
    }
    return;
  }
  constraint.referent = referent.item->id;
  in.catalogue.referrers[referent.item->id].push_back(table.id);
  if (made.referent_columns.items.empty() && made.referent_columns.state == State::known) {
    for (const TableConstraint* other : referent.item->constraints) {
      if (other->kind == ConstraintKind::primary_key) {
        constraint.referent_columns = other->columns;
      }
    }
    return;
  }
  std::vector<uint32_t> numbers;
  for (const Text& name : made.referent_columns.items) {
    const TableColumn* column = name.is_known() ? find_column(*referent.item, name.value) : nullptr;
    if (name.is_known() && !column) {
      if (itself || referent.certain()) {
        in.meeting.missing_referents.push_back("column `" + shown(made.referent_schema, made.referent_table) + "." +
                                               std::string(name.value) + "`");
      } else {
        in.meeting.open = true;
      }
    }
    numbers.push_back(column ? column->number : 0);
  }
  const bool whole = made.referent_columns.state == State::known && !made.referent_columns.open;
  constraint.referent_columns = {in.catalogue.arena.copy(numbers), whole ? State::known : State::unknown, !whole};
}

}  // namespace

Text written_name(Applying& in, Text name) {
  if (!name.is_known() || name.value.size() <= longest_identifier) {
    return name;
  }
  // SQLAlchemy refuses it where op.f() is not around it, and then nothing comes behind it.
  name.value = in.operation.written_as == WrittenAs::sql
                   ? name.value.substr(0, longest_identifier)
                   : in.catalogue.arena.copy(std::string_view(shortened_by_sqlalchemy(name.value)));
  return name;
}

ColumnNumbers numbers_of(Applying& in, const Table& table, const Texts& columns) {
  std::vector<uint32_t> numbers;
  for (const Text& name : columns.items) {
    const TableColumn* column = name.is_known() ? find_column(table, name.value) : nullptr;
    if (name.is_known() && !column) {
      if (table.uncertain) {
        in.meeting.open = true;
      } else {
        in.meeting.missing.push_back("column `" + shown(table.schema, table.name) + "." + std::string(name.value) +
                                     "`");
      }
    }
    numbers.push_back(column ? column->number : 0);
  }
  const bool whole = columns.state == State::known && !columns.open;
  return {in.catalogue.arena.copy(numbers), whole ? State::known : State::unknown, !whole};
}

bool may_say(const Operation& operation, std::string_view words) {
  if (operation.written_as != WrittenAs::sql) {
    return false;
  }
  const Text text = operation.statement ? operation.statement->text : unknown<std::string_view>();
  if (!text.is_known() || text.value.size() > longest_searched) {
    return true;
  }
  return normalised_sql(text.value).find(words) != std::string::npos;
}

bool is_key_over(const Table& table, const ColumnNumbers& columns) {
  return columns.state == State::known && std::ranges::any_of(table.constraints, [&](const TableConstraint* other) {
           return (other->kind == ConstraintKind::primary_key || other->kind == ConstraintKind::unique) &&
                  std::ranges::equal(other->columns.items, columns.items);
         });
}

void add_constraint(Applying& in, Table& table, const NewConstraint& made) {
  TableConstraint* constraint = in.catalogue.arena.make<TableConstraint>();
  constraint->kind = made.kind;
  constraint->operation = &in.operation;
  constraint->ondelete = made.ondelete;
  constraint->onupdate = made.onupdate;
  constraint->deferrable = made.deferrable;
  constraint->initially = made.initially;
  if (made.kind == ConstraintKind::foreign_key && in.operation.written_as == WrittenAs::sql) {
    constraint->onupdate = may_say(in.operation, "on update") ? unknown<std::string_view>() : Text{};
    constraint->deferrable = may_say(in.operation, "deferrable") ? unknown<bool>() : Flag{};
    constraint->initially = may_say(in.operation, "initially") ? unknown<std::string_view>() : Text{};
  }
  constraint->condition = made.condition;
  constraint->columns = made.kind == ConstraintKind::check     ? columns_in(in, table, made.condition)
                        : made.kind == ConstraintKind::exclude ? ColumnNumbers{{}, State::unknown, true}
                                                               : numbers_of(in, table, made.columns);
  if (made.kind == ConstraintKind::foreign_key) {
    set_referent(in, table, made, *constraint);
  }
  constraint->named = known(!made.name.is_absent());
  if (made.name.is_absent()) {
    const bool pk = made.kind == ConstraintKind::primary_key;
    const bool check = made.kind == ConstraintKind::check;
    const bool names_columns = !pk && (!check || constraint->columns.items.size() == 1);
    constraint->name =
        check && constraint->columns.state != State::known
            ? unknown<std::string_view>()
            : default_name(in, table, constraint->columns, label_of(made.kind), is_relation(made.kind), names_columns);
  } else {
    constraint->name = written_name(in, made.name);
    for (const TableConstraint* other : table.constraints) {
      if (constraint->name.is_known() && other->name.is_known() && other->name.value == constraint->name.value) {
        in.meeting.open = in.meeting.open || table.uncertain;
      }
      if (!table.uncertain && constraint->name.is_known() && other->name.is_known() &&
          other->name.value == constraint->name.value) {
        in.meeting.present.push_back("constraint `" + std::string(constraint->name.value) + "`");
      }
    }
  }
  if (is_relation(made.kind) && constraint->name.is_known()) {
    Relation* relation = in.catalogue.arena.make<Relation>();
    *relation = {RelationKind::index, table.schema, constraint->name, table.id, 0, table.uncertain, &in.operation};
    put_relation(in, schema_of(table.schema), constraint->name.value, relation);
  }
  if (made.kind == ConstraintKind::primary_key) {
    for (const uint32_t number : constraint->columns.items) {
      const TableColumn* column = find_column(table, number);
      if (column && !(column->nullable.is_known() && !column->nullable.value)) {
        TableColumn* changed = in.catalogue.arena.make<TableColumn>(*column);
        changed->nullable = known(false);
        replace(in, table.columns, column, static_cast<const TableColumn*>(changed));
      }
    }
  }
  use_name(in, table.schema, constraint->name, 1);
  append(in, table.constraints, static_cast<const TableConstraint*>(constraint));
}

void remove_constraint(Applying& in, Table& table, const TableConstraint& constraint) {
  if (is_relation(constraint.kind) && constraint.name.is_known()) {
    put_relation(in, schema_of(table.schema), constraint.name.value, nullptr);
  }
  use_name(in, table.schema, constraint.name, -1);
  remove(in, table.constraints, &constraint);
}

void add_index(Applying& in, Table& table) {
  const Operation& operation = in.operation;
  TableIndex* index = in.catalogue.arena.make<TableIndex>();
  index->columns = numbers_of(in, table, operation.columns);
  index->unique = operation.unique;
  index->plain = operation.special_index.is_unknown() ? unknown<bool>() : known(operation.special_index.is_absent());
  index->condition = operation.condition;
  index->condition_columns =
      operation.condition.is_absent() ? ColumnNumbers{} : columns_in(in, table, operation.condition);
  index->operation = &operation;
  index->name = operation.target.is_absent() ? default_name(in, table, index->columns, "idx", true, true)
                                             : written_name(in, operation.target);
  if (index->name.is_known()) {
    const Found<Relation> there = find_relation(in.moment(), schema_of(table.schema), index->name.value);
    if (there.item && there.certain()) {
      if (!(operation.if_not_exists.is_known() && operation.if_not_exists.value)) {
        in.meeting.present.push_back("index `" + std::string(index->name.value) + "`");
      } else {
        in.meeting.changes = known(false);
      }
      return;
    }
    in.meeting.open = in.meeting.open || there.exists == Truth::unknown;
    Relation* relation = in.catalogue.arena.make<Relation>();
    *relation = {RelationKind::index, table.schema, index->name, table.id, 0, table.uncertain, &operation};
    put_relation(in, schema_of(table.schema), index->name.value, relation);
  }
  append(in, table.indexes, static_cast<const TableIndex*>(index));
}

void remove_index(Applying& in, Table& table, const TableIndex& index) {
  if (index.name.is_known()) {
    put_relation(in, schema_of(table.schema), index.name.value, nullptr);
  }
  remove(in, table.indexes, &index);
}

std::vector<std::pair<const Table*, const TableConstraint*>> foreign_keys_to(Applying& in, const Table& table) {
  std::vector<std::pair<const Table*, const TableConstraint*>> keys;
  std::vector<uint32_t> ids = in.catalogue.referrers[table.id];
  std::ranges::sort(ids);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  in.catalogue.budget -= static_cast<int64_t>(ids.size());
  for (const uint32_t id : ids) {
    const Found<Table> other = table_by_id(in.moment(), id);
    if (!other.item) {
      continue;
    }
    for (const TableConstraint* constraint : other.item->constraints) {
      if (constraint->kind == ConstraintKind::foreign_key && constraint->referent == table.id) {
        if (other.certain()) {
          keys.emplace_back(other.item, constraint);
        } else {
          in.meeting.open = true;
        }
      }
    }
  }
  return keys;
}

}  // namespace spiritsafe
