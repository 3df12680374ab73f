// SPDX-License-Identifier: Apache-2.0
#include "engine/schema/drift.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "engine/schema/drift_parts.h"
#include "engine/schema/expression.h"

namespace spiritsafe {
namespace {

std::string why_of(const Table& table) {
  return table.why.is_known() ? ": " + std::string(table.why.value) : std::string();
}

Said say(const TableColumn& column, std::string text) {
  return {std::move(text), column.operation, column.model, column.field, {}, {std::string(column.name.value)}};
}

// A column that both sides have.
struct ColumnPair {
  Comparing& in;
  const std::string& table;
  std::string name = {};
  const TableColumn& migrations;
  const TableColumn& models;

  Drift& differ(DriftKind kind, std::string first, std::string second) {
    const Said one = say(migrations, std::move(first)), other = say(models, std::move(second));
    add_drift(in, kind, table, name, &one, &other);
    return in.found.differences.back();
  }
  void doubt(const std::string& why) { add_uncertain(in, table + "." + name, why); }
};

// `Money(length=12)` is `Money(12)`.
bool is_same_own_type(const Text& one, const Text& other) {
  const auto parts = [](std::string_view text) {
    std::vector<std::string> found{std::string(text.substr(0, text.find('(')))};
    for (size_t at = found[0].size(); at < text.size(); ++at) {
      const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
      if (is_digit(text[at])) {
        is_digit(text[at - 1]) ? void(found.back() += text[at]) : void(found.emplace_back(1, text[at]));
      }
    }
    return found;
  };
  return one.is_known() && other.is_known() && parts(one.value) == parts(other.value);
}

// A type of the project's own is taken for what the models say of it.
void compare_type(ColumnPair pair) {
  const Text &first = pair.migrations.type, &second = pair.models.type;
  if ((!first.is_known() || !second.is_known()) && is_same_own_type(pair.migrations.own_type, pair.models.own_type)) {
    return;
  }
  if (!first.is_known() || !second.is_known()) {
    pair.doubt("its type could not be told");
  } else if (first.value != second.value) {
    Drift& drift = pair.differ(DriftKind::type, std::string(first.value), std::string(second.value));
    const Fact<TypeFamily>&one = pair.migrations.type_family, &other = pair.models.type_family;
    if (one.is_known() && other.is_known()) {
      drift.same_family = one.value == other.value;
    }
  }
}

void compare_nullable(ColumnPair pair) {
  const Flag &first = pair.migrations.nullable, &second = pair.models.nullable;
  const auto text = [](const Flag& nullable) { return std::string(nullable.value ? "may be NULL" : "NOT NULL"); };
  if (!first.is_known() || !second.is_known()) {
    pair.doubt("whether it may be NULL could not be told");
  } else if (first.value != second.value) {
    pair.differ(DriftKind::nullable, text(first), text(second));
  }
}

bool is_without_default(const Text& text) {
  return text.is_absent() || (text.is_known() && normalised_sql(text.value) == "null");
}

void compare_default(ColumnPair pair) {
  const Text &first = pair.migrations.server_default, &second = pair.models.server_default;
  if (first.is_unknown() || second.is_unknown()) {
    return pair.doubt("its server default could not be told");
  }
  const bool none = is_without_default(first), none_asked = is_without_default(second);
  const Truth same =
      none || none_asked ? truth(none == none_asked) : same_default(first.value, second.value, pair.models.type_family);
  const auto text = [](const Text& value) {
    return is_without_default(value) ? std::string() : "DEFAULT " + std::string(value.value);
  };
  if (same == Truth::no) {
    pair.differ(DriftKind::server_default, text(first), text(second));
  } else if (same == Truth::unknown) {
    pair.doubt("its server defaults may differ: " + text(second) + " in the models, " + text(first) +
               " in the migrations");
  }
}

std::string_view words_of(const Text& comment) { return comment.is_known() ? comment.value : std::string_view(); }

// PostgreSQL keeps no empty comment.
bool comments_differ(const Text& one, const Text& other) {
  return !one.is_unknown() && !other.is_unknown() && words_of(one) != words_of(other);
}

std::string shown_comment(const Text& comment) {
  return words_of(comment).empty() ? std::string() : "'" + std::string(comment.value) + "'";
}

void compare_column(ColumnPair pair) {
  compare_type(pair);
  compare_nullable(pair);
  compare_default(pair);
  const Text &first = pair.migrations.comment, &second = pair.models.comment;
  if (comments_differ(first, second)) {
    pair.differ(DriftKind::comment, shown_comment(first), shown_comment(second));
  } else if (first.is_unknown() || second.is_unknown()) {
    pair.doubt("its comment could not be told");
  }
}

void compare_table_comments(Comparing& in, const std::string& name, const Table& migrations, const Table& models) {
  if (comments_differ(migrations.comment, models.comment)) {
    const Said one{shown_comment(migrations.comment), migrations.operation, nullptr, nullptr, {}, {}};
    const Said other{shown_comment(models.comment), nullptr, models.model, nullptr, {}, {}};
    add_drift(in, DriftKind::comment, name, "", &one, &other);
  } else if (migrations.comment.is_unknown() || models.comment.is_unknown()) {
    add_uncertain(in, name, "its comment could not be told");
  }
}

void compare_columns(Comparing& in, const std::string& name, const Table& migrations, const Table& models) {
  const auto whole = [](const Table& table) {
    return std::ranges::all_of(table.columns, [](const TableColumn* column) { return column->name.is_known(); });
  };
  for (const TableColumn* column : migrations.columns) {
    const TableColumn* other = column->name.is_known() ? find_column(models, column->name.value) : nullptr;
    if (other) {
      compare_column({in, name, std::string(column->name.value), *column, *other});
    } else if (column->name.is_known() && whole(models)) {
      const Said shown = say(*column, column->type.is_known() ? std::string(column->type.value) : "there");
      add_drift(in, DriftKind::column, name, std::string(column->name.value), &shown, nullptr);
    }
  }
  for (const TableColumn* column : models.columns) {
    if (column->name.is_known() && whole(migrations) && !find_column(migrations, column->name.value)) {
      const Said shown = say(*column, column->type.is_known() ? std::string(column->type.value) : "there");
      add_drift(in, DriftKind::column, name, std::string(column->name.value), nullptr, &shown);
    }
  }
  if (!whole(migrations) || !whole(models)) {
    add_uncertain(in, name, "not every column's name could be told");
  }
}

void compare_tables(Comparing& in, const Table& migrations, const Table& models) {
  const std::string name = full_name(models);
  compare_columns(in, name, migrations, models);
  compare_parts(in, migrations, models);
  compare_table_comments(in, name, migrations, models);
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

TablesById by_id(const Snapshot& snapshot) {
  TablesById tables;
  for (const Table* table : snapshot.tables) {
    tables.emplace(table->id, table);
  }
  return tables;
}

// A table of the models; `made` is that of the migrations, or nullptr.
void compare_asked(Comparing& in, const Table& table, const Table* made) {
  if (table.uncertain || (made && made->uncertain)) {
    in.found.uncertain.push_back(full_name(table) + why_of(table.uncertain ? table : *made));
  } else if (made) {
    compare_tables(in, *made, table);
  } else if (in.migrations.doubts.empty()) {
    const Said said{"there", nullptr, table.model, nullptr, {}, {}};
    add_drift(in, DriftKind::table, full_name(table), "", nullptr, &said);
  } else {
    add_uncertain(in, full_name(table), "a step that could not be followed may make it");
  }
}

// Alembic's own table, which autogenerate leaves out.
bool is_version_table(const Comparing& in, const Table& table) {
  return in.models.version_table.is_known() && table.name.value == in.models.version_table.value;
}

// A table that the models do not have.
void tell_unasked(Comparing& in, const Table& table) {
  const Flag& all_schemas = in.models.include_schemas;
  if (table.uncertain) {
    in.found.uncertain.push_back(full_name(table) + why_of(table));
  } else if (!in.models.doubts.empty()) {
    add_uncertain(in, full_name(table), "a module that could not be followed may have it");
  } else if (!schema_of(table.schema).empty() && !(all_schemas.is_known() && all_schemas.value)) {
    add_uncertain(in, full_name(table), "only in the migrations, in a schema that env.py's autogenerate leaves out");
  } else if (in.models.version_table.is_unknown()) {
    add_uncertain(in, full_name(table), "only in the migrations, and may be the version_table that env.py works out");
  } else {
    const Said said{"there", table.operation, nullptr, nullptr, {}, {}};
    add_drift(in, DriftKind::table, full_name(table), "", &said, nullptr);
  }
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
      add_uncertain(in, name, "its values could not be told");
    } else if (text(*type) != text(*found->second)) {
      const Said migrations{text(*found->second), found->second->operation, nullptr, nullptr, {}, {}};
      const Said models{text(*type), nullptr, type->model, type->field, {}, {}};
      add_drift(in, DriftKind::enum_values, name, "", &migrations, &models);
    }
  }
}

}  // namespace

DriftFound find_drift(const Snapshot& migrations, const Snapshot& models) {
  DriftFound found;
  Comparing in{migrations, models, found, by_id(migrations), by_id(models)};
  const auto made = by_name(migrations), asked = by_name(models);
  for (const auto& [key, table] : asked) {
    const auto other = made.find(key);
    compare_asked(in, *table, other == made.end() ? nullptr : other->second);
  }
  for (const auto& [key, table] : made) {
    if (!asked.contains(key) && !is_version_table(in, *table)) {
      tell_unasked(in, *table);
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
