// SPDX-License-Identifier: Apache-2.0
// A client for GitLab's REST API with the token that the job has.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "adapters/gitlab/job.h"
#include "adapters/http/pages.h"
#include "adapters/platform/session.h"

namespace spiritsafe::gitlab {

// GITLAB_TOKEN, a project, group or personal access token with scope `api`; else GITLAB_OAUTH_TOKEN; else CI_JOB_TOKEN,
// which GitLab lets read only.
struct Token {
  std::string name = {};    // of its variable; empty: there is none
  std::string header = {};  // of the requests
  std::string value = {};
  bool can_write = false;
};
Token find_token(const std::function<std::string(std::string_view name)>& environment);

Result<Session> open_session(const std::function<std::string(std::string_view name)>& environment, const Job& job,
                             const Token& token, SessionOptions options);

// What is to be done so that results can be posted.
Error no_writing_token();
// A refusal, with what the token lacks where it is about that.
Error refusal_for(const Request& request, const Response& response);
// An answer that is not what GitLab sends.
Error no_answer(const Request& request, std::string_view expected);

// The user that the token writes as.
Result<std::string> find_user(const Send& send);

}  // namespace spiritsafe::gitlab
