// SPDX-License-Identifier: Apache-2.0
// One part of what is judged: a migration, or what else is in a project.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "engine/judge/edits.h"
#include "engine/judge/identity.h"
#include "engine/judge/judge.h"
#include "engine/judge/show.h"
#include "engine/judge/summary.h"
#include "engine/judge/waivers.h"
#include "engine/read/digest.h"
#include "engine/read/read.h"
#include "engine/text/printable.h"

namespace spiritsafe {
namespace {

constexpr size_t longest_source_line = 400;  // bytes; there is no excerpt of longer ones

// ---- one part: a migration or the rest of a project -----------------------------------------------------------------

// What is judged at the moment, and what has been found in it.
struct Part {
  const Judging& judging;
  const Project& project;
  Room& room;
  const File* file = nullptr;
  const Migration* migration = nullptr;
  Judged judged = {};
  std::vector<signed char> file_admits = {};  // by rule: does `files:` match; -1: not asked yet
  std::optional<LineIndex> lines = {};        // of `file`
  const File* lines_of = nullptr;
};

void begin_part_file(Part& part, const File* file, const Migration* migration) {
  part.file = file;
  part.migration = migration;
  part.file_admits.assign(part.judging.policy->rules.size(), -1);
  begin_file(part.room);
}

const LineIndex& lines_of(Part& part, const File& file) {
  if (part.lines_of != &file) {
    part.lines.emplace(file.source.text);
    part.lines_of = &file;
  }
  return *part.lines;
}

bool admits(Scope scope, const File* file) {
  switch (scope) {
    case Scope::added:
      return !file || file->change == Change::added;
    case Scope::changed:
      return !file || file->change != Change::unchanged;
    case Scope::all:
    case Scope::repo:
      return true;
  }
  return true;
}

bool is_asked(Part& part, uint32_t number) {
  signed char& answer = part.file_admits[number];
  if (answer < 0) {
    const Rule& rule = *part.judging.policy->rules[number].rule;
    answer = admits(rule.scope, part.file) &&
             (rule.files.empty() || (part.file && rule.files.matches(part.file->source.path)));
  }
  return answer > 0;
}

// The tables that an item is about.
Value tables_of(Item item) {
  if (const Field* table = find_field(*item.entity, "table")) {
    return table->get(item.pointer);
  }
  if (const Field* operation = find_field(*item.entity, "operation")) {
    const Value value = operation->get(item.pointer);
    return value.item ? tables_of(value.item) : Value{};
  }
  const Field* tables = find_field(*item.entity, "tables");
  return tables ? tables->get(item.pointer) : Value{};
}

bool is_about(Item item, const std::vector<std::string>& tables) {
  const auto wanted = [&](std::string_view table) { return std::ranges::find(tables, table) != tables.end(); };
  const Value value = tables_of(item);
  return (value.state == State::known && value.texts.empty() && wanted(value.text)) ||
         std::ranges::any_of(value.texts, [&](const Text& text) { return text.is_known() && wanted(text.value); });
}

Level level_of(const ActiveRule& active, const Part& part, Item item, const File* file) {
  Level level = active.rule->level;
  for (const Override* other : active.overrides) {
    if ((other->files.empty() || (file && other->files.matches(file->source.path))) &&
        (other->projects.empty() || other->projects.matches(part.project.name)) &&
        (other->tables.empty() || is_about(item, other->tables))) {
      level = other->levels.find(active.rule->id)->second;
    }
  }
  return active.rule->floor ? std::max(level, *active.rule->floor) : level;
}

// The first thing that could not be known, in the rule's own words. Asks again, so the room's captures change.
std::string undecided_reason(const Rule& rule, Item item, Room& room) {
  Trace trace;
  room.trace = &trace;
  evaluate(rule, item, room);
  room.trace = nullptr;
  const TraceStep* first = nullptr;
  for (const TraceStep& step : trace.steps) {
    if (first && step.depth <= first->depth) {
      break;
    }
    if (step.result == Truth::unknown && step.part != TraceStep::Part::unless &&
        step.condition->kind == Condition::Kind::test) {
      first = &step;
    }
  }
  if (!first) {
    return "there was too much to compare";
  }
  std::string reason = fmt::format("cannot tell whether {}", printable(first->condition->text));
  const Field* dynamic = find_field(*first->item.entity, "dynamic");
  const Value why = dynamic ? dynamic->get(first->item.pointer) : Value{};
  return why.state == State::known ? reason + ": " + show_value(why, Type::text) : reason;
}

void set_place(Finding& finding, Part& part, Item at) {
  finding.project = part.project.name;
  if (const Migration* migration = at.entity->migration(at.pointer); migration && migration->revision.is_known()) {
    finding.revision = show_text(migration->revision.value);
  }
  finding.file = at.entity->file(at.pointer);
  if (!finding.file) {
    return;
  }
  const LineIndex& lines = lines_of(part, *finding.file);
  finding.path = finding.file->source.path;
  finding.span = at.entity->span(at.pointer);
  finding.begin = lines.locate(finding.span.begin);
  finding.end = finding.span.end == finding.span.begin ? finding.begin : lines.locate(finding.span.end);
  if (const std::string_view line = lines.line(finding.begin.line); line.size() <= longest_source_line) {
    finding.source_line = line;
  }
}

bool could_be_read(const Migration* migration) {
  return !migration || (migration->syntax_error.is_absent() && migration->file->problem == FileProblem::none);
}

void report(Part& part, const ActiveRule& active, Item item, bool undecided) {
  const Rule& rule = *active.rule;
  if (undecided && rule.undecided == Undecided::ignore) {
    return;
  }
  if (undecided && !could_be_read(item.entity->migration(item.pointer))) {
    part.judged.undecided_unread = true;
    return;
  }
  const auto at_slot = static_cast<size_t>(rule.at_slot);
  const Item at = at_slot < part.room.slots.size() && part.room.slots[at_slot] ? part.room.slots[at_slot] : item;
  const Level level = level_of(active, part, item, at.entity->file(at.pointer));
  if (level == Level::off && !part.judging.policy->even_off) {
    return;
  }
  Finding finding;
  finding.rule = &rule;
  finding.item = item;
  finding.level = undecided && rule.undecided == Undecided::advice ? Level::advice : level;
  finding.message = format_message(rule.message, item, part.room);
  set_place(finding, part, at);
  if (undecided) {
    finding.state = FindingState::undecided;
    finding.state_reason = undecided_reason(rule, item, part.room);
  } else if (rule.autofix && finding.file) {
    FileEdits made = make_edits(rule, item, part.room);
    finding.edits = std::move(made.edits);
    finding.edited = made.file == finding.file ? nullptr : made.file;
    if (!finding.edited) {
      finding.suggestion = make_suggestion(finding.file->source.text, lines_of(part, *finding.file), finding.edits);
    }
  }
  if (rule.instead && !undecided && !(finding.file && finding.file->project->settings.is_sql)) {
    finding.instead = format_code(*rule.instead, item, part.room).value_or(std::string());
  }
  part.judged.findings.push_back(std::move(finding));
}

void ask_rule(Part& part, uint32_t number, Item item) {
  if (!is_asked(part, number)) {
    return;
  }
  const ActiveRule& active = part.judging.policy->rules[number];
  if (!passes(active.sieve, item.pointer)) {
    return;
  }
  switch (evaluate(*active.rule, item, part.room).outcome) {
    case Outcome::found:
      return report(part, active, item, false);
    case Outcome::undecided:
      return report(part, active, item, true);
    case Outcome::exempt:
    case Outcome::not_found:
      return;
  }
}

void ask_rules(Part& part, const RuleNumbers& numbers, Item item) {
  for (const uint32_t number : numbers) {
    ask_rule(part, number, item);
  }
}

void ask_operations(Part& part, const List<Operation>& list) {
  for (const Operation& operation : list.items) {
    const auto& by_kind = part.judging.policy->operation_rules[static_cast<size_t>(operation.direction)];
    ask_rules(part, by_kind[static_cast<size_t>(operation.kind)], {&entity_of<Operation>(), &operation});
  }
}

// `owner`: the migration or the file that holds the items.
template <class Owner>
void ask_group(Part& part, const RuleGroup& group, const Owner& owner) {
  thread_local std::vector<Item> items;
  items.clear();
  append_items(items, owner, *group.entity);
  for (const Item item : items) {
    for (const GuardedRules& guarded : group.guarded) {
      part.room.slots.assign(1, item);
      if (holds(*guarded.guard, item, part.room) != Truth::no) {
        ask_rules(part, guarded.rules, item);
      }
    }
    ask_rules(part, group.unguarded, item);
  }
}

// What models and migrations differ in, as far as it is shown in that file.
void ask_differences(Part& part, const File* file) {
  const auto at = [](const Difference& difference) -> std::string_view {
    return difference.file ? std::string_view(difference.file->source.path) : std::string_view();
  };
  const std::string_view path = file ? std::string_view(file->source.path) : std::string_view();
  for (const Difference& difference : std::ranges::equal_range(part.project.differences, path, {}, at)) {
    ask_rules(part, part.judging.policy->difference_rules, {&entity_of<Difference>(), &difference});
  }
}

// What belongs to no migration that is here: the lines of the history, and what the change took from the base.
void ask_history(Part& part) {
  const auto ask = [&](const RuleNumbers& numbers, Item item) {
    if (!part.judging.skipped.contains(item.entity->file(item.pointer))) {
      begin_part_file(part, item.entity->file(item.pointer), nullptr);
      ask_rules(part, numbers, item);
    }
  };
  for (const Branch& branch : part.project.branches) {
    ask(part.judging.policy->branch_rules, {&entity_of<Branch>(), &branch});
  }
  for (const BaseMigration& touched : part.project.touched) {
    ask(part.judging.policy->base_migration_rules, {&entity_of<BaseMigration>(), &touched});
  }
}

void note_bound(Part& part, const File* file) {
  if (part.room.steps_left <= 0) {
    part.judged.notes.push_back(fmt::format("{}: too much to compare; some rules could not be asked about all of it",
                                            file ? printable(file->source.path) : std::string("project")));
  }
}

// The modules that models are read from are in no list of files: only what models say is asked of them.
void ask_models(Part& part) {
  for (const auto& file : part.project.models->files) {
    if (!file->module || part.judging.skipped.contains(file.get())) {
      continue;
    }
    begin_part_file(part, file.get(), nullptr);
    for (const RuleGroup& group : part.judging.policy->file_groups) {
      if (is_of_models(*group.entity)) {
        ask_group(part, group, *file);
      }
    }
    ask_differences(part, file.get());
    note_bound(part, file.get());
  }
}

void ask_lines(Part& part, const File& file) {
  const PreparedPolicy& policy = *part.judging.policy;
  const bool any = std::ranges::any_of(policy.line_rules, [&](uint32_t number) { return is_asked(part, number); });
  RuleNumbers candidates;
  for (size_t i = 0; any && i < file.lines.size(); ++i) {
    const Line& line = file.lines[i];
    candidate_line_rules(policy, line.text.value, candidates);
    for (const uint32_t number : candidates) {
      const Scope scope = policy.rules[number].rule->scope;
      if (line.added || scope == Scope::all || scope == Scope::repo) {
        ask_rule(part, number, {&entity_of<Line>(), &line});
      }
    }
  }
}

// A helper that is called twice gives the same operation twice, and rows of cases may say the same.
void remove_repeated(std::vector<Finding>& findings) {
  if (findings.size() < 2) {
    return;
  }
  std::vector<const Finding*> order;
  for (const Finding& finding : findings) {
    order.push_back(&finding);
  }
  const auto what = [](const Finding* finding) {
    return std::tie(finding->span.begin, finding->span.end, finding->file, finding->rule->id, finding->message);
  };
  std::ranges::stable_sort(order, {}, what);
  std::unordered_set<const Finding*> repeated;
  for (size_t i = 1; i < order.size(); ++i) {
    if (order[i]->file && what(order[i]) == what(order[i - 1])) {
      repeated.insert(order[i]);
    }
  }
  if (!repeated.empty()) {
    std::vector<Finding> kept;
    for (Finding& finding : findings) {
      if (!repeated.contains(&finding)) {
        kept.push_back(std::move(finding));
      }
    }
    findings = std::move(kept);
  }
}

Waiver make_waiver(const InlineWaiver& written, const ReadyWaiver& ready, bool used, const OwnWaivers& own) {
  const auto fact = [&](std::string_view text) { return text.empty() ? Text{} : known(text, written.span); };
  Waiver waiver;
  waiver.span = written.span;
  waiver.rule = fact(written.rule);
  waiver.until = fact(written.until);
  waiver.reason = fact(written.reason);
  waiver.expired = ready.expired;
  // Of an old file only a part of the rules was asked.
  waiver.used = used || own.file->change == Change::added ? known(used) : unknown<bool>();
  waiver.rule_known = ready.rule != nullptr;
  waiver.migration = own.migration;
  waiver.file = own.file;
  return waiver;
}

void apply(const WaiverDecision& decision, Finding& finding) {
  using enum WaiverDecision::Answer;
  switch (decision.answer) {
    case not_waived:
      return;
    case ended:
      if (finding.state == FindingState::open) {
        finding.state_reason = decision.reason;
      }
      return;
    case requested:
      finding.level = Level::approval;
      finding.state_reason = decision.reason;
      return;
    case baseline:
    case waived:
      finding.state = decision.answer == waived ? FindingState::waived : FindingState::baseline;
      finding.state_reason = decision.reason;
      return;
  }
}

// Waives what is waived; which of the part's own (inline) waivers speak of something is left in `used`.
void apply_waivers(Part& part, const std::vector<ReadyWaiver>& own, std::vector<bool>& used) {
  const std::vector<ReadyWaiver>& shared = part.judging.waivers;
  const size_t of_team = part.judging.options.waivers ? part.judging.options.waivers->waivers.size() : 0;
  for (Finding& finding : part.judged.findings) {
    const WaiverDecision by_file = is_waived(finding, shared, part.room);
    const WaiverDecision by_line = is_waived(finding, own, part.room);
    for (const size_t index : by_file.used) {
      if (index < of_team) {
        part.judged.used_waivers.insert(index);
      }
    }
    for (const size_t index : by_line.used) {
      used[index] = true;
    }
    apply(by_file.answer > by_line.answer ? by_file : by_line, finding);
  }
}

// Waives what is waived, and judges the inline waivers of the part's files themselves.
void waive(Part& part, const std::vector<OwnWaivers>& own) {
  const bool has_own = std::ranges::any_of(own, [](const OwnWaivers& each) { return !each.written.empty(); });
  if (!has_own && part.judging.waivers.empty()) {
    return;
  }
  // The texts of mistakes must live as long as the facts that view them.
  struct Kept {
    std::vector<ReadyWaiver> ready = {};
    std::vector<Waiver> facts = {};
  };
  const auto kept = std::make_shared<Kept>();
  std::vector<std::pair<const OwnWaivers*, const InlineWaiver*>> written;
  for (const OwnWaivers& each : own) {
    std::ranges::move(
        ready_waivers(*part.judging.policy, each, part.judging.options.today, part.judging.options.added_lines),
        std::back_inserter(kept->ready));
    for (const InlineWaiver& waiver : each.written) {
      written.emplace_back(&each, &waiver);
    }
  }
  std::vector<bool> used(kept->ready.size());
  apply_waivers(part, kept->ready, used);
  if (!has_own) {
    return;
  }
  for (size_t i = 0; i < kept->ready.size(); ++i) {
    const ReadyWaiver& ready = kept->ready[i];
    Waiver waiver = make_waiver(*written[i].second, ready, used[i], *written[i].first);
    waiver.mistake = ready.mistake.empty() ? Text{} : known(std::string_view(ready.mistake), waiver.span);
    kept->facts.push_back(waiver);
  }
  part.judged.waivers = std::shared_ptr<const std::vector<Waiver>>(kept, &kept->facts);
  for (const Waiver& waiver : kept->facts) {
    if (part.file != waiver.file) {
      begin_part_file(part, waiver.file, waiver.migration);
    }
    ask_rules(part, part.judging.policy->waiver_rules, {&entity_of<Waiver>(), &waiver});
  }
  set_fingerprints(part.judged.findings, part.judging.options.standpoint, part.project.folder);
}

// Those of the modules with models.
std::vector<OwnWaivers> waivers_in_models(const Part& part) {
  std::vector<OwnWaivers> own;
  const ProjectModels* models = part.project.models.get();
  const ProjectModels* base = part.project.base_models.get();
  for (size_t i = 0; models && i < models->files.size(); ++i) {
    const File& file = *models->files[i];
    if (!file.module || file.module->waivers.empty() || part.judging.skipped.contains(&file)) {
      continue;
    }
    const File* before = nullptr;
    if (base) {
      const auto path_of = [](const auto& each) -> std::string_view { return each->source.path; };
      const auto found = std::ranges::lower_bound(base->files, std::string_view(file.source.path), {}, path_of);
      before = found != base->files.end() && (*found)->source.path == file.source.path ? found->get() : nullptr;
    }
    own.push_back({file.module->waivers, &file, before, nullptr});
  }
  return own;
}

// What an approval is bound to; nothing for the base's version of a file, which is in no commit of the change.
std::string digest_of(const Finding& finding) {
  return finding.file && finding.file->origin == Origin::here ? code_digests(finding.file->source.text).code
                                                              : std::string();
}

// Says of what waits for an approval who can give it, and takes what was approved for approved.
void approve(Part& part) {
  const JudgeOptions& options = part.judging.options;
  std::map<const File*, std::string> digests;  // each file's code is read once
  for (Finding& finding : part.judged.findings) {
    if (finding.level != Level::approval ||
        (finding.state != FindingState::open && finding.state != FindingState::undecided)) {
      continue;
    }
    const Policy& policy = *part.judging.policy->policy;
    auto need = std::make_shared<ApprovalNeed>(approval_need(*finding.rule, policy));
    if (options.approvals || part.project.has_base) {
      const auto [digest, is_new] = digests.try_emplace(finding.file);
      if (is_new) {
        digest->second = digest_of(finding);
      }
      need->digest = digest->second;
    }
    if (options.approvals) {
      ApprovalDecision decision = decide_approval(finding, *need, policy, *options.approvals, need->digest);
      if (decision.approved) {
        finding.state = FindingState::approved;
        finding.state_reason = std::move(decision.reason);
        continue;
      }
      need->set_aside = std::move(decision.set_aside);
    }
    finding.approval = std::move(need);
  }
}

}  // namespace

Judged judge_migration(const Judging& judging, const Project& project, const Migration& migration, Room& room) {
  if (judging.skipped.contains(migration.file)) {
    return {};
  }
  Part part{judging, project, room};
  begin_part_file(part, migration.file, &migration);
  const PreparedPolicy& policy = *judging.policy;
  ask_rules(part, policy.file_rules, {&entity_of<File>(), migration.file});
  ask_rules(part, policy.migration_rules, {&entity_of<Migration>(), &migration});
  ask_operations(part, migration.upgrade);
  ask_operations(part, migration.downgrade);
  for (const RuleGroup& group : policy.groups) {
    ask_group(part, group, migration);
  }
  ask_differences(part, migration.file);
  ask_lines(part, *migration.file);
  note_bound(part, migration.file);
  remove_repeated(part.judged.findings);
  set_fingerprints(part.judged.findings, part.judging.options.standpoint, part.project.folder);
  waive(part, {{migration.waivers, migration.file, migration.file->before, &migration}});
  approve(part);
  if (judging.options.summaries && migration.file->change != Change::unchanged) {
    part.judged.summary = summarise(migration, policy.destructive);
  }
  return std::move(part.judged);
}

Judged judge_rest(const Judging& judging, const Project& project, Room& room) {
  Part part{judging, project, room};
  if (project.models) {
    ask_models(part);
  }
  for (const auto& file : project.files) {
    if (judging.skipped.contains(file.get()) || judging.of_migrations.contains(file.get())) {
      continue;
    }
    begin_part_file(part, file.get(), nullptr);
    ask_rules(part, judging.policy->file_rules, {&entity_of<File>(), file.get()});
    for (const RuleGroup& group : judging.policy->file_groups) {
      ask_group(part, group, *file);
    }
    ask_lines(part, *file);
    note_bound(part, file.get());
  }
  begin_part_file(part, nullptr, nullptr);
  ask_differences(part, nullptr);
  ask_rules(part, judging.policy->repo_rules, {&entity_of<Project>(), &project});
  for (const Weakening& weakening : project.weakenings) {
    ask_rules(part, judging.policy->weakening_rules, {&entity_of<Weakening>(), &weakening});
  }
  ask_history(part);
  note_bound(part, nullptr);
  remove_repeated(part.judged.findings);
  set_fingerprints(part.judged.findings, part.judging.options.standpoint, part.project.folder);
  waive(part, waivers_in_models(part));
  approve(part);
  return std::move(part.judged);
}

std::vector<Finding> judge_waiver_file(const PreparedPolicy& policy, const WaiverFile& waivers,
                                       const JudgeOptions& options, const std::set<size_t>& used, bool all_judged) {
  Project project;
  File& file = *project.files.emplace_back(std::make_unique<File>());
  file.source.path = waivers.file.path;
  file.source.text = waivers.file.text;
  file.project = &project;
  classify(file);
  const std::vector<ReadyWaiver> ready = ready_waivers(policy, &waivers, nullptr, options.today);
  JudgeOptions own = options;
  own.waivers = nullptr;
  own.proposed_waivers = nullptr;
  own.only.clear();
  const Judging judging = begin_judging({&project}, policy, own);
  Room room;
  Part part{judging, project, room};
  begin_part_file(part, &file, nullptr);
  std::vector<Waiver> facts(ready.size());
  for (size_t i = 0; i < ready.size(); ++i) {
    const FileWaiver& entry = waivers.waivers[i];
    Waiver& waiver = facts[i];
    waiver.span = entry.span;
    waiver.rule = known(std::string_view(entry.written), entry.span);
    waiver.until = known(std::string_view(entry.until), entry.span);
    waiver.reason = known(std::string_view(entry.reason), entry.span);
    waiver.expired = ready[i].expired;
    waiver.used = used.contains(i) || all_judged ? known(used.contains(i)) : unknown<bool>();
    waiver.rule_known = true;  // the file would not have loaded otherwise
    waiver.file = &file;
    ask_rules(part, policy.waiver_rules, {&entity_of<Waiver>(), &waiver});
  }
  set_fingerprints(part.judged.findings, part.judging.options.standpoint, part.project.folder);
  approve(part);
  for (Finding& finding : part.judged.findings) {
    finding.item = {};
    finding.file = nullptr;
  }
  return std::move(part.judged.findings);
}

}  // namespace spiritsafe
