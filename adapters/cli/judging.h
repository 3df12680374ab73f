// SPDX-License-Identifier: Apache-2.0
// The stages that `check`, `fix` and `explain` share: find, load the policy, read, judge.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/cli/change.h"
#include "adapters/cli/deciding.h"
#include "adapters/cli/options.h"
#include "adapters/cli/places.h"
#include "adapters/cli/run.h"
#include "adapters/files/find_policy.h"
#include "adapters/files/workspace.h"
#include "adapters/report/graph.h"
#include "engine/judge/judge.h"
#include "engine/read/read.h"

namespace spiritsafe {

// Milliseconds of each stage. Reading is a part of judging: one thread does both for a project.
struct Timing {
  double find = 0, policy = 0, judge = 0;
};

// Some projects with one policy, read; the facts live as long as the batch.
struct Batch {
  std::vector<std::unique_ptr<Project>> read = {};
  std::vector<const Project*> projects = {};
  std::vector<const FoundProject*> found = {};  // how each was found; nullptr: the scripts around the projects
  const PreparedPolicy* policy = nullptr;
  const PreparedPolicy* preview = nullptr;  // the change's own policy, where another one decides
  JudgeOptions options = {};
  const Workspace* workspace = nullptr;  // that they were found in
  const Base* base = nullptr;            // that they are compared with, if any
  ReadOptions read_options(size_t project) const;
  // Reads the models of a project once more, with these texts (by path) for those of the files. What pointed to its
  // models before does so no more.
  void read_models_again(size_t project, const std::map<std::string, std::string>& texts) const;
};

struct Visit {
  Deciding deciding = {};
  std::vector<std::unique_ptr<const PreparedPolicy>> prepared = {};
  std::string base = {};  // what the change is compared with, as people call it; empty: nothing
  Places places = {};
  bool in_ci = false;
  bool is_whole = false;  // everything was judged: nothing was left out for being old or not being named
  std::string today = {};
  size_t migrations = 0;
  size_t changed = 0;  // migrations that the base has not or has otherwise; all of them without a base
  size_t projects = 0;
  unsigned threads = 1;
  std::vector<std::string> notes = {};
  Timing timing = {};
};

// What a platform is asked about the change before it is judged.
struct PlatformQuestion {
  std::vector<std::vector<std::string>> groups = {};  // the members of each, as `approvers:` names them
  std::vector<std::string> paths = {};                // that the change touches, from the repository's top
  // The digests of the code of the change's files as they were at a commit, by path; nothing where it is not here.
  std::function<std::optional<std::map<std::string, std::string>>(const std::string& commit)> digests_at = {};
};
// Nothing where it cannot be read, and a note says why.
struct PlatformAnswer {
  std::optional<Approvals> approvals = {};
  std::optional<std::string> description = {};  // of the pull or merge request
  std::vector<std::string> notes = {};
};
using AskPlatform = std::function<PlatformAnswer(const PlatformQuestion& question)>;

// What the program's surroundings say, as values.
struct Surroundings {
  std::string today = {};  // used where the arguments name no date
  Environment environment = {};
  AskPlatform ask_platform = {};  // empty: there is none
};
Surroundings surroundings(const Streams& streams);

// Finds, loads, reads; calls `visitor` for each batch in order, so that memory does not grow with the repository.
Result<Visit> visit_workspace(const JudgeArguments& arguments, const Surroundings& surroundings,
                              const std::function<void(const Batch&)>& visitor);

struct WorkspaceJudgement {
  std::vector<Drawing> drawings = {};  // of the projects with findings about their history
  Judgement judgement = {};            // its findings have no `item` and no `file` any more: the facts are gone
  Visit visit = {};
};
// The same with everything judged; as many batches side by side as there are threads.
Result<WorkspaceJudgement> judge_workspace(const JudgeArguments& arguments, const Surroundings& surroundings);

// The findings of one batch, with their facts.
Judgement judge_batch(const Batch& batch);

PolicyRequest policy_request(const JudgeArguments& arguments);

}  // namespace spiritsafe
