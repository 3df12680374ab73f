// SPDX-License-Identifier: Apache-2.0
#include "engine/judge/examples.h"

#include "engine/judge/frame.h"
#include "tests/judge/build.h"

namespace spiritsafe {
namespace {

using namespace tests;

const std::string frame = R"(
pack: team
frame: |
  """{message|add a thing}

  Revision ID: {revision}
  Revises: {revises}
  """
  from alembic import op
  import sqlalchemy as sa
  {head}
  revision = "{revision}"
  down_revision = {parents}

  def upgrade():
      {upgrade}

  def downgrade():
      {downgrade}
)";

std::string report_of(const std::string& rules) {
  const Policy policy = policy_of(frame + rules, true);
  return "\n" + format_report(policy, test_examples(policy));
}

BOOST_AUTO_TEST_SUITE(examples_suite)

BOOST_AUTO_TEST_CASE(a_frame_keeps_its_indentation_and_knows_where_the_parts_stand) {
  const FramedText filled =
      fill_frame("a {message|none} {x}\n{head}\ndef f():\n    {upgrade}\n", {{"upgrade", "one\n\n  two\n"}});
  BOOST_TEST(filled.text == "a none {x}\ndef f():\n    one\n\n      two\n");
  BOOST_TEST(filled.places.at("upgrade").first == 3u);
  BOOST_TEST(filled.places.at("upgrade").last == 5u);
  BOOST_TEST(fill_frame("{upgrade}", {{"upgrade", "{head}"}}).text == "{head}");
}

BOOST_AUTO_TEST_CASE(examples_that_hold_are_counted) {
  BOOST_TEST(report_of(R"yaml(
rules:
  drop-column:
    title: T
    for_each: operation
    where: {kind: drop_column, direction: upgrade}
    level: warn
    message: "drops {target}"
    examples:
      bad:
        - {upgrade: "pass\nop.drop_column('u', 'x')", says: drops x, at: 2}
      good:
        - downgrade: op.drop_column('u', 'x')
        - op.drop_table('u')
)yaml") == "\n1 rules, 3 examples, 0 failures, 2 of 2 conditions seen both true and false\n");
}

BOOST_AUTO_TEST_CASE(every_way_to_fail_has_its_word) {
  BOOST_TEST(report_of(R"yaml(
rules:
  drop-column:
    title: T
    for_each: operation
    where: {kind: drop_column, direction: upgrade}
    level: warn
    message: "drops {target}"
    examples:
      bad:
        - op.drop_table('u')
        - {upgrade: "op.drop_column('u', 'x')", says: drops y}
        - {upgrade: "op.drop_column('u', 'x')", at: 3}
        - op.drop_column(
        - {upgrade: pass, problem: none of these}
      good:
        - op.drop_column('u', 'x')
)yaml") == R"(
MISSED      drop-column   policy.yml:31: bad example is not reported
WRONG TEXT  drop-column   policy.yml:32: it says `drops x`, not `drops y`
WRONG LINE  drop-column   policy.yml:33: it is reported on line 1 of the example, not 3
MISSED      drop-column   policy.yml:34: bad example is not reported: it does not parse: `(` is never closed
NOT RUN     drop-column   policy.yml:35: `problem: none of these` cannot be set in an example
NOISY       drop-column   policy.yml:37: good example is reported: `drops x`
condition never false in any example: drop-column policy.yml:26 direction = upgrade
1 rules, 6 examples, 6 failures, 1 of 2 conditions seen both true and false
)");
}

BOOST_AUTO_TEST_CASE(fixes_are_made_and_compared) {
  const auto with = [](const std::string& fix, const std::string& example) {
    return report_of(R"yaml(
rules:
  sqlmodel-import-missing:
    title: T
    for_each: migration
    where: {uses: {some: {root: sqlmodel}}}
    require: {imports: {some: {binds: sqlmodel}}}
    level: error
    message: "import it"
    autofix: {safety: safe, insert: )yaml" +
                     fix + R"yaml(, after: [{import: sqlalchemy}]}
    examples:
      bad:
        - )yaml" + example +
                     R"yaml(
      good:
        - {head: import sqlmodel, upgrade: sqlmodel.x}
        - op.drop_table('u')
)yaml");
  };
  const std::string good = "1 rules, 3 examples, 0 failures, 4 of 4 conditions seen both true and false\n";
  BOOST_TEST(with("import sqlmodel", "sqlmodel.x") == "\n" + good);
  BOOST_TEST(with("import sqlmodel", "{upgrade: sqlmodel.x, becomes: import sqlmodel}") == "\n" + good);
  BOOST_TEST(with("import sqlmode", "sqlmodel.x")
                 .starts_with("\nWRONG FIX   sqlmodel-import-missing   policy.yml:33: "
                              "migrations/versions/0a1b2c3d4e5f_add_a_thing.py:1: the fix of "
                              "`sqlmodel-import-missing` was not made: it would still be reported\n"));
  BOOST_TEST(with("import sqlmodel", "{upgrade: sqlmodel.x, becomes: import sqlmodels}")
                 .starts_with("\nWRONG FIX   sqlmodel-import-missing   policy.yml:33: it becomes `"));
}

BOOST_AUTO_TEST_CASE(rows_of_cases_need_an_example_each) {
  BOOST_TEST(report_of(R"yaml(
rules:
  drops:
    title: T
    for_each: operation
    cases:
      - {kind: drop_column, word: column}
      - {kind: drop_table, word: table}
    where: {kind: $case.kind}
    level: warn
    message: "drops a {$case.word}"
    examples:
      bad:
        - op.drop_column('u', 'x')
      good:
        - op.drop_index('u')
)yaml") == R"(
row of cases without a bad example: drops policy.yml:23 row 2
1 rules, 2 examples, 0 failures, 1 of 1 conditions seen both true and false
)");
}

BOOST_AUTO_TEST_CASE(lines_history_and_facts_are_run_too) {
  BOOST_TEST(report_of(R"yaml(
rules:
  script:
    title: T
    for_each: line
    where: {text: {contains: alembic}}
    level: warn
    message: "alembic"
    examples:
      bad: [{line: alembic upgrade, in: start.sh}]
      good: [{line: just up, in: start.sh}]
  edited:
    title: T
    for_each: migration
    scope: changed
    where: {file.change: modified, file.on_base: true}
    level: error
    message: "edited"
    examples:
      bad: [{upgrade: pass, change: modified, on_base: true}]
      good:
        - {upgrade: pass, change: modified, on_base: false}
        - {upgrade: pass, change: added, on_base: true}
  many:
    title: T
    for_each: repo
    where: {migrations: {size: {more_than: 2}}}
    level: error
    message: "many"
    examples:
      bad: [{history: [{revision: a}, {revision: b, parents: [a]}, {revision: c, parents: [a]}]}]
      good: [{history: [{revision: a}]}]
)yaml") == "\n3 rules, 7 examples, 0 failures, 4 of 4 conditions seen both true and false\n");
}

BOOST_AUTO_TEST_CASE(noise_is_what_other_rules_say_about_good_examples) {
  const Policy policy = policy_of(frame + R"yaml(
rules:
  drop-column:
    title: T
    for_each: operation
    where: {kind: drop_column}
    level: warn
    message: "drops {target}"
    examples:
      bad: ["op.drop_column('u', 'x')"]
      good: [op.drop_table('u')]
  drop-table:
    title: T
    for_each: operation
    where: {kind: drop_table}
    level: warn
    message: "drops table {target}"
    examples:
      bad: [op.drop_table('u')]
      good: [op.drop_index('i')]
)yaml",
                                  true);
  const std::vector<Noise> noise = find_noise(policy);
  BOOST_TEST(noise.size() == 1u);
  BOOST_TEST(noise.at(0).rule->id == "drop-table");
  BOOST_TEST(noise.at(0).example_of->id == "drop-column");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace spiritsafe
