// SPDX-License-Identifier: Apache-2.0
// Do two texts of SQL say the same? Nothing is parsed: what is written in other words may still be the same.
#pragma once

#include <string>
#include <string_view>

#include "engine/facts/kinds.h"
#include "engine/facts/value.h"

namespace spiritsafe {

// Without casts, outer parentheses and what spaces and the case of words add; `now()` is `current_timestamp`.
std::string normalised_sql(std::string_view text);

// Of server defaults of a column of that type, both known. No: both are plain literals, and not the same one.
Truth same_default(std::string_view one, std::string_view other, const Fact<TypeFamily>& family);

// Of other expressions, both known. No: they differ in one literal, operator or name alone.
Truth same_expression(std::string_view one, std::string_view other);

}  // namespace spiritsafe
