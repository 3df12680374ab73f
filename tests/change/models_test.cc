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

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
