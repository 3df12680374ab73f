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
  bool operator==(const PluginOperation&) const = default;
};

struct ReadOptions {
  int python_major = 3, python_minor = 13;  // what counts as a syntax error
  std::vector<PluginOperation> plugin_operations = {};
  // The server's major version where the policy says it (0: it does not): SQL that the parser here refuses may be newer
  // than it, and then it cannot be told.
  int postgres_version = 0;
  // Functions of code that is not here that only read, by their name: `load_table`.
  std::vector<std::string> reading_functions = {};
  std::vector<std::string> local_packages = {};  // top-level modules of the project itself
  Behaviours behaviours = {};                    // of the packages that the project works with, by version
  PackageVersion alembic = {};                   // the project's version; {0, 0, 0} where it is not known
  // Files of SQL: placeholders stand for more than one schema, so that each is a schema of its own. Else the one that
  // there is, is the schema of all names that have none.
  bool parted_schemas = false;
  bool without_transaction = false;  // of this file Diesel's metadata.toml says so
};

// Reads `file.source.text` as a revision file. A file with a problem, or one that does not parse, gives a migration
// whose facts are unknown (never empty lists). All texts and lists live in `file`, which must not move afterwards. Safe
// to call for different files at once.
std::unique_ptr<Migration> read_migration(File& file, const ReadOptions& options);

// The same of a file of SQL: one migration, with the markers of dbmate, goose and sql-migrate for what undoes it. Its
// revision is its name; a file that undoes another one (`.down.sql`, Flyway's `U…`) has none. Its statements stand at
// their places in the file, and what only psql understands is an operation that cannot be known.
std::unique_ptr<Migration> read_sql_migration(File& file, const ReadOptions& options);
bool is_sql_downgrade(std::string_view file_name);
// Do the files name schemas by more than one placeholder? Then they are to be read again, as parted_schemas says.
bool has_parted_schemas(const Project& project);
// Sets the parents of a project's SQL migrations: each builds on the one before it, by name, numbers as numbers.
void order_sql_migrations(Project& project);

// Takes back what a URL said of the database where the migrations speak of PostgreSQL as well. Once all are read.
void settle_dialect(Project& project);

// What a file of this name is written in; `other` where the name does not say it.
Language language_of(std::string_view path);

// Sets file.problem from its text (not UTF-8, NUL, too large) and file.name, path, language from its path.
void classify(File& file);

// The lines of a script, recipe or workflow into file.lines.
void read_lines(File& file);

inline constexpr size_t largest_file = 16u << 20;  // bytes; what is larger is reported, not read

}  // namespace spiritsafe
