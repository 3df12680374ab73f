// SPDX-License-Identifier: Apache-2.0
// Who approved a pull request: reviews and labels, with what the decision needs to know of the people behind them.
// Nothing is decided here. What the token may not read is not guessed: then an approval lacks it, and a note says so.
#pragma once

#include <string>
#include <vector>

#include "adapters/github/pull_request.h"
#include "engine/judge/approvals.h"

namespace spiritsafe::github {

struct GivenApprovals {
  Approvals approvals = {};  // without digests
  std::vector<std::string> notes = {};
};

// The list of reviews, which is asked for first; what else is asked follows from the answers.
Request reviews_request(const Context& context);

// `groups`: the members of each group, as `approvers:` names them. Only their labels are asked about, and only their
// teams (`github:acme/dba`), of people whom the group does not name itself.
Result<GivenApprovals> read_approvals(const Send& send, const Context& context, const PullRequest& pull,
                                      const std::vector<std::vector<std::string>>& groups);

}  // namespace spiritsafe::github
