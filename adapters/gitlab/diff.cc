// SPDX-License-Identifier: Apache-2.0
#include "adapters/gitlab/diff.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "adapters/gitlab/session.h"
#include "adapters/http/client.h"
#include "adapters/platform/answers.h"

namespace spiritsafe::gitlab {
namespace {

using Json = nlohmann::json;

// `-12,3`: the 12; 0 where there is none.
uint32_t number_behind(std::string_view text, char mark) {
  const size_t at = text.find(mark);
  uint32_t number = 0;
  if (at != std::string_view::npos) {
    std::from_chars(text.data() + at + 1, text.data() + text.size(), number);
  }
  return number;
}

Version version_of(const Json& row) {
  return {number_at(row, {"id"}), text_at(row, {"base_commit_sha"}), text_at(row, {"start_commit_sha"}),
          text_at(row, {"head_commit_sha"}), text_at(row, {"created_at"})};
}

}  // namespace

Request versions_request(const Job& job) { return {"GET", request_path(job, "versions?per_page=100"), {}, "", false}; }

Result<std::vector<Version>> read_versions(const Send& send, const Job& job) {
  const Request request = versions_request(job);
  const Result<std::vector<Json>> rows =
      read_rows(send, request, refusal_for, [&] { return no_answer(request, "a list of versions"); });
  if (!rows) {
    return tl::unexpected(rows.error());
  }
  std::vector<Version> versions;
  std::ranges::transform(*rows, std::back_inserter(versions), version_of);
  if (versions.empty() || versions.front().id == 0 || !is_commit(versions.front().head_sha)) {
    return tl::unexpected(Errors{no_answer(request, "a list of versions with their commits")});
  }
  return versions;
}

Result<Diff> read_diff(const Send& send, const Job& job, const Version& version) {
  const Request request{"GET", request_path(job, fmt::format("versions/{}", version.id)), {}, "", false};
  const Result<Response> response = send(request);
  if (!response) {
    return tl::unexpected(response.error());
  }
  if (!is_success(*response)) {
    return tl::unexpected(Errors{refusal_for(request, *response)});
  }
  const Json json = Json::parse(response->body, nullptr, false);
  const Json& files = value_at(json, {"diffs"});
  if (!files.is_array()) {
    return tl::unexpected(Errors{no_answer(request, "a version with its diffs")});
  }
  Diff diff{version, {}};
  for (const Json& file : files) {
    diff.files.push_back({text_at(file, {"old_path"}), text_at(file, {"new_path"}), lines_of(text_at(file, {"diff"}))});
  }
  return diff;
}

std::map<uint32_t, uint32_t> lines_of(std::string_view unified) {
  std::map<uint32_t, uint32_t> lines;
  uint32_t old_line = 0, new_line = 0;
  while (!unified.empty()) {
    const std::string_view line = unified.substr(0, unified.find('\n'));
    unified.remove_prefix(std::min(unified.size(), line.size() + 1));
    if (line.starts_with("@@")) {
      old_line = number_behind(line, '-');
      new_line = number_behind(line, '+');
    } else if (new_line == 0 && old_line == 0) {
      continue;  // before the first part
    } else if (line.starts_with('+')) {
      lines.emplace(new_line++, 0);
    } else if (line.starts_with('-')) {
      ++old_line;
    } else if (line.starts_with(' ')) {
      lines.emplace(new_line++, old_line++);
    }
  }
  return lines;
}

std::optional<nlohmann::ordered_json> position_at(const Diff& diff, const std::string& path, uint32_t line) {
  const auto file = std::ranges::find(diff.files, path, &FileDiff::new_path);
  if (file == diff.files.end()) {
    return std::nullopt;
  }
  const auto found = file->lines.find(line);
  if (found == file->lines.end()) {
    return std::nullopt;
  }
  nlohmann::ordered_json position = {{"position_type", "text"},
                                     {"base_sha", diff.version.base_sha},
                                     {"start_sha", diff.version.start_sha},
                                     {"head_sha", diff.version.head_sha},
                                     {"old_path", file->old_path},
                                     {"new_path", file->new_path},
                                     {"new_line", line}};
  if (found->second != 0) {
    position["old_line"] = found->second;  // a line that is as it was is told by both its numbers
  }
  return position;
}

}  // namespace spiritsafe::gitlab
