// SPDX-License-Identifier: Apache-2.0
// What a change takes away from the jobs and hooks that run this program.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "engine/facts/weakenings.h"
#include "engine/read/surroundings.h"
#include "engine/yaml/tree.h"

namespace spiritsafe {
namespace {

constexpr std::string_view program = "spiritsafe";
constexpr std::string_view hooks_file = ".pre-commit-config.yaml";

using Found = std::vector<FoundWeakening>;

bool mentions(const Text& text, std::string_view word) {
  return text.is_known() && text.value.find(word) != std::string_view::npos;
}

bool is_guard(const Command& command) { return mentions(command.text, program) || mentions(command.uses, program); }

std::vector<const Command*> guards_of(const WorkflowJob& job) {
  std::vector<const Command*> guards;
  for (const Command& command : job.commands.items) {
    if (is_guard(command)) {
      guards.push_back(&command);
    }
  }
  return guards;
}

std::vector<const WorkflowJob*> guard_jobs(const File& file) {
  std::vector<const WorkflowJob*> jobs;
  for (const WorkflowJob& job : file.jobs.items) {
    if (std::ranges::any_of(job.commands.items, is_guard)) {
      jobs.push_back(&job);
    }
  }
  return jobs;
}

uint32_t line_of(const File& file, Span span) { return LineIndex(file.source.text).locate(span.begin).line; }

std::string shown(const Text& text) { return text.is_known() ? std::string(text.value) : std::string(); }

// `if: false` in its spellings.
bool is_never(const Text& condition) {
  std::string text = shown(condition);
  std::erase_if(text, [](char c) { return c == ' ' || c == '$' || c == '{' || c == '}' || c == '(' || c == ')'; });
  return text == "false" || text == "0" || text == "never";
}

bool ignores_failure(const Flag& flag) { return flag.is_unknown() || (flag.is_known() && flag.value); }

// The words that hide the exit code of a command.
bool is_always_true(const Text& text) {
  return std::ranges::any_of(std::initializer_list<std::string_view>{"|| true", "||true", "|| :", "||:", "|| exit 0",
                                                                     "|| echo", "; true", "; exit 0"},
                             [&](std::string_view word) { return mentions(text, word); });
}

class Comparison {
 public:
  Comparison(const File& file, Found& found) : file_(file), found_(found) {}

  void compare(const WorkflowJob& before, const WorkflowJob& after) {
    name_ = shown(after.name);
    compare_triggers(before, after);
    if (ignores_failure(after.allow_failure) && !ignores_failure(before.allow_failure)) {
      add(WeakeningKind::continue_on_error, after.allow_failure.span, "", "true",
          fmt::format("the job `{}` may fail", name_));
    }
    compare_condition(before.condition, after.condition, fmt::format("the job `{}`", name_));
    const auto old_guards = guards_of(before);
    const auto new_guards = guards_of(after);
    for (size_t i = 0; i < old_guards.size(); ++i) {
      if (i < new_guards.size()) {
        compare(*old_guards[i], *new_guards[i]);
      } else {
        const std::string what = shown(old_guards[i]->text.is_known() ? old_guards[i]->text : old_guards[i]->uses);
        add(WeakeningKind::step_removed, after.span, what, "", fmt::format("the job `{}` lost `{}`", name_, what));
      }
    }
  }

  void add(WeakeningKind kind, Span span, std::string before, std::string after, std::string text) {
    found_.push_back({kind, name_, std::move(before), std::move(after), std::move(text), file_.source.path,
                      span.end == 0 ? 0 : line_of(file_, span)});
  }

 private:
  void compare_triggers(const WorkflowJob& before, const WorkflowJob& after) {
    constexpr std::string_view of_changes[] = {"pull_request", "pull_request_target", "merge_group", "push",
                                               "merge_request_event"};
    for (const Text& trigger : before.triggers.items) {
      const bool stays = after.triggers.open || std::ranges::any_of(after.triggers.items, [&](const Text& each) {
                           return each.value == trigger.value;
                         });
      if (!stays && std::ranges::find(of_changes, trigger.value) != std::end(of_changes)) {
        add(WeakeningKind::trigger_removed, after.span, shown(trigger), "",
            fmt::format("the job `{}` does not run on {} any more", name_, trigger.value));
      }
    }
  }

  void compare_condition(const Text& before, const Text& after, const std::string& what) {
    if (is_never(after) && !is_never(before)) {
      add(WeakeningKind::never_runs, after.span, shown(before), shown(after), fmt::format("{} never runs", what));
    } else if (!after.is_absent() && shown(before) != shown(after)) {
      add(WeakeningKind::condition_changed, after.span, shown(before), shown(after),
          fmt::format("{} runs only if `{}`", what, shown(after)));
    }
  }

