// SPDX-License-Identifier: Apache-2.0
// `behaviours:`: which row speaks of a version, and whole error texts.
#include <boost/test/unit_test.hpp>

#include "engine/policy/behaviours.h"
#include "tests/policy/base_pack.h"

using namespace spiritsafe;

namespace {

Result<Policy> load(const std::string& text) {
  LoadOptions options;
  options.packs = {base_pack()};
  return load_policy({"p.yml", text}, options);
}

std::string errors_of(const std::string& rows) {
  const Result<Policy> policy =
      load("language: 1\nextends: [{builtin: base}]\nbehaviours:\n  sqlmodel:\n" + rows + "\n");
  return policy ? "" : format_errors(policy.error());
}

std::string row(const std::string& since, const std::string& flags) {
  return "    - {since: " + since + ", " + flags + "}\n";
}
const std::string all =
    "enum_first: true, keeps_max_length: true, has_email: true, has_decimal_places: false, uses_pydantic_1: false";

}  // namespace

BOOST_AUTO_TEST_SUITE(behaviours)

BOOST_AUTO_TEST_CASE(a_row_holds_until_the_next_one) {
  const std::string old =
      "enum_first: false, keeps_max_length: true, has_email: true, has_decimal_places: false, uses_pydantic_1: true";
  const Result<Policy> policy = load("language: 1\nextends: [{builtin: base}]\nbehaviours:\n  sqlmodel:\n" +
                                     row("0", old) + row("0.0.9", all) + row("1.2", old));
  BOOST_REQUIRE(policy.has_value());
  const auto& rows = policy->behaviours.sqlmodel;
  BOOST_REQUIRE(rows.size() == 3u);
  BOOST_TEST(behaviour_of(rows, {0, 0, 8}).uses_pydantic_1);
  BOOST_TEST(!behaviour_of(rows, {0, 0, 9}).uses_pydantic_1);
  BOOST_TEST(!behaviour_of(rows, {1, 1, 99}).uses_pydantic_1);
  BOOST_TEST(behaviour_of(rows, {1, 2, 0}).uses_pydantic_1);
  BOOST_TEST(behaviour_of(rows, {}).uses_pydantic_1);  // not known: the newest
  BOOST_TEST(is_newest_behaviour(rows, PackageVersion{1, 2, 0}));
  BOOST_TEST(!is_newest_behaviour(rows, PackageVersion{1, 1, 9}));
}

BOOST_AUTO_TEST_CASE(without_rows_the_newest_behaviour_counts) {
  const Result<Policy> policy = load("language: 1\nextends: [{builtin: base}]\n");
  BOOST_REQUIRE(policy.has_value());
  BOOST_TEST(behaviours_of(*policy).sqlmodel.empty());  // no packs are in this program
  BOOST_TEST(behaviour_of(policy->behaviours.sqlmodel, {0, 0, 8}).enum_first);
}

BOOST_AUTO_TEST_CASE(every_mistake_is_told_with_its_place) {
  BOOST_TEST(errors_of(row("0", all)) == "");
  BOOST_TEST(errors_of("    - {since: 0, has_mail: true, " + all + "}") ==
             R"x(p.yml:5:18: error: a row of `sqlmodel` has no `has_mail`
      5 |     - {since: 0, has_mail: true, enum_first: true, keeps_max_length: true, has_email: true, has_decimal_places: false, uses_pydantic_1: false}
        |                  ^~~~~~~~
    = did you mean `has_email`?
)x");
  BOOST_TEST(errors_of("    - {since: 0, keeps_max_length: true, has_email: no, has_decimal_places: false, "
                       "uses_pydantic_1: true}") ==
             R"x(p.yml:5:7: error: a row of `sqlmodel` has no `enum_first:`
      5 |     - {since: 0, keeps_max_length: true, has_email: no, has_decimal_places: false, uses_pydantic_1: true}
        |       ^
    = each row says all of them
p.yml:5:53: error: `has_email` is one of false, true, not `no`
      5 |     - {since: 0, keeps_max_length: true, has_email: no, has_decimal_places: false, uses_pydantic_1: true}
        |                                                     ^~
)x");
  for (const char* since : {"newest", "0.0.0.1", "-1", "1.x", "''"}) {
    BOOST_TEST_CONTEXT(since) {
      BOOST_TEST(errors_of(row(since, all))
                     .starts_with("p.yml:5:15: error: a row of `sqlmodel` says since which version it holds\n"));
    }
  }
  BOOST_TEST(errors_of(row("0.0.9", all) + row("0.0.8", all)) ==
             R"x(p.yml:6:15: error: the rows are in the order of their versions, the oldest first
      6 |     - {since: 0.0.8, enum_first: true, keeps_max_length: true, has_email: true, has_decimal_places: false, uses_pydantic_1: false}
        |               ^~~~~
)x");
  BOOST_TEST(errors_of("    a: b") == R"x(p.yml:5:5: error: `sqlmodel` is a list of rows, the oldest version first
      5 |     a: b
        |     ^
    = e.g. sqlmodel: [{since: 0, …}, {since: 0.0.14, …}]
)x");
}

BOOST_AUTO_TEST_SUITE_END()
