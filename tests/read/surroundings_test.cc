// SPDX-License-Identifier: Apache-2.0
// Workflows, env.py, and what changes the schema past the migrations.
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <memory>
#include <string>

#include "engine/read/surroundings.h"

namespace spiritsafe {
namespace {

std::unique_ptr<File> read(const std::string& path, const std::string& text) {
  auto file = std::make_unique<File>();
  file->source = {path, text};
  classify(*file);
  read_surroundings(*file, {});
  return file;
}

std::string show(const Text& text) { return text.is_known() ? std::string(text.value) : text.is_unknown() ? "?" : "-"; }
std::string show(const Flag& flag) {
  return flag.is_known() ? (flag.value ? "yes" : "no") : flag.is_unknown() ? "?" : "-";
}
std::string show(const Texts& list) {
  if (list.state != State::known) {
    return list.state == State::unknown ? "?" : "-";
  }
  std::string out;
  for (const Text& text : list.items) {
    out += (out.empty() ? "" : " ") + show(text);
  }
  return out + (list.open ? "…" : "");
}

std::string jobs(const std::string& path, const std::string& text) {
  const auto file = read(path, text);
  std::string out = file->jobs.state == State::unknown ? "?\n" : "";
  for (const WorkflowJob& job : file->jobs.items) {
    out += show(job.name) + ": on " + show(job.triggers) + " branches " + show(job.branches) + " environment " +
           show(job.environment) + " services " + show(job.services) + " if " + show(job.condition) + " may fail " +
           show(job.allow_failure) + (job.manual ? " manual" : "") + "\n";
    for (const Command& command : job.commands.items) {
      const uint32_t line = LineIndex(text).locate(command.span.begin).line;
      out += "  " + std::to_string(line) + ": " + show(command.text) + " uses " + show(command.uses) + " if " +
             show(command.condition) + " may fail " + show(command.continue_on_error) + "\n";
    }
  }
  return out;
}

std::string changes(const std::string& path, const std::string& text) {
  const auto file = read(path, text);
  std::string out;
  for (const SchemaChange& change : file->schema_changes) {
    out += std::to_string(LineIndex(text).locate(change.span.begin).line) + " " + std::string(name_of(change.kind)) +
           " " + show(change.statement) + " of " + show(change.object) + " temporary " + show(change.temporary) + ": " +
           show(change.text) + "\n";
  }
  return out;
}

std::string env(const std::string& text) {
  const auto file = read("migrations/env.py", text);
  const EnvScript& script = *file->env_script;
  return "imports " + show(script.imports) + "; target " + show(script.target_metadata) + "; types " +
         show(script.compare_type) + "; execute " + show(script.uncommitted_execute);
}

double seconds(const std::string& path, const std::string& text) {
  const auto start = std::chrono::steady_clock::now();
  read(path, text);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(surroundings)

BOOST_AUTO_TEST_CASE(a_github_workflow) {
  BOOST_TEST(
      jobs(".github/workflows/test.yml", R"x(on:
  push: {branches: [main, 'release/**']}
  pull_request:
jobs:
  test:
    environment: {name: production, url: x}
    services: {db: {image: postgres}}
    if: github.ref == 'refs/heads/main'
    continue-on-error: ${{ matrix.new }}
    steps:
      - uses: actions/checkout@v4
      - name: all
        if: always()
        continue-on-error: true
        run: |
          alembic upgrade \
            head

          just test
      - {run: echo done}
  call:
    uses: ./.github/workflows/other.yml
)x") ==
      R"x(test: on push pull_request branches main release/** environment production services db if github.ref == 'refs/heads/main' may fail ?
  11: - uses actions/checkout@v4 if - may fail -
  16: alembic upgrade head uses - if always() may fail yes
  19: just test uses - if always() may fail yes
  20: echo done uses - if - may fail -
call: on push pull_request branches main release/** environment - services - if - may fail -
  22: - uses ./.github/workflows/other.yml if - may fail -
)x");
}

BOOST_AUTO_TEST_CASE(what_starts_a_github_workflow) {
  const auto triggers = [](const std::string& on) {
    const std::string all = jobs(".github/workflows/a.yml", "on: " + on + "\njobs: {a: {steps: [{run: x}]}}\n");
    return all.substr(0, all.find(" environment"));
  };
  BOOST_TEST(triggers("push") == "a: on push branches -");
  BOOST_TEST(triggers("[push, workflow_dispatch]") == "a: on push workflow_dispatch branches -");
  BOOST_TEST(triggers("{push: {tags: ['v*']}}") == "a: on tag branches -");
  BOOST_TEST(triggers("{push: {tags: ['v*'], branches: main}}") == "a: on tag push branches main");
  BOOST_TEST(triggers("{push: {branches-ignore: [x]}}") == "a: on push branches -");
}

BOOST_AUTO_TEST_CASE(a_gitlab_configuration) {
  BOOST_TEST(jobs(".gitlab-ci.yml", R"x(include:
  - component: gitlab.com/a/spiritsafe@1
stages: [test]
default:
  before_script: [pip install .]
  services: [postgres:15]
.base: &base
  script: alembic upgrade head
  environment: {name: prod}
  when: manual
one:
  extends: .base
two:
  <<: *base
  when: on_success
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
      when: manual
three:
  services: []
  script:
    - echo a
    - [echo b, "echo c"]
    - !reference [.base, script]
  only: [merge_requests, main, tags]
  allow_failure: {exit_codes: 3}
four:
  script: x
  rules: [{when: never}]
six:
  script: x
  rules: [{if: $CI_COMMIT_TAG, when: manual}, {if: $OTHER, when: manual}]
five:
  extends: .elsewhere
)x") == R"x(gitlab.com/a/spiritsafe@1: on … branches - environment - services  if - may fail -
  2: - uses gitlab.com/a/spiritsafe@1 if - may fail -
one: on push tag branches - environment prod services postgres:15 if - may fail - manual
  5: pip install . uses - if - may fail -
  8: alembic upgrade head uses - if - may fail -
two: on merge_request_event push branches $CI_DEFAULT_BRANCH environment prod services postgres:15 if $CI_PIPELINE_SOURCE == "merge_request_event" || $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH may fail -
  5: pip install . uses - if - may fail -
  8: alembic upgrade head uses - if - may fail -
three: on merge_request_event push tag branches main environment - services  if - may fail yes
  5: pip install . uses - if - may fail -
  23: echo a uses - if - may fail -
  24: echo b uses - if - may fail -
  24: echo c uses - if - may fail -
  25: .base uses - if - may fail -
  25: script uses - if - may fail -
four: on  branches - environment - services postgres:15 if false may fail -
  5: pip install . uses - if - may fail -
  29: x uses - if - may fail -
six: on tag… branches - environment - services postgres:15 if $CI_COMMIT_TAG || $OTHER may fail - manual
  5: pip install . uses - if - may fail -
  32: x uses - if - may fail -
five: on push tag branches - environment - services postgres:15 if - may fail -
  5: pip install . uses - if - may fail -
  35: - uses .elsewhere if - may fail -
)x");
}

BOOST_AUTO_TEST_CASE(a_workflow_that_cannot_be_read_is_unknown) {
  BOOST_TEST(jobs(".github/workflows/a.yml", "on: [\n") == "?\n");
  BOOST_TEST(jobs(".github/workflows/a.yml", "- a\n") == "?\n");
  BOOST_TEST(jobs(".github/workflows/a.yml", "") == "");
  BOOST_TEST(jobs("compose.yml", "jobs: {a: {}}") == "");
}

BOOST_AUTO_TEST_CASE(hostile_workflows_take_no_time) {
  std::string bomb = "a0: &a0 {script: [x, x, x, x, x, x, x, x, x]}\n";
  for (int i = 1; i < 40; ++i) {
    const std::string last = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " {script: [" + last + "," + last + "," + last +
            "," + last + "], <<: [" + last + "," + last + "]}\n";
  }
  BOOST_TEST(seconds(".gitlab-ci.yml", bomb) < 2.0);
  std::string lists = "b: &b0 [x, x, x, x]\n";
  for (int i = 1; i < 40; ++i) {
    const std::string last = "*b" + std::to_string(i - 1);
    lists += "b" + std::to_string(i) + ": &b" + std::to_string(i) + " [" + last + "," + last + "," + last + "]\n";
  }
  BOOST_TEST(seconds(".gitlab-ci.yml", lists + "job: {script: *b39}\n") < 2.0);
  std::string extends;
  for (int i = 0; i < 3000; ++i) {
    extends += "j" + std::to_string(i) + ": {extends: [j0, j1, j2, j3, j4, j5, j6, j7], script: x}\n";
  }
  BOOST_TEST(seconds(".gitlab-ci.yml", extends) < 2.0);
}

BOOST_AUTO_TEST_CASE(sql_that_changes_the_schema) {
  BOOST_TEST(
      changes("a.sql", R"x(-- CREATE TABLE no (a int);
CREATE TABLE IF NOT EXISTS "app".hero (a text DEFAULT ';');
INSERT INTO t VALUES ('DROP TABLE x;');
create or replace function f() returns int as $$ begin drop table x; end $$ language plpgsql;
CREATE TEMP TABLE rows AS SELECT 1;
/* ALTER TABLE no */ alter table only hero
  add column b int;
ALTER SYSTEM SET x = 1;
DROP INDEX CONCURRENTLY i)x") ==
      R"x(2 sql create table of "app".hero temporary no: CREATE TABLE IF NOT EXISTS "app".hero (a text DEFAULT ';')
4 sql create function of f temporary no: create or replace function f() returns int as $$ begin drop table x; end $$ language plpgsql
5 sql create table of rows temporary yes: CREATE TEMP TABLE rows AS SELECT 1
6 sql alter table of hero temporary no: alter table only hero add column b int
9 sql drop index of i temporary no: DROP INDEX CONCURRENTLY i
)x");
}

BOOST_AUTO_TEST_CASE(application_code_that_changes_the_schema) {
  BOOST_TEST(changes("app/db.py", R"x("""CREATE TABLE no"""
from alembic import command
async def f(conn, name):
    await conn.run_sync(Base.metadata.create_all)
    Hero.__table__.drop(conn)
    Hero.create(conn)
    conn.execute(text("ALTER TABLE hero "
                      "ADD COLUMN age int"))
    conn.execute(text(f"DROP TABLE {name}"))
    conn.execute("DROP TABLE " + name)
    conn.execute("CREATE INDEX i ON {}".format(name))
    chat.send("CREATE TABLE no (a int)")
    conn.execute("create a table with all heroes")
    command.stamp(config, "head")
    seal.stamp(letter)
)x") == R"x(4 create_all - of - temporary -: Base.metadata.create_all
5 drop_table - of - temporary -: Hero.__table__.drop
7 sql alter table of hero temporary no: text("ALTER TABLE hero " "ADD COLUMN age int")
9 sql drop table of ? temporary no: text(f"DROP TABLE {name}")
11 sql create index of i temporary no: conn.execute("CREATE INDEX i ON {}".format(name))
14 stamp - of - temporary -: command.stamp
)x");
  BOOST_TEST(changes("app/db.py", "x = = 1\nBase.metadata.create_all()\n") == "");
}

BOOST_AUTO_TEST_CASE(scripts_that_change_the_schema) {
  BOOST_TEST(changes("a.sh", R"x(# psql -c "DROP TABLE no"
psql "$URL" -c 'ALTER TABLE hero ADD COLUMN age int'
psql -c "DROP TABLE $TABLE"
echo CREATE TABLE no
psql <<'SQL'
  CREATE TABLE hero (
    id int);
SQL
CREATE TABLE no (id int)
uv run alembic -c x.ini stamp head
alembic upgrade head; stamp it
alembic-stamp head
)x") == R"x(2 sql alter table of hero temporary no: psql "$URL" -c 'ALTER TABLE hero ADD COLUMN age int'
3 sql drop table of ? temporary no: psql -c "DROP TABLE $TABLE"
6 sql create table of hero temporary no: CREATE TABLE hero (
10 stamp - of - temporary -: uv run alembic -c x.ini stamp head
)x");
}

BOOST_AUTO_TEST_CASE(hostile_sql_takes_no_time) {
  for (const std::string piece : {"create /* ", "$a$ ", "' ", "create or ", "$a$;$b$;", "\"\n-- ", "psql create /*"}) {
    std::string text;
    while (text.size() < (1u << 20)) {
      text += piece;
    }
    for (const std::string path : {"a.sql", "a.sh"}) {
      BOOST_TEST(seconds(path, text) < 2.0, path << " of " << piece);
    }
  }
}

BOOST_AUTO_TEST_CASE(env_scripts) {
  BOOST_TEST(
      env(R"x(from app.models import SQLModel
from . import tables
target_metadata = None
target_metadata = SQLModel.metadata
def offline():
    context.configure(url=url, compare_type=False)
def online():
    with engine.connect() as connection:
        connection.execute(text("SET search_path TO a"))
        context.configure(connection=connection, compare_type=True)
        with context.begin_transaction():
            context.run_migrations()
)x") ==
      R"x(imports app.models .; target SQLModel.metadata; types yes; execute connection.execute(text("SET search_path TO a")))x");
  BOOST_TEST(
      env("def online(c):\n    c.execute('SET a = 1')\n    c.commit()\n    context.configure(connection=c, **more)\n"
          "    context.run_migrations()\n") == "imports ; target -; types ?; execute -");
  BOOST_TEST(env("def online(c):\n    context.configure(connection=c, compare_type=False)\n"
                 "    with context.begin_transaction():\n        c.execute('SET a = 1')\n"
                 "        context.run_migrations()\n") == "imports ; target -; types no; execute -");
  BOOST_TEST(env("def online(c):\n    other.execute('SET a = 1')\n    context.configure(connection=c)\n"
                 "    context.run_migrations()\n") == "imports ; target -; types -; execute -");
  BOOST_TEST(env("def (") == "imports ?; target ?; types ?; execute ?");
}

BOOST_AUTO_TEST_CASE(whether_autogenerate_compares_types) {
  ReadOptions options;
  options.behaviours.alembic = {{{0, 0, 0}, false}, {{1, 12, 0}, true}};
  const auto compares = [&](const PackageVersion& alembic, const std::string& text) {
    File file;
    file.source = {"migrations/env.py", text};
    classify(file);
    options.alembic = alembic;
    read_surroundings(file, options);
    return show(file.env_script->compares_types);
  };
  const std::string silent = "context.configure(connection=c, target_metadata=m)\n";
  BOOST_TEST(compares({1, 11, 3}, silent) == "no");
  BOOST_TEST(compares({1, 12, 0}, silent) == "yes");
  BOOST_TEST(compares({}, silent) == "?");
  BOOST_TEST(compares({1, 11, 3}, "context.configure(connection=c, compare_type=True)\n") == "yes");
  BOOST_TEST(compares({}, "context.configure(connection=c, compare_type=False)\n") == "no");
  BOOST_TEST(compares({1, 11, 3}, "context.configure(connection=c, **more)\n") == "?");
  BOOST_TEST(compares({1, 11, 3}, "run_migrations(m)\n") == "?");  // what configures it is elsewhere
  BOOST_TEST(compares({1, 11, 3}, "def (") == "?");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
