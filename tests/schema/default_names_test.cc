// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <set>

#include "engine/schema/default_names.h"
#include "engine/schema/postgres_type.h"

BOOST_AUTO_TEST_SUITE(default_names)

using namespace spiritsafe;

// Each as PostgreSQL 15 and SQLAlchemy 1.4 gave it.
BOOST_AUTO_TEST_CASE(names_are_those_of_postgresql) {
  BOOST_TEST(object_name("item", "owner_id", "fkey") == "item_owner_id_fkey");
  BOOST_TEST(object_name("t", "", "pkey") == "t_pkey");
  const std::string table = "a_very_long_table_name_that_comes_near_to_the_limit_of_names";
  BOOST_TEST(object_name(table, "id", "seq") == "a_very_long_table_name_that_comes_near_to_the_limit_of_n_id_seq");
  BOOST_TEST(object_name("ä" + std::string(70, 'x'), "", "key").size() == 63u);
  const std::set<std::string> taken = {"t_a_key", "t_a_key1"};
  const auto is_taken = [&](std::string_view name) { return taken.contains(std::string(name)); };
  BOOST_TEST(free_object_name("t", "a", "key", is_taken) == "t_a_key2");
  const std::string_view columns[] = {"a", "b", "a"};
  BOOST_TEST(joined_columns(columns) == "a_b_a1");
}

BOOST_AUTO_TEST_CASE(long_names_are_cut_as_sqlalchemy_cuts_them) {
  BOOST_TEST(shortened_by_sqlalchemy("short") == "short");
  BOOST_TEST(shortened_by_sqlalchemy(std::string(70, 'a')) == std::string(55, 'a') + "_" + "3d46");
}

std::string type_of(std::string_view written, TypeFamily family, Number length = {}) {
  static Arena arena;
  const Text type = postgres_type({known(written), known(family), length, {}, {}}, arena);
  return type.is_known() ? std::string(type.value) : "unknown";
}

BOOST_AUTO_TEST_CASE(types_are_said_as_postgresql_says_them) {
  BOOST_TEST(type_of("String(length=5)", TypeFamily::string, known<int64_t>(5)) == "character varying(5)");
  BOOST_TEST(type_of("AutoString()", TypeFamily::string) == "character varying");
  BOOST_TEST(type_of("String(LENGTH)", TypeFamily::string, known<int64_t>(7)) == "character varying(7)");
  BOOST_TEST(type_of("Float(10)", TypeFamily::floating) == "real");
  BOOST_TEST(type_of("Numeric(precision=6)", TypeFamily::numeric) == "numeric(6,0)");
  BOOST_TEST(type_of("TIMESTAMP(timezone=True, precision=3)", TypeFamily::datetime_with_timezone) ==
             "timestamp(3) with time zone");
  BOOST_TEST(type_of("timestamp with time zone", TypeFamily::datetime_with_timezone) == "timestamp with time zone");
  BOOST_TEST(type_of("ARRAY(VARCHAR(length=3))", TypeFamily::array) == "character varying(3)[]");
  BOOST_TEST(type_of("int8[]", TypeFamily::array) == "bigint[]");
  BOOST_TEST(type_of("Money2()", TypeFamily::other) == "unknown");
  BOOST_TEST(type_of("String(length=x)", TypeFamily::string) == "unknown");
}

BOOST_AUTO_TEST_SUITE_END()
