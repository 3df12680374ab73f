// SPDX-License-Identifier: Apache-2.0
// The names that PostgreSQL gives what is not named: `item_owner_id_fkey`.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace spiritsafe {

inline constexpr size_t longest_identifier = 63;  // bytes

// `one_two_label`, where the longer of the two gives way until all fits into 63 bytes. `two` may be empty.
std::string object_name(std::string_view one, std::string_view two, std::string_view label);

// The first of object_name(…, label), …label1, …label2 and so on that is not taken.
std::string free_object_name(std::string_view one, std::string_view two, std::string_view label,
                             const std::function<bool(std::string_view)>& is_taken);

// The names of several columns as one part of such a name.
std::string joined_columns(std::span<const std::string_view> columns);

// What SQLAlchemy makes of a name that op.f() or a naming convention gives and that is too long.
std::string shortened_by_sqlalchemy(std::string_view name);

}  // namespace spiritsafe
