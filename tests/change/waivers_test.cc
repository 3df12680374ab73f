// SPDX-License-Identifier: Apache-2.0
// The team's waivers and those that stand in migrations, old and new.
#include "tests/change/project.h"

namespace spiritsafe {
namespace {

const std::string a1 = "a1a1a1a1a1a1", b2 = "b2b2b2b2b2b2", c3 = "c3c3c3c3c3c3";
const Variables ci = {{"CI", "true"}};
const std::string dropped = " drop-column " + TestProject::path_of(c3) + ":20";

// The tests run on 2026-06-15.
std::string waiver(const std::string& until,
                   const std::string& on = "{migration.revision: c3c3c3c3c3c3, table: user}") {
  return "- rule: drop-column\n  on: " + on + "\n  reason: empty since 2024\n  ticket: DB-412\n  until: " + until +
         "\n";
}

struct Feature : TestProject {
  Feature() {
    branch("feature");
    drop(c3, b2);
    commit("feature");
  }
  std::string judged(const Variables& variables = {}, std::vector<std::string> more = {}) const {
    more.insert(more.end(), {"--base", "main"});
    return check(more, variables);
  }
  // The reason that the text report gives for the dropped column.
  std::string reason(const Variables& variables = {}) const {
    const std::string out = run({"check", "--base", "main", "--show-waived"}, variables).out;
    size_t from = out.rfind("    = ");
    if (from != std::string::npos && out.compare(from, 14, "    = approval") == 0) {
      from = out.rfind("    = ", from - 1);  // who may approve stands last
    }
    return from == std::string::npos ? "" : out.substr(from + 6, out.find('\n', from) - from - 6);
  }
  void waive_inline(const std::string& until) const {
    std::string text = dropping(c3, b2);
    const std::string call = "op.drop_column('user', 'nick')";
    text.insert(text.find(call) + call.size(), "  # spiritsafe: allow drop-column until " + until + " -- it is empty");
    write(path_of(c3), text);
    commit("waived");
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(waivers)

BOOST_AUTO_TEST_CASE(a_waiver_counts_until_its_last_day) {
  const Feature project;
  project.write("spiritsafe-waivers.yml", waiver("2026-06-15"));
  BOOST_TEST(project.judged() == "approval" + dropped + " waived\n" + clean);
  BOOST_TEST(project.reason() == "waived: empty since 2024");
  project.write("spiritsafe-waivers.yml", waiver("2026-06-14"));
  BOOST_TEST(project.judged() ==
             "approval" + dropped + "\nwarn expired-waiver spiritsafe-waivers.yml:1\napproval, exit 3\n");
  BOOST_TEST_CONTEXT("every waiver is tried") {
    project.write("spiritsafe-waivers.yml", waiver("2026-06-14") + waiver("2026-06-20"));
    BOOST_TEST(project.judged() ==
               "approval" + dropped + " waived\nwarn expired-waiver spiritsafe-waivers.yml:1\nclean, exit 0\n");
  }
}

BOOST_AUTO_TEST_CASE(a_waiver_covers_what_it_names_and_no_more) {
  const Feature project;
  for (const char* on : {"{migration.revision: b2b2b2b2b2b2}", "{table: users}", "{direction: downgrade}"}) {
    project.write("spiritsafe-waivers.yml", waiver("2026-06-20", on));
    BOOST_TEST(project.judged() == "approval" + dropped + "\napproval, exit 3\n");
  }
  BOOST_TEST_CONTEXT("where everything is judged one that covers nothing is reported") {
    BOOST_TEST(project.check({"--all"}) ==
               "approval" + dropped + "\nwarn unused-waiver spiritsafe-waivers.yml:1\napproval, exit 3\n");
    project.write("spiritsafe-waivers.yml", waiver("2026-06-20"));
    BOOST_TEST(project.check({"--all"}) == "approval" + dropped + " waived\n" + clean);
  }
}

BOOST_AUTO_TEST_CASE(a_malformed_file_does_not_load) {
  const Feature project;
  const struct {
    std::string text;
    std::string error;
  } cases[] = {
      {"- rule: drop-colum\n  on: {table: user}\n  reason: r\n  until: 2026-06-20\n",
       "spiritsafe-waivers.yml:1:9: error: there is no rule `drop-colum`\n"
       "      1 | - rule: drop-colum\n"
       "        |         ^~~~~~~~~~\n"
       "    = did you mean `drop-column`?\n"},
      {"- rule: drop-column\n  on: {tabel: user}\n  reason: r\n  until: 2026-06-20\n",
       "spiritsafe-waivers.yml:2:8: error: `tabel` is not a field of operation\n"
       "      2 |   on: {tabel: user}\n"
       "        |        ^~~~~\n"
       "    = did you mean `table`?\n"},
      {"- rule: drop-column\n  on: {table: user}\n  reason: r\n  until: 2026-6-2\n",
       "spiritsafe-waivers.yml:4:10: error: `2026-6-2` is no day, written as 2026-06-30\n"
       "      4 |   until: 2026-6-2\n"
       "        |          ^~~~~~~~\n"},
      {"- rule: drop-column\n  on: {table: user}\n  reason: r\n  until: 2027-06-20\n",
       "spiritsafe-waivers.yml:4:10: error: `until` is 370 days ahead; a waiver lasts at most 90\n"
       "      4 |   until: 2027-06-20\n"
       "        |          ^~~~~~~~~~\n"
       "    = the setting `max_waiver_days` of the policy says how long\n"},
  };
  for (const auto& each : cases) {
    project.write("spiritsafe-waivers.yml", each.text);
    BOOST_TEST(project.judged() == each.error + "exit 2\n");
  }
}

BOOST_AUTO_TEST_CASE(in_ci_the_bases_waivers_decide_and_the_changes_own_are_requests) {
  const Feature project;
  project.write("spiritsafe-waivers.yml", waiver("2026-06-20"));
  project.commit("waive it myself");
  BOOST_TEST(project.judged(ci) == "approval" + dropped + "\napproval, exit 3\n");
  BOOST_TEST(project.reason(ci) == "note: this change asks for a waiver until 2026-06-20: empty since 2024");
  project.go("main");
  project.write("spiritsafe-waivers.yml", waiver("2026-06-20"));
  project.commit("waived by the team");
  project.go("feature");
  BOOST_TEST(project.judged(ci) == "approval" + dropped + " waived\n" + clean);
  BOOST_TEST_CONTEXT("removing it does not help, keeping it does not harm") {
    project.git({"rm", "-q", "spiritsafe-waivers.yml"});
    project.commit("removed");
    BOOST_TEST(project.judged(ci) == "approval" + dropped + " waived\n" + clean);
  }
}

BOOST_AUTO_TEST_CASE(a_request_turns_an_error_into_an_approval) {
  const TestProject project;
  project.write(
      "spiritsafe.yml",
      "language: 1\nextends: [{builtin: alembic}, {builtin: postgres}]\nrules: {drop-column: {level: error}}\n");
  project.commit("policy");
  project.branch("feature");
  project.drop(c3, b2);
  project.write("spiritsafe-waivers.yml", waiver("2026-06-20"));
  project.commit("feature");
  BOOST_TEST(project.check({"--base", "main"}, ci) == "approval" + dropped + "\napproval, exit 3\n");
}

BOOST_AUTO_TEST_CASE(a_waiver_that_the_change_writes_into_its_migration_is_a_request_where_it_matters) {
  const Feature project;
  project.waive_inline("2026-06-20");
  BOOST_TEST(project.judged() == "approval" + dropped + "\napproval, exit 3\n");
  BOOST_TEST(project.reason() == "note: this change asks for a waiver until 2026-06-20: it is empty");
  BOOST_TEST_CONTEXT("in CI also where everything is judged") {
    BOOST_TEST(project.judged(ci, {"--all"}) == "approval" + dropped + "\napproval, exit 3\n");
  }
  BOOST_TEST_CONTEXT("an old one counts") {
    project.go("main");
    project.git({"merge", "-q", "feature"});
    BOOST_TEST(project.check({"--all"}) == "approval" + dropped + " waived\n" + clean);
  }
}

BOOST_AUTO_TEST_CASE(a_waiver_on_a_warning_counts_at_once) {
  const TestProject project;
  project.branch("feature");
  std::string text = revision(c3, b2, "op.create_index('ix', 'user', ['email'])", "op.drop_index('ix', 'user')");
  project.write(TestProject::path_of(c3), text);
  const std::string index = " create-index-not-concurrent " + TestProject::path_of(c3) + ":20";
  BOOST_TEST(project.check().find("warn" + index + "\n") != std::string::npos);
  const std::string call = "op.create_index('ix', 'user', ['email'])";
  text.insert(text.find(call) + call.size(),
              "  # spiritsafe: allow create-index-not-concurrent until 2026-06-20 -- a small table");
  project.write(TestProject::path_of(c3), text);
  BOOST_TEST(project.check().find("warn" + index + " waived\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(old_waivers_are_no_noise_on_later_changes) {
  const Feature project;
  project.waive_inline("2026-06-20");
  project.write("spiritsafe-waivers.yml", waiver("2026-06-20"));
  project.go("main");
  project.git({"merge", "-q", "feature"});
  project.commit("merged, with waivers");
  project.branch("later");
  project.migrate("d4d4d4d4d4d4", c3);
  project.commit("later");
  BOOST_TEST(project.check({"--base", "main"}, ci) == clean);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
