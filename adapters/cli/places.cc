// SPDX-License-Identifier: Apache-2.0
#include "adapters/cli/places.h"

#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "adapters/cli/change.h"
#include "adapters/files/read_file.h"

namespace spiritsafe {
namespace {

bool holds_line(const FileChange& change, uint32_t line) {
  // What git gives no lines for (a binary file to it, a pure rename) has none in the diff, but a new file is all new.
  if (change.added_lines.empty()) {
    return change.change == Change::added;
  }
  return std::ranges::any_of(change.added_lines,
                             [&](const auto& lines) { return lines.first <= line && line <= lines.second; });
}

bool is_web_address(const std::string& text) { return text.starts_with("https://") || text.starts_with("http://"); }

std::string first_of(std::initializer_list<std::string> texts) {
  const auto found = std::ranges::find_if(texts, [](const std::string& text) { return !text.empty(); });
  return found == texts.end() ? std::string() : *found;
}

}  // namespace

std::string link_prefix(const Environment& environment, const std::string& head) {
  std::string server, commit;
  std::string_view blob = "/blob/";
  if (environment("GITHUB_ACTIONS") == "true") {
    const std::string repository = environment("GITHUB_REPOSITORY");
    server = repository.empty() ? repository : fmt::format("{}/{}", environment("GITHUB_SERVER_URL"), repository);
    commit = first_of({head, environment("GITHUB_SHA")});
  } else if (environment("GITLAB_CI") == "true") {
    // In a pipeline of merged results the job's own commit exists nowhere else.
    server = first_of({environment("CI_MERGE_REQUEST_SOURCE_PROJECT_URL"), environment("CI_PROJECT_URL")});
    commit = first_of({head, environment("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA"), environment("CI_COMMIT_SHA")});
    blob = "/-/blob/";
  }
  return is_web_address(server) && !commit.empty() ? fmt::format("{}{}{}/", server, blob, commit) : std::string();
}

void set_places(ReportOptions& options, const Places& places, const Environment& environment) {
  options.link_prefix = link_prefix(environment, places.head);
  if (!places.top.empty()) {
    // Folders are asked of the disk once.
    const auto known = std::make_shared<std::map<std::string, std::string>>();
    options.repository_path = [known, top = places.top](const std::string& path) {
      const std::string folder = parent_path(path);
      const auto [found, is_new] = known->try_emplace(folder);
      if (is_new) {
        const std::string canonical = canonical_path(folder.empty() ? "." : folder);
        found->second = canonical == top                   ? std::string()
                        : canonical.starts_with(top + "/") ? canonical.substr(top.size() + 1)
                                                           : folder;
      }
      return join_path(found->second, std::string(file_name(path)));
    };
  }
  options.in_diff = [changes = std::make_shared<std::map<std::string, FileChange>>(places.changes)](
                        const std::string& path, uint32_t line) {
    const auto found = changes->find(path);
    return found != changes->end() && holds_line(found->second, line);
  };
}

}  // namespace spiritsafe
