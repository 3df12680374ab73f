// SPDX-License-Identifier: Apache-2.0
// GitHub's workflows and GitLab's CI configuration → jobs.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "engine/read/surroundings.h"
#include "engine/yaml/tree.h"

namespace spiritsafe {
namespace {

constexpr size_t most_jobs = 2000;
constexpr size_t most_commands = 20000;  // of one file
constexpr int deepest_nesting = 10;      // GitLab's limits are 10 for lists in scripts and 11 for extends

struct Reading {
  File& file;
  Arena& arena;
  std::vector<WorkflowJob> jobs = {};
  std::vector<std::vector<Command>> commands = {};  // by job
  size_t command_count = 0;
  const YamlNode* root = nullptr;
  int lookups_left = 20000;  // of what jobs extend
};

Text text_of(const YamlNode* node) {
  if (!node || node->kind == YamlNode::Kind::empty) {
    return {};
  }
  return node->is_scalar() ? known(node->text, node->span) : unknown<std::string_view>(node->span);
}

Flag flag_of(const YamlNode* node) {
  if (!node || node->kind == YamlNode::Kind::empty) {
    return {};
  }
  if (node->is_map()) {  // allow_failure: {exit_codes: …}
    return known(true, node->span);
  }
  return node->text == "true"    ? known(true, node->span)
         : node->text == "false" ? known(false, node->span)
                                 : unknown<bool>(node->span);
}

// A scalar as a list of one; what is no scalar leaves the list open.
Texts texts_of(Reading& reading, const YamlNode* node) {
  if (!node || node->kind == YamlNode::Kind::empty) {
    return {{}, State::absent, false};
  }
  std::vector<Text> texts;
  bool open = node->is_map();
  if (node->is_scalar()) {
    texts.push_back(text_of(node));
  }
  for (const YamlNode& item : node->items()) {
    item.is_scalar() ? texts.push_back(text_of(&item)) : void(open = true);
  }
  return {reading.arena.copy(texts), State::known, open};
}

Texts keys_of(Reading& reading, const YamlNode* node) {
  if (!node || !node->is_map()) {
    return texts_of(reading, node);
  }
  std::vector<Text> texts;
  for (const YamlEntry& entry : node->entries()) {
    texts.push_back(known(entry.key.text, entry.key.span));
  }
  return {reading.arena.copy(texts), State::known, false};
}

std::string_view trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\r\n");
  return begin == std::string_view::npos ? std::string_view()
                                         : text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

// The lines of a script. Their places are found by their text, from where the node stands; a line that is not found as
// it is written (an escape in double quotes) stands where the node does.
void add_script(Reading& reading, std::vector<Command>& commands, const YamlNode& node, const Command& step) {
  const std::string_view source = reading.file.source.text;
  size_t from = node.span.begin;
  for (std::string_view rest = node.text; !rest.empty();) {
    std::string joined;
    Span span = {};
    bool goes_on = true;
    while (goes_on && !rest.empty()) {
      const size_t end = std::min(rest.find('\n'), rest.size());
      std::string_view line = trimmed(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      const size_t at = line.empty() ? std::string_view::npos : source.find(line, from);
      goes_on = line.ends_with('\\');
      if (at != std::string_view::npos) {
        from = at + line.size();
        span.begin = span.end == 0 ? static_cast<uint32_t>(at) : span.begin;
        span.end = static_cast<uint32_t>(from);
      }
      line.remove_suffix(goes_on ? 1 : 0);
      joined += joined.empty() || line.empty() ? "" : " ";
      joined += trimmed(line);
    }
    if (joined.empty() || reading.command_count >= most_commands) {
      continue;
    }
    ++reading.command_count;
    Command command = step;
    command.span = span.end == 0 ? node.span : span;
    command.text = known(reading.arena.copy(std::string_view(joined)), command.span);
    commands.push_back(command);
  }
}

void add_scripts(Reading& reading, std::vector<Command>& commands, const YamlNode* node, int depth = 0) {
  if (!node || depth > deepest_nesting || reading.command_count >= most_commands) {
    return;
  }
  if (node->is_scalar()) {
    add_script(reading, commands, *node, {});
  }
  for (const YamlNode& item : node->items()) {
    add_scripts(reading, commands, &item, depth + 1);
  }
}

void add_job(Reading& reading, WorkflowJob job, std::vector<Command> commands) {
  if (reading.jobs.size() < most_jobs) {
    job.file = &reading.file;
    reading.jobs.push_back(job);
    reading.commands.push_back(std::move(commands));
  }
}

// ---- GitHub ---------------------------------------------------------------------------------------------------------

struct Triggers {
  Texts names = {};
  Texts branches = {};
};

Triggers github_triggers(Reading& reading, const YamlNode& root) {
  const YamlNode* on = root.find("on");
  if (!on || !on->is_map()) {
    return {texts_of(reading, on), {{}, State::absent, false}};
  }
  Triggers triggers{{}, {{}, State::absent, false}};
  std::vector<Text> names;
  for (const YamlEntry& entry : on->entries()) {
    std::string_view name = entry.key.text;
    if (name == "push") {
      const YamlNode* branches = entry.value.find("branches");
      const bool filters_tags = entry.value.find("tags") || entry.value.find("tags-ignore");
      if (filters_tags) {
        names.push_back(known(std::string_view("tag"), entry.key.span));
      }
      if (filters_tags && !branches && !entry.value.find("branches-ignore")) {
        continue;
      }
      triggers.branches = texts_of(reading, branches);
    }
    names.push_back(known(name, entry.key.span));
  }
  triggers.names = {reading.arena.copy(names), State::known, false};
  return triggers;
}

void read_github_steps(Reading& reading, const YamlNode& job, std::vector<Command>& commands) {
  if (const YamlNode* uses = job.find("uses")) {
    Command command;
    command.span = uses->span;
    command.uses = text_of(uses);
    commands.push_back(command);
  }
  const YamlNode* steps = job.find("steps");
  for (const YamlNode& step : steps ? steps->items() : std::span<const YamlNode>()) {
    Command command;
    command.condition = text_of(step.find("if"));
    command.continue_on_error = flag_of(step.find("continue-on-error"));
    if (const YamlNode* uses = step.find("uses"); uses && reading.command_count < most_commands) {
      ++reading.command_count;
      Command used = command;
      used.span = uses->span;
      used.uses = text_of(uses);
      commands.push_back(used);
    }
    if (const YamlNode* run = step.find("run"); run && run->is_scalar()) {
      add_script(reading, commands, *run, command);
    }
  }
}

void read_github(Reading& reading, const YamlNode& root) {
  const Triggers triggers = github_triggers(reading, root);
  const YamlNode* jobs = root.find("jobs");
  for (const YamlEntry& entry : jobs ? jobs->entries() : std::span<const YamlEntry>()) {
    const YamlNode& node = entry.value;
    WorkflowJob job;
    job.span = entry.key.span;
    job.name = known(entry.key.text, entry.key.span);
    job.triggers = triggers.names;
    job.branches = triggers.branches;
    const YamlNode* environment = node.find("environment");
    job.environment = text_of(environment && environment->is_map() ? environment->find("name") : environment);
    job.services = keys_of(reading, node.find("services"));
    job.condition = text_of(node.find("if"));
    job.allow_failure = flag_of(node.find("continue-on-error"));
    std::vector<Command> commands;
    read_github_steps(reading, node, commands);
    add_job(reading, job, std::move(commands));
  }
}

// ---- GitLab ---------------------------------------------------------------------------------------------------------

const std::set<std::string_view> gitlab_keywords = {"default",  "include",      "stages",   "variables",
                                                    "workflow", "image",        "services", "before_script",
                                                    "cache",    "after_script", "spec",     "pages_options"};

// The value of a key in a job, in what it extends, or in `default:` and the top level.
const YamlNode* gitlab_value(Reading& reading, const YamlNode& job, std::string_view key, bool has_default,
                             int depth = 0) {
  const YamlNode& root = *reading.root;
  if (const YamlNode* own = job.find(key)) {
    return own;
  }
  const YamlNode* extends = job.find("extends");
  const auto in_template = [&](const YamlNode& name) -> const YamlNode* {
    const bool may_look = name.is_scalar() && depth <= deepest_nesting && --reading.lookups_left > 0;
    const YamlNode* base = may_look ? root.find(name.text) : nullptr;
    return base ? gitlab_value(reading, *base, key, false, depth + 1) : nullptr;
  };
  if (extends && extends->is_scalar()) {
    if (const YamlNode* found = in_template(*extends)) {
      return found;
    }
  } else if (extends) {
    const auto names = extends->items();
    for (size_t i = names.size(); i-- > 0;) {
      if (const YamlNode* found = in_template(names[i])) {
        return found;
      }
    }
  }
  if (!has_default) {
    return nullptr;
  }
  const YamlNode* defaults = root.find("default");
  const YamlNode* found = defaults ? defaults->find(key) : nullptr;
  return found ? found : root.find(key);
}

struct GitlabRules {
  std::vector<Text> triggers = {};
  std::vector<Text> branches = {};
  bool all_branches = false;
  bool open = false;
  bool manual = true;  // every rule that lets it run says `when: manual`
  bool never = true;   // every rule says `when: never`
  std::string condition = {};
  Span span = {};
};

void add_trigger(GitlabRules& rules, std::string_view name, Span span) {
  if (std::ranges::none_of(rules.triggers, [&](const Text& each) { return each.value == name; })) {
    rules.triggers.push_back(known(name, span));
  }
}

void add_branch(GitlabRules& rules, std::string_view name, Span span) {
  add_trigger(rules, "push", span);
  rules.branches.push_back(known(name, span));
}

// The text in quotes behind `variable ==`, or the variable itself: `$CI_DEFAULT_BRANCH`.
std::string_view compared_with(std::string_view condition, std::string_view variable) {
  size_t at = condition.find(variable);
  if (at == std::string_view::npos) {
    return {};
  }
  std::string_view rest = trimmed(condition.substr(at + variable.size()));
  if (!rest.starts_with("==")) {
    return {};
  }
  rest = trimmed(rest.substr(2));
  if (rest.starts_with('"') || rest.starts_with('\'')) {
    return rest.substr(1, rest.find(rest[0], 1) - 1);
  }
  return rest.substr(0, rest.find_first_of(" \t)&|"));
}

void add_condition(GitlabRules& rules, std::string_view condition, Span span) {
  const size_t before = rules.triggers.size();
  const std::string_view source = compared_with(condition, "$CI_PIPELINE_SOURCE");
  if (!source.empty()) {
    source == "push" ? void(rules.all_branches = true) : void();
    add_trigger(rules, source, span);
  } else if (condition.find("$CI_MERGE_REQUEST_") != std::string_view::npos) {
    add_trigger(rules, "merge_request_event", span);
  }
  if (const std::string_view branch = compared_with(condition, "$CI_COMMIT_BRANCH"); !branch.empty()) {
    add_branch(rules, branch, span);
  } else if (const std::string_view name = compared_with(condition, "$CI_COMMIT_REF_NAME"); !name.empty()) {
    add_branch(rules, name, span);
  }
  if (condition.find("$CI_COMMIT_TAG") != std::string_view::npos) {
    add_trigger(rules, "tag", span);
  }
  rules.open = rules.open || rules.triggers.size() == before;
}

void read_rules(GitlabRules& rules, const YamlNode& node) {
  rules.span = node.span;
  for (const YamlNode& rule : node.items()) {
    const YamlNode* when = rule.find("when");
    if (when && when->text == "never") {
      continue;
    }
    rules.never = false;
    rules.manual = rules.manual && when && when->text == "manual";
    const YamlNode* condition = rule.find("if");
    if (condition && condition->is_scalar()) {
      rules.condition += rules.condition.empty() ? "" : " || ";
      rules.condition += condition->text;
      add_condition(rules, condition->text, condition->span);
    } else if (rule.is_map()) {
      add_trigger(rules, "push", rule.span);
      rules.all_branches = true;
    } else {
      rules.open = true;  // !reference
    }
  }
}

void read_only(GitlabRules& rules, const YamlNode& node) {
  const YamlNode* refs = node.is_map() ? node.find("refs") : &node;
  rules.never = false;
  rules.span = node.span;
  rules.open = !refs;
  std::vector<YamlNode> names;
  if (refs && refs->is_scalar()) {
    names.push_back(*refs);
  }
  for (const YamlNode& item : refs ? refs->items() : std::span<const YamlNode>()) {
    names.push_back(item);
  }
  constexpr std::pair<std::string_view, std::string_view> words[] = {{"merge_requests", "merge_request_event"},
                                                                     {"tags", "tag"},
                                                                     {"schedules", "schedule"},
                                                                     {"web", "web"},
                                                                     {"api", "api"},
                                                                     {"triggers", "trigger"},
                                                                     {"pipelines", "pipeline"},
                                                                     {"external", "external"}};
  for (const YamlNode& name : names) {
    const auto word = std::ranges::find(words, name.text, [](const auto& row) { return row.first; });
    if (word != std::end(words)) {
      add_trigger(rules, word->second, name.span);
    } else if (name.text == "branches" || name.text == "pushes") {
      add_trigger(rules, "push", name.span);
      rules.all_branches = true;
    } else {
      add_branch(rules, name.text, name.span);
    }
  }
}

GitlabRules gitlab_rules(Reading& reading, const YamlNode& node) {
  GitlabRules rules;
  const YamlNode* workflow = reading.root->find("workflow");
  if (const YamlNode* own = gitlab_value(reading, node, "rules", false)) {
    read_rules(rules, *own);
    return rules;
  }
  rules.manual = false;
  if (const YamlNode* only = gitlab_value(reading, node, "only", false)) {
    read_only(rules, *only);
  } else if (const YamlNode* of_all = workflow ? workflow->find("rules") : nullptr) {
    read_rules(rules, *of_all);
    rules.manual = false;
  } else {  // pushes of branches and of tags
    rules.never = false;
    rules.all_branches = true;
    add_trigger(rules, "push", node.span);
    add_trigger(rules, "tag", node.span);
  }
  return rules;
}

void read_gitlab_job(Reading& reading, const YamlEntry& entry) {
  const YamlNode& node = entry.value;
  GitlabRules rules = gitlab_rules(reading, node);
  WorkflowJob job;
  job.platform = Platform::gitlab;
  job.span = entry.key.span;
  job.name = known(entry.key.text, entry.key.span);
  job.triggers = {reading.arena.copy(rules.triggers), State::known, rules.open};
  job.branches = rules.all_branches || rules.branches.empty()
                     ? Texts{{}, State::absent, false}
                     : Texts{reading.arena.copy(rules.branches), State::known, false};
  const YamlNode* environment = gitlab_value(reading, node, "environment", false);
  job.environment = text_of(environment && environment->is_map() ? environment->find("name") : environment);
  const YamlNode* services = gitlab_value(reading, node, "services", true);
  std::vector<Text> images;
  for (const YamlNode& service : services ? services->items() : std::span<const YamlNode>()) {
    images.push_back(text_of(service.is_map() ? service.find("name") : &service));
  }
  job.services = {reading.arena.copy(images), services ? State::known : State::absent, false};
  if (rules.never) {
    job.condition = known(std::string_view("false"), rules.span);
  } else if (!rules.condition.empty()) {
    job.condition = known(reading.arena.copy(std::string_view(rules.condition)), rules.span);
  }
  job.allow_failure = flag_of(gitlab_value(reading, node, "allow_failure", false));
  const YamlNode* when = gitlab_value(reading, node, "when", false);
  job.manual = (rules.manual && !rules.never) || (when && when->text == "manual");
  if (when && when->text == "never") {
    job.condition = known(std::string_view("false"), when->span);
  }
  std::vector<Command> commands;
  for (const std::string_view key : {"before_script", "script", "after_script"}) {
    add_scripts(reading, commands, gitlab_value(reading, node, key, key != "script"));
  }
  if (const YamlNode* extends = node.find("extends"); extends && !gitlab_value(reading, node, "script", false)) {
    for (const Text& name : texts_of(reading, extends).items) {  // of another file
      Command command;
      command.span = name.span;
      command.uses = name;
      commands.push_back(command);
    }
  }
  add_job(reading, job, std::move(commands));
}

// What other files define: components and templates.
void read_gitlab_includes(Reading& reading, const YamlNode& node, int depth = 0) {
  if (depth > 1) {
    return;
  }
  for (const YamlNode& item : node.items()) {
    read_gitlab_includes(reading, item, depth + 1);
  }
  for (const std::string_view key : {"component", "template", "remote", "project", "local"}) {
    if (const YamlNode* name = node.find(key); name && name->is_scalar()) {
      WorkflowJob job;
      job.platform = Platform::gitlab;
      job.span = name->span;
      job.name = text_of(name);
      job.triggers = {{}, State::known, true};
      job.branches = {{}, State::absent, false};
      Command command;
      command.span = name->span;
      command.uses = text_of(name);
      add_job(reading, job, {command});
      return;
    }
  }
}

void read_gitlab(Reading& reading, const YamlNode& root) {
  reading.root = &root;
  if (const YamlNode* include = root.find("include")) {
    read_gitlab_includes(reading, *include);
  }
  for (const YamlEntry& entry : root.entries()) {
    const bool is_job = entry.value.is_map() && !entry.key.text.starts_with('.') &&
                        !gitlab_keywords.contains(entry.key.text) &&
                        (entry.value.find("script") || entry.value.find("extends") || entry.value.find("trigger") ||
                         entry.value.find("run"));
    if (is_job) {
      read_gitlab_job(reading, entry);
    }
  }
}

bool is_github(std::string_view path) { return path.find(".github/workflows/") != std::string_view::npos; }

}  // namespace

bool is_workflow(std::string_view path) {
  if (!path.ends_with(".yml") && !path.ends_with(".yaml")) {
    return false;
  }
  const std::string_view name = path.substr(path.rfind('/') + 1);
  return is_github(path) || name.ends_with(".gitlab-ci.yml") || name.ends_with(".gitlab-ci.yaml") ||
         path.starts_with(".gitlab/") || path.find("/.gitlab/") != std::string_view::npos;
}

void read_workflow(File& file) {
  file.jobs = {{}, State::unknown, true};
  if (file.problem != FileProblem::none) {
    return;
  }
  const auto root = parse_yaml(file.source.path, file.source.text, 0, file.arena, YamlDialect::workflow);
  if (!root || (!root->is_map() && !trimmed(file.source.text).empty())) {
    return;
  }
  Reading reading{file, file.arena};
  is_github(file.source.path) ? read_github(reading, *root) : read_gitlab(reading, *root);
  const std::span<WorkflowJob> jobs = file.arena.copy(reading.jobs);
  for (size_t i = 0; i < jobs.size(); ++i) {
    const std::span<Command> commands = file.arena.copy(reading.commands[i]);
    for (Command& command : commands) {
      command.job = &jobs[i];
    }
    jobs[i].commands = {commands, State::known, reading.command_count >= most_commands || reading.lookups_left <= 0};
  }
  file.jobs = {jobs, State::known, reading.jobs.size() >= most_jobs};
}

}  // namespace spiritsafe
