// SPDX-License-Identifier: Apache-2.0
// Input made to hurt: it is refused or read in bounded time, and no tree is deeper than promised.
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "engine/python/parse.h"
#include "engine/python/visit.h"

using namespace spiritsafe;
using namespace spiritsafe::python;

namespace {

std::string repeat(std::string_view text, size_t times) {
  std::string repeated;
  for (size_t i = 0; i < times; ++i) {
    repeated += text;
  }
  return repeated;
}

uint32_t depth_of(const Node& root) {
  uint32_t deepest = 0;
  std::vector<std::pair<const Node*, uint32_t>> todo = {{&root, 1}};
  while (!todo.empty()) {
    const auto [node, depth] = todo.back();
    todo.pop_back();
    deepest = std::max(deepest, depth);
    for_each_child(*node, [&, below = depth + 1](const Node& child) { todo.emplace_back(&child, below); });
  }
  return deepest;
}

std::string indented(size_t levels) {
  std::string text;
  for (size_t level = 0; level < levels; ++level) {
    text += std::string(level, ' ') + "if a:\n";
  }
  return text + std::string(levels, ' ') + "b\n";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(python)

BOOST_AUTO_TEST_CASE(hostile_input_is_judged_in_bounded_time_and_depth) {
  struct Case {
    std::string source;
    std::string_view error;  // what the message contains; "" if it parses
  };
  const std::string_view deep = "too deeply nested";
  for (const Case& each : {
           Case{"", ""},
           Case{repeat("(", 20000), "too many nested brackets"},
           Case{repeat("(", 200) + "a" + repeat(")", 200), ""},
           Case{repeat("[", 201) + repeat("]", 201), "too many nested brackets"},
           Case{repeat("-", 100000) + "a", deep},
           Case{repeat("not ", 100000) + "a", deep},
           Case{"a" + repeat("**a", 100000), deep},
           Case{repeat("lambda:", 100000) + "a", deep},
           Case{repeat("lambda a=", 100000) + "a", deep},
           Case{repeat("a if b else ", 100000) + "a", deep},
           Case{"a" + repeat(".b", 100000), deep},
           Case{"a" + repeat(".b", 2900), ""},
           Case{"a" + repeat("()", 100000), deep},
           Case{"a" + repeat("+a", 100000), deep},
           Case{"a" + repeat("+a", 2900), ""},
           Case{repeat("(", 199) + "a" + repeat(")" + repeat("+a", 100), 199), deep},
           Case{repeat("(a.b.c+a+a*", 199) + "a" + repeat(")", 199), ""},
           Case{"if a: pass\n" + repeat("elif a: pass\n", 50000), deep},
           Case{"if a: pass\n" + repeat("elif a: pass\n", 1900), ""},
           Case{"a" + repeat(" and a", 200000), ""},
           Case{"a" + repeat("<a", 200000), ""},
           Case{"[" + repeat("a.b,", 200000) + "]", ""},
           Case{repeat("a=", 200000) + "1", ""},
           Case{repeat("'a' ", 200000), ""},
           Case{repeat("f'{", 10000), "f-string"},
           Case{"f'" + repeat("{a:", 10000) + "'", "nested too deeply"},
           Case{indented(99), ""},
           Case{indented(100), "too many levels of indentation"},
           Case{repeat("match (a)\n", 20000), ""},
           Case{"with " + repeat("(", 199) + "a" + repeat(")", 199) + ": pass", ""},
           Case{repeat("'", 100001), "never closed"},
           Case{repeat("\\\n", 100000), "unexpected end of the file"},
           Case{repeat("1", 4300), ""},
           Case{repeat("1", 4301), "4300 digits"},
           Case{"0x" + repeat("f", 100000), ""},
           Case{"a" + repeat("\u0301", 50000), ""},
       }) {
    for (const int minor : {8, 13}) {
      BOOST_TEST_CONTEXT(each.source.substr(0, 40) << " for 3." << minor) {
        const auto start = std::chrono::steady_clock::now();
        Arena arena;
        const ParseResult result = parse(each.source, {3, minor}, arena);
        BOOST_TEST((std::chrono::steady_clock::now() - start < std::chrono::seconds(5)));
        if (each.error.empty()) {
          BOOST_REQUIRE_MESSAGE(result, (result.error ? result.error->message : ""));
          for (const Stmt* statement : result.module->body) {
            BOOST_REQUIRE(depth_of(*statement) <= max_tree_depth);
          }
        } else {
          BOOST_REQUIRE(!result);
          BOOST_TEST(result.error->message.find(each.error) != std::string::npos, result.error->message);
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(every_beginning_of_a_file_is_judged) {
  const std::string_view source =
      "@d\nasync def f[T](a, /, *b: int, c=1, **d) -> x:\n  '''é'''\n  match a:\n    case {'k': [1, *_], **r} if b: "
      "pass\n  return f'{a!r:>{w}} {b=}' + "
      "(yield) if 0x1F else {**a, 'b': -1j}\n";
  for (const int minor : {8, 11, 12, 13}) {
    for (size_t length = 0; length <= source.size(); ++length) {
      Arena arena;
      const ParseResult result = parse(source.substr(0, length), {3, minor}, arena);
      BOOST_TEST((result || result.error->where.begin <= length));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
