// SPDX-License-Identifier: Apache-2.0
// What a platform says about sending less: whether it is meant, and how long to wait. Times come from the answer's own
// `Date`, so that a wrong clock here does not matter.
#pragma once

#include <chrono>

#include "adapters/http/message.h"

namespace spiritsafe {

// 429, or a 403 that is about the number of requests and not about permission.
bool is_rate_limited(const Response& response);

// How long to wait before the same request is sent again: Retry-After as it says; else until the limit is reset, at
// least a minute; else (a secondary limit that names no time) a minute, doubled with each earlier wait.
std::chrono::seconds rate_limit_wait(const Response& response, int earlier_waits);

// Of an answer of another kind (503): Retry-After; 0 where there is none.
std::chrono::seconds retry_after(const Response& response);

}  // namespace spiritsafe