  void compare(const Command& before, const Command& after) {
    const std::string what = fmt::format("`{}`", shown(after.text.is_known() ? after.text : after.uses));
    if (ignores_failure(after.continue_on_error) && !ignores_failure(before.continue_on_error)) {
      add(WeakeningKind::continue_on_error, after.continue_on_error.span, "", "true",
          fmt::format("the step of {} may fail", what));
    }
    compare_condition(before.condition, after.condition, fmt::format("the step of {}", what));
    if (is_always_true(after.text) && !is_always_true(before.text)) {
      add(WeakeningKind::always_true, after.span, shown(before.text), shown(after.text),
          fmt::format("{} succeeds whatever is found", what));
    }
    if (mentions(after.text, "--report-only") && !mentions(before.text, "--report-only")) {
      add(WeakeningKind::report_only, after.span, shown(before.text), shown(after.text),
          fmt::format("{} only reports", what));
    }
  }

  const File& file_;
  Found& found_;
  std::string name_ = {};
};

void compare_workflows(const File& before, const File& after, bool moved, Found& found) {
  std::vector<const WorkflowJob*> left = guard_jobs(after);
  std::vector<std::pair<const WorkflowJob*, const WorkflowJob*>> pairs;
  for (const WorkflowJob* job : guard_jobs(before)) {
    const auto same =
        std::ranges::find_if(left, [&](const WorkflowJob* each) { return each->name.value == job->name.value; });
    pairs.emplace_back(job, same == left.end() ? nullptr : *same);
    if (same != left.end()) {
      left.erase(same);
    }
  }
  for (auto& [old_job, new_job] : pairs) {
    if (!new_job && !left.empty()) {  // renamed
      new_job = left.front();
      left.erase(left.begin());
    }
    Comparison comparison(after, found);
    if (new_job) {
      comparison.compare(*old_job, *new_job);
    } else if (!moved) {
      const std::string name = shown(old_job->name);
      found.push_back({WeakeningKind::job_removed, name, name, "",
                       fmt::format("the job `{}`, which runs {}, is gone", name, program), after.source.path, 0});
    }
  }
}

// The hooks of a pre-commit configuration that run this program.
std::set<std::string> hooks_of(const File& file) {
  Arena arena;
  const auto root = parse_yaml(file.source.path, file.source.text, 0, arena, YamlDialect::workflow);
  const YamlNode* repos = root ? root->find("repos") : nullptr;
  std::set<std::string> hooks;
  for (const YamlNode& repo : repos ? repos->items() : std::span<const YamlNode>()) {
    const YamlNode* url = repo.find("repo");
    const YamlNode* list = repo.find("hooks");
    for (const YamlNode& hook : list ? list->items() : std::span<const YamlNode>()) {
      const auto says = [&](const YamlNode* node) {
        return node && node->text.find(program) != std::string_view::npos;
      };
      const YamlNode* id = hook.find("id");
      if (id && (says(url) || says(id) || says(hook.find("entry")))) {
        hooks.emplace(id->text);
      }
    }
  }
  return hooks;
}

void compare_hooks(const File& before, const File* after, Found& found) {
  const std::set<std::string> left = after ? hooks_of(*after) : std::set<std::string>();
  for (const std::string& hook : hooks_of(before)) {
    if (!left.contains(hook)) {
      found.push_back({WeakeningKind::hook_removed, hook, hook, "", fmt::format("the hook `{}` is gone", hook),
                       after ? after->source.path : std::string(), 0});
    }
  }
}

void find_no_verify(const File& file, Found& found) {
  for (const Line& line : file.lines) {
    const std::string_view text = line.text.value;
    const bool is_comment = text.find_first_not_of(" \t") == text.find('#') && text.find('#') != std::string_view::npos;
    if (line.added && !is_comment && mentions(line.text, "--no-verify") && mentions(line.text, "git ")) {
      found.push_back({WeakeningKind::no_verify, "", "", "--no-verify", "git is told to skip its hooks",
                       file.source.path, line.number});
    }
  }
}

}  // namespace

void find_weakened_workflows(Project& project) {
  Found found;
  // A guard in a file that is new may be one that was somewhere else before.
  const bool moved = std::ranges::any_of(
      project.files, [](const auto& file) { return file->change == Change::added && !guard_jobs(*file).empty(); });
  for (const auto& file : project.files) {
    if (file->change == Change::unchanged) {
      continue;
    }
    if (file->before && is_workflow(file->before->source.path)) {
      compare_workflows(*file->before, *file, moved, found);
    } else if (file->before && file->source.path.ends_with(hooks_file)) {
      compare_hooks(*file->before, file.get(), found);
    }
    find_no_verify(*file, found);
  }
  for (const auto& file : project.base_files) {
    if (file->origin != Origin::merge_base || file->change != Change::deleted) {
      continue;
    }
    for (const WorkflowJob* job : moved ? std::vector<const WorkflowJob*>() : guard_jobs(*file)) {
      const std::string name = shown(job->name);
      found.push_back({WeakeningKind::job_removed, name, name, "",
                       fmt::format("the job `{}`, which runs {}, is gone with {}", name, program, file->source.path),
                       "", 0});
    }
    if (file->source.path.ends_with(hooks_file)) {
      compare_hooks(*file, nullptr, found);
    }
  }
  add_weakenings(project, found);
}

}  // namespace spiritsafe
