// SPDX-License-Identifier: Apache-2.0
// What the variables of a job come to: a context for a dry run, a client, the files by which a step tells something.
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <boost/test/unit_test.hpp>

#include "adapters/github/job_files.h"
#include "adapters/github/session.h"
#include "tests/github/build.h"

namespace spiritsafe::tests {
namespace {

std::function<std::string(std::string_view)> variables(std::map<std::string, std::string> values) {
  return [values = std::move(values)](std::string_view name) {
    const auto found = values.find(std::string(name));
    return found == values.end() ? std::string() : found->second;
  };
}

std::string shown_context(const std::map<std::string, std::string>& values, const std::string& event) {
  std::vector<std::string> notes;
  const auto context = github::read_event_for_show(variables(values), event, notes);
  return context ? fmt::format("{} {} {}\n{}", context->repository, context->head_sha,
                               github::show_number(context->number, "pull_number"), fmt::join(notes, "\n"))
                 : format_errors(context.error());
}

std::string opened(const std::map<std::string, std::string>& values, const std::string& api) {
  github::Context of_api = context();
  of_api.api = api;
  const auto session = github::open_session(variables(values), of_api, {"", "1", {}});
  return session ? "open" : format_errors(session.error());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(surroundings)

BOOST_AUTO_TEST_CASE(what_is_missing_is_named_in_a_dry_run) {
  BOOST_TEST(shown_context({}, "") ==
             "{owner}/{repo} {head_sha} {pull_number}\n"
             "GITHUB_REPOSITORY is not set; `{owner}/{repo}` stands in for it\n"
             "GITHUB_SHA is not set; `{head_sha}` stands in for it\n"
             "GITHUB_EVENT_NAME is not set; the pull request `{pull_number}` stands in for its own");
  BOOST_TEST(shown_context({{"GITHUB_REPOSITORY", "o/../r"}, {"GITHUB_EVENT_NAME", "push"}, {"GITHUB_SHA", head}},
                           "") == "{owner}/{repo} " + head + " 0\n" +
                                      "GITHUB_REPOSITORY is not what GitHub writes; `{owner}/{repo}` stands in for it");
  BOOST_TEST(shown_context({{"GITHUB_REPOSITORY", "o/r"}, {"GITHUB_EVENT_NAME", "pull_request"}}, "{}") ==
             "o/r {head_sha} 0\n"
             "the head commit in the event `pull_request` is not set; `{head_sha}` stands in for it");
  BOOST_TEST(shown_context({{"GITHUB_EVENT_PATH", "e.json"}}, "[").starts_with("e.json: error: the event file is no"));
}

BOOST_AUTO_TEST_CASE(a_session_needs_a_token_and_an_address) {
  BOOST_TEST(opened({}, "https://api.github.com") ==
             "error: GITHUB_TOKEN is not set\n"
             "    = expected `env: {GITHUB_TOKEN: ${{ github.token }}}` at the step that runs this\n"
             "    = --dry-run shows what would be sent, and needs no token\n");
  BOOST_TEST(opened({{"GITHUB_TOKEN", "ghs_0123456789"}}, "https://api.github.com") == "open");
  BOOST_TEST(opened({{"GITHUB_TOKEN", "ghs_0123456789"}}, "ftp://h") ==
             "error: `ftp://h` is not the address of a platform\n"
             "    = expected one such as https://api.github.com or https://gitlab.example.org/api/v4\n");
}

BOOST_AUTO_TEST_CASE(tests_may_be_impatient_with_this_machine_only) {
  const auto paused = [](const std::string& api, const std::string& scale) {
    github::Context of_api = context();
    of_api.api = api;
    const auto session = github::open_session(
        variables({{"GITHUB_TOKEN", "ghs_0123456789"}, {"SPIRITSAFE_TIME_SCALE", scale}}), of_api, {"", "1", {}});
    const auto start = std::chrono::steady_clock::now();
    session->clock.sleep(std::chrono::milliseconds(100));
    return std::chrono::steady_clock::now() - start < std::chrono::milliseconds(50);
  };
  BOOST_TEST(paused("http://127.0.0.1:1/api/v3", "0.01"));
  for (const char* scale : {"", "0", "-1", "2", "x", "0.01x"}) {
    BOOST_TEST(!paused("http://127.0.0.1:1", scale), scale);
  }
  BOOST_TEST(!paused("https://api.github.com", "0.01"));
  BOOST_TEST(!paused("https://127.0.0.1.example.org", "0.01"));
}

BOOST_AUTO_TEST_CASE(comments_are_those_of_the_token) {
  const auto login = [](const std::string& token, int status, const std::string& body) {
    int asked = 0;
    const std::string found = github::find_login(variables({{"GITHUB_TOKEN", token}}), [&](const Request& request) {
      BOOST_TEST(request.url == "/user");
      ++asked;
      return Result<Response>(Response{status, {}, body, ""});
    });
    return fmt::format("{} asked {}", found, asked);
  };
  BOOST_TEST(login("ghp_0123456789", 200, R"({"login": "ann"})") == "ann asked 1");
  BOOST_TEST(login("ghp_0123456789", 200, "[") == " asked 1");
  BOOST_TEST(login("ghp_0123456789", 403, R"({"login": "ann"})") == " asked 1");
  BOOST_TEST(login("ghs_0123456789", 200, R"({"login": "ann"})") == " asked 0");
}

BOOST_AUTO_TEST_CASE(whatever_is_in_an_output_it_stays_one) {
  BOOST_TEST(github::show_outputs({{"verdict", "clean"}, {"report", "a\nend\nverdict=clean\nend_"}}) ==
             "verdict<<end\nclean\nend\nreport<<end__\na\nend\nverdict=clean\nend_\nend__\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe::tests
