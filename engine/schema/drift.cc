// SPDX-License-Identifier: Apache-2.0
#include "engine/schema/drift.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

namespace spiritsafe {
namespace {

std::string full_name(const Table& table) {
  const std::string name(table.name.is_known() ? table.name.value : std::string_view());
  return table.schema.is_known() ? std::string(table.schema.value) + "." + name : name;
}

std::string why_of(const Table& table) {
  return table.why.is_known() ? ": " + std::string(table.why.value) : std::string();
}

bool is_whole(const ColumnNumbers& columns) {
  return columns.state == State::known && !columns.open && std::ranges::find(columns.items, 0u) == columns.items.end();
}

using Names = std::vector<std::string>;

// The columns' names; nothing where one of them cannot be told.
std::optional<Names> names_of(const Table& table, const ColumnNumbers& columns) {
  if (!is_whole(columns)) {
    return {};
  }
  Names names;
  for (const uint32_t number : columns.items) {
    const TableColumn* column = find_column(table, number);
    if (!column || !column->name.is_known()) {
      return {};
    }
    names.emplace_back(column->name.value);
  }
  return names;
}

std::string upper(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return out;
}

// `a, b`
std::string joined(const std::optional<Names>& names) {
  if (!names) {
    return "?";
  }
  std::string out;
  for (const std::string& name : *names) {
    out += (out.empty() ? "" : ", ") + name;
  }
  return out;
}

// What a table keeps beside its columns, by what it says.
struct Thing {
  std::string text = {};
  const Operation* operation = nullptr;
  const Model* model = nullptr;
  const ModelField* field = nullptr;
  Span span = {};
  Names columns = {};
};
struct Things {
  std::map<std::string, Thing> by_key = {};
  bool whole = true;  // false: one of them could not be told
};

struct Comparing {
  const Snapshot& migrations;
  const Snapshot& models;
  DriftFound& found;
};

std::string referent_of(const Snapshot& snapshot, const TableConstraint& constraint, Things& things) {
  const auto referent = std::ranges::find(snapshot.tables, constraint.referent, &Table::id);
  if (constraint.referent != 0 && referent != snapshot.tables.end()) {
    const std::optional<Names> columns = names_of(**referent, constraint.referent_columns);
    things.whole = things.whole && columns;
    return full_name(**referent) + " (" + joined(columns) + ")";
  }
  things.whole = false;
  return "?";
}

Things constraints_of(const Snapshot& snapshot, const Table& table, ConstraintKind kind) {
  Things things;
  for (const TableConstraint* constraint : table.constraints) {
    if (constraint->kind != kind) {
      continue;
    }
    std::optional<Names> columns = names_of(table, constraint->columns);
    things.whole = things.whole && columns;
    if (kind == ConstraintKind::primary_key && columns) {
      std::ranges::sort(*columns);  // their order is no difference
    }
    std::string text = joined(columns);
    std::string key = text;
    if (kind == ConstraintKind::primary_key) {
      key.clear();  // there is one
    } else if (kind == ConstraintKind::foreign_key) {
      text += " to " + referent_of(snapshot, *constraint, things);
      const std::string ondelete = constraint->ondelete.is_known() ? upper(constraint->ondelete.value) : "";
      things.whole = things.whole && !constraint->ondelete.is_unknown();
      text += ondelete.empty() || ondelete == "NO ACTION" ? "" : " ON DELETE " + ondelete;
      key = text;
    }
    things.by_key.emplace(key, Thing{columns ? text : std::string(), constraint->operation, constraint->model,
                                     constraint->field, constraint->span, columns.value_or(Names{})});
  }
  return things;
}

Things indexes_of(const Table& table) {
  Things things;
  for (const TableIndex* index : table.indexes) {
    if (!index->name.is_known()) {
      things.whole = false;
      continue;
    }
    const std::optional<Names> columns = names_of(table, index->columns);
    // Expressions are compared by nobody; the name is.
    std::string text = columns ? "(" + joined(columns) + ")" : std::string();
    text = index->unique.is_known() && index->unique.value ? "unique " + text : text;
    text += index->condition.is_absent() ? "" : " WHERE …";
    const bool told = columns && !index->unique.is_unknown();
    things.by_key.emplace(std::string(index->name.value),
                          Thing{told ? text : std::string(), index->operation, index->model, index->field, index->span,
                                columns.value_or(Names{})});
  }
  return things;
}

void add(Comparing& in, DriftKind kind, const std::string& table, const std::string& name, const Thing* migrations,
         const Thing* models) {
  Drift drift;
  drift.kind = kind;
  drift.table = table;
  drift.name = name;
  if (migrations) {
    drift.migrations = migrations->text;
    drift.operation = migrations->operation;
    drift.columns = migrations->columns;
  }
  if (models) {
    drift.models = models->text;
    drift.model = models->model;
    drift.field = models->field;
    drift.span = models->span;
    drift.columns = models->columns.empty() ? drift.columns : models->columns;
  }
  in.found.differences.push_back(std::move(drift));
}

void compare_things(Comparing& in, DriftKind kind, const std::string& table, const Things& migrations,
                    const Things& models, bool named) {
  for (const auto& [key, thing] : migrations.by_key) {
    const auto other = models.by_key.find(key);
    if (other == models.by_key.end()) {
      const Thing shown{
          thing.text.empty() ? "there" : thing.text, thing.operation, nullptr, nullptr, {}, thing.columns};
      models.whole ? add(in, kind, table, named ? key : "", &shown, nullptr) : void();
    } else if (!thing.text.empty() && !other->second.text.empty() && thing.text != other->second.text) {
      add(in, kind, table, named ? key : "", &thing, &other->second);
    }
  }
  for (const auto& [key, thing] : models.by_key) {
    if (migrations.whole && !migrations.by_key.contains(key)) {
      Thing shown = thing;
      shown.text = thing.text.empty() ? "there" : thing.text;
      add(in, kind, table, named ? key : "", nullptr, &shown);
    }
  }
  if (!migrations.whole || !models.whole) {
    std::string what(name_of(kind));
    std::ranges::replace(what, '_', ' ');
    in.found.uncertain.push_back(table + ": not every " + what + " could be told");
  }
}

Thing thing_of(const TableColumn& column, std::string text) {
  return {std::move(text), column.operation, column.model, column.field, {}, {std::string(column.name.value)}};
}

void compare_column(Comparing& in, const std::string& table, const TableColumn& migrations, const TableColumn& models) {
  const std::string name(models.name.value);
  const auto differ = [&](DriftKind kind, std::string first, std::string second) {
    const Thing one = thing_of(migrations, std::move(first)), other = thing_of(models, std::move(second));
    add(in, kind, table, name, &one, &other);
  };
  if (migrations.type.is_known() && models.type.is_known()) {
    if (migrations.type.value != models.type.value) {
      differ(DriftKind::type, std::string(migrations.type.value), std::string(models.type.value));
      if (migrations.type_family.is_known() && models.type_family.is_known()) {
        in.found.differences.back().same_family = migrations.type_family.value == models.type_family.value;
      }
    }
  } else {
    in.found.uncertain.push_back(table + "." + name + ": its type could not be told");
  }
  if (migrations.nullable.is_known() && models.nullable.is_known() &&
      migrations.nullable.value != models.nullable.value) {
    const auto text = [](bool nullable) { return std::string(nullable ? "may be NULL" : "NOT NULL"); };
    differ(DriftKind::nullable, text(migrations.nullable.value), text(models.nullable.value));
  }
  const Text &first = migrations.server_default, &second = models.server_default;
  if (!first.is_unknown() && !second.is_unknown() && first.is_absent() != second.is_absent()) {
    const auto text = [](const Text& value) {
      return value.is_absent() ? "no default" : "DEFAULT " + std::string(value.value);
    };
    differ(DriftKind::server_default, text(first), text(second));
  }
}

void compare_columns(Comparing& in, const std::string& name, const Table& migrations, const Table& models) {
  const auto whole = [](const Table& table) {
    return std::ranges::all_of(table.columns, [](const TableColumn* column) { return column->name.is_known(); });
  };
  for (const TableColumn* column : migrations.columns) {
    const TableColumn* other = column->name.is_known() ? find_column(models, column->name.value) : nullptr;
    if (other) {
      compare_column(in, name, *column, *other);
    } else if (column->name.is_known() && whole(models)) {
      const Thing shown = thing_of(*column, column->type.is_known() ? std::string(column->type.value) : "there");
      add(in, DriftKind::column, name, std::string(column->name.value), &shown, nullptr);
    }
  }
  for (const TableColumn* column : models.columns) {
    if (column->name.is_known() && whole(migrations) && !find_column(migrations, column->name.value)) {
      const Thing shown = thing_of(*column, column->type.is_known() ? std::string(column->type.value) : "there");
      add(in, DriftKind::column, name, std::string(column->name.value), nullptr, &shown);
    }
  }
  if (!whole(migrations) || !whole(models)) {
    in.found.uncertain.push_back(name + ": not every column's name could be told");
  }
}

void compare_tables(Comparing& in, const Table& migrations, const Table& models) {
  const std::string name = full_name(models);
  compare_columns(in, name, migrations, models);
  constexpr std::pair<ConstraintKind, DriftKind> kinds[] = {{ConstraintKind::primary_key, DriftKind::primary_key},
                                                            {ConstraintKind::unique, DriftKind::unique},
                                                            {ConstraintKind::foreign_key, DriftKind::foreign_key}};
  for (const auto& [kind, drift] : kinds) {
    compare_things(in, drift, name, constraints_of(in.migrations, migrations, kind),
                   constraints_of(in.models, models, kind), false);
  }
  compare_things(in, DriftKind::index, name, indexes_of(migrations), indexes_of(models), true);
}

std::map<std::string, const Table*> by_name(const Snapshot& snapshot) {
  std::map<std::string, const Table*> tables;
  for (const Table* table : snapshot.tables) {
    if (table->name.is_known() && !table->schema.is_unknown()) {
      tables.emplace(key_of(schema_of(table->schema), table->name.value), table);
    }
  }
  return tables;
}

void compare_enums(Comparing& in) {
  std::map<std::string, const EnumType*> made;
  for (const EnumType* type : in.migrations.enums) {
    made.emplace(key_of(schema_of(type->schema), type->name.value), type);
  }
  for (const EnumType* type : in.models.enums) {
    const auto found =
        type->name.is_known() ? made.find(key_of(schema_of(type->schema), type->name.value)) : made.end();
    if (found == made.end()) {
      continue;  // told with the table or column that has it
    }
    const auto text = [](const EnumType& each) {
      std::string values;
      for (const Text& value : each.values.items) {
        values += (values.empty() ? "" : ", ") + std::string(value.is_known() ? value.value : "?");
      }
      return values;
    };
    const auto told = [](const EnumType& each) {
      return !each.uncertain && each.values.state == State::known && !each.values.open &&
             std::ranges::all_of(each.values.items, [](const Text& value) { return value.is_known(); });
    };
    const std::string name(type->name.value);
    if (!told(*type) || !told(*found->second)) {
      in.found.uncertain.push_back(name + ": its values could not be told");
    } else if (text(*type) != text(*found->second)) {
      const Thing migrations{text(*found->second), found->second->operation, nullptr, nullptr, {}, {}};
      const Thing models{text(*type), nullptr, type->model, type->field, {}, {}};
      add(in, DriftKind::enum_values, name, "", &migrations, &models);
    }
  }
}

}  // namespace

std::string_view name_of(DriftKind kind) {
  static constexpr std::string_view names[] = {"table",       "column", "type",        "nullable", "server_default",
                                               "primary_key", "unique", "foreign_key", "index",    "enum_values"};
  return names[static_cast<size_t>(kind)];
}

DriftFound find_drift(const Snapshot& migrations, const Snapshot& models) {
  DriftFound found;
  Comparing in{migrations, models, found};
  const auto made = by_name(migrations), asked = by_name(models);
  for (const auto& [key, table] : asked) {
    const auto other = made.find(key);
    const Table* own = other == made.end() ? nullptr : other->second;
    if (table->uncertain || (own && own->uncertain)) {
      found.uncertain.push_back(full_name(*table) + why_of(table->uncertain ? *table : *own));
    } else if (own) {
      compare_tables(in, *own, *table);
    } else if (migrations.doubts.empty()) {
      const Thing shown{"there", nullptr, table->model, nullptr, {}, {}};
      add(in, DriftKind::table, full_name(*table), "", nullptr, &shown);
    } else {
      found.uncertain.push_back(full_name(*table) + ": a step that could not be followed may make it");
    }
  }
  for (const auto& [key, table] : made) {
    if (asked.contains(key)) {
      continue;
    }
    if (table->uncertain || !models.doubts.empty()) {
      found.uncertain.push_back(full_name(*table) + (table->uncertain
                                                         ? why_of(*table)
                                                         : ": a module that could not be followed may have it"));
    } else {
      const Thing shown{"there", table->operation, nullptr, nullptr, {}, {}};
      add(in, DriftKind::table, full_name(*table), "", &shown, nullptr);
    }
  }
  compare_enums(in);
  std::ranges::stable_sort(found.differences, [](const Drift& a, const Drift& b) {
    return std::tie(a.table, a.kind, a.name, a.migrations) < std::tie(b.table, b.kind, b.name, b.migrations);
  });
  std::ranges::sort(found.uncertain);
  found.uncertain.erase(std::unique(found.uncertain.begin(), found.uncertain.end()), found.uncertain.end());
  return found;
}

}  // namespace spiritsafe
