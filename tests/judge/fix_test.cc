// SPDX-License-Identifier: Apache-2.0
#include "engine/judge/fix.h"

#include "engine/judge/edits.h"
#include "tests/judge/build.h"

namespace spiritsafe {
namespace {

using namespace tests;

const std::string rules = R"(
rules:
  sqlmodel-import-missing:
    title: T
    for_each: migration
    where: {uses: {some: {root: sqlmodel, as: first_use}}}
    require: {imports: {some: {binds: sqlmodel}}}
    at: first_use
    level: error
    message: "`{first_use.text}` needs an import"
    autofix: {safety: safe, insert: import sqlmodel, after: [{import: sqlalchemy}, last_import]}
  rename:
    title: T
    for_each: line
    where: {text: {matches: 'alembic upgrade'}}
    level: warn
    message: "say just"
    autofix: {safety: unsafe, replace: 'alembic\s+upgrade(\s+\S+)?', with: just alembic-up}
  sql:
    title: T
    for_each: operation
    where: {kind: execute}
    level: warn
    message: "raw SQL"
    autofix: {safety: safe, remove: operation}
)";

FixResult fixed(const std::string& path, const std::string& text, bool unsafe = false,
                const std::string& policy_text = rules) {
  const Policy policy = policy_of(policy_text);
  const PreparedPolicy prepared = prepare(policy);
  const auto project = project_of({{path, text}});
  FixOptions options;
  options.unsafe = unsafe;
  const FixResult result = fix_file(*project, *project->files[0], prepared, options);
  // What a fix leaves, a second run leaves alone.
  const auto again = project_of({{path, result.text}});
  const FixResult second = fix_file(*again, *again->files[0], prepared, options);
  BOOST_TEST(second.text == result.text);
  BOOST_TEST(second.applied == 0);
  return result;
}

BOOST_AUTO_TEST_SUITE(fix_suite)

BOOST_AUTO_TEST_CASE(an_import_is_inserted_behind_its_anchor) {
  const std::string body =
      "\ndef upgrade():\n    op.add_column('a', sa.Column('b', sqlmodel.AutoString()))\n    sqlmodel.x()\n";
  struct Case {
    std::string head;
    std::string expected;
  };
  for (const Case& each : {Case{"from alembic import op\nimport sqlalchemy as sa\nimport os\n",
                                "from alembic import op\nimport sqlalchemy as sa\nimport sqlmodel\nimport os\n"},
                           Case{"import os\nfrom alembic import (\n  op,\n  context,\n)\nsa = 1\n",
                                "import os\nfrom alembic import (\n  op,\n  context,\n)\nimport sqlmodel\nsa = 1\n"},
                           Case{"import sqlalchemy as sa; from alembic import op\n",
                                "import sqlalchemy as sa; from alembic import op\nimport sqlmodel\n"}}) {
    BOOST_TEST_CONTEXT(each.head) {
      const FixResult result = fixed("a.py", each.head + body);
      BOOST_TEST(result.text == each.expected + body);
      BOOST_TEST(result.applied == 1);
      BOOST_TEST(result.refused.empty());
    }
  }
}

BOOST_AUTO_TEST_CASE(newlines_stay_as_they_are) {
  BOOST_TEST(fixed("a.py", "import sqlalchemy as sa\r\nsqlmodel.x\r\n").text ==
             "import sqlalchemy as sa\r\nimport sqlmodel\r\nsqlmodel.x\r\n");
  BOOST_TEST(fixed("a.py", "def f():\n    sqlmodel.x\nimport sqlalchemy").text ==
             "def f():\n    sqlmodel.x\nimport sqlalchemy\nimport sqlmodel");
}

BOOST_AUTO_TEST_CASE(without_an_anchor_nothing_is_inserted) {
  const FixResult result = fixed("a.py", "sqlmodel.x\n");
  BOOST_TEST(result.text == "sqlmodel.x\n");
  BOOST_TEST(result.applied == 0);
}

BOOST_AUTO_TEST_CASE(unsafe_fixes_are_made_only_when_asked_for) {
  BOOST_TEST(fixed("a.sh", "run alembic upgrade head && x\n").text == "run alembic upgrade head && x\n");
  BOOST_TEST(fixed("a.sh", "run alembic upgrade head && x\n", true).text == "run just alembic-up && x\n");
}

BOOST_AUTO_TEST_CASE(a_fix_that_would_break_the_file_is_refused) {
  const std::string two = migration_text("op.execute('SELECT 1')\nop.drop_table('t')");
  BOOST_TEST(fixed("a.py", two).text == migration_text("op.drop_table('t')"));
  const std::string alone = migration_text("op.execute('SELECT 1')");
  const FixResult result = fixed("a.py", alone);
  BOOST_TEST(result.text == alone);
  BOOST_TEST(result.refused.at(0) == "a.py:6: the fix of `sql` was not made: the file would not parse any more");
}

BOOST_AUTO_TEST_CASE(a_fix_that_raises_something_new_or_does_not_help_is_refused) {
  const std::string other = rules + R"(
  just:
    title: T
    for_each: line
    where: {text: {contains: just}}
    level: warn
    message: "no just"
)";
  BOOST_TEST(fixed("a.sh", "alembic upgrade\n", true, other).refused.at(0) ==
             "a.sh:1: the fix of `rename` was not made: `just` would be reported then");
  const std::string idle = R"(
rules:
  idle:
    title: T
    for_each: line
    where: {text: {matches: '^a'}}
    level: warn
    message: "begins with a"
    autofix: {safety: safe, replace: 'b', with: c}
)";
  const FixResult result = fixed("a.sh", "ab\n", false, idle);
  BOOST_TEST(result.text == "ab\n");
  // The line is another item afterwards, and that one is reported.
  BOOST_TEST(result.refused.at(0) == "a.sh:1: the fix of `idle` was not made: `idle` would be reported then");
}

