// SPDX-License-Identifier: Apache-2.0
#include "adapters/files/read_project.h"

#include "adapters/files/parallel.h"
#include "adapters/files/read_file.h"

namespace spiritsafe {
namespace {

std::unique_ptr<File> open_file(const std::string& path, const Project& project, const std::string& root) {
  auto file = std::make_unique<File>();
  file->source.path = path;
  file->project = &project;
  read_into(*file, root);
  classify(*file);
  return file;
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
                                                    unsigned threads) {
  std::vector<std::unique_ptr<Project>> projects;
  std::vector<ReadOptions> options;
  std::vector<Task> tasks;
  for (const FoundProject& each : found) {
    auto project = std::make_unique<Project>();
    project->name = each.name;
    project->settings = each.settings;
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
    auto file = open_file(found[task.project].migrations[task.file], project, root);
    project.migrations[task.file] = read_migration(*file, options[task.project]);
    project.files[task.file] = std::move(file);
  });
  return projects;
}

std::unique_ptr<Project> read_scripts(const std::vector<std::string>& paths, const std::string& root,
                                      unsigned threads) {
  auto project = std::make_unique<Project>();
  project->files.resize(paths.size());
  parallel_for(paths.size(), threads, [&](size_t i) {
    project->files[i] = open_file(paths[i], *project, root);
    read_lines(*project->files[i]);
  });
  return project;
}

}  // namespace spiritsafe
