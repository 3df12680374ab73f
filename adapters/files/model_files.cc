// SPDX-License-Identifier: Apache-2.0
#include "adapters/files/model_files.h"

#include <algorithm>

#include "adapters/files/package_versions.h"
#include "adapters/files/read_file.h"
#include "adapters/files/read_project.h"

namespace spiritsafe {
namespace {

void add(std::vector<std::string>& folders, const std::string& folder) {
  if (std::ranges::find(folders, folder) == folders.end()) {
    folders.push_back(folder);
  }
}

ModelSources find_sources(const FoundProject& found, const Workspace& workspace, const PackageVersions& versions) {
  ModelSources sources;
  sources.versions = versions;
  const std::string env = join_path(found.script_location, "env.py");
  sources.env = is_file(env) ? env : std::string();
  for (const std::string& folder : folders_upwards(found, workspace.root)) {
    add(sources.folders, folder);
    if (const std::string src = join_path(folder, "src"); is_folder(src)) {  // asked once, not for each import
      add(sources.folders, src);
    }
  }
  return sources;
}

// A class with a table says so with one of these words.
constexpr std::string_view table_words[] = {"table=True", "table = True", "__tablename__"};

bool may_define_models(std::string_view text) {
  return std::ranges::any_of(table_words, [&](std::string_view word) { return text.find(word) != text.npos; });
}

// Python files of the project that may define models, whether env.py reaches them or not.
std::vector<std::string> find_others(const FoundProject& found, const Workspace& workspace, const Base* base) {
  const std::string start = found.folder.empty() || found.folder == "." ? std::string() : found.folder + "/";
  std::vector<std::string> others;
  for (const std::string& path : workspace.code) {
    if (path.ends_with(".py") && path.starts_with(start) && (!base || base->changes.contains(path))) {
      const Result<std::string> text = read_text(path, largest_file);
      if (text && may_define_models(*text)) {
        others.push_back(path);
      }
    }
  }
  return others;
}

// The file at a path as it is here, or (nothing) where there is none.
std::unique_ptr<File> open_here(const std::string& path, const Workspace& workspace, const Base* base) {
  const auto staged = base ? base->staged.find(path) : std::map<std::string, std::string>::const_iterator{};
  const bool is_staged = base && staged != base->staged.end();
  if (!is_staged && !is_file(path)) {
    return nullptr;
  }
  auto file = std::make_unique<File>();
  file->source.path = path;
  if (is_staged) {
    file->source.text = staged->second;
  } else {
    read_into(*file, workspace.root);
  }
  classify(*file);
  return file;
}

// The same as the merge base has it.
std::unique_ptr<File> open_before(const std::string& path, const Workspace& workspace, const Base& base,
                                  const std::map<std::string_view, const BaseFile*>& changed) {
  const auto was = changed.find(path);
  const auto change = base.changes.find(path);
  if (was == changed.end()) {
    const bool is_new = change != base.changes.end() && change->second.base_path.empty();
    return is_new ? nullptr : open_here(path, workspace, &base);
  }
  if (!was->second->text) {
    return nullptr;
  }
  auto file = std::make_unique<File>();
  file->source.path = path;
  file->source.text = *was->second->text;
  classify(*file);
  file->origin = Origin::merge_base;
  file->on_base = true;
  return file;
}

using OpenFile = std::function<std::unique_ptr<File>(const std::string& path)>;

std::unique_ptr<ProjectModels> read_with(const ModelSources& sources, const ReadOptions& options,
                                         const OpenFile& open) {
  auto models = std::make_unique<ProjectModels>();
  std::map<std::string, std::unique_ptr<File>> files;
  const FindFile find = [&](const std::string& path) -> const File* {
    const auto [there, is_new] = files.emplace(path, nullptr);
    if (is_new) {
      there->second = open(path);
    }
    return there->second.get();
  };
  models->facts = read_models(sources, find, options);
  for (auto& [path, file] : files) {
    if (file) {
      models->files.push_back(std::move(file));
    }
  }
  return models;
}

// A module that is gone is among the base's files only.
bool touches_models(const ProjectModels& models, const Base& base) {
  return std::ranges::any_of(models.files, [](const auto& file) { return file->change != Change::unchanged; }) ||
         std::ranges::any_of(base.files, [](const BaseFile& file) {
           const bool is_gone = file.change == Change::deleted || file.change == Change::renamed;
           return file.origin == Origin::merge_base && file.path.ends_with(".py") && is_gone;
         });
}

}  // namespace

void read_models_of(Project& project, const FoundProject& found, const Workspace& workspace,
                    const ReadSettings& settings, const Base* base, const std::map<std::string, std::string>& texts) {
  const ReadOptions options = read_options(found, settings);
  ModelSources sources = find_sources(found, workspace, project.settings.versions);
  sources.others = find_others(found, workspace, base);
  project.models = read_with(sources, options, [&](const std::string& path) {
    auto file = open_here(path, workspace, base);
    if (file) {
      if (const auto text = texts.find(path); text != texts.end()) {
        file->source.text = text->second;
      }
      if (base && base->changes.contains(path)) {
        read_lines(*file);  // which of them are new is asked only of these
      }
      apply_change(*file, base);
    }
    return file;
  });
  if (base && touches_models(*project.models, *base)) {
    std::map<std::string_view, const BaseFile*> changed;
    for (const BaseFile& file : base->files) {
      if (file.origin == Origin::merge_base) {
        changed.emplace(file.path, &file);
      }
    }
    sources.others.clear();
    for (const BaseFile& file : base->files) {
      if (file.origin == Origin::merge_base && file.path.ends_with(".py") && file.text &&
          may_define_models(*file.text)) {
        sources.others.push_back(file.path);
      }
    }
    project.base_models = read_with(
        sources, options, [&](const std::string& path) { return open_before(path, workspace, *base, changed); });
  }
}

std::unique_ptr<ModelsRead> read_project_models(const FoundProject& found, const Workspace& workspace,
                                                const Behaviours& behaviours) {
  auto read = std::make_unique<ModelsRead>();
  read->sources = find_sources(found, workspace, find_versions(found, workspace.root, behaviours));
  const FindFile find = [&](const std::string& path) -> const File* {
    const auto [there, is_new] = read->files.emplace(path, nullptr);
    if (is_new) {
      there->second = open_here(path, workspace, nullptr);
    }
    return there->second.get();
  };
  read->facts = read_models(read->sources, find, read_options(found, {.behaviours = behaviours}));
  return read;
}

}  // namespace spiritsafe
