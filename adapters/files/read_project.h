// SPDX-License-Identifier: Apache-2.0
// From found paths to facts, on several threads.
#pragma once

#include <memory>
#include <vector>

#include "adapters/files/workspace.h"
#include "engine/read/read.h"

namespace spiritsafe {

// How the files of a project are read.
ReadOptions read_options(const FoundProject& found, const std::vector<PluginOperation>& plugin_operations);

// The projects of `found`, read; the same order. All files of all of them are shared among the threads.
std::vector<std::unique_ptr<Project>> read_projects(std::span<const FoundProject> found, const std::string& root,
                                                    const std::vector<PluginOperation>& plugin_operations,
                                                    unsigned threads);

// The scripts as one project without migrations.
std::unique_ptr<Project> read_scripts(const std::vector<std::string>& paths, const std::string& root, unsigned threads);

}  // namespace spiritsafe
