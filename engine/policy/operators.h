// SPDX-License-Identifier: Apache-2.0
// The operators of conditions: one table for loading, "did you mean", the editors' JSON Schema and the reference page.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/policy/compiler.h"

namespace spiritsafe {

enum class OperatorKind : uint8_t {
  is,
  negation,
  same_as,
  through,
  matches,
  contains,
  starts_with,
  ends_with,
  one_of,
  length,
  words,
  bound,
  some,
  every,
  none,
  count,
  size,
  includes,
  same_items_as,
  duplicates,
};

struct Operator {
  std::string_view name;
  OperatorKind kind;
  std::vector<Type> types;    // of what it can be asked of
  std::string_view argument;  // what stands behind it, for people
  std::string_view help;
};

inline constexpr std::array<std::string_view, 4> bound_names = {"less_than", "at_most", "more_than", "at_least"};

const std::vector<Operator>& operators();
const Operator* find_operator(std::string_view name, Type type);
std::vector<std::string_view> operators_for(Type type);

// A test as one would write it in one line: `kind = add_column`.
std::string describe(const Condition& condition);

// Gives an item a name from here on. Refuses what would shadow an entity, a field or another name.
void add_capture(Compiler& compiler, const YamlNode& as, const Entity& entity, int& slot);
// Leaves a part of which a finding does not need that it holds: what was named in it is out of reach.
void leave_part(Compiler& compiler, size_t captures_before, std::string_view part);

}  // namespace spiritsafe
