// SPDX-License-Identifier: Apache-2.0
// The approvals of a change from a JSON file (`--approvals FILE`; README tells what is in it).
#pragma once

#include <string>
#include <string_view>

#include "engine/judge/approvals.h"
#include "engine/text/error.h"

namespace spiritsafe {

// Strict: an unknown, missing, repeated or mistyped key is an error, and all of them are told.
Result<Approvals> parse_approvals(std::string_view path, std::string_view text);
Result<Approvals> read_approvals(const std::string& path);

}  // namespace spiritsafe
