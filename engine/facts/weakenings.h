// SPDX-License-Identifier: Apache-2.0
// From what was found to have become weaker to facts that a rule can be asked about.
#pragma once

#include <string>
#include <vector>

#include "engine/facts/project.h"

namespace spiritsafe {

// One thing that a change takes away from the checks, by whoever found it: the comparison of two policies, of waivers,
// of workflows, or of a commit's message.
struct FoundWeakening {
  WeakeningKind kind = WeakeningKind::level_lowered;
  std::string subject = {};  // the rule, setting or job; empty where there is none
  std::string before = {};   // empty: nothing was there
  std::string after = {};    // empty: nothing is there
  std::string text = {};     // the whole in words, without a full stop
  std::string path = {};     // the file that says it now; empty: none does
  uint32_t line = 0;         // from 1; 0: the first line that names the subject, else the file as a whole
};

// Appends them to project.weakenings. A path that is none of project.files leaves the weakening without a place.
void add_weakenings(Project& project, const std::vector<FoundWeakening>& found);

}  // namespace spiritsafe
