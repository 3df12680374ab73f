// SPDX-License-Identifier: Apache-2.0
// A real git repository with an Alembic project, and the program run in it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "adapters/git/process.h"
#include "tests/cli/fixture.h"

namespace spiritsafe {

using Variables = std::map<std::string, std::string>;

class TestProject : public Folder {
 public:
  explicit TestProject(bool with_project = true) {
    git({"init", "-q", "-b", "main"});
    if (with_project) {
      write("alembic.ini", ini);
      write("migrations/env.py", "");
      migrate("a1a1a1a1a1a1", "");
      migrate("b2b2b2b2b2b2", "a1a1a1a1a1a1");
      commit("base");
    }
  }

  std::string git(const std::vector<std::string>& arguments) const {
    std::vector<std::string> words = {"git",
                                      "-c",
                                      "user.name=Ada",
                                      "-c",
                                      "user.email=ada@example.org",
                                      "-c",
                                      "commit.gpgsign=false",
                                      "-c",
                                      "protocol.file.allow=always"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    const ProcessResult result = run_process(words, {}, {"GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null"});
    BOOST_REQUIRE_MESSAGE(result.exit == 0, result.err);
    return result.out.substr(0, result.out.find('\n'));
  }
  std::string commit(const std::string& message) const {
    git({"add", "-A"});
    git({"commit", "-q", "--allow-empty", "-m", message});
    return git({"rev-parse", "HEAD"});
  }
  void branch(const std::string& name) const { git({"switch", "-q", "-c", name}); }
  void go(const std::string& name) const { git({"switch", "-q", name}); }

  static std::string path_of(const std::string& id) { return "migrations/versions/" + id + "_add_email_to_user.py"; }
  // A migration that no default rule has anything against.
  void migrate(const std::string& id, const std::string& parent) const {
    write(path_of(id), revision(id, parent, good_upgrade, good_downgrade));
  }
  // One that needs an approval, by a rule that asks only about migrations that the base does not have.
  static std::string dropping(const std::string& id, const std::string& parent) {
    return revision(id, parent, "op.drop_column('user', 'nick')",
                    "op.add_column('user', sa.Column('nick', sa.String(), nullable=True))");
  }
  void drop(const std::string& id, const std::string& parent) const { write(path_of(id), dropping(id, parent)); }

  Outcome run(const std::vector<std::string>& arguments, const Variables& variables = {}) const {
    std::ostringstream out, err;
    Outcome outcome;
    const auto environment = [&](std::string_view name) {
      const auto found = variables.find(std::string(name));
      return found == variables.end() ? std::string() : found->second;
    };
    outcome.exit = spiritsafe::run(arguments, {out, err, false, false, "2026-06-15", environment});
    outcome.out = out.str();
    outcome.err = err.str();
    return outcome;
  }

  // Every finding of a check, one a line: `level rule path:line`, with its state where it is not open; then the verdict
  // and the exit code. Where there is no report, the error.
  std::string check(std::vector<std::string> arguments = {}, const Variables& variables = {}) const {
    arguments.insert(arguments.begin(), {"check", "--format", "json"});
    return told(run(arguments, variables));
  }

  static std::string told(const Outcome& outcome) {
    const auto report = nlohmann::json::parse(outcome.out, nullptr, false);
    if (report.is_discarded()) {
      return fmt::format("{}exit {}\n", outcome.err, outcome.exit);
    }
    std::string text;
    for (const auto& finding : report["findings"]) {
      const std::string state = finding["state"];
      text += fmt::format("{} {} {}:{}{}\n", finding["level"].get<std::string>(), finding["rule"].get<std::string>(),
                          finding["path"].get<std::string>(), finding["line"].get<int>(),
                          state == "open" ? "" : " " + state);
    }
    return text + fmt::format("{}, exit {}\n", report["verdict"].get<std::string>(), outcome.exit);
  }
};

inline const std::string clean = "clean, exit 0\n";

}  // namespace spiritsafe
