// SPDX-License-Identifier: Apache-2.0
// What stands around the migrations, in real repositories: the models that a change leaves alone, the application that
// it lets make tables, the checks that it weakens.
#include "tests/change/project.h"

namespace spiritsafe {
namespace {

const std::string c3 = "c3c3c3c3c3c3", b2 = "b2b2b2b2b2b2";

// `level rule path:line: message` of the rules named, a line each.
std::string said(const TestProject& project, const std::vector<std::string>& rules,
                 std::vector<std::string> arguments = {"check", "--format", "json"}) {
  std::string out;
  const auto report = nlohmann::json::parse(project.run(arguments).out);
  for (const auto& finding : report["findings"]) {
    if (std::ranges::find(rules, finding["rule"].get<std::string>()) != rules.end()) {
      out += fmt::format("{} {} {}:{}: {}\n", finding["level"].get<std::string>(), finding["rule"].get<std::string>(),
                         finding["path"].get<std::string>(), finding["line"].get<int>(),
                         finding["message"].get<std::string>());
    }
  }
  return out;
}

// With the rules of the seed.
struct Seed : TestProject {
  Seed() {
    write("spiritsafe.yml", "language: 1\nextends: [{builtin: sqlmodel}]\n");
    write("app/models/user.py", "from sqlmodel import SQLModel\n");
    write("app/routes.py", "import fastapi\n");
    write("app/db.py", "def init(engine):\n    SQLModel.metadata.create_all(engine)\n");
    write(".github/workflows/check.yml",
          "on: pull_request\njobs:\n  migrations:\n    steps:\n      - run: spiritsafe check\n");
    write(".pre-commit-config.yaml", "repos:\n  - repo: local\n    hooks:\n      - {id: spiritsafe}\n");
    commit("the seed");
    branch("feature");
  }
};

const std::vector<std::string> without_model = {"migration-without-model-change"};
const std::vector<std::string> weakened = {"validation-disabled"};
const std::vector<std::string> schema = {"create-all-in-app", "schema-change-outside-migration", "stamp-in-script"};

}  // namespace

BOOST_AUTO_TEST_SUITE(around)

BOOST_AUTO_TEST_CASE(a_migration_wants_a_change_of_a_model) {
  const Seed project;
  project.migrate(c3, b2);
  project.write("app/routes.py", "import fastapi, os\n");
  const std::string found = "approval migration-without-model-change " + TestProject::path_of(c3) +
                            ":1: This migration changes the schema, and no file with models is changed with it.\n";
  BOOST_TEST(said(project, without_model) == found);
  BOOST_TEST_CONTEXT("nothing is said where the models are not looked at") {
    BOOST_TEST(said(project, without_model, {"check", "--format", "json", TestProject::path_of(c3)}) == "");
    BOOST_TEST(said(project, without_model, {"check", "--format", "json", "--all"}) == "");
  }
  project.write("app/models/user.py", "from sqlmodel import SQLModel, Field\n");
  BOOST_TEST(said(project, without_model) == "");
  project.git({"checkout", "-q", "app/models/user.py"});
  BOOST_TEST(said(project, without_model) == found);
  project.git({"rm", "-q", "app/models/user.py"});
  BOOST_TEST(said(project, without_model) == "");
}

BOOST_AUTO_TEST_CASE(only_lines_that_are_new_change_the_schema) {
  const Seed project;
  project.write("app/db.py", "# a comment\ndef init(engine):\n    SQLModel.metadata.create_all(engine)\n");
  BOOST_TEST(said(project, schema) == "");
  project.write("app/reset.py", "def reset(engine):\n    SQLModel.metadata.create_all(engine)\n");
  project.write("patch.sql", "ALTER TABLE \"user\" ADD COLUMN age integer;\n");
  project.write("start.sh", "alembic stamp head\n");
  project.write("latin.py", "name = '\xE9'\nBase.metadata.create_all()\n");
  BOOST_TEST(said(project, schema) ==
             "error create-all-in-app app/reset.py:2: `SQLModel.metadata.create_all` creates tables past the "
             "migrations: Alembic never hears of them, and `alembic upgrade` fails where they are already there.\n"
             "approval schema-change-outside-migration patch.sql:1: `ALTER TABLE \"user\" ADD COLUMN age integer` "
             "changes the schema outside of migrations.\n"
             "error stamp-in-script start.sh:1: `alembic stamp head` tells Alembic that migrations have run which have "
             "not.\n");
}

BOOST_AUTO_TEST_CASE(a_removed_import_of_sqlmodel) {
  const Seed project;
  std::string text = project.read(TestProject::path_of(b2));
  text.insert(text.find("import sqlalchemy"), "import sqlmodel\n");
  project.write(TestProject::path_of(b2), text);
  project.commit("import");
  project.git({"branch", "-f", "main"});
  project.migrate(b2, "a1a1a1a1a1a1");
  BOOST_TEST(said(project, {"sqlmodel-import-removed"}) == "approval sqlmodel-import-removed " +
                                                               TestProject::path_of(b2) +
                                                               ":1: The base imports sqlmodel here, and this change "
                                                               "takes it out.\n");
  project.run({"fix", "--base", "main"});
  BOOST_TEST(said(project, {"sqlmodel-import-removed"}) == "");
}

struct Weaker {
  std::string path;
  std::string text;  // empty: the file is removed
  std::string says;
};

BOOST_AUTO_TEST_CASE(checks_that_get_weaker) {
  const std::string path = ".github/workflows/check.yml";
  const std::string job = "on: pull_request\njobs:\n  migrations:\n    ";
  const Weaker rows[] = {
      {path, "", ":1: The checks get weaker: the job `migrations`, which runs spiritsafe, is gone with " + path + "."},
      {path, "on: pull_request\njobs:\n  other:\n    steps:\n      - run: pytest\n",
       path + ":1: The checks get weaker: the job `migrations`, which runs spiritsafe, is gone."},
      {path, "on: workflow_dispatch\njobs:\n  migrations:\n    steps:\n      - run: spiritsafe check\n",
       path + ":3: The checks get weaker: the job `migrations` does not run on pull_request any more."},
      {path, job + "continue-on-error: true\n    steps:\n      - run: spiritsafe check\n",
       path + ":4: The checks get weaker: the job `migrations` may fail."},
      {path, job + "if: ${{ false }}\n    steps:\n      - run: spiritsafe check\n",
       path + ":4: The checks get weaker: the job `migrations` never runs."},
      {path, job + "if: github.actor != 'me'\n    steps:\n      - run: spiritsafe check\n",
       path + ":4: The checks get weaker: the job `migrations` runs only if `github.actor != 'me'`."},
      {path, job + "steps:\n      - run: spiritsafe check\n        continue-on-error: true\n",
       path + ":6: The checks get weaker: the step of `spiritsafe check` may fail."},
      {path, job + "steps:\n      - run: spiritsafe check || true\n",
       path + ":5: The checks get weaker: `spiritsafe check || true` succeeds whatever is found."},
      {path, job + "steps:\n      - run: spiritsafe check --report-only\n",
       path + ":5: The checks get weaker: `spiritsafe check --report-only` only reports."},
      {path, job + "steps:\n      - run: spiritsafe check\n      - run: pytest\n", ""},
      {path, "on: pull_request\njobs:\n  renamed:\n    steps:\n      - run: spiritsafe check --timing\n", ""},
      {".pre-commit-config.yaml", "repos: []\n",
       ".pre-commit-config.yaml:1: The checks get weaker: the hook `spiritsafe` is gone."},
      {".pre-commit-config.yaml", "", ":1: The checks get weaker: the hook `spiritsafe` is gone."},
      {"push.sh", "# git push --no-verify\ngit push --no-verify\n",
       "push.sh:2: The checks get weaker: git is told to skip its hooks."},
  };
  const Seed project;
  for (const Weaker& row : rows) {
    BOOST_TEST_CONTEXT(row.path << "\n" << row.text) {
      row.text.empty() ? void(project.git({"rm", "-q", row.path})) : project.write(row.path, row.text);
      BOOST_TEST(said(project, weakened) ==
                 (row.says.empty() ? "" : "approval validation-disabled " + row.says + "\n"));
      project.git({"add", "-A"});
      project.git({"reset", "-q", "--hard"});
    }
  }
}

BOOST_AUTO_TEST_CASE(a_job_that_moved_is_not_gone) {
  const Seed project;
  project.git({"mv", ".github/workflows/check.yml", ".github/workflows/ci.yml"});
  BOOST_TEST(said(project, weakened) == "");
  project.write(".github/workflows/ci.yml",
                "on: pull_request\njobs:\n  all:\n    needs: [a, b, c, d, e]\n    steps:\n"
                "      - uses: actions/checkout@v4\n      - run: uvx spiritsafe check\n");
  BOOST_TEST(said(project, weakened) == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
