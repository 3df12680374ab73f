// SPDX-License-Identifier: Apache-2.0
// One Alembic project and its files: the owner of all texts and lists that facts are views of.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/facts/migration.h"
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

struct File {
  Source source = {};  // path from where the user stands; text empty where it could not be read
  Arena arena = {};
  Text path = {};  // the same path, as a fact
  Text name = {};  // the last part of the path
  Language language = Language::other;
  Change change = Change::added;
  bool on_base = false;
  FileProblem problem = FileProblem::none;
  std::string problem_detail = {};  // what to tell the user, such as the byte that is not UTF-8
  Text problem_text = {};           // a view of problem_detail; absent where there is none
  std::vector<Line> lines = {};     // of scripts and workflows; empty for migrations
  const Project* project = nullptr;
};

// Which versions and database the project works with; absent: nothing in the project says it.
struct Settings {
  std::string dialect = {};  // `postgresql`, `sqlite`, `mysql`, …; empty where not known
  std::string file_template = {};
  std::string requires_python = {};  // as written in pyproject.toml
  bool uses_sqlmodel = false;
};

struct Project {
  std::string name = {};  // its folder; empty for the only one
  Settings settings = {};
  std::vector<std::unique_ptr<File>> files = {};            // migrations, scripts, configuration; sorted by path
  std::vector<std::unique_ptr<Migration>> migrations = {};  // sorted by path
};

}  // namespace spiritsafe
