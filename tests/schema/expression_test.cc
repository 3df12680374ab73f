// SPDX-License-Identifier: Apache-2.0
// SQL that says the same in other words, as far as no parser is needed to see it.
#include <boost/test/unit_test.hpp>

#include "engine/schema/expression.h"

namespace spiritsafe {
namespace {

struct Normalised {
  std::string_view text = {};
  std::string_view expected = {};
};
constexpr Normalised texts[] = {
    {"now()", "current_timestamp"},
    {"NOW()", "current_timestamp"},
    {"CURRENT_TIMESTAMP", "current_timestamp"},
    {"'{}'::jsonb", "'{}'"},
    {"'x'::character varying(20)", "'x'"},
    {"'a'::public.\"Kind\"", "'a'"},
    {"a::timestamp(3) with time zone > b", "a>b"},
    {"'{1}'::int[]", "'{1}'"},
    {"((deleted_at IS NULL))", "deleted_at is null"},
    {"(a) OR (b)", "(a)or(b)"},
    {"a  =\n 'It''s  ONE'", "a='It''s  ONE'"},
    {"\"Mixed\" > 3", "\"Mixed\">3"},
    {"(')')", "')'"},
    {"a::", "a"},
    {"'open", "'open"},
    {"(", "("},
    {"", ""},
};

struct Defaults {
  std::string_view one = {}, other = {};
  TypeFamily family = TypeFamily::string;
  Truth same = Truth::unknown;
};
constexpr Defaults defaults[] = {
    {"'x'", "'x'::character varying", TypeFamily::string, Truth::yes},
    {"'x'", "'y'", TypeFamily::string, Truth::no},
    {"'x'", "'y'", TypeFamily::json, Truth::unknown},
    {"'x'", "'3'", TypeFamily::string, Truth::no},
    {"'0'", "0", TypeFamily::integer, Truth::yes},
    {"'0'", "1", TypeFamily::integer, Truth::no},
    {"1", "1.0", TypeFamily::numeric, Truth::unknown},
    {"-1", "'-1'", TypeFamily::integer, Truth::yes},
    {"true", "'TRUE'", TypeFamily::boolean, Truth::yes},
    {"true", "false", TypeFamily::boolean, Truth::no},
    {"true", "'t'", TypeFamily::boolean, Truth::unknown},
    {"true", "'1'", TypeFamily::boolean, Truth::unknown},
    {"now()", "CURRENT_TIMESTAMP", TypeFamily::datetime, Truth::yes},
    {"now()", "clock_timestamp()", TypeFamily::datetime, Truth::unknown},
    {"'it''s'", "'its'", TypeFamily::text, Truth::no},
    {"lower('X')", "'x'", TypeFamily::string, Truth::unknown},
    {"nextval('a_id_seq'::regclass)", "nextval('b_id_seq'::regclass)", TypeFamily::integer, Truth::yes},
    {"'a' || 'b'", "'ab'", TypeFamily::string, Truth::unknown},
};

struct Expressions {
  std::string_view one = {}, other = {};
  Truth same = Truth::unknown;
};
constexpr Expressions conditions[] = {
    {"a > 0", "(A  >  0)", Truth::yes},
    {"a != 1", "a <> 01", Truth::yes},
    {"a > 0", "a >= 0", Truth::no},
    {"a > 0", "a > 1", Truth::no},
    {"a > 0", "b > 0", Truth::no},
    {"kind = 'x'", "kind = 'y'", Truth::no},
    {"kind IN ('x', 'y')", "kind IN ('x', 'z')", Truth::no},
    {"a > 0 AND b > 0", "a > 0 OR b > 0", Truth::no},
    // what may be the same in other words
    {"a > 0", "0 < a", Truth::unknown},
    {"a = 1 OR a = 2", "a = 2 OR a = 1", Truth::unknown},
    {"a > 0", "a >= 1", Truth::unknown},
    {"a > 1", "a > '1'", Truth::unknown},
    {"a > 1", "a > 1.0", Truth::unknown},
    {"\"a\" > 1", "a > 1", Truth::unknown},
    {"cast(a AS int) > 1", "cast(a AS integer) > 1", Truth::unknown},
    {"a = ANY(b)", "a = SOME(b)", Truth::unknown},
    {"a", "", Truth::unknown},
    {"'", "'", Truth::yes},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(expressions)

BOOST_AUTO_TEST_CASE(casts_spaces_case_and_outer_parentheses_say_nothing) {
  for (const auto& [text, expected] : texts) {
    BOOST_TEST_CONTEXT(text) { BOOST_TEST(normalised_sql(text) == expected); }
  }
}

BOOST_AUTO_TEST_CASE(defaults_differ_for_certain_only_where_both_are_literals) {
  for (const auto& [one, other, family, same] : defaults) {
    BOOST_TEST_CONTEXT(one << " and " << other) {
      BOOST_CHECK(same_default(one, other, known(family)) == same);
      BOOST_CHECK(same_default(other, one, known(family)) == same);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_text_of_parentheses_alone_takes_no_time) {
  const std::string many(200'000, '(');
  BOOST_TEST(normalised_sql(many + std::string(200'000, ')')).size() == 400'000 - 40);
}

BOOST_AUTO_TEST_CASE(expressions_differ_where_one_word_does) {
  for (const auto& [one, other, same] : conditions) {
    BOOST_TEST_CONTEXT(one << " and " << other) {
      BOOST_CHECK(same_expression(one, other) == same);
      BOOST_CHECK(same_expression(other, one) == same);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
