// SPDX-License-Identifier: Apache-2.0
// From YAML to a Policy: packs, the team's own file, overrides. Every mistake is reported, none is skipped.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/policy/policy.h"
#include "engine/text/error.h"

namespace spiritsafe {

struct PolicyFile {
  std::string path = {};
  std::string text = {};
};

struct LoadOptions {
  // The built-in packs by name; empty: those embedded at build time. Given: their YAML, as `policies/` holds it
  // (all files of a folder are one pack).
  std::vector<std::pair<std::string, std::vector<PolicyFile>>> packs = {};
  bool examples = false;    // keep examples (the embedded packs have none: give `packs`)
  bool pack_rules = false;  // hold every rule to what a pack owes: a bad and a good example, why, fix
  // Reads a local file that `extends: {file: …}` names, relative to the team's file.
  std::function<Result<PolicyFile>(std::string_view path)> read_file = {};
};

// The policy of a team's file; its `extends` decides the packs.
Result<Policy> load_policy(const PolicyFile& file, const LoadOptions& options = {});
// The policy of built-in packs alone, where a project has no file: `sqlmodel`, or `alembic` and `postgres`.
Result<Policy> load_builtin_policy(const std::vector<std::string>& packs, const LoadOptions& options = {});

std::vector<std::string> builtin_pack_names();

}  // namespace spiritsafe
