// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <map>
#include <set>

#include <fmt/format.h>

#include "adapters/cli/commands.h"
#include "adapters/cli/starters.h"
#include "adapters/files/find_policy.h"
#include "adapters/files/model_files.h"
#include "adapters/files/read_file.h"
#include "engine/judge/edits.h"
#include "engine/text/printable.h"

namespace spiritsafe {
namespace {

namespace fs = std::filesystem;
constexpr size_t largest_read = 1u << 20;

// Something that init would write, or says why it leaves it alone.
struct Planned {
  std::string path = {};  // below the root
  std::string text = {};
  std::string kept = {};  // why it is not written
  std::string add = {};   // what the user may add to the file that is there
};

// The top of the repository around `path`, or `path` itself where there is none; canonical.
std::string root_of(const std::string& path) {
  const std::string start = canonical_path(path.empty() ? "." : path);
  for (std::string folder = start; !folder.empty();) {
    if (is_folder(join_path(folder, ".git")) || is_file(join_path(folder, ".git"))) {
      return folder;
    }
    std::string above = parent_path(folder);
    if (above == folder) {
      break;
    }
    folder = std::move(above);
  }
  return start;
}

// As the user would write it from here.
std::string shown_from_here(const std::string& canonical) {
  const fs::path here = canonical_path(".");
  const std::string relative = fs::path(canonical).lexically_relative(here).generic_string();
  return relative == "." ? "" : relative.empty() ? canonical : relative;
}

std::string text_of(const std::string& path) { return read_text(path, largest_read).value_or(std::string()); }

struct Platforms {
  bool github = false;
  bool gitlab = false;
};

Platforms platforms_of(const std::string& root, const InitCommand& command) {
  Platforms platforms{command.github, command.gitlab};
  if (platforms.github || platforms.gitlab) {
    return platforms;
  }
  // The addresses of remotes; in a linked work tree .git is a file, and the folders have to tell.
  const std::string config = text_of(join_path(root, ".git/config"));
  platforms.github = is_folder(join_path(root, ".github")) || config.find("github") != std::string::npos;
  platforms.gitlab = is_file(join_path(root, ".gitlab-ci.yml")) || is_folder(join_path(root, ".gitlab")) ||
                     config.find("gitlab") != std::string::npos;
  return platforms;
}

bool is_plain(std::string_view path) {
  return path.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./") == path.npos;
}

// Folders with several files of models, and single files. Those with odd letters in their names are left to people.
std::vector<std::string> places_of(const std::set<std::string>& files) {
  std::map<std::string, std::vector<std::string>> by_folder;
  for (const std::string& path : files) {
    if (is_plain(path)) {
      by_folder[parent_path(path)].push_back(path);
    }
  }
  std::vector<std::string> places;
  for (const auto& [folder, paths] : by_folder) {
    places.push_back(paths.size() > 1 && !folder.empty() ? folder + "/" : paths.front());
  }
  return places;
}

// Paths of the files with models that env.py reaches.
std::set<std::string> model_files(const FoundProject& project, const Workspace& workspace) {
  std::set<std::string> files;
  if (project.settings.is_sql) {
    return files;
  }
  // Which version does what to a column is of no interest here.
  const std::unique_ptr<ModelsRead> read = read_project_models(project, workspace, {});
  for (const Model* model : read->facts->models) {
    if (model->imported.is_known() && model->imported.value) {
      files.insert(model->file->source.path);
    }
  }
  return files;
}

Planned plan_policy(const std::string& root, const Workspace& workspace) {
  Planned planned{std::string(policy_file_name), {}, {}, {}};
  StarterFacts facts;
  std::set<std::string> models;
  for (FoundProject project : workspace.projects) {
    if (const std::string own = join_path(project.folder, policy_file_name); is_file(own) && planned.kept.empty()) {
      planned.kept = fmt::format("{} decides for that project already", own);
    }
    const std::string top = workspace.top.empty() ? "" : workspace.top + "/";
    for (const std::string& path : model_files(project, workspace)) {
      models.insert(path.starts_with(top) ? path.substr(top.size()) : path);
    }
    for (std::string* path : {&project.script_location, &project.folder}) {
      if (!top.empty() && path->starts_with(top)) {
        path->erase(0, top.size());
      }
    }
    facts.projects.push_back(std::move(project));
  }
  if (is_file(join_path(root, policy_file_name))) {
    planned.kept = "it is there already; `spiritsafe policy check` reads it";
  }
  facts.model_places = places_of(models);
  planned.text = starter_policy(facts);
  return planned;
}

// A workflow or configuration that names spiritsafe runs it already.
std::string who_runs_it(const std::string& root, const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    if (text_of(join_path(root, path)).find("spiritsafe") != std::string::npos) {
      return path;
    }
  }
  return {};
}

void plan_github(const std::string& root, std::vector<Planned>& plan) {
  std::vector<std::string> workflows;
  for (const FolderEntry& entry : list_folder(join_path(root, ".github/workflows"))) {
    workflows.push_back(".github/workflows/" + entry.name);
  }
  Planned planned{".github/workflows/spiritsafe.yml", starter_github(), {}, {}};
  if (const std::string other = who_runs_it(root, workflows); !other.empty()) {
    planned.kept = other == planned.path ? "it is there already" : fmt::format("{} runs spiritsafe already", other);
  }
  plan.push_back(std::move(planned));
}

void plan_gitlab(const std::string& root, std::vector<Planned>& plan) {
  const std::string configuration = ".gitlab-ci.yml";
  Planned job{".gitlab/spiritsafe.yml", starter_gitlab(), {}, {}};
  Planned include{configuration, starter_gitlab_include(), {}, {}};
  if (is_file(join_path(root, job.path))) {
    job.kept = "it is there already";
  }
  if (!who_runs_it(root, {configuration}).empty()) {
    include.kept = "it speaks of spiritsafe already";
    job.kept = job.kept.empty() ? fmt::format("{} runs spiritsafe already", configuration) : job.kept;
  } else if (is_file(join_path(root, configuration))) {
    include.kept = "it is there already; add to it";
    include.add = starter_gitlab_include();
  }
  plan.push_back(std::move(job));
  plan.push_back(std::move(include));
}

void plan_pre_commit(const std::string& root, std::vector<Planned>& plan) {
  Planned planned{".pre-commit-config.yaml", starter_pre_commit(), {}, {}};
  if (!who_runs_it(root, {planned.path}).empty()) {
    planned.kept = "it runs spiritsafe already";
  } else if (is_file(join_path(root, planned.path))) {
    planned.kept = "it is there already; add below its `repos:`";
    planned.add = starter_pre_commit_entry();
  }
  plan.push_back(std::move(planned));
}

// A new file only: what is there, a link too, is left alone. The folders it lies in may not lead out of the root.
std::string write_new(const std::string& root, const Planned& planned) {
  const fs::path path = fs::path(root) / planned.path;
  fs::path existing = path.parent_path();
  std::error_code error;
  while (!fs::exists(fs::symlink_status(existing, error))) {
    existing = existing.parent_path();
  }
  const std::string folder = canonical_path(existing.string());
  if (folder != root && !folder.starts_with(root + "/")) {
    return "its folder is a link that leads out of the repository";
  }
  fs::create_directories(path.parent_path(), error);
  if (error) {
    return error.message();
  }
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
  if (file < 0) {
    return std::strerror(errno);
  }
  const ssize_t written = ::write(file, planned.text.data(), planned.text.size());
  const bool closed = ::close(file) == 0;
  return written == static_cast<ssize_t>(planned.text.size()) && closed ? "" : "it could not be written whole";
}

std::string indented(const std::string& text) {
  std::string out = "    ";
  for (size_t i = 0; i < text.size(); ++i) {
    out += text[i];
    out += text[i] == '\n' && i + 1 < text.size() ? "    " : "";
  }
  return out;
}

}  // namespace

