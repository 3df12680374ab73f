// SPDX-License-Identifier: Apache-2.0
#include "adapters/files/read_project.h"

#include <algorithm>
#include <map>
#include <unordered_set>

#include "adapters/files/package_versions.h"
#include "adapters/files/read_file.h"
#include "engine/read/digest.h"
#include "engine/read/surroundings.h"
#include "engine/schema/history.h"
#include "engine/schema/link_models.h"
#include "engine/text/parallel.h"

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

std::string_view path_of(const std::unique_ptr<File>& file) { return file->source.path; }

bool is_below(const std::unordered_set<std::string_view>& folders, std::string_view path) {
  for (std::string folder = parent_path(path);; folder = parent_path(folder)) {
    if (folders.contains(folder) || folder.empty()) {
      return folders.contains(folder);
    }
  }
}

// `run_in_transaction = false` in the file that Diesel has beside up.sql and down.sql.
bool runs_without_transaction(const std::string& path) {
  constexpr size_t largest = 64u << 10;
  const std::string_view name = file_name(path);
  const Result<std::string> text = name == "up.sql" || name == "down.sql"
                                       ? read_text(join_path(parent_path(path), "metadata.toml"), largest)
                                       : Result<std::string>(std::string());
  std::string plain = text ? *text : std::string();
  std::erase_if(plain, [](char c) { return c == ' ' || c == '\t'; });
  return plain.starts_with("run_in_transaction=false") || plain.find("\nrun_in_transaction=false") != std::string::npos;
}

std::unique_ptr<Migration> read_revision(File& file, const ReadOptions& options) {
  if (!file.project->settings.is_sql) {
    return read_migration(file, options);
  }
  if (!runs_without_transaction(file.source.path)) {
    return read_sql_migration(file, options);
  }
  ReadOptions own = options;
  own.without_transaction = true;
  return read_sql_migration(file, own);
}

// One file of one project.
struct Task {
  size_t project = 0;
  size_t file = 0;
};

}  // namespace

ReadOptions read_options(const FoundProject& found, const ReadSettings& settings) {
  ReadOptions options;
  options.python_major = found.python.first;
  options.python_minor = found.python.second;
  options.plugin_operations = settings.plugin_operations;
  options.postgres_version = settings.postgres_version;
  options.reading_functions = settings.reading_functions;
  options.local_packages = found.local_packages;
  options.behaviours = settings.behaviours;
  return options;
}

OpenedProjects open_projects(std::span<const FoundProject> found, const std::string& root, const ReadSettings& settings,
                             unsigned threads, const Base* base) {
  OpenedProjects opened;
  auto& [projects, options] = opened;
  std::vector<Task> tasks;
  std::vector<PackageVersions> versions(found.size());
  parallel_for(found.size(), threads, [&](size_t i) {
    versions[i] = found[i].settings.is_sql ? PackageVersions{} : find_versions(found[i], root, settings.behaviours);
  });
  for (const FoundProject& each : found) {
    auto project = std::make_unique<Project>();
    project->name = each.name;
    project->folder = each.folder;
    project->settings = each.settings;
    project->is_partial = !each.settings.has_environment && !each.settings.is_sql;
    project->settings.versions = versions[projects.size()];
    project->migrations.resize(each.migrations.size());
    project->files.resize(each.migrations.size() + each.templates.size());
    for (size_t file = 0; file < project->files.size(); ++file) {
      tasks.push_back({projects.size(), file});
    }
    options.push_back(read_options(each, settings));
    options.back().alembic = project->settings.versions.alembic;
    projects.push_back(std::move(project));
  }
  parallel_for(tasks.size(), threads, [&](size_t i) {
    const Task& task = tasks[i];
    Project& project = *projects[task.project];
    const FoundProject& from = found[task.project];
    const size_t migrations = from.migrations.size();
    const bool is_template = task.file >= migrations;
    auto file = open_file(is_template ? from.templates[task.file - migrations] : from.migrations[task.file], project,
                          root, base);
    if (is_template) {
      file->beside_project = true;
      read_surroundings(*file, options[task.project]);
    } else {
      project.migrations[task.file] = read_revision(*file, options[task.project]);
    }
    project.files[task.file] = std::move(file);
  });
  for (size_t i = 0; i < projects.size(); ++i) {
    if (projects[i]->settings.is_sql && has_parted_schemas(*projects[i])) {
      options[i].parted_schemas = true;
      parallel_for(found[i].migrations.size(), threads, [&](size_t file) {
        projects[i]->migrations[file] = read_revision(*projects[i]->files[file], options[i]);
      });
    }
  }
  for (const auto& project : projects) {
    std::ranges::stable_sort(project->files, {}, path_of);
  }
  return opened;
}

