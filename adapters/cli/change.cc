// SPDX-License-Identifier: Apache-2.0
#include "adapters/cli/change.h"

#include <algorithm>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "adapters/files/read_file.h"
#include "engine/read/digest.h"
#include "engine/read/read.h"

namespace spiritsafe {
namespace {

constexpr size_t largest_event = 32u << 20;

Result<CiChange> find_ci(const Environment& environment) {
  const std::string path = environment("GITHUB_EVENT_PATH");
  if (environment("GITHUB_ACTIONS") != "true" || path.empty()) {
    return read_ci(environment, "");
  }
  const Result<std::string> event = read_text(path, largest_event);
  return event ? read_ci(environment, *event) : tl::unexpected(event.error());
}

// The folders that the workspace knows, by what git calls them. Links are resolved, so that a project that is reached
// by a link is the one that git knows.
std::map<std::string, std::string> folders_of(const Workspace& workspace, const Repository& repository) {
  std::set<std::string> known = {workspace.top};
  for (const FoundProject& project : workspace.projects) {
    known.insert({project.folder, project.script_location});
    known.insert(project.version_folders.begin(), project.version_folders.end());
    for (const std::string& path : project.migrations) {
      known.insert(parent_path(path));
    }
  }
  for (const std::vector<std::string>* paths : {&workspace.scripts, &workspace.only}) {
    for (const std::string& path : *paths) {
      known.insert(parent_path(path));
    }
  }
  std::map<std::string, std::string> folders;
  for (const std::string& folder : known) {
    const std::string canonical = canonical_path(folder.empty() ? "." : folder);
    if (canonical == repository.top) {
      folders.emplace("", folder);
    } else if (canonical.starts_with(repository.top + "/")) {
      folders.emplace(canonical.substr(repository.top.size() + 1), folder);
    }
  }
  return folders;
}

// The name in the workspace of a path that git tells; empty where the workspace does not reach it.
std::string workspace_path(const std::map<std::string, std::string>& folders, const std::string& path) {
  for (std::string folder = parent_path(path);; folder = parent_path(folder)) {
    if (const auto found = folders.find(folder); found != folders.end()) {
      return join_path(found->second, path.substr(folder.empty() ? 0 : folder.size() + 1));
    }
    if (folder.empty()) {
      return {};
    }
  }
}

// What the engine can read, and every file of a project's history.
bool is_wanted(const Workspace& workspace, const std::string& path) {
  return !path.empty() && (language_of(path) != Language::other ||
                           std::ranges::any_of(workspace.projects, [&](const FoundProject& project) {
                             return is_revision_of(project, path);
                           }));
}

Result<Base> make_base(const WorkspaceBase& found, const Workspace& workspace, const ChangeSet& set, bool staged) {
  Base base;
  base.name = set.base_name;
  std::map<std::string, BaseFile> at_merge_base, at_tip;  // by git's path
  std::vector<std::string> before, incoming, index;
  std::map<std::string, std::string> index_names;
  for (const ChangedFile& file : set.files) {
    const std::string path = workspace_path(found.folders, file.path);
    const std::string base_path =
        file.base_path.empty() ? std::string() : workspace_path(found.folders, file.base_path);
    if (!path.empty()) {
      base.changes[path] = {file.change, base_path, file.added_lines};
      if (staged && file.change != Change::deleted && is_wanted(workspace, path)) {
        index.push_back(file.path);
        index_names[file.path] = path;
      }
    }
    if (is_wanted(workspace, base_path)) {
      before.push_back(file.base_path);
      at_merge_base[file.base_path] = {base_path, Origin::merge_base, file.change, {}};
    }
  }
  for (const ChangedFile& file : set.incoming) {
    for (const std::string& name : {file.path, file.base_path}) {
      const std::string path = name.empty() ? std::string() : workspace_path(found.folders, name);
      if (is_wanted(workspace, path)) {
        incoming.push_back(name);
        // Of a rename both ends are told: what is gone, and what is new.
        const Change change = file.change == Change::renamed && name == file.base_path ? Change::deleted : file.change;
        at_tip.try_emplace(name, BaseFile{path, Origin::base_tip, change, {}});
      }
    }
  }
  const auto read = [&](const std::string& commit, const std::vector<std::string>& paths,
                        const auto& use) -> Result<void> {
    if (paths.empty()) {
      return {};
    }
    auto texts = read_at(found.repository, commit, paths);
    if (!texts) {
      return tl::unexpected(texts.error());
    }
    for (auto& [path, text] : *texts) {
      use(path, std::move(text));
    }
    return {};
  };
  const Result<void> results[] = {
      read(set.base, before,
           [&](const std::string& path, std::string text) { at_merge_base[path].text = std::move(text); }),
      read(set.base_tip, incoming,
           [&](const std::string& path, std::string text) { at_tip[path].text = std::move(text); }),
      read("", index,
           [&](const std::string& path, std::string text) { base.staged[index_names[path]] = std::move(text); }),
  };
  for (const Result<void>& result : results) {
    if (!result) {
      return tl::unexpected(result.error());
    }
  }
  for (auto* files : {&at_merge_base, &at_tip}) {
    for (auto& [path, file] : *files) {
      base.files.push_back(std::move(file));
    }
  }
  std::ranges::stable_sort(base.files, [](const BaseFile& a, const BaseFile& b) {
    return std::tie(a.origin, a.path) < std::tie(b.origin, b.path);
  });
  return base;
}

// What git's index does not have is no part of a staged change.
void leave_out(Workspace& workspace, const WorkspaceBase& found, const std::vector<std::string>& unstaged) {
  std::set<std::string> paths;
  for (const std::string& path : unstaged) {
    paths.insert(workspace_path(found.folders, path));
  }
  const auto is_out = [&](const std::string& path) { return paths.contains(path); };
  for (FoundProject& project : workspace.projects) {
    std::erase_if(project.migrations, is_out);
  }
  std::erase_if(workspace.scripts, is_out);
}

// The work tree around a folder, by the nearest `.git`; empty where there is none.
std::string work_tree_of(const std::string& folder) {
  for (std::string at = canonical_path(folder.empty() ? "." : folder); !at.empty() && at != "/"; at = parent_path(at)) {
    const std::string git = join_path(at, ".git");
    if (is_folder(git) || is_file(git)) {
      return at;
    }
  }
  return {};
}

void add_paths(const std::vector<ChangedFile>& files, std::set<std::string>& paths) {
  for (const ChangedFile& file : files) {
    paths.insert(file.path);
    if (!file.base_path.empty()) {
      paths.insert(file.base_path);
    }
  }
}

std::string nothing_to_compare(const std::string& why, bool all) {
  return all ? fmt::format("{}, so the policy of this change decides, not its base's", why)
             : fmt::format("{}, so there is nothing to compare with: every migration is judged, as with --all", why);
}

constexpr size_t largest_policy = 4u << 20;

}  // namespace

Result<WorkspaceBase> find_base(Workspace& workspace, const BaseRequest& request, const Environment& environment) {
  WorkspaceBase found;
  Result<CiChange> ci = find_ci(environment);
  if (!ci) {
    return tl::unexpected(ci.error());
  }
  found.in_ci = ci->in_ci();
  found.head = ci->head;
  if (request.all && !found.in_ci) {
    return found;
  }
  const bool needed = found.in_ci || request.staged || !request.base.empty();
  const auto repository = find_repository(workspace.root);
  if (!repository) {
    return tl::unexpected(repository.error());
  }
  if (!*repository) {
    if (needed && !request.all) {
      Error error;
      error.path = workspace.top.empty() ? "." : workspace.top;
      error.message = "is in no git repository, so there is nothing to compare with";
      error.hints = {"judge everything: --all", "git itself must be installed"};
      return tl::unexpected(Errors{std::move(error)});
    }
    found.why_none = nothing_to_compare("this is no git repository", request.all);
    return found;
  }
  found.repository = **repository;
  const Result<Comparison> compared = find_change(found.repository, {request.base, std::move(*ci), request.staged});
  if (!compared && !request.all) {
    return tl::unexpected(compared.error());
  }
  if (!compared || !compared->change) {
    const std::string& why = compared ? compared->why_none : compared.error().front().message;
    found.why_none = nothing_to_compare(why, request.all);
    return found;
  }
  const ChangeSet& set = *compared->change;
  found.name = set.base_name;
  found.tip = set.base_tip;
  found.commits = set.commits;
  add_paths(set.files, found.changed);
  found.touched = found.changed;
  add_paths(set.incoming, found.touched);
  found.folders = folders_of(workspace, found.repository);
  if (request.all) {
    for (const ChangedFile& file : set.files) {
      found.added_lines.emplace(workspace_path(found.folders, file.path), file.added_lines);
    }
    return found;
  }
  for (size_t i = 0; i < workspace.projects.size(); ++i) {
    if (work_tree_of(workspace.projects[i].script_location) != found.repository.top) {
      found.elsewhere.push_back(i);
    }
  }
  if (request.staged) {
    leave_out(workspace, found, set.unstaged);
  }
  Result<Base> base = make_base(found, workspace, set, request.staged);
  if (!base) {
    return tl::unexpected(base.error());
  }
  found.base = std::move(*base);
  return found;
}

Result<std::optional<std::string>> read_at_tip(const WorkspaceBase& base, const std::string& path) {
  // A link is what it leads to: a change of that is a change of this.
  std::optional<std::string> name = repository_path(base.repository, path);
  const std::string canonical = canonical_path(path);
  if ((!name || !base.touched.contains(*name)) && canonical.starts_with(base.repository.top + "/")) {
    name = canonical.substr(base.repository.top.size() + 1);
  }
  if (!name || !base.touched.contains(*name)) {
    if (!is_file(path)) {
      return std::optional<std::string>();
    }
    Result<std::string> text = read_text(path, largest_policy);
    return text ? Result<std::optional<std::string>>(std::move(*text)) : tl::unexpected(text.error());
  }
  auto texts = read_at(base.repository, base.tip, {*name});
  if (!texts) {
    return tl::unexpected(texts.error());
  }
  const auto found = texts->find(*name);
  return found == texts->end() ? std::optional<std::string>() : std::optional<std::string>(std::move(found->second));
}

std::optional<std::map<std::string, std::string>> digests_at(const WorkspaceBase& base, const std::string& commit) {
  std::map<std::string, std::string> digests;
  const Result<std::vector<std::string>> then =
      base.changed.empty() ? std::vector<std::string>() : list_at(base.repository, commit, "");
  if (!then) {
    return std::nullopt;
  }
  if (then->empty()) {
    return digests;
  }
  const auto listed = list_at(base.repository, base.tip, "");
  const std::set<std::string_view> of_base =
      listed ? std::set<std::string_view>(listed->begin(), listed->end()) : std::set<std::string_view>();
  std::set<std::string> folders;
  for (const std::string& path : base.changed) {
    folders.insert(parent_path(path));
  }
  std::set<std::string> paths = base.changed;
  for (const std::string& path : *then) {
    if (folders.contains(parent_path(path)) && !of_base.contains(path)) {
      paths.insert(path);
    }
  }
  const auto texts = read_at(base.repository, commit, {paths.begin(), paths.end()});
  if (texts) {
    for (const auto& [path, text] : *texts) {
      digests.emplace(path, code_digests(text).code);
    }
  }
  return digests;
}

std::optional<std::string> repository_path(const Repository& repository, const std::string& path) {
  const std::string folder = canonical_path(parent_path(path).empty() ? "." : parent_path(path));
  const std::string name(file_name(path));
  if (folder == repository.top) {
    return name;
  }
  if (folder.starts_with(repository.top + "/")) {
    return join_path(folder.substr(repository.top.size() + 1), name);
  }
  return {};
}

}  // namespace spiritsafe