BOOST_AUTO_TEST_CASE(edits_are_sorted_merged_and_do_not_overlap) {
  const auto edit = [](uint32_t begin, uint32_t end, std::string text) {
    return Edit{{begin, end}, std::move(text), true};
  };
  BOOST_TEST(apply_edits("abcdef", {}) == "abcdef");
  BOOST_TEST(apply_edits("abcdef", {edit(4, 5, "E"), edit(1, 2, "B")}) == "aBcdEf");
  BOOST_TEST(apply_edits("abcdef", {edit(3, 3, "-"), edit(3, 3, "-")}) == "abc-def");
  BOOST_TEST(apply_edits("abcdef", {edit(3, 3, "2"), edit(3, 3, "1")}) == "abc12def");
  BOOST_TEST(apply_edits("abcdef", {edit(1, 4, ""), edit(2, 5, "x")}) == "aef");
  BOOST_TEST(apply_edits("ab", {edit(1, 9, "x")}) == "ax");
}

BOOST_AUTO_TEST_CASE(suggestions_are_whole_lines) {
  const std::string text = "one\ntwo\nthree\n";
  const LineIndex lines(text);
  struct Case {
    Edit edit;
    uint32_t start;
    uint32_t end;
    std::string text;
  };
  for (const Case& each : {Case{{{4, 4}, "new\n", true}, 2, 1, "new"}, Case{{{5, 6}, "W", true}, 2, 2, "tWo"},
                           Case{{{4, 8}, "", true}, 2, 2, ""}, Case{{{6, 9}, "-", true}, 2, 3, "tw-hree"},
                           Case{{{14, 14}, "new\n", true}, 4, 3, "new"}}) {
    const auto suggestion = make_suggestion(text, lines, {each.edit});
    BOOST_TEST_CONTEXT(each.text) {
      BOOST_TEST(suggestion->start_line == each.start);
      BOOST_TEST(suggestion->end_line == each.end);
      BOOST_TEST(suggestion->text == each.text);
    }
  }
}

BOOST_AUTO_TEST_CASE(differences_are_shown_with_three_lines_around) {
  BOOST_TEST(unified_diff("a.py", "x\n", "x\n") == "");
  BOOST_TEST(unified_diff("a.py", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n") ==
             "--- a/a.py\n+++ b/a.py\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
  BOOST_TEST(unified_diff("a.py", "", "new") ==
             "--- a/a.py\n+++ b/a.py\n@@ -0,0 +1 @@\n+new\n\\ No newline at end of file\n");
  BOOST_TEST(unified_diff("a.py", "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n", "A\nb\nc\nd\ne\nf\ng\nh\ni\nJ\n") ==
             "--- a/a.py\n+++ b/a.py\n@@ -1,4 +1,4 @@\n-a\n+A\n b\n c\n d\n@@ -7,4 +7,4 @@\n g\n h\n i\n-j\n+J\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace spiritsafe
