// SPDX-License-Identifier: Apache-2.0
#include "adapters/files/model_files.h"

#include <algorithm>

#include "adapters/files/read_file.h"
#include "adapters/files/read_project.h"
#include "engine/read/versions.h"
#include "engine/schema/expected.h"

namespace spiritsafe {
namespace {

constexpr size_t largest_lock = 8u << 20;
constexpr std::string_view version_files[] = {"uv.lock",          "poetry.lock",           "pdm.lock",
                                              "requirements.txt", "requirements/base.txt", "pyproject.toml"};

void add(std::vector<std::string>& folders, const std::string& folder) {
  if (std::ranges::find(folders, folder) == folders.end()) {
    folders.push_back(folder);
  }
}

// The project's folder and those above it, up to the top of what is looked at.
std::vector<std::string> folders_upwards(const FoundProject& found, const Workspace& workspace) {
  std::vector<std::string> folders;
  for (std::string folder = found.folder;; folder = parent_path(folder)) {
    const std::string canonical = canonical_path(folder.empty() ? "." : folder);
    const bool inside = canonical == workspace.root || canonical.starts_with(workspace.root + "/");
    if (!inside && !folders.empty()) {
      break;
    }
    add(folders, folder);
    if (folder.empty() || folder == "/" || folder == "." || folder.ends_with("..")) {
      break;
    }
  }
  return folders;
}

}  // namespace

std::unique_ptr<ModelsRead> read_project_models(const FoundProject& found, const Workspace& workspace) {
  auto read = std::make_unique<ModelsRead>();
  ModelSources& sources = read->sources;
  const std::string env = join_path(found.script_location, "env.py");
  sources.env = is_file(env) ? env : std::string();
  const std::vector<std::string> upwards = folders_upwards(found, workspace);
  for (const std::string& folder : upwards) {
    add(sources.folders, folder);
    add(sources.folders, join_path(folder, "src"));
  }
  PackageVersion at_least;
  for (const std::string& folder : upwards) {
    for (const std::string_view name : version_files) {
      const std::string path = join_path(folder, name);
      const Result<std::string> text =
          is_file(path) ? read_text(path, largest_lock) : Result<std::string>(std::string());
      if (!text) {
        continue;
      }
      const auto take = [&](PackageVersion& version, std::string_view package) {
        version = version > PackageVersion{} ? version : pinned_version(path, *text, package);
      };
      take(sources.sqlmodel, "sqlmodel");
      take(sources.sqlalchemy, "sqlalchemy");
      take(sources.pydantic, "pydantic");
      const PackageVersion lowest = lowest_version(*text, "sqlmodel");
      if (sources.sqlmodel == PackageVersion{} && is_newest_behaviour(lowest)) {
        at_least = lowest;
      }
    }
  }
  sources.sqlmodel = sources.sqlmodel == PackageVersion{} ? at_least : sources.sqlmodel;
  const FindFile find = [&](const std::string& path) -> const File* {
    const auto [there, is_new] = read->files.emplace(path, nullptr);
    if (is_new && is_file(path)) {
      auto file = std::make_unique<File>();
      file->source.path = path;
      read_into(*file, workspace.root);
      classify(*file);
      there->second = std::move(file);
    }
    return there->second.get();
  };
  read->facts = read_models(sources, find, read_options(found, {}));
  return read;
}

}  // namespace spiritsafe
