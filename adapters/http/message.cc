// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/message.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/text/printable.h"

namespace spiritsafe {

std::string_view header_of(const Response& response, std::string_view name) {
  const auto found = std::ranges::find(response.headers, name, &Header::name);
  return found == response.headers.end() ? std::string_view{} : std::string_view(found->value);
}

bool is_success(const Response& response) { return response.status >= 200 && response.status < 300; }

bool is_write(const Request& request) { return request.method != "GET" && request.method != "HEAD"; }

bool may_repeat(const Request& request) {
  return request.repeatable || !is_write(request) || request.method == "PUT" || request.method == "DELETE";
}

std::string show_request_id(const Response& response) {
  for (const std::string_view name : {"x-github-request-id", "x-request-id"}) {
    if (const std::string_view id = header_of(response, name); !id.empty()) {
      return fmt::format(" (request id {})", shortened(printable(id), 80));
    }
  }
  return {};
}

}  // namespace spiritsafe
