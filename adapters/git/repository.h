// SPDX-License-Identifier: Apache-2.0
// What changed since the base, from the git command line. Paths are data: NUL-separated, behind `--`, never through a
// shell, and nothing that a repository's attributes could name (external diffs, text conversions, file monitors) is
// run.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/git/ci.h"
#include "engine/facts/kinds.h"
#include "engine/text/error.h"

namespace spiritsafe {

struct Repository {
  std::string top = {};  // canonical path of the work tree
  bool shallow = false;
};

// The repository around `folder`; nothing where there is none. An error where git refuses to say: `dubious ownership`.
Result<std::optional<Repository>> find_repository(const std::string& folder);

struct ChangedFile {
  std::string path = {};       // below the repository's top, forward slashes
  std::string base_path = {};  // what it was called; empty where it is new
  Change change = Change::added;
  std::vector<std::pair<uint32_t, uint32_t>> added_lines = {};  // first and last, from 1
};

struct Commit {
  std::string id = {};
  std::string message = {};
};

struct ChangeSet {
  std::string base = {};                   // the commit that the change grew from (the merge base)
  std::string base_tip = {};               // the newest commit of the base branch
  std::string base_name = {};              // as people call it: `origin/main`
  std::vector<ChangedFile> files = {};     // sorted by path; only those that differ
  std::vector<ChangedFile> incoming = {};  // what base_tip has otherwise than base; without lines
  std::vector<Commit> commits = {};        // of the change, the newest first; at most 1,000
  std::vector<std::string> unstaged = {};  // with `staged`: files that the index does not have; they are not part of it
};

struct ChangeRequest {
  std::string base = {};  // a branch, tag or commit; empty: what CI says, else the remote's default branch
  CiChange ci = {};       // in CI a missing base is an error, never a pass
  bool staged = false;    // only what is in the index
};

struct Comparison {
  std::optional<ChangeSet> change = {};
  std::string why_none = {};  // why there is no base to compare with: a laptop without a remote, an unborn branch
};

Result<Comparison> find_change(const Repository& repository, const ChangeRequest& request);

// The contents of files at a commit (empty: in the index), by path below the top; what is not there is left out. One
// git process for all.
Result<std::map<std::string, std::string>> read_at(const Repository& repository, const std::string& commit,
                                                   const std::vector<std::string>& paths);

// The paths at a commit below `folder` (below the top, "" for all).
Result<std::vector<std::string>> list_at(const Repository& repository, const std::string& commit,
                                         const std::string& folder);

}  // namespace spiritsafe
