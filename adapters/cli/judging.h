// SPDX-License-Identifier: Apache-2.0
// The stages that `check`, `fix` and `explain` share: find, load the policy, read, judge.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "adapters/cli/options.h"
#include "adapters/files/find_policy.h"
#include "adapters/files/workspace.h"
#include "engine/judge/judge.h"
#include "engine/read/read.h"

namespace spiritsafe {

// Milliseconds of each stage; reading and judging of all files together.
struct Timing {
  double find = 0, policy = 0, read = 0, judge = 0;
};

// Some projects with one policy, read; the facts live as long as the visit.
struct Batch {
  std::vector<const Project*> projects = {};
  std::vector<const FoundProject*> found = {};  // how each was found; nullptr: the scripts around the projects
  const PreparedPolicy* policy = nullptr;
  JudgeOptions options = {};
  ReadOptions read_options(size_t project) const;
};

struct Visit {
  Policies policies = {};
  std::vector<std::unique_ptr<const PreparedPolicy>> prepared = {};
  size_t migrations = 0;
  size_t projects = 0;
  unsigned threads = 1;
  std::vector<std::string> notes = {};
  Timing timing = {};
};

// Finds, loads, reads; calls `visitor` for each batch, so that memory does not grow with the repository. `today` is
// used where the arguments name no date.
Result<Visit> visit_workspace(const JudgeArguments& arguments, const std::string& today,
                              const std::function<void(const Batch&)>& visitor);

struct WorkspaceJudgement {
  Judgement judgement = {};  // its findings have no `item` and no `file` any more: the facts are gone
  Visit visit = {};
};
Result<WorkspaceJudgement> judge_workspace(const JudgeArguments& arguments, const std::string& today);

// The findings of one batch, with their facts.
Judgement judge_batch(const Batch& batch, std::vector<std::string>& notes);

PolicyRequest policy_request(const JudgeArguments& arguments);

}  // namespace spiritsafe
