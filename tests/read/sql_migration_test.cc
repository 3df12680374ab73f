// SPDX-License-Identifier: Apache-2.0
// Migrations that are files of SQL: up and down, the places of statements, what is no SQL, and their order.
#include <boost/test/unit_test.hpp>

#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "engine/read/read.h"

namespace spiritsafe {
namespace {

struct Read {
  File file = {};
  std::unique_ptr<Migration> migration = {};
};

std::unique_ptr<Read> read(const std::string& text, const std::string& name = "1_x.sql") {
  auto read = std::make_unique<Read>();
  read->file.source = {"db/migrations/" + name, text};
  classify(read->file);
  read->migration = read_sql_migration(read->file, {});
  return read;
}

// `+2:1 execute` or `-3:5 add_column autocommit`: direction, place and kind of each operation.
std::string operations_of(const std::string& text, const std::string& name = "1_x.sql") {
  const auto file = read(text, name);
  const LineIndex lines(file->file.source.text);
  std::string out;
  for (const auto* list : {&file->migration->upgrade, &file->migration->downgrade}) {
    for (const Operation& operation : list->items) {
      const Location at = lines.locate(operation.span.begin);
      out +=
          fmt::format("{}{}{}:{} {}{}", out.empty() ? "" : ", ", operation.direction == Direction::upgrade ? "+" : "-",
                      at.line, at.column, name_of(operation.kind), operation.autocommit ? " autocommit" : "");
    }
  }
  return out;
}

std::string statements_of(const std::string& text) {
  const auto file = read(text);
  std::string out;
  for (const Statement& statement : file->migration->statements.items) {
    out += fmt::format("[{}]", slice(file->file.source.text, statement.span));
  }
  return out;
}

BOOST_AUTO_TEST_SUITE(sql_migrations)

BOOST_AUTO_TEST_CASE(statements_stand_where_they_are_written) {
  BOOST_TEST(statements_of("-- é\n\n  SELECT 'a;b' ; /* x */ UPDATE t\nSET a = 1;;\n-- end") ==
             "[SELECT 'a;b'][UPDATE t\nSET a = 1]");
  BOOST_TEST(operations_of("ALTER TABLE t ADD a int;\n\nDROP TABLE u;") ==
             "+1:1 execute, +1:15 add_column, +3:1 execute, +3:1 drop_table");
}

// What a stranger nests must not hide that every row is changed.
BOOST_AUTO_TEST_CASE(what_is_too_deep_or_too_large_is_told_as_far_as_it_is_known) {
  const auto many = [](const std::string& text, size_t count) {
    std::string out;
    for (size_t i = 0; i < count; ++i) {
      out += text;
    }
    return out;
  };
  const auto deep = read("UPDATE t SET a = 'a'" + many(" || 'a'", 3000));
  const Statement& update = deep->migration->statements.items[0];
  BOOST_TEST((update.kind.value == "update" && update.table.value == "t" && update.columns.items[0].value == "a"));
  BOOST_TEST((update.has_where.is_known() && !update.has_where.value && update.tables.open));
  const auto asking = read("DELETE FROM t WHERE 'a'" + many(" || 'a'", 3000) + " = b");
  BOOST_TEST(asking->migration->statements.items[0].has_where.value);
  const auto hidden = read("DELETE FROM t WHERE '' = (b" + many(" || 'a'", 3000) + ")");
  BOOST_TEST(hidden->migration->statements.items[0].has_where.is_unknown());

  const auto large = read("INSERT INTO t SELECT " + many("1 + 1 = 2, ", 60'000) + "1");
  const Statement& insert = large->migration->statements.items[0];
  BOOST_TEST((insert.kind.value == "insert" && insert.table.is_unknown() && insert.tables.open));
}

BOOST_AUTO_TEST_CASE(markers_part_up_from_down) {
  const std::string both = "+2:1 execute, +2:1 drop_table, -4:1 execute, -4:1 create_table";
  BOOST_TEST(operations_of("-- migrate:up\nDROP TABLE t;\n-- migrate:down\nCREATE TABLE t ();\n") == both);
  BOOST_TEST(operations_of("-- +goose Up\nDROP TABLE t;\n-- +goose Down\nCREATE TABLE t ();\n") == both);
  BOOST_TEST(operations_of("-- +migrate Up\nDROP TABLE t;\n-- +migrate Down\nCREATE TABLE t ();\n") == both);
  BOOST_TEST(operations_of("DROP TABLE t;\n", "1_x.down.sql") == "-1:1 execute autocommit, -1:1 drop_table autocommit");
  BOOST_TEST(operations_of("SELECT '\n-- migrate:down\n'; SELECT 1;\n") == "+1:1 execute, +3:4 execute");
}

BOOST_AUTO_TEST_CASE(some_say_that_they_run_without_a_transaction) {
  const std::string sql = "CREATE INDEX CONCURRENTLY i ON t (a);\n";
  const std::string alone = "+2:1 execute autocommit, +2:1 create_index autocommit";
  BOOST_TEST(operations_of("-- migrate:up transaction:false\n" + sql) == alone);
  BOOST_TEST(operations_of("-- +migrate Up notransaction\n" + sql) == alone);
  BOOST_TEST(operations_of("-- +goose NO TRANSACTION\n-- +goose Up\n" + sql) ==
             "+3:1 execute autocommit, +3:1 create_index autocommit");
  BOOST_TEST(operations_of("-- no-transaction\n" + sql) == alone);
  BOOST_TEST(operations_of("-- one statement\n" + sql) == alone);
  BOOST_TEST(operations_of("-- migrate:up\n" + sql) == "+2:1 execute, +2:1 create_index");
  BOOST_TEST(operations_of(sql + sql) == "+1:1 execute, +1:1 create_index, +2:1 execute, +2:1 create_index");
}

BOOST_AUTO_TEST_CASE(what_only_psql_understands_cannot_be_known) {
  BOOST_TEST(operations_of("SELECT 1;\n\\i other.sql\nSELECT 2;\n \\timing on\n") ==
             "+1:1 execute, +2:1 unrecognised, +3:1 execute, +4:2 unrecognised");
  const auto file = read("\\i other.sql\n");
  BOOST_TEST(file->migration->upgrade.items.front().dynamic.value == "`\\i other.sql` is a command of psql");
  BOOST_TEST(statements_of("COPY t FROM stdin;\n1\t'x\n\\.\nSELECT 1;\n") == "[COPY t FROM stdin][SELECT 1]");
  BOOST_TEST(statements_of("COPY t FROM STDIN;\nSELECT 2;\n") == "[COPY t FROM STDIN]");
}

BOOST_AUTO_TEST_CASE(a_block_of_several_statements_is_one_transaction) {
  const std::string block = "-- +goose StatementBegin\nDROP TABLE a;\nDROP TABLE b;\n-- +goose StatementEnd\n";
  const std::string one = "-- +goose StatementBegin\nDROP TABLE a;\n-- +goose StatementEnd\n";
  BOOST_TEST(operations_of("-- +goose NO TRANSACTION\n-- +goose Up\n" + block + "DROP TABLE c;\n") ==
             "+4:1 execute, +4:1 drop_table, +5:1 execute, +5:1 drop_table, +7:1 execute autocommit, "
             "+7:1 drop_table autocommit");
  BOOST_TEST(operations_of("-- +goose NO TRANSACTION\n-- +goose Up\n" + one + "DROP TABLE c;\n") ==
             "+4:1 execute autocommit, +4:1 drop_table autocommit, +6:1 execute autocommit, "
             "+6:1 drop_table autocommit");
  BOOST_TEST(operations_of("-- +goose Up\n" + one) == "+3:1 execute, +3:1 drop_table");
}

// `drop_table a.t`: each operation but the execute, with its schema, table, target and state of doubt.
std::string changes_of(const std::string& text, bool parted = false) {
  Read read;
  read.file.source = {"db/migrations/1_x.sql", text};
  classify(read.file);
  ReadOptions options;
  options.parted_schemas = parted;
  read.migration = read_sql_migration(read.file, options);
  const auto shown = [](const Text& fact) {
    return fact.is_known() ? std::string(fact.value) : fact.is_unknown() ? "?" : "-";
  };
  std::string out;
  for (const Operation& operation : read.migration->upgrade.items) {
    if (operation.kind == OperationKind::execute) {
      continue;
    }
    out += fmt::format("{}{}{} {} {} {}{}", out.empty() ? "" : "; ", operation.conditional ? "if " : "",
                       name_of(operation.kind), shown(operation.schema), shown(operation.table),
                       shown(operation.target), operation.dynamic.is_known() ? " dynamic" : "");
  }
  for (const Statement& statement : read.migration->statements.items) {
    if (!statement.syntax_error.is_absent() || statement.table.is_unknown()) {
      out += fmt::format(" [{} {} {}]", shown(statement.kind), shown(statement.table), shown(statement.syntax_error));
    }
  }
  return out;
}

struct ChangeCase {
  const char* sql;
  const char* changes;
};

BOOST_AUTO_TEST_CASE(a_placeholder_is_a_schema_a_name_or_a_value) {
  static constexpr ChangeCase cases[] = {
      {"alter table {{ .Schema }}.users drop column name;", "drop_column - users name"},
      {R"(drop table {{ index .Options "Namespace" }}.users;)", "drop_table - users users"},
      {R"(drop table "{{ index .Options "Namespace" }}"."users";)", "drop_table - users users"},
      {"drop table ${schema}.users, ${flyway:defaultSchema}.b;", "drop_table - users users; drop_table - b b"},
      {"drop table :schema.users;", "drop_table - users users"},
      {"drop table :\"schema\".users;", "drop_table - users users"},
      {"drop table ${schema}.${table};", "drop_table - ? ? [drop_table ? -]"},
      {"drop table old_${table};", "drop_table - ? ? [drop_table ? -]"},
      {"drop table \"old_${table}\";", "drop_table - ? ? [drop_table ? -]"},
      {"drop table a.:table;", "drop_table a ? ? [drop_table ? -]"},
      {"create table {{.S}}.t (a int references {{.S}}.u (id), b {{.S}}.kind default '${b}');", "create_table - t t"},
      {"alter table t alter a set default :value, alter b type :x;", "alter_column - t a; alter_column - t b"},
      {"alter table t alter b type varchar(:size);", " [alter_table t ?]"},
      {"alter table t add check (a in (:'x', ${y}));", "create_check_constraint - t -"},
      {"select a::int, b[1:n], b[:n], 'a:b', '{{1,2},{3,4}}'::int[] from t;", ""},
      {"create function {{.S}}.f() returns int as $$ select {{ .N }} $$ language sql;", ""},
      {"{{ template \"tables\" . }}\ndrop table t;", "if unrecognised - ? ? dynamic; if drop_table - t t"},
      {"{{ if .Legacy }}\ndrop table t;\n{{ else }}\ndrop table u;\n{{- end }}\n",
       "if unrecognised - ? ? dynamic; if drop_table - t t; if drop_table - u u"},
      {"create table t (a int {{ if .B }}, b int {{ end }});",
       "if create_table - t t; if unrecognised - ? ? dynamic [create_table t ?]"},
      {"{{/* why */}}{{ $s := .Schema }}\ndrop table {{ $s }}.t;", "drop_table - t t"},
      {"{% if legacy %} drop table t; {% endif %}{# why #}", "if unrecognised - ? ? dynamic; if drop_table - t t"},
      {"alter table {{ .S }}.t {{ .Rest }};", " [alter_table t ?]"},
      {"alter sequence s restart :n;", " [? ? ?]"},
      {"drop table {{ .S ;", " [? ? syntax error at or near \"{\"]"},
  };
  for (const ChangeCase& each : cases) {
    BOOST_TEST_CONTEXT(each.sql) { BOOST_TEST(changes_of(each.sql) == each.changes); }
  }
  BOOST_TEST(changes_of("drop table {{  .A }}.t; drop table ${b}.t; drop table t;", true) ==
             "drop_table {{.A}} t t; drop_table ${b} t t; drop_table - t t");
}

BOOST_AUTO_TEST_CASE(what_stands_around_a_placeholder_keeps_its_place) {
  BOOST_TEST(statements_of("drop table {{ .Schema }}.a ; update ${s}.b set c = :'d';") ==
             "[drop table {{ .Schema }}.a][update ${s}.b set c = :'d']");
  BOOST_TEST(operations_of("alter table {{ .Schema }}.a drop b,\n  drop c, add :d int;") ==
             "+1:1 execute autocommit, +1:29 drop_column autocommit, +2:3 drop_column autocommit, "
             "+2:11 add_column autocommit");
  const auto file = read("update ${s}.b set c = :d;");
  BOOST_TEST(file->migration->statements.items.front().text.value == "update ${s}.b set c = :d");
  BOOST_TEST(file->migration->upgrade.items.front().sql_text.value == "update ${s}.b set c = :d");
}

BOOST_AUTO_TEST_CASE(the_first_words_tell_what_the_parser_refuses) {
  static constexpr ChangeCase cases[] = {
      {"create temp table if not exists a.T (b int, key (b))", "create_table a t t [create_table t 1]"},
      {"CREATE UNLOGGED TABLE `t` (b int) ENGINE=x", "create_table - t t [create_table t 1]"},
      {"create table t as selec 1", "create_table - t t [create_table_as t 1]"},
      {"drop table if exists `t`", " [drop_table t 1]"},
      {"delete from \"T\" where where", " [delete T 1]"},
      {"update t set", " [update t 1]"},
      {"truncate t t", " [truncate t 1]"},
      {"truncate table only t t", " [truncate t 1]"},
      {"alter table if exists only s.t nonsense", " [alter_table t 1]"},
      {"insert into t t", " [insert t 1]"},
      {"drop tabel t", " [? ? 1]"},
      {"delete from", " [? ? 1]"},
      // PostgreSQL 16 reads these.
      {"create table t as select max(id) as id from (select id from a union all select b from \"é(\");",
       "create_table - t t"},
      {"create table t as select * from (select * from (select 1)), (values (2));", "create_table - t t"},
      {"create table t as select from (select 1 frm frm);", "create_table - t t [create_table_as t 1]"},
  };
  for (const ChangeCase& each : cases) {
    std::string changes = changes_of(each.sql);
    if (const size_t at = changes.find(" syntax error"); at != std::string::npos) {
      changes.replace(at, changes.rfind(']') - at, " 1");
    }
    BOOST_TEST_CONTEXT(each.sql) { BOOST_TEST(changes == each.changes); }
  }
}

BOOST_AUTO_TEST_CASE(waivers_stand_in_comments) {
  const auto file = read(
      "-- spiritsafe: allow a-rule until 2027-01-01 -- all of it\n\nSELECT 1;\n"
      "-- spiritsafe: allow b-rule until 2027-01-01 -- below\n-- more\nSELECT 2; -- spiritsafe: allow c-rule\n");
  std::string out;
  for (const InlineWaiver& waiver : file->migration->waivers) {
    out += fmt::format("{} {} {} {} {}\n", waiver.line, waiver.covers_line, waiver.rule, waiver.reason, waiver.mistake);
  }
  BOOST_TEST(out ==
             "1 0 a-rule all of it \n4 6 b-rule below \n6 6 c-rule  expected `until YYYY-MM-DD` behind the rule\n");
}

std::string parents_of(const std::vector<const char*>& names) {
  Project project;
  std::vector<std::unique_ptr<Read>> files;
  for (const char* name : names) {
    files.push_back(read("SELECT 1; SELECT 2;", name));
    project.migrations.push_back(std::move(files.back()->migration));
  }
  order_sql_migrations(project);
  std::string out;
  for (const auto& migration : project.migrations) {
    out += fmt::format("{} < {}; ", migration->parents.items.empty() ? "" : migration->parents.items.front().value,
                       migration->revision.is_known() ? migration->revision.value : "(none)");
  }
  return out;
}

BOOST_AUTO_TEST_CASE(each_builds_on_the_one_before_it) {
  BOOST_TEST(parents_of({"R__view.sql", "V10__c.sql", "V2__b.sql", "V02.1__b.sql", "V1__a.sql", "U1__a.sql"}) ==
             "V10__c < R__view; V02.1__b < V10__c; V1__a < V2__b; V2__b < V02.1__b;  < V1__a;  < (none); ");
  // A stamp with dashes stands where the plain ones would have it; where there are none, dates compare part by part.
  BOOST_TEST(parents_of({"20240304120000_a.sql", "2023-03-05-120032_b.sql"}) ==
             "2023-03-05-120032_b < 20240304120000_a;  < 2023-03-05-120032_b; ");
  BOOST_TEST(parents_of({"2024-01-03_b.sql", "2024-01-02-120032_a.sql"}) ==
             "2024-01-02-120032_a < 2024-01-03_b;  < 2024-01-02-120032_a; ");
}

BOOST_AUTO_TEST_CASE(a_folder_may_be_the_migration) {
  const auto told = [](const std::string& name) {
    const auto file = read("SELECT 1;", name);
    const Migration& migration = *file->migration;
    return fmt::format("{}, {}, {}, {}", migration.name.value,
                       migration.revision.is_known() ? migration.revision.value : "(none)", migration.message.value,
                       operations_of("SELECT 1;", name));
  };
  BOOST_TEST(told("2024-03-05-120032-0000_add_user/up.sql") ==
             "2024-03-05-120032-0000_add_user, 2024-03-05-120032-0000_add_user, add user, +1:1 execute");
  BOOST_TEST(told("20240305_add_user/down.sql") == "20240305_add_user, (none), add user, -1:1 execute");
  BOOST_TEST(told("20240305_2fa/migration.sql") == "20240305_2fa, 20240305_2fa, 2fa, +1:1 execute autocommit");
}

BOOST_AUTO_TEST_CASE(comments_nest_and_escapes_keep_a_string_open) {
  BOOST_TEST(statements_of("/* a /* b; */ ; */ SELECT 1; -- c; d\n;;") == "[SELECT 1]");
  BOOST_TEST(statements_of(R"(SELECT E'it\'s; DROP TABLE t', ':x'; SELECT 'C:\'; SELECT 2;)") ==
             R"([SELECT E'it\'s; DROP TABLE t', ':x'][SELECT 'C:\'][SELECT 2])");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_unknown) {
  const auto file = read(std::string("SELECT 1;\0", 10));
  BOOST_TEST(file->migration->syntax_error.is_unknown());
  BOOST_TEST((file->migration->upgrade.state == State::unknown));
  BOOST_TEST(operations_of("").empty());
  BOOST_TEST(operations_of("-- nothing\n").empty());
  BOOST_TEST(statements_of("SELEC 1; 'x'; SELECT 1;") == "[SELEC 1]['x'][SELECT 1]");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace spiritsafe
