// SPDX-License-Identifier: Apache-2.0
#include "adapters/github/answers.h"

#include <algorithm>

#include <fmt/format.h>

#include "adapters/http/client.h"
#include "adapters/http/rate_limit.h"

namespace spiritsafe::github {

bool is_repository(std::string_view text) {
  const size_t slash = text.find('/');
  const auto is_name = [](std::string_view name) {
    return !name.empty() && name != "." && name != ".." && std::ranges::all_of(name, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
             c == '.';
    });
  };
  return slash != std::string_view::npos && is_name(text.substr(0, slash)) && is_name(text.substr(slash + 1));
}

Result<std::vector<nlohmann::json>> read_rows(const Send& send, const Request& request, std::string_view what,
                                              std::string_view permission) {
  return spiritsafe::read_rows(
      send, request,
      [&](const Request& each, const Response& response) { return refusal_for(each, response, permission); },
      [&] { return no_answer(request, fmt::format("a list of {}", what)); });
}

Error refusal_for(const Request& request, const Response& response, std::string_view permission) {
  Error error = refusal(request, response);
  if ((response.status == 403 || response.status == 404) && !is_rate_limited(response)) {
    error.hints = {fmt::format("expected a token with `{}` under the job's `permissions:`", permission),
                   "runs for forks and of Dependabot never have it; there a second workflow publishes (workflow_run)"};
  }
  return error;
}

Error no_answer(const Request& request, std::string_view expected) {
  Error error;
  error.path = request.method + " " + request.url;
  error.message = fmt::format("the answer is not {}", expected);
  error.hints = {"expected GitHub's own answer; look at GITHUB_API_URL"};
  return error;
}

}  // namespace spiritsafe::github
