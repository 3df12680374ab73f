// SPDX-License-Identifier: Apache-2.0
// What keeps rules linear that compare the operations of a long file with each other: long lists are looked up by the
// value of one field instead of being walked, and blocks that do not depend on the judged item are asked once for each
// list. None of it changes an answer.
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "engine/policy/policy.h"

namespace spiritsafe {

// How a quantifier's list may be narrowed.
struct JoinPlan {
  // A test that must hold in the block: its one field equals constants, or is the same as something of the judged item.
  const Condition* key = nullptr;
  // The block asks nothing about named items and sets no names: its answer depends on the list alone.
  bool stands_alone = false;
};

// The positions in one list, by the text of one field.
struct TextIndex {
  std::vector<std::pair<std::string_view, uint32_t>> known = {};  // sorted
  std::vector<uint32_t> absent = {};
  std::vector<uint32_t> unknown = {};
};

class JoinIndexes {
 public:
  // Forgets the lists of the file before, not the plans.
  void begin_file();
  const JoinPlan& plan_of(const Matcher& matcher);
  const TextIndex& index_of(const Field& field, const Items& list);
  // The remembered answer for a list, or nullptr; and where to remember it.
  const Truth* remembered(const Matcher& matcher, const Items& list) const;
  void remember(const Matcher& matcher, const Items& list, Truth answer);

 private:
  using ListKey = std::pair<const void*, std::pair<const std::byte*, uint32_t>>;
  std::map<const Matcher*, JoinPlan> plans_;
  std::map<ListKey, TextIndex> indexes_;
  std::map<ListKey, Truth> answers_;
  std::map<ListKey, Truth> lasting_;  // of lists of files and migrations, which are a project's and stay as long as it
};

// Shorter lists are walked.
inline constexpr uint32_t shortest_join = 24;

// The list that a run of operations is a part of, so that `earlier` and `later` of all operations share one index.
Items whole_list(const Items& part);

}  // namespace spiritsafe
