// SPDX-License-Identifier: Apache-2.0
// Where a project's models are looked for, and their files, read when they are asked for.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "adapters/files/read_project.h"
#include "adapters/files/workspace.h"
#include "engine/read/models.h"

namespace spiritsafe {

// The models of one project with the files that they were read from.
struct ModelsRead {
  std::map<std::string, std::unique_ptr<File>> files = {};  // by path; nullptr: there is none
  ModelSources sources = {};
  std::unique_ptr<ModelsFacts> facts = {};
};

// Reads the models into project.models and, where there is a base, as they were there into project.base_models; what
// they say together with the migrations is link_models' to find. `texts`, by path, stand for what the files hold.
void read_models_of(Project& project, const FoundProject& found, const Workspace& workspace,
                    const ReadSettings& settings, const Base* base,
                    const std::map<std::string, std::string>& texts = {});

// `workspace` says what the tree is and which other Python files may define models.
std::unique_ptr<ModelsRead> read_project_models(const FoundProject& found, const Workspace& workspace,
                                                const Behaviours& behaviours);

}  // namespace spiritsafe
