// SPDX-License-Identifier: Apache-2.0
// Each format of the example and of a project that tries everything, held to expected/PROJECT.FORMAT. UPDATE_EXPECTED=1
// writes them anew; the difference is what a reviewer reads.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include <fmt/format.h>
#include <boost/test/unit_test.hpp>

#include "adapters/cli/run.h"
#include "adapters/report/report.h"
#include "tests/cli/fixture.h"

namespace spiritsafe {
namespace {

std::string read_file(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

std::string run_here(const std::vector<std::string>& arguments) {
  std::ostringstream out, err;
  run(arguments, {out, err, false, false, "2026-06-15"});
  BOOST_TEST(err.str() == "");
  return out.str();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(golden)

BOOST_AUTO_TEST_CASE(every_format_of_both_projects_is_as_it_was) {
  const bool update = std::getenv("UPDATE_EXPECTED") != nullptr;
  for (const auto& [name, project] :
       {std::pair("todo", "examples/todo"), std::pair("hostile", "tests/reports/hostile")}) {
    for (const ReportFormat& format : report_formats()) {
      if (format.name == "text" || format.name == "comment") {
        continue;  // tests/cli has the one, and the other is the Markdown report cut
      }
      const std::string text =
          run_here({"check", project, "--all", "--format", std::string(format.name), "--color", "never"});
      const std::string path = fmt::format("tests/reports/expected/{}.{}", name, format.name);
      if (update) {
        std::ofstream(path, std::ios::binary) << text;
      } else {
        BOOST_TEST(
            (text == read_file(path)),
            path << " is no longer what is written; UPDATE_EXPECTED=1 writes it anew, then look at the difference");
      }
    }
  }
  BOOST_TEST(!update, "wrote tests/reports/expected/; look at the difference and run again");
}

BOOST_AUTO_TEST_CASE(the_summary_is_told_in_markdown_too) {
  const std::string text = run_here({"summary", "examples/todo", "--all", "--format", "markdown"});
  const std::string report = run_here({"check", "examples/todo", "--all", "--format", "markdown"});
  const auto told = [](const std::string& from, const std::string& until) {
    const size_t begin = from.find("### What the migrations do");
    return from.substr(begin, from.find(until, begin) - begin);
  };
  const size_t counts = report.find("\n\n") + 2;
  const std::string end = "6 migrations: " + report.substr(counts, report.find(" in 6 migrations") - counts) +
                          ". ⚠️ destroys or overwrites something, or may.\n";
  BOOST_TEST(text == told(report, "### Findings") + end);
}

BOOST_AUTO_TEST_CASE(completions_know_the_formats) {
  // Asked as the shells ask.
  const Folder folder;
  folder.write("bash", run_here({"completions", "bash"}));
  folder.write("ask",
               "source ./bash\nCOMP_WORDS=(\"$@\" '')\nCOMP_CWORD=$#\n_spiritsafe\necho \"${COMPREPLY[*]}\" >> said\n");
  BOOST_REQUIRE(std::system("bash ask spiritsafe check --format && bash ask spiritsafe check --color && bash ask "
                            "spiritsafe graph --format && bash ask spiritsafe summary backend --format") == 0);
  std::string names;
  for (const ReportFormat& format : report_formats()) {
    names += fmt::format("{}{}", names.empty() ? "" : " ", format.name);
  }
  BOOST_TEST(folder.read("said") == names + "\nauto always never\ntext mermaid dot svg json\ntext markdown\n");
  BOOST_TEST((run_here({"completions", "fish"}).find(fmt::format("-l format -x -a '{}'", names)) != std::string::npos));
}

BOOST_AUTO_TEST_CASE(outputs_are_what_is_printed) {
  const Folder folder;
  folder.write("alembic.ini", ini);
  folder.write("migrations/env.py", "");
  folder.write("migrations/versions/a.py", revision("a1", "", "op.drop_table('x')", "pass"));
  std::vector<std::string> arguments = {"check", ".", "--all"};
  for (const ReportFormat& format : report_formats()) {
    arguments.insert(arguments.end(), {"--output", fmt::format("{0}=report.{0}", format.name)});
  }
  const Outcome all = folder.run(arguments);
  BOOST_TEST(all.err == "");
  for (const ReportFormat& format : report_formats()) {
    const Outcome one = folder.run({"check", ".", "--all", "--format", std::string(format.name)});
    BOOST_TEST(one.exit == all.exit);
    BOOST_TEST((one.out == folder.read(fmt::format("report.{}", format.name))), format.name);
  }
}

BOOST_AUTO_TEST_CASE(every_format_is_in_the_readme_and_the_help) {
  const std::string readme = read_file("README.md");
  const std::string help = run_here({"check", "--help"});
  for (const ReportFormat& format : report_formats()) {
    BOOST_TEST((readme.find(fmt::format("`{}`", format.name)) != std::string::npos),
               "README.md does not name " << format.name);
    BOOST_TEST((help.find(format.name) != std::string::npos), format.name << " is not in the help");
  }
}

BOOST_AUTO_TEST_CASE(platforms_get_paths_from_the_repositorys_top_and_links_at_the_judged_commit) {
  const Folder folder;
  BOOST_REQUIRE(std::system("git init -q -b main . && git config user.email a@b.example && git config user.name a") ==
                0);
  folder.write("backend/alembic.ini", ini);
  folder.write("backend/migrations/env.py", "");
  folder.write("backend/migrations/versions/a.py", revision("a1", "", "op.create_table('x')", "op.drop_table('x')"));
  BOOST_REQUIRE(std::system("git add . && git commit -q -m one && git branch base") == 0);
  std::string text = revision("b1", "a1", "op.drop_table('x')", "op.create_table('x')");
  folder.write("backend/migrations/versions/b.py", text);
  BOOST_REQUIRE(std::system("git add . && git commit -q -m two") == 0);
  std::filesystem::current_path(folder.path() + "/backend");
  std::ostringstream out, err;
  const auto environment = [](std::string_view name) -> std::string {
    const std::map<std::string_view, std::string> variables = {{"GITLAB_CI", "true"},
                                                               {"CI_PROJECT_URL", "https://gitlab.example/g/p"},
                                                               {"CI_COMMIT_SHA", "0123abcd"},
                                                               {"CI_DEFAULT_BRANCH", "base"}};
    const auto found = variables.find(name);
    return found == variables.end() ? std::string() : found->second;
  };
  run({"check", "--base", "base", "--format", "markdown", "--output", "gitlab-codequality=quality.json", "--output",
       "github=commands.txt"},
      {out, err, false, false, "2026-06-15", environment});
  BOOST_TEST(err.str() == "");
  BOOST_TEST((out.str().find("[`backend/migrations/versions/b.py:1`](https://gitlab.example/g/p/-/blob/0123abcd/"
                             "backend/migrations/versions/b.py#L1)") != std::string::npos),
             out.str());
  BOOST_TEST((read_file("quality.json").find("\"path\": \"backend/migrations/versions/b.py\"") != std::string::npos),
             read_file("quality.json"));
  BOOST_TEST((read_file("commands.txt").find("file=backend/migrations/versions/b.py,") != std::string::npos),
             read_file("commands.txt"));
  std::filesystem::current_path(folder.path());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