Exit init(const InitCommand& command, const Streams& streams, bool colour) {
  const bool error_colour = streams.err_is_terminal && colour;
  const std::string root = root_of(command.path);
  const std::string here = shown_from_here(root);
  const Result<Workspace> workspace =
      find_workspace(here.empty() ? std::vector<std::string>{"."} : std::vector<std::string>{here});
  if (!workspace) {
    return unusable(workspace.error(), streams, error_colour);
  }
  const Platforms platforms = platforms_of(root, command);
  std::vector<Planned> plan = {plan_policy(root, *workspace)};
  if (platforms.github) {
    plan_github(root, plan);
  }
  if (platforms.gitlab) {
    plan_gitlab(root, plan);
  }
  plan_pre_commit(root, plan);

  bool failed = false;
  size_t written = 0;
  for (const Planned& planned : plan) {
    const std::string path = printable(join_path(here, planned.path));
    if (!planned.kept.empty()) {
      streams.err << fmt::format("kept   {}: {}\n{}", path, printable(planned.kept),
                                 planned.add.empty() ? "" : indented(planned.add));
    } else if (command.diff) {
      std::string diff = unified_diff(planned.path, "", planned.text);
      streams.out << diff.replace(0, diff.find('\n'), "--- /dev/null");
      ++written;
    } else if (command.dry_run) {
      streams.err << fmt::format("would write {}\n", path);
      ++written;
    } else if (const std::string problem = write_new(root, planned); !problem.empty()) {
      streams.err << fmt::format("{}: error: cannot be written: {}\n", path, problem);
      failed = true;
    } else {
      streams.err << fmt::format("wrote  {}\n", path);
      ++written;
    }
  }
  if (!platforms.github && !platforms.gitlab) {
    streams.err
        << "note: neither .github, .gitlab-ci.yml nor a remote says which platform this is; --github or --gitlab "
           "writes the job\n";
  }
  if (written > 0 && !command.diff && !command.dry_run) {
    streams.err
        << "next: read what was written, then `spiritsafe check --all` shows what the rules say of what is there\n";
  }
  return failed ? Exit::unusable : Exit::clean;
}

}  // namespace spiritsafe
