// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <boost/test/unit_test.hpp>

#include "adapters/github/suggestions.h"
#include "tests/github/build.h"

namespace spiritsafe::tests {
namespace {

Finding& add_fix(Made& made, uint32_t start, uint32_t end, const std::string& text, const std::string& path = "a.py") {
  Finding& finding = made.add(Level::error, "no-import", path, start);
  finding.fingerprint = fmt::format("{:016x}", made.judgement.findings.size());
  finding.suggestion = Suggestion{start, end, text, std::nullopt};
  return finding;
}

github::Suggestions suggestions_of(const Made& made, uint32_t last_line_of_diff = 1000) {
  ReportOptions options;
  options.repository_path = [](const std::string& path) { return "backend/" + path; };
  options.in_diff = [=](const std::string&, uint32_t line) { return line <= last_line_of_diff; };
  github::Context of_pull = context();
  of_pull.number = 7;
  return github::make_suggestions(made.judgement, of_pull, "two words", options);
}

std::string shown(const github::Suggestions& suggestions) {
  std::string out;
  for (const github::SuggestedFix& fix : suggestions.fixes) {
    out += fmt::format("{}:{}-{}\n{}", fix.path, fix.start_line, fix.end_line, fix.body);
  }
  return out + fmt::format("of {}\n", suggestions.of);
}

github::KnownFix known_of(const github::SuggestedFix& fix, uint64_t id) {
  return {id, "github-actions[bot]", true, fix.path, fix.start_line, fix.end_line, fix.body, 0};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(suggestions)

BOOST_AUTO_TEST_CASE(whole_lines_are_replaced_and_insertions_keep_the_line_that_they_stand_before) {
  Made made;
  add_fix(made, 3, 4, "new\nlines");
  add_fix(made, 5, 4, "inserted").suggestion->next_line = "def f():";
  add_fix(made, 9, 8, "at the end of the file, where no line is");
  add_fix(made, 6, 6, "");
  BOOST_TEST(shown(suggestions_of(made)) ==
             "backend/a.py:3-4\n<!-- spiritsafe two%20words fix 0000000000000001 -->\n"
             "**error** · `no-import`: says no-import\n\n```suggestion\nnew\nlines\n```\n"
             "backend/a.py:5-5\n<!-- spiritsafe two%20words fix 0000000000000002 -->\n"
             "**error** · `no-import`: says no-import\n\n```suggestion\ninserted\ndef f():\n```\n"
             "backend/a.py:6-6\n<!-- spiritsafe two%20words fix 0000000000000004 -->\n"
             "**error** · `no-import`: says no-import\n\n```suggestion\n```\n"
             "of 4\n");
}

BOOST_AUTO_TEST_CASE(only_lines_of_the_diff_and_only_what_stands) {
  Made made;
  add_fix(made, 9, 10, "in");
  add_fix(made, 10, 11, "half");
  add_fix(made, 12, 12, "out");
  add_fix(made, 1, 1, "waived").state = FindingState::waived;
  const github::Suggestions suggestions = suggestions_of(made, 10);
  BOOST_REQUIRE(suggestions.fixes.size() == 1u);
  BOOST_TEST(suggestions.fixes.front().start_line == 9u);
  BOOST_TEST(suggestions.of == 3u);
}

BOOST_AUTO_TEST_CASE(what_one_change_mends_is_suggested_once) {
  Made made;
  add_fix(made, 3, 3, "import sqlmodel");
  add_fix(made, 3, 3, "import sqlmodel").message = "says more";
  add_fix(made, 3, 3, "import sqlmodel");
  BOOST_TEST(shown(suggestions_of(made)) ==
             "backend/a.py:3-3\n<!-- spiritsafe two%20words fix 0000000000000001 -->\n"
             "**error** · `no-import`: says no-import\n\n**error** · `no-import`: says more\n\n"
             "```suggestion\nimport sqlmodel\n```\nof 1\n");
}

BOOST_AUTO_TEST_CASE(hostile_texts_do_nothing) {
  Made made;
  add_fix(made, 1, 1, "x = '''\n````\n```'''").message = "@everyone <!-- --> ```suggestion\n# h\n/close [x](y)";
  add_fix(made, 2, 2, "right to left \u202e");
  add_fix(made, 3, 3, "line\rend");
  add_fix(made, 4, 4, "\ttab");
  add_fix(made, 5, 5, "path", "a\xFF.py");
  add_fix(made, 6, 6, std::string(30'000, 'x'));
  const std::string text = shown(suggestions_of(made));
  BOOST_TEST(text.find("\n`````suggestion\nx = '''\n````\n```'''\n`````\n") != std::string::npos, text);
  BOOST_TEST(text.find("@everyone") == std::string::npos, text);
  BOOST_TEST(text.find("```suggestion\n#") == std::string::npos, text);
  BOOST_TEST(text.find("```suggestion\n\ttab\n```\nof 6\n") != std::string::npos, text);
  BOOST_TEST(suggestions_of(made).fixes.size() == 2u);
}

BOOST_AUTO_TEST_CASE(what_is_there_is_changed_or_taken_away) {
  Made made;
  for (uint32_t line = 1; line <= 40; ++line) {
    add_fix(made, line, line, "text");
  }
  const github::Suggestions wanted = suggestions_of(made);
  BOOST_REQUIRE(wanted.fixes.size() == 30u);
  BOOST_TEST(wanted.of == 40u);
  std::vector<github::KnownFix> known;
  for (uint64_t i = 0; i < 28; ++i) {
    known.push_back(known_of(wanted.fixes[i], 100 + i));
  }
  known[1].body += "\r\n";                          // as GitHub may give it back
  known[2].body += "other";                         // another text
  known[3].start_line = known[3].end_line = 0;      // outdated
  known[4].is_bot = false;                          // somebody else's
  known.push_back(known_of(wanted.fixes[0], 200));  // a second time
  known.push_back({300, "eve", false, "", 0, 0, "why?", 103});
  known.push_back({301, "b", true, "", 1, 1, "<!-- spiritsafe two fix 1 -->", 0});  // of another policy
  const github::FixChanges changes = github::changes_for(wanted, known);
  std::string requests;
  for (const Request& request : changes.requests) {
    requests += fmt::format("{} {}\n", request.method, request.url);
  }
  BOOST_TEST(requests ==
             "PATCH /repos/o/r/pulls/comments/102\nPATCH /repos/o/r/pulls/comments/103\n"
             "DELETE /repos/o/r/pulls/comments/200\n");
  BOOST_TEST(changes.requests[1].body ==
             R"({"body":"<!-- spiritsafe two%20words done -->\nThis is not suggested any more."})");
  std::string missing;
  for (const github::SuggestedFix& fix : changes.missing) {
    missing += fmt::format("{} ", fix.start_line);
  }
  BOOST_TEST(missing == "4 5 29 30 ");
}

BOOST_AUTO_TEST_CASE(a_plan_is_one_review) {
  Made made;
  add_fix(made, 3, 4, "a");
  BOOST_TEST(github::plan(suggestions_of(made)).back().url == "/repos/o/r/pulls/7/comments");
  add_fix(made, 5, 5, "b");
  const auto requests = github::plan(suggestions_of(made));
  BOOST_REQUIRE(requests.size() == 2u);
  BOOST_TEST(requests.front().url == "/repos/o/r/pulls/7/comments?per_page=100");
  BOOST_TEST(requests.back().url == "/repos/o/r/pulls/7/reviews");
  BOOST_TEST(requests.back().body.starts_with(
      R"({"commit_id":"0123456789abcdef0123456789abcdef01234567","event":"COMMENT","body":"2 fixes that can be )"
      R"(accepted one by one.","comments":[{"path":"backend/a.py","line":4,"side":"RIGHT","body":"<!-- )"));
  BOOST_TEST(requests.back().body.find(R"("start_line":3,"start_side":"RIGHT"},{"path")") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(answers_that_are_none_are_refused) {
  BOOST_TEST(!github::read_known_fixes({{200, {}, "{}", ""}}));
  BOOST_TEST(!github::read_known_fixes({{200, {}, R"([{"id": "x"}])", ""}}));
  const auto known = github::read_known_fixes(
      {{200, {}, R"([{"id": 1, "user": null, "line": null, "start_line": null, "body": null}])", ""}});
  BOOST_REQUIRE(known.has_value());
  BOOST_TEST(known->front().end_line == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe::tests
