// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include "engine/text/error.h"
#include "engine/text/glob.h"
#include "engine/text/printable.h"
#include "engine/text/suggest.h"

namespace spiritsafe {

std::ostream& operator<<(std::ostream& out, const Location& at) { return out << at.line << ':' << at.column; }

BOOST_AUTO_TEST_SUITE(text)

BOOST_AUTO_TEST_CASE(locate_counts_lines_and_characters_from_one) {
  const struct {
    std::string_view text;
    uint32_t offset;
    Location expected;
  } cases[] = {
      {"", 0, {1, 1}},      {"abc", 2, {1, 3}},      {"a\nbc", 2, {2, 1}},         {"a\r\nbc", 3, {2, 1}},
      {"a\rb", 2, {2, 1}},  {"a\n\n\nb", 4, {4, 1}}, {"é = 1", 3, {1, 3}},         {"日本x", 6, {1, 3}},
      {"a\nb", 99, {2, 2}}, {"a\n", 2, {2, 1}},      {"\xEF\xBB\xBFx", 3, {1, 2}},
  };
  for (const auto& c : cases) {
    BOOST_TEST_CONTEXT(c.text) { BOOST_TEST(LineIndex(c.text).locate(c.offset) == c.expected); }
  }
}

BOOST_AUTO_TEST_CASE(a_line_comes_without_its_newline) {
  const LineIndex lines("one\r\ntwo\nthree\rfour");
  BOOST_TEST(lines.line_count() == 4u);
  BOOST_TEST(lines.line(1) == "one");
  BOOST_TEST(lines.line(2) == "two");
  BOOST_TEST(lines.line(3) == "three");
  BOOST_TEST(lines.line(4) == "four");
  BOOST_TEST(lines.line(0) == "");
  BOOST_TEST(lines.line(5) == "");
}

BOOST_AUTO_TEST_CASE(the_first_byte_that_is_not_utf8_is_found) {
  const struct {
    std::string_view text;
    size_t expected;
  } cases[] = {
      {"plain", std::string_view::npos},
      {"é日🙂", std::string_view::npos},
      {"a\xFFz", 1},
      {"\xC0\xAF", 0},          // overlong
      {"\xE0\x80\xAF", 0},      // overlong
      {"\xED\xA0\x80", 0},      // surrogate
      {"\xF4\x90\x80\x80", 0},  // beyond U+10FFFF
      {"ab\xE2\x82", 2},        // cut short
  };
  for (const auto& c : cases) {
    BOOST_TEST_CONTEXT(c.text) { BOOST_TEST(find_invalid_utf8(c.text) == c.expected); }
  }
}

BOOST_AUTO_TEST_CASE(an_error_shows_its_line_with_the_words_underlined) {
  const std::string text = "rules:\n  drop:\n    levle: warn\n";
  const Error error = error_at("spiritsafe.yml", text, {19, 24}, "a rule has no `levle`", {"did you mean `level`?"});
  BOOST_TEST(format_error(error) ==
             "spiritsafe.yml:3:5: error: a rule has no `levle`\n"
             "      3 |     levle: warn\n"
             "        |     ^~~~~\n"
             "    = did you mean `level`?\n");
}

BOOST_AUTO_TEST_CASE(an_error_in_a_hostile_line_is_shown_harmlessly) {
  const std::string text = "a: \x1b[2J\tx";
  BOOST_TEST(format_error(error_at("p\x1b[31m.yml", text, {8, 9}, "bad \x07 thing")) ==
             "p\\x1b[31m.yml:1:9: error: bad \\x07 thing\n"
             "      1 | a: \\x1b[2J x\n"
             "        |            ^\n");
}

BOOST_AUTO_TEST_CASE(an_error_in_a_folder_with_a_hostile_name_is_no_command_to_a_runner) {
  Error error;
  error.path = "::error::x/spiritsafe.yml";
  error.message = "cannot be read";
  BOOST_TEST(format_error(error) == "\"::error::x/spiritsafe.yml\": error: cannot be read\n");
  error.path = " ##[group]x";
  error.at = {1, 2};
  BOOST_TEST(format_error(error) == "\" ##[group]x:1:2\": error: cannot be read\n");
}

BOOST_AUTO_TEST_CASE(text_of_strangers_does_nothing_to_a_terminal) {
  const struct {
    std::string_view text;
    std::string_view expected;
  } cases[] = {
      {"plain é 日", "plain é 日"},
      {"\x1b]0;title\x07", "\\x1b]0;title\\x07"},
      {"a\nb\rc\td", "a\\nb\\rc d"},
      {"x\u202Ey", "x\\u202ey"},
      {"zero\u200Bwidth", "zero\\u200bwidth"},
      {"\xC2\x9B"
       "31m",
       "\\u009b31m"},
      {"bad \xFF byte", "bad \\xff byte"},
      {"tag \U000E0041", "tag \\U000e0041"},
      {std::string_view("nul \0 byte", 10), "nul \\x00 byte"},
  };
  for (const auto& c : cases) {
    BOOST_TEST(printable(c.text) == c.expected);
  }
  BOOST_TEST(printable("a\nb", true) == "a\nb");
}

BOOST_AUTO_TEST_CASE(shortening_folds_white_space_and_counts_characters) {
  BOOST_TEST(shortened("  UPDATE\n   users\tSET ", 40) == "UPDATE users SET");
  BOOST_TEST(shortened("日本語テキスト", 4) == "日本語…");
  BOOST_TEST(shortened("abcd", 4) == "abcd");
}

BOOST_AUTO_TEST_CASE(the_word_that_was_meant_is_found) {
  const std::vector<std::string_view> words = {"server_default", "default", "nullable", "kind", "some"};
  const struct {
    std::string_view word;
    std::string_view expected;
  } cases[] = {{"sever_default", "server_default"},
               {"nulable", "nullable"},
               {"knid", "kind"},
               {"smoe", "some"},
               {"zzz", ""},
               {"", ""},
               {"defalut", "default"}};
  for (const auto& c : cases) {
    BOOST_TEST_CONTEXT(c.word) { BOOST_TEST(nearest(c.word, words) == c.expected); }
  }
}

BOOST_AUTO_TEST_CASE(globs_match_whole_paths) {
  const struct {
    std::string pattern;
    std::string_view path;
    bool expected;
  } cases[] = {
      {"*.sh", "scripts/start.sh", true},
      {"*.sh", "start.sh.txt", false},
      {"**/*.sh", "start.sh", true},
      {"scripts/*.sh", "scripts/a/b.sh", false},
      {"scripts/**", "scripts/a/b.sh", true},
      {".github/workflows/*", ".github/workflows/ci.yml", true},
      {".github/workflows/*", "x/.github/workflows/ci.yml", false},
      {"**/Dockerfile*", "a/Dockerfile.dev", true},
      {"legacy/**", "legacy2/x", false},
      {"file?.py", "file1.py", true},
      {"[ab].py", "b.py", true},
      {"[!ab].py", "b.py", false},
      {"*.{yml,yaml}", "x/a.yaml", true},
      {"a.b", "axb", false},
      {"a+(b)", "a+(b)", true},
      {"*\n*", "a\nb", true},
  };
  for (const auto& c : cases) {
    BOOST_TEST_CONTEXT(c.pattern << " on " << c.path) { BOOST_TEST(Globs({c.pattern}).matches(c.path) == c.expected); }
  }
  BOOST_TEST(Globs({"a", "b"}).matches("x/b"));
  BOOST_TEST(!Globs().matches("x"));
  BOOST_TEST(Globs({"*.sh", "[a"}).mistake() == "[a");
  BOOST_TEST(Globs({"{a"}).mistake() == "{a");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
