// SPDX-License-Identifier: Apache-2.0
// One line of source, and what it comes to: what the tables of the tests are made of.
#pragma once

#include <string>
#include <string_view>

#include "tests/read/dump.h"

namespace spiritsafe {

struct Case {
  std::string_view source;
  std::string_view facts;
};

// The source as the body of upgrade(), under the imports that migrations have.
std::string in_upgrade(std::string_view body);
// The operations of upgrade() with this body.
std::string upgrade_of(std::string_view body);
// The column in `op.add_column("t", …)`.
std::string column_of(std::string_view column);

}  // namespace spiritsafe
