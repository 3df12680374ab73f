// SPDX-License-Identifier: Apache-2.0
// Approvals: who said yes to what, and whether that is enough. The one place that decides it, wherever they were given.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/judge/finding.h"

namespace spiritsafe {

// A review, or a label on the change, with the version of the code that it was given for.
struct Approval {
  enum class Kind : uint8_t { review, label };
  enum class Answer : uint8_t { approved, changes_requested, dismissed };
  Kind kind = Kind::review;
  Answer answer = Answer::approved;     // a label is there or is not: always `approved`
  std::string label = {};               // of a label
  std::string user = {};                // who reviewed, who set the label
  std::vector<std::string> teams = {};  // `organisation/team` that the user is in
  bool bot = false;
  bool can_write = false;                           // to the repository
  std::string commit = {};                          // that was looked at
  std::map<std::string, std::string> digests = {};  // path → digest of the code of its files at that commit
  std::vector<std::string> findings = {};           // fingerprints; not empty: it speaks of these only
};

// The approvals of one change, oldest first.
struct Approvals {
  std::string platform = {};              // `github` or `gitlab`, as in `approvers:`
  std::vector<std::string> authors = {};  // who opened the change or has commits in it: they never approve
  std::string head = {};                  // the newest commit of the change, which is judged
  std::vector<Approval> given = {};
};

// What an approval of a rule's findings takes.
ApprovalNeed approval_need(const Rule& rule, const Policy& policy);

struct ApprovalDecision {
  bool approved = false;
  std::string reason = {};                  // `approved by jane (dba)`
  std::vector<std::string> set_aside = {};  // approvals that do not count, and why; only where none counts
};

// `digest` is that of the code of the finding's file. An approval counts for the code that it was given for: where the
// digest is among those of its commit, wherever the file was then. Without a file or a digest it counts at the head
// only. Of several reviews of one person the last one is theirs.
ApprovalDecision decide_approval(const Finding& finding, const ApprovalNeed& need, const Policy& policy,
                                 const Approvals& approvals, std::string_view digest);

// In words: `someone of dba (github:jane, github:acme/dba), by review`.
std::string show_need(const ApprovalNeed& need);

}  // namespace spiritsafe
