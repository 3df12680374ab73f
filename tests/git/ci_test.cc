// SPDX-License-Identifier: Apache-2.0
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <boost/test/unit_test.hpp>

#include "adapters/git/ci.h"

namespace spiritsafe {
namespace {

std::string read(const std::map<std::string, std::string>& variables, std::string_view event = {}) {
  const auto change = read_ci(
      [&](std::string_view name) {
        const auto found = variables.find(std::string(name));
        return found == variables.end() ? std::string() : found->second;
      },
      event);
  if (!change) {
    return format_errors(change.error());
  }
  constexpr const char* platforms[] = {"none", "other", "GitHub", "GitLab"};
  return fmt::format("{}, base `{}`: {}{}", platforms[static_cast<size_t>(change->platform)], change->base_name,
                     fmt::join(change->tips, " "), change->head.empty() ? "" : ", head " + change->head);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ci)

BOOST_AUTO_TEST_CASE(each_event_names_its_base) {
  const std::string zeros(40, '0');
  const struct {
    std::map<std::string, std::string> variables;
    std::string event;
    std::string expected;
  } cases[] = {
      {{}, "", "none, base ``: "},
      {{{"CI", "false"}}, "", "none, base ``: "},
      {{{"CI", "true"}}, "", "other, base ``: "},
      {{{"GITHUB_ACTIONS", "true"}, {"GITHUB_EVENT_NAME", "pull_request"}, {"GITHUB_REF", "refs/pull/7/merge"}},
       R"({"pull_request": {"base": {"ref": "main", "sha": "b1"}, "head": {"sha": "h1"}}})",
       "GitHub, base `main`: refs/remotes/origin/main HEAD^1 b1, head h1"},
      {{{"GITHUB_ACTIONS", "true"}, {"GITHUB_EVENT_NAME", "pull_request_target"}, {"GITHUB_REF", "refs/heads/main"}},
       R"({"pull_request": {"base": {"ref": "release/2", "sha": "b1"}, "head": {"sha": "h1"}}})",
       "GitHub, base `release/2`: refs/remotes/origin/release/2 b1, head h1"},
      {{{"GITHUB_ACTIONS", "true"}, {"GITHUB_EVENT_NAME", "pull_request"}, {"GITHUB_BASE_REF", "main"}},
       "",
       "GitHub, base `main`: refs/remotes/origin/main"},
      {{{"GITHUB_ACTIONS", "true"}, {"GITHUB_EVENT_NAME", "merge_group"}},
       R"({"merge_group": {"base_sha": "b2", "head_sha": "h2"}})",
       "GitHub, base `the merge queue's base`: b2, head h2"},
      {{{"GITHUB_ACTIONS", "true"}, {"GITHUB_EVENT_NAME", "push"}},
       R"({"before": "b3", "repository": {"default_branch": "trunk"}})",
       "GitHub, base `the commit before this push`: b3"},
      {{{"GITHUB_ACTIONS", "true"}, {"GITHUB_EVENT_NAME", "push"}},
       R"({"before": ")" + zeros + R"(", "repository": {"default_branch": "trunk"}})",
       "GitHub, base `trunk`: refs/remotes/origin/trunk"},
      {{{"GITHUB_ACTIONS", "true"}, {"GITHUB_EVENT_NAME", "workflow_dispatch"}},
       R"({"repository": {"default_branch": "main"}})",
       "GitHub, base `main`: refs/remotes/origin/main"},
      {{{"GITHUB_ACTIONS", "true"}, {"GITHUB_EVENT_NAME", "pull_request"}},
       R"({"pull_request": [1, {"base": null}]})",
       "GitHub, base ``: "},
      {{{"GITHUB_ACTIONS", "true"}, {"GITHUB_EVENT_PATH", "event.json"}},
       "{",
       "event.json: error: the event file is no JSON object\n    = name the base instead: --base REF\n"},
      {{{"GITLAB_CI", "true"}, {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"}},
       "",
       "GitLab, base `main`: refs/remotes/origin/main"},
      {{{"GITLAB_CI", "true"},
        {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"},
        {"CI_MERGE_REQUEST_TARGET_BRANCH_SHA", "t1"}},
       "",
       "GitLab, base `main`: refs/remotes/origin/main t1"},
      {{{"GITLAB_CI", "true"}, {"CI_COMMIT_BEFORE_SHA", "b4"}}, "", "GitLab, base `the commit before this push`: b4"},
      {{{"GITLAB_CI", "true"}, {"CI_COMMIT_BEFORE_SHA", zeros}, {"CI_DEFAULT_BRANCH", "main"}},
       "",
       "GitLab, base `main`: refs/remotes/origin/main"},
  };
  for (const auto& each : cases) {
    BOOST_TEST(read(each.variables, each.event) == each.expected);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
