// SPDX-License-Identifier: Apache-2.0
// What real CPythons from 3.8 to 3.13 answered (record_accepted.py), asked of our reader.
#include <boost/test/unit_test.hpp>

#include <fstream>
#include <string>

#include "tests/python/dump.h"

using namespace spiritsafe;
using namespace spiritsafe::python;

namespace {

// \n, \r, \t, \f, \\ and \xNN as record_accepted.py writes them.
std::string unescape(const std::string& text) {
  std::string source;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      source += text[i];
      continue;
    }
    switch (text[++i]) {
      case 'n':
        source += '\n';
        break;
      case 'r':
        source += '\r';
        break;
      case 't':
        source += '\t';
        break;
      case 'f':
        source += '\f';
        break;
      case 'x': {
        const int code = std::stoi(text.substr(i + 1, 2), nullptr, 16);
        if (code >= 0x80) {
          source += static_cast<char>(0xC0 | code >> 6);
        }
        source += static_cast<char>(code >= 0x80 ? 0x80 | (code & 0x3F) : code);
        i += 2;
        break;
      }
      default:
        source += text[i];
    }
  }
  return source;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(python)

BOOST_AUTO_TEST_CASE(each_version_accepts_what_that_cpython_accepts) {
  std::ifstream file("tests/python/accepted.txt");
  size_t cases = 0;
  for (std::string line; std::getline(file, line); ++cases) {
    const std::string source = unescape(line.substr(7));
    for (int minor = 8; minor <= 13; ++minor) {
      BOOST_TEST_CONTEXT(line.substr(7) << " in 3." << minor) {
        Arena arena;
        const ParseResult result = parse(source, {3, minor}, arena);
        BOOST_TEST((result ? 'o' : 'x') == line[static_cast<size_t>(minor) - 8]);
        BOOST_TEST((result.module == nullptr) == result.error.has_value());
      }
    }
  }
  BOOST_TEST(cases > 700U);
}

BOOST_AUTO_TEST_CASE(forms_since_3_12_give_the_trees_of_cpython_3_13) {
  std::ifstream file("tests/python/trees_3.13.txt");
  std::string line;
  std::getline(file, line);
  size_t cases = 0;
  while (file) {
    const std::string source = unescape(line.substr(2));
    std::string expected;
    while (std::getline(file, line) && !line.starts_with("> ")) {
      expected += line + "\n";
    }
    ++cases;
    BOOST_TEST_CONTEXT(source) {
      Arena arena;
      const ParseResult result = parse(source, {3, 13}, arena);
      BOOST_REQUIRE(result);
      BOOST_TEST(dump(*result.module, source, {3, 13}) == expected);
    }
  }
  BOOST_TEST(cases > 30U);
}

BOOST_AUTO_TEST_CASE(differences_to_cpython_that_are_meant) {
  struct Case {
    std::string_view source;
    bool accepted;
  };
  for (const Case& each : {
           Case{"'\\N{no such character}'", true},  // names of characters are not looked up: the value is not known
           Case{"fr'{a:\\x}'", true},               // 3.12.0 to 3.13.0 take a raw format spec for one that is not raw
           Case{"# \xFF", false},  // `ast.parse` of 3.12 does not look at comments; running the file does
       }) {
    BOOST_TEST_CONTEXT(each.source) {
      Arena arena;
      BOOST_TEST(static_cast<bool>(parse(each.source, {3, 13}, arena)) == each.accepted);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
