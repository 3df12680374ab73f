// SPDX-License-Identifier: Apache-2.0
// Operators on values that need no items: texts, numbers, lists of texts.
#pragma once

#include "engine/policy/policy.h"

namespace spiritsafe {

struct Room;

// A number that is known to lie in [low, high].
Truth in_range(const Range& range, int64_t low, int64_t high);
inline constexpr int64_t no_upper_bound = INT64_MAX;  // an open list may have any number of further items

// `value` held against the operators from `equals` to `duplicates`, and `some`, `every`, `none` on texts. `same_as` and
// `same_items_as` are given their other side; inside of a list of texts they look it up for themselves, for which they
// need to know who is asked.
struct Asking {
  Item item = {};
  const Room& room;
};
Truth match_value(const Matcher& matcher, const Value& value, Type type, const Asking* asking = nullptr);
Truth match_other(const Matcher& matcher, const Value& value, const Value& other, Type type);

}  // namespace spiritsafe
