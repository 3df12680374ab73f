// SPDX-License-Identifier: Apache-2.0
// The names that MetaData(naming_convention={…}) gives to what has none.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/facts/models.h"

namespace spiritsafe {

struct NamingParts {
  std::string_view schema = {};
  std::string_view table = {};
  std::span<const std::string_view> columns = {};
  std::string_view referred_table = {};
  std::span<const std::string_view> referred_columns = {};
  std::string_view constraint_name = {};  // empty: it has none
};

// `key` is `ix`, `uq`, `ck`, `fk` or `pk`. Absent: the convention says nothing of it, and PostgreSQL finds a name.
// Unknown: it asks for something that is not known, or for a name that is not there.
Text conventional_name(const ModelsFacts& models, std::string_view key, const NamingParts& parts, Arena& arena);

}  // namespace spiritsafe
