// SPDX-License-Identifier: Apache-2.0
#include "adapters/github/session.h"

#include <nlohmann/json.hpp>

#include "adapters/http/surroundings.h"

namespace spiritsafe::github {
namespace {

using std::chrono::milliseconds;

// GitHub asks for it between requests that make content.
constexpr milliseconds between_writes{1'000};
// How installation tokens begin.
constexpr std::string_view app_token_prefix = "ghs_";

Error no_token() {
  Error error;
  error.message = "GITHUB_TOKEN is not set";
  error.hints = {"expected `env: {GITHUB_TOKEN: ${{ github.token }}}` at the step that runs this",
                 "--dry-run shows what would be sent, and needs no token"};
  return error;
}

}  // namespace

Result<Session> open_session(const ReadVariable& environment, const Context& context, const SessionOptions& options) {
  ClientSettings settings;
  settings.address = context.api;
  settings.token = environment("GITHUB_TOKEN");
  settings.token_name = "GITHUB_TOKEN";
  if (settings.token.empty()) {
    return tl::unexpected(Errors{no_token()});
  }
  settings.headers = {{"Accept", "application/vnd.github+json, application/json"},
                      {"X-GitHub-Api-Version", "2022-11-28"}};
  settings.between_writes = between_writes;
  return spiritsafe::open_session(std::move(settings), environment, options);
}

std::string find_login(const ReadVariable& environment, const Send& send) {
  if (environment("GITHUB_TOKEN").starts_with(app_token_prefix)) {
    return {};
  }
  const Result<Response> response = send({"GET", "/user", {}, "", false});
  if (!response || !is_success(*response)) {
    return {};
  }
  const nlohmann::json json = nlohmann::json::parse(response->body, nullptr, false);
  return json.is_object() && json.contains("login") && json["login"].is_string() ? json["login"].get<std::string>()
                                                                                 : std::string();
}

}  // namespace spiritsafe::github
