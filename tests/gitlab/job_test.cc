// SPDX-License-Identifier: Apache-2.0
#include "adapters/gitlab/job.h"

#include <map>

#include <boost/test/unit_test.hpp>

#include "adapters/gitlab/session.h"

namespace spiritsafe {
namespace {

using Variables = std::map<std::string, std::string, std::less<>>;

const std::string commit(40, 'a');
const std::string other(40, 'b');

std::function<std::string(std::string_view)> environment(Variables variables) {
  return [variables = std::move(variables)](std::string_view name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::string() : found->second;
  };
}

const Variables job_of_a_request = {{"CI_API_V4_URL", "https://gitlab.com/api/v4"},
                                    {"CI_PROJECT_ID", "12"},
                                    {"CI_PROJECT_PATH", "g/p"},
                                    {"CI_COMMIT_SHA", commit},
                                    {"CI_MERGE_REQUEST_IID", "7"}};

Variables with(Variables variables, const Variables& more) {
  for (const auto& [name, value] : more) {
    variables[name] = value;
  }
  return variables;
}

// `project request source commit`, or the errors.
std::string shown(const Variables& variables) {
  const Result<gitlab::Job> job = gitlab::read_job(environment(variables));
  return job ? job->project + " " + job->request + " " + job->source_project + " " + job->head_sha.substr(0, 3)
             : format_errors(job.error());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(gitlab_job)

BOOST_AUTO_TEST_CASE(every_kind_of_pipeline) {
  const struct {
    std::string_view what;
    Variables more;
    std::string expected;
  } cases[] = {
      {"merge request", {}, "12 7 12 aaa"},
      {"merged result", {{"CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", other}}, "12 7 12 bbb"},
      {"fork",
       {{"CI_PROJECT_ID", "99"}, {"CI_MERGE_REQUEST_PROJECT_ID", "12"}, {"CI_MERGE_REQUEST_SOURCE_PROJECT_ID", "99"}},
       "12 7 99 aaa"},
      {"branch with an open merge request",
       {{"CI_MERGE_REQUEST_IID", ""}, {"CI_OPEN_MERGE_REQUESTS", "g/p!8,g/p!9"}},
       "12 8 12 aaa"},
      {"branch of a fork",
       {{"CI_MERGE_REQUEST_IID", ""}, {"CI_OPEN_MERGE_REQUESTS", "other/p!8"}},
       "other%2Fp 8 12 aaa"},
      {"branch without one", {{"CI_MERGE_REQUEST_IID", ""}}, "12  12 aaa"},
      {"no number", {{"CI_MERGE_REQUEST_IID", "7/../8"}}, "12  12 aaa"},
  };
  for (const auto& each : cases) {
    BOOST_TEST_CONTEXT(each.what) { BOOST_TEST(shown(with(job_of_a_request, each.more)) == each.expected); }
  }
}

BOOST_AUTO_TEST_CASE(what_is_missing_is_named) {
  BOOST_TEST(shown({}) ==
             "error: CI_API_V4_URL is not set\n"
             "    = expected the address of GitLab's API, as jobs of GitLab CI have it\n"
             "    = --dry-run shows what would be sent, anywhere\n"
             "error: CI_PROJECT_ID is not set\n"
             "    = expected the project's number, as jobs of GitLab CI have it\n"
             "    = --dry-run shows what would be sent, anywhere\n"
             "error: CI_COMMIT_SHA is not set\n"
             "    = expected a commit, as jobs of GitLab CI have it\n"
             "    = --dry-run shows what would be sent, anywhere\n");
}

BOOST_AUTO_TEST_CASE(a_dry_run_works_anywhere) {
  std::vector<std::string> notes;
  const Result<gitlab::Job> job = gitlab::read_job_for_show(environment({}), notes);
  BOOST_TEST(gitlab::request_path(*job, "notes") == "/projects/:id/merge_requests/:merge_request_iid/notes");
  BOOST_TEST(notes.size() == 1u);
  BOOST_TEST(
      notes[0] ==
      "this is no job of GitLab CI, so the requests are shown with :id for CI_PROJECT_ID, :merge_request_iid for "
      "CI_MERGE_REQUEST_IID, :sha for CI_COMMIT_SHA");
}

BOOST_AUTO_TEST_CASE(the_first_token_that_may_write_is_taken) {
  const auto header_of_token = [](const Variables& variables) {
    const gitlab::Token token = gitlab::find_token(environment(variables));
    return token.name + " " + token.header + (token.can_write ? " writes" : "");
  };
  const Variables job = {{"CI_JOB_TOKEN", "a"}};
  BOOST_TEST(header_of_token({}) == " ");
  BOOST_TEST(header_of_token(job) == "CI_JOB_TOKEN JOB-TOKEN");
  BOOST_TEST(header_of_token(with(job, {{"GITLAB_OAUTH_TOKEN", "b"}})) == "GITLAB_OAUTH_TOKEN Authorization writes");
  BOOST_TEST(header_of_token(with(job, {{"GITLAB_TOKEN", "c"}, {"GITLAB_OAUTH_TOKEN", "b"}})) ==
             "GITLAB_TOKEN PRIVATE-TOKEN writes");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
