// SPDX-License-Identifier: Apache-2.0
#include "adapters/report/schema.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/facts/migration.h"
#include "engine/facts/models.h"
#include "engine/text/printable.h"

namespace spiritsafe {
namespace {

// The words that PostgreSQL takes for names only in quotes.
constexpr std::string_view reserved[] = {
    "all",        "analyse",      "analyze",  "and",        "any",       "array",    "as",           "asc",
    "asymmetric", "both",         "case",     "cast",       "check",     "collate",  "column",       "constraint",
    "create",     "current_date", "default",  "deferrable", "desc",      "distinct", "do",           "else",
    "end",        "except",       "false",    "fetch",      "for",       "foreign",  "from",         "grant",
    "group",      "having",       "in",       "initially",  "intersect", "into",     "lateral",      "leading",
    "limit",      "localtime",    "not",      "null",       "offset",    "on",       "only",         "or",
    "order",      "placing",      "primary",  "references", "returning", "select",   "session_user", "some",
    "symmetric",  "table",        "then",     "to",         "trailing",  "true",     "union",        "unique",
    "user",       "using",        "variadic", "when",       "where",     "window",   "with",
};
static_assert(std::ranges::is_sorted(reserved));

std::string quoted(std::string_view name) {
  const bool plain = !name.empty() && !(name[0] >= '0' && name[0] <= '9') && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  }) && !std::ranges::binary_search(reserved, name);
  if (plain) {
    return std::string(name);
  }
  std::string out = "\"";
  for (const char c : printable(name)) {
    out += c;
    out += c == '"' ? "\"" : "";
  }
  return out + "\"";
}

std::string literal(std::string_view text) {
  std::string out = "'";
  for (const char c : printable(text)) {
    out += c;
    out += c == '\'' ? "'" : "";
  }
  return out + "'";
}

std::string name_or(const Text& text, std::string_view otherwise) {
  return text.is_known() ? quoted(text.value) : std::string(otherwise);
}

std::string full_name(const Text& schema, const Text& name) {
  return schema.is_known() ? quoted(schema.value) + "." + name_or(name, "/* unknown */")
                           : name_or(name, "/* unknown */");
}

std::string comment_of(const ModelPlace& place) {
  return place.line == 0 ? std::string()
                         : fmt::format("  -- {}, {}:{}", printable(place.name), printable(place.path), place.line);
}

// ` -- ae10, versions/ae10_add_user.py:21`
std::string place_of(const ReplayedSchema& schema, const Operation* operation) {
  if (!operation || !operation->migration) {
    return {};
  }
  const Migration& migration = *operation->migration;
  return fmt::format("  -- {}, {}:{}",
                     migration.revision.is_known() ? printable(migration.revision.value) : std::string("unknown"),
                     printable(migration.file->source.path), schema.lines.at(operation));
}

