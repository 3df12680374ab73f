// SPDX-License-Identifier: Apache-2.0
// What a workspace is compared with: git's answers under the names that the workspace uses.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "adapters/files/base.h"
#include "adapters/files/workspace.h"
#include "adapters/git/repository.h"
#include "engine/judge/waivers.h"

namespace spiritsafe {

struct BaseRequest {
  std::string base = {};  // --base; empty: what CI says, else the remote's default branch
  bool staged = false;    // --staged
  bool all = false;       // --all: compare with nothing
};

struct WorkspaceBase {
  std::optional<Base> base = {};       // nothing: every migration is judged
  bool in_ci = false;                  // there the base's policy decides, with --all too
  std::string why_none = {};           // what to tell the user where there is nothing to compare with
  std::string name = {};               // the base as people call it: `main`
  std::vector<size_t> elsewhere = {};  // projects of another repository (a submodule): compared with nothing
  Repository repository = {};          // where there is a base
  std::string head = {};               // the change's own last commit, where CI says it
  std::string tip = {};                // the base's newest commit; empty where there is no base
  std::map<std::string, std::string> folders = {};  // of the repository (from its top) → of the workspace
  std::set<std::string> touched = {};  // git's paths of all that differs between the work tree and the base's tip
  std::set<std::string> changed = {};  // those of them that the change itself touches
  std::vector<Commit> commits = {};    // of the change
  AddedLines added_lines = {};         // in CI with --all: what the change adds, by the workspace's paths
};

// Leaves out of the workspace what a staged change does not hold. An error where the base that there must be is
// missing.
Result<WorkspaceBase> find_base(Workspace& workspace, const BaseRequest& request, const Environment& environment);

// The text that the base's tip has of a file of the workspace; nothing where it has none. Files outside the repository
// are the user's own and are read from the disk.
Result<std::optional<std::string>> read_at_tip(const WorkspaceBase& base, const std::string& path);

// The digests of the code that the change's files had at a commit (its 40 digits), by path from the repository's top;
// what was called otherwise then is among them where it was in the same folder. Nothing where the commit is not here.
std::optional<std::map<std::string, std::string>> digests_at(const WorkspaceBase& base, const std::string& commit);

// Under which name git has a path of the workspace, from the repository's top; nothing for what lies elsewhere.
std::optional<std::string> repository_path(const Repository& repository, const std::string& path);

}  // namespace spiritsafe
