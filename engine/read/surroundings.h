// SPDX-License-Identifier: Apache-2.0
// What stands around the migrations → facts (engine/facts/surroundings.h). All texts and lists live in the file, which
// must not move afterwards. Safe to call for different files at once. A file with a problem gives unknown facts.
#pragma once

#include "engine/facts/project.h"
#include "engine/python/tree.h"
#include "engine/read/read.h"

namespace spiritsafe {

// Is a file of this path a workflow of GitHub's or GitLab's CI?
bool is_workflow(std::string_view path);
// Its jobs into file.jobs.
void read_workflow(File& file);

// Can there be anything for read_schema_changes in a text? A quick look: what it says no to need not be read.
bool may_change_schema(std::string_view text);
// Where a script, a recipe, a workflow, SQL or application code changes the schema, into file.schema_changes.
void read_schema_changes(File& file, const ReadOptions& options);
// The modules that application code imports, into file.imports; unknown where it does not parse.
void read_imports(File& file, const ReadOptions& options);

// env.py into file.env_script. One that does not parse gives unknown facts.
void read_env_script(File& file, const ReadOptions& options);

// What the change takes away from the jobs and hooks that run spiritsafe, appended to project.weakenings: of the files
// of `project` that have a `before`, and of those of its base_files that are gone.
void find_weakened_workflows(Project& project);

// All of the above that a file of this path asks for: lines, and by its path and language the rest. env.py and
// script.py.mako are told by their names.
void read_surroundings(File& file, const ReadOptions& options);

// ---- shared by these readers ----

// The modules that a file imports, wherever in it.
Texts imports_of(const python::Module& module, Arena& arena);

// White space runs as one space, none at the ends, cut at a character where it is long; lives in the arena.
std::string_view fold(std::string_view text, Arena& arena);

}  // namespace spiritsafe
