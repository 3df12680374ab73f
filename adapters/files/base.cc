// SPDX-License-Identifier: Apache-2.0
#include "adapters/files/base.h"

#include <algorithm>

namespace spiritsafe {

void apply_change(File& file, const Base* base) {
  if (!base) {
    return;
  }
  const auto found = base->changes.find(file.source.path);
  file.change = found == base->changes.end() ? Change::unchanged : found->second.change;
  file.on_base = file.change != Change::added;
  if (file.change == Change::added) {
    return;
  }
  for (Line& line : file.lines) {
    line.added = found != base->changes.end() &&
                 std::ranges::any_of(found->second.added_lines, [&](const std::pair<uint32_t, uint32_t>& lines) {
                   return lines.first <= line.number && line.number <= lines.second;
                 });
  }
}

}  // namespace spiritsafe
