// SPDX-License-Identifier: Apache-2.0
// Whole error texts, caret included. A case's texts begin behind the first newline.
#include <chrono>
#include <string>

#include <boost/test/unit_test.hpp>

#include "engine/policy/yaml_tree.h"

namespace spiritsafe {
namespace {

struct Case {
  std::string_view name;
  std::string_view policy;
  std::string_view errors;
};

// Raw strings begin on a line of their own.
std::string unfolded(std::string_view text) { return std::string(text.starts_with('\n') ? text.substr(1) : text); }

// What is no YAML of ours.
const Case yaml_cases[] = {
    {"an unquoted colon", R"(
language: 1
rules:
  a: {message: x: y}
)",
     R"(
p.yml:3:17: error: this is not YAML: end of map flow not found
      3 |   a: {message: x: y}
        |                 ^
    = often an unquoted `:` in a text, or a line that is indented too far or too little
)"},
    {"an unquoted colon in a block", R"(
message: a: b
)",
     R"(
p.yml:1:11: error: this is not YAML: illegal map value
      1 | message: a: b
        |           ^
    = often an unquoted `:` in a text, or a line that is indented too far or too little
)"},
    {"a missing bracket", R"(
a: [1, 2
b: 3
)",
     R"(
p.yml:2:2: error: this is not YAML: end of sequence flow not found
      2 | b: 3
        |  ^
    = often an unquoted `:` in a text, or a line that is indented too far or too little
)"},
    {"a tab as indentation", R"(
a:
	b: c
)",
     R"(
p.yml:2:3: error: this is not YAML: illegal map value
      2 |  b: c
        |   ^
    = indentation is made of spaces, not tabs
)"},
    {"an anchor", R"(
a: &x 1
)",
     R"(
p.yml:1:4: error: anchors are not part of a policy's YAML
      1 | a: &x 1
        |    ^
    = name what is used twice under `lists:` or `conditions:`
)"},
    {"an alias", R"(
a: *x
)",
     R"(
p.yml:1:4: error: aliases are not part of a policy's YAML
      1 | a: *x
        |    ^
    = a text that begins with `*` needs quotes: '*'
)"},
    {"an anchor with its alias", R"(
a: &x {b: 1}
c: *x
)",
     R"(
p.yml:1:4: error: anchors are not part of a policy's YAML
      1 | a: &x {b: 1}
        |    ^
    = name what is used twice under `lists:` or `conditions:`
p.yml:2:4: error: aliases are not part of a policy's YAML
      2 | c: *x
        |    ^~
    = name what is used twice under `lists:` or `conditions:`
)"},
    {"a merge key", R"(
a: {<<: {b: 1}}
)",
     R"(
p.yml:1:5: error: merge keys are not part of a policy's YAML
      1 | a: {<<: {b: 1}}
        |     ^~
    = name what is used twice under `lists:` or `conditions:`
)"},
    {"a tag", R"(
a: !!str 1
)",
     R"(
p.yml:1:4: error: tags are not part of a policy's YAML
      1 | a: !!str 1
        |    ^
    = leave it out: a value is read as its field wants it, so that `no` and `1e10` stay texts
)"},
    {"a tag of its own", R"(
a: !include other.yml
)",
     R"(
p.yml:1:4: error: tags are not part of a policy's YAML
      1 | a: !include other.yml
        |    ^
    = leave it out: a value is read as its field wants it, so that `no` and `1e10` stay texts
)"},
    {"a key twice", R"(
a: 1
b: 2
a: 3
)",
     R"(
p.yml:3:1: error: `a` is written twice in this block
      3 | a: 3
        | ^
    = first written on line 1
)"},
    {"a second document", R"(
a: 1
---
b: 2
)",
     R"(
p.yml:2:1: error: a policy file holds one YAML document, and here a second one begins
      2 | ---
        | ^~~
    = put it into a file of its own
)"},
    {"a key that is no word", R"(
[a, b]: c
)",
     R"(
p.yml:1:1: error: a key is a word or a quoted text
      1 | [a, b]: c
        | ^
)"},
    {"a quoted text without end", R"(
a: 'x
)",
     R"(
p.yml:1:4: error: a quoted text has no end
      1 | a: 'x
        |    ^
)"},
    {"a pattern in double quotes", R"(
a: "^\d+$"
)",
     R"(
p.yml:1:4: error: a pattern in double quotes loses its backslashes
      1 | a: "^\d+$"
        |    ^
    = use single quotes: '^\d+$'
)"},
    {"a text that begins with @", R"(
a: @x
)",
     R"(
p.yml:1:4: error: YAML reads no text that begins with this character
      1 | a: @x
        |    ^
    = put the text in quotes
)"},
    {"a control character",
     "a: \x01"
     "\n",
     R"(
p.yml:1:4: error: a control character in a policy
      1 | a: \x01
        |    ^~~~
)"},
};

std::string errors_of(std::string_view text) {
  Arena arena;
  const Result<YamlNode> root = parse_yaml("p.yml", text, 0, arena);
  return root ? "" : format_errors(root.error());
}

