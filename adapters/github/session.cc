// SPDX-License-Identifier: Apache-2.0
#include "adapters/github/session.h"

#include <charconv>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "adapters/http/surroundings.h"
#include "adapters/http/url.h"

namespace spiritsafe::github {
namespace {

using std::chrono::milliseconds;

// GitHub asks for it between requests that make content.
constexpr milliseconds between_writes{1'000};
// How installation tokens begin.
constexpr std::string_view app_token_prefix = "ghs_";

bool is_loopback(const std::string& address) {
  const std::optional<Url> url = parse_url(address);
  return url && (url->host == "127.0.0.1" || url->host == "localhost" || url->host == "[::1]");
}

// SPIRITSAFE_TIME_SCALE=0.01 makes all waits and deadlines a hundredth of what they are, for tests against a server on
// this machine. Elsewhere it counts for nothing, so that no workflow can be impatient with a platform.
double time_scale(const ReadVariable& environment, const std::string& address) {
  const std::string text = environment("SPIRITSAFE_TIME_SCALE");
  double scale = 1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), scale);
  const bool is_one = error == std::errc() && end == text.data() + text.size() && scale > 0 && scale <= 1;
  return is_one && is_loopback(address) ? scale : 1;
}

void scale_time(ClientSettings& settings, double scale) {
  const auto scaled = [scale](milliseconds time) {
    return milliseconds(static_cast<int64_t>(static_cast<double>(time.count()) * scale));
  };
  settings.limits.connect = scaled(settings.limits.connect);
  settings.limits.whole = scaled(settings.limits.whole);
  settings.clock.now = [clock = settings.clock, scale] {
    return milliseconds(static_cast<int64_t>(static_cast<double>(clock.now().count()) / scale));
  };
  settings.clock.sleep = [clock = settings.clock, scaled](milliseconds time) { clock.sleep(scaled(time)); };
}

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
  Result<Certificates> certificates = read_certificates(options.ca_file, environment);
  if (!certificates) {
    return tl::unexpected(certificates.error());
  }
  settings.certificates = std::move(certificates->pem);
  settings.proxies = read_proxies(environment);
  settings.user_agent = fmt::format("spiritsafe/{}", options.version.empty() ? "0" : options.version);
  settings.headers = {{"Accept", "application/vnd.github+json, application/json"},
                      {"X-GitHub-Api-Version", "2022-11-28"}};
  settings.between_writes = between_writes;
  settings.say = options.say;
  settings.clock = system_clock();
  if (const double scale = time_scale(environment, context.api); scale < 1) {
    scale_time(settings, scale);
  }
  const Clock clock = settings.clock;
  Result<Client> client = Client::open(std::move(settings));
  if (!client) {
    return tl::unexpected(client.error());
  }
  return Session{std::move(*client), clock, std::move(certificates->notes)};
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
