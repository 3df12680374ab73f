// SPDX-License-Identifier: Apache-2.0
#include "engine/judge/summary.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/judge/show.h"

namespace spiritsafe {
namespace {

constexpr size_t longest_name = 100;
constexpr size_t longest_message = 400;
constexpr size_t most_statements = 5;
constexpr size_t most_changes = 200;

// How each kind is told. {object} is the table and, where there is one, the column; {name} is what is made or dropped.
struct Wording {
  OperationKind kind;
  std::string_view verb;
  bool names_column;       // `table.column` instead of the target's own name
  std::string_view joint;  // between the name and the table; empty: the table is not said
};

using enum OperationKind;
constexpr Wording wordings[] = {
    {create_table, "adds table", false, ""},
    {drop_table, "drops table", false, ""},
    {rename_table, "renames table", false, ""},
    {add_column, "adds column", true, ""},
    {drop_column, "drops column", true, ""},
    {alter_column, "alters column", true, ""},
    {create_index, "adds index", false, "on"},
    {drop_index, "drops index", false, "of"},
    {create_unique_constraint, "adds unique constraint", false, "on"},
    {create_primary_key, "adds primary key", false, "on"},
    {create_foreign_key, "adds foreign key", false, "on"},
    {create_check_constraint, "adds check constraint", false, "on"},
    {create_exclude_constraint, "adds exclude constraint", false, "on"},
    {drop_constraint, "drops constraint", false, "of"},
    {create_table_comment, "comments table", false, ""},
    {drop_table_comment, "drops the comment of table", false, ""},
    {execute, "runs SQL", false, ""},
    {bulk_insert, "inserts rows into", false, ""},
    {create_enum, "adds type", false, ""},
    {drop_enum, "drops type", false, ""},
    {add_enum_value, "adds a value to type", false, ""},
    {rename_enum_value, "renames a value of type", false, ""},
    {rename_enum, "renames type", false, ""},
    {rename_constraint, "renames constraint", false, "of"},
    {rename_index, "renames index", false, ""},
    {validate_constraint, "validates constraint", false, "of"},
    {create_schema, "adds schema", false, ""},
    {drop_schema, "drops schema", false, ""},
    {create_sequence, "adds sequence", false, ""},
    {drop_sequence, "drops sequence", false, ""},
    {create_view, "adds view", false, ""},
    {drop_view, "drops view", false, ""},
    {plugin, "runs", false, ""},
    {unrecognised, "runs", false, ""},
};
static_assert(std::size(wordings) == operation_kind_count);

std::string show(const Text& text) {
  if (text.is_known()) {
    return show_text(text.value, longest_name);
  }
  return text.is_absent() ? "without a name" : "(unknown)";
}

std::string show_table(const Operation& operation) {
  return operation.schema.is_known() ? show(operation.schema) + "." + show(operation.table) : show(operation.table);
}

// What an alter_column changes, in words.
std::string alterations(const Operation& operation) {
  std::vector<std::string> parts;
  if (!operation.new_name.is_absent()) {
    parts.push_back("renamed to " + show(operation.new_name));
  }
  if (!operation.type.is_absent()) {
    parts.push_back("type");
  }
  if (!operation.nullable.is_absent()) {
    parts.push_back(operation.nullable.is_unknown() ? "nullable" : operation.nullable.value ? "null" : "not null");
  }
  if (!operation.server_default.is_absent() || operation.drops_server_default.value) {
    parts.push_back("default");
  }
  if (!operation.comment.is_absent()) {
    parts.push_back("comment");
  }
  return parts.empty() ? std::string() : fmt::format(": {}", fmt::join(parts, ", "));
}

std::string show_statement(const Statement& statement) {
  std::string words = statement.kind.is_known() ? show(statement.kind) : std::string("unknown");
  std::ranges::replace(words, '_', ' ');
  return statement.table.is_known() ? words + " " + show(statement.table) : words;
}

// Statements that amount to operations of their own are told as those.
bool is_told_elsewhere(const Operation& execute_operation) {
  return execute_operation.step && std::ranges::any_of(execute_operation.step->operations, [&](const Operation& other) {
           return &other != &execute_operation && other.written_as == WrittenAs::sql &&
                  other.kind != OperationKind::execute;
         });
}

std::string show_sql(const Operation& operation) {
  std::vector<std::string> parts;
  const bool only_the_rest = is_told_elsewhere(operation);
  for (const Statement& statement : operation.sql.items) {
    const bool told =
        only_the_rest && statement.statement_class.is_known() && statement.statement_class.value == StatementClass::ddl;
    if (!told && parts.size() < most_statements) {
      parts.push_back(show_statement(statement));
    } else if (!told) {
      parts.push_back("…");
      break;
    }
  }
  if (parts.empty()) {
    return only_the_rest ? std::string() : std::string("runs SQL (unknown)");
  }
  return fmt::format("runs SQL ({})", fmt::join(parts, ", "));
}

// Empty where the operation is told by another one.
std::string show_change(const Operation& operation) {
  const Wording& wording = wordings[static_cast<size_t>(operation.kind)];
  switch (operation.kind) {
    case execute:
      return show_sql(operation);
    case plugin:
    case unrecognised:
      return fmt::format("{} {}", wording.verb, show(operation.call));
    case rename_table:
      return fmt::format("{} {} to {}", wording.verb, show_table(operation), show(operation.new_name));
    case create_table:
    case drop_table:
    case create_table_comment:
    case drop_table_comment:
    case bulk_insert:
      return fmt::format("{} {}", wording.verb, show_table(operation));
    default:
      break;
  }
  if (wording.names_column) {
    return fmt::format("{} {}.{}{}", wording.verb, show_table(operation), show(operation.target),
                       alterations(operation));
  }
  std::string change = fmt::format("{} {}", wording.verb, show(operation.target));
  if (!wording.joint.empty() && !operation.table.is_absent()) {
    change += fmt::format(" {} {}", wording.joint, show_table(operation));
  }
  if (operation.kind == create_foreign_key && !operation.referent_table.is_absent()) {
    change += fmt::format(" to {}", show(operation.referent_table));
  }
  return change;
}

bool is_among(OperationKind kind, const std::vector<std::string>* names) {
  return names && std::ranges::find(*names, name_of(kind)) != names->end();
}

}  // namespace

MigrationSummary summarise(const Migration& migration, const std::vector<std::string>* destructive) {
  MigrationSummary summary;
  summary.path = migration.file->source.path;
  if (migration.revision.is_known()) {
    summary.revision = show_text(migration.revision.value);
  }
  for (const Text& parent : migration.parents.items) {
    summary.parents.push_back(parent.is_known() ? show_text(parent.value) : "(unknown)");
  }
  if (migration.message.is_known()) {
    summary.message = show_text(migration.message.value, longest_message);
  }
  size_t left_out = 0;
  for (const bool first : {true, false}) {
    for (const Operation& operation : migration.upgrade.items) {
      if (operation.implicit || is_among(operation.kind, destructive) != first) {
        continue;
      }
      if (summary.changes.size() >= most_changes) {
        ++left_out;
      } else if (std::string change = show_change(operation); !change.empty()) {
        summary.changes.push_back(std::move(change));
        summary.destructive += first;
      }
    }
  }
  if (left_out > 0) {
    summary.changes.push_back(fmt::format("… and {} more", left_out));
  }
  return summary;
}

}  // namespace spiritsafe
