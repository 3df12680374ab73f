// SPDX-License-Identifier: Apache-2.0
#include "engine/facts/kinds.h"

#include "engine/facts/models.h"

namespace spiritsafe {

#define SPIRITSAFE_NAMES(Kind, ...)                            \
  template <>                                                  \
  std::span<const std::string_view> names_of<Kind>() {         \
    static constexpr std::string_view names[] = {__VA_ARGS__}; \
    return names;                                              \
  }

SPIRITSAFE_NAMES(OperationKind, "create_table", "drop_table", "rename_table", "add_column", "drop_column",
                 "alter_column", "create_index", "drop_index", "create_unique_constraint", "create_primary_key",
                 "create_foreign_key", "create_check_constraint", "create_exclude_constraint", "drop_constraint",
                 "create_table_comment", "drop_table_comment", "execute", "bulk_insert", "create_enum", "drop_enum",
                 "add_enum_value", "rename_enum_value", "rename_enum", "rename_constraint", "rename_index",
                 "validate_constraint", "create_schema", "drop_schema", "create_sequence", "drop_sequence",
                 "create_view", "drop_view", "plugin", "unrecognised")
SPIRITSAFE_NAMES(Direction, "upgrade", "downgrade")
SPIRITSAFE_NAMES(WrittenAs, "alembic", "sql")
SPIRITSAFE_NAMES(ExecuteForm, "op_execute", "connection", "session", "other")
SPIRITSAFE_NAMES(SqlText, "literal", "interpolated", "expression", "unreadable")
SPIRITSAFE_NAMES(StatementClass, "ddl", "dml", "query", "enum_type", "session_setting", "transaction", "maintenance",
                 "other", "unreadable")
SPIRITSAFE_NAMES(TypeFamily, "string", "text", "integer", "big_integer", "small_integer", "boolean", "real", "floating",
                 "numeric", "datetime", "datetime_with_timezone", "date", "time", "interval", "binary", "uuid", "json",
                 "jsonb", "array", "enumeration", "other")
SPIRITSAFE_NAMES(ConstraintKind, "primary_key", "unique", "foreign_key", "check", "exclude")
SPIRITSAFE_NAMES(LockMode, "ACCESS SHARE", "ROW SHARE", "ROW EXCLUSIVE", "SHARE UPDATE EXCLUSIVE", "SHARE",
                 "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE")
SPIRITSAFE_NAMES(Blocked, "nothing", "writes", "reads and writes")
SPIRITSAFE_NAMES(CommentKind, "marker", "generated", "waiver", "own")
SPIRITSAFE_NAMES(ImportPlace, "module", "function", "try_block", "type_checking")
SPIRITSAFE_NAMES(Language, "python", "sql", "shell", "yaml", "docker", "make", "just", "ini", "toml", "mako", "other")
SPIRITSAFE_NAMES(Change, "added", "modified", "renamed", "deleted", "unchanged")
SPIRITSAFE_NAMES(Platform, "github", "gitlab")
SPIRITSAFE_NAMES(SchemaChangeKind, "create_all", "drop_all", "create_table", "drop_table", "sql", "stamp")
SPIRITSAFE_NAMES(DriftKind, "table", "column", "type", "nullable", "server_default", "identity", "computed",
                 "primary_key", "unique", "foreign_key", "index", "enum_values", "check", "comment")
SPIRITSAFE_NAMES(DriftSide, "models", "migrations", "both")
SPIRITSAFE_NAMES(DriftCause, "models", "migrations", "both", "before")
SPIRITSAFE_NAMES(WeakeningKind, "level_lowered", "rule_off", "rule_changed", "override_added", "waiver_added",
                 "exclude_added", "start_after_set", "setting_changed", "approvers_changed", "pack_removed",
                 "policy_removed", "project_removed", "job_removed", "step_removed", "hook_removed", "trigger_removed",
                 "continue_on_error", "always_true", "never_runs", "condition_changed", "report_only", "no_verify",
                 "skip_ci")
SPIRITSAFE_NAMES(FileProblem, "none", "not_utf8", "contains_nul", "too_large", "too_deep", "symlink_out_of_tree",
                 "unreadable", "not_a_file")

SPIRITSAFE_NAMES(PythonType, "string", "email", "text_like", "floating", "boolean", "integer", "datetime", "date",
                 "timedelta", "time", "bytes", "decimal", "uuid", "enumeration", "string_enumeration",
                 "integer_enumeration", "other")
SPIRITSAFE_NAMES(FieldForm, "annotation", "sa_column", "declarative")

#undef SPIRITSAFE_NAMES

}  // namespace spiritsafe
