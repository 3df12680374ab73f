// SPDX-License-Identifier: Apache-2.0
#include "adapters/platform/answers.h"

#include <algorithm>

namespace spiritsafe {

using Json = nlohmann::json;

const Json& value_at(const Json& json, std::initializer_list<const char*> keys) {
  static const Json nothing;
  const Json* at = &json;
  for (const char* key : keys) {
    if (!at->is_object() || !at->contains(key)) {
      return nothing;
    }
    at = &(*at)[key];
  }
  return *at;
}

std::string text_at(const Json& json, std::initializer_list<const char*> keys) {
  const Json& value = value_at(json, keys);
  return value.is_string() ? value.get<std::string>() : std::string();
}

uint64_t number_at(const Json& json, std::initializer_list<const char*> keys) {
  const Json& value = value_at(json, keys);
  return value.is_number_unsigned() ? value.get<uint64_t>() : 0;
}

bool is_commit(std::string_view text) {
  return (text.size() == 40 || text.size() == 64) &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos &&
         text.find_first_not_of('0') != std::string_view::npos;
}

Result<std::vector<Json>> read_rows(const Send& send, const Request& request, const Refusal& refusal,
                                    const std::function<Error()>& not_a_list) {
  std::optional<Error> refused;
  const Send watched = [&](const Request& each) {
    Result<Response> response = send(each);
    if (response && !is_success(*response)) {
      refused = refusal(each, *response);
    }
    return response;
  };
  const Result<std::vector<Response>> pages = send_for_all_pages(watched, request);
  if (!pages) {
    return tl::unexpected(refused ? Errors{std::move(*refused)} : pages.error());
  }
  std::vector<Json> rows;
  for (const Response& page : *pages) {
    Json json = Json::parse(page.body, nullptr, false);
    if (!json.is_array()) {
      return tl::unexpected(Errors{not_a_list()});
    }
    std::ranges::move(json, std::back_inserter(rows));
  }
  return rows;
}

}  // namespace spiritsafe
