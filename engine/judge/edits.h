// SPDX-License-Identifier: Apache-2.0
// Changes to a file's text: made from a rule's `autofix`, applied, and shown.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/judge/evaluate.h"
#include "engine/judge/finding.h"

namespace spiritsafe {

struct FileEdits {
  const File* file = nullptr;
  std::vector<Edit> edits = {};
};

// What the rule's autofix does about `item`, whose captures the room still holds. None where its place is not there or
// its text needs a value that is not known.
FileEdits make_edits(const Rule& rule, Item item, const Room& room);

// Sorted, the same edit once, and of two that overlap only the first.
std::vector<Edit> without_conflicts(std::vector<Edit> edits);
// The text with all of them made, after without_conflicts.
std::string apply_edits(std::string_view text, const std::vector<Edit>& edits);
// The same as whole lines, for a review.
std::optional<Suggestion> make_suggestion(std::string_view text, const LineIndex& lines,
                                          const std::vector<Edit>& edits);

// With three lines of context; empty where nothing differs.
std::string unified_diff(std::string_view path, std::string_view before, std::string_view after);

}  // namespace spiritsafe
