// SPDX-License-Identifier: Apache-2.0
#include "engine/facts/shrinks.h"

#include <vector>

namespace spiritsafe {
namespace {

// Whether `now` holds less than `before`, where an absent number is no limit.
Truth gets_smaller(const Number& before, const Number& now) {
  if (now.is_absent()) {
    return Truth::no;
  }
  if (before.is_absent()) {
    return Truth::yes;
  }
  return before.is_unknown() || now.is_unknown() ? Truth::unknown : truth(now.value < before.value);
}

// Numeric(p) has the scale 0; without a precision there is no limit to either.
Number digits_before_point(const Number& precision, const Number& scale) {
  if (precision.is_known() && scale.is_known()) {
    return known(precision.value - scale.value, precision.span);
  }
  return scale.is_unknown() ? unknown<int64_t>(scale.span) : precision;
}

Number scale_of(const Number& precision, const Number& scale) {
  return scale.is_absent() && precision.is_known() ? known<int64_t>(0, precision.span) : scale;
}

bool is(const Fact<TypeFamily>& fact, TypeFamily family) { return fact.is_known() && fact.value == family; }

}  // namespace

Texts find_shrinks(Arena& arena, const Operation& operation) {
  const bool texts =
      is(operation.type_family, TypeFamily::string) &&
      (is(operation.existing_type_family, TypeFamily::string) || is(operation.existing_type_family, TypeFamily::text));
  const bool numerics =
      is(operation.type_family, TypeFamily::numeric) && is(operation.existing_type_family, TypeFamily::numeric);
  if (!texts && !numerics) {
    return {{}, State::absent, false};
  }
  std::vector<Text> found;
  bool open = false;
  const auto add = [&](std::string_view what, const Number& old, const Number& made) {
    const Truth smaller = gets_smaller(old, made);
    open = open || smaller == Truth::unknown;
    if (smaller == Truth::yes) {
      found.push_back(known(what, made.span));
    }
  };
  if (texts) {
    add("length", operation.existing_length, operation.length);
  } else {
    add("digits", digits_before_point(operation.existing_precision, operation.existing_scale),
        digits_before_point(operation.precision, operation.scale));
    add("scale", scale_of(operation.existing_precision, operation.existing_scale),
        scale_of(operation.precision, operation.scale));
  }
  return {arena.copy(found), State::known, open};
}

}  // namespace spiritsafe
