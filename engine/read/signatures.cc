// SPDX-License-Identifier: Apache-2.0
#include "engine/read/signatures.h"

#include <algorithm>
#include <iterator>

namespace spiritsafe {
namespace {

constexpr DirectiveParameter must(std::string_view name, Role role) { return {name, role, true, false, false}; }
constexpr DirectiveParameter may(std::string_view name, Role role = Role::ignored) {
  return {name, role, false, false, false};
}
constexpr DirectiveParameter only(std::string_view name, Role role = Role::ignored) {
  return {name, role, false, true, false};
}
constexpr DirectiveParameter rest(std::string_view name, Role role) { return {name, role, false, false, true}; }

constexpr DirectiveParameter create_table[] = {
    must("table_name", Role::table),
    rest("columns", Role::members),
    only("if_not_exists", Role::if_not_exists),
    only("schema", Role::schema),
    only("comment", Role::comment),
    only("info"),
    only("prefixes"),
    only("listeners"),
    only("quote"),
    only("quote_schema"),
    only("implicit_returning"),
    only("keep_existing"),
    only("extend_existing"),
    only("include_columns"),
    only("mustexist"),
};
constexpr DirectiveParameter drop_table[] = {
    must("table_name", Role::table),
    only("schema", Role::schema),
    only("if_exists", Role::if_exists),
    only("info"),
};
constexpr DirectiveParameter rename_table[] = {
    must("old_table_name", Role::table),
    must("new_table_name", Role::new_name),
    only("schema", Role::schema),
};
constexpr DirectiveParameter add_column[] = {
    must("table_name", Role::table), must("column", Role::column),
    only("schema", Role::schema),    only("if_not_exists", Role::if_not_exists),
    only("inline_references"),       only("inline_primary_key"),
};
constexpr DirectiveParameter batch_add_column[] = {
    must("column", Role::column), only("insert_before"),
    only("insert_after"),         only("if_not_exists", Role::if_not_exists),
    only("inline_references"),    only("inline_primary_key"),
};
constexpr DirectiveParameter drop_column[] = {
    must("table_name", Role::table),    must("column_name", Role::target), only("schema", Role::schema),
    only("if_exists", Role::if_exists), only("mssql_drop_check"),          only("mssql_drop_default"),
    only("mssql_drop_foreign_key"),
};
constexpr DirectiveParameter batch_drop_column[] = {
    must("column_name", Role::target),
    only("if_exists", Role::if_exists),
};
constexpr DirectiveParameter alter_column[] = {
    must("table_name", Role::table),
    must("column_name", Role::target),
    only("nullable", Role::nullable),
    only("comment", Role::comment),
    only("server_default", Role::server_default),
    only("new_column_name", Role::new_name),
    only("type_", Role::type),
    only("existing_type", Role::existing_type),
    only("existing_server_default"),
    only("existing_nullable", Role::existing_nullable),
    only("existing_comment"),
    only("schema", Role::schema),
    only("autoincrement"),
    only("existing_autoincrement"),
};
constexpr DirectiveParameter batch_alter_column[] = {
    must("column_name", Role::target),
    only("nullable", Role::nullable),
    only("comment", Role::comment),
    only("server_default", Role::server_default),
    only("new_column_name", Role::new_name),
    only("type_", Role::type),
    only("existing_type", Role::existing_type),
    only("existing_server_default"),
    only("existing_nullable", Role::existing_nullable),
    only("existing_comment"),
    only("insert_before"),
    only("insert_after"),
    only("autoincrement"),
    only("existing_autoincrement"),
};
constexpr DirectiveParameter create_index[] = {
    must("index_name", Role::target),
    must("table_name", Role::table),
    must("columns", Role::columns),
    only("schema", Role::schema),
    only("unique", Role::unique),
    only("if_not_exists", Role::if_not_exists),
    only("quote"),
    only("info"),
};
constexpr DirectiveParameter batch_create_index[] = {
    must("index_name", Role::target),
    must("columns", Role::columns),
    only("unique", Role::unique),
    only("if_not_exists", Role::if_not_exists),
    only("quote"),
    only("info"),
};
constexpr DirectiveParameter drop_index[] = {
    must("index_name", Role::target),
    may("table_name", Role::table),
    only("schema", Role::schema),
    only("if_exists", Role::if_exists),
    only("info"),
};
constexpr DirectiveParameter batch_drop_index[] = {
    must("index_name", Role::target),
    only("if_exists", Role::if_exists),
    only("info"),
};
constexpr DirectiveParameter create_unique_constraint[] = {
    must("constraint_name", Role::target),
    must("table_name", Role::table),
    must("columns", Role::columns),
    only("schema", Role::schema),
    only("deferrable"),
    only("initially"),
    only("info"),
    only("comment"),
};
constexpr DirectiveParameter batch_create_unique_constraint[] = {
    must("constraint_name", Role::target),
    must("columns", Role::columns),
    only("deferrable"),
    only("initially"),
    only("info"),
    only("comment"),
};
constexpr DirectiveParameter create_primary_key[] = {
    must("constraint_name", Role::target),
    must("table_name", Role::table),
    must("columns", Role::columns),
    only("schema", Role::schema),
    only("info"),
};
constexpr DirectiveParameter batch_create_primary_key[] = {
    must("constraint_name", Role::target),
    must("columns", Role::columns),
    only("info"),
};
constexpr DirectiveParameter create_foreign_key[] = {
    must("constraint_name", Role::target),
    must("source_table", Role::table),
    must("referent_table", Role::referent_table),
    must("local_cols", Role::columns),
    must("remote_cols", Role::referent_columns),
    only("onupdate", Role::onupdate),
    only("ondelete", Role::ondelete),
    only("deferrable", Role::deferrable),
    only("initially", Role::initially),
    only("match"),
    only("source_schema", Role::schema),
    only("referent_schema", Role::referent_schema),
    only("use_alter"),
    only("link_to_name"),
    only("info"),
    only("comment"),
};
constexpr DirectiveParameter batch_create_foreign_key[] = {
    must("constraint_name", Role::target),
    must("referent_table", Role::referent_table),
    must("local_cols", Role::columns),
    must("remote_cols", Role::referent_columns),
    only("referent_schema", Role::referent_schema),
    only("onupdate", Role::onupdate),
    only("ondelete", Role::ondelete),
    only("deferrable", Role::deferrable),
    only("initially", Role::initially),
    only("match"),
    only("use_alter"),
    only("link_to_name"),
    only("info"),
    only("comment"),
};
constexpr DirectiveParameter create_check_constraint[] = {
    must("constraint_name", Role::target),
    must("table_name", Role::table),
    must("condition", Role::condition),
    only("schema", Role::schema),
    only("deferrable"),
    only("initially"),
    only("info"),
    only("comment"),
};
constexpr DirectiveParameter batch_create_check_constraint[] = {
    must("constraint_name", Role::target),
    must("condition", Role::condition),
    only("deferrable"),
    only("initially"),
    only("info"),
    only("comment"),
};
constexpr DirectiveParameter create_exclude_constraint[] = {
    must("constraint_name", Role::target),
    must("table_name", Role::table),
    rest("elements", Role::elements),
    only("where", Role::condition),
    only("schema", Role::schema),
    only("using"),
    only("ops"),
    only("deferrable"),
    only("initially"),
};
constexpr DirectiveParameter batch_create_exclude_constraint[] = {
    must("constraint_name", Role::target),
    rest("elements", Role::elements),
    only("where", Role::condition),
    only("using"),
    only("ops"),
    only("deferrable"),
    only("initially"),
};
constexpr DirectiveParameter drop_constraint[] = {
    must("constraint_name", Role::target), must("table_name", Role::table),    may("type_", Role::constraint_type),
    only("schema", Role::schema),          only("if_exists", Role::if_exists), only("info"),
};
constexpr DirectiveParameter batch_drop_constraint[] = {
    must("constraint_name", Role::target),
    may("type_", Role::constraint_type),
    only("if_exists", Role::if_exists),
};
constexpr DirectiveParameter create_table_comment[] = {
    must("table_name", Role::table),
    must("comment", Role::comment),
    only("existing_comment"),
    only("schema", Role::schema),
};
constexpr DirectiveParameter batch_create_table_comment[] = {must("comment", Role::comment), only("existing_comment")};
constexpr DirectiveParameter drop_table_comment[] = {
    must("table_name", Role::table),
    only("existing_comment"),
    only("schema", Role::schema),
};
constexpr DirectiveParameter batch_drop_table_comment[] = {only("existing_comment")};
constexpr DirectiveParameter execute[] = {must("sqltext", Role::sql), only("execution_options")};
constexpr DirectiveParameter bulk_insert[] = {must("table", Role::table), must("rows", Role::rows),
                                              only("multiinsert")};

#define DIRECTIVE(name, dialect) \
  { #name, "op." #name, "batch_op." #name, OperationKind::name, name, batch_##name, dialect }
#define DIRECTIVE_OF_OP(name, dialect) \
  { #name, "op." #name, {}, OperationKind::name, name, {}, dialect }

// In the order of their names.
constexpr Directive signatures[] = {
    DIRECTIVE(add_column, false),
    DIRECTIVE(alter_column, true),
    DIRECTIVE_OF_OP(bulk_insert, false),
    DIRECTIVE(create_check_constraint, true),
    DIRECTIVE(create_exclude_constraint, true),
    DIRECTIVE(create_foreign_key, true),
    DIRECTIVE(create_index, true),
    DIRECTIVE(create_primary_key, true),
    DIRECTIVE_OF_OP(create_table, true),
    DIRECTIVE(create_table_comment, false),
    DIRECTIVE(create_unique_constraint, true),
    DIRECTIVE(drop_column, true),
    DIRECTIVE(drop_constraint, true),
    DIRECTIVE(drop_index, true),
    DIRECTIVE_OF_OP(drop_table, true),
    DIRECTIVE(drop_table_comment, false),
    {"execute", "op.execute", "batch_op.execute", OperationKind::execute, execute, execute, false},
    DIRECTIVE_OF_OP(rename_table, false),
};

#undef DIRECTIVE
#undef DIRECTIVE_OF_OP

struct KeywordRole {
  std::string_view name = {};
  Role role = Role::ignored;
};

}  // namespace

const Directive* find_signature(std::string_view name) {
  const auto* found = std::ranges::lower_bound(signatures, name, {}, &Directive::name);
  return found != std::end(signatures) && found->name == name ? found : nullptr;
}

bool is_dialect_keyword(std::string_view name) {
  static constexpr std::string_view prefixes[] = {
      "postgresql_", "mysql_",       "sqlite_",   "mssql_",      "mariadb_",   "oracle_",    "redshift_",
      "snowflake_",  "cockroachdb_", "bigquery_", "clickhouse_", "starrocks_", "databricks_"};
  return std::ranges::any_of(prefixes, [&](std::string_view prefix) { return name.starts_with(prefix); });
}

Role role_of_dialect_keyword(std::string_view name) {
  static constexpr KeywordRole rows[] = {
      {"postgresql_concurrently", Role::concurrently},       {"postgresql_include", Role::index_option},
      {"postgresql_nulls_not_distinct", Role::index_option}, {"postgresql_ops", Role::index_option},
      {"postgresql_partition_by", Role::partition_by},       {"postgresql_not_valid", Role::not_valid},
      {"postgresql_using", Role::using_expression},          {"postgresql_where", Role::where},
  };
  const auto* found = std::ranges::find(rows, name, &KeywordRole::name);
  return found == std::end(rows) ? Role::ignored : found->role;
}

Role role_of_legacy_keyword(std::string_view name) {
  static constexpr KeywordRole rows[] = {
      {"name", Role::target},          {"tablename", Role::table},
      {"source", Role::table},         {"referent", Role::referent_table},
      {"type", Role::constraint_type},
  };
  const auto* found = std::ranges::find(rows, name, &KeywordRole::name);
  return found == std::end(rows) ? Role::ignored : found->role;
}

}  // namespace spiritsafe
