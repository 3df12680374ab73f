// SPDX-License-Identifier: Apache-2.0
// What there is to judge under the given paths: every Alembic project with its revision files, and the scripts around
// them.
#pragma once

#include <string>
#include <vector>

#include "engine/facts/project.h"
#include "engine/text/error.h"

namespace spiritsafe {

// One Alembic project as found, nothing of its migrations read yet.
struct FoundProject {
  std::string folder = {};  // where alembic.ini, pyproject.toml or env.py's folder is; "" for the current one
  std::string name = {};    // the folder below the given path; empty for the only project
  std::string script_location = {};
  std::vector<std::string> version_folders = {};
  bool recursive = false;                    // folders below version_folders count as well
  std::vector<std::string> migrations = {};  // paths, sorted
  std::vector<std::string> templates = {};   // env.py and script.py.mako, where they are
  std::vector<std::string> local_packages = {};
  std::pair<int, int> python = {3, 13};
  Settings settings = {};
};

struct Workspace {
  std::vector<FoundProject> projects = {};  // sorted by folder
  std::vector<std::string> scripts = {};    // scripts, recipes and workflows, sorted
  std::vector<std::string> code = {};  // Python and SQL files outside of the folders with migrations and env.py, sorted
  std::vector<std::string> only = {};  // files that were given by name: only they are judged, the others are history
  std::string top = {};                // the first given folder, "" for the current one
  std::string root = {};               // canonical path of the tree that links may not leave
  std::vector<std::string> notes = {};  // what the user should know: folders that cannot be listed
};

// `paths` as the user gave them; none: the project around the current folder. An error where a path does not exist,
// where a configuration cannot be read or names a folder that is not there, or where no project is found.
// Is this where the project keeps its revision files, whether there is such a file now or not?
bool is_revision_of(const FoundProject& project, std::string_view path);
// The same for its env.py and script.py.mako.
bool is_template_of(const FoundProject& project, std::string_view path);

// Does what lies around the project, its models and workflows, belong to what was given?
bool sees_around(const Workspace& workspace, const FoundProject& project);

Result<Workspace> find_workspace(const std::vector<std::string>& paths, unsigned threads = 1);

}  // namespace spiritsafe
