// SPDX-License-Identifier: Apache-2.0
// The first words of a statement that PostgreSQL's parser refuses: what it does, and to which table. Internal to
// engine/read.
#pragma once

#include <string>
#include <string_view>

namespace spiritsafe {

struct SqlHead {
  std::string_view kind = {};  // `drop_table`; empty: the words do not say it
  std::string schema = {};
  std::string table = {};
  bool temporary = false;
  bool if_exists = false;  // IF EXISTS or IF NOT EXISTS
};
SqlHead sql_head_of(std::string_view sql);

}  // namespace spiritsafe
