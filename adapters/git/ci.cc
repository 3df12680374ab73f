// SPDX-License-Identifier: Apache-2.0
#include "adapters/git/ci.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace spiritsafe {
namespace {

using Json = nlohmann::json;

// The text at a path of keys; empty where there is none.
std::string text_at(const Json& json, std::initializer_list<const char*> keys) {
  const Json* at = &json;
  for (const char* key : keys) {
    if (!at->is_object() || !at->contains(key)) {
      return {};
    }
    at = &(*at)[key];
  }
  return at->is_string() ? at->get<std::string>() : std::string();
}

// `before` of a push that made the branch.
bool is_no_commit(const std::string& commit) { return commit.find_first_not_of('0') == std::string::npos; }

void add_branch(CiChange& change, const std::string& branch) {
  if (!branch.empty()) {
    change.base_name = branch;
    change.tips.push_back("refs/remotes/origin/" + branch);
  }
}

void add_commit(CiChange& change, const std::string& commit) {
  if (!is_no_commit(commit)) {
    change.tips.push_back(commit);
  }
}

CiChange read_github(const Environment& environment, const Json& event) {
  CiChange change;
  change.platform = CiChange::Platform::github;
  change.cures = {"give actions/checkout `fetch-depth: 0`"};
  const std::string name = environment("GITHUB_EVENT_NAME");
  if (name == "merge_group") {
    change.base_name = "the merge queue's base";
    add_commit(change, text_at(event, {"merge_group", "base_sha"}));
    change.head = text_at(event, {"merge_group", "head_sha"});
  } else if (name.starts_with("pull_request")) {
    const std::string branch = text_at(event, {"pull_request", "base", "ref"});
    add_branch(change, branch.empty() ? environment("GITHUB_BASE_REF") : branch);
    // What is checked out for a pull request is its merge with the base's tip, so that the tip is the first parent.
    if (environment("GITHUB_REF").ends_with("/merge")) {
      change.tips.push_back("HEAD^1");
    }
    add_commit(change, text_at(event, {"pull_request", "base", "sha"}));
    // pull_request_target checks out the base, which would look like a change without changes.
    change.head = text_at(event, {"pull_request", "head", "sha"});
  } else if (name == "push" && !is_no_commit(text_at(event, {"before"}))) {
    change.base_name = "the commit before this push";
    add_commit(change, text_at(event, {"before"}));
  } else {
    add_branch(change, text_at(event, {"repository", "default_branch"}));
  }
  return change;
}

CiChange read_gitlab(const Environment& environment) {
  CiChange change;
  change.platform = CiChange::Platform::gitlab;
  change.cures = {"set `GIT_DEPTH: 0` for the job"};
  const std::string target = environment("CI_MERGE_REQUEST_TARGET_BRANCH_NAME");
  if (!target.empty()) {
    // Of merged results and merge trains GitLab names the tip itself; otherwise a job has only its own branch.
    add_branch(change, target);
    add_commit(change, environment("CI_MERGE_REQUEST_TARGET_BRANCH_SHA"));
    change.cures.push_back(
        "let the job fetch its target first: git fetch origin "
        "\"$CI_MERGE_REQUEST_TARGET_BRANCH_NAME:refs/remotes/origin/$CI_MERGE_REQUEST_TARGET_BRANCH_NAME\"");
  } else if (!is_no_commit(environment("CI_COMMIT_BEFORE_SHA"))) {
    change.base_name = "the commit before this push";
    add_commit(change, environment("CI_COMMIT_BEFORE_SHA"));
  } else {
    add_branch(change, environment("CI_DEFAULT_BRANCH"));
    change.cures.push_back(
        "let the job fetch it first: git fetch origin \"$CI_DEFAULT_BRANCH:refs/remotes/origin/$CI_DEFAULT_BRANCH\"");
  }
  return change;
}

}  // namespace

Result<CiChange> read_ci(const Environment& environment, std::string_view event) {
  if (environment("GITHUB_ACTIONS") == "true") {
    const Json json = event.empty() ? Json::object() : Json::parse(event, nullptr, false);
    if (!json.is_object()) {
      Error error;
      error.path = environment("GITHUB_EVENT_PATH");
      error.message = "the event file is no JSON object";
      error.hints = {"name the base instead: --base REF"};
      return tl::unexpected(Errors{std::move(error)});
    }
    return read_github(environment, json);
  }
  if (environment("GITLAB_CI") == "true") {
    return read_gitlab(environment);
  }
  CiChange change;
  const std::string ci = environment("CI");
  change.platform = ci.empty() || ci == "false" || ci == "0" ? CiChange::Platform::none : CiChange::Platform::other;
  return change;
}

std::string find_skip_marker(std::string_view message) {
  std::string lower(message);
  for (char& c : lower) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  // GitHub: "Skipping workflow runs"; GitLab, which knows the first two in any case: "Skip a pipeline".
  for (const std::string_view marker : {"[skip ci]", "[ci skip]", "[no ci]", "[skip actions]", "[actions skip]",
                                        "\nskip-checks:true", "\nskip-checks: true"}) {
    if (lower.find(marker) != std::string::npos) {
      return std::string(marker.substr(marker.starts_with('\n') ? 1 : 0));
    }
  }
  return {};
}

}  // namespace spiritsafe
