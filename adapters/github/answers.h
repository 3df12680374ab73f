// SPDX-License-Identifier: Apache-2.0
// What is GitHub's own about answers: its names, and how it says that a permission is missing.
#pragma once

#include <string_view>
#include <vector>

#include "adapters/platform/answers.h"

namespace spiritsafe::github {

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
