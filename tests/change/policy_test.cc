// SPDX-License-Identifier: Apache-2.0
// Whose policy decides: in CI the base's, on a laptop the work tree's.
#include <set>

#include "tests/change/project.h"

namespace spiritsafe {
namespace {

const std::string c3 = "c3c3c3c3c3c3", b2 = "b2b2b2b2b2b2";
const Variables ci = {{"CI", "true"}};

std::string policy_with(const std::string& level) {
  return "language: 1\nextends: [{builtin: alembic}, {builtin: postgres}]\nrules:\n  drop-column: {level: '" + level +
         "', because: we say so}\n";
}

std::string dropped_as(const std::string& level, const std::string& verdict) {
  return level + " drop-column " + TestProject::path_of(c3) + ":20\n" + verdict;
}
const std::string as_error = dropped_as("error", "blocked, exit 1\n");
const std::string as_advice = dropped_as("advice", "clean, exit 0\n");
const std::string as_approval = dropped_as("approval", "approval, exit 3\n");

// The base holds drop-column to be an error; the branch drops one.
struct Strict : TestProject {
  Strict() {
    write("spiritsafe.yml", policy_with("error"));
    commit("policy");
    branch("feature");
    drop(c3, b2);
    commit("feature");
  }
  std::string notes(const Variables& variables) const { return run({"check", "--base", "main"}, variables).err; }
  std::string judged(const Variables& variables, std::vector<std::string> more = {}) const {
    more.insert(more.end(), {"--base", "main"});
    return check(more, variables);
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(policy)

BOOST_AUTO_TEST_CASE(a_change_cannot_weaken_the_policy_that_judges_it) {
  const Strict project;
  BOOST_TEST(project.judged(ci) == as_error);
  project.write("spiritsafe.yml", policy_with("advice"));
  project.commit("weaker");
  BOOST_TEST(project.judged(ci) == as_error);
  BOOST_TEST(project.notes(ci) ==
             "note: judged by spiritsafe.yml of main; spiritsafe.yml of this change counts once it is merged\n"
             "note: with this change's own policy: 1 piece of advice; verdict: clean\n");
  BOOST_TEST_CONTEXT("nor with --all") { BOOST_TEST(project.judged(ci, {"--all"}) == as_error); }
  BOOST_TEST_CONTEXT("nor when it is named") {
    BOOST_TEST(project.judged(ci, {"--policy", "spiritsafe.yml"}) == as_error);
  }
  BOOST_TEST_CONTEXT("nor before it is committed") {
    project.git({"reset", "-q", "--soft", "HEAD~1"});
    BOOST_TEST(project.judged(ci) == as_error);
  }
}

BOOST_AUTO_TEST_CASE(weakening_the_policy_needs_an_approval_of_its_own) {
  const TestProject project;
  const auto policy = [](const std::string& level) {
    return "language: 1\nextends: [{builtin: sqlmodel}]\nrules:\n  drop-column: {level: " + level +
           ", because: we say so}\n";
  };
  project.write("spiritsafe.yml", policy("error"));
  project.commit("policy");
  project.branch("feature");
  project.write("spiritsafe.yml", policy("advice"));
  project.commit("weaker");
  for (const Variables& where : {ci, Variables{}}) {
    BOOST_TEST(project.check({"--base", "main"}, where) ==
               "approval validation-disabled spiritsafe.yml:4\napproval, exit 3\n");
  }
  BOOST_TEST_CONTEXT("what the base got meanwhile is not this change") {
    project.go("main");
    project.branch("other");
    project.go("main");
    project.write("spiritsafe.yml", policy("error").insert(0, "# stricter\n") + "  drop-table: {level: error}\n");
    project.commit("stricter");
    project.go("other");
    BOOST_TEST(project.check({"--base", "main"}, ci) == clean);
  }
}

BOOST_AUTO_TEST_CASE(a_waiver_of_the_team_is_added_by_approval) {
  const TestProject project;
  project.write("spiritsafe.yml", "language: 1\nextends: [{builtin: sqlmodel}]\n");
  const std::string waiver = "- rule: drop-column\n  on: {table: user}\n  reason: empty\n  until: 2026-06-20\n";
  project.write("spiritsafe-waivers.yml", waiver);
  project.commit("policy");
  project.branch("feature");
  for (const Variables& where : {ci, Variables{}}) {
    project.write("spiritsafe-waivers.yml", waiver +
                                                "- rule: drop-table\n  on: {table: role}\n  reason: nobody reads it"
                                                "\n  until: 2026-06-20\n");
    BOOST_TEST(project.check({"--base", "main"}, where) ==
               "approval validation-disabled spiritsafe-waivers.yml:5\napproval, exit 3\n");
    project.write("spiritsafe-waivers.yml", "[]\n");
    BOOST_TEST(project.check({"--base", "main"}, where) == clean);
  }
}

BOOST_AUTO_TEST_CASE(a_commit_that_keeps_the_checks_from_running_is_told) {
  const TestProject project;
  project.write("spiritsafe.yml", "language: 1\nextends: [{builtin: sqlmodel}]\n");
  project.commit("policy [skip ci]");
  project.branch("feature");
  project.write("notes.txt", "one\n");
  project.commit("notes\n\nskip-checks: true");
  project.write("notes.txt", "two\n");
  project.commit("notes [Skip CI] again");
  project.write("notes.txt", "three\n");
  project.commit("nothing to skip");
  for (const Variables& where : {ci, Variables{}}) {
    const std::string report = project.run({"check", "--base", "main"}, where).out;
    std::set<std::string> told;  // sorted by the commits' ids, which are new in every run
    for (size_t at = report.find("says `"); at != std::string::npos; at = report.find("says `", at + 1)) {
      told.insert(report.substr(at, report.find(", so", at) - at));
    }
    BOOST_TEST((told == std::set<std::string>{"says `[skip ci]`", "says `skip-checks: true`"}));
  }
}

BOOST_AUTO_TEST_CASE(a_project_that_is_deleted_whole_is_missed) {
  const TestProject project;
  project.write("spiritsafe.yml", "language: 1\nextends: [{builtin: sqlmodel}]\n");
  project.write("shop/env.py", "from alembic import context\n");
  project.write("shop/versions/" + c3 + "_first.py", TestProject::dropping(c3, ""));
  project.commit("two projects");
  project.branch("feature");
  project.git({"rm", "-rq", "shop"});
  project.commit("one project");
  for (const Variables& where : {ci, Variables{}}) {
    const Outcome outcome = project.run({"check", "--base", "main"}, where);
    BOOST_TEST(outcome.out.find("The checks get weaker: the migrations of shop/versions are gone, 1 of them.") !=
               std::string::npos);
    BOOST_TEST(outcome.exit == 3);
  }
}

// Migrations are read while the base is looked for, by the policy that is here; what that one says of reading must not
// count.
BOOST_AUTO_TEST_CASE(the_base_decides_how_migrations_are_read) {
  const auto policy = [](const std::string& settings) {
    return "language: 1\nextends: [{builtin: alembic}, {builtin: postgres}]\n" + settings;
  };
  const TestProject project;
  project.write("spiritsafe.yml", policy("settings: {known_operations: {sync_users: [drop_table]}}\n"));
  project.commit("policy");
  project.branch("feature");
  project.write(TestProject::path_of(c3), revision(c3, b2, "op.sync_users('users')", good_downgrade));
  project.write("spiritsafe.yml", policy(""));
  project.commit("feature");
  for (const char* threads : {"1", "2"}) {
    const auto rules = [&](const Variables& variables) {
      std::set<std::string> found;
      const std::string out = project.check({"--base", "main", "--threads", threads}, variables);
      for (const std::string rule : {"drop-table", "dynamic-operation"}) {
        if (out.find(rule) != std::string::npos) {
          found.insert(rule);
        }
      }
      return found;
    };
    BOOST_TEST_CONTEXT(threads << " threads") {
      BOOST_TEST((rules(ci) == std::set<std::string>{"drop-table"}));
      BOOST_TEST((rules({}) == std::set<std::string>{"dynamic-operation"}));
    }
  }
}

BOOST_AUTO_TEST_CASE(on_a_laptop_the_work_tree_decides_and_the_difference_is_said) {
  const Strict project;
  project.write("spiritsafe.yml", policy_with("advice"));
  BOOST_TEST(project.judged({}) == as_advice);
  BOOST_TEST(project.notes({}) ==
             "note: spiritsafe.yml differs from spiritsafe.yml of main, which CI judges by until this is merged\n");
}

BOOST_AUTO_TEST_CASE(a_policy_that_the_change_removes_still_decides) {
  const Strict project;
  project.git({"rm", "-q", "spiritsafe.yml"});
  project.commit("no policy");
  BOOST_TEST(project.judged(ci) == as_error);
  BOOST_TEST(project.judged({}) == as_approval);
}

BOOST_AUTO_TEST_CASE(a_policy_that_is_moved_away_still_decides) {
  const Strict project;
  project.git({"mv", "spiritsafe.yml", "old.yml"});
  project.commit("moved");
  BOOST_TEST(project.judged(ci) == as_error);
}

BOOST_AUTO_TEST_CASE(a_nearer_policy_that_the_change_adds_does_not_decide) {
  const Strict project;
  project.write("migrations/spiritsafe.yml", policy_with("off"));
  project.commit("nearer");
  BOOST_TEST(project.judged(ci, {"migrations"}) == as_error);
}

BOOST_AUTO_TEST_CASE(a_link_in_place_of_the_policy_does_not_decide) {
  const Strict project;
  project.write("weak.yml", policy_with("advice"));
  std::filesystem::remove("spiritsafe.yml");
  std::filesystem::create_symlink("weak.yml", "spiritsafe.yml");
  project.commit("a link");
  BOOST_TEST(project.judged(ci) == as_error);
}

BOOST_AUTO_TEST_CASE(what_a_linked_policy_leads_to_does_not_decide_when_the_change_touches_it) {
  const TestProject project;
  project.write("real.yml", policy_with("error"));
  std::filesystem::create_symlink("real.yml", "spiritsafe.yml");
  project.commit("a linked policy");
  project.branch("feature");
  project.drop(c3, b2);
  project.write("real.yml", policy_with("advice"));
  project.commit("weaker");
  BOOST_TEST(project.check({"--base", "main"}, ci) == as_error);
}

BOOST_AUTO_TEST_CASE(what_the_policy_extends_is_the_bases_too) {
  const TestProject project;
  project.write("spiritsafe.yml", "language: 1\nextends: [{file: rules/team.yml}]\n");
  project.write("rules/team.yml", "pack: team\nversion: 1\n" + policy_with("error"));
  project.commit("policy");
  project.branch("feature");
  project.drop(c3, b2);
  project.write("rules/team.yml", "pack: team\nversion: 1\n" + policy_with("advice"));
  project.commit("weaker");
  BOOST_TEST(project.check({"--base", "main"}, ci) == as_error);
}

BOOST_AUTO_TEST_CASE(where_the_base_has_no_policy_the_built_in_one_decides) {
  const TestProject project;
  project.branch("feature");
  project.drop(c3, b2);
  project.write("spiritsafe.yml", policy_with("advice"));
  project.commit("first policy");
  BOOST_TEST(project.check({"--base", "main"}, ci) == as_approval);
  BOOST_TEST(
      project.run({"check", "--base", "main"}, ci).err ==
      "note: judged by builtin:alembic+postgres of main; spiritsafe.yml of this change counts once it is merged\n"
      "note: with this change's own policy: 1 piece of advice; verdict: clean\n");
  BOOST_TEST_CONTEXT("the new file is checked") {
    project.write("spiritsafe.yml", "language: 1\nextend: []\n");
    BOOST_TEST(project.check({"--base", "main"}, ci) ==
               "spiritsafe.yml:2:1: error: a policy has no `extend`\n"
               "      2 | extend: []\n"
               "        | ^~~~~~\n"
               "    = did you mean `extends`?\nexit 2\n");
  }
}

BOOST_AUTO_TEST_CASE(a_base_whose_policy_does_not_load_cannot_judge) {
  const TestProject project;
  project.write("spiritsafe.yml", "language: 1\nlevels: {}\n");
  project.commit("a broken policy");
  project.branch("feature");
  project.drop(c3, b2);
  project.write("spiritsafe.yml", policy_with("error"));
  project.commit("mended");
  BOOST_TEST(project.check({"--base", "main"}, ci) ==
             "spiritsafe.yml:2:1: error: a policy has no `levels`\n"
             "      2 | levels: {}\n"
             "        | ^~~~~~\n"
             "    = its keys are language, requires, pack, version, frame, dialect, extends, settings, lists, maps, "
             "conditions, "
             "rules, overrides, waivers, approvers, diagnoses, effects, lock_modes, behaviours; a key that begins with "
             "`x-` is ignored\n"
             "    = this is the text that main has: in CI it decides until a change that mends it is merged\n"
             "exit 2\n");
  BOOST_TEST(project.check({"--base", "main"}) == as_error);
}

BOOST_AUTO_TEST_CASE(a_policy_outside_the_repository_is_the_users_own) {
  const Strict project;
  const std::string path = project.path() + "-policy.yml";
  project.write(path, policy_with("advice"));
  BOOST_TEST(project.judged(ci, {"--policy", path}) == as_advice);
  std::filesystem::remove(path);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
