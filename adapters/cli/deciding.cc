// SPDX-License-Identifier: Apache-2.0
#include "adapters/cli/deciding.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "adapters/files/read_file.h"
#include "engine/policy/compare.h"

namespace spiritsafe {
namespace {

constexpr size_t largest_waiver_file = 4u << 20;

bool is_built_in(const Policy& policy) { return policy.source.starts_with("builtin:"); }

// Does the change touch a file of the policy? Otherwise what differs is what the base got meanwhile.
bool is_changed(const Policy& policy, const WorkspaceBase& base) {
  return std::ranges::any_of(policy.files, [&](const std::string& path) {
    const auto name = repository_path(base.repository, path);
    return name && base.changed.contains(*name);
  });
}

void add_weakenings_of(const Policy& then, const Policy& now, const WorkspaceBase& base, Deciding& deciding) {
  if (!is_changed(then, base) && !is_changed(now, base)) {
    return;
  }
  if (!is_built_in(then) && is_built_in(now)) {
    FoundWeakening removed;
    removed.kind = WeakeningKind::policy_removed;
    removed.before = then.source;
    removed.text = fmt::format("removes the policy {}", then.source);
    deciding.weakenings.push_back(std::move(removed));
  }
  for (FoundWeakening& weakening : compare_policies(then, now)) {
    deciding.weakenings.push_back(std::move(weakening));
  }
}

// What is deleted with its env.py and all is no project any more, so that no rule about its history would be asked.
void add_removed_projects(const Workspace& workspace, const WorkspaceBase& base, Deciding& deciding) {
  std::map<std::string, size_t> removed;  // folders of revisions
  for (const BaseFile& file : base.base ? base.base->files : std::vector<BaseFile>()) {
    const bool is_revision = file.origin == Origin::merge_base && file.change == Change::deleted && file.text &&
                             file.path.ends_with(".py") && file.text->find("down_revision") != std::string::npos;
    if (is_revision && std::ranges::none_of(workspace.projects, [&](const FoundProject& project) {
          return is_revision_of(project, file.path);
        })) {
      ++removed[parent_path(file.path)];
    }
  }
  for (const auto& [folder, count] : removed) {
    FoundWeakening gone;
    gone.kind = WeakeningKind::project_removed;
    gone.subject = folder;
    gone.before = std::to_string(count);
    gone.text = fmt::format("the migrations of {} are gone, {} of them", folder.empty() ? "." : folder, count);
    deciding.weakenings.push_back(std::move(gone));
  }
}

void add_skipped_runs(const WorkspaceBase& base, Deciding& deciding) {
  for (const Commit& commit : base.commits) {
    const std::string marker = find_skip_marker(commit.message);
    if (!marker.empty()) {
      FoundWeakening skipped;
      skipped.kind = WeakeningKind::skip_ci;
      skipped.subject = commit.id;
      skipped.after = marker;
      skipped.text =
          fmt::format("the message of commit {} says `{}`, so no check runs for it", commit.id.substr(0, 10), marker);
      deciding.weakenings.push_back(std::move(skipped));
    }
  }
}

// In CI the base decides: a change cannot judge itself by rules of its own. Elsewhere the work tree's policy is used,
// and it is said where the base's is another one.
Result<Policies> find_policies_of(const Workspace& workspace, const WorkspaceBase& base, PolicyRequest request,
                                  Deciding& deciding) {
  Result<Policies> here = find_policies(workspace, request);
  if (!here || base.tip.empty()) {
    return here;
  }
  request.read = [&base](const std::string& path) { return read_at_tip(base, path); };
  Result<Policies> there = find_policies(workspace, request);
  const std::string& name = base.name;
  if (!there) {
    if (base.in_ci) {
      for (Error& error : there.error()) {
        error.hints.push_back(
            fmt::format("this is the text that {} has: in CI it decides until a change that mends it is merged", name));
      }
      return there;
    }
    deciding.notes.push_back(fmt::format("the policy of {} does not load; this one is used", name));
    return here;
  }
  std::set<std::string> said;
  for (size_t i = 0; i <= here->of_project.size(); ++i) {
    const Policy& now = i < here->of_project.size() ? *here->of_project[i] : *here->scripts;
    const Policy& then = i < there->of_project.size() ? *there->of_project[i] : *there->scripts;
    if (now.digest == then.digest || !said.insert(now.source + "\n" + then.source).second) {
      continue;
    }
    add_weakenings_of(then, now, base, deciding);
    deciding.notes.push_back(base.in_ci
                                 ? fmt::format("judged by {} of {}; {} of this change counts once it is merged",
                                               then.source, name, now.source)
                                 : fmt::format("{} differs from {} of {}, which CI judges by until this is merged",
                                               now.source, then.source, name));
  }
  if (!base.in_ci) {
    return here;
  }
  if (!said.empty()) {
    deciding.previews = std::move(*here);
  }
  return there;
}

// Beside the policy's file, or where the policy says; without a policy file, at the top of what is judged.
std::string waiver_path(const Policy& policy, const Workspace& workspace) {
  const std::string folder = is_built_in(policy) ? workspace.top : parent_path(policy.source);
  return join_path(folder, policy.waivers_path.empty() ? waiver_file_name : policy.waivers_path);
}

Result<std::optional<WaiverFile>> load_text(const std::string& path, Result<std::optional<std::string>> text,
                                            const Policy& policy, const std::string& today) {
  if (!text) {
    return tl::unexpected(text.error());
  }
  if (!*text) {
    if (policy.waivers_path.empty()) {
      return std::optional<WaiverFile>();
    }
    Error error;
    error.path = path;
    error.message = "there is no such file, and the policy's `waivers:` names it";
    return tl::unexpected(Errors{std::move(error)});
  }
  Result<WaiverFile> file = load_waivers({path, std::move(**text)}, policy, today);
  return file ? Result<std::optional<WaiverFile>>(std::move(*file)) : tl::unexpected(file.error());
}

Result<std::optional<std::string>> read_here(const std::string& path) {
  if (!is_file(path)) {
    return std::optional<std::string>();
  }
  Result<std::string> text = read_text(path, largest_waiver_file);
  return text ? Result<std::optional<std::string>>(std::move(*text)) : tl::unexpected(text.error());
}

Result<TeamWaivers> find_waivers(const Policy& policy, const Workspace& workspace, const WorkspaceBase& base,
                                 const std::string& today, Deciding& deciding) {
  const std::string path = waiver_path(policy, workspace);
  TeamWaivers waivers;
  waivers.path = path;
  auto here = load_text(path, read_here(path), policy, today);
  if (!here) {
    return tl::unexpected(here.error());
  }
  if (base.tip.empty()) {
    waivers.of_team = std::move(*here);
    return waivers;
  }
  auto there = load_text(path, read_at_tip(base, path), policy, today);
  if (!there && base.in_ci) {
    return tl::unexpected(there.error());
  }
  const auto name = repository_path(base.repository, path);
  if (*here && there && name && base.changed.contains(*name)) {
    for (FoundWeakening& weakening : compare_waivers(*there ? &**there : nullptr, **here)) {
      deciding.weakenings.push_back(std::move(weakening));
    }
  }
  if (!base.in_ci) {
    waivers.of_team = std::move(*here);
    return waivers;
  }
  waivers.of_team = std::move(*there);
  waivers.proposed = std::move(*here);
  return waivers;
}

}  // namespace

Result<Deciding> find_deciding(const Workspace& workspace, const WorkspaceBase& base, PolicyRequest request,
                               const std::string& today) {
  Deciding deciding;
  Result<Policies> policies = find_policies_of(workspace, base, std::move(request), deciding);
  if (!policies) {
    return tl::unexpected(policies.error());
  }
  deciding.policies = std::move(*policies);
  add_removed_projects(workspace, base, deciding);
  add_skipped_runs(base, deciding);
  std::vector<const Policy*> all = {deciding.policies.scripts.get()};
  for (const auto& policy : deciding.policies.of_project) {
    all.push_back(policy.get());
  }
  for (const Policy* policy : all) {
    if (deciding.waivers.contains(policy)) {
      continue;
    }
    Result<TeamWaivers> waivers = find_waivers(*policy, workspace, base, today, deciding);
    if (!waivers) {
      return tl::unexpected(waivers.error());
    }
    deciding.waivers.emplace(policy, std::move(*waivers));
  }
  return deciding;
}

}  // namespace spiritsafe
