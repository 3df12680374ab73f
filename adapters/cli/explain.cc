// SPDX-License-Identifier: Apache-2.0
#include "engine/judge/explain.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "adapters/cli/commands.h"
#include "adapters/cli/judging.h"
#include "adapters/report/rules.h"
#include "engine/text/printable.h"
#include "engine/text/suggest.h"

namespace spiritsafe {
namespace {

// `path:12` → path and 12; a path without a line has line 0.
std::pair<std::string, uint32_t> split_place(const std::string& place) {
  const size_t colon = place.rfind(':');
  uint32_t line = 0;
  if (colon != std::string::npos && colon + 1 < place.size()) {
    const char* end = place.data() + place.size();
    if (const auto [next, error] = std::from_chars(place.data() + colon + 1, end, line);
        error == std::errc() && next == end) {
      return {place.substr(0, colon), line};
    }
  }
  return {place, 0};
}

}  // namespace

const Rule* find_rule(const Policy& policy, const std::string& id) {
  for (const Rule& rule : policy.rules) {
    if (rule.id == id || std::ranges::find(rule.formerly, id) != rule.formerly.end()) {
      return &rule;
    }
  }
  return nullptr;
}

Error no_such_rule(const Policy& policy, const std::string& id) {
  std::vector<std::string_view> ids;
  for (const Rule& rule : policy.rules) {
    ids.push_back(rule.id);
  }
  Error error;
  error.message = fmt::format("the policy has no rule `{}`", id);
  if (const std::string_view near = nearest(id, ids); !near.empty()) {
    error.hints.push_back(fmt::format("did you mean `{}`?", near));
  }
  error.hints.push_back("`spiritsafe policy list` lists them");
  return error;
}

Exit explain_rule(const ExplainCommand& command, const Streams& streams, bool colour) {
  const bool error_colour = streams.err_is_terminal && colour;
  if (command.place.empty()) {
    const Result<Policy> policy = find_policy(policy_request(command.judge));
    if (!policy) {
      return unusable(policy.error(), streams, error_colour);
    }
    const Rule* rule = find_rule(*policy, command.rule);
    if (!rule) {
      return unusable({no_such_rule(*policy, command.rule)}, streams, error_colour);
    }
    streams.out << write_rule_page(*policy, *rule, colour);
    return Exit::clean;
  }
  const auto [path, line] = split_place(command.place);
  JudgeArguments arguments = command.judge;
  arguments.paths = {path};
  Exit exit = Exit::clean;
  const Result<Visit> visit = visit_workspace(arguments, surroundings(streams), [&, line = line](const Batch& batch) {
    const Policy& policy = *batch.policy->policy;
    const Rule* rule = find_rule(policy, command.rule);
    if (!rule) {
      exit = unusable({no_such_rule(policy, command.rule)}, streams, error_colour);
      return;
    }
    for (const Project* project : batch.projects) {
      for (const auto& file : project->files) {
        streams.out << printable(explain(policy, rule->id, *project, *file, line), true);
      }
    }
  });
  return visit ? exit : unusable(visit.error(), streams, error_colour);
}

}  // namespace spiritsafe
