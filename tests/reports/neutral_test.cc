// SPDX-License-Identifier: Apache-2.0
// One table for each place: what comes in, what goes out. That the results are read as text by real readers is asked in
// tests/reports/readers.
#include <boost/test/unit_test.hpp>

#include "adapters/report/cut.h"
#include "adapters/report/neutral.h"
#include "engine/text/printable.h"
#include "engine/text/source.h"

namespace spiritsafe {
namespace {

struct Case {
  std::string_view in;
  std::string_view out;
};

template <class Function, size_t count>
void hold(const Case (&cases)[count], Function function) {
  for (const Case& one : cases) {
    BOOST_TEST_CONTEXT(one.in) { BOOST_TEST(function(one.in) == one.out); }
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(neutral)

BOOST_AUTO_TEST_CASE(markdown_text_shows_what_it_is_given) {
  const Case cases[] = {
      {"", ""},
      {"add column task.notes to user_roles", "add column task.notes to user_roles"},
      {"  two  words  ", "two  words"},
      // markup
      {"**bold** _soft_ ~~gone~~",
       "&#42;&#42;&#8203;bold&#42;&#42; &#95;soft&#95; &#126;&#126;&#8203;gone&#126;&#126;"},
      {"a_b_c __init__", "a_b_c &#95;&#95;init&#95;&#95;"},
      {"`code` ``", "&#96;code&#96; &#96;&#96;"},
      {"a\\b", "a&#92;b"},
      {"[x](https://e.example)", "&#91;&#8203;x&#93;(https:&#8203;//e.example)"},
      {"![i](u)", "!&#91;&#8203;i&#93;(u)"},
      {"<b>&lt;</b>", "&lt;b&gt;&amp;lt;&lt;/b&gt;"},
      {"a | b", "a &#124; b"},
      {"$x$", "&#36;x&#36;"},
      // the begin of a line
      {"# heading", "&#35; heading"},
      {"- [ ] task", "&#45; &#91; &#93; task"},
      {"+ item", "&#43; item"},
      {"1. item", "1&#46; item"},
      {"12) item", "12&#41; item"},
      {"2026.5 rows", "2026&#46;5 rows"},
      {"---", "&#45;--"},
      {"===", "&#61;=="},
      {"> quote", "&gt; quote"},
      {"    indented", "indented"},
      {"/merge now", "&#47;merge now"},
      {" /close", "&#47;close"},
      {"x\n/merge", "x&#92;n/merge"},
      {"x\r\n# y", "x&#92;r&#92;n# y"},
      {":::include{file=x}", "&#58;::include{file=x}"},
      // mentions, references, addresses, emoji
      {"@user @org/team a@b.example", "@&#8203;user @&#8203;org/team a@&#8203;b.example"},
      {"#1 o/r#2 x#y", "&#35;&#8203;1 o/r#&#8203;2 x#&#8203;y"},
      {"is !1 $2 %3 &4 ~bug ~\"a b\" ^alert#5",
       "is !&#8203;1 &#36;&#8203;2 %&#8203;3 &amp;&#8203;4 &#126;&#8203;bug &#126;&#8203;\"a b\" "
       "^&#8203;alert#&#8203;5"},
      {"GH-1 gh-2 ABC-3 P2-4 x-5 2026-01-02", "GH-&#8203;1 gh-&#8203;2 ABC-&#8203;3 P2-&#8203;4 x-5 2026-01-02"},
      {"before-966fb48369d7.sql", "before-966fb48369d7.sql"},
      {"*iteration:1 [vulnerability:2] {+ a +} [+ b +]",
       "&#42;&#8203;iteration:1 &#91;&#8203;vulnerability:2&#93; {&#8203;+ a +} &#91;&#8203;+ b +&#93;"},
      {"http://e.example ftp://e.example", "http:&#8203;//e.example ftp:&#8203;//e.example"},
      {"www.e.example WWW.e.example awww.x", "www&#8203;.e.example WWW&#8203;.e.example awww.x"},
      {"is :smile: not a: b:", "is :&#8203;smile: not a: b:"},
      // characters that are not seen
      {"\x1b[31m", "&#92;x1b&#91;31m"},
      {"\xe2\x80\xaegnp", "&#92;u202egnp"},
      {"\xff", "&#92;xff"},
      {std::string_view("a\0b", 3), "a&#92;x00b"},
      {"\xc3\xa9t\xc3\xa9 \xf0\x9f\x90\x98", "\xc3\xa9t\xc3\xa9 \xf0\x9f\x90\x98"},
  };
  hold(cases, markdown_text);
}

BOOST_AUTO_TEST_CASE(markdown_prose_keeps_what_stands_between_backticks) {
  const Case cases[] = {
      {"", ""},
      {"`a` needs `b*c`.", "`a` needs `b*c`."},
      {"`@user` and @user", "`@user` and @&#8203;user"},
      {"an odd ` one `x`", "an odd `  one  `x&#96;"},  // a reader takes one blank off each end
      {"``x``", "&#96;&#96;x&#96;&#96;"},
      {"` `", "&#96; &#96;"},
      {"`/merge", "&#96;/merge"},
      {"`a\nb`", "`a\\nb`"},
      {"` a`", "`  a `"},
  };
  hold(cases, markdown_prose);
}

BOOST_AUTO_TEST_CASE(markdown_code_has_a_fence_longer_than_any_inside) {
  const Case cases[] = {
      {"", ""},
      {"   ", ""},
      {"a", "`a`"},
      {"a`b", "``a`b``"},
      {"`a``b", "``` `a``b ```"},
      {" a", "`  a `"},
      {"<img> @user #1", "`<img> @user #1`"},
      {"a\n\n# b", "`a\\n\\n# b`"},
  };
  hold(cases, markdown_code);
}

BOOST_AUTO_TEST_CASE(markdown_blocks_cannot_be_left) {
  const auto block = [](std::string_view text) { return markdown_block(text, "text"); };
  const Case cases[] = {
      {"", "```text\n```\n"},
      {"a", "```text\na\n```\n"},
      {"a\n```\n/merge\n````\nb\n", "`````text\na\n```\n /merge\n````\nb\n`````\n"},
      {"/merge", "```text\n /merge\n```\n"},
      {"\x1b]0;x\x07", "```text\n\\x1b]0;x\\x07\n```\n"},
  };
  hold(cases, block);
}

BOOST_AUTO_TEST_CASE(markdown_links_stay_within_their_brackets) {
  BOOST_TEST(markdown_link("`a`", "https://x.example/a(b) <c>`\n[d]\\") ==
             "[`a`](https://x.example/a%28b%29%20%3Cc%3E%60%0A%5Bd%5D%5C)");
}

BOOST_AUTO_TEST_CASE(markup_shows_what_it_is_given) {
  const Case cases[] = {
      {"", ""},
      {"<script>alert('1')</script>", "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;"},
      {"a \"b\" & c", "a &quot;b&quot; &amp; c"},
      {"]]> <!-- &#0;", "]]&gt; &lt;!-- &amp;#0;"},
      {"\x01\x1f\x7f\r\n", "\\x01\\x1f\\x7f\\r\\n"},
      {"\xef\xbf\xbe\xef\xbf\xbf\xef\xbf\xbd", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
      {"\xed\xa0\x80", "\\xed\\xa0\\x80"},
      {"\xe2\x80\xae", "\\u202e"},
  };
  const auto html = [](std::string_view text) { return html_text(text); };
  const auto xml = [](std::string_view text) { return xml_text(text); };
  hold(cases, html);
  hold(cases, xml);
  BOOST_TEST(xml_text("a\nb", true) == "a\nb");
}

BOOST_AUTO_TEST_CASE(commands_hold_one_message) {
  const Case data[] = {
      {"a: b, c", "a: b, c"},
      {"100%", "100%25"},
      {"a\n::error::b", "a%0A::error::b"},
      {"%0A::add-mask::x", "%250A::add-mask::x"},
      {"\r##[error]", "\\r##[error]"},
      {"\x1b[0m", "\\x1b[0m"},
  };
  hold(data, command_data);
  const Case properties[] = {
      {"a,b:c%", "a%2Cb%3Ac%25"},
      {"a\nb::c", "a\\nb%3A%3Ac"},
  };
  hold(properties, command_property);
  const Case lines[] = {
      {"", ""},
      {"a::b", "a::b"},
      {"::error::x", "\"::error::x\""},
      {" \t ::add-mask::x", "\"   ::add-mask::x\""},
      {"\xc2\xa0\xe3\x80\x80::x", "\"\xc2\xa0\xe3\x80\x80::x\""},
      {"##[error]x", "\"##[error]x\""},
      {"\n::x", "\\n::x"},
  };
  hold(lines, log_line);
}

BOOST_AUTO_TEST_CASE(paths_become_parts_of_addresses) {
  const Case cases[] = {
      {"a/b-c_d.~py", "a/b-c_d.~py"},
      {"a b#c?d%e:f", "a%20b%23c%3Fd%25e%3Af"},
      {"\xc3\xa9\xff\n", "%C3%A9%FF%0A"},
      {"(x)[y]'\"<>\\", "%28x%29%5By%5D%27%22%3C%3E%5C"},
  };
  hold(cases, uri_path);
}

BOOST_AUTO_TEST_CASE(cuts_fall_between_characters) {
  struct Cut {
    std::string_view in;
    size_t limit;
    std::string_view out;
  };
  const Cut cuts[] = {
      {"abc", 3, "abc"},
      {"abcd", 3, "ab…"},
      {"abcd", 1, "…"},
      {"abcd", 0, ""},
      {"", 0, ""},
      {"\xc3\xa9\xc3\xa9\xc3\xa9", 2, "\xc3\xa9…"},
      {"\xf0\x9f\x90\x98\xf0\x9f\x90\x98", 4, "\xf0\x9f\x90\x98\xf0\x9f\x90\x98"},  // two units each
      {"\xf0\x9f\x90\x98\xf0\x9f\x90\x98", 3, "\xf0\x9f\x90\x98…"},
      {"\xf0\x9f\x90\x98\xf0\x9f\x90\x98", 2, "…"},
      {"a\xf0\x9f\x90\x98", 2, "a…"},
  };
  for (const Cut& cut : cuts) {
    BOOST_TEST_CONTEXT(cut.in << " to " << cut.limit) {
      const std::string out = cut_to_units(cut.in, cut.limit);
      BOOST_TEST(out == cut.out);
      BOOST_TEST(count_units(out) <= cut.limit);
      BOOST_TEST(find_invalid_utf8(out) == std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(long_texts_take_linear_time) {
  // 4 MB of each; with anything quadratic this would not end.
  for (const std::string_view part : {"`", "@", ":a", "www.", "[a](", "&1", "1.", "\xef\xbf\xbe", "<", "{0", "-1A"}) {
    std::string text;
    while (text.size() < (4u << 20)) {
      text += part;
    }
    for (const auto& out : {markdown_text(text), markdown_prose(text), markdown_code(text), markdown_block(text),
                            html_text(text), command_data(text), uri_path(text)}) {
      BOOST_TEST(out.size() >= text.size());
      BOOST_TEST(out.size() <= 16 * text.size());
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
