// SPDX-License-Identifier: Apache-2.0
// Where a job of GitLab CI stands: which project, merge request and commit it speaks about. Source: the predefined
// variables.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/text/error.h"

namespace spiritsafe::gitlab {

struct Job {
  std::string api = {};      // https://gitlab.com/api/v4
  std::string project = {};  // id of the project that the merge request is in; its path, encoded, where that is all
  std::string request = {};  // the merge request's number in that project; empty: none is known
  std::string source_project = {};  // id of the project that the commits are in
  std::string head_sha = {};        // the merge request's last commit; not the merge of a merged result
  std::string job_url = {};         // the page of this job
  std::string pipeline = {};        // its id
  std::string ref = {};             // the branch
  bool merge_train = false;         // what is judged is a merge with others, which no merge request shows
};

// An error where what must be known is missing or not what GitLab writes.
Result<Job> read_job(const std::function<std::string(std::string_view name)>& environment);

// For a dry run, which works anywhere: what is missing is replaced by its name in GitLab's own documentation (`:id`,
// `:merge_request_iid`, `:sha`), and `notes` says so.
Result<Job> read_job_for_show(const std::function<std::string(std::string_view name)>& environment,
                              std::vector<std::string>& notes);

// `/projects/12/merge_requests/3/` and what stands behind it.
std::string request_path(const Job& job, std::string_view rest);

}  // namespace spiritsafe::gitlab
