// SPDX-License-Identifier: Apache-2.0
#include "adapters/report/graph_excerpt.h"

#include <algorithm>
#include <deque>
#include <map>
#include <vector>

namespace spiritsafe {
namespace {

constexpr size_t most_drawings = 5;
constexpr size_t most_revisions = 30;  // of each

// Rows on the way from the heads to their nearest common ancestor, breadth first.
std::vector<size_t> rows_near_heads(const Drawing& drawing, size_t most) {
  std::deque<size_t> open;
  std::vector<bool> seen(drawing.revisions.size(), false);
  for (size_t row = 0; row < drawing.revisions.size(); ++row) {
    if (drawing.revisions[row].head) {
      open.push_back(row);
      seen[row] = true;
    }
  }
  if (open.empty() && !drawing.revisions.empty()) {  // a circle has none
    open.push_back(0);
    seen[0] = true;
  }
  size_t heads = open.size();
  std::vector<size_t> rows;
  while (!open.empty() && rows.size() < most) {
    const size_t row = open.front();
    open.pop_front();
    rows.push_back(row);
    heads -= heads > 0 ? 1 : 0;
    if (open.empty() && heads == 0 && rows.size() > 1 && !drawing.revisions[row].head) {
      break;  // here they meet
    }
    for (const size_t parent : drawing.revisions[row].parent_rows) {
      if (!seen[parent]) {
        seen[parent] = true;
        open.push_back(parent);
      }
    }
  }
  std::ranges::sort(rows);
  return rows;
}

// The numbers that the rows have among those kept.
std::vector<size_t> renumbered(const std::vector<size_t>& rows, const std::map<size_t, size_t>& numbers) {
  std::vector<size_t> out;
  for (const size_t row : rows) {
    if (const auto found = numbers.find(row); found != numbers.end()) {
      out.push_back(found->second);
    }
  }
  return out;
}

}  // namespace

Drawing excerpt_of(const Drawing& drawing, size_t most) {
  Drawing excerpt = drawing;
  excerpt.revisions.clear();
  const std::vector<size_t> rows = rows_near_heads(drawing, most);
  std::map<size_t, size_t> numbers;
  for (const size_t row : rows) {
    numbers.emplace(row, numbers.size());
  }
  for (const size_t row : rows) {
    DrawnRevision revision = drawing.revisions[row];
    revision.parent_rows = renumbered(revision.parent_rows, numbers);
    revision.dependency_rows = renumbered(revision.dependency_rows, numbers);
    excerpt.revisions.push_back(std::move(revision));
  }
  return excerpt;
}

std::string draw_excerpts(std::span<const Drawing> drawings) {
  std::vector<Drawing> excerpts;
  for (const Drawing& drawing : drawings.first(std::min(drawings.size(), most_drawings))) {
    excerpts.push_back(excerpt_of(drawing, most_revisions));
  }
  const auto formats = graph_formats();
  const auto mermaid = std::ranges::find(formats, std::string_view("mermaid"), &GraphFormat::name);
  return excerpts.empty() || mermaid == formats.end() ? std::string() : mermaid->write(excerpts, false);
}

}  // namespace spiritsafe
