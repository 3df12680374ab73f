// SPDX-License-Identifier: Apache-2.0
#include "adapters/cli/approvals_file.h"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "engine/read/digest.h"
#include "tests/cli/fixture.h"

namespace spiritsafe {
namespace {

const std::string drop_path = "migrations/versions/aaaaaaaaaaaa_drop_nick.py";
const std::string text = revision("aaaaaaaaaaaa", "", "op.drop_column('user', 'nick')",
                                  "op.add_column('user', sa.Column('nick', sa.String(), nullable=True))");

struct DroppingProject : Folder {
  DroppingProject() {
    write("alembic.ini", ini);
    write("migrations/env.py", "");
    write("spiritsafe.yml",
          "language: 1\nextends: [{builtin: alembic}, {builtin: postgres}]\napprovers: {dba: [github:jane, "
          "label:db-approved]}\nrules: {drop-column: {approval: {by: [dba]}}}\n");
    write(drop_path, text);
  }
  void approve(const std::string& approvals) const {
    write("approvals.json", R"({"version": 1, "platform": "github", "authors": ["ada"], "head": "c2", "approvals": [)" +
                                approvals + "]}");
  }
  Outcome check(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"check", "--all", "--approvals", "approvals.json", "--color", "never"});
    return run(more);
  }
};

std::string review(const std::string& user, const std::string& code, const std::string& more = "") {
  return R"({"kind": "review", "user": ")" + user +
         R"(", "bot": false, "can_write": true, "state": "approved", "commit": "c1", "digests": {")" + drop_path +
         "\": \"" + code_digests(code).code + "\"}" + more + "}";
}

// The errors of a document, one a line.
std::string errors_of(const std::string& document) {
  const Result<Approvals> approvals = parse_approvals("a.json", document);
  return approvals ? "none" : format_errors(approvals.error());
}

std::string errors_inside(const std::string& approval) {
  return errors_of(R"({"version": 1, "platform": "github", "authors": ["ada"], "head": "c2", "approvals": [)" +
                   approval + "]}");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(approvals_file)

BOOST_AUTO_TEST_CASE(an_approval_ends_the_wait) {
  const DroppingProject change;
  change.approve("");
  const std::string finding =
      drop_path +
      ":20:5: approval: Drops column `user.nick` and its data for good. Take a backup first and say where it is. "
      "[drop-column]\n     20 |     op.drop_column('user', 'nick')\n        |     ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\n"
      "    = fix: Deploy code that no longer reads it, wait one release, take a backup, then drop.\n";
  const std::string need = "    = approval: someone of dba (github:jane, label:db-approved), by review or label\n";
  Outcome outcome = change.check();
  BOOST_TEST(outcome.out == finding + need + "\n1 approval needed in 1 migration of 1 project\nverdict: approval\n");
  BOOST_TEST(outcome.exit == 3);

  change.approve(review("joe", text));
  outcome = change.check();
  BOOST_TEST(outcome.out == finding + need + "    = does not count: the review of joe is by nobody of dba\n" +
                                "\n1 approval needed in 1 migration of 1 project\nverdict: approval\n");
  BOOST_TEST(outcome.exit == 3);

  change.approve(review("jane", text));
  outcome = change.check();
  BOOST_TEST(outcome.out == "1 approved in 1 migration of 1 project\nverdict: clean\n");
  BOOST_TEST(outcome.exit == 0);
  BOOST_TEST(change.check({"--show-waived"}).out == finding + "    = approved: approved by jane (dba)\n\n" +
                                                        "1 approved in 1 migration of 1 project\nverdict: clean\n");

  BOOST_TEST_CONTEXT("a comment changes nothing, code does") {
    std::string edited = text;
    edited.insert(edited.find("import sqlalchemy"), "# why\n");
    change.write(drop_path, edited);
    BOOST_TEST(change.check().exit == 0);
    edited.insert(edited.find("    # ### end"), "    op.drop_column('user', 'other')\n");
    change.write(drop_path, edited);
    BOOST_TEST(change.check().exit == 3);
  }
}

BOOST_AUTO_TEST_CASE(the_json_report_says_who_can_approve) {
  const DroppingProject change;
  change.approve(review("joe", text));
  const auto report = nlohmann::json::parse(change.check({"--format", "json"}).out);
  BOOST_TEST(report["findings"][0]["approval"].dump() ==
             R"({"by":["dba"],"digest":")" + code_digests(text).code +
                 R"(","set_aside":["the review of joe is by nobody of dba"],"via":["review","label"],)"
                 R"("who":["github:jane","label:db-approved"]})");
  change.approve(review("jane", text));
  const auto approved = nlohmann::json::parse(change.check({"--format", "json"}).out);
  BOOST_TEST(!approved["findings"][0].contains("approval"));
  BOOST_TEST(approved["findings"][0]["state"] == "approved");
  BOOST_TEST(approved["findings"][0]["reason"] == "approved by jane (dba)");
  BOOST_TEST(approved["counts"]["approved"] == 1);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_right_decides_nothing) {
  const DroppingProject change;
  change.write("approvals.json", "{}");
  const Outcome outcome = change.check();
  BOOST_TEST(outcome.exit == 2);
  BOOST_TEST(outcome.out == "");
  BOOST_TEST(outcome.err ==
             "approvals.json: error: `version` is missing\napprovals.json: error: `platform` is missing\n"
             "approvals.json: error: `authors` is missing\napprovals.json: error: `head` is missing\n"
             "approvals.json: error: `approvals` is missing\n");
  std::filesystem::remove("approvals.json");
  BOOST_TEST(change.check().exit == 2);
}