std::string names_of_columns(const Table& table, const ColumnNumbers& columns) {
  std::vector<std::string> names;
  for (const uint32_t number : columns.items) {
    const TableColumn* column = find_column(table, number);
    names.push_back(column ? name_or(column->name, "/* unknown */") : "/* an expression */");
  }
  if (columns.state != State::known || columns.open) {
    names.emplace_back("/* unknown */");
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string line_of(const TableColumn& column) {
  std::string line = name_or(column.name, "/* unknown */") + " " +
                     (column.type.is_known() ? printable(column.type.value) : "/* unknown type */");
  if (column.nullable.is_known() && !column.nullable.value) {
    line += " NOT NULL";
  } else if (column.nullable.is_unknown()) {
    line += " /* NULL or NOT NULL: unknown */";
  }
  if (column.identity.is_known() && column.identity.value) {
    const Flag& always = column.identity_always;
    line += fmt::format(" GENERATED {} AS IDENTITY", !always.is_known() ? "/* ALWAYS or BY DEFAULT */"
                                                     : always.value     ? "ALWAYS"
                                                                        : "BY DEFAULT");
  }
  if (column.computed.is_known() && column.computed.value) {
    const Text& as = column.computed_as;
    line += fmt::format(" GENERATED ALWAYS AS ({}) STORED", as.is_known() ? printable(as.value) : "/* unknown */");
  } else if (!column.server_default.is_absent()) {
    line += " DEFAULT " + (column.server_default.is_known() ? printable(column.server_default.value) : "/* unknown */");
  }
  return line;
}

std::string line_of(const Snapshot& snapshot, const Table& table, const TableConstraint& constraint) {
  std::string line;
  if (!constraint.name.is_absent()) {
    line += "CONSTRAINT " + name_or(constraint.name, "/* unknown */") + " ";
  }
  const std::string columns = "(" + names_of_columns(table, constraint.columns) + ")";
  switch (constraint.kind) {
    case ConstraintKind::primary_key:
      return line + "PRIMARY KEY " + columns;
    case ConstraintKind::unique:
      return line + "UNIQUE " + columns;
    case ConstraintKind::exclude:
      return line + "EXCLUDE /* unknown */";
    case ConstraintKind::check:
      return line + "CHECK (" +
             (constraint.condition.is_known() ? printable(constraint.condition.value) : "/* unknown */") + ")";
    case ConstraintKind::foreign_key:
      break;
  }
  const auto referent = std::ranges::find(snapshot.tables, constraint.referent, &Table::id);
  if (referent != snapshot.tables.end()) {
    line += fmt::format("FOREIGN KEY {} REFERENCES {} ({})", columns, full_name((*referent)->schema, (*referent)->name),
                        names_of_columns(**referent, constraint.referent_columns));
  } else {
    line += fmt::format("FOREIGN KEY {} REFERENCES {}", columns,
                        full_name(constraint.referent_schema, constraint.referent_table));
  }
  if (constraint.ondelete.is_known()) {
    line += " ON DELETE " + printable(constraint.ondelete.value);
  }
  if (constraint.onupdate.is_known()) {
    line += " ON UPDATE " + printable(constraint.onupdate.value);
  }
  if (constraint.deferrable.is_known() && constraint.deferrable.value) {
    line += " DEFERRABLE";
  }
  if (constraint.initially.is_known()) {
    line += " INITIALLY " + printable(constraint.initially.value);
  }
  return line;
}

std::string_view doubt_of(const ReplayedSchema& schema) {
  return schema.of_models.empty() ? "uncertain, for a step that could not be followed" : "uncertain, for its model";
}

void append_table(std::string& out, const ReplayedSchema& schema, const Table& table) {
  const Snapshot& snapshot = schema.snapshot;
  const std::string name = full_name(table.schema, table.name);
  if (table.uncertain) {
    out += fmt::format("-- {}: {}\n", doubt_of(schema),
                       table.why.is_known() ? printable(table.why.value) : std::string("unknown"));
  }
  // What was made with the table has its place.
  const auto place_if_other = [&](const Operation* operation) {
    return operation == table.operation ? std::string() : place_of(schema, operation);
  };
  std::vector<std::pair<std::string, std::string>> lines;
  for (const TableColumn* column : table.columns) {
    lines.emplace_back(line_of(*column), place_if_other(column->operation) +
                                             comment_of(place_of_model(column->model, column->field, {})));
  }
  for (const TableConstraint* constraint : table.constraints) {
    lines.emplace_back(line_of(snapshot, table, *constraint),
                       place_if_other(constraint->operation) +
                           comment_of(place_of_model(constraint->model, constraint->field, constraint->span)));
  }
  out += fmt::format("CREATE TABLE {} ({}{}\n", name, place_of(schema, table.operation),
                     comment_of(place_of_model(table.model, nullptr, {})));
  for (size_t i = 0; i < lines.size(); ++i) {
    out += fmt::format("  {}{}{}\n", lines[i].first, i + 1 < lines.size() ? "," : "", lines[i].second);
  }
  out += ");\n";
  for (const TableIndex* index : table.indexes) {
    out += fmt::format(
        "CREATE {}INDEX {} ON {} ({}){};{}\n", index->unique.is_known() && index->unique.value ? "UNIQUE " : "",
        name_or(index->name, ""), name, names_of_columns(table, index->columns),
        index->condition.is_absent()  ? ""
        : index->condition.is_known() ? " WHERE " + printable(index->condition.value)
                                      : std::string(" /* WHERE unknown */"),
        place_of(schema, index->operation) + comment_of(place_of_model(index->model, index->field, index->span)));
  }
  if (table.comment.is_known()) {
    out += fmt::format("COMMENT ON TABLE {} IS {};\n", name, literal(table.comment.value));
  }
  for (const TableColumn* column : table.columns) {
    if (column->comment.is_known()) {
      out += fmt::format("COMMENT ON COLUMN {}.{} IS {};\n", name, name_or(column->name, "/* unknown */"),
                         literal(column->comment.value));
    }
  }
  out += "\n";
}

void append_enum(std::string& out, const ReplayedSchema& schema, const EnumType& type) {
  std::vector<std::string> values;
  for (const Text& value : type.values.items) {
    values.push_back(value.is_known() ? literal(value.value) : "/* unknown */");
  }
  if (type.values.open || type.values.state != State::known) {
    values.emplace_back("/* unknown */");
  }
  if (type.uncertain) {
    out += fmt::format("-- {}: {}\n", doubt_of(schema),
                       type.why.is_known() ? printable(type.why.value) : std::string("unknown"));
  }
  out += fmt::format("CREATE TYPE {} AS ENUM ({});{}\n\n", full_name(type.schema, type.name), fmt::join(values, ", "),
                     place_of(schema, type.operation) + comment_of(place_of_model(type.model, type.field, {})));
}

std::string write_sql(const ReplayedSchema& schema) {
  std::string out;
  std::vector<std::string> at;
  std::ranges::transform(schema.at, std::back_inserter(at), [](const std::string& id) { return printable(id); });
  if (!schema.of_models.empty()) {
    out += fmt::format("-- {}what the models say ({})\n\n",
                       schema.project.empty() ? "" : printable(schema.project) + ": ", printable(schema.of_models));
  } else {
    out += fmt::format("-- {}{}{}{}\n\n", schema.project.empty() ? "" : printable(schema.project) + ": ",
                       schema.downgraded ? "behind the downgrade() of "
                       : at.empty()      ? "no revision: an empty database"
                       : at.size() == 1  ? "at "
                                         : "at all heads together, one line after another: ",
                       fmt::join(at, ", "), "");
  }
  for (const Text& doubt : schema.snapshot.doubts) {
    out += fmt::format(
        "-- {}: {}\n",
        schema.of_models.empty() ? "anything may have been made, changed or dropped by" : "there may be more",
        doubt.is_known() ? printable(doubt.value) : std::string("unknown"));
  }
  out += schema.snapshot.doubts.empty() ? "" : "\n";
  std::ranges::for_each(schema.snapshot.enums, [&](const EnumType* type) { append_enum(out, schema, *type); });
  std::ranges::for_each(schema.snapshot.tables, [&](const Table* table) { append_table(out, schema, *table); });
  for (const Relation* view : schema.snapshot.views) {
    out += fmt::format("-- view {}{}\n", full_name(view->schema, view->name), place_of(schema, view->operation));
  }
  return out;
}

}  // namespace

ModelPlace place_of_model(const Model* model, const ModelField* field, Span span) {
  if (!model) {
    return {};
  }
  const File* file = field ? field->file : model->file;
  const bool own = span.end > span.begin;
  const Span at = own ? span : field ? field->span : model->span;
  ModelPlace place;
  place.name = std::string(model->name.value);
  if (field) {
    place.name.append(".").append(field->name.value);
  }
  place.path = file->source.path;
  place.line = LineIndex(file->source.text).locate(at.begin).line;
  return place;
}

void find_lines(ReplayedSchema& schema) {
  std::vector<const Operation*> operations;
  const auto add = [&](const auto& list) {
    for (const auto* each : list) {
      if (each->operation && each->operation->migration) {
        operations.push_back(each->operation);
      }
    }
  };
  add(schema.snapshot.tables);
  add(schema.snapshot.enums);
  add(schema.snapshot.sequences);
  add(schema.snapshot.views);
  for (const Table* table : schema.snapshot.tables) {
    add(table->columns);
    add(table->constraints);
    add(table->indexes);
  }
  const auto file_of = [](const Operation* operation) { return operation->migration->file; };
  std::ranges::sort(operations, std::less<const File*>(), file_of);
  const File* file = nullptr;
  std::optional<LineIndex> index;
  for (const Operation* operation : operations) {
    if (file_of(operation) != file) {
      file = file_of(operation);
      index.emplace(file->source.text);
    }
    schema.lines[operation] = index->locate(operation->span.begin).line;
  }
}

std::span<const SchemaFormat> schema_formats() {
  static constexpr SchemaFormat formats[] = {
      {"sql", "statements to read, with the place of each thing", write_sql, "", "\n", ""},
      {"json", "for programs", write_schema_json, "[\n", ",\n", "\n]\n"},
  };
  return formats;
}

}  // namespace spiritsafe
