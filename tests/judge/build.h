// SPDX-License-Identifier: Apache-2.0
// Policies and projects from texts, for the tests of judging.
#pragma once

#include <boost/test/unit_test.hpp>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/judge/judge.h"
#include "engine/policy/load.h"
#include "engine/read/read.h"

namespace spiritsafe::tests {

inline Policy policy_of(const std::string& yaml, bool examples = false) {
  LoadOptions options;
  options.examples = examples;
  Result<Policy> policy = load_policy({"policy.yml", "language: 1\n" + yaml}, options);
  if (!policy) {
    BOOST_FAIL(format_errors(policy.error()));
  }
  return std::move(*policy);
}

// Paths and texts; Python files are migrations, all others are read as lines.
inline std::unique_ptr<Project> project_of(const std::vector<std::pair<std::string, std::string>>& texts) {
  auto project = std::make_unique<Project>();
  for (const auto& [path, text] : texts) {
    auto file = std::make_unique<File>();
    file->source = {path, text};
    file->project = project.get();
    classify(*file);
    project->files.push_back(std::move(file));
    File& added = *project->files.back();
    if (path.ends_with(".py")) {
      project->migrations.push_back(read_migration(added, {}));
    } else {
      read_lines(added);
    }
  }
  return project;
}

// A revision file with this upgrade(), each line indented; the body begins on line 6.
inline std::string migration_text(std::string body, const std::string& revision = "aaa",
                                  const std::string& head = "import sqlalchemy as sa") {
  std::string indented = "    ";
  for (const char c : body) {
    indented += c;
    indented += c == '\n' ? "    " : "";
  }
  return "from alembic import op\n" + head + "\nrevision = \"" + revision +
         "\"\ndown_revision = None\ndef upgrade():\n" + indented + "\ndef downgrade():\n    pass\n";
}

// `path:line:column level state rule: message`, one finding a line.
inline std::string shown(const Judgement& judgement) {
  std::string out;
  for (const Finding& finding : judgement.findings) {
    out += finding.path + ":" + std::to_string(finding.begin.line) + ":" + std::to_string(finding.begin.column) + " " +
           std::string(name_of(finding.level)) + " " + std::string(name_of(finding.state)) + " " + finding.rule->id +
           ": " + finding.message + "\n";
  }
  return out;
}

}  // namespace spiritsafe::tests
