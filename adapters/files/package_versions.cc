// SPDX-License-Identifier: Apache-2.0
#include "adapters/files/package_versions.h"

#include <algorithm>

#include "adapters/files/read_file.h"
#include "engine/read/versions.h"

namespace spiritsafe {
namespace {

constexpr size_t largest_lock = 8u << 20;
constexpr std::string_view version_files[] = {"uv.lock",          "poetry.lock",           "pdm.lock",
                                              "requirements.txt", "requirements/base.txt", "pyproject.toml"};

bool is_told(const PackageVersion& version) { return version > PackageVersion{}; }

// What is said of one package.
struct Found {
  PackageVersion pinned = {}, at_least = {};

  template <class Row>
  void look(const std::string& path, const std::string& text, std::string_view package, const std::vector<Row>& rows) {
    pinned = is_told(pinned) ? pinned : pinned_version(path, text, package);
    const PackageVersion lowest = is_told(pinned) ? PackageVersion{} : lowest_version(path, text, package);
    at_least = is_told(lowest) && is_newest_behaviour(rows, lowest) ? lowest : at_least;
  }
  PackageVersion version() const { return is_told(pinned) ? pinned : at_least; }
};

}  // namespace

std::vector<std::string> folders_upwards(const FoundProject& found, const std::string& root) {
  std::vector<std::string> folders;
  for (std::string folder = found.folder;; folder = parent_path(folder)) {
    const std::string canonical = canonical_path(folder.empty() ? "." : folder);
    const bool inside = canonical == root || canonical.starts_with(root + "/");
    if (!inside && !folders.empty()) {
      break;
    }
    if (std::ranges::find(folders, folder) == folders.end()) {
      folders.push_back(folder);
    }
    if (folder.empty() || folder == "/" || folder == "." || folder.ends_with("..")) {
      break;
    }
  }
  return folders;
}

PackageVersions find_versions(const FoundProject& found, const std::string& root, const Behaviours& behaviours) {
  PackageVersions versions;
  Found sqlmodel, alembic;
  for (const std::string& folder : folders_upwards(found, root)) {
    for (const std::string_view name : version_files) {
      const std::string path = join_path(folder, name);
      const Result<std::string> text =
          is_file(path) ? read_text(path, largest_lock) : Result<std::string>(std::string());
      if (!text || text->empty()) {
        continue;
      }
      sqlmodel.look(path, *text, "sqlmodel", behaviours.sqlmodel);
      alembic.look(path, *text, "alembic", behaviours.alembic);
      for (const auto& [version, package] :
           {std::pair{&versions.sqlalchemy, "sqlalchemy"}, std::pair{&versions.pydantic, "pydantic"}}) {
        *version = is_told(*version) ? *version : pinned_version(path, *text, package);
      }
    }
  }
  versions.sqlmodel = sqlmodel.version();
  versions.alembic = alembic.version();
  return versions;
}

}  // namespace spiritsafe
