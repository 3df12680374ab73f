// SPDX-License-Identifier: Apache-2.0
#include <map>

#include <boost/test/unit_test.hpp>

#include "adapters/cli/places.h"

namespace spiritsafe {

BOOST_AUTO_TEST_SUITE(places)

BOOST_AUTO_TEST_CASE(links_lead_to_the_commit_that_is_judged) {
  struct Case {
    std::map<std::string, std::string, std::less<>> environment;
    std::string head;
    std::string prefix;
  };
  const Case cases[] = {
      {{}, "abc", ""},
      {{{"CI", "true"}}, "abc", ""},
      {{{"GITHUB_ACTIONS", "true"},
        {"GITHUB_SERVER_URL", "https://github.com"},
        {"GITHUB_REPOSITORY", "o/r"},
        {"GITHUB_SHA", "merge"}},
       "head",
       "https://github.com/o/r/blob/head/"},
      {{{"GITHUB_ACTIONS", "true"},
        {"GITHUB_SERVER_URL", "https://github.com"},
        {"GITHUB_REPOSITORY", "o/r"},
        {"GITHUB_SHA", "pushed"}},
       "",
       "https://github.com/o/r/blob/pushed/"},
      {{{"GITHUB_ACTIONS", "true"}, {"GITHUB_SERVER_URL", "https://github.com"}, {"GITHUB_SHA", "pushed"}}, "", ""},
      {{{"GITHUB_ACTIONS", "true"},
        {"GITHUB_SERVER_URL", "javascript:"},
        {"GITHUB_REPOSITORY", "o/r"},
        {"GITHUB_SHA", "x"}},
       "",
       ""},
      {{{"GITLAB_CI", "true"}, {"CI_PROJECT_URL", "https://g.example/g/p"}, {"CI_COMMIT_SHA", "abc"}},
       "",
       "https://g.example/g/p/-/blob/abc/"},
      {{{"GITLAB_CI", "true"},
        {"CI_PROJECT_URL", "https://g.example/g/p"},
        {"CI_MERGE_REQUEST_SOURCE_PROJECT_URL", "https://g.example/fork/p"},
        {"CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", "source"},
        {"CI_COMMIT_SHA", "merged"}},
       "",
       "https://g.example/fork/p/-/blob/source/"},
  };
  for (const Case& one : cases) {
    const auto environment = [&](std::string_view name) {
      const auto found = one.environment.find(name);
      return found == one.environment.end() ? std::string() : found->second;
    };
    BOOST_TEST(link_prefix(environment, one.head) == one.prefix);
  }
}

BOOST_AUTO_TEST_CASE(lines_are_in_the_diff_where_git_says_so) {
  ReportOptions options;
  Places where;
  where.changes["new.py"] = {Change::added, "", {}};
  where.changes["some.py"] = {Change::modified, "some.py", {{3, 5}, {9, 9}}};
  where.changes["moved.py"] = {Change::renamed, "old.py", {}};
  set_places(options, where, [](std::string_view) { return std::string(); });
  const std::tuple<const char*, uint32_t, bool> cases[] = {
      {"new.py", 1, true},   {"some.py", 2, false}, {"some.py", 3, true},   {"some.py", 5, true},
      {"some.py", 6, false}, {"some.py", 9, true},  {"moved.py", 1, false}, {"other.py", 1, false}};
  for (const auto& [path, line, expected] : cases) {
    BOOST_TEST_CONTEXT(path << ":" << line) { BOOST_TEST(options.in_diff(path, line) == expected); }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
