// SPDX-License-Identifier: Apache-2.0
// Where a run on GitHub Actions stands: which repository, commit and pull request it speaks about. Sources: the default
// variables and the webhook payload of GITHUB_EVENT_PATH, which is frozen when the run is triggered (labels may have
// changed since).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/text/error.h"

namespace spiritsafe::github {

// The label that was just set, where the event is about one.
struct Labelled {
  std::string label = {};
  std::string by = {};
};

struct Context {
  std::string event = {};       // `pull_request`, `merge_group`, …
  std::string api = {};         // https://api.github.com, https://host/api/v3
  std::string server = {};      // https://github.com
  std::string repository = {};  // `owner/name`, where the check run and the comment belong
  std::string head_sha = {};    // the commit that is judged; not the merge that is checked out
  uint64_t number = 0;          // of the pull request; 0: none is known
  // Of a workflow_run, which tells no number for forks: where its commit comes from, `owner:branch`.
  std::string head_label = {};
  std::string author = {};  // of the pull request
  std::vector<std::string> labels = {};
  Labelled labelled = {};
  bool is_fork = false;  // the commits come from another repository
  // The token may only read, whatever the workflow asks for: a fork's or Dependabot's run.
  bool is_read_only = false;
  std::string run_url = {};  // the page of this run; empty where it has none
};

// A number that only the platform can give: shown by its name in the requests of a dry run.
inline constexpr uint64_t unknown_number = UINT64_MAX;
// `12`; `{name}` where it is not known.
std::string show_number(uint64_t number, std::string_view name);

// An error where what must be known is missing or not what GitHub writes.
Result<Context> read_event(const std::function<std::string(std::string_view name)>& environment,
                           std::string_view event);

// For a dry run, which works anywhere: what is missing is replaced by its name in GitHub's own documentation
// (`{owner}/{repo}`, `{head_sha}`, `{pull_number}`), and `notes` says so.
Result<Context> read_event_for_show(const std::function<std::string(std::string_view name)>& environment,
                                    std::string_view event, std::vector<std::string>& notes);

}  // namespace spiritsafe::github
