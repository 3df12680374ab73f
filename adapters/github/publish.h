// SPDX-License-Identifier: Apache-2.0
// Makes GitHub have what is wanted, whatever gets lost on the way.
#pragma once

#include <chrono>
#include <functional>

#include "adapters/github/check_run.h"
#include "adapters/github/comment.h"
#include "adapters/http/pages.h"

namespace spiritsafe::github {

// Asks what GitHub has, sends what is missing, and after a request of which it is not known whether it had its effect
// asks again before anything else is sent. An error where GitHub refuses, or where too much gets lost; running again
// goes on from there. `pause` lets GitHub finish what it may still be doing.
Result<void> publish_check_run(const Send& send, const CheckRun& wanted,
                               const std::function<void(std::chrono::seconds)>& pause);

Result<void> publish_comment(const Send& send, const Comment& wanted,
                             const std::function<void(std::chrono::seconds)>& pause);

}  // namespace spiritsafe::github
