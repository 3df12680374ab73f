// SPDX-License-Identifier: Apache-2.0
#include "adapters/cli/starters.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/text/printable.h"

namespace spiritsafe {
namespace {

// The pack that fits, as where there is no policy file; rules of PostgreSQL say nothing about another database.
std::vector<std::string_view> fitting(const StarterFacts& facts) {
  const auto is_other = [](const FoundProject& project) {
    return !project.settings.dialect.empty() && project.settings.dialect != "postgresql";
  };
  if (std::ranges::all_of(facts.projects, is_other)) {
    return {"alembic"};
  }
  if (std::ranges::any_of(facts.projects, [](const FoundProject& project) { return project.settings.uses_sqlmodel; })) {
    return {"sqlmodel"};
  }
  return {"alembic", "postgres"};
}

std::string_view explained(std::string_view pack) {
  return pack == "sqlmodel"  ? "for teams that generate migrations from SQLModel; brings alembic and postgres"
         : pack == "alembic" ? "for any Alembic project"
                             : "locks, rewrites and data loss on PostgreSQL";
}

// `(^|/)(app/models/|app/links\.py$)`: paths are told from where somebody stands.
std::string pattern_of(const std::vector<std::string>& places) {
  std::string alternatives;
  for (const std::string& place : places) {
    alternatives += alternatives.empty() ? "" : "|";
    for (const char c : place) {
      alternatives += c == '.' ? "\\." : std::string(1, c);
    }
    alternatives += place.ends_with('/') ? "" : "$";
  }
  return "(^|/)(" + alternatives + ")";
}

}  // namespace

std::string starter_policy(const StarterFacts& facts) {
  const std::vector<std::string_view> packs = fitting(facts);
  std::string out =
      "# What spiritsafe asks of the migrations. `spiritsafe policy list` shows the rules with their levels,\n"
      "# `spiritsafe explain RULE` a rule's page, `spiritsafe policy check` whether this file is right.\n#\n";
  for (const FoundProject& project : facts.projects) {
    out += fmt::format("# {}: {} migration{}\n",
                       printable(project.script_location.empty() ? project.folder : project.script_location),
                       project.migrations.size(), project.migrations.size() == 1 ? "" : "s");
  }
  out += "language: 1\nextends:\n";
  for (const std::string_view pack : packs) {
    out += fmt::format("  - builtin: {:<12} # {}\n", pack, explained(pack));
  }
  const bool postgres = packs.size() > 1 || packs.front() == "sqlmodel";
  out += "\n# What teams often set; take the `#` away from what fits.\n";
  if (postgres) {
    out += "# settings:\n#   large_tables: [user, event]        # where a lock hurts: its rules become errors\n";
  }
  const bool has_models = packs.front() == "sqlmodel" && !facts.model_places.empty();
  out += has_models
             ? fmt::format("rules:\n  model-location: {{with: {{places: '{}'}}}} # where the models stand today\n",
                           pattern_of(facts.model_places))
             : "# rules:\n";
  out += "#   empty-downgrade: {level: warn, because: we only roll forward}\n";
  if (postgres) {
    out += "#   drop-column: {level: error, because: regulated data}\n";
  }
  out +=
      "# overrides:\n"
      "#   - files: ['legacy/**']\n"
      "#     rules: {empty-downgrade: {level: 'off', because: it is frozen}}\n"
      "# approvers:\n"
      "#   data: ['github:your-org/data', 'label:migration-approved']\n";
  return out;
}

std::string starter_github() {
  return R"(# Judges the migrations of each pull request and of each entry of the merge queue.
# No `paths:` here: a required check that does not run would hold the pull request up for ever.
name: spiritsafe
on:
  pull_request:
  merge_group:

permissions:
  contents: read
  checks: write # the check run `spiritsafe`: this is what branch protection should require
  pull-requests: write # the comment

jobs:
  migrations:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    steps:
      - uses: actions/checkout@v7
        with:
          fetch-depth: 0 # the base branch decides, so it has to be here
          persist-credentials: false
      - uses: spiritsafe/spiritsafe@v1
)";
}

std::string starter_gitlab() {
  return R"(# Judges the migrations of each merge request. .gitlab-ci.yml includes it.
spiritsafe:
  stage: test
  image: ghcr.io/spiritsafe/spiritsafe:1 # or any image that has spiritsafe and git
  variables:
    GIT_DEPTH: "0" # the base branch decides, so it has to be here
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  before_script:
    - git fetch origin "$CI_MERGE_REQUEST_TARGET_BRANCH_NAME:refs/remotes/origin/$CI_MERGE_REQUEST_TARGET_BRANCH_NAME"
  script: # the threads and the note need GITLAB_TOKEN, a project access token with scope `api`; the reports do not
    - spiritsafe check --publish gitlab --output gitlab-codequality=gl-code-quality-report.json --output junit=spiritsafe-junit.xml
  artifacts:
    when: always
    reports:
      codequality: gl-code-quality-report.json
      junit: spiritsafe-junit.xml
)";
}

std::string starter_gitlab_include() { return "include:\n  - local: .gitlab/spiritsafe.yml\n"; }

std::string starter_pre_commit_entry() {
  return R"(  - repo: local
    hooks:
      - id: spiritsafe
        name: migrations against the policy
        entry: spiritsafe check --staged
        language: system
        files: '\.(py|mako|sql|ini|toml|ya?ml|sh)$|(^|/)([Jj]ustfile|Makefile|Dockerfile)$'
        pass_filenames: false
)";
}

std::string starter_pre_commit() { return "repos:\n" + starter_pre_commit_entry(); }

}  // namespace spiritsafe
