// SPDX-License-Identifier: Apache-2.0
// The team's waivers (spiritsafe-waivers.yml): a list of what is accepted, why, and until when. Every mistake is
// reported, none is skipped.
#pragma once

#include "engine/policy/load.h"

namespace spiritsafe {

inline constexpr std::string_view waiver_file_name = "spiritsafe-waivers.yml";

struct FileWaiver {
  uint32_t line = 0;                       // of the entry
  Span span = {};                          // of the rule's id
  std::string rule = {};                   // as the policy calls it now
  std::string written = {};                // as the file calls it
  std::optional<Condition> on = {};        // about what the rule is asked about; absent: everything it finds
  int slot_count = 1;                      // of `on`
  std::vector<std::string> findings = {};  // fingerprints, sorted; not empty: only these (`baseline`)
  std::string reason = {};
  std::string until = {};  // YYYY-MM-DD, the last day
  std::string ticket = {};
  std::string approved_by = {};
  std::string text = {};  // all that it says, the same for two entries that say the same
};

struct WaiverFile {
  PolicyFile file = {};
  std::vector<FileWaiver> waivers = {};
};

// Held to the policy's rules and vocabulary; `today` is YYYY-MM-DD, or empty: then nothing is too far ahead.
Result<WaiverFile> load_waivers(const PolicyFile& file, const Policy& policy, std::string_view today);

// Days since 1970-01-01 of YYYY-MM-DD; nothing for what is no day.
std::optional<int> day_number(std::string_view date);
// The policy's `max_waiver_days`; 90 where it says nothing.
int longest_waiver(const Policy& policy);

}  // namespace spiritsafe
