// SPDX-License-Identifier: Apache-2.0
#include "adapters/github/event.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "adapters/github/answers.h"
#include "engine/text/printable.h"

namespace spiritsafe::github {
namespace {

using Json = nlohmann::json;
using ReadVariable = std::function<std::string(std::string_view name)>;

constexpr size_t most_labels = 1000;

// Of `refs/heads/gh-readonly-queue/main/pr-12-<commit>`, the only place where a merge queue names it.
uint64_t number_of_queue_branch(const std::string& ref) {
  const size_t at = ref.rfind("/pr-");
  if (!ref.starts_with("refs/heads/gh-readonly-queue/") || at == std::string::npos) {
    return 0;
  }
  uint64_t number = 0;
  const char* const end = ref.data() + ref.size();
  const auto [stop, error] = std::from_chars(ref.data() + at + 4, end, number);
  return error == std::errc() && stop != end && *stop == '-' ? number : 0;
}

void read_payload(Context& context, const Json& pull) {
  context.head_sha = text_at(pull, {"head", "sha"});
  context.number = number_at(pull, {"number"});
  context.author = text_at(pull, {"user", "login"});
  const Json& labels = value_at(pull, {"labels"});
  for (size_t i = 0; labels.is_array() && i < std::min(labels.size(), most_labels); ++i) {
    if (std::string name = text_at(labels[i], {"name"}); !name.empty()) {
      context.labels.push_back(std::move(name));
    }
  }
  // A fork that was deleted has no repository any more.
  const std::string from = text_at(pull, {"head", "repo", "full_name"});
  context.is_fork = from.empty() || from != text_at(pull, {"base", "repo", "full_name"});
}

void read_workflow_run(Context& context, const Json& run) {
  context.head_sha = text_at(run, {"head_sha"});
  const std::string from = text_at(run, {"head_repository", "full_name"});
  context.is_fork = from.empty() || from != text_at(run, {"repository", "full_name"});
  const std::string owner = text_at(run, {"head_repository", "owner", "login"});
  const std::string branch = text_at(run, {"head_branch"});
  context.head_label = owner.empty() || branch.empty() ? std::string() : fmt::format("{}:{}", owner, branch);
  // Empty for forks, and with several for a branch of several pull requests.
  const Json& pulls = value_at(run, {"pull_requests"});
  if (pulls.is_array() && pulls.size() == 1) {
    context.number = number_at(pulls[0], {"number"});
  }
}

Error error_about(const std::string& variable, const std::string& value, const std::string& expected) {
  Error error;
  error.message = value.empty() ? fmt::format("{} is not set", variable)
                                : fmt::format("{} is `{}`", variable, shortened(printable(value), 100));
  error.hints = {"expected " + expected, "--publish github is for runs of GitHub Actions; elsewhere leave it out"};
  return error;
}

// Everything that is there, right or not.
Result<Context> gather(const ReadVariable& environment, std::string_view event) {
  const Json json = event.empty() ? Json::object() : Json::parse(event, nullptr, false);
  if (!json.is_object()) {
    Error error;
    error.path = environment("GITHUB_EVENT_PATH");
    error.message = "the event file is no JSON object";
    error.hints = {"expected the payload that GitHub Actions writes for each run"};
    return tl::unexpected(Errors{std::move(error)});
  }
  const auto variable_or = [&](std::string_view name, std::string fallback) {
    std::string value = environment(name);
    return value.empty() ? fallback : value;
  };
  Context context;
  context.event = environment("GITHUB_EVENT_NAME");
  context.api = variable_or("GITHUB_API_URL", "https://api.github.com");
  context.server = variable_or("GITHUB_SERVER_URL", "https://github.com");
  context.repository = variable_or("GITHUB_REPOSITORY", text_at(json, {"repository", "full_name"}));
  if (context.event.starts_with("pull_request")) {
    read_payload(context, value_at(json, {"pull_request"}));
    if (text_at(json, {"action"}) == "labeled") {
      context.labelled = {text_at(json, {"label", "name"}), text_at(json, {"sender", "login"})};
    }
  } else if (context.event == "merge_group") {
    context.head_sha = text_at(json, {"merge_group", "head_sha"});
    context.number = number_of_queue_branch(text_at(json, {"merge_group", "head_ref"}));
  } else if (context.event == "workflow_run") {
    read_workflow_run(context, value_at(json, {"workflow_run"}));
  } else {
    context.head_sha = environment("GITHUB_SHA");
  }
  // pull_request_target and workflow_run run with the base's rights, also for forks.
  const bool is_of_head = context.event == "pull_request" || context.event.starts_with("pull_request_review");
  context.is_read_only = is_of_head && (context.is_fork || environment("GITHUB_ACTOR") == "dependabot[bot]");
  if (const std::string run = environment("GITHUB_RUN_ID"); !run.empty()) {
    context.run_url = fmt::format("{}/{}/actions/runs/{}", context.server, context.repository, run);
  }
  return context;
}

// Where the commit is read from.
std::string commit_variable(const Context& context) {
  const bool in_event =
      context.event.starts_with("pull_request") || context.event == "merge_group" || context.event == "workflow_run";
  return in_event ? fmt::format("the head commit in the event `{}`", context.event) : "GITHUB_SHA";
}

}  // namespace

std::string show_number(uint64_t number, std::string_view name) {
  return number == unknown_number ? fmt::format("{{{}}}", name) : fmt::format("{}", number);
}

Result<Context> read_event(const ReadVariable& environment, std::string_view event) {
  Result<Context> context = gather(environment, event);
  Errors errors;
  if (context && !is_repository(context->repository)) {
    errors.push_back(error_about("GITHUB_REPOSITORY", context->repository, "`owner/name`"));
  }
  if (context && !is_commit(context->head_sha)) {
    errors.push_back(
        error_about(commit_variable(*context), context->head_sha, "the 40 hexadecimal digits of a commit"));
  }
  return errors.empty() ? context : tl::unexpected(std::move(errors));
}

Result<Context> read_event_for_show(const ReadVariable& environment, std::string_view event,
                                    std::vector<std::string>& notes) {
  Result<Context> context = gather(environment, event);
  if (!context) {
    return context;
  }
  const auto stand_in = [&](std::string& value, const std::string& variable, const std::string& name) {
    notes.push_back(fmt::format("{} {}; `{}` stands in for it", variable,
                                value.empty() ? "is not set" : "is not what GitHub writes", name));
    value = name;
  };
  if (!is_repository(context->repository)) {
    stand_in(context->repository, "GITHUB_REPOSITORY", "{owner}/{repo}");
  }
  if (!is_commit(context->head_sha)) {
    stand_in(context->head_sha, commit_variable(*context), "{head_sha}");
  }
  if (context->event.empty() && context->number == 0) {
    context->number = unknown_number;
    notes.push_back("GITHUB_EVENT_NAME is not set; the pull request `{pull_number}` stands in for its own");
  }
  return context;
}

}  // namespace spiritsafe::github
