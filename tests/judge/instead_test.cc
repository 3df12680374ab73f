// SPDX-License-Identifier: Apache-2.0
// The safe way as code, with the names of what was found; and when there is none, since it would be other code.
#include "tests/judge/build.h"

using namespace spiritsafe;

namespace {

// What the rule says instead of upgrade(); `none` where it says nothing.
std::string instead_of(const std::string& upgrade, const std::string& instead) {
  const Policy policy =
      tests::policy_of("rules:\n  one:\n    title: t\n    for_each: operation\n    where: {direction: upgrade}\n" +
                       std::string("    level: warn\n    message: m\n    instead: |\n      ") + instead + "\n");
  const PreparedPolicy prepared = prepare(policy);
  const auto project = tests::project_of({{"versions/a.py", tests::migration_text(upgrade)}});
  const Judgement judgement = judge({project.get()}, prepared, {});
  BOOST_REQUIRE(!judgement.findings.empty());
  const std::string& code = judgement.findings.front().instead;
  return code.empty() ? "none" : code.substr(0, code.find('\n'));
}

const std::string unique = R"(op.create_index("{target}", ["{columns}"][[, schema="{schema}"]]))";
const std::string sql = R"(op.execute('DROP INDEX "{target}"'))";

}  // namespace

BOOST_AUTO_TEST_SUITE(instead)

BOOST_AUTO_TEST_CASE(names_stand_in_quotes_and_lists_are_many_of_them) {
  BOOST_TEST(instead_of(R"(op.create_index("i", "t", ["a", "b"]))", unique) == R"(op.create_index("i", ["a", "b"]))");
}

BOOST_AUTO_TEST_CASE(what_stands_in_brackets_is_only_there_with_its_value) {
  BOOST_TEST(instead_of(R"(op.create_index("i", "t", ["a"], schema="s"))", unique) ==
             R"(op.create_index("i", ["a"], schema="s"))");
}

BOOST_AUTO_TEST_CASE(a_call_gets_further_arguments) {
  const std::string concurrently = "{text, postgresql_concurrently=True}";
  BOOST_TEST(instead_of("op.create_index(\n    'i', 't',\n    ['a'],\n)", concurrently) ==
             "op.create_index('i', 't', ['a'], postgresql_concurrently=True)");
  BOOST_TEST(instead_of("op.drop_index( )", concurrently) == "op.drop_index(postgresql_concurrently=True)");
}

BOOST_AUTO_TEST_CASE(there_is_none_where_a_name_would_end_its_quotes) {
  BOOST_TEST(instead_of(R"py(op.create_index('"); evil("', "t", ["a"]))py", unique) == "none");
  BOOST_TEST(instead_of(R"(op.create_index("i", "t", ['a"']))", unique) == "none");
  BOOST_TEST(instead_of(R"(op.create_index("i\\", "t", ["a"]))", unique) == "none");
  BOOST_TEST(instead_of(R"(op.create_index("i\n", "t", ["a"]))", unique) == "none");
  BOOST_TEST(instead_of(R"(op.create_index('i"; DROP', "t", ["a"]))", sql) == "none");
  BOOST_TEST(instead_of(R"(op.create_index("i'", "t", ["a"]))", sql) == "none");
  BOOST_TEST(instead_of(R"py(op.create_index("i, x=evil()", "t", ["a"]))py", "op.f({target})") == "none");
}

BOOST_AUTO_TEST_CASE(there_is_none_where_a_name_is_not_known_or_a_schema_would_be_lost) {
  BOOST_TEST(instead_of(R"(op.create_index(name(), "t", ["a"]))", unique) == "none");
  BOOST_TEST(instead_of(R"(op.create_index("i", "t", [name()]))", unique) == "none");
  BOOST_TEST(instead_of(R"(op.create_index("i", "t", ["a"], schema="s"))", sql) == "none");
  BOOST_TEST(instead_of(R"(op.create_index("i", "t", ["a"], schema=name()))", unique) == "none");
}

BOOST_AUTO_TEST_CASE(there_is_none_for_a_call_that_cannot_stand_alone_or_on_one_line) {
  const std::string text = "{text, unique=True}";
  BOOST_TEST(instead_of("with op.batch_alter_table('t') as b:\n    b.create_index('i', ['a'])", text) == "none");
  BOOST_TEST(instead_of("op.create_index('i', 't', ['a']  # why\n)", text) == "none");
  BOOST_TEST(instead_of("op.create_index('i', 't', ['''a\n b'''])", text) == "none");
  BOOST_TEST(instead_of("op.execute('CREATE INDEX i ON t (a)')", "f({text})") == "none");
}

BOOST_AUTO_TEST_SUITE_END()
