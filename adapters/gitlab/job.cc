// SPDX-License-Identifier: Apache-2.0
#include "adapters/gitlab/job.h"

#include <algorithm>

#include <fmt/format.h>

#include "adapters/http/url.h"
#include "adapters/platform/answers.h"

namespace spiritsafe::gitlab {
namespace {

using ReadVariable = std::function<std::string(std::string_view name)>;

bool is_number(std::string_view text) {
  return !text.empty() && text.size() < 19 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string number_of(const ReadVariable& environment, std::string_view name) {
  std::string text = environment(name);
  return is_number(text) ? text : std::string();
}

Error missing(std::string_view name, std::string_view expected) {
  Error error;
  error.message = fmt::format("{} is not set", name);
  error.hints = {fmt::format("expected {}, as jobs of GitLab CI have it", expected),
                 "--dry-run shows what would be sent, anywhere"};
  return error;
}

// The pipeline of a branch names the open merge requests of that branch: `group/project!12,group/project!13`.
void find_open_request(Job& job, const ReadVariable& environment) {
  const std::string open = environment("CI_OPEN_MERGE_REQUESTS");
  const std::string first = open.substr(0, open.find(','));
  const size_t mark = first.rfind('!');
  if (mark == std::string::npos || !is_number(first.substr(mark + 1))) {
    return;
  }
  job.request = first.substr(mark + 1);
  if (const std::string path = first.substr(0, mark); path != environment("CI_PROJECT_PATH")) {
    job.project = percent_encoded(path);
  }
}

Job read_variables(const ReadVariable& environment) {
  Job job;
  job.api = environment("CI_API_V4_URL");
  job.source_project = number_of(environment, "CI_PROJECT_ID");
  job.project = job.source_project;
  if (std::string request = number_of(environment, "CI_MERGE_REQUEST_IID"); !request.empty()) {
    job.request = std::move(request);
    // A fork's pipeline may run in the fork; the merge request is in its target.
    if (std::string target = number_of(environment, "CI_MERGE_REQUEST_PROJECT_ID"); !target.empty()) {
      job.project = std::move(target);
    }
    if (std::string source = number_of(environment, "CI_MERGE_REQUEST_SOURCE_PROJECT_ID"); !source.empty()) {
      job.source_project = std::move(source);
    }
  } else {
    find_open_request(job, environment);
  }
  // Only pipelines of merged results have the first; there the job's own commit is a merge that exists nowhere else.
  for (const std::string_view name : {"CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", "CI_COMMIT_SHA"}) {
    if (std::string sha = environment(name); job.head_sha.empty() && is_commit(sha)) {
      job.head_sha = std::move(sha);
    }
  }
  job.job_url = environment("CI_JOB_URL");
  job.pipeline = number_of(environment, "CI_PIPELINE_ID");
  job.ref = environment("CI_COMMIT_REF_NAME");
  job.merge_train = environment("CI_MERGE_REQUEST_EVENT_TYPE") == "merge_train";
  return job;
}

}  // namespace

Result<Job> read_job(const ReadVariable& environment) {
  Job job = read_variables(environment);
  Errors errors;
  if (!parse_url(job.api)) {
    errors.push_back(missing("CI_API_V4_URL", "the address of GitLab's API"));
  }
  if (job.project.empty()) {
    errors.push_back(missing("CI_PROJECT_ID", "the project's number"));
  }
  if (job.head_sha.empty()) {
    errors.push_back(missing("CI_COMMIT_SHA", "a commit"));
  }
  if (!errors.empty()) {
    return tl::unexpected(std::move(errors));
  }
  return job;
}

Result<Job> read_job_for_show(const ReadVariable& environment, std::vector<std::string>& notes) {
  Job job = read_variables(environment);
  std::string replaced;
  const auto fill = [&](std::string& value, std::string_view name, std::string_view source) {
    if (value.empty()) {
      value = name;
      replaced += fmt::format("{}{} for {}", replaced.empty() ? "" : ", ", name, source);
    }
  };
  fill(job.project, ":id", "CI_PROJECT_ID");
  job.source_project = job.source_project.empty() ? job.project : job.source_project;
  fill(job.request, ":merge_request_iid", "CI_MERGE_REQUEST_IID");
  fill(job.head_sha, ":sha", "CI_COMMIT_SHA");
  if (!replaced.empty()) {
    notes.push_back(fmt::format("this is no job of GitLab CI, so the requests are shown with {}", replaced));
  }
  return job;
}

std::string request_path(const Job& job, std::string_view rest) {
  return fmt::format("/projects/{}/merge_requests/{}{}{}", job.project, job.request, rest.empty() ? "" : "/", rest);
}

}  // namespace spiritsafe::gitlab
