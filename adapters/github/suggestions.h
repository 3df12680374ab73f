// SPDX-License-Identifier: Apache-2.0
// Fixes as review comments whose ```suggestion a person accepts with a click: each made once, changed where it is
// another one now, taken away where there is nothing to be mended any more.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "adapters/github/event.h"
#include "adapters/http/pages.h"
#include "adapters/report/report.h"
#include "engine/judge/finding.h"

namespace spiritsafe::github {

struct SuggestedFix {
  std::string key = {};   // a fingerprint; the same in the next run
  std::string path = {};  // from the repository's top
  uint32_t start_line = 1;
  uint32_t end_line = 1;
  std::string body = {};  // Markdown, with a hidden mark at its begin
};

struct Suggestions {
  std::string repository = {};
  uint64_t number = 0;
  std::string head_sha = {};
  std::string name = {};    // of the check: two policies side by side do not touch each other's
  std::string author = {};  // whose comments are ours; empty: any bot's
  std::vector<SuggestedFix> fixes = {};
  size_t of = 0;  // how many there are, with those that have no line in the diff and those that are too many
};

// What blocks first, at most 30, and only such that all their lines are in the diff: GitHub takes no others.
Suggestions make_suggestions(const Judgement& judgement, const Context& context, const std::string& name,
                             const ReportOptions& options);

struct KnownFix {
  uint64_t id = 0;
  std::string author = {};
  bool is_bot = false;
  std::string path = {};
  uint32_t start_line = 0;  // 0: the line is in the diff no more
  uint32_t end_line = 0;
  std::string body = {};
  uint64_t reply_to = 0;
};

Request list_request(const Suggestions& wanted);
std::optional<std::vector<KnownFix>> read_known_fixes(const std::vector<Response>& pages);

// What brings those that are there into order, and which are missing.
struct FixChanges {
  std::vector<Request> requests = {};
  std::vector<SuggestedFix> missing = {};
};
FixChanges changes_for(const Suggestions& wanted, const std::vector<KnownFix>& known);

// All requests where there is none yet.
std::vector<Request> plan(const Suggestions& wanted);

struct PublishedFixes {
  size_t made = 0;
  size_t refused = 0;  // GitHub knows no such line in the diff
};
// All missing ones as one review, so that people get one message; where GitHub refuses it for one of them, each on its
// own. Errors as those of publish.h.
Result<PublishedFixes> publish_suggestions(const Send& send, const Suggestions& wanted,
                                           const std::function<void(std::chrono::seconds)>& pause);

}  // namespace spiritsafe::github
