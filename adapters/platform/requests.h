// SPDX-License-Identifier: Apache-2.0
// `--dry-run`: the requests that would be sent, as JSON.
#pragma once

#include <string>
#include <vector>

#include "adapters/http/message.h"

namespace spiritsafe {

// `[{"method": "POST", "path": "/repos/o/r/check-runs", "body": {…}}, …]`, one request a line; body null where there is
// none. A request holds no token, so neither does this.
std::string show_requests(const std::vector<Request>& requests);

}  // namespace spiritsafe
