// SPDX-License-Identifier: Apache-2.0
// The closed sets of words that facts are made of. The names are Alembic's, SQLAlchemy's and PostgreSQL's; each
// enumeration has one list of names in kinds.cc, in the same order, and the vocabulary reads that list.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace spiritsafe {

// Alembic's operations, then what only SQL or a type object can say.
enum class OperationKind : uint8_t {
  create_table,
  drop_table,
  rename_table,
  add_column,
  drop_column,
  alter_column,
  create_index,
  drop_index,
  create_unique_constraint,
  create_primary_key,
  create_foreign_key,
  create_check_constraint,
  create_exclude_constraint,
  drop_constraint,
  create_table_comment,
  drop_table_comment,
  execute,
  bulk_insert,
  create_enum,  // sa.Enum(…).create(bind), CREATE TYPE … AS ENUM
  drop_enum,    // sa.Enum(…).drop(bind), DROP TYPE
  // What only SQL can say.
  add_enum_value,
  rename_enum_value,
  rename_enum,
  rename_constraint,
  rename_index,
  validate_constraint,
  create_schema,
  drop_schema,
  create_sequence,
  drop_sequence,
  create_view,  // a materialised one, too
  drop_view,
  plugin,        // an operation that a plugin registered (`known_operations`)
  unrecognised,  // op.<something> that neither Alembic nor the settings know, or a step that could not be read
};
inline constexpr size_t operation_kind_count = static_cast<size_t>(OperationKind::unrecognised) + 1;

enum class Direction : uint8_t { upgrade, downgrade };
enum class WrittenAs : uint8_t { alembic, sql };
// How raw SQL reached the database.
enum class ExecuteForm : uint8_t { op_execute, connection, session, other };
// How the text of an SQL statement was put together: only constants, or with values that are not in the text.
enum class SqlText : uint8_t { literal, interpolated, expression, unreadable };

enum class StatementClass : uint8_t {
  ddl,
  dml,
  query,
  enum_type,
  session_setting,
  transaction,
  maintenance,
  other,
  unreadable
};

enum class TypeFamily : uint8_t {
  string,
  text,
  integer,
  big_integer,
  small_integer,
  boolean,
  real,
  floating,
  numeric,
  datetime,
  datetime_with_timezone,
  date,
  time,
  interval,
  binary,
  uuid,
  json,
  jsonb,
  array,
  enumeration,
  other,
};

enum class ConstraintKind : uint8_t { primary_key, unique, foreign_key, check, exclude };
// PostgreSQL's locks on a table, as it names them, the weakest first.
enum class LockMode : uint8_t {
  access_share,
  row_share,
  row_exclusive,
  share_update_exclusive,
  share,
  share_row_exclusive,
  exclusive,
  access_exclusive
};
// What others have to wait with while a lock is held.
enum class Blocked : uint8_t { nothing, writes, reads_and_writes };
enum class CommentKind : uint8_t { marker, generated, waiver, own };
enum class ImportPlace : uint8_t { module, function, try_block, type_checking };
enum class Language : uint8_t { python, sql, shell, yaml, docker, make, just, ini, toml, mako, other };
enum class Change : uint8_t { added, modified, renamed, deleted, unchanged };
enum class Platform : uint8_t { github, gitlab };
// How a place outside of migrations changes the schema: SQLAlchemy's create_all and drop_all, create() and drop() of
// one table, SQL, or `alembic stamp`, which only says that it is changed.
enum class SchemaChangeKind : uint8_t { create_all, drop_all, create_table, drop_table, sql, stamp };
// What of a table the models and the migrations can differ in; `enum_values`: of an enum type.
enum class DriftKind : uint8_t {
  table,
  column,
  type,
  nullable,
  server_default,
  identity,
  computed,
  primary_key,
  unique,
  foreign_key,
  index,
  enum_values,
  check,
  comment,  // of a column, or of the table
};
// Which of the two have it: one of them, or both and otherwise.
enum class DriftSide : uint8_t { models, migrations, both };
// What of a change made the two differ: its models, its migrations, both of them; or they did so before.
enum class DriftCause : uint8_t { models, migrations, both, before };
enum class WeakeningKind : uint8_t {
  level_lowered,
  rule_off,
  rule_changed,  // what it asks or whom it asks was changed
  override_added,
  waiver_added,
  exclude_added,
  start_after_set,
  setting_changed,
  approvers_changed,
  pack_removed,
  policy_removed,
  project_removed,
  job_removed,
  step_removed,
  hook_removed,
  trigger_removed,
  continue_on_error,
  always_true,  // `|| true`
  never_runs,   // `if: false`, `when: never`
  condition_changed,
  report_only,
  no_verify,
  skip_ci,
};
// Why a file could not be read as what it should be.
enum class FileProblem : uint8_t {
  none,
  not_utf8,
  contains_nul,
  too_large,
  too_deep,
  symlink_out_of_tree,
  unreadable,
  not_a_file
};

// SQLAlchemy's names of the databases that are told apart.
inline constexpr std::string_view dialect_names[] = {"postgresql", "mysql",       "mariadb", "sqlite",
                                                     "mssql",      "cockroachdb", "oracle"};

template <class Kind>
std::span<const std::string_view> names_of();
template <>
std::span<const std::string_view> names_of<OperationKind>();
template <>
std::span<const std::string_view> names_of<Direction>();
template <>
std::span<const std::string_view> names_of<WrittenAs>();
template <>
std::span<const std::string_view> names_of<ExecuteForm>();
template <>
std::span<const std::string_view> names_of<SqlText>();
template <>
std::span<const std::string_view> names_of<StatementClass>();
template <>
std::span<const std::string_view> names_of<TypeFamily>();
template <>
std::span<const std::string_view> names_of<ConstraintKind>();
template <>
std::span<const std::string_view> names_of<LockMode>();
template <>
std::span<const std::string_view> names_of<Blocked>();
template <>
std::span<const std::string_view> names_of<CommentKind>();
template <>
std::span<const std::string_view> names_of<ImportPlace>();
template <>
std::span<const std::string_view> names_of<Language>();
template <>
std::span<const std::string_view> names_of<Change>();
template <>
std::span<const std::string_view> names_of<Platform>();
template <>
std::span<const std::string_view> names_of<SchemaChangeKind>();
template <>
std::span<const std::string_view> names_of<DriftKind>();
template <>
std::span<const std::string_view> names_of<DriftSide>();
template <>
std::span<const std::string_view> names_of<DriftCause>();
template <>
std::span<const std::string_view> names_of<WeakeningKind>();
template <>
std::span<const std::string_view> names_of<FileProblem>();

template <class Kind>
std::string_view name_of(Kind kind) {
  return names_of<Kind>()[static_cast<size_t>(kind)];
}

}  // namespace spiritsafe
