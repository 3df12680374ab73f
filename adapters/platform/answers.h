// SPDX-License-Identifier: Apache-2.0
// A platform's answers read with care: whatever comes, a value is there with its type or it is empty.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "adapters/http/pages.h"
#include "engine/text/error.h"

namespace spiritsafe {

// What stands at a path of keys; null where there is nothing.
const nlohmann::json& value_at(const nlohmann::json& json, std::initializer_list<const char*> keys);
std::string text_at(const nlohmann::json& json, std::initializer_list<const char*> keys);
uint64_t number_at(const nlohmann::json& json, std::initializer_list<const char*> keys);

bool is_commit(std::string_view text);

// How a platform's refusal is told: with what the token lacks, where it is about that.
using Refusal = std::function<Error(const Request& request, const Response& response)>;

// All rows of all pages. The refusal of one page is an error of its own, so that what is missing can be named; an
// answer that is no list is what `not_a_list` says.
Result<std::vector<nlohmann::json>> read_rows(const Send& send, const Request& request, const Refusal& refusal,
                                              const std::function<Error()>& not_a_list);

}  // namespace spiritsafe
