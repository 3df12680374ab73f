// SPDX-License-Identifier: Apache-2.0
// `diagnose` on what Alembic, SQLAlchemy, SQLModel and PostgreSQL really printed (logs/, made by `capture`). The whole
// output of each log is held to expected/; UPDATE_EXPECTED=1 writes it anew, and the difference is what a reviewer
// reads.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <re2/re2.h>
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "adapters/cli/run.h"
#include "adapters/files/find_policy.h"

namespace spiritsafe {
namespace {

const std::string folder = "tests/diagnose";

std::string read_file(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

struct Outcome {
  int exit = -1;
  std::string out = {}, err = {};
};

Outcome run_with(const std::vector<std::string>& arguments, const std::string& input = {}) {
  std::istringstream in(input);
  std::ostringstream out, err;
  Outcome outcome;
  outcome.exit = run(arguments, {out, err, false, false, "2026-06-15", {}, &in});
  outcome.out = out.str();
  outcome.err = err.str();
  return outcome;
}

// Log → what has to explain it first, as `capture` says.
std::map<std::string, std::string> first_of_each() {
  std::map<std::string, std::string> first;
  std::istringstream lines(read_file(folder + "/first.tsv"));
  for (std::string line; std::getline(lines, line);) {
    first[line.substr(0, line.find('\t'))] = line.substr(line.find('\t') + 1);
  }
  return first;
}

struct Signed {
  std::string id = {};
  Signature signature = {};
};

std::vector<Signed> all_signatures() {
  PolicyRequest request;
  request.packs = "policies";
  const Result<Policy> policy = load_all_packs(request);
  BOOST_REQUIRE(policy.has_value());
  std::vector<Signed> all;
  for (const Rule& rule : policy->rules) {
    for (const Signature& signature : rule.signatures) {
      all.push_back({rule.id, signature});
    }
  }
  for (const Diagnosis& diagnosis : policy->diagnoses) {
    for (const Signature& signature : diagnosis.signatures) {
      all.push_back({diagnosis.id, signature});
    }
  }
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(diagnoses)

BOOST_AUTO_TEST_CASE(every_captured_log_is_explained_by_the_right_rule_first) {
  const auto first = first_of_each();
  BOOST_TEST(first.size() >= 60u);
  for (const auto& [name, id] : first) {
    BOOST_TEST_CONTEXT(name) {
      const Outcome outcome = run_with({"diagnose", folder + "/logs/" + name + ".log", "--format", "json"});
      BOOST_TEST(outcome.exit == 0);
      BOOST_TEST(outcome.err == "");
      const auto report = nlohmann::json::parse(outcome.out);
      BOOST_REQUIRE(!report["diagnoses"].empty());
      BOOST_TEST(report["diagnoses"][0]["id"] == id);
    }
  }
}

BOOST_AUTO_TEST_CASE(what_is_said_about_each_log_stands_in_expected) {
  for (const auto& [name, id] : first_of_each()) {
    BOOST_TEST_CONTEXT(name) {
      const std::string path = folder + "/expected/" + name + ".txt";
      const std::string out = run_with({"diagnose"}, read_file(folder + "/logs/" + name + ".log")).out;
      if (std::getenv("UPDATE_EXPECTED")) {
        std::filesystem::create_directories(folder + "/expected");
        std::ofstream(path, std::ios::binary) << out;
      }
      BOOST_TEST(out == read_file(path));
    }
  }
  BOOST_TEST(!std::getenv("UPDATE_EXPECTED"), "wrote expected/; look at the difference and run again");
}

BOOST_AUTO_TEST_CASE(every_log_is_in_the_table_and_every_expectation_has_its_log) {
  std::set<std::string> known;
  for (const auto& [name, id] : first_of_each()) {
    known.insert(name);
  }
  for (const std::string part : {"logs", "expected"}) {
    std::set<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(folder + "/" + part)) {
      found.insert(entry.path().stem().string());
    }
    BOOST_TEST(found == known, boost::test_tools::per_element());
  }
}

// Messages of versions that Debian 12 does not have, so that no capture prints them; none is left without a reason.
BOOST_AUTO_TEST_CASE(every_signature_shows_a_line_that_was_really_printed) {
  const std::set<std::string> of_other_versions = {"object of type 'NoneType' has no len()"};  // SQLAlchemy 2.0
  std::set<std::string> lines;
  for (const auto& entry : std::filesystem::directory_iterator(folder + "/logs")) {
    std::istringstream text(read_file(entry.path().string()));
    for (std::string line; std::getline(text, line);) {
      lines.insert(line);
    }
  }
  size_t exempt = 0;
  for (const Signed& each : all_signatures()) {
    BOOST_TEST_CONTEXT(each.id << ": " << each.signature.text) {
      if (of_other_versions.contains(each.signature.text)) {
        ++exempt;
        continue;
      }
      BOOST_TEST(lines.contains(each.signature.example), "no log has the line `" << each.signature.example << "`");
    }
  }
  BOOST_TEST(exempt == of_other_versions.size());
}

BOOST_AUTO_TEST_CASE(the_last_exception_comes_first) {
  const std::string name = "NameError: name 'Text' is not defined\n";
  const std::string heads = "FAILED: Multiple heads are present; please specify the head revision\n";
  for (const auto& [log, ids] : std::vector<std::pair<std::string, std::vector<std::string>>>{
           {name + heads, {"multiple-heads", "undefined-name"}},
           {heads + name, {"undefined-name", "multiple-heads"}}}) {
    BOOST_TEST_CONTEXT(log) {
      std::vector<std::string> found;
      const auto report = nlohmann::json::parse(run_with({"diagnose", "--format", "json"}, log).out);
      for (const auto& each : report["diagnoses"]) {
        found.push_back(each["id"]);
      }
      BOOST_TEST(found == ids, boost::test_tools::per_element());
    }
  }
}

BOOST_AUTO_TEST_CASE(of_two_that_match_a_line_the_one_that_says_more_explains_it) {
  const Outcome outcome = run_with({"diagnose"}, "NameError: name 'sqlmodel' is not defined\n");
  BOOST_TEST(outcome.out ==
             "stdin:1: Uses sqlmodel without importing it [sqlmodel-import-missing]\n"
             "      1 | NameError: name 'sqlmodel' is not defined\n"
             "    = why: Autogenerate writes SQLModel's types into the file, and the default template does not import "
             "sqlmodel.\n"
             "    = fix: Add `import sqlmodel` under `import sqlalchemy as sa`, or once in script.py.mako.\n"
             "    = next: `spiritsafe check` finds it before it happens; `spiritsafe explain sqlmodel-import-missing` "
             "tells more; `spiritsafe fix` mends it\n"
             "    = see: https://github.com/sqlalchemy/alembic/discussions/1647\n"
             "    = also: undefined-name\n"
             "1 known message in 1 line\n");
}

BOOST_AUTO_TEST_CASE(what_surrounds_a_message_in_a_log_does_not_hide_it) {
  const std::string plain = "FAILED: Target database is not up to date.";
  const std::vector<std::string> logs = {
      plain,
      plain + "\r\n",
      "2026-01-01T00:00:00.0000000Z \x1b[31;1m" + plain + "\x1b[0m\r\n",
      "backend-1  | \x1b]0;title\a" + plain + "\n",
      "FAILED: Target \x1b[1mdatabase\x1b[0m is not up to date.\n",
      "{\"log\":\"" + plain + "\\n\",\"stream\":\"stderr\"}",
      "\xEF\xBB\xBF" + plain,
      std::string("\0\xFF\xFE", 3) + plain,
      std::string(200000, 'x') + plain + std::string(200000, 'y'),
      std::string((64 << 10) - 20, 'x') + plain,
  };
  for (const std::string& log : logs) {
    BOOST_TEST_CONTEXT(log.substr(0, 80)) {
      const auto report = nlohmann::json::parse(run_with({"diagnose", "--format", "json"}, log).out);
      BOOST_TEST(report["lines"] == 1);
      BOOST_REQUIRE(report["diagnoses"].size() == 1u);
      BOOST_TEST(report["diagnoses"][0]["id"] == "target-not-up-to-date");
      const std::string message = report["diagnoses"][0]["message"];
      BOOST_TEST(message.find(plain) != std::string::npos, message);
      BOOST_TEST(message.size() < 1000u);
    }
  }
}

BOOST_AUTO_TEST_CASE(what_a_log_holds_cannot_reach_the_terminal) {
  const Outcome outcome = run_with({"diagnose", "--color", "never"},
                                   "NameError: name 'a\x1b' is not defined \x1b[2J\x1b \xE2\x80\xAE::error::x\a\n"
                                   "Can't locate revision identified by 'x\xE2\x80\xAE\a'\n");
  BOOST_TEST(outcome.exit == 0);
  BOOST_TEST(outcome.out.find("revision-not-found") != std::string::npos);
  for (const std::string bad : {"\x1b", "\a", "\xE2\x80\xAE"}) {
    BOOST_TEST(outcome.out.find(bad) == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(a_log_that_says_nothing_known_is_said_to) {
  const Outcome outcome = run_with({"diagnose"}, "all is well\n");
  BOOST_TEST(outcome.exit == 0);
  BOOST_TEST(outcome.err == "");
  BOOST_TEST(outcome.out ==
             "stdin: 1 line, and no message that is known\n"
             "    = a message that a team meets again is worth a `diagnoses:` entry in its spiritsafe.yml\n");
  BOOST_TEST(run_with({"diagnose"}, "").out.starts_with("stdin: 0 lines, and no message"));
}

BOOST_AUTO_TEST_CASE(a_log_that_cannot_be_read_is_not_a_log_without_messages) {
  const Outcome missing = run_with({"diagnose", "no-such.log"});
  BOOST_TEST(missing.exit == 2);
  BOOST_TEST(missing.out == "");
  BOOST_TEST(missing.err.find("no-such.log: error: cannot be read") == 0u);
  BOOST_TEST(missing.err.find("tail -c 50M LOG | spiritsafe diagnose") != std::string::npos);
  const Outcome wide = run_with({"diagnose"}, std::string("\xFF\xFE"
                                                          "F\0a\0",
                                                          6));
  BOOST_TEST(wide.exit == 2);
  BOOST_TEST(wide.err ==
             "stdin: error: the log is UTF-16, as PowerShell writes it\n"
             "    = turn it into UTF-8: iconv -f UTF-16 -t UTF-8 LOG | spiritsafe diagnose\n");
  const Outcome large = run_with({"diagnose"}, std::string((64 << 20) + 1, '\n'));
  BOOST_TEST(large.exit == 2);
  BOOST_TEST(large.err.find("the log is larger than 64 MB") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_flood_of_different_messages_is_cut_and_counted) {
  std::string log;
  for (int i = 0; i < 1000; ++i) {
    log += "NameError: name 'n" + std::to_string(i) + "' is not defined\n";
  }
  const auto report = nlohmann::json::parse(run_with({"diagnose", "--format", "json"}, log).out);
  BOOST_TEST(report["diagnoses"].size() == 50u);
  BOOST_TEST(report["dropped"] == 950);
  BOOST_TEST(report["diagnoses"][0]["values"]["name"] == "n999");
}

BOOST_AUTO_TEST_CASE(a_teams_own_diagnoses_count_too) {
  const std::string path = (std::filesystem::temp_directory_path() / "spiritsafe-diagnose-team.yml").string();
  std::ofstream(path)
      << "language: 1\nextends:\n  - builtin: alembic\ndiagnoses:\n  vpn-is-off:\n    title: The VPN is off\n"
         "    why: '{host} is only there with the {{VPN}}.'\n    fix: Turn it on.\n    signatures:\n"
         "      - {pattern: 'no route to (?P<host>\\S+)', example: no route to db7}\n";
  const Outcome outcome = run_with({"diagnose", "--policy", path}, "error: no route to db7\n");
  std::filesystem::remove(path);
  BOOST_TEST(outcome.out ==
             "stdin:1: The VPN is off [vpn-is-off]\n"
             "      1 | error: no route to db7\n"
             "    = why: db7 is only there with the {VPN}.\n"
             "    = fix: Turn it on.\n"
             "1 known message in 1 line\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
