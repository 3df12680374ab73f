// SPDX-License-Identifier: Apache-2.0
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <boost/test/unit_test.hpp>

#include "adapters/github/event.h"
#include "tests/github/build.h"

namespace spiritsafe::tests {
namespace {

using Variables = std::map<std::string, std::string>;

std::string read(Variables variables, const std::string& event) {
  variables.try_emplace("GITHUB_REPOSITORY", "o/r");
  const auto context = github::read_event(
      [&](std::string_view name) {
        const auto found = variables.find(std::string(name));
        return found == variables.end() ? std::string() : found->second;
      },
      event);
  if (!context) {
    return format_errors(context.error());
  }
  return fmt::format("{} {} #{} by {} [{}]{}{} {} {}", context->repository, context->head_sha.substr(0, 4),
                     context->number, context->author, fmt::join(context->labels, ","), context->is_fork ? " fork" : "",
                     context->is_read_only ? " read-only" : "", context->api, context->run_url);
}

std::string pull_request(const std::string& from) {
  return R"({"action": "opened", "number": 12, "pull_request": {"number": 12, "user": {"login": "ann"},
    "labels": [{"name": "db"}, {"name": "big change"}, {"no": 1}, 5],
    "head": {"sha": ")" +
         head + R"(", "repo": )" + from + R"(}, "base": {"sha": "b", "repo": {"full_name": "o/r"}}}})";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(event)

BOOST_AUTO_TEST_CASE(each_event_names_its_commit_and_pull_request) {
  const std::string own = R"({"full_name": "o/r"})", other = R"({"full_name": "ann/r"})";
  const std::string api = "https://api.github.com ";
  const auto run_of = [&](const std::string& from, const std::string& number) {
    return R"({"workflow_run": {"head_sha": ")" + head + R"(", "head_repository": {"full_name": ")" + from +
           R"("}, "repository": {"full_name": "o/r"}, "pull_requests": [)" + number + "]}}";
  };
  const struct {
    Variables variables;
    std::string event, expected;
  } cases[] = {
      {{{"GITHUB_EVENT_NAME", "pull_request"}, {"GITHUB_SHA", "of the merge"}, {"GITHUB_RUN_ID", "7"}},
       pull_request(own),
       "o/r 0123 #12 by ann [db,big change] " + api + "https://github.com/o/r/actions/runs/7"},
      {{{"GITHUB_EVENT_NAME", "pull_request"}},
       pull_request(other),
       "o/r 0123 #12 by ann [db,big change] fork read-only " + api},
      {{{"GITHUB_EVENT_NAME", "pull_request"}},
       pull_request("null"),
       "o/r 0123 #12 by ann [db,big change] fork read-only " + api},
      {{{"GITHUB_EVENT_NAME", "pull_request"}, {"GITHUB_ACTOR", "dependabot[bot]"}},
       pull_request(own),
       "o/r 0123 #12 by ann [db,big change] read-only " + api},
      {{{"GITHUB_EVENT_NAME", "pull_request_target"}},
       pull_request(other),
       "o/r 0123 #12 by ann [db,big change] fork " + api},
      {{{"GITHUB_EVENT_NAME", "pull_request_review"}}, pull_request(own), "o/r 0123 #12 by ann [db,big change] " + api},
      {{{"GITHUB_EVENT_NAME", "merge_group"}},
       R"({"merge_group": {"head_sha": ")" + head + R"(", "head_ref": "refs/heads/gh-readonly-queue/main/pr-12-abc"}})",
       "o/r 0123 #12 by  [] " + api},
      {{{"GITHUB_EVENT_NAME", "merge_group"}},
       R"({"merge_group": {"head_sha": ")" + head + R"(", "head_ref": "refs/heads/pr-12-abc"}})",
       "o/r 0123 #0 by  [] " + api},
      {{{"GITHUB_EVENT_NAME", "push"}, {"GITHUB_SHA", head}}, "{}", "o/r 0123 #0 by  [] " + api},
      {{{"GITHUB_EVENT_NAME", "workflow_dispatch"}, {"GITHUB_SHA", head}}, "", "o/r 0123 #0 by  [] " + api},
      {{{"GITHUB_EVENT_NAME", "workflow_run"}}, run_of("o/r", R"({"number": 5})"), "o/r 0123 #5 by  [] " + api},
      {{{"GITHUB_EVENT_NAME", "workflow_run"}}, run_of("ann/r", ""), "o/r 0123 #0 by  [] fork " + api},
      {{{"GITHUB_EVENT_NAME", "push"},
        {"GITHUB_SHA", head},
        {"GITHUB_API_URL", "https://ghe.example.org/api/v3"},
        {"GITHUB_SERVER_URL", "https://ghe.example.org"},
        {"GITHUB_RUN_ID", "9"}},
       "{}",
       "o/r 0123 #0 by  [] https://ghe.example.org/api/v3 https://ghe.example.org/o/r/actions/runs/9"},
  };
  for (const auto& each : cases) {
    BOOST_TEST(read(each.variables, each.event) == each.expected);
  }
}

BOOST_AUTO_TEST_CASE(what_is_not_githubs_is_an_error) {
  const std::string leave_out = "    = --publish github is for runs of GitHub Actions; elsewhere leave it out\n";
  const std::string no_commit = "    = expected the 40 hexadecimal digits of a commit\n" + leave_out;
  const struct {
    Variables variables;
    std::string event, expected;
  } cases[] = {
      {{{"GITHUB_EVENT_PATH", "event.json"}},
       "[1",
       "event.json: error: the event file is no JSON object\n"
       "    = expected the payload that GitHub Actions writes for each run\n"},
      {{{"GITHUB_EVENT_NAME", "push"}}, "{}", "error: GITHUB_SHA is not set\n" + no_commit},
      {{{"GITHUB_EVENT_NAME", "push"}, {"GITHUB_SHA", "../../x"}},
       "{}",
       "error: GITHUB_SHA is `../../x`\n" + no_commit},
      {{{"GITHUB_EVENT_NAME", "pull_request"}},
       R"({"pull_request": [1, {"head": null}]})",
       "error: the head commit in the event `pull_request` is not set\n" + no_commit},
      {{{"GITHUB_EVENT_NAME", "push"}, {"GITHUB_SHA", head}, {"GITHUB_REPOSITORY", "o/../x"}},
       "{}",
       "error: GITHUB_REPOSITORY is `o/../x`\n    = expected `owner/name`\n" + leave_out},
      {{{"GITHUB_EVENT_NAME", "push"}, {"GITHUB_SHA", head}, {"GITHUB_REPOSITORY", "o/.."}},
       "{}",
       "error: GITHUB_REPOSITORY is `o/..`\n    = expected `owner/name`\n" + leave_out},
  };
  for (const auto& each : cases) {
    BOOST_TEST(read(each.variables, each.event) == each.expected);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe::tests
