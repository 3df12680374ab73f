// SPDX-License-Identifier: Apache-2.0
#include "adapters/gitlab/session.h"

#include <fmt/format.h>

#include "adapters/http/client.h"
#include "adapters/http/rate_limit.h"
#include "adapters/platform/answers.h"

namespace spiritsafe::gitlab {
namespace {

using std::chrono::milliseconds;

// gitlab.com takes 60 notes a minute.
constexpr milliseconds between_writes{1'000};
constexpr std::string_view which_token =
    "expected GITLAB_TOKEN: a project access token with scope `api` and the role Developer, as a masked CI/CD variable";

}  // namespace

Token find_token(const std::function<std::string(std::string_view name)>& environment) {
  for (const Token& token :
       {Token{"GITLAB_TOKEN", "PRIVATE-TOKEN", {}, true}, Token{"GITLAB_OAUTH_TOKEN", "Authorization", {}, true},
        Token{"CI_JOB_TOKEN", "JOB-TOKEN", {}, false}}) {
    if (std::string value = environment(token.name); !value.empty()) {
      return {token.name, token.header, std::move(value), token.can_write};
    }
  }
  return {};
}

Result<Session> open_session(const std::function<std::string(std::string_view name)>& environment, const Job& job,
                             const Token& token, SessionOptions options) {
  ClientSettings settings;
  settings.address = job.api;
  settings.token = token.value;
  settings.token_name = token.name;
  settings.token_header = token.header;
  settings.headers = {{"Accept", "application/json"}};
  settings.between_writes = between_writes;
  if (options.ca_file.empty()) {
    options.ca_file = environment("CI_SERVER_TLS_CA_FILE");
  }
  return spiritsafe::open_session(std::move(settings), environment, options);
}

Error no_writing_token() {
  Error error;
  error.message = "no token that may write to the merge request";
  error.hints = {
      std::string(which_token),
      "CI_JOB_TOKEN may only read; pipelines for forks have no other, there the job's reports show the result"};
  return error;
}

Error refusal_for(const Request& request, const Response& response) {
  Error error = refusal(request, response);
  if ((response.status == 401 || response.status == 403 || response.status == 404) && !is_rate_limited(response)) {
    error.hints = {std::string(which_token)};
  }
  return error;
}

Error no_answer(const Request& request, std::string_view expected) {
  Error error;
  error.path = request.method + " " + request.url;
  error.message = fmt::format("the answer is not {}", expected);
  error.hints = {"expected GitLab's own answer; look at CI_API_V4_URL"};
  return error;
}

Result<std::string> find_user(const Send& send) {
  const Request request{"GET", "/user", {}, "", false};
  const Result<Response> response = send(request);
  if (!response) {
    return tl::unexpected(response.error());
  }
  if (!is_success(*response)) {
    return tl::unexpected(Errors{refusal_for(request, *response)});
  }
  std::string name = text_at(nlohmann::json::parse(response->body, nullptr, false), {"username"});
  if (name.empty()) {
    return tl::unexpected(Errors{no_answer(request, "a user")});
  }
  return name;
}

}  // namespace spiritsafe::gitlab
