// SPDX-License-Identifier: Apache-2.0
// Facts as short lines, for tests: what is absent, false or empty is left out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/facts/vocabulary.h"
#include "engine/read/read.h"

namespace spiritsafe {

// A revision file that was read; the file must stay where it is.
struct ReadFile {
  std::unique_ptr<File> file = {};
  std::unique_ptr<Migration> migration = {};
};
ReadFile read_text(std::string_view text, const ReadOptions& options = {}, std::string_view path = "versions/a1_x.py");

// One line of an item: `add_column table=user target=email column.type=…`.
std::string dump_item(const Entity& entity, const void* item, const std::vector<std::string_view>& leave_out);
std::string dump_operations(const List<Operation>& list);
// The operations of upgrade(), then, behind `down:`, those of downgrade().
std::string dump(const Migration& migration);
// Everything, one item a line: for people.
std::string dump_all(const Migration& migration);

}  // namespace spiritsafe
