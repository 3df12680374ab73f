// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <limits>
#include <string>

#include "engine/python/parse.h"
#include "engine/python/strings.h"
#include "engine/python/visit.h"

using namespace spiritsafe;
using namespace spiritsafe::python;

namespace {

// The first constant of an expression, or of the f-string it is.
const Constant& first_constant(const ParseResult& result) {
  BOOST_REQUIRE_MESSAGE(result, (result.error ? result.error->message : ""));
  const Constant* found = nullptr;
  walk(*result.module->body.front(), [&](const Node& node) {
    found = found != nullptr ? found : as<Constant>(&node);
    return found == nullptr;
  });
  BOOST_REQUIRE(found != nullptr);
  return *found;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(python)

BOOST_AUTO_TEST_CASE(a_string_has_its_value_and_every_byte_of_it_a_place) {
  struct Case {
    std::string_view source;
    std::string_view value;
    std::vector<uint32_t> offsets;  // of each byte of the value, then of its end
  };
  for (const Case& each : {
           Case{"'ab'", "ab", {1, 2, 3}},
           Case{"''", "", {1}},
           Case{"r'\\n'", "\\n", {2, 3, 4}},
           Case{"'a\\nb'", "a\nb", {1, 2, 4, 5}},
           Case{"'a' 'b'", "ab", {1, 5, 6}},
           Case{"('a' # c'x'\n  \"b\")", "ab", {2, 15, 16}},
           Case{"'a' \\\n 'b'", "ab", {1, 8, 9}},
           Case{"'\\x41\\u00e9'", "A\xC3\xA9", {1, 5, 5, 11}},
           Case{"'\\ud800'", "\xED\xA0\x80", {1, 1, 1, 7}},
           Case{"'\\101\\7'", "A\a", {1, 5, 7}},
           Case{"'''a\r\nb'''", "a\nb", {3, 4, 6, 7}},
           Case{"'a\\\nb'", "ab", {1, 4, 5}},
           Case{"'\\q'", "\\q", {1, 2, 3}},
           Case{"rb'\\x' b'\\x00'", std::string_view("\\x\0", 3), {3, 4, 9, 13}},
           Case{"'it''s' '''q'uo\"te'''", "itsq'uo\"te", {1, 2, 5, 11, 12, 13, 14, 15, 16, 17, 18}},
           Case{"f'a{{b{c}'", "a{b", {2, 3, 5, 6}},
           Case{"'x' f'\\n{c}'", "x\n", {1, 6, 8}},
           Case{"f'\\{c}'", "\\", {2, 3}},
           Case{"'\\N{DASH}b'", "\\N{DASH}b", {1, 1, 1, 1, 1, 1, 1, 1, 9, 10}},
       }) {
    BOOST_TEST_CONTEXT(each.source) {
      for (const int minor : {8, 13}) {
        Arena arena;
        const ParseResult result = parse(each.source, {3, minor}, arena);
        const Constant& constant = first_constant(result);
        BOOST_TEST(constant.value == each.value);
        BOOST_TEST(constant.value_known == (each.source.find("\\N") == std::string_view::npos));
        std::vector<uint32_t> offsets;
        for (size_t i = 0; i <= constant.value.size(); ++i) {
          offsets.push_back(source_offset(constant, i, each.source));
        }
        BOOST_TEST(offsets == each.offsets, boost::test_tools::per_element());
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_number_has_its_normal_text_and_its_worth) {
  struct Case {
    std::string_view source;
    std::string_view value;
    std::optional<int64_t> integer;
  };
  for (const Case& each : {
           Case{"0", "0", 0},
           Case{"00_0", "0", 0},
           Case{"1_000", "1000", 1000},
           Case{"0x_fF", "255", 255},
           Case{"0o17", "15", 15},
           Case{"0b1_01", "5", 5},
           Case{"9223372036854775807", "9223372036854775807", std::numeric_limits<int64_t>::max()},
           Case{"9223372036854775808", "9223372036854775808", std::nullopt},
           Case{"0x7fffffffffffffff", "9223372036854775807", std::numeric_limits<int64_t>::max()},
           Case{"0x0FFFFFFFFFFFFFFFF", "0xffffffffffffffff", std::nullopt},
           Case{"0o7777777777777777777777", "0x3ffffffffffffffff", std::nullopt},
       }) {
    BOOST_TEST_CONTEXT(each.source) {
      Arena arena;
      const ParseResult result = parse(each.source, {}, arena);
      const Constant& constant = first_constant(result);
      BOOST_TEST((constant.value_kind == ConstantKind::Int));
      BOOST_TEST(constant.value == each.value);
      BOOST_TEST((integer_value(constant) == each.integer));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_float_is_read_as_cpython_reads_it) {
  const double infinity = std::numeric_limits<double>::infinity();
  struct Case {
    std::string_view source;
    double value;
  };
  for (const Case& each :
       {Case{"1.5", 1.5}, Case{"1.", 1}, Case{".5", 0.5}, Case{"1e1000", infinity}, Case{"1e-1000", 0},
        Case{"0e1000", 0}, Case{"1_0.2_5e+0_2", 1025}, Case{"5e-324", 5e-324}, Case{"1e99999999999999999999", infinity},
        Case{"1e-99999999999999999999", 0}, Case{"010j", 10}}) {
    BOOST_TEST_CONTEXT(each.source) {
      Arena arena;
      const ParseResult result = parse(each.source, {}, arena);
      BOOST_TEST(float_value(first_constant(result)) == each.value);
    }
  }
}

BOOST_AUTO_TEST_CASE(names_are_compared_in_normal_form) {
  struct Case {
    std::string_view source;
    std::string_view id;
  };
  for (const Case& each :
       {Case{"name", "name"}, Case{"é", "é"}, Case{"e\u0301", "é"}, Case{"ﬁn", "fin"}, Case{"𝐱𝟏", "x1"},
        Case{"ｆｕｌｌ", "full"}, Case{"각", "각"}, Case{"\u1100\u1161\u11a8", "각"}, Case{"a\u0323\u0307", "ạ̇"},
        Case{"a\u0307\u0323", "ạ̇"}, Case{"Å", "Å"}}) {
    BOOST_TEST_CONTEXT(each.source) {
      Arena arena;
      const ParseResult result = parse(each.source, {}, arena);
      BOOST_REQUIRE(result);
      BOOST_TEST(as<Name>(as<ExprStmt>(result.module->body[0])->value)->id == each.id);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
