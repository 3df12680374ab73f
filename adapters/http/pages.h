// SPDX-License-Identifier: Apache-2.0
// Lists that come in pages, each of which names the next one by a Link header.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "adapters/http/message.h"
#include "engine/text/error.h"

namespace spiritsafe {

using Send = std::function<Result<Response>(const Request& request)>;

// What `Link: <…>; rel="next"` names.
std::optional<std::string> next_link(const Response& response);

struct PageLimits {
  size_t pages = 500;
  size_t bytes = 128u << 20;  // of all bodies together
};

// All pages, the first one first. An error where one is no success, where a page lies at another origin, where the
// pages do not end, or where they go round: a list with a hole would be taken for the whole.
Result<std::vector<Response>> send_for_all_pages(const Send& send, Request request, const PageLimits& limits = {});

}  // namespace spiritsafe
