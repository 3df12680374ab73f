// SPDX-License-Identifier: Apache-2.0
// Python modules → the models that they define. Nothing is imported: names are followed through the text of the
// project's own modules, and what cannot be followed is unknown.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/facts/models.h"
#include "engine/facts/project.h"
#include "engine/read/read.h"

namespace spiritsafe {

// The file of that path with its text; nullptr where there is none. What it returns must outlive the facts.
using FindFile = std::function<const File*(const std::string& path)>;

struct ModelSources {
  std::string env = {};                   // env.py; empty: there is none
  std::vector<std::string> folders = {};  // where the project's modules are, the first one first; "" is the current one
  // Files that may define models though env.py does not reach them; they are read too, and their models say so.
  std::vector<std::string> others = {};
  PackageVersions versions = {};
};

// Follows the imports from env.py on. The files that `find` gives are not changed.
std::unique_ptr<ModelsFacts> read_models(const ModelSources& sources, const FindFile& find, const ReadOptions& options);

inline constexpr size_t most_modules = 5000;  // that are read; then the facts say that there may be more

}  // namespace spiritsafe
