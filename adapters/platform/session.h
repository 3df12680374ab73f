// SPDX-License-Identifier: Apache-2.0
// A client for a platform's API as the machine's surroundings say: certificates, proxies, time.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/http/client.h"
#include "engine/text/error.h"

namespace spiritsafe {

struct SessionOptions {
  std::string ca_file = {};
  std::string version = {};                             // of the program, for the User-Agent
  std::function<void(std::string_view line)> say = {};  // what is being done: each write, each wait
};

struct Session {
  Client client;
  Clock clock = {};
  std::vector<std::string> notes = {};  // what the user should know about the surroundings
};

// `settings` holds what is the platform's own: address, token, headers, time between writes. An error where nothing can
// be sent.
Result<Session> open_session(ClientSettings settings,
                             const std::function<std::string(std::string_view name)>& environment,
                             const SessionOptions& options);

}  // namespace spiritsafe
