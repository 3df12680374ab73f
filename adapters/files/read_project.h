// SPDX-License-Identifier: Apache-2.0
// From found paths to facts, on several threads.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "adapters/files/base.h"
#include "adapters/files/workspace.h"
#include "engine/read/read.h"

namespace spiritsafe {

// What a policy says about reading.
struct ReadSettings {
  std::vector<PluginOperation> plugin_operations = {};
  int postgres_version = 0;
  std::vector<std::string> reading_functions = {};
  Behaviours behaviours = {};
  bool operator==(const ReadSettings&) const = default;
};

// How the files of a project are read.
ReadOptions read_options(const FoundProject& found, const ReadSettings& settings);

// Projects whose own files are read, before it is known what they are compared with.
struct OpenedProjects {
  std::vector<std::unique_ptr<Project>> projects = {};
  std::vector<ReadOptions> options = {};  // of each
};

// The projects of `found`; the same order. All files of all of them are shared among the threads. Of the base only what
// is staged matters here.
OpenedProjects open_projects(std::span<const FoundProject> found, const std::string& root, const ReadSettings& settings,
                             unsigned threads, const Base* base = nullptr);

// Reads the models of a project into it.
using ReadModels = std::function<void(Project& project, const FoundProject& found)>;

// The same projects, with all that their files say together. `base` is what they are compared with; nullptr: nothing,
// every file counts as added. The models are read beside.
std::vector<std::unique_ptr<Project>> link_projects(OpenedProjects opened, std::span<const FoundProject> found,
                                                    unsigned threads, const Base* base = nullptr,
                                                    const ReadModels& read_models = {});

// The scripts and the application code as one project without migrations (Project::around of the others); its
// base_files are those that belong to none of the workspace's projects. Of the code it has what the change touches;
// without a base what may change the schema.
std::unique_ptr<Project> read_around(const Workspace& workspace, unsigned threads, const Base* base = nullptr);

}  // namespace spiritsafe