std::vector<std::unique_ptr<Project>> link_projects(OpenedProjects opened, std::span<const FoundProject> found,
                                                    unsigned threads, const Base* base, const ReadModels& read_models) {
  auto& [projects, options] = opened;
  for (size_t i = 0; base && i < projects.size(); ++i) {
    Project& project = *projects[i];
    project.has_base = true;
    for (const auto& file : project.files) {
      apply_change(*file, base);
    }
    for (const BaseFile& file : base->files) {
      const bool is_template = is_template_of(found[i], file.path);
      if (!is_template && !is_revision_of(found[i], file.path)) {
        continue;
      }
      project.base_files.push_back(open_base_file(file, project));
      if (is_template) {
        read_surroundings(*project.base_files.back(), options[i]);
      } else if (file.text) {
        read_imports(*project.base_files.back(), options[i]);
        project.base_migrations.push_back(read_revision(*project.base_files.back(), options[i]));
      }
    }
    link_before(project, *base);
  }
  std::vector<std::unique_ptr<Replay>> replays(projects.size());
  const auto link = [&](size_t i) {
    settle_dialect(*projects[i]);
    if (projects[i]->settings.is_sql) {
      order_sql_migrations(*projects[i]);
    }
    read_code_digests(*projects[i]);
    replays[i] = link_history(*projects[i]);
  };
  const size_t models = read_models ? projects.size() : 0;
  parallel_for(models + projects.size(), threads,
               [&](size_t i) { i < models ? read_models(*projects[i], found[i]) : link(i - models); });
  parallel_for(projects.size(), threads, [&](size_t i) {
    if (projects[i]->models) {
      link_models(*projects[i], replays[i].get());
    }
  });
  return std::move(projects);
}

std::unique_ptr<Project> read_around(const Workspace& workspace, unsigned threads, const Base* base) {
  auto project = std::make_unique<Project>();
  std::unordered_set<std::string_view> folders;
  for (const FoundProject& found : workspace.projects) {
    folders.insert(found.folder);
  }
  std::vector<std::string> paths = workspace.scripts;
  for (const std::string& path : workspace.code) {
    if (!base || base->changes.contains(path)) {
      paths.push_back(path);
    }
  }
  project->files.resize(paths.size());
  parallel_for(paths.size(), threads, [&](size_t i) {
    auto file = open_file(paths[i], *project, workspace.root, base);
    const bool is_code = i >= workspace.scripts.size();
    // A dump or a file in another encoding is nothing that must be judged; without a change, code that leaves the
    // schema alone is of no interest.
    if (is_code && (file->problem != FileProblem::none || (!base && !may_change_schema(file->source.text)))) {
      return;
    }
    file->beside_project = is_below(folders, file->source.path);
    read_surroundings(*file, {});
    if (is_code && !base && file->schema_changes.empty()) {
      return;
    }
    apply_change(*file, base);
    project->files[i] = std::move(file);
  });
  std::erase(project->files, nullptr);
  std::ranges::stable_sort(project->files, {}, path_of);
  if (base) {
    project->has_base = true;
    for (const BaseFile& file : base->files) {
      const auto has_it = [&](const FoundProject& each) {
        return is_revision_of(each, file.path) || is_template_of(each, file.path);
      };
      if (file.origin == Origin::merge_base && std::ranges::none_of(workspace.projects, has_it)) {
        project->base_files.push_back(open_base_file(file, *project));
        read_surroundings(*project->base_files.back(), {});
      }
    }
    link_before(*project, *base);
    find_weakened_workflows(*project);
  }
  project->around = project.get();
  return project;
}

}  // namespace spiritsafe
