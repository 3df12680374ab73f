// SPDX-License-Identifier: Apache-2.0
#include "engine/judge/explain.h"

#include "tests/judge/build.h"

namespace spiritsafe {
namespace {

using namespace tests;

const std::string rules = R"(
conditions:
  on a new table:
    for_each: operation
    where:
      migration.upgrade: {some: {kind: create_table, table: {same_as: operation.table}}}
rules:
  add-required-column:
    title: T
    for_each: operation
    where:
      kind: add_column
      column.nullable: false
      column.server_default: {is: absent}
    unless:
      the table is created in the same migration: {use: on a new table}
    level: error
    message: "adds {table}.{target}"
)";

std::string explained(const std::string& body, uint32_t line = 0) {
  const Policy policy = policy_of(rules);
  const auto project = project_of({{"r0.py", migration_text(body)}});
  return "\n" + explain(policy, "add-required-column", *project, *project->files[0], line);
}

BOOST_AUTO_TEST_SUITE(explain_suite)

BOOST_AUTO_TEST_CASE(a_decision_is_told_in_the_lines_of_the_rule) {
  BOOST_TEST(explained("op.create_table('user', sa.Column('id', sa.Integer()))\nop.add_column('user', sa.Column('age', "
                       "sa.Integer(), nullable=False))") == R"(
  item r0.py:7 operation
    yes kind = add_column   (line 13)
    yes column.nullable = false   (line 14)
    yes column.server_default = (none)   (line 15)
    yes unless the table is created in the same migration: migration.upgrade = user, age   (line 7)
        yes kind = create_table   (line 7)
        yes table = user   (line 7)
  => not reported, because the table is created in the same migration
)");
  BOOST_TEST(explained("op.add_column('user', sa.Column('age', sa.Integer(), nullable=False))", 6) == R"(
  item r0.py:6 operation
    yes kind = add_column   (line 13)
    yes column.nullable = false   (line 14)
    yes column.server_default = (none)   (line 15)
    no unless the table is created in the same migration: migration.upgrade = age   (line 7: migration.upgrade has some)
        no kind = add_column   (line 7: kind = create_table)
        yes table = user   (line 7)
  => reported
)");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_told_is_named) {
  BOOST_TEST(explained("op.add_column('user', sa.Column('age', sa.Integer(), nullable=maybe))") == R"(
  item r0.py:6 operation
    yes kind = add_column   (line 13)
    cannot tell column.nullable = (unknown)   (line 14: column.nullable = false)
    yes column.server_default = (none)   (line 15)
    no unless the table is created in the same migration: migration.upgrade = age   (line 7: migration.upgrade has some)
        no kind = add_column   (line 7: kind = create_table)
        yes table = user   (line 7)
  => undecided, because it cannot be told whether column.nullable = false
)");
}

BOOST_AUTO_TEST_CASE(where_nothing_is_asked_it_says_why) {
  BOOST_TEST(explained("pass") == "\n  => not asked, because there is no operation in this file\n");
  BOOST_TEST(explained("op.drop_table('a')", 1) == "\n  => not asked, because there is no operation on this line\n");
  const Policy policy = policy_of("settings:\n  exclude: ['*.py']\n" + rules);
  const auto project = project_of({{"r0.py", migration_text("pass")}});
  BOOST_TEST(explain(policy, "add-required-column", *project, *project->files[0]) ==
             "  => not asked, because `exclude:` names this file\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace spiritsafe
