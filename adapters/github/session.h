// SPDX-License-Identifier: Apache-2.0
// A client for GitHub's REST API as GITHUB_TOKEN, GITHUB_API_URL and the machine's surroundings say.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "adapters/github/event.h"
#include "adapters/http/pages.h"
#include "adapters/platform/session.h"
#include "engine/text/error.h"

namespace spiritsafe::github {

// An error where there is no token, or where nothing can be sent.
Result<Session> open_session(const std::function<std::string(std::string_view name)>& environment,
                             const Context& context, const SessionOptions& options);

// An app's token (that of GitHub Actions is one) has no user of its own that could be asked for; what it writes is by a
// bot. For the token of a person: their login.
std::string find_login(const std::function<std::string(std::string_view name)>& environment, const Send& send);

}  // namespace spiritsafe::github
