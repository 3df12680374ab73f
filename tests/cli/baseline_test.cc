// SPDX-License-Identifier: Apache-2.0
// Adopting the tool in an old project: today's findings are accepted, new ones are not.
#include <algorithm>

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "tests/cli/fixture.h"

namespace spiritsafe {
namespace {

const std::string file = "spiritsafe-waivers.yml";
const std::string dropping = "op.drop_column('user', 'nick')";
const std::string adding = "op.add_column('user', sa.Column('nick', sa.String(), nullable=True))";

std::string path_of(const std::string& id) { return "migrations/versions/" + id + "_add_email_to_user.py"; }

struct OldProject : Folder {
  OldProject() {
    write("alembic.ini", ini);
    write("migrations/env.py", "");
    write("spiritsafe.yml",
          "language: 1\nextends: [{builtin: alembic}, {builtin: postgres}]\nrules: {multiple-heads: "
          "{level: 'off', because: not about this}, multiple-bases: {level: 'off', because: x}}\n");
    write(path_of("aaaaaaaaaaaa"), revision("aaaaaaaaaaaa", "", dropping, adding));
    write(path_of("bbbbbbbbbbbb"), revision("bbbbbbbbbbbb", "aaaaaaaaaaaa", dropping + "\n" + dropping, adding));
  }
  Outcome baseline(std::vector<std::string> more = {}) const {
    more.insert(more.begin(),
                {"baseline", "--until", "2026-09-01", "--reason", "it's from before: \"we\" had a policy"});
    return run(more);
  }
  // States of all findings with their counts; the verdict; what is noted.
  std::string check(const std::string& today = "2026-06-15", const std::string& path = "") const {
    std::vector<std::string> arguments = {"check", "--all", "--format", "json", "--today", today};
    if (!path.empty()) {
      arguments.push_back(path);
    }
    const Outcome outcome = run(arguments);
    const auto report = nlohmann::json::parse(outcome.out, nullptr, false);
    if (report.is_discarded()) {
      return outcome.err;
    }
    std::map<std::string, int> states;
    for (const auto& finding : report["findings"]) {
      ++states[finding["rule"].get<std::string>() + " " + finding["state"].get<std::string>()];
    }
    std::string text;
    for (const auto& [state, count] : states) {
      text += std::to_string(count) + " " + state + ", ";
    }
    return text + report["verdict"].get<std::string>() + " " + std::to_string(outcome.exit) + "\n" + outcome.err;
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(baseline)

BOOST_AUTO_TEST_CASE(what_was_found_is_accepted_until_its_last_day) {
  const OldProject project;
  const std::string before = "3 drop-column open, approval 3\n";
  BOOST_TEST(project.check() == before);
  const Outcome made = project.baseline();
  BOOST_TEST(made.err == "");
  BOOST_TEST(made.out == "spiritsafe-waivers.yml: 3 findings accepted until 2026-09-01\n     3 drop-column\n");
  BOOST_TEST(made.exit == 0);
  BOOST_TEST(project.check() == "3 drop-column baseline, clean 0\n");
  BOOST_TEST(project.check("2026-09-01") == "3 drop-column baseline, clean 0\n");
  BOOST_TEST(project.check("2026-09-02") == "3 drop-column open, 1 expired-waiver open, approval 3\n");
  BOOST_TEST_CONTEXT("there is nothing left for a second one") {
    const std::string text = project.read(file);
    const Outcome again = project.baseline();
    BOOST_TEST(again.out == "nothing to accept: no finding stands\n");
    BOOST_TEST(project.read(file) == text);
  }
}

BOOST_AUTO_TEST_CASE(each_finding_stands_on_a_line_with_its_place) {
  const OldProject project;
  project.baseline();
  std::string text = project.read(file);
  // The fingerprints themselves are the business of other tests.
  for (size_t at = text.find("    - "); at != std::string::npos; at = text.find("    - ", at + 1)) {
    BOOST_TEST(text.substr(at + 6, 16).find_first_not_of("0123456789abcdef") == std::string::npos);
    text.replace(at + 6, 16, "F");
  }
  BOOST_TEST(text ==
             "# Findings that are accepted, why, and until when; read by `spiritsafe check`.\n"
             "- rule: drop-column\n"
             "  findings:\n"
             "    - F  # migrations/versions/aaaaaaaaaaaa_add_email_to_user.py:20\n"
             "    - F  # migrations/versions/bbbbbbbbbbbb_add_email_to_user.py:20\n"
             "    - F  # migrations/versions/bbbbbbbbbbbb_add_email_to_user.py:21\n"
             "  reason: 'it''s from before: \"we\" had a policy'\n"
             "  until: 2026-09-01\n");
}

BOOST_AUTO_TEST_CASE(what_moves_stays_accepted_and_what_is_new_does_not) {
  const OldProject project;
  project.baseline();
  std::filesystem::rename(path_of("aaaaaaaaaaaa"), path_of("aaaaaaaaaaaa_renamed"));
  std::string text = project.read(path_of("bbbbbbbbbbbb"));
  text.insert(text.find("import sqlalchemy"), "\n\n# a comment\n");
  project.write(path_of("bbbbbbbbbbbb"), text);
  BOOST_TEST(project.check().starts_with("3 drop-column baseline,"));
  project.write(path_of("cccccccccccc"), revision("cccccccccccc", "bbbbbbbbbbbb", dropping, adding));
  BOOST_TEST(project.check().find("1 drop-column open") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(it_holds_from_any_folder) {
  const OldProject project;
  std::filesystem::create_directories(".git");
  project.baseline();
  std::filesystem::current_path("migrations");
  BOOST_TEST(project.check("2026-06-15", "..") == "3 drop-column baseline, clean 0\n");
  std::filesystem::current_path("..");
  BOOST_TEST(project.check("2026-06-15", project.path()) == "3 drop-column baseline, clean 0\n");
}

BOOST_AUTO_TEST_CASE(what_is_mended_gives_one_line_and_can_be_taken_out) {
  const OldProject project;
  project.baseline();
  project.write(path_of("bbbbbbbbbbbb"), revision("bbbbbbbbbbbb", "aaaaaaaaaaaa", good_upgrade, good_downgrade));
  BOOST_TEST(project.check() ==
             "1 drop-column baseline, clean 0\nnote: spiritsafe-waivers.yml: 2 of 3 accepted findings are no longer "
             "there; `spiritsafe baseline --update` takes them out\n");
  const Outcome updated = project.baseline({"--update"});
  BOOST_TEST(updated.out == "spiritsafe-waivers.yml: 2 findings are no longer there, and no longer accepted\n");
  BOOST_TEST(project.check() == "1 drop-column baseline, clean 0\n");
}

BOOST_AUTO_TEST_CASE(a_file_that_is_there_is_only_added_to_and_only_when_asked) {
  const OldProject project;
  const std::string mine =
      "# ours\n- rule: drop-column\n  on: {migration.revision: aaaaaaaaaaaa}\n  reason: r   # why\n  until: 2026-06-20";
  project.write(file, mine);
  const Outcome refused = project.baseline();
  BOOST_TEST(refused.exit == 2);
  BOOST_TEST(
      refused.err ==
      "spiritsafe-waivers.yml: error: exists already, with 1 waiver; nothing was written\n    = `--update` adds 2 "
      "findings behind what is there, and keeps the rest as it is\n");
  BOOST_TEST(project.read(file) == mine);
  BOOST_TEST(project.baseline({"--update"}).exit == 0);
  BOOST_TEST(project.read(file).starts_with(mine + "\n- rule: drop-column\n  findings:\n    - "));
  BOOST_TEST(project.check() == "2 drop-column baseline, 1 drop-column waived, clean 0\n");
  BOOST_TEST_CONTEXT("a list that nothing can be written behind stays as it was") {
    const std::string flow =
        "[{rule: drop-column, on: {migration.revision: aaaaaaaaaaaa}, reason: r, until: 2026-06-20}]\n";
    project.write(file, flow);
    const Outcome failed = project.baseline({"--update"});
    BOOST_TEST(failed.exit == 2);
    BOOST_TEST(failed.err.find("nothing can be added behind what this file holds; nothing was written") !=
               std::string::npos);
    BOOST_TEST(project.read(file) == flow);
  }
}

BOOST_AUTO_TEST_CASE(a_day_that_would_not_load_is_refused_before_anything_is_written) {
  const OldProject project;
  const auto refused = [&](const std::string& until) {
    const Outcome outcome = project.run({"baseline", "--until", until, "--reason", "r"});
    BOOST_TEST(outcome.exit == 2);
    BOOST_TEST(!std::filesystem::exists(file));
    return outcome.err;
  };
  BOOST_TEST(refused("2026-06-14") == "error: `--until 2026-06-14` is over: today is 2026-06-15\n");
  BOOST_TEST(refused("2026-02-30") == "error: `--until 2026-02-30` is not a day\n");
  BOOST_TEST(refused("2026-12-31") ==
             "error: `--until 2026-12-31` is 199 days ahead; a waiver lasts at most 90\n    = `settings: "
             "{max_waiver_days: N}` in spiritsafe.yml allows more\n");
}

BOOST_AUTO_TEST_CASE(another_file_may_be_named) {
  const OldProject project;
  BOOST_TEST(project.baseline({"--output", "accepted.yml"}).exit == 0);
  BOOST_TEST(!std::filesystem::exists(file));
  const Outcome refused = project.baseline({"--output", "accepted.yml", "--update"});
  BOOST_TEST(refused.err ==
             "accepted.yml: error: exists already, and is not the waiver file of this policy; nothing was written\n");
  project.write("spiritsafe.yml", project.read("spiritsafe.yml") + "waivers: accepted.yml\n");
  BOOST_TEST(project.check() == "3 drop-column baseline, clean 0\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
