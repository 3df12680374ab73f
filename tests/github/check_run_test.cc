// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "adapters/github/check_run.h"
#include "adapters/github/limits.h"
#include "adapters/platform/requests.h"
#include "engine/text/source.h"
#include "tests/github/build.h"

namespace spiritsafe::tests {
namespace {

using Json = nlohmann::json;

github::CheckRun run_of(const Made& made, github::CheckRunOptions options = {}) {
  return github::make_check_run(made.judgement, context(), options);
}

// `POST in_progress 50`, one request after the other.
std::string steps_of(const std::vector<Request>& requests) {
  std::vector<std::string> steps;
  for (const Request& request : requests) {
    if (request.body.empty()) {
      steps.push_back(request.method);
      continue;
    }
    const Json body = Json::parse(request.body);
    steps.push_back(
        fmt::format("{} {} {}", request.method,
                    body.contains("conclusion") ? body["conclusion"].get<std::string>() : body.value("status", "-"),
                    body["output"].value("annotations", Json::array()).size()));
  }
  return fmt::format("{}", fmt::join(steps, ", "));
}

std::string shown(const github::Annotations& annotations) {
  std::string out;
  for (const github::Annotation& each : annotations.shown) {
    out += fmt::format("{} {}:{}-{} {}-{} {}\n", each.level, each.path, each.start_line, each.end_line,
                       each.start_column, each.end_column, each.title);
  }
  return out + fmt::format("{} of {}, {} without a place\n", annotations.shown.size(), annotations.of,
                           annotations.without_place);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(check_run)

BOOST_AUTO_TEST_CASE(texts_are_cut_before_whole_characters) {
  using spiritsafe::cut_to_bytes, spiritsafe::cut_to_characters;
  BOOST_TEST(cut_to_characters("abc", 3) == "abc");
  BOOST_TEST(cut_to_characters("abcd", 3) == "ab…");
  BOOST_TEST(cut_to_characters("äöü", 3) == "äöü");
  BOOST_TEST(cut_to_characters("äöüß", 3) == "äö…");
  BOOST_TEST(cut_to_characters("a😀b", 4) == "a😀b");
  BOOST_TEST(cut_to_characters("a😀bc", 4) == "a😀…");
  BOOST_TEST(cut_to_characters("a😀bc", 3) == "a…");
  BOOST_TEST(cut_to_characters("abc", 0) == "");
  BOOST_TEST(cut_to_bytes("äöü", 6) == "äöü");
  BOOST_TEST(cut_to_bytes("äöüß", 6) == "ä…");
  BOOST_TEST(cut_to_bytes("abcdef", 4, "[more]") == "[mor");
  BOOST_TEST(cut_to_bytes("a\xFF\xC3", 9) == "a\xEF\xBF\xBD\xEF\xBF\xBD");
  BOOST_TEST(spiritsafe::count_units("a😀ä") == 4u);
}

BOOST_AUTO_TEST_CASE(what_blocks_stands_first_then_the_lines_of_the_diff) {
  Made made;
  made.add(Level::advice, "advice", "a.py", 1);
  made.add(Level::warn, "warning", "b.py", 9);
  made.add(Level::warn, "in-diff", "b.py", 10);
  made.add(Level::approval, "approval", "c.py", 2).end = {4, 2};
  made.rules.back().approval_by = {"dba", "data-platform"};
  made.add(Level::error, "late", "z.py", 3);
  made.add(Level::error, "early", "a.py", 7).end = {0, 0};
  made.add(Level::error, "unclear", "a.py", 1, FindingState::undecided);
  made.add(Level::error, "waived", "a.py", 1, FindingState::waived);
  made.add(Level::error, "approved", "a.py", 1, FindingState::approved);
  made.add(Level::error, "project", "", 1);
  made.add(Level::error, "elsewhere", "/usr/x.py", 1);
  made.add(Level::error, "strange", "a\xFF.py", 1);
  github::AnnotationOptions options;
  options.repository_path = [](const std::string& path) { return path.starts_with('/') ? "" : "backend/" + path; };
  options.in_diff = [](const std::string& path, uint32_t line) { return path == "b.py" && line == 10; };
  BOOST_TEST(shown(github::annotate(made.judgement, options)) ==
             "failure backend/a.py:7-7 5-5 early\n"
             "failure backend/z.py:3-3 5-11 late\n"
             "failure backend/a.py:1-1 5-11 unclear (cannot tell)\n"
             "failure backend/c.py:2-4 0-0 approval (needs an approval by dba or data-platform)\n"
             "warning backend/b.py:10-10 5-11 in-diff\n"
             "warning backend/b.py:9-9 5-11 warning\n"
             "notice backend/a.py:1-1 5-11 advice\n"
             "7 of 10, 3 without a place\n");
  options.most = 2;
  BOOST_TEST(shown(github::annotate(made.judgement, options)) ==
             "failure backend/a.py:7-7 5-5 early\n"
             "failure backend/z.py:3-3 5-11 late\n"
             "2 of 10, 3 without a place\n");
}

BOOST_AUTO_TEST_CASE(texts_of_strangers_are_plain_and_within_the_limits) {
  Made made;
  Finding& finding = made.add(Level::error, std::string(300, 'r'), "a.py", 1);
  finding.message = "\x1b[31m\xE2\x80\xAEred\nline " + std::string(70'000, 'x');
  made.rules.back().why = std::string(70'000, 'y');
  const auto annotation = github::annotate(made.judgement, {}).shown.at(0);
  BOOST_TEST(annotation.message.size() == github::message_bytes);
  BOOST_TEST(annotation.message.starts_with("\\x1b[31m\\u202ered\nline xxx"));
  BOOST_TEST(annotation.message.ends_with("x…"));
  BOOST_TEST(annotation.raw_details.size() == github::message_bytes);
  BOOST_TEST(count_characters(annotation.title) == 255u);
  github::CheckRunOptions options;
  for (int i = 0; i < 40'000; ++i) {
    options.report += "😀ä";
  }
  const auto run = run_of(made, options);
  BOOST_TEST(spiritsafe::count_units(run.summary) <= github::summary_characters);
  BOOST_TEST(spiritsafe::count_units(run.summary) > github::summary_characters - 3);
  BOOST_TEST(find_invalid_utf8(run.summary) == std::string::npos);
  BOOST_TEST(run.summary.ends_with("\n\n… the rest is in the report.\n"));
}

BOOST_AUTO_TEST_CASE(a_verdict_is_a_conclusion_with_its_reason) {
  const auto described = [](Verdict verdict, bool report_only) {
    Made made;
    made.judgement.verdict = verdict;
    made.judgement.counts.approval = 2;
    made.add(Level::approval, "drop-column", "a.py", 1);
    made.rules.back().approval_by = {"dba", "data-platform"};
    made.add(Level::approval, "drop-table", "a.py", 2);
    github::CheckRunOptions options;
    options.report_only = report_only;
    options.report = "the report";
    const auto run = run_of(made, options);
    return fmt::format("{} | {} | {}", run.conclusion, run.title, run.summary);
  };
  BOOST_TEST(described(Verdict::clean, false) == "success | 2 approvals needed | the report");
  BOOST_TEST(described(Verdict::blocked, false) == "failure | 2 approvals needed | the report");
  BOOST_TEST(described(Verdict::blocked, true) == "neutral | 2 approvals needed | the report");
  BOOST_TEST(described(Verdict::approval, false) ==
             "action_required | waits for an approval by dba or data-platform and someone other than the author: "
             "2 approvals needed | the report");
  BOOST_TEST(described(Verdict::approval, true).starts_with("neutral | waits for"));
  BOOST_TEST(described(Verdict::unusable, true) == "failure | could not judge: 2 approvals needed | the report");
}

BOOST_AUTO_TEST_CASE(what_a_cap_cuts_is_counted) {
  Made made = with_findings(5);
  made.add(Level::error, "heads", "", 1);
  github::CheckRunOptions options;
  options.report = "the report";
  options.annotations.most = 3;
  BOOST_TEST(run_of(made, options).summary ==
             "3 of 6 findings are shown at their lines; 1 has no line in this repository. The report holds all of "
             "them.\n\nthe report");
}

BOOST_AUTO_TEST_CASE(a_run_is_begun_fed_and_completed) {
  const struct {
    size_t findings;
    std::string expected;
  } cases[] = {
      {0, "GET, POST in_progress 0, PATCH success 0"},
      {1, "GET, POST in_progress 1, PATCH failure 0"},
      {50, "GET, POST in_progress 50, PATCH failure 0"},
      {51, "GET, POST in_progress 50, PATCH failure 1"},
      {100, "GET, POST in_progress 50, PATCH failure 50"},
      {101, "GET, POST in_progress 50, PATCH - 50, PATCH failure 1"},
  };
  for (const auto& each : cases) {
    BOOST_TEST(steps_of(github::plan(run_of(with_findings(each.findings)))) == each.expected);
  }
  BOOST_TEST(github::plan(run_of(with_findings(1000))).size() == 21u);
  BOOST_TEST(github::plan(run_of(with_findings(10'000))).size() == 21u);
}

BOOST_AUTO_TEST_CASE(a_dry_run_shows_each_request) {
  Made made;
  made.judgement.verdict = Verdict::blocked;
  made.judgement.counts.error = 1;
  made.add(Level::error, "drop-column", "versions/a.py", 3);
  made.rules.back().fix = "keep it";
  made.rules.back().why = "data is lost";
  github::CheckRunOptions options;
  options.name = "spiritsafe (strict)";
  options.report = "the report";
  const auto run = run_of(made, options);
  const std::string expected =
      R"json([{"method":"GET","path":"/repos/o/r/commits/0123456789abcdef0123456789abcdef01234567/check-runs?check_name=spiritsafe%20%28strict%29&filter=all&per_page=100","body":null},
 {"method":"POST","path":"/repos/o/r/check-runs","body":{"name":"spiritsafe (strict)","head_sha":"0123456789abcdef0123456789abcdef01234567","status":"in_progress","external_id":")json" +
      run.external_id +
      R"json(","details_url":"https://github.com/o/r/actions/runs/7","output":{"title":"1 error","summary":"the report","annotations":[{"path":"versions/a.py","start_line":3,"end_line":3,"annotation_level":"failure","message":"says drop-column\n\nFix: keep it","start_column":5,"end_column":11,"title":"drop-column","raw_details":"data is lost"}]}}},
 {"method":"PATCH","path":"/repos/o/r/check-runs/{check_run_id}","body":{"status":"completed","conclusion":"failure","output":{"title":"1 error","summary":"the report"}}}]
)json";
  BOOST_TEST(show_requests(github::plan(run)) == expected);
  BOOST_TEST(show_requests({}) == "[]\n");
}

BOOST_AUTO_TEST_CASE(the_id_tells_contents_apart) {
  const auto id = run_of(with_findings(2)).external_id;
  BOOST_TEST(id.starts_with("spiritsafe/1/failure/2/"));
  BOOST_TEST(id.size() == std::string("spiritsafe/1/failure/2/").size() + 32);
  BOOST_TEST(run_of(with_findings(2)).external_id == id);
  BOOST_TEST(run_of(with_findings(3)).external_id != id);
  Made other = with_findings(2);
  other.judgement.findings[1].message += ".";
  BOOST_TEST(run_of(other).external_id != id);
  github::CheckRunOptions options;
  options.report = "other";
  BOOST_TEST(run_of(with_findings(2), options).external_id != id);
}

BOOST_AUTO_TEST_CASE(what_github_has_is_gone_on_with_or_left) {
  const auto wanted = run_of(with_findings(120));
  const std::string& id = wanted.external_id;
  const std::string old = "spiritsafe/1/failure/3/x", name = "spiritsafe";
  const auto next = [&](const std::vector<github::KnownRun>& known) {
    const auto request = github::next_request(wanted, known);
    return request ? steps_of({*request}) + request->url.substr(std::string("/repos/o/r/check-runs").size())
                   : std::string("nothing");
  };
  BOOST_TEST(next({}) == "POST in_progress 50");
  BOOST_TEST(next({{7, name, id, "in_progress", "", 0}}) == "PATCH - 50/7");
  BOOST_TEST(next({{7, name, id, "in_progress", "", 50}}) == "PATCH - 50/7");
  BOOST_TEST(next({{7, name, id, "in_progress", "", 100}}) == "PATCH failure 20/7");
  BOOST_TEST(next({{7, name, id, "in_progress", "", 120}}) == "PATCH failure 0/7");
  BOOST_TEST(next({{7, name, id, "completed", "failure", 120}}) == "nothing");
  // Neither whole batches nor all of it: somebody else has written to it.
  BOOST_TEST(next({{7, name, id, "in_progress", "", 51}}) == "POST in_progress 50");
  BOOST_TEST(next({{7, name, id, "in_progress", "", 150}}) == "POST in_progress 50");
  BOOST_TEST(next({{7, name, id, "completed", "failure", 100}}) == "POST in_progress 50");
  BOOST_TEST(next({{7, name, id, "completed", "success", 120}}) == "POST in_progress 50");
  // Of other contents, names and programs.
  BOOST_TEST(next({{7, name, old, "completed", "failure", 3}}) == "POST in_progress 50");
  BOOST_TEST(next({{7, name, id, "completed", "failure", 120}, {8, name, old, "completed", "failure", 3}}) ==
             "POST in_progress 50");
  BOOST_TEST(next({{9, name, id, "in_progress", "", 50}, {8, name, old, "completed", "failure", 3}}) == "PATCH - 50/9");
  BOOST_TEST(next({{7, "strict", id, "in_progress", "", 50}}) == "POST in_progress 50");
  BOOST_TEST(next({{9, name, "theirs", "in_progress", "", 50}, {7, name, id, "completed", "failure", 120}}) ==
             "nothing");
  // What was never completed is cancelled when all else is done.
  BOOST_TEST(next({{9, name, id, "completed", "failure", 120}, {8, name, old, "in_progress", "", 3}}) ==
             "PATCH cancelled 0/8");
}

BOOST_AUTO_TEST_CASE(only_what_may_be_done_twice_is_marked_so) {
  std::vector<std::string> marks;
  for (const Request& request : github::plan(run_of(with_findings(100)))) {
    marks.push_back(request.repeatable ? "twice" : "once");
  }
  for (const Request& request : github::plan(run_of(with_findings(0)))) {
    marks.push_back(request.repeatable ? "twice" : "once");
  }
  BOOST_TEST(fmt::format("{}", fmt::join(marks, " ")) == "once once once once once twice");
}

BOOST_AUTO_TEST_CASE(githubs_list_is_read_as_it_is) {
  const auto read = [](const std::vector<std::string>& bodies) {
    std::vector<Response> pages;
    for (const std::string& body : bodies) {
      pages.push_back({200, {}, body, ""});
    }
    const auto known = github::read_known_runs(pages);
    if (!known) {
      return std::string("no list");
    }
    std::string out;
    for (const auto& run : *known) {
      out += fmt::format("{} {} {} {} {} {}\n", run.id, run.name, run.external_id, run.status, run.conclusion,
                         run.annotations);
    }
    return out;
  };
  const std::string first =
      R"({"total_count": 2, "check_runs": [{"id": 4, "name": "a", "external_id": "e", "status": "completed",
    "conclusion": "success", "output": {"annotations_count": 3}}]})";
  const std::string second =
      R"({"check_runs": [{"id": 5, "name": "b", "external_id": null, "status": "queued",
    "conclusion": null, "output": {"annotations_count": null}}]})";
  BOOST_TEST(read({first, second}) == "4 a e completed success 3\n5 b  queued  0\n");
  for (const std::string body : {"", "[]", "<html>", "{}", R"({"check_runs": {}})", R"({"check_runs": [1]})",
                                 R"({"check_runs": [{"id": "1"}]})"}) {
    BOOST_TEST(read({body}) == "no list");
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe::tests
