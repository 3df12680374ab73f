// SPDX-License-Identifier: Apache-2.0
// GitHub's answers read with care: whatever comes, a value is there with its type or it is empty.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "adapters/http/pages.h"
#include "engine/text/error.h"

namespace spiritsafe::github {

// What stands at a path of keys; null where there is nothing.
const nlohmann::json& value_at(const nlohmann::json& json, std::initializer_list<const char*> keys);
std::string text_at(const nlohmann::json& json, std::initializer_list<const char*> keys);
uint64_t number_at(const nlohmann::json& json, std::initializer_list<const char*> keys);

bool is_commit(std::string_view text);
// `owner/name`: what may stand in a path without being encoded, and leads nowhere else.
bool is_repository(std::string_view text);

// `what` is for errors: `reviews`. The refusal of one page is an error that names `permission`.
Result<std::vector<nlohmann::json>> read_rows(const Send& send, const Request& request, std::string_view what,
                                              std::string_view permission);

// A refusal, with the permission that is missing where it is about one.
Error refusal_for(const Request& request, const Response& response, std::string_view permission);
// An answer that is not what GitHub sends.
Error no_answer(const Request& request, std::string_view expected);

}  // namespace spiritsafe::github
