// SPDX-License-Identifier: Apache-2.0
#include "engine/schema/sides.h"

#include <algorithm>
#include <unordered_set>

namespace spiritsafe {
namespace {

std::string_view path_of(const Migration* migration) { return migration->file->source.path; }

void add_revision(std::unordered_map<std::string_view, const Migration*>& revisions, const Migration& migration) {
  if (migration.revision.is_known()) {
    revisions.emplace(migration.revision.value, &migration);
  }
}

std::vector<const Migration*> migrations_here(const Project& project, const Project* around, const File* replaced) {
  std::vector<const Migration*> here;
  here.reserve((around ? around : &project)->migrations.size());
  for (const auto& migration : project.migrations) {
    here.push_back(migration.get());
  }
  for (size_t i = 0; around && i < around->migrations.size(); ++i) {
    if (around->migrations[i]->file != replaced) {
      here.push_back(around->migrations[i].get());
    }
  }
  if (around) {
    std::ranges::stable_sort(here, {}, path_of);
  }
  return here;
}

// Paths of base_files by origin.
std::unordered_set<std::string_view> paths_of(const Project& project, Origin origin, bool only_gone = false) {
  std::unordered_set<std::string_view> paths;
  for (const auto& file : project.base_files) {
    const bool gone = file->change == Change::deleted || file->change == Change::renamed;
    if (file->origin == origin && (gone || !only_gone)) {
      paths.insert(file->source.path);
    }
  }
  return paths;
}

}  // namespace

Sides find_sides(const Project& project, const Project* around, const File* replaced) {
  const Project& whole = around ? *around : project;
  Sides sides;
  sides.has_base = whole.has_base;
  std::vector<const Migration*> here = migrations_here(project, around, replaced);
  if (!whole.has_base) {
    sides.merged = std::move(here);
    return sides;
  }
  const auto moved_by_tip = paths_of(whole, Origin::base_tip);
  const auto gone_here = paths_of(whole, Origin::merge_base, true);
  std::unordered_set<std::string_view> kept_here;  // files whose text is the change's own
  for (const Migration* migration : here) {
    const bool unchanged = migration->file->change == Change::unchanged;
    if (!unchanged) {
      kept_here.insert(path_of(migration));
    }
    if (!unchanged || !moved_by_tip.contains(path_of(migration))) {
      sides.merged.push_back(migration);
    }
    if (unchanged && !moved_by_tip.contains(path_of(migration))) {
      sides.tip.push_back(migration);
    }
  }
  for (const auto& migration : whole.base_migrations) {
    const std::string_view path = path_of(migration.get());
    const bool of_tip = migration->file->origin == Origin::base_tip;
    if (!of_tip) {
      add_revision(sides.merge_base_revisions, *migration);
    }
    if (of_tip ? migration->file->change != Change::deleted : !moved_by_tip.contains(path)) {
      sides.tip.push_back(migration.get());
    }
    if (of_tip && migration->file->change != Change::deleted && !kept_here.contains(path) &&
        !gone_here.contains(path)) {
      sides.merged.push_back(migration.get());
    }
  }
  std::ranges::stable_sort(sides.merged, {}, path_of);
  std::ranges::stable_sort(sides.tip, {}, path_of);
  for (const Migration* migration : sides.tip) {
    add_revision(sides.tip_revisions, *migration);
  }
  return sides;
}

}  // namespace spiritsafe
