// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include "tests/cli/fixture.h"

namespace spiritsafe {
namespace {

// A pack that a team's file extends, so that no line of a built-in pack is part of the expectation.
const std::string pack =
    "language: 1\n"
    "pack: house\n"
    "settings:\n"
    "  large: {default: [], help: tables}\n"
    "rules:\n"
    "  drops-column:\n"
    "    title: Drops a column\n"
    "    for_each: operation\n"
    "    params:\n"
    "      names: {default: [id], help: columns}\n"
    "    where: {kind: drop_column, target: {not: $names}, table: {not: $large}}\n"
    "    level: approval\n"
    "    approval: {by: [dba]}\n"
    "    message: Drops it.\n"
    "    examples: {bad: ['op.drop_column(\"a\", \"b\")'], good: [pass]}\n";
const std::string team =
    "language: 1\n"
    "extends: [{file: house.yml}]\n"
    "settings: {large: [user], exclude: ['old/**']}\n"
    "rules:\n"
    "  drops-column: {level: error, with: {names: {add: [tmp]}}, because: regulated data}\n"
    "overrides:\n"
    "  - {files: ['legacy/**'], rules: {drops-column: {level: 'off', because: frozen}}}\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_explain)

BOOST_AUTO_TEST_CASE(a_rule_is_told_step_by_step) {
  const Folder folder;
  folder.write("house.yml", pack);
  folder.write("spiritsafe.yml", team);
  const Outcome outcome = folder.run({"policy", "explain", "drops-column"});
  BOOST_TEST(outcome.err == "");
  BOOST_TEST(outcome.exit == 0);
  BOOST_TEST(outcome.out ==
             "drops-column: error\n"
             "  house.yml       house.yml:6       defines it: level: approval\n"
             "  spiritsafe.yml  spiritsafe.yml:5  level: error, with: {names: {add: [tmp]}}, because: regulated data\n"
             "  spiritsafe.yml  spiritsafe.yml:7  level: off for files: [legacy/**], because: frozen\n"
             "parameters\n"
             "  names  = id, tmp  (default: id)\n"
             "approved by dba\n");
}

BOOST_AUTO_TEST_CASE(the_whole_policy_is_told_by_source) {
  const Folder folder;
  folder.write("house.yml", pack);
  folder.write("spiritsafe.yml", team);
  const Outcome outcome = folder.run({"policy", "explain"});
  BOOST_TEST(outcome.exit == 0);
  BOOST_TEST(outcome.out ==
             "packs and files, in order\n"
             "  house.yml, spiritsafe.yml\n"
             "settings, the last one counts\n"
             "  exclude  spiritsafe.yml:3  [old/**]\n"
             "  large    house.yml:4       []\n"
             "           spiritsafe.yml:3  [user]\n"
             "rules that were changed\n"
             "  drops-column  spiritsafe.yml:5  level: error, with: {names: {add: [tmp]}}, because: regulated data\n"
             "overrides, the last one that fits counts\n"
             "  drops-column  spiritsafe.yml:7  level: off for files: [legacy/**], because: frozen\n"
             "`spiritsafe policy explain RULE` tells the same of one rule\n");
}

BOOST_AUTO_TEST_CASE(a_built_in_rule_names_its_pack_and_line) {
  const Folder folder;
  folder.write("spiritsafe.yml", "language: 1\nextends: [{builtin: strict}]\n");
  const Outcome outcome = folder.run({"policy", "explain", "multiple-changes"});
  BOOST_TEST(outcome.exit == 0);
  BOOST_TEST(outcome.out.starts_with("multiple-changes: error\n  sqlmodel  policies/sqlmodel/structure.yaml:"),
             outcome.out);
  BOOST_TEST(outcome.out.find("  strict    policies/strict/pack.yaml:") != std::string::npos, outcome.out);
  BOOST_TEST(outcome.out.find("level: error, with: {max_groups: 1}\n") != std::string::npos, outcome.out);
}

BOOST_AUTO_TEST_CASE(a_rule_that_is_not_there_is_an_error_with_the_nearest) {
  const Folder folder;
  folder.write("spiritsafe.yml", "language: 1\nextends: [{builtin: alembic}]\n");
  const Outcome outcome = folder.run({"policy", "explain", "empty-downgrad"});
  BOOST_TEST(outcome.exit == 2);
  BOOST_TEST(outcome.out == "");
  BOOST_TEST(outcome.err.find("the policy has no rule `empty-downgrad`") != std::string::npos);
  BOOST_TEST(outcome.err.find("did you mean `empty-downgrade`?") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
