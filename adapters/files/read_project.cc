// SPDX-License-Identifier: Apache-2.0
#include "adapters/files/read_project.h"

#include <algorithm>
#include <map>

#include "adapters/files/parallel.h"
#include "adapters/files/read_file.h"
#include "engine/read/digest.h"
#include "engine/schema/history.h"

namespace spiritsafe {
namespace {

std::unique_ptr<File> open_file(const std::string& path, const Project& project, const std::string& root,
                                const Base* base) {
  auto file = std::make_unique<File>();
  file->source.path = path;
  file->project = &project;
  const auto staged = base ? base->staged.find(path) : std::map<std::string, std::string>::const_iterator{};
  if (base && staged != base->staged.end()) {
    file->source.text = staged->second;
  } else {
    read_into(*file, root);
  }
  classify(*file);
  return file;
}

// The base's own version of a file.
std::unique_ptr<File> open_base_file(const BaseFile& from, const Project& project) {
  auto file = std::make_unique<File>();
  file->source.path = from.path;
  file->source.text = from.text.value_or(std::string());
  file->project = &project;
  file->origin = from.origin;
  file->on_base = true;
  classify(*file);
  file->change = from.change;
  return file;
}

// Lets each file that the change touches point to what it was.
void link_before(Project& project, const Base& base) {
  std::map<std::string_view, const File*> before;
  for (const auto& file : project.base_files) {
    if (file->origin == Origin::merge_base) {
      before.emplace(file->source.path, file.get());
    }
  }
  for (const auto& file : project.files) {
    const auto change = base.changes.find(file->source.path);
    if (change == base.changes.end() || change->second.base_path.empty()) {
      continue;
    }
    if (const auto found = before.find(change->second.base_path); found != before.end()) {
      file->before = found->second;
    }
  }
}

// One file of one project.
struct Task {
  size_t project = 0;
  size_t file = 0;
};

}  // namespace

ReadOptions read_options(const FoundProject& found, const std::vector<PluginOperation>& plugin_operations) {
  ReadOptions options;
  options.python_major = found.python.first;
  options.python_minor = found.python.second;
  options.plugin_operations = plugin_operations;
  options.local_packages = found.local_packages;
  return options;
}

std::vector<std::unique_ptr<Project>> read_projects(std::span<const FoundProject> found, const std::string& root,
                                                    const std::vector<PluginOperation>& plugin_operations,
                                                    unsigned threads, const Base* base) {
  std::vector<std::unique_ptr<Project>> projects;
  std::vector<ReadOptions> options;
  std::vector<Task> tasks;
  for (const FoundProject& each : found) {
    auto project = std::make_unique<Project>();
    project->name = each.name;
    project->settings = each.settings;
    project->is_partial = !each.settings.has_environment;
    project->files.resize(each.migrations.size());
    project->migrations.resize(each.migrations.size());
    for (size_t file = 0; file < each.migrations.size(); ++file) {
      tasks.push_back({projects.size(), file});
    }
    options.push_back(read_options(each, plugin_operations));
    projects.push_back(std::move(project));
  }
  parallel_for(tasks.size(), threads, [&](size_t i) {
    const Task& task = tasks[i];
    Project& project = *projects[task.project];
    auto file = open_file(found[task.project].migrations[task.file], project, root, base);
    apply_change(*file, base);
    project.migrations[task.file] = read_migration(*file, options[task.project]);
    project.files[task.file] = std::move(file);
  });
  for (size_t i = 0; base && i < projects.size(); ++i) {
    Project& project = *projects[i];
    project.has_base = true;
    for (const BaseFile& file : base->files) {
      if (!is_revision_of(found[i], file.path)) {
        continue;
      }
      project.base_files.push_back(open_base_file(file, project));
      if (file.text) {
        project.base_migrations.push_back(read_migration(*project.base_files.back(), options[i]));
      }
    }
    link_before(project, *base);
  }
  parallel_for(projects.size(), threads, [&](size_t i) {
    read_code_digests(*projects[i]);
    link_history(*projects[i]);
  });
  return projects;
}

std::unique_ptr<Project> read_scripts(const std::vector<std::string>& paths, const std::string& root, unsigned threads,
                                      std::span<const FoundProject> found, const Base* base) {
  auto project = std::make_unique<Project>();
  project->files.resize(paths.size());
  parallel_for(paths.size(), threads, [&](size_t i) {
    project->files[i] = open_file(paths[i], *project, root, base);
    read_lines(*project->files[i]);
    apply_change(*project->files[i], base);
  });
  if (base) {
    project->has_base = true;
    for (const BaseFile& file : base->files) {
      const auto has_it = [&](const FoundProject& each) { return is_revision_of(each, file.path); };
      if (file.origin == Origin::merge_base && std::ranges::none_of(found, has_it)) {
        project->base_files.push_back(open_base_file(file, *project));
        read_lines(*project->base_files.back());
      }
    }
    link_before(*project, *base);
  }
  return project;
}

}  // namespace spiritsafe
