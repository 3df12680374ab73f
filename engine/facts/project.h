// SPDX-License-Identifier: Apache-2.0
// One Alembic project and its files: the owner of all texts and lists that facts are views of.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/facts/migration.h"
#include "engine/facts/models.h"
#include "engine/facts/surroundings.h"
#include "engine/text/arena.h"

namespace spiritsafe {

struct Project;
struct File;

struct Line {
  Span span = {};
  Text text = {};
  uint32_t number = 0;
  bool added = true;
  const File* file = nullptr;
};

// Where a text is from: the change itself, the commit that it grew from, or the newest commit of the base branch.
enum class Origin : uint8_t { here, merge_base, base_tip };

struct File {
  Source source = {};  // path from where the user stands; text empty where it could not be read
  Arena arena = {};
  Text path = {};  // the same path, as a fact
  Text name = {};  // the last part of the path
  Language language = Language::other;
  Origin origin = Origin::here;
  Change change = Change::added;  // what this change does to it; of a base_tip file: what the base did since merge_base
  bool on_base = false;           // the base branch has it, under this path or the one that it was renamed from
  const File* before = nullptr;  // its version of the merge base (in Project::base_files), where this change touches it
  Flag named_in_request = {};    // by the description of the pull or merge request; absent where none is known
  FileProblem problem = FileProblem::none;
  std::string problem_detail = {};                    // what to tell the user, such as the byte that is not UTF-8
  Text problem_text = {};                             // a view of problem_detail; absent where there is none
  std::vector<Line> lines = {};                       // of scripts and workflows; empty for migrations
  List<WorkflowJob> jobs = {};                        // of workflows; unknown where one could not be read
  std::span<const SchemaChange> schema_changes = {};  // of scripts, SQL and application code
  Texts imports = {};                                 // modules that application code imports
  const EnvScript* env_script = nullptr;              // where it is an env.py
  const ModelModule* module = nullptr;                // where models are read from it
  bool beside_project = false;                        // in or below the folder of an Alembic project
  const Project* project = nullptr;
};

// Which versions and database the project works with; absent: nothing in the project says it.
struct Settings {
  std::string dialect = {};        // `postgresql`, `sqlite`, `mysql`, …; empty where not known
  std::string file_template = {};  // Alembic's own default where its section does not say; empty: not known
  int truncate_slug_length = 40;
  std::string requires_python = {};  // as written in pyproject.toml
  PackageVersions versions = {};
  bool uses_sqlmodel = false;
  bool is_sql = false;          // its migrations are files of SQL, without Alembic
  bool has_environment = true;  // false: no env.py, so that another project runs these, perhaps with others
};

// The models as the files here, or those of the base, have them.
struct ProjectModels {
  std::vector<std::unique_ptr<File>> files = {};  // that they were read from; sorted by path
  std::unique_ptr<ModelsFacts> facts = {};
  Arena arena{2048};  // of what is linked to them
};

struct Project {
  std::string name = {};    // its folder; empty for the only one
  std::string folder = {};  // from where the user stands
  Settings settings = {};
  std::vector<std::unique_ptr<File>> files = {};            // migrations, scripts, configuration; sorted by path
  std::vector<std::unique_ptr<Migration>> migrations = {};  // sorted by path
  // What the base has and the change has not, or has otherwise; sorted by origin and path. Of merge_base: every file
  // that the change modifies, renames or deletes, as it was. Of base_tip: every file that the base branch has changed
  // since then (a deleted one without text). What is in neither list is the same in all three.
  bool is_partial = false;  // there are revisions that are not here: a parent that is missing may be one of them
  bool has_base = false;    // false: there is no base to compare with, and everything counts as added
  std::vector<std::unique_ptr<File>> base_files = {};
  std::vector<std::unique_ptr<Migration>> base_migrations = {};  // of those of base_files that are revision files
  std::unique_ptr<ProjectModels> models = {};                    // nullptr where no rule asks about them
  // As the merge base has them; nullptr where there is no base, and where the change touches none of their files.
  std::unique_ptr<ProjectModels> base_models = {};
  std::vector<Difference> differences = {};  // between models and migrations; by the path of their file, table and kind
  // What this change makes the models ask for otherwise, and which older differences it mends, in words; unknown where
  // the models could not be read, absent without a base.
  Texts model_changes = {{}, State::unknown, false};
  Texts mended = {{}, State::unknown, false};
  // The scripts, recipes, workflows and application code around all projects, which are judged as a project without
  // migrations; nullptr where they were not looked for. In an example with other files than migrations the project
  // itself.
  const Project* around = nullptr;
  std::vector<Weakening> weakenings = {};  // what the change takes away from the checks (add_weakenings)
  // What link_history (engine/schema) makes of all of them.
  std::vector<Branch> branches = {};
  std::vector<BaseMigration> touched = {};
  List<const Migration*> heads = {};       // of the base's tip and the change together
  List<const Migration*> bases = {};       // likewise
  List<const Migration*> base_heads = {};  // of the base's tip alone; empty where there is no base
  Arena arena{2048};                       // of the texts of all this
};

}  // namespace spiritsafe
