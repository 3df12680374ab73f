// SPDX-License-Identifier: Apache-2.0
// Projects whose migrations are files of SQL: which folders are one, and what the commands say of them.
#include <boost/test/unit_test.hpp>

#include <nlohmann/json.hpp>

#include "tests/cli/fixture.h"

namespace spiritsafe {
namespace {

const std::string init =
    "-- migrate:up\nCREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL);\n\n-- migrate:down\nDROP TABLE "
    "users;\n";
const std::string next =
    "-- migrate:up\nALTER TABLE users ADD COLUMN nick text NOT NULL;\nCREATE INDEX ix_email ON users (email);\n\n"
    "-- migrate:down\nDROP INDEX ix_email;\nALTER TABLE users DROP COLUMN nick;\n";

struct Fixture {
  Folder folder = {};
  Fixture() {
    folder.write("db/migrations/1_init.sql", init);
    folder.write("db/migrations/2_nick.sql", next);
    folder.write("db/seed.sql", "DELETE FROM users;\n");
  }
};

std::string found(const Outcome& outcome) {
  std::string out = outcome.err;
  const auto report = nlohmann::json::parse(outcome.out, nullptr, false);
  for (const auto& finding : report.is_object() ? report["findings"] : nlohmann::json::array()) {
    out += finding["path"].get<std::string>() + ":" + std::to_string(finding["line"].get<int>()) + ":" +
           std::to_string(finding["column"].get<int>()) + " " + finding["rule"].get<std::string>() + "\n";
  }
  return out;
}

const std::string both =
    "db/migrations/2_nick.sql:2:19 add-required-column\ndb/migrations/2_nick.sql:3:1 create-index-not-concurrent\n";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sql_projects, Fixture)

BOOST_AUTO_TEST_CASE(a_folder_of_numbered_files_is_judged_as_one_history) {
  for (const std::string path : {"db/migrations", "db", "."}) {
    BOOST_TEST_CONTEXT(path) { BOOST_TEST(found(folder.run({"check", path, "--all", "--format", "json"})) == both); }
  }
}

BOOST_AUTO_TEST_CASE(one_file_is_judged_with_the_others_as_its_history) {
  BOOST_TEST(found(folder.run({"check", "db/migrations/2_nick.sql", "--all", "--format", "json"})) == both);
  BOOST_TEST(found(folder.run({"check", "db/migrations/1_init.sql", "--all", "--format", "json"})) == "");
}

BOOST_AUTO_TEST_CASE(the_whole_history_is_there_so_that_types_are_known) {
  folder.write("enums/1_state.sql", "CREATE TYPE st AS ENUM ('a', 'b');\nCREATE TABLE t (id int, s st);\n");
  folder.write("enums/2_swap.sql",
               "CREATE TYPE st_new AS ENUM ('b');\nALTER TABLE t ALTER COLUMN s TYPE st_new USING s::text::st_new;\n"
               "DROP TYPE st;\nALTER TYPE st_new RENAME TO st;\nDROP TABLE gone;\n");
  const std::string swap = "enums/2_swap.sql";
  BOOST_TEST(found(folder.run({"check", "enums", "--all", "--format", "json"})) ==
             swap + ":2:15 alter-type-rewrite\n" + swap + ":2:15 enum-value-removed\n" + swap + ":5:1 drop-table\n" +
                 swap + ":5:1 op-on-missing-object\n");
}

BOOST_AUTO_TEST_CASE(beside_an_alembic_project_a_folder_of_sql_is_judged_only_when_it_is_given) {
  folder.write("alembic.ini", ini);
  folder.write("migrations/env.py", "");
  folder.write("migrations/versions/a.py", "revision = 'a'\ndown_revision = None\n\n\ndef upgrade():\n    pass\n");
  const auto judged = [&](const std::string& path) {
    std::string paths;
    const auto report = nlohmann::json::parse(folder.run({"check", path, "--all", "--format", "json"}).out);
    for (const auto& migration : report["migrations"]) {
      paths += migration["path"].get<std::string>() + " ";
    }
    return paths;
  };
  BOOST_TEST(judged(".") == "migrations/versions/a.py ");
  BOOST_TEST(judged("db/migrations") == "db/migrations/1_init.sql db/migrations/2_nick.sql ");
}

BOOST_AUTO_TEST_CASE(a_folder_for_each_migration_is_a_project_too) {
  const Folder other;
  const auto index = [](const std::string& name, const std::string& columns) {
    return "CREATE INDEX CONCURRENTLY IF NOT EXISTS " + name + " ON users (" + columns + ");\n";
  };
  other.write("diesel.toml", "");
  other.write("migrations/2024-01-01-000000_init/up.sql", "CREATE TABLE users (email text);\n");
  other.write("migrations/2024-01-01-000000_init/down.sql", "DROP TABLE users;\n");
  other.write("migrations/2024-01-02-000000_index/up.sql", index("i", "email"));
  other.write("migrations/2024-01-02-000000_index/metadata.toml", "run_in_transaction = false\n");
  other.write("migrations/2024-01-03-000000_again/up.sql", index("j", "lower(email)"));
  other.write("migrations/seed/up.sql", "DELETE FROM users;\n");
  const std::string again = "migrations/2024-01-03-000000_again/up.sql:1:1 concurrently-in-transaction\n";
  for (const std::string path :
       {".", "migrations", "migrations/2024-01-03-000000_again", "migrations/2024-01-03-000000_again/up.sql"}) {
    BOOST_TEST_CONTEXT(path) { BOOST_TEST(found(other.run({"check", path, "--all", "--format", "json"})) == again); }
  }
  BOOST_TEST(other.run({"graph", "."}).out ==
             "◉ 2024-01-03-000000_again  again  (head)\n● 2024-01-02-000000_index  index\n"
             "● 2024-01-01-000000_init  init  (base)\n");
  const Folder prisma;
  prisma.write("prisma/migrations/20240101000000_init/migration.sql", "CREATE TABLE users (email text);\n");
  prisma.write("prisma/migrations/20240102000000_drop/migration.sql", "ALTER TABLE users DROP email;\n");
  prisma.write("prisma/migrations/migration_lock.toml", "provider = \"postgresql\"\n");
  BOOST_TEST(found(prisma.run({"check", ".", "--all", "--format", "json"})) ==
             "prisma/migrations/20240102000000_drop/migration.sql:1:19 drop-column\n");
}

BOOST_AUTO_TEST_CASE(the_history_tells_what_kind_of_constraint_goes) {
  const Folder other;
  other.write("migrations/1_a.sql",
              "CREATE TABLE users (id int PRIMARY KEY, name text CONSTRAINT short CHECK (name <> ''));\n"
              "CREATE TABLE item (owner int REFERENCES users (id), UNIQUE (owner));\n");
  other.write("migrations/2_b.sql",
              "ALTER TABLE item DROP CONSTRAINT item_owner_fkey;\nALTER TABLE users DROP CONSTRAINT short;\n");
  const std::string out = found(other.run({"check", ".", "--all", "--format", "json"}));
  BOOST_TEST(out.find("2_b.sql:1:18 drop-foreign-key-locks-both\n") != out.npos);
  BOOST_TEST(out.find("2_b.sql:2:19 drop-foreign-key-locks-both\n") == out.npos);
}

BOOST_AUTO_TEST_CASE(one_placeholder_is_one_schema_and_two_are_two) {
  const auto problems = [](const std::string& first, const std::string& second) {
    const Folder other;
    other.write("migrations/1_a.sql", "CREATE TABLE " + first + "users (a int);\n");
    other.write("migrations/2_b.sql", "CREATE TABLE " + second + "users (a int);\n");
    return found(other.run({"check", ".", "--all", "--format", "json"}));
  };
  const std::string there_already = "migrations/2_b.sql:1:1 op-on-missing-object\n";
  BOOST_TEST(problems("{{ .Schema }}.", "{{.Schema }}.") == there_already);
  BOOST_TEST(problems("${schema}.", "${schema}.") == there_already);
  BOOST_TEST(problems(":schema.", ":\"schema\".") == there_already);
  BOOST_TEST(problems("${schema}.", "") == there_already);
  BOOST_TEST(problems("${schema}.", "${other}.").empty());
}

BOOST_AUTO_TEST_CASE(the_other_commands_know_it_too) {
  BOOST_TEST(folder.run({"graph", "db"}).out == "◉ 2_nick  nick  (head)\n● 1_init  init  (base)\n");
  BOOST_TEST(folder.run({"summary", "db", "--all"}).out ==
             "db/migrations/1_init.sql:1\n  init  1_init, nothing before it\n  - adds table users\n\n"
             "db/migrations/2_nick.sql:1\n  nick  2_nick, after 1_init\n  - adds column users.nick\n"
             "  - adds index ix_email on users\n  blocked by add-required-column\n\n2 migrations: 1 error, 1 warning\n"
             "! destroys or overwrites something, or may\n");
  BOOST_TEST(folder.run({"schema", "db", "--at", "2_nick"}).out ==
             "-- at 2_nick\n\nCREATE TABLE users (  -- 1_init, db/migrations/1_init.sql:2\n  id bigint NOT NULL,\n"
             "  email text NOT NULL,\n  nick text NOT NULL,  -- 2_nick, db/migrations/2_nick.sql:2\n"
             "  CONSTRAINT users_pkey PRIMARY KEY (id)\n);\nCREATE INDEX ix_email ON users (email);  -- 2_nick, "
             "db/migrations/2_nick.sql:3\n\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
