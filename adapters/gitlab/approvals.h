// SPDX-License-Identifier: Apache-2.0
// Who approved a merge request: approvals and labels, with what the decision needs to know of the people behind them.
// Nothing is decided here. What the token may not read is not guessed: then an approval lacks it, and a note says so.
#pragma once

#include <string>
#include <vector>

#include "adapters/gitlab/diff.h"
#include "engine/judge/approvals.h"

namespace spiritsafe::gitlab {

struct MergeRequest {
  std::string author = {};
  std::string description = {};
  std::vector<std::string> labels = {};
};

Request merge_request_request(const Job& job);
Result<MergeRequest> read_merge_request(const Send& send, const Job& job);

struct GivenApprovals {
  Approvals approvals = {};  // without digests
  std::vector<std::string> notes = {};
};

Request approvals_request(const Job& job);

// GitLab does not say which commit was approved. It is the newest one that GitLab had when the approval was given, by
// the times of its own notes, label events and versions. `groups`: the members of each group, as `approvers:` names
// them; only their labels and their groups on GitLab (`gitlab:acme/dba`) are asked about.
Result<GivenApprovals> read_approvals(const Send& send, const Job& job, const MergeRequest& request,
                                      const std::vector<std::vector<std::string>>& groups);

}  // namespace spiritsafe::gitlab
