// SPDX-License-Identifier: Apache-2.0
// A baseline: today's findings of an old project as entries of its waiver file, so that only new ones stop anybody.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/judge/finding.h"
#include "engine/policy/waiver_file.h"

namespace spiritsafe {

// What a baseline accepts: findings that stand, but for those about waivers themselves.
bool belongs_in_baseline(const Finding& finding);

struct BaselineText {
  std::string until = {};
  std::string reason = {};
  bool places = true;  // behind each fingerprint, as a comment, where it is
};

// One entry for each rule, by id, with the fingerprints of its findings, one a line. Findings must have `rule` and
// `fingerprint`.
std::string write_baseline(std::vector<const Finding*> findings, const BaselineText& options);

// Fingerprints of the file's baseline that no finding has.
std::set<std::string> gone_from_baseline(const WaiverFile& waivers, const std::set<std::string>& fingerprints);

// The file's text without the lines of these fingerprints; everything else stays as it is. An entry keeps its last
// line, since one without any would not load: it is reported as unused.
std::string without_gone(const WaiverFile& waivers, const std::set<std::string>& gone);

}  // namespace spiritsafe
