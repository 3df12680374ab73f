// SPDX-License-Identifier: Apache-2.0
// All that GitHub shall show of a judgement.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/github/check_run.h"
#include "adapters/github/comment.h"
#include "adapters/github/event.h"
#include "adapters/github/suggestions.h"
#include "adapters/report/report.h"

namespace spiritsafe::github {

struct WantedOptions {
  std::string name = "spiritsafe";  // of the check run, and what tells two policies apart
  CommentPolicy comment = CommentPolicy::findings;
  bool report_only = false;
};

struct Wanted {
  CheckRun run = {};
  // Where there is a pull request to comment on. Whose comments are ours is for the caller to say.
  std::optional<Comment> comment = {};
  std::optional<Suggestions> suggestions = {};
};

Wanted wanted_for(const Judgement& judgement, const Context& context, const WantedOptions& options,
                  const ReportOptions& report);

// All requests, where GitHub has nothing yet.
std::vector<Request> plan(const Wanted& wanted);

// The report as Markdown of at most so many bytes, with links to the judged commit.
std::string report_for(const Judgement& judgement, const Context& context, const ReportOptions& report, size_t limit);

}  // namespace spiritsafe::github
