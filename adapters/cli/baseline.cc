// SPDX-License-Identifier: Apache-2.0
#include "engine/judge/baseline.h"

#include <fstream>
#include <map>
#include <set>

#include <fmt/format.h>

#include "adapters/cli/commands.h"
#include "adapters/cli/judging.h"
#include "adapters/files/read_file.h"
#include "engine/policy/yaml_tree.h"
#include "engine/text/printable.h"

namespace spiritsafe {
namespace {

// What goes into one waiver file.
struct Target {
  std::string path = {};
  const Policy* policy = nullptr;
  const WaiverFile* before = nullptr;  // what is there already
  std::vector<const Finding*> findings = {};
  std::set<std::string> gone = {};  // of `before`
};

Errors plain(std::string path, std::string message, std::vector<std::string> hints = {}) {
  Error error;
  error.path = std::move(path);
  error.message = std::move(message);
  error.hints = std::move(hints);
  return {std::move(error)};
}

bool is_of(const Rule& rule, const Policy& policy) {
  const auto same = [&](const Rule& each) { return &each == &rule; };
  return std::ranges::any_of(policy.rules, same);
}

// One file for each policy that judged: its waivers are held to its rules.
std::vector<Target> find_targets(const WorkspaceJudgement& judged) {
  std::map<const Rule*, const Policy*> policy_of;
  std::map<const Policy*, Target> targets;
  std::set<std::string> found;
  for (const Finding& finding : judged.judgement.findings) {
    found.insert(finding.fingerprint);
    const auto [policy, is_new] = policy_of.try_emplace(finding.rule);
    for (const auto& [each, waivers] : judged.visit.deciding.waivers) {
      if (is_new && is_of(*finding.rule, *each)) {
        policy->second = each;
      }
    }
    if (policy->second && belongs_in_baseline(finding)) {
      targets[policy->second].findings.push_back(&finding);
    }
  }
  std::vector<Target> out;
  for (const auto& [policy, waivers] : judged.visit.deciding.waivers) {
    Target target = std::move(targets[policy]);
    target.path = waivers.path;
    target.policy = policy;
    target.before = waivers.of_team ? &*waivers.of_team : nullptr;
    if (target.before && judged.visit.is_whole) {
      target.gone = gone_from_baseline(*target.before, found);
    }
    if (!target.findings.empty() || !target.gone.empty()) {
      out.push_back(std::move(target));
    }
  }
  std::ranges::sort(out, {}, &Target::path);
  return out;
}

std::optional<Errors> check_until(const BaselineCommand& command, const std::string& today, const Policy& policy) {
  const std::optional<int> first = day_number(today), last = day_number(command.until);
  if (!last) {
    return plain({}, fmt::format("`--until {}` is not a day", command.until));
  }
  if (first && *last < *first) {
    return plain({}, fmt::format("`--until {}` is over: today is {}", command.until, today));
  }
  if (first && *last - *first > longest_waiver(policy)) {
    return plain({},
                 fmt::format("`--until {}` is {} days ahead; a waiver lasts at most {}", command.until, *last - *first,
                             longest_waiver(policy)),
                 {"`settings: {max_waiver_days: N}` in spiritsafe.yml allows more"});
  }
  return std::nullopt;
}

// The whole new text of a file, held to what reads it.
Result<std::string> make_text(const BaselineCommand& command, const Target& target, const std::string& today) {
  std::string kept = target.before ? without_gone(*target.before, target.gone) : std::string();
  if (kept.empty()) {
    kept = "# Findings that are accepted, why, and until when; read by `spiritsafe check`.\n";
  } else if (!kept.ends_with('\n')) {
    kept += '\n';
  }
  std::string text;
  for (const bool places : {true, false}) {
    text = kept + write_baseline(target.findings, {command.until, command.reason, places});
    if (text.size() <= largest_policy_file) {
      break;
    }
  }
  if (text.size() > largest_policy_file) {
    return tl::unexpected(plain(target.path,
                                fmt::format("{} findings are too many for a waiver file", target.findings.size()),
                                {"`settings: {start_after: REVISION}` leaves all migrations up to a revision alone"}));
  }
  const Result<WaiverFile> read = load_waivers({target.path, text}, *target.policy, today);
  if (!read) {
    Errors errors = plain(target.path, "nothing can be added behind what this file holds; nothing was written",
                          {"it must be a list of entries that begin with `- ` at the start of a line"});
    errors.insert(errors.end(), read.error().begin(), read.error().end());
    return tl::unexpected(std::move(errors));
  }
  return text;
}

std::string counted(size_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

void tell(const BaselineCommand& command, const Target& target, const Streams& streams) {
  if (!target.findings.empty()) {
    streams.out << fmt::format("{}: {} accepted until {}\n", printable(target.path),
                               counted(target.findings.size(), "finding", "findings"), command.until);
  }
  std::map<std::string_view, size_t> by_rule;
  for (const Finding* finding : target.findings) {
    ++by_rule[finding->rule->id];
  }
  for (const auto& [rule, count] : by_rule) {
    streams.out << fmt::format("{:>6} {}\n", count, rule);
  }
  if (!target.gone.empty()) {
    streams.out << fmt::format("{}: {} no longer there, and no longer accepted\n", printable(target.path),
                               counted(target.gone.size(), "finding is", "findings are"));
  }
}

std::optional<Errors> take_output(const BaselineCommand& command, std::vector<Target>& targets) {
  if (command.output.empty()) {
    return std::nullopt;
  }
  if (targets.size() > 1) {
    return plain(command.output,
                 fmt::format("{} policies judge here, each with a waiver file of its own", targets.size()),
                 {"run baseline for one project at a time: spiritsafe baseline PATH"});
  }
  for (Target& target : targets) {
    if (target.path != command.output) {
      target.path = command.output;
      target.before = nullptr;
      target.gone.clear();
      if (is_file(command.output)) {
        return plain(command.output, "exists already, and is not the waiver file of this policy; nothing was written");
      }
    }
  }
  return std::nullopt;
}

}  // namespace

Exit baseline(const BaselineCommand& command, const Streams& streams, bool colour) {
  const bool coloured = streams.err_is_terminal && colour;
  JudgeArguments arguments = command.judge;
  arguments.all = true;
  const Result<WorkspaceJudgement> judged = judge_workspace(arguments, surroundings(streams));
  if (!judged) {
    return unusable(judged.error(), streams, coloured);
  }
  for (const std::string& note : judged->visit.notes) {
    streams.err << "note: " << printable(note) << '\n';
  }
  std::vector<Target> targets = find_targets(*judged);
  if (const auto errors = take_output(command, targets)) {
    return unusable(*errors, streams, coloured);
  }
  std::vector<std::string> texts;
  for (const Target& target : targets) {
    if (const auto errors = check_until(command, judged->visit.today, *target.policy)) {
      return unusable(*errors, streams, coloured);
    }
    if (target.before && !command.update) {
      return unusable(plain(target.path,
                            fmt::format("exists already, with {}; nothing was written",
                                        counted(target.before->waivers.size(), "waiver", "waivers")),
                            {fmt::format("`--update` adds {} behind what is there, and keeps the rest as it is",
                                         counted(target.findings.size(), "finding", "findings"))}),
                      streams, coloured);
    }
    Result<std::string> text = make_text(command, target, judged->visit.today);
    if (!text) {
      return unusable(text.error(), streams, coloured);
    }
    texts.push_back(std::move(*text));
  }
  for (size_t i = 0; i < targets.size(); ++i) {
    std::ofstream file(targets[i].path, std::ios::binary | std::ios::trunc);
    file << texts[i];
    file.close();
    if (!file) {
      return unusable(plain(targets[i].path, "cannot be written"), streams, coloured);
    }
    tell(command, targets[i], streams);
  }
  if (targets.empty()) {
    streams.out << "nothing to accept: no finding stands\n";
  }
  return streams.out << std::flush ? Exit::clean : Exit::unusable;
}

}  // namespace spiritsafe
