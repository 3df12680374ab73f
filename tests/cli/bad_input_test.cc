// SPDX-License-Identifier: Apache-2.0
// What a stranger can put into a pull request: each gives its clear finding or error, and everything else is still
// judged.
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <nlohmann/json.hpp>

#include "tests/cli/fixture.h"

namespace spiritsafe {
namespace {

const std::string good = revision("0a1b2c3d4e5f", "", good_upgrade, good_downgrade);
namespace fs = std::filesystem;

std::string repeated(std::string_view text, size_t times) {
  std::string out;
  for (size_t i = 0; i < times; ++i) {
    out += text;
  }
  return out;
}

const std::string before = "revision = 'aaaaaaaaaaaa'\ndown_revision = None\ndef upgrade():\n    x = ";

// Findings as `rule path:line message`, for one path.
std::vector<std::string> findings_of(const Outcome& outcome, const std::string& path) {
  std::vector<std::string> out;
  const auto report = nlohmann::json::parse(outcome.out);
  for (const auto& finding : report["findings"]) {
    if (finding["path"] == path) {
      out.push_back(finding["rule"].get<std::string>() + " " + std::to_string(finding["line"].get<int>()) + ": " +
                    finding["message"].get<std::string>());
    }
  }
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(bad_input)

BOOST_AUTO_TEST_CASE(files_that_cannot_be_read_are_findings_and_the_rest_is_judged) {
  const struct {
    std::string_view what;
    std::function<void(const Folder&, const std::string&)> make;
    std::string expected_rule;
    std::string expected_words;
  } cases[] = {
      {"empty", [](const Folder& f, const std::string& p) { f.write(p, ""); }, "upgrade-missing",
       "defines no upgrade()"},
      {"NUL", [](const Folder& f, const std::string& p) { f.write(p, std::string("x = 1\0\n", 7)); }, "unreadable-file",
       "NUL"},
      {"50 MB", [](const Folder& f, const std::string& p) { f.write(p, repeated("x = 1\n", 9'000'000)); },
       "unreadable-file", "54000000 bytes"},
      {"20,000 parentheses",
       [](const Folder& f, const std::string& p) {
         f.write(p, before + repeated("(", 20'000) + repeated(")", 20'000) + "\n");
       },
       "syntax-error", "nested"},
      {"100,000 not",
       [](const Folder& f, const std::string& p) { f.write(p, before + repeated("not ", 100'000) + "y\n"); },
       "syntax-error", ""},
      {"invalid UTF-8", [](const Folder& f, const std::string& p) { f.write(p, "x = '\xff'\n"); }, "unreadable-file",
       "UTF-8"},
      {"a folder named like a file", [](const Folder&, const std::string& p) { fs::create_directories(p); },
       "unreadable-file", "folder"},
      {"a link to itself", [](const Folder&, const std::string& p) { fs::create_symlink(fs::path(p).filename(), p); },
       "unreadable-file", "leads back to itself"},
      {"a link that leads nowhere", [](const Folder&, const std::string& p) { fs::create_symlink("gone.py", p); },
       "unreadable-file", "No such file"},
      {"a link out of the tree", [](const Folder&, const std::string& p) { fs::create_symlink("/etc/hostname", p); },
       "unreadable-file", "out of the tree"},
      {"a pipe", [](const Folder&, const std::string& p) { BOOST_REQUIRE(::mkfifo(p.c_str(), 0600) == 0); },
       "unreadable-file", "not a regular file"},
      {"half a file", [](const Folder& f, const std::string& p) { f.write(p, good.substr(0, good.size() / 2) + "("); },
       "syntax-error", ""},
  };
  for (const auto& c : cases) {
    BOOST_TEST_CONTEXT(c.what) {
      const Folder folder;
      folder.write("alembic.ini", ini);
      folder.write("migrations/versions/0a1b2c3d4e5f_good.py", good);
      folder.write("migrations/versions/worse.py",
                   revision("1a1b2c3d4e5f", "0a1b2c3d4e5f", "op.execute(f'DROP TABLE {x}')", "pass"));
      c.make(folder, "migrations/versions/bad.py");
      const auto start = std::chrono::steady_clock::now();
      const Outcome outcome = folder.run({"check", "--all", "--format", "json"});
      BOOST_TEST(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() < 20.0);
      BOOST_TEST(outcome.exit == 1);
      BOOST_TEST(outcome.err == "");
      const auto findings = findings_of(outcome, "migrations/versions/bad.py");
      const auto found = std::ranges::find_if(
          findings, [&](const std::string& each) { return each.starts_with(c.expected_rule + " "); });
      BOOST_REQUIRE_MESSAGE(found != findings.end(),
                            c.expected_rule + " is not among " + (findings.empty() ? "nothing" : findings[0]));
      BOOST_TEST(found->find(c.expected_words) != std::string::npos, *found);
      if (c.what != "empty") {
        BOOST_TEST(findings.size() == 1u);  // what cannot be read is said once
      }
      BOOST_TEST(findings_of(outcome, "migrations/versions/0a1b2c3d4e5f_good.py").empty());
      BOOST_TEST(!findings_of(outcome, "migrations/versions/worse.py").empty());
    }
  }
}

BOOST_AUTO_TEST_CASE(a_hostile_policy_is_an_error_in_bounded_time) {
  std::string bomb = "a0: &a0 [x, x]\n";
  for (int i = 1; i < 40; ++i) {
    const std::string n = std::to_string(i), m = std::to_string(i - 1);
    bomb += "a" + n + ": &a" + n + " [*a" + m + ", *a" + m + "]\n";
  }
  const struct {
    std::string policy;
    std::string_view expected_words;
  } cases[] = {
      {bomb, "anchors"},
      {"language: 1\nlists: " + repeated("[", 10'000) + repeated("]", 10'000) + "\n", "4000 bytes"},
      {"language: 1\nlists:\n" + repeated("  [\n", 10'000) + repeated("  ]\n", 10'000), "64 deep"},
      {repeated("x-a: b\n", 400'000), "at most 1 MiB"},
      {"language: 1\n\xff\n", "UTF-8"},
      {"language: 1\nextends: [{builtin: postgres}]\nrules: {drop-column: {level: wran}}\n", "did you mean `warn`"},
  };
  for (const auto& c : cases) {
    BOOST_TEST_CONTEXT(c.policy.substr(0, 60)) {
      const Folder folder;
      folder.write("alembic.ini", ini);
      folder.write("migrations/versions/0a1b2c3d4e5f_good.py", good);
      folder.write("spiritsafe.yml", c.policy);
      const auto start = std::chrono::steady_clock::now();
      const Outcome outcome = folder.run({"check", "--all"});
      BOOST_TEST(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() < 20.0);
      BOOST_TEST(outcome.exit == 2);
      BOOST_TEST(outcome.out == "");
      BOOST_TEST(outcome.err.find("spiritsafe.yml") == 0u, outcome.err.substr(0, 500));
      BOOST_TEST(outcome.err.find(c.expected_words) != std::string::npos, outcome.err.substr(0, 500));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
