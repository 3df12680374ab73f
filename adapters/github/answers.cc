// SPDX-License-Identifier: Apache-2.0
#include "adapters/github/answers.h"

#include <algorithm>

#include <fmt/format.h>

#include "adapters/http/client.h"
#include "adapters/http/rate_limit.h"

namespace spiritsafe::github {

using Json = nlohmann::json;

const Json& value_at(const Json& json, std::initializer_list<const char*> keys) {
  static const Json nothing;
  const Json* at = &json;
  for (const char* key : keys) {
    if (!at->is_object() || !at->contains(key)) {
      return nothing;
    }
    at = &(*at)[key];
  }
  return *at;
}

std::string text_at(const Json& json, std::initializer_list<const char*> keys) {
  const Json& value = value_at(json, keys);
  return value.is_string() ? value.get<std::string>() : std::string();
}

uint64_t number_at(const Json& json, std::initializer_list<const char*> keys) {
  const Json& value = value_at(json, keys);
  return value.is_number_unsigned() ? value.get<uint64_t>() : 0;
}

bool is_commit(std::string_view text) {
  return (text.size() == 40 || text.size() == 64) &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos &&
         text.find_first_not_of('0') != std::string_view::npos;
}

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

Result<std::vector<Json>> read_rows(const Send& send, const Request& request, std::string_view what,
                                    std::string_view permission) {
  // A refused page is an error of its own, so that what is missing can be named.
  std::optional<Error> refused;
  const Send watched = [&](const Request& each) {
    Result<Response> response = send(each);
    if (response && !is_success(*response)) {
      refused = refusal_for(each, *response, permission);
    }
    return response;
  };
  const Result<std::vector<Response>> pages = send_for_all_pages(watched, request);
  if (!pages) {
    return tl::unexpected(refused ? Errors{std::move(*refused)} : pages.error());
  }
  std::vector<Json> rows;
  for (const Response& page : *pages) {
    Json json = Json::parse(page.body, nullptr, false);
    if (!json.is_array()) {
      return tl::unexpected(Errors{no_answer(request, fmt::format("a list of {}", what))});
    }
    std::ranges::move(json, std::back_inserter(rows));
  }
  return rows;
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
