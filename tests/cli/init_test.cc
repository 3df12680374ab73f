// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "adapters/cli/options.h"
#include "engine/yaml/tree.h"
#include "tests/cli/fixture.h"

namespace spiritsafe {
namespace {

void write_project(const Folder& folder, const std::string& dependency) {
  folder.write("backend/alembic.ini", ini);
  folder.write("backend/pyproject.toml", "[project]\nname = 'x'\ndependencies = ['" + dependency + "']\n");
  folder.write("backend/migrations/env.py", "target_metadata = None\n");
  folder.write("backend/migrations/versions/a1b2c3d4e5f6_add_email.py",
               revision("a1b2c3d4e5f6", "", good_upgrade, good_downgrade));
}

void write_remote(const Folder& folder, const std::string& url) {
  folder.write(".git/config", "[remote \"origin\"]\n\turl = " + url + "\n");
}

std::string all_text(const Folder& folder) {
  std::string out;
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(".")) {
    if (entry.is_regular_file()) {
      paths.push_back(entry.path().generic_string());
    }
  }
  std::sort(paths.begin(), paths.end());
  for (const std::string& path : paths) {
    out += path + "\n" + folder.read(path);
  }
  return out;
}

bool is_yaml(const std::string& path, const std::string& text) {
  Arena arena;
  return parse_yaml(path, text, 0, arena).has_value();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(init)

BOOST_AUTO_TEST_CASE(a_project_on_github_gets_policy_workflow_and_hook) {
  const Folder folder;
  write_project(folder, "sqlmodel");
  folder.write(".git/config", "");
  std::filesystem::create_directories(".github");
  const Outcome outcome = folder.run({"init"});
  BOOST_TEST(outcome.exit == 0);
  BOOST_TEST(outcome.out == "");
  BOOST_TEST(outcome.err ==
             "wrote  spiritsafe.yml\n"
             "wrote  .github/workflows/spiritsafe.yml\n"
             "wrote  .pre-commit-config.yaml\n"
             "next: read what was written, then `spiritsafe check --all` shows what the rules say of what is there\n");
  BOOST_TEST(
      folder.read("spiritsafe.yml") ==
      "# What spiritsafe asks of the migrations. `spiritsafe policy list` shows the rules with their levels,\n"
      "# `spiritsafe explain RULE` a rule's page, `spiritsafe policy check` whether this file is right.\n"
      "#\n"
      "# backend/migrations: 1 migration\n"
      "language: 1\n"
      "extends:\n"
      "  - builtin: sqlmodel     # for teams that generate migrations from SQLModel; brings alembic and postgres\n"
      "\n"
      "# What teams often set; take the `#` away from what fits.\n"
      "# settings:\n"
      "#   large_tables: [user, event]        # where a lock hurts: its rules become errors\n"
      "# rules:\n"
      "#   empty-downgrade: {level: warn, because: we only roll forward}\n"
      "#   drop-column: {level: error, because: regulated data}\n"
      "# overrides:\n"
      "#   - files: ['legacy/**']\n"
      "#     rules: {empty-downgrade: {level: 'off', because: it is frozen}}\n"
      "# approvers:\n"
      "#   data: ['github:your-org/data', 'label:migration-approved']\n");
  const Outcome checked = folder.run({"policy", "check"});
  BOOST_TEST(checked.exit == 0);
  BOOST_TEST(checked.out.find("nothing wrong") != std::string::npos);
  for (const std::string path : {".github/workflows/spiritsafe.yml", ".pre-commit-config.yaml"}) {
    BOOST_TEST(is_yaml(path, folder.read(path)));
  }
}

BOOST_AUTO_TEST_CASE(what_it_wrote_is_read_by_the_rules_without_complaint) {
  const Folder folder;
  write_project(folder, "sqlmodel");
  folder.write(".git/config", "");
  BOOST_TEST(folder.run({"init", "--github", "--gitlab"}).exit == 0);
  std::filesystem::remove_all(".git");
  const auto report = nlohmann::json::parse(folder.run({"check", ".", "--all", "--format", "json"}).out);
  BOOST_TEST(report["policy"]["source"] == "spiritsafe.yml");
  for (const auto& finding : report["findings"]) {
    const std::string path = finding["path"];
    BOOST_TEST((path.starts_with("backend/") || path.empty()), finding.dump());
    BOOST_TEST(finding["rule"] != "unreadable-file");
  }
}

BOOST_AUTO_TEST_CASE(what_is_commented_out_is_right_when_it_is_not) {
  for (const auto& [dependency, url] : std::vector<std::pair<std::string, std::string>>{
           {"sqlmodel", ""}, {"sqlalchemy", ""}, {"sqlalchemy", "sqlalchemy.url = sqlite:///x.db\n"}}) {
    BOOST_TEST_CONTEXT(dependency << url) {
      const Folder folder;
      write_project(folder, dependency);
      folder.write("backend/alembic.ini", ini + url);
      BOOST_TEST(folder.run({"init"}).exit == 0);
      std::istringstream lines(folder.read("spiritsafe.yml"));
      std::string text;
      bool optional = false;
      for (std::string line; std::getline(lines, line);) {
        text += (optional && line.starts_with("# ") ? line.substr(2) : line) + "\n";
        optional = optional || line.starts_with("# What teams");
      }
      folder.write("spiritsafe.yml", text);
      const Outcome outcome = folder.run({"policy", "check"});
      BOOST_TEST(outcome.exit == 0);
      BOOST_TEST(outcome.err == "", text);
      BOOST_TEST(text.find("\nrules:\n") != std::string::npos);
      BOOST_TEST((text.find("builtin: postgres") == std::string::npos) == (dependency == "sqlmodel" || !url.empty()));
    }
  }
}

BOOST_AUTO_TEST_CASE(it_writes_where_the_models_stand) {
  const Folder folder;
  write_project(folder, "sqlmodel");
  const std::string model =
      "from sqlmodel import Field, SQLModel\n\n\nclass {}(SQLModel, table=True):\n    id: int = "
      "Field(primary_key=True)\n";
  for (const auto& [path, name] :
       std::vector<std::pair<std::string, std::string>>{{"backend/app/tables/hero.py", "Hero"},
                                                        {"backend/app/tables/team.py", "Team"},
                                                        {"backend/app/link.py", "Link"}}) {
    std::string text = model;
    folder.write(path, text.replace(text.find("{}"), 2, name));
  }
  folder.write("backend/migrations/env.py",
               "from sqlmodel import SQLModel\nimport app.link\nimport app.tables.hero\n"
               "import app.tables.team\ntarget_metadata = SQLModel.metadata\n");
  BOOST_TEST(folder.run({"init"}).exit == 0);
  const std::string text = folder.read("spiritsafe.yml");
  BOOST_TEST(text.find("\nrules:\n  model-location: {with: {places: "
                       "'(^|/)(backend/app/link\\.py$|backend/app/tables/)'}} # where the models stand today\n"
                       "#   empty-downgrade") != std::string::npos,
             text);
  const Outcome checked = folder.run({"check", "--all"});
  BOOST_TEST(checked.out.find("model-location") == std::string::npos, checked.out);
  folder.write("backend/app/other.py",
               "from sqlmodel import Field, SQLModel\n\n\n"
               "class Other(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n");
  BOOST_TEST(folder.run({"check", "--all"}).out.find("[model-location]") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(nothing_is_overwritten) {
  const Folder folder;
  write_project(folder, "sqlmodel");
  write_remote(folder, "git@github.com:x/y.git");
  BOOST_TEST(folder.run({"init"}).exit == 0);
  const std::string before = all_text(folder);
  const Outcome again = folder.run({"init"});
  BOOST_TEST(again.exit == 0);
  BOOST_TEST(again.err ==
             "kept   spiritsafe.yml: it is there already; `spiritsafe policy check` reads it\n"
             "kept   .github/workflows/spiritsafe.yml: it is there already\n"
             "kept   .pre-commit-config.yaml: it runs spiritsafe already\n");
  BOOST_TEST(all_text(folder) == before);
}

BOOST_AUTO_TEST_CASE(existing_configurations_are_left_alone_and_told_what_to_add) {
  const Folder folder;
  write_project(folder, "sqlmodel");
  folder.write(".gitlab-ci.yml", "stages: [test]\n");
  folder.write(".pre-commit-config.yaml", "repos: []\n");
  folder.write("backend/spiritsafe.yml", "language: 1\n");
  const Outcome outcome = folder.run({"init"});
  BOOST_TEST(outcome.exit == 0);
  BOOST_TEST(outcome.err ==
             "kept   spiritsafe.yml: backend/spiritsafe.yml decides for that project already\n"
             "wrote  .gitlab/spiritsafe.yml\n"
             "kept   .gitlab-ci.yml: it is there already; add to it\n"
             "    include:\n"
             "      - local: .gitlab/spiritsafe.yml\n"
             "kept   .pre-commit-config.yaml: it is there already; add below its `repos:`\n"
             "      - repo: local\n"
             "        hooks:\n"
             "          - id: spiritsafe\n"
             "            name: migrations against the policy\n"
             "            entry: spiritsafe check --staged\n"
             "            language: system\n"
             "            files: '\\.(py|mako|sql|ini|toml|ya?ml|sh)$|(^|/)([Jj]ustfile|Makefile|Dockerfile)$'\n"
             "            pass_filenames: false\n"
             "next: read what was written, then `spiritsafe check --all` shows what the rules say of what is there\n");
  BOOST_TEST(folder.read(".gitlab-ci.yml") == "stages: [test]\n");
  BOOST_TEST(folder.read(".pre-commit-config.yaml") == "repos: []\n");
  BOOST_TEST(!std::filesystem::exists("spiritsafe.yml"));
  BOOST_TEST(is_yaml("x", folder.read(".gitlab/spiritsafe.yml")));
}

BOOST_AUTO_TEST_CASE(a_dry_run_and_a_diff_write_nothing) {
  const Folder folder;
  write_project(folder, "sqlmodel");
  write_remote(folder, "https://gitlab.example.org/x/y.git");
  const std::string before = all_text(folder);
  BOOST_TEST(folder.run({"init", "--dry-run"}).err ==
             "would write spiritsafe.yml\n"
             "would write .gitlab/spiritsafe.yml\n"
             "would write .gitlab-ci.yml\n"
             "would write .pre-commit-config.yaml\n");
  const Outcome diff = folder.run({"init", "--diff"});
  BOOST_TEST(diff.out.find("--- /dev/null\n+++ b/.gitlab-ci.yml\n@@ -0,0 +1,2 @@\n+include:\n"
                           "+  - local: .gitlab/spiritsafe.yml\n") != std::string::npos);
  BOOST_TEST(all_text(folder) == before);
}

BOOST_AUTO_TEST_CASE(from_a_folder_below_it_writes_at_the_repositorys_top) {
  const Folder folder;
  write_project(folder, "sqlmodel");
  write_remote(folder, "git@github.com:x/y.git");
  std::filesystem::current_path("backend");
  const Outcome outcome = folder.run({"init"});
  std::filesystem::current_path("..");
  BOOST_TEST(outcome.err.starts_with("wrote  ../spiritsafe.yml\nwrote  ../.github/workflows/spiritsafe.yml\n"));
  BOOST_TEST(folder.read("spiritsafe.yml").find("# backend/migrations: 1 migration\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_link_that_leads_out_of_the_repository_is_not_followed) {
  const Folder folder;
  write_project(folder, "sqlmodel");
  std::filesystem::create_directories("elsewhere");
  std::filesystem::rename("backend", "repository");
  write_remote(folder, "");
  std::filesystem::rename(".git", "repository/.git");
  std::filesystem::create_directory_symlink("../elsewhere", "repository/.github");
  std::filesystem::create_symlink("../elsewhere/policy.yml", "repository/.pre-commit-config.yaml");
  const Outcome outcome = folder.run({"init", "repository", "--github"});
  BOOST_TEST(outcome.exit == 2);
  BOOST_TEST(outcome.err.find("repository/.github/workflows/spiritsafe.yml: error: cannot be written: ") !=
             std::string::npos);
  BOOST_TEST(outcome.err.find("repository/.pre-commit-config.yaml: error: cannot be written: File exists") !=
             std::string::npos);
  BOOST_TEST(std::filesystem::is_empty("elsewhere"));
}

BOOST_AUTO_TEST_CASE(without_a_project_there_is_nothing_to_set_up) {
  const Folder folder;
  folder.write("a.txt", "");
  const Outcome outcome = folder.run({"init"});
  BOOST_TEST(outcome.exit == 2);
  BOOST_TEST(outcome.err.find("error: ") != std::string::npos);
  BOOST_TEST(!std::filesystem::exists("spiritsafe.yml"));
}

BOOST_AUTO_TEST_CASE(without_a_platform_it_is_said) {
  const Folder folder;
  write_project(folder, "sqlmodel");
  const Outcome outcome = folder.run({"init"});
  BOOST_TEST(outcome.err.find("note: neither .github, .gitlab-ci.yml nor a remote says which platform this is") !=
             std::string::npos);
  BOOST_TEST(!std::filesystem::exists(".github"));
}

// What the hooks file and the written configuration call has to be something that this program understands.
BOOST_AUTO_TEST_CASE(the_hooks_call_commands_that_exist) {
  Arena arena;
  std::ostringstream text;
  text << std::ifstream(".pre-commit-hooks.yaml").rdbuf();
  const Result<YamlNode> hooks = parse_yaml(".pre-commit-hooks.yaml", text.str(), 0, arena);
  BOOST_REQUIRE(hooks.has_value());
  BOOST_REQUIRE(hooks->items().size() == 2u);
  for (const YamlNode& hook : hooks->items()) {
    BOOST_TEST(hook.find("language")->text == "system");
    BOOST_TEST(hook.find("pass_filenames")->text == "false");
    std::istringstream words{std::string(hook.find("entry")->text)};
    std::vector<std::string> arguments;
    for (std::string word; words >> word;) {
      arguments.push_back(word);
    }
    BOOST_REQUIRE(!arguments.empty());
    BOOST_TEST(arguments.front() == "spiritsafe");
    arguments.erase(arguments.begin());
    const Options options = parse_options(arguments);
    BOOST_TEST(!std::holds_alternative<Reply>(options.command));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
