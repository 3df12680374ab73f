// SPDX-License-Identifier: Apache-2.0
// Files → facts. Nothing is executed and nothing is guessed: what the text does not say is unknown.
#pragma once

#include <string>
#include <vector>

#include "engine/facts/project.h"

namespace spiritsafe {

// An operation that a plugin registered (`known_operations` of the policy), and the kinds it amounts to.
struct PluginOperation {
  std::string name = {};
  std::vector<OperationKind> amounts_to = {};
};

struct ReadOptions {
  int python_major = 3, python_minor = 13;  // what counts as a syntax error
  std::vector<PluginOperation> plugin_operations = {};
  std::vector<std::string> local_packages = {};  // top-level modules of the project itself
};

// Reads `file.source.text` as a revision file. A file with a problem, or one that does not parse, gives a migration
// whose facts are unknown (never empty lists). All texts and lists live in `file`, which must not move afterwards. Safe
// to call for different files at once.
std::unique_ptr<Migration> read_migration(File& file, const ReadOptions& options);

// What a file of this name is written in; `other` where the name does not say it.
Language language_of(std::string_view path);

// Sets file.problem from its text (not UTF-8, NUL, too large) and file.name, path, language from its path.
void classify(File& file);

// The lines of a script, recipe or workflow into file.lines.
void read_lines(File& file);

inline constexpr size_t largest_file = 16u << 20;  // bytes; what is larger is reported, not read

}  // namespace spiritsafe
