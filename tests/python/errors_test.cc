// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <string>

#include "engine/python/parse.h"
#include "engine/python/visit.h"

using namespace spiritsafe;
using namespace spiritsafe::python;

namespace {

// "line:column-line:column message", or "ok".
std::string explain(std::string_view source, int minor = 13) {
  Arena arena;
  const ParseResult result = parse(source, {3, minor}, arena);
  if (result) {
    return "ok";
  }
  const LineIndex lines(result.text);
  const auto place = [&](uint32_t offset) {
    const Location location = lines.locate(offset);
    return std::to_string(location.line) + ":" + std::to_string(location.column);
  };
  return place(result.error->where.begin) + "-" + place(result.error->where.end) + " " + result.error->message;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(python)

BOOST_AUTO_TEST_CASE(what_does_not_parse_is_told_with_its_place_and_what_was_expected) {
  struct Case {
    std::string_view source;
    std::string_view error;
  };
  for (const Case& each : {
           Case{"def f()\n  pass", "1:8-2:1 expected `:` after the head of a function, found the end of the line"},
           Case{"def f():\npass", "2:1-2:5 expected an indented block after the head of a function, found `pass`"},
           Case{"if a:\n    b\n   c", "3:4-3:4 unindent does not match any outer indentation level"},
           Case{"if a:\n\tb\n        c", "3:9-3:9 inconsistent use of tabs and spaces in indentation"},
           Case{"  a", "1:3-1:3 unexpected indentation"},
           Case{"x = (1,\n\ny = 2\n", "1:5-1:6 `(` is never closed"},
           Case{"op.add_column('a', sa.Column('b')\n\n\ndef f(): pass\n", "1:14-1:15 `(` is never closed"},
           Case{"x = 1)", "1:6-1:7 unmatched `)`"},
           Case{"x = (1]", "1:7-1:8 `]` does not close `(`"},
           Case{"x = 'a\n", "1:5-1:7 the string is never closed on its line"},
           Case{"x = '''a\n", "1:5-2:1 the triple-quoted string is never closed"},
           Case{"print 'a'", "1:1-1:6 missing parentheses in the call of `print`"},
           Case{"f() = 1", "1:1-1:4 cannot assign to a call"},
           Case{"a, 1 = 1", "1:4-1:5 cannot assign to a literal"},
           Case{"del f()", "1:5-1:8 cannot delete a call"},
           Case{"a, b += 1",
                "1:1-1:5 an augmented assignment needs a single name, attribute or subscript, not a tuple"},
           Case{"f(a=1, b)", "1:8-1:9 a positional argument after a keyword argument"},
           Case{"f(a for a in b, c)", "1:15-1:16 expected `)`, found `,`"},
           Case{"f(c, a for a in b)", "1:6-1:7 a generator expression among other arguments needs its own parentheses"},
           Case{"def f(a=1, b): pass", "1:12-1:13 a parameter without a default follows one with a default"},
           Case{"x = 1 if y",
                "1:11-1:11 expected `else` after the condition of an `if` expression, found the end of the line"},
           Case{"x = ", "1:5-1:5 expected an expression, found the end of the line"},
           Case{"a b", "1:3-1:4 expected the end of the statement, found a name"},
           Case{"x = 0777",
                "1:5-1:9 leading zeros in a decimal number are not permitted; an octal number starts with `0o`"},
           Case{"x = 1_", "1:6-1:7 invalid decimal literal: expected a digit after `_`"},
           Case{"x = 1abc", "1:6-1:7 invalid decimal literal"},
           Case{"x = '\\x4'", "1:6-1:9 truncated `\\x`: expected two hexadecimal digits"},
           Case{"x = 'a' b'b'", "1:9-1:13 bytes and text literals cannot stand side by side"},
           Case{"x = f'{}'", "1:8-1:9 expected an expression, found `}`"},
           Case{"x = f'{a'", "1:9-1:10 the string is never closed on its line"},
           Case{"x = f'}'", "1:7-1:8 a single `}` in an f-string: write `}}`"},
           Case{"x = €", "1:5-1:6 `€` cannot stand in a name"},
           Case{"x = $", "1:5-1:6 `$` is not Python"},
           Case{"try:\n  pass\n", "3:1-3:1 expected `except` or `finally`, found the end of the file"},
           Case{"try: pass\nexcept A, B: pass\n", "2:9-2:10 several exceptions after `except` need parentheses"},
           Case{"from a import b,", "1:17-1:17 a trailing comma after imported names needs parentheses around them"},
           Case{"# coding: klingon\n", "1:11-1:18 unknown encoding `klingon`"},
           Case{std::string_view("a\0b", 3), "1:2-1:3 a NUL byte cannot stand in Python source"},
           Case{"a = '\xFF'", "1:6-1:7 the file is not UTF-8, and names no other encoding"},
           Case{"a = 1 \\", "1:7-1:8 unexpected character after the line continuation `\\`"},
       }) {
    BOOST_TEST_CONTEXT(each.source) { BOOST_TEST(explain(each.source) == each.error); }
  }
}

BOOST_AUTO_TEST_CASE(what_the_target_version_does_not_have_is_named) {
  struct Case {
    std::string_view source;
    int since;
    std::string_view error;
  };
  for (const Case& each : {
           Case{"@a[0]\ndef f(): pass", 9,
                "1:2-1:6 a decorator that is more than a dotted name and a call is Python 3.9; the target is Python "
                "3.8"},
           Case{"match a:\n  case b: pass", 10,
                "1:1-1:6 the `match` statement is Python 3.10; the target is Python 3.9"},
           Case{"try: pass\nexcept* A: pass", 11, "2:7-2:8 `except*` is Python 3.11; the target is Python 3.10"},
           Case{"a[*b]", 11, "1:3-1:4 `*` in a subscript is Python 3.11; the target is Python 3.10"},
           Case{"def f[T](): pass", 12, "1:6-1:7 a list of type parameters is Python 3.12; the target is Python 3.11"},
           Case{"type X = int", 12, "1:1-1:5 the `type` statement is Python 3.12; the target is Python 3.11"},
           Case{"f'{\"\\n\"}'", 12,
                "1:5-1:6 a backslash in the expression of an f-string is Python 3.12; the target is Python 3.11"},
           Case{"class A[T = int]: pass", 13,
                "1:11-1:12 the default of a type parameter is Python 3.13; the target is Python 3.12"},
       }) {
    BOOST_TEST_CONTEXT(each.source) {
      BOOST_TEST(explain(each.source, each.since) == "ok");
      BOOST_TEST(explain(each.source, each.since - 1) == each.error);
    }
  }
}

BOOST_AUTO_TEST_CASE(comments_are_kept) {
  const std::string_view source = "# one\nx = 1  # two\nf(  # three\n    # four\n)\n\t# five";
  Arena arena;
  const ParseResult result = parse(source, {}, arena);
  BOOST_REQUIRE(result);
  std::string comments;
  for (const Comment& comment : result.module->comments) {
    comments += std::string(slice(source, comment.span)) + (comment.trailing ? " trailing;" : ";");
  }
  BOOST_TEST(comments == "# one;# two trailing;# three trailing;# four;# five;");
}

BOOST_AUTO_TEST_CASE(spans_count_the_bytes_of_the_file) {
  struct Case {
    std::string_view source;
    std::string_view last_statement;
  };
  for (const Case& each : {
           Case{"\xEF\xBB\xBFx = 1", "x = 1"},
           Case{"a\r\nb = '''\r\n'''\r\n", "b = '''\r\n'''"},
           Case{"a\rb", "b"},
           Case{"é = 'é'; b", "b"},
           Case{"@a\ndef f(): pass", "def f(): pass"},
           Case{"if a:\n  b;\n\n\n", "if a:\n  b;"},
           Case{"\fx", "x"},
           Case{"x = (a)  # b", "x = (a)"},
       }) {
    BOOST_TEST_CONTEXT(each.source) {
      Arena arena;
      const ParseResult result = parse(each.source, {}, arena);
      BOOST_REQUIRE(result);
      BOOST_TEST(slice(result.text, result.module->body.back()->span) == each.last_statement);
    }
  }
}

BOOST_AUTO_TEST_CASE(latin_1_is_decoded_and_spans_count_the_decoded_text) {
  Arena arena;
  const ParseResult result = parse("# coding: latin-1\nx = '\xE9'", {}, arena);
  BOOST_REQUIRE(result);
  BOOST_TEST(as<Constant>(as<Assign>(result.module->body[0])->value)->value == "é");
  BOOST_TEST(slice(result.text, result.module->body[0]->span) == "x = 'é'");
}

BOOST_AUTO_TEST_SUITE_END()
