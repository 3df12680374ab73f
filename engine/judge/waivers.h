// SPDX-License-Identifier: Apache-2.0
// Waivers: the one place that decides what is waived, whoever wrote it down.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/judge/evaluate.h"
#include "engine/judge/finding.h"
#include "engine/judge/prepare.h"
#include "engine/policy/waiver_file.h"

namespace spiritsafe {

// The lines that a change adds to files, by path: first and last, from 1.
using AddedLines = std::map<std::string, std::vector<std::pair<uint32_t, uint32_t>>>;

// A waiver made ready for asking. What it speaks of is its rule and its place.
struct ReadyWaiver {
  const Rule* rule = nullptr;  // of its id or a former one; nullptr: the policy has none
  const File* file = nullptr;  // an inline waiver speaks of its own file only
  uint32_t covers_line = 0;    // 0: the whole file
  std::string_view until = {};
  std::string_view reason = {};
  bool expired = false;
  std::string mistake = {};           // not empty: it waives nothing
  const FileWaiver* entry = nullptr;  // of the team's file; nullptr: an inline waiver
  bool proposed = false;              // the change itself brings it: on what stops the change it is only a request
};

struct WaiverDecision {
  enum class Answer : uint8_t { not_waived, ended, requested, baseline, waived };
  Answer answer = Answer::not_waived;
  std::string reason = {};        // the waiver's, or when it ended
  std::vector<size_t> used = {};  // the waivers that speak of the finding, ended ones too
};

// The inline waivers of a file.
struct OwnWaivers {
  std::span<const InlineWaiver> written = {};
  const File* file = nullptr;
  const File* before = nullptr;          // its version of the merge base, where the change touches it
  const Migration* migration = nullptr;  // nullptr: it is no migration
};

// The inline waivers of a file, held to the policy. `today` is YYYY-MM-DD, or empty: then no waiver has ended.
// `added_lines`: see JudgeOptions.
std::vector<ReadyWaiver> ready_waivers(const PreparedPolicy& policy, const OwnWaivers& own, std::string_view today,
                                       const AddedLines* added_lines);

// The waivers of the team's file, and those of the change's own that the team's has not.
std::vector<ReadyWaiver> ready_waivers(const PreparedPolicy& policy, const WaiverFile* waivers,
                                       const WaiverFile* proposed, std::string_view today);

// All waivers are tried. One whose last day is over waives nothing; the reason says when it ended. The finding must
// still have its item and its fingerprint.
WaiverDecision is_waived(const Finding& finding, std::span<const ReadyWaiver> waivers, Room& room);

}  // namespace spiritsafe
