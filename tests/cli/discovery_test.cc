// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "tests/cli/fixture.h"

namespace spiritsafe {
namespace {

// The paths of the migrations that were judged.
std::vector<std::string> judged(const Outcome& outcome) {
  std::vector<std::string> paths;
  const auto report = nlohmann::json::parse(outcome.out, nullptr, false);
  if (report.is_discarded()) {
    return {"no JSON: " + outcome.err};
  }
  for (const auto& migration : report["migrations"]) {
    paths.push_back(migration["path"]);
  }
  return paths;
}

const std::string good = revision("0a1b2c3d4e5f", "", good_upgrade, good_downgrade);
using Paths = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(discovery)

BOOST_AUTO_TEST_CASE(every_way_to_name_the_scripts_is_followed) {
  const struct {
    std::string_view what;
    std::vector<std::pair<std::string, std::string>> files;
    Paths expected;
  } cases[] = {
      {"alembic.ini", {{"alembic.ini", ini}, {"migrations/versions/a.py", good}}, {"migrations/versions/a.py"}},
      {"%(here)s",
       {{"b/alembic.ini", "[alembic]\nscript_location = %(here)s/mig\n"}, {"b/mig/versions/a.py", good}},
       {"b/mig/versions/a.py"}},
      {"inline comment and spaces",
       {{"alembic.ini",
         "[alembic]\nscript_location=migrations   # where they are\nversion_path_separator = os  # default\n"},
        {"migrations/versions/a.py", good}},
       {"migrations/versions/a.py"}},
      {"package resource",
       {{"alembic.ini", "[alembic]\nscript_location = app.db:migrations\n"}, {"app/db/migrations/versions/a.py", good}},
       {"app/db/migrations/versions/a.py"}},
      {"package resource of several parts",
       {{"alembic.ini", "[alembic]\nscript_location = app:db:migrations\n"}, {"app/db/migrations/versions/a.py", good}},
       {"app/db/migrations/versions/a.py"}},
      {"version_locations",
       {{"alembic.ini", "[alembic]\nscript_location = m\nversion_locations = %(here)s/one %(here)s/two\n"},
        {"m/env.py", ""},
        {"one/a.py", good},
        {"two/b.py", good},
        {"m/versions/c.py", good}},
       {"one/a.py", "two/b.py"}},
      {"recursive",
       {{"alembic.ini", "[alembic]\nscript_location = m\nrecursive_version_locations = true\n"},
        {"m/versions/2026/01/a.py", good}},
       {"m/versions/2026/01/a.py"}},
      {"not recursive by itself",
       {{"alembic.ini", ini}, {"migrations/versions/old/a.py", good}, {"migrations/versions/b.py", good}},
       {"migrations/versions/b.py"}},
      {"pyproject",
       {{"pyproject.toml", "[tool.alembic]\nscript_location = \"%(here)s/db\"\n"}, {"db/versions/a.py", good}},
       {"db/versions/a.py"}},
      {"env.py beside versions", {{"x/y/env.py", ""}, {"x/y/versions/a.py", good}}, {"x/y/versions/a.py"}},
      {"two sections",
       {{"alembic.ini", "[alembic]\nscript_location = one\n[other]\nscript_location = two\n"},
        {"one/versions/a.py", good},
        {"two/versions/b.py", good}},
       {"one/versions/a.py", "two/versions/b.py"}},
      {"a default section",
       {{"alembic.ini", "[DEFAULT]\nroot = db\n[alembic]\nscript_location = %(root)s/migrations\n"},
        {"db/migrations/versions/a.py", good}},
       {"db/migrations/versions/a.py"}},
      {"not for us: __init__, editor files, caches, virtual environments",
       {{"alembic.ini", ini},
        {"migrations/versions/__init__.py", ""},
        {"migrations/versions/.#a.py", good},
        {"migrations/versions/__pycache__/a.py", good},
        {"venv/lib/alembic.ini", ini},
        {"migrations/versions/a.py", good}},
       {"migrations/versions/a.py"}},
  };
  for (const auto& c : cases) {
    BOOST_TEST_CONTEXT(c.what) {
      const Folder folder;
      for (const auto& [path, text] : c.files) {
        folder.write(path, text);
      }
      BOOST_TEST(judged(folder.run({"check", "--all", "--format", "json"})) == c.expected,
                 boost::test_tools::per_element());
    }
  }
}

BOOST_AUTO_TEST_CASE(a_path_inside_a_project_leads_to_it) {
  const Folder folder;
  folder.write("backend/alembic.ini", ini);
  folder.write("backend/migrations/env.py", "");
  folder.write("backend/migrations/versions/a.py", good);
  folder.write("backend/migrations/versions/b.py",
               revision("1a1b2c3d4e5f", "0a1b2c3d4e5f", good_upgrade, good_downgrade));
  const Paths both = {"backend/migrations/versions/a.py", "backend/migrations/versions/b.py"};
  for (const std::string path : {"backend", "backend/migrations", "backend/migrations/versions", "./backend/"}) {
    BOOST_TEST_CONTEXT(path) {
      BOOST_TEST(judged(folder.run({"check", path, "--all", "--format", "json"})) == both,
                 boost::test_tools::per_element());
    }
  }
  BOOST_TEST(judged(folder.run({"check", both[1], "--format", "json"})) == Paths{both[1]},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_cannot_be_judged_is_an_error_with_a_next_step) {
  const struct {
    std::vector<std::pair<std::string, std::string>> files;
    std::vector<std::string> arguments;
    std::string_view expected;
  } cases[] = {
      {{{"README", "x"}},
       {"check"},
       ".: error: no Alembic project is here\n"
       "    = looked for alembic.ini, [tool.alembic] in pyproject.toml, an env.py beside versions/, and numbered .sql "
       "files or folders\n"
       "    = give the folder that holds one of them: spiritsafe check PATH\n"},
      {{}, {"check", "nowhere"}, "nowhere: error: no such file or folder\n"},
      {{{"alembic.ini", "[alembic]\nscript_location = gone\n"}},
       {"check"},
       "alembic.ini: error: `script_location = gone` of [alembic] is not a folder here\n"
       "    = give the path that holds the project, or correct script_location\n"},
      {{{"alembic.ini", "[alembic]\nscript_location = x\nnonsense\n"}},
       {"check"},
       "alembic.ini:3:1: error: expected `key = value`\n"
       "      3 | nonsense\n"
       "        | ^~~~~~~~\n"},
      {{{"pyproject.toml", "[tool.alembic]\nscript_location = \n"}},
       {"check"},
       "pyproject.toml:2:19: error: this is not TOML: Error while parsing key-value pair: expected value, saw '\\n'\n"
       "      2 | script_location = \n"
       "        |                   ^\n"},
  };
  for (const auto& c : cases) {
    const Folder folder;
    for (const auto& [path, text] : c.files) {
      folder.write(path, text);
    }
    const Outcome outcome = folder.run(c.arguments);
    BOOST_TEST(outcome.err == c.expected);
    BOOST_TEST(outcome.out == "");
    BOOST_TEST(outcome.exit == 2);
  }
}

BOOST_AUTO_TEST_CASE(migrations_that_no_project_names_are_told) {
  Folder folder;
  folder.write("alembic.ini", ini);
  folder.write("migrations/versions/a.py", good);
  folder.write("plugins/tos/migrations/versions/b.py", good);
  folder.write("plugins/tos/migrations/versions/__init__.py", "");
  const Outcome outcome = folder.run({"check", "--all", "--format", "json", "."});
  BOOST_TEST(judged(outcome) == Paths{"migrations/versions/a.py"}, boost::test_tools::per_element());
  BOOST_TEST(
      outcome.err ==
      "note: plugins/tos/migrations/versions: 1 migration was not judged, since no project's configuration names "
      "this folder; add it to version_locations, or give it as a path\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