BOOST_AUTO_TEST_CASE(every_mistake_has_its_place) {
  BOOST_TEST(errors_inside("") == "none");
  BOOST_TEST(errors_inside(review("jane", text, R"(, "teams": ["acme/dba"], "findings": ["0123456789abcdef"])")) ==
             "none");
  BOOST_TEST(errors_of("{") == "a.json:1:2: error: this is no JSON from here on\n      1 | {\n        |  ^\n");
  BOOST_TEST(errors_of("[]") == "a.json: error: `the document` is an object\n");
  BOOST_TEST(errors_of(R"({"version": 1, "version": 1})") ==
             "a.json: error: `version` is written twice in one object\n");
  BOOST_TEST(
      errors_of(R"({"version": 2, "platform": "gitea", "authors": [], "head": "", "approvals": {}, "heads": 1})") ==
      "a.json: error: `heads` is no key that is known here\n    = did you mean `head`?\n"
      "a.json: error: `version` is 1\n    = a newer program may know another one\n"
      "a.json: error: `platform` is github, gitlab, not `gitea`\n"
      "a.json: error: `head` is a text, and not an empty one\n"
      "a.json: error: `approvals` is a list\n");
  BOOST_TEST(errors_of(R"({"version": 1, "platform": "github", "authors": [], "head": "c", "approvals": []})") ==
             "a.json: error: `authors` names nobody: who opened the change and who has commits in it may not approve "
             "it\n");
  BOOST_TEST(
      errors_inside(R"({"kind": "label", "label": "x", "user": "jane", "bot": 0, "can_write": "yes", "commit": "c",
                               "state": "approved", "digests": {"a.py": "XY"}, "teams": [""], "findings": []})") ==
      "a.json: error: `approvals[0].state` is no key that is known here\n"
      "    = there are kind, label, user, teams, bot, can_write, commit, digests, findings\n"
      "a.json: error: `approvals[0].teams` is a list of texts, none of them empty\n"
      "a.json: error: `approvals[0].bot` is true or false\n"
      "a.json: error: `approvals[0].can_write` is true or false\n"
      "a.json: error: `approvals[0].digests` has no hexadecimal digest for `a.py`\n"
      "a.json: error: `approvals[0].findings` is empty: leave it out where the approval speaks of all "
      "findings\n");
  BOOST_TEST(errors_inside("7") == "a.json: error: `approvals[0]` is an object\n");
  const std::string deep(5000, '[');
  BOOST_TEST(errors_of(deep).starts_with("a.json"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
