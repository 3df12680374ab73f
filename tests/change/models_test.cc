// SPDX-License-Identifier: Apache-2.0
// What a change says of the models: only what it touches, and always with what is around it.
#include "tests/change/project.h"

namespace spiritsafe {
namespace {

const std::string head = "from sqlmodel import Field, SQLModel\n\n\n";
const std::string hero =
    head + "class Hero(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n    data: dict\n";

struct Fixture : TestProject {
  Fixture() {
    write("migrations/env.py",
          "from alembic import context\nfrom sqlmodel import SQLModel\n\nimport app.models\n\n"
          "target_metadata = SQLModel.metadata\n");
    write("pyproject.toml", "[project]\nname = 'app'\ndependencies = ['sqlmodel>=0.0.22']\n");
    write("app/__init__.py", "");
    write("app/models/__init__.py", "from app.models.hero import Hero\n");
    write("app/models/hero.py", hero);
    commit("models");
    branch("change");
  }
  // What is found in modules of the models, as TestProject::check tells it.
  std::string of_models(const std::vector<std::string>& arguments = {"--base", "main"}) const {
    std::istringstream lines(check(arguments));
    std::string found;
    for (std::string line; std::getline(lines, line);) {
      found += line.find(" app/") == std::string::npos ? "" : line + "\n";
    }
    return found;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(models_of_a_change, Fixture)

BOOST_AUTO_TEST_CASE(what_the_change_leaves_alone_is_not_judged) {
  write("app/models/team.py", head + "class Team(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n");
  write("app/models/__init__.py", "from app.models.hero import Hero\nfrom app.models.team import Team\n");
  commit("team");
  BOOST_TEST(of_models() == "");
  BOOST_TEST(of_models({"--all"}) == "error json-needs-sa-column app/models/hero.py:6\n");
}

BOOST_AUTO_TEST_CASE(a_new_model_that_nobody_imports_is_found) {
  write("app/models/team.py", head + "class Team(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n");
  commit("team");
  BOOST_TEST(of_models() == "error model-not-imported app/models/team.py:4\n");
}

BOOST_AUTO_TEST_CASE(questions_of_style_are_asked_of_new_lines_only) {
  const std::string old = head +
                          "from sqlalchemy import Column, String\n\n\nclass Hero(SQLModel, table=True):\n"
                          "    id: int = Field(primary_key=True)\n"
                          "    name: str = Field(sa_column=Column(String))\n";
  go("main");
  write("app/models/hero.py", old);
  commit("old");
  branch("other");
  write("app/models/hero.py", old + "    nick: str = Field(sa_column=Column(String))\n");
  commit("nick");
  BOOST_TEST(of_models() == "warn sa-column-unnecessary app/models/hero.py:10\n");
}

BOOST_AUTO_TEST_CASE(a_model_that_does_not_parse_is_an_error) {
  write("app/models/hero.py", head + "class Hero(SQLModel, table=True)\n    id: int\n");
  commit("broken");
  BOOST_TEST(of_models() == "error model-syntax-error app/models/hero.py:4\n");
}

BOOST_AUTO_TEST_CASE(the_staged_text_counts_before_a_commit) {
  write("app/models/hero.py", hero + "    other: list\n");
  git({"add", "-A"});
  write("app/models/hero.py", hero);
  BOOST_TEST(of_models({"--staged"}) ==
             "error json-needs-sa-column app/models/hero.py:6\n"
             "error json-needs-sa-column app/models/hero.py:7\n");
}

BOOST_AUTO_TEST_CASE(a_waiver_stands_beside_what_it_waives) {
  const auto with = [](const std::string& comment) {
    std::string text = hero;
    return text.insert(text.rfind('\n'), "  # spiritsafe: " + comment);
  };
  const std::string waiver = "allow json-needs-sa-column until 2026-07-01 -- the table is made by hand";
  const std::string more = "    other: int\n";
  BOOST_TEST_CONTEXT("of the change itself it asks for an approval of what would stop it") {
    write("app/models/hero.py", with(waiver) + more);
    commit("waived");
    BOOST_TEST(of_models() == "approval json-needs-sa-column app/models/hero.py:6\n");
  }
  BOOST_TEST_CONTEXT("that has ended") {
    write("app/models/hero.py", with("allow json-needs-sa-column until 2026-06-14 -- soon gone") + more);
    commit("ended");
    BOOST_TEST(of_models() ==
               "error json-needs-sa-column app/models/hero.py:6\nwarn expired-waiver app/models/hero.py:6\n");
  }
  BOOST_TEST_CONTEXT("without a reason") {
    write("app/models/hero.py", with("allow json-needs-sa-column until 2026-07-01") + more);
    commit("malformed");
    BOOST_TEST(of_models() ==
               "error json-needs-sa-column app/models/hero.py:6\nwarn malformed-waiver app/models/hero.py:6\n");
  }
  BOOST_TEST_CONTEXT("of the base") {
    go("main");
    write("app/models/hero.py", with(waiver));
    commit("waived there");
    branch("later");
    write("app/models/hero.py", with(waiver) + more);
    commit("more");
    BOOST_TEST(of_models() == "error json-needs-sa-column app/models/hero.py:6 waived\n");
  }
  BOOST_TEST_CONTEXT("that covers nothing") {
    write("app/models/hero.py", head + "# spiritsafe: " + waiver +
                                    "\nclass Hero(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n");
    commit("mended");
    BOOST_TEST(of_models() == "");  // of a file that was there only a part of the rules is asked
    BOOST_TEST(of_models({"--all"}) == "warn unused-waiver app/models/hero.py:4\n");
  }
}

BOOST_AUTO_TEST_SUITE_END()

struct Migrated : TestProject {
  const std::string user = head + "class User(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n";
  Migrated() : TestProject(false) {
    write("alembic.ini", ini);
    write("migrations/env.py",
          "from alembic import context\nfrom sqlmodel import SQLModel\n\nimport app.models\n\n"
          "target_metadata = SQLModel.metadata\n");
    write("pyproject.toml", "[project]\nname = 'app'\ndependencies = ['sqlmodel>=0.0.22']\n");
    write("app/__init__.py", "");
    write("app/models.py", user);
    migrate("aaaa", "None",
            "op.create_table('user', sa.Column('id', sa.Integer(), nullable=False), sa.PrimaryKeyConstraint('id'))",
            "op.drop_table('user')");
    commit("user");
    branch("change");
  }
  void migrate(const std::string& revision, const std::string& parent, const std::string& upgrade,
               const std::string& downgrade) const {
    write("migrations/versions/" + revision + "_x.py",
          "\"\"\"add User table\n\nRevision ID: " + revision + "\nRevises: " + (parent == "None" ? "" : parent) +
              "\nCreate Date: 2026-01-01 00:00:00.000000\n\n\"\"\"\nfrom alembic import op\nimport sqlalchemy as sa\n"
              "import sqlmodel\n\nrevision = '" +
              revision + "'\ndown_revision = " + (parent == "None" ? parent : "'" + parent + "'") +
              "\nbranch_labels = None\ndepends_on = None\n\n\ndef upgrade():\n"
              "    # ### commands auto generated by Alembic - please adjust! ###\n    " +
              upgrade +
              "\n    # ### end Alembic commands ###\n\n\ndef downgrade():\n"
              "    # ### commands auto generated by Alembic - please adjust! ###\n    " +
              downgrade + "\n    # ### end Alembic commands ###\n");
  }
  std::string found(const std::vector<std::string>& arguments = {"--base", "main"}) const {
    std::istringstream lines(check(arguments));
    std::string found;
    for (std::string line; std::getline(lines, line);) {
      const bool is_finding = line.find(".py:") != std::string::npos;
      found += is_finding && !line.starts_with("advice") ? line + "\n" : "";
    }
    return found;
  }
};

BOOST_FIXTURE_TEST_SUITE(models_and_migrations_of_a_change, Migrated)

BOOST_AUTO_TEST_CASE(a_model_that_grows_without_a_migration_is_an_error) {
  write("app/models.py", user + "    nick: str | None = None\n");
  commit("nick");
  BOOST_TEST(found() == "error model-change-without-migration app/models.py:6\n");
}

BOOST_AUTO_TEST_CASE(a_model_and_its_migration_agree) {
  write("app/models.py", user + "    nick: str | None = None\n");
  migrate("bbbb", "aaaa", "op.add_column('user', sa.Column('nick', sqlmodel.sql.sqltypes.AutoString(), nullable=True))",
          "op.drop_column('user', 'nick')");
  commit("nick");
  BOOST_TEST(found() == "");
}

BOOST_AUTO_TEST_CASE(what_no_model_asks_for_is_unexplained) {
  migrate("bbbb", "aaaa", "op.add_column('user', sa.Column('nick', sqlmodel.sql.sqltypes.AutoString(), nullable=True))",
          "op.drop_column('user', 'nick')");
  commit("nick");
  BOOST_TEST(found() ==
             "approval migration-without-model-change migrations/versions/bbbb_x.py:1\n"
             "warn unexplained-operation migrations/versions/bbbb_x.py:20\n");
}

BOOST_AUTO_TEST_CASE(a_model_that_env_does_not_reach_explains_its_table) {
  write("app/team.py", head + "class Team(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n");
  migrate("bbbb", "aaaa",
          "op.create_table('team', sa.Column('id', sa.Integer(), nullable=False), sa.PrimaryKeyConstraint('id'))",
          "op.drop_table('team')");
  commit("team");
  BOOST_TEST(found() ==
             "warn model-location app/team.py:4\n"
             "error model-not-imported app/team.py:4\n");
}

BOOST_AUTO_TEST_CASE(an_older_difference_is_not_this_changes_and_may_be_mended) {
  go("main");
  write("app/models.py", user + "    nick: str | None = None\n");
  commit("drift");
  branch("other");
  write("app/models.py", user + "    nick: str | None = None\n    # a comment\n");
  commit("comment");
  BOOST_TEST(found() == "");
  migrate("bbbb", "aaaa", "op.add_column('user', sa.Column('nick', sqlmodel.sql.sqltypes.AutoString(), nullable=True))",
          "op.drop_column('user', 'nick')");
  commit("mend");
  BOOST_TEST(found() == "");
}

BOOST_AUTO_TEST_CASE(an_inline_waiver_speaks_of_a_difference_in_its_migration) {
  migrate("bbbb", "aaaa",
          "op.add_column('user', sa.Column('nick', sqlmodel.sql.sqltypes.AutoString(), nullable=True))"
          "  # spiritsafe: allow unexplained-operation until 2026-06-30 -- the next release reads it",
          "op.drop_column('user', 'nick')");
  commit("nick");
  BOOST_TEST(found() ==
             "approval migration-without-model-change migrations/versions/bbbb_x.py:1\n"
             "warn unexplained-operation migrations/versions/bbbb_x.py:20 waived\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