std::string repeated(std::string_view text, size_t bytes) {
  std::string out;
  while (out.size() + text.size() <= bytes) {
    out += text;
  }
  return out;
}

// Each text of a tree, in order, with its kind of quotes.
void list_texts(const YamlNode& node, std::string& out) {
  static constexpr std::string_view marks[] = {"", "'", "\"", "|"};
  if (node.is_scalar()) {
    out += std::string(marks[static_cast<size_t>(node.style)]) + std::string(node.text) + ";";
  }
  for (const YamlNode& item : node.items()) {
    list_texts(item, out);
  }
  for (const YamlEntry& entry : node.entries()) {
    list_texts(entry.key, out);
    list_texts(entry.value, out);
  }
}

std::string texts_of(std::string_view text) {
  Arena arena;
  const Result<YamlNode> root = parse_yaml("p.yml", text, 0, arena);
  std::string out = root ? "" : format_errors(root.error());
  if (root) {
    list_texts(*root, out);
  }
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(yaml_tree)

BOOST_AUTO_TEST_CASE(what_policies_do_without_is_refused_with_its_place) {
  for (const Case& each : yaml_cases) {
    BOOST_TEST_CONTEXT(each.name) { BOOST_TEST(errors_of(unfolded(each.policy)) == unfolded(each.errors)); }
  }
}

BOOST_AUTO_TEST_CASE(scalars_stay_the_texts_that_were_written) {
  BOOST_TEST(texts_of("a: [no, on, 1e10, 0x1F, 007, 2024-01-01, ~, null, yes]") ==
             "a;no;on;1e10;0x1F;007;2024-01-01;~;null;yes;");
  BOOST_TEST(texts_of("a: 'no'\nb: \"x\\ty\"\nc: |\n  one\n  two\nd: >-\n  one\n  two\n") ==
             "a;'no;b;\"x\ty;c;|one\ntwo\n;d;|one two;");
  BOOST_TEST(texts_of("\xEF\xBB\xBF"
                      "a: b\r\nc: d\r\n") == "a;b;c;d;");
}

BOOST_AUTO_TEST_CASE(places_count_lines_and_characters) {
  Arena arena;
  const Result<YamlNode> root = parse_yaml("p.yml",
                                           "\xEF\xBB\xBF"
                                           "a: 1\r\n'\xC3\xA9\xC3\xA9': {b: \"x\"}\r\n",
                                           3, arena);
  BOOST_REQUIRE(root.has_value());
  const YamlEntry& entry = root->entries()[1];
  const YamlNode& value = *entry.value.find("b");
  BOOST_TEST(entry.key.line == 2u);
  BOOST_TEST(entry.key.column == 1u);
  BOOST_TEST(value.line == 2u);
  BOOST_TEST(value.column == 11u);
  BOOST_TEST(value.span.end - value.span.begin == 3u);
  BOOST_TEST(value.file == 3u);
}

BOOST_AUTO_TEST_CASE(hostile_texts_give_an_error_in_bounded_time) {
  const size_t most = largest_policy_file - 10;
  std::string bomb = "a0: &a0 [x, x]\n";
  for (int i = 1; i < 40; ++i) {
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) + ", *a" +
            std::to_string(i - 1) + "]\n";
  }
  const std::pair<std::string, std::string> cases[] = {
      {repeated("[", 10'000), "a line of a policy has at most 4000 bytes, and this one 10000"},
      {repeated("[\n", 10'000), "lists and maps stand more than 64 deep in each other"},
      {repeated("- ", 3'000), "lists and maps stand more than 64 deep in each other"},
      {repeated("[", 3'000), "lists and maps stand more than 64 deep in each other"},
      {repeated("{a: ", 3'000), "lists and maps stand more than 64 deep in each other"},
      {bomb, "anchors are not part of a policy's YAML"},
      {"[" + repeated("a,\n", most), "this is not YAML: end of sequence flow not found"},
      {repeated("a:\n", most), "`a` is written twice in this block"},
      {repeated("x", largest_policy_file + 1), "a policy file has at most 1 MiB, and this one 1048577 bytes"},
      {std::string("a: \0b\n", 7), "a control character in a policy"},
      {"a: \xFF\n", "this byte is not UTF-8"},
      {std::string("\xFF\xFE"
                   "a\0",
                   4),
       "this byte is not UTF-8"},
  };
  for (const auto& [text, message] : cases) {
    BOOST_TEST_CONTEXT(text.substr(0, 20)) {
      const auto start = std::chrono::steady_clock::now();
      Arena arena;
      const Result<YamlNode> root = parse_yaml("p.yml", text, 0, arena);
      BOOST_REQUIRE(!root.has_value());
      BOOST_TEST(root.error().front().message == message);
      BOOST_TEST(root.error().size() <= 100u);
      BOOST_TEST((std::chrono::steady_clock::now() - start < std::chrono::seconds(20)));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace spiritsafe
