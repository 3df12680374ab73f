// SPDX-License-Identifier: Apache-2.0
// The merge request's diff as GitLab has it: what a thread's position must agree with, or GitLab refuses it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "adapters/gitlab/job.h"
#include "adapters/http/pages.h"

namespace spiritsafe::gitlab {

struct FileDiff {
  std::string old_path = {};
  std::string new_path = {};
  std::map<uint32_t, uint32_t> lines = {};  // shown lines of the new file → of the old one; 0: an added line
};

// One push to the merge request.
struct Version {
  uint64_t id = 0;
  std::string base_sha = {};
  std::string start_sha = {};
  std::string head_sha = {};
  std::string created_at = {};
};

struct Diff {
  Version version = {};
  std::vector<FileDiff> files = {};
};

Request versions_request(const Job& job);
// Newest first.
Result<std::vector<Version>> read_versions(const Send& send, const Job& job);
Result<Diff> read_diff(const Send& send, const Job& job, const Version& version);

// The lines of a unified diff, without a file's head. What is no diff has no lines.
std::map<uint32_t, uint32_t> lines_of(std::string_view unified);

// A thread's `position`; nothing where the diff does not show the line.
std::optional<nlohmann::ordered_json> position_at(const Diff& diff, const std::string& path, uint32_t line);

}  // namespace spiritsafe::gitlab
