// SPDX-License-Identifier: Apache-2.0
#include "adapters/platform/session.h"

#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "adapters/http/surroundings.h"
#include "adapters/http/url.h"

namespace spiritsafe {
namespace {

using std::chrono::milliseconds;

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

}  // namespace

Result<Session> open_session(ClientSettings settings, const ReadVariable& environment, const SessionOptions& options) {
  Result<Certificates> certificates = read_certificates(options.ca_file, environment);
  if (!certificates) {
    return tl::unexpected(certificates.error());
  }
  settings.certificates = std::move(certificates->pem);
  settings.proxies = read_proxies(environment);
  settings.user_agent = fmt::format("spiritsafe/{}", options.version.empty() ? "0" : options.version);
  settings.say = options.say;
  settings.clock = system_clock();
  if (const double scale = time_scale(environment, settings.address); scale < 1) {
    scale_time(settings, scale);
  }
  const Clock clock = settings.clock;
  Result<Client> client = Client::open(std::move(settings));
  if (!client) {
    return tl::unexpected(client.error());
  }
  return Session{std::move(*client), clock, std::move(certificates->notes)};
}

}  // namespace spiritsafe
