// SPDX-License-Identifier: Apache-2.0
// Showing a judgement on a platform. What a platform does is behind Publisher, so that `check` knows none of them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "adapters/cli/judging.h"
#include "adapters/cli/options.h"
#include "adapters/cli/run.h"
#include "adapters/report/report.h"
#include "engine/judge/finding.h"
#include "engine/text/error.h"

namespace spiritsafe {

// What came of publishing.
struct Publication {
  std::vector<std::string> lines = {};  // what is there now, in words: `check run spiritsafe: failure, 4 annotations`
  Errors errors = {};                   // why something is not there
  // The findings for people who look at the log, where the platform would not take them; in the platform's own words.
  std::string fallback = {};
  std::string requests = {};  // of a dry run, as JSON
};

// One platform, opened before there is something to publish.
struct Publisher {
  std::vector<std::string> notes = {};  // what the user should know before
  AskPlatform ask = {};                 // empty: nobody can be asked
  std::function<Publication(const Judgement& judgement, const ReportOptions& options)> publish = {};
};

// Nothing where nothing is to be published. What is wrong with the surroundings is an error of publishing, not of this:
// the verdict does not depend on it.
std::optional<Publisher> open_publisher(const CheckCommand& command, const Streams& streams);

// Publishes and says what came of it; whether all of it is there. What a dry run would send is all that it writes to
// the standard output.
bool publish(const Publisher& publisher, const CheckCommand& command, const Judgement& judgement,
             const ReportOptions& options, const Streams& streams);

}  // namespace spiritsafe
