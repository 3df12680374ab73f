// SPDX-License-Identifier: Apache-2.0
// The names that PostgreSQL gives types, of the ways in which SQLAlchemy and SQL write them.
#pragma once

#include <string_view>

#include "engine/facts/kinds.h"
#include "engine/facts/value.h"
#include "engine/text/arena.h"

namespace spiritsafe {

// What is written of a type.
struct WrittenType {
  Text text = {};  // `String(length=5)`, `varchar(5)`
  Fact<TypeFamily> family = {};
  Number length = {};
  Number precision = {};
  Number scale = {};
};

// `character varying(5)`, as format_type() says it; unknown where it cannot be told. Enum types are not for here.
Text postgres_type(const WrittenType& type, Arena& arena);

}  // namespace spiritsafe
