// SPDX-License-Identifier: Apache-2.0
// A pull request as it is now: the payload of the event is frozen when the run is triggered, and tells nothing of what
// came later.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "adapters/github/event.h"
#include "adapters/http/pages.h"
#include "engine/text/error.h"

namespace spiritsafe::github {

struct PullRequest {
  std::string author = {};
  std::string body = {};
  std::vector<std::string> labels = {};
  std::string head_sha = {};
  std::string head_branch = {};
  std::string head_repository = {};  // `owner/name`; empty where the fork is gone
  uint64_t commits = 0;
};

Request pull_request_request(const Context& context);
Result<PullRequest> read_pull_request(const Send& send, const Context& context);

// Of a workflow_run: the open pull request whose head is the commit that is judged; 0 where there is none, or several.
Result<uint64_t> find_pull_request(const Send& send, const Context& context);

}  // namespace spiritsafe::github
