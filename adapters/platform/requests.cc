// SPDX-License-Identifier: Apache-2.0
#include "adapters/platform/requests.h"

#include <nlohmann/json.hpp>

namespace spiritsafe {

std::string show_requests(const std::vector<Request>& requests) {
  using Json = nlohmann::ordered_json;
  std::string out = "[";
  for (const Request& request : requests) {
    out += out.size() > 1 ? ",\n " : "";
    Json body = request.body.empty() ? Json() : Json::parse(request.body, nullptr, false);
    const Json json = {{"method", request.method}, {"path", request.url}, {"body", std::move(body)}};
    out += json.dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  return out + "]\n";
}

}  // namespace spiritsafe
