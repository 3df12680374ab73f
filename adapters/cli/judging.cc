// SPDX-License-Identifier: Apache-2.0
#include "adapters/cli/judging.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <map>
#include <numeric>
#include <set>
#include <thread>
#include <tuple>

#include <fmt/format.h>

#include "adapters/cli/approvals_file.h"
#include "adapters/files/model_files.h"
#include "adapters/files/read_file.h"
#include "adapters/files/read_project.h"
#include "adapters/report/report.h"
#include "engine/judge/baseline.h"
#include "engine/judge/judge.h"
#include "engine/judge/locks.h"
#include "engine/policy/behaviours.h"
#include "engine/schema/link_models.h"
#include "engine/text/parallel.h"

namespace spiritsafe {
namespace {

// Facts are kept only for so many migrations at a time: memory does not grow with the repository.
constexpr size_t batch_size = 1024;
// What one thread reads and judges in one go, facts still warm: few enough that no thread waits long for another.
constexpr size_t small_batch_size = 32;
class Clock {
 public:
  // Milliseconds since the last call.
  double lap() {
    const auto now = std::chrono::steady_clock::now();
    const double passed = std::chrono::duration<double, std::milli>(now - last_).count();
    last_ = now;
    return passed;
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

// Makes findings independent of the facts, which are about to go.
void detach(std::vector<Finding>& findings) {
  for (Finding& finding : findings) {
    finding.item = {};
    finding.file = nullptr;
  }
}

Verdict worse(Verdict a, Verdict b) {
  const auto rank = [](Verdict verdict) {
    switch (verdict) {
      case Verdict::clean:
        return 0;
      case Verdict::approval:
        return 1;
      case Verdict::blocked:
        return 2;
      case Verdict::unusable:
        return 3;
    }
    return 3;
  };
  return rank(a) < rank(b) ? b : a;
}

void add(Judgement& all, Judgement part) {
  all.verdict = worse(all.verdict, part.verdict);
  const auto sum = [&](int Counts::*member) { all.counts.*member += part.counts.*member; };
  for (const auto member : {&Counts::error, &Counts::approval, &Counts::warn, &Counts::advice, &Counts::waived,
                            &Counts::approved, &Counts::baseline, &Counts::undecided}) {
    sum(member);
  }
  std::ranges::move(part.findings, std::back_inserter(all.findings));
  std::ranges::move(part.migrations, std::back_inserter(all.migrations));
}

void sort(Judgement& judgement) {
  const auto before = [](const Finding& a, const Finding& b) {
    return std::tie(a.path, a.begin.line, a.begin.column, a.rule->id) <
           std::tie(b.path, b.begin.line, b.begin.column, b.rule->id);
  };
  if (!std::ranges::is_sorted(judgement.findings,
                              before)) {  // batches come in the order of folders, which mostly is this one
    std::ranges::stable_sort(judgement.findings, before);
  }
  if (!std::ranges::is_sorted(judgement.migrations, {}, &MigrationSummary::path)) {
    std::ranges::stable_sort(judgement.migrations, {}, &MigrationSummary::path);
  }
}

ReadSettings read_settings(const Policy& policy) {
  ReadSettings out;
  for (const KnownOperation& known : policy.settings.known_operations) {
    out.plugin_operations.push_back({known.name, known.amounts_to});
  }
  if (const auto version = policy.settings.texts.find("postgres_version"); version != policy.settings.texts.end()) {
    out.postgres_version = std::atoi(version->second.c_str());
  }
  if (const auto names = policy.settings.lists.find("reading_functions"); names != policy.settings.lists.end()) {
    out.reading_functions = names->second;
  }
  out.behaviours = behaviours_of(policy);
  return out;
}

// What is judged on one thread: a migration, or (nullptr) what else is in the project.
struct Part {
  const Project* project = nullptr;
  const Migration* migration = nullptr;
};

// What a project is compared with; nullptr: nothing.
const Base* base_of(const WorkspaceBase& base, size_t project) {
  return base.base && std::ranges::find(base.elsewhere, project) == base.elsewhere.end() ? &*base.base : nullptr;
}

// Those that the base has not, has otherwise, or had before this change.
size_t changed_migrations(const Project& project) {
  const auto is_changed = [](const auto& migration) { return migration->file->change != Change::unchanged; };
  const auto is_gone = [](const auto& file) {
    return file->origin == Origin::merge_base && file->change == Change::deleted;
  };
  return static_cast<size_t>(std::ranges::count_if(project.migrations, is_changed) +
                             std::ranges::count_if(project.base_files, is_gone));
}

// Projects [first, last) that one policy judges, that one base is compared with, and that are read at once.
struct ProjectRange {
  size_t first = 0;
  size_t last = 0;
  size_t files = 0;
};

// Read before the base was known.
struct Early {
  ReadSettings settings = {};
  OpenedProjects opened = {};
};

// What there is to read, and who judges it.
struct Ground {
  Workspace workspace = {};
  WorkspaceBase base = {};
  std::unique_ptr<Project> around = {};  // what stands around the migrations
  Visit visit = {};
  JudgeOptions options = {};
  std::unique_ptr<const Approvals> approvals = {};
  std::optional<std::string> description = {};  // of the pull or merge request
  std::unique_ptr<Early> early = {};
};

ProjectRange next_range(const Ground& ground, size_t first, size_t most_files) {
  const Workspace& workspace = ground.workspace;
  const auto same = [&](const Policies& policies, size_t other) {
    return policies.of_project.empty() || policies.of_project[other] == policies.of_project[first];
  };
  ProjectRange range{first, first, 0};
  while (range.last < workspace.projects.size() && same(ground.visit.deciding.policies, range.last) &&
         same(ground.visit.deciding.previews, range.last) &&
         base_of(ground.base, range.last) == base_of(ground.base, first) && range.files < most_files) {
    range.files += workspace.projects[range.last++].migrations.size();
  }
  return range;
}

// This thread's room to evaluate in. A room belongs to one policy and remembers facts, so each batch begins with a new
// one.
Room& room_for(uint64_t batch) {
  thread_local std::unique_ptr<Room> room;
  thread_local uint64_t room_of = 0;
  if (room_of != batch) {
    room = std::make_unique<Room>();
    room_of = batch;
  }
  return *room;
}

// Each policy is arranged once, before threads ask for it.
void prepare_policies(Visit& visit) {
  const auto add = [&](const std::shared_ptr<const Policy>& policy) {
    const auto is_it = [&](const auto& prepared) { return prepared->policy == policy.get(); };
    if (policy && std::ranges::none_of(visit.prepared, is_it)) {
      visit.prepared.push_back(std::make_unique<const PreparedPolicy>(prepare(*policy)));
    }
  };
  for (const Policies* policies : {&visit.deciding.policies, &visit.deciding.previews}) {
    std::ranges::for_each(policies->of_project, add);
    add(policies->scripts);
  }
}

const PreparedPolicy* prepared_for(const Visit& visit, const std::shared_ptr<const Policy>& policy) {
  const auto found =
      std::ranges::find_if(visit.prepared, [&](const auto& each) { return each->policy == policy.get(); });
  return found == visit.prepared.end() ? nullptr : found->get();
}

// The team's waivers of the policy that judges a batch.
void set_waivers(const Visit& visit, Batch& batch) {
  const auto found = visit.deciding.waivers.find(batch.policy->policy);
  if (found != visit.deciding.waivers.end()) {
    batch.options.waivers = found->second.of_team ? &*found->second.of_team : nullptr;
    batch.options.proposed_waivers = found->second.proposed ? &*found->second.proposed : nullptr;
  }
}

void note_base(const WorkspaceBase& base, const Workspace& workspace, Visit& visit) {
  visit.in_ci = base.in_ci;
  visit.places.top = base.repository.top;
  visit.places.head = base.head;
  visit.places.changes = base.base ? base.base->changes : std::map<std::string, FileChange>();
  visit.base = base.base ? base.base->name : std::string();
  if (!base.why_none.empty()) {
    visit.notes.push_back(base.why_none);
  }
  for (const size_t project : base.elsewhere) {
    visit.notes.push_back(fmt::format("{}: is in a repository of its own, so every migration of it is judged",
                                      workspace.projects[project].script_location));
  }
}

// The repository that a folder is in, by its absolute path; without one, the folder itself.
std::string repository_of(const std::string& folder) {
  for (std::string up = folder; up.size() > 1; up = parent_path(up)) {
    if (is_folder(join_path(up, ".git")) || is_file(join_path(up, ".git"))) {
      return up;
    }
  }
  return folder;
}

// A waiver file above what is judged may be about what is not.
bool holds_waiver_files(const Workspace& workspace, const Deciding& deciding) {
  return std::ranges::all_of(deciding.waivers, [&](const auto& each) {
    const std::string& path = each.second.path;
    return workspace.top.empty() ? !path.starts_with("..") : path.starts_with(workspace.top + "/");
  });
}

std::vector<std::vector<std::string>> groups_of(const Policies& policies) {
  std::set<std::vector<std::string>> groups;
  const auto add = [&](const std::shared_ptr<const Policy>& policy) {
    for (const auto& [name, members] : policy ? policy->approvers : decltype(policy->approvers)()) {
      groups.insert(members);
    }
  };
  std::ranges::for_each(policies.of_project, add);
  add(policies.scripts);
  return {groups.begin(), groups.end()};
}

// While git is asked for the base, the policy that is here is loaded and the migrations of the only project are read.
// Where it comes to other settings, as may be where the base decides, they are read again.
std::unique_ptr<Early> read_early(const Workspace& workspace, const JudgeArguments& arguments, unsigned threads) {
  const Result<Policies> policies = find_policies(workspace, policy_request(arguments));
  if (!policies || workspace.projects.size() != 1 || threads < 2) {
    return nullptr;  // what is wrong with a policy is told when it is asked for
  }
  auto early = std::make_unique<Early>();
  early->settings = read_settings(*policies->of_project.front());
  early->opened = open_projects(workspace.projects, workspace.root, early->settings, threads);
  return early;
}

Result<Ground> find_ground(const JudgeArguments& arguments, const Surroundings& surroundings) {
  Ground ground;
  Visit& visit = ground.visit;
  Clock clock;
  visit.threads = arguments.threads > 0 ? arguments.threads : std::max(1u, std::thread::hardware_concurrency());
  Result<Workspace> workspace = find_workspace(arguments.paths, visit.threads);
  if (!workspace) {
    return tl::unexpected(workspace.error());
  }
  std::future<std::unique_ptr<Early>> early;
  if (!arguments.all && !arguments.staged) {
    early = std::async(std::launch::async, read_early, std::cref(*workspace), std::cref(arguments), visit.threads);
  }
  Result<WorkspaceBase> base =
      find_base(*workspace, {arguments.base, arguments.staged, arguments.all}, surroundings.environment);
  if (!base) {
    return tl::unexpected(base.error());
  }
  ground.early = early.valid() ? early.get() : nullptr;
  visit.timing.find = clock.lap();
  visit.today = arguments.today.empty() ? surroundings.today : arguments.today;
  Result<Deciding> deciding = find_deciding(*workspace, *base, policy_request(arguments), visit.today);
  if (!deciding) {
    return tl::unexpected(deciding.error());
  }
  visit.deciding = std::move(*deciding);
  visit.notes = visit.deciding.notes;
  prepare_policies(visit);
  visit.notes.insert(visit.notes.end(), workspace->notes.begin(), workspace->notes.end());
  note_base(*base, *workspace, visit);
  visit.projects = workspace->projects.size();
  visit.is_whole = !base->base && workspace->only.empty() && holds_waiver_files(*workspace, visit.deciding);
  ground.options.today = visit.today;
  ground.options.threads = visit.threads;
  ground.options.only = workspace->only;
  ground.options.standpoint = {repository_of(workspace->root), canonical_path(".")};
  if (!arguments.approvals.empty()) {
    Result<Approvals> approvals = read_approvals(arguments.approvals);
    if (!approvals) {
      return tl::unexpected(approvals.error());
    }
    ground.approvals = std::make_unique<const Approvals>(std::move(*approvals));
  }
  if (surroundings.ask_platform) {
    PlatformAnswer answer =
        surroundings.ask_platform({groups_of(visit.deciding.policies),
                                   {base->changed.begin(), base->changed.end()},
                                   [&](const std::string& commit) { return digests_at(*base, commit); }});
    ground.description = std::move(answer.description);
    visit.notes.insert(visit.notes.end(), answer.notes.begin(), answer.notes.end());
    if (!ground.approvals && answer.approvals) {
      ground.approvals = std::make_unique<const Approvals>(std::move(*answer.approvals));
    }
  }
  ground.options.approvals = ground.approvals.get();
  ground.workspace = std::move(*workspace);
  ground.base = std::move(*base);
  visit.timing.policy = clock.lap();
  ground.around = read_around(ground.workspace, visit.threads, ground.base.base ? &*ground.base.base : nullptr);
  add_weakenings(*ground.around, visit.deciding.weakenings);
  return ground;
}

// Which files the description of the request names.
void set_named(Project& project, const std::optional<std::string>& description) {
  for (const auto& file : project.files) {
    if (description) {
      file->named_in_request = known(description->find(file->name.value) != std::string::npos);
    }
  }
}

Batch read_batch(const Ground& ground, const ProjectRange& range, unsigned threads) {
  const std::span<const FoundProject> found(ground.workspace.projects.data() + range.first, range.last - range.first);
  const auto& policy = ground.visit.deciding.policies.of_project[range.first];
  const ReadSettings settings = read_settings(*policy);
  Batch batch;
  batch.policy = prepared_for(ground.visit, policy);
  batch.base = base_of(ground.base, range.first);
  const auto read_models = [&](Project& project, const FoundProject& each) {
    if (batch.policy->asks_about_models && !each.settings.is_sql) {
      read_models_of(project, each, ground.workspace, settings, batch.base);
    }
  };
  const bool is_open = ground.early && !ground.early->opened.projects.empty() && ground.early->settings == settings;
  OpenedProjects opened = is_open ? std::move(ground.early->opened)
                                  : open_projects(found, ground.workspace.root, settings, threads, batch.base);
  batch.read = link_projects(std::move(opened), found, threads, batch.base, read_models);
  for (size_t i = 0; i < batch.read.size(); ++i) {
    batch.read[i]->around = sees_around(ground.workspace, found[i]) ? ground.around.get() : nullptr;
    if (const auto dialect = policy->settings.texts.find("dialect");
        dialect != policy->settings.texts.end() && !dialect->second.empty()) {
      batch.read[i]->settings.dialect = dialect->second;
    }
    batch.projects.push_back(batch.read[i].get());
    batch.found.push_back(&found[i]);
    set_named(*batch.read[i], ground.description);
  }
  for (const auto& project : batch.read) {
    link_locks(*project, *batch.policy, threads);
  }
  batch.preview = ground.visit.deciding.previews.scripts
                      ? prepared_for(ground.visit, ground.visit.deciding.previews.of_project[range.first])
                      : nullptr;
  batch.options = ground.options;
  batch.workspace = &ground.workspace;
  batch.options.added_lines = ground.base.added_lines.empty() ? nullptr : &ground.base.added_lines;
  batch.options.threads = threads;
  set_waivers(ground.visit, batch);
  return batch;
}

bool has_around(const Ground& ground) {
  return !ground.around->files.empty() || !ground.around->weakenings.empty() || ground.base.base;
}

Batch batch_around(const Ground& ground) {
  Batch batch;
  batch.projects = {ground.around.get()};
  batch.found = {nullptr};
  batch.policy = prepared_for(ground.visit, ground.visit.deciding.policies.scripts);
  batch.preview = prepared_for(ground.visit, ground.visit.deciding.previews.scripts);
  batch.options = ground.options;
  set_waivers(ground.visit, batch);
  return batch;
}

// What one batch comes to, its facts gone.
struct BatchJudgement {
  Judgement judgement = {};
  Counts preview = {};  // by the change's own policy, where another one decides
  Verdict preview_verdict = Verdict::clean;
  const PreparedPolicy* policy = nullptr;
  size_t migrations = 0;
  size_t changed = 0;
  std::vector<Drawing> drawings = {};
};

// Rules with this tag are about the history as a whole, which is best seen.
constexpr std::string_view graph_tag = "graph";

std::vector<Drawing> draw_histories(const Batch& batch, const Judgement& judgement) {
  std::set<std::string_view> projects;
  for (const Finding& finding : judgement.findings) {
    const bool stands = finding.state == FindingState::open || finding.state == FindingState::undecided;
    if (stands && std::ranges::find(finding.rule->tags, graph_tag) != finding.rule->tags.end()) {
      projects.insert(finding.project);
    }
  }
  std::vector<Drawing> drawings;
  for (const Project* project : batch.projects) {
    if (!project->migrations.empty() && projects.contains(project->name)) {
      drawings.push_back(draw(*project));
    }
  }
  return drawings;
}

BatchJudgement judge_detached(const Batch& batch) {
  BatchJudgement result;
  result.policy = batch.policy;
  for (const Project* project : batch.projects) {
    result.migrations += project->migrations.size();
    result.changed += changed_migrations(*project);
  }
  result.judgement = judge_batch(batch);
  result.drawings = draw_histories(batch, result.judgement);
  detach(result.judgement.findings);
  if (batch.preview) {
    Batch previewed;
    previewed.projects = batch.projects;
    previewed.policy = batch.preview;
    previewed.options = batch.options;
    previewed.options.waivers = batch.options.proposed_waivers;
    previewed.options.proposed_waivers = nullptr;
    const Judgement other = judge_batch(previewed);
    result.preview = other.counts;
    result.preview_verdict = other.verdict;
  }
  return result;
}

// Each batch is read and judged by one thread, the longest first so that all threads end at about the same time. A
// project that is a large part of everything is shared among the threads before.
std::vector<BatchJudgement> judge_batches(const Ground& ground) {
  std::vector<ProjectRange> ranges;
  size_t files = 0;
  for (size_t first = 0; first < ground.workspace.projects.size(); first = ranges.back().last) {
    ranges.push_back(next_range(ground, first, small_batch_size));
    files += ranges.back().files;
  }
  std::vector<BatchJudgement> judged(ranges.size() + 1);
  const unsigned threads = ground.options.threads;
  const auto judge_range = [&](size_t i, unsigned with_threads) {
    judged[i] = judge_detached(read_batch(ground, ranges[i], with_threads));
  };
  std::vector<size_t> order(ranges.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::stable_sort(order, std::greater<>(), [&](size_t i) { return ranges[i].files; });
  const auto is_shared = [&](size_t i) {
    return threads > 1 && ranges[i].files > std::max(small_batch_size, files / threads / 4);
  };
  const auto shared = static_cast<size_t>(std::ranges::find_if_not(order, is_shared) - order.begin());
  for (size_t i = 0; i < shared; ++i) {
    judge_range(order[i], threads);
  }
  parallel_for(order.size() - shared, threads, [&](size_t i) { judge_range(order[shared + i], 1); });
  if (has_around(ground)) {
    judged.back() = judge_detached(batch_around(ground));
  } else {
    judged.pop_back();
  }
  return judged;
}

// The waivers of the team's files themselves, once it is known which were needed.
void add_waiver_findings(const std::vector<BatchJudgement>& judged, const Visit& visit, const Approvals* approvals,
                         Judgement& judgement) {
  for (const auto& prepared : visit.prepared) {
    const auto waivers = visit.deciding.waivers.find(prepared->policy);
    if (waivers == visit.deciding.waivers.end() || !waivers->second.of_team) {
      continue;
    }
    std::set<size_t> used;
    for (const BatchJudgement& each : judged) {
      if (each.policy == prepared.get()) {
        used.insert(each.judgement.used_waivers.begin(), each.judgement.used_waivers.end());
      }
    }
    JudgeOptions options;
    options.today = visit.today;
    options.approvals = approvals;
    Judgement part;
    part.findings = judge_waiver_file(*prepared, *waivers->second.of_team, options, used, visit.is_whole);
    count_findings(part);
    add(judgement, std::move(part));
  }
}

// One line for all that is mended: 500 findings about a baseline would hide what is new.
void note_gone(Visit& visit, const Judgement& judgement) {
  std::set<std::string> found;
  for (const auto& [policy, waivers] : visit.deciding.waivers) {
    if (!visit.is_whole || !waivers.of_team) {
      continue;
    }
    if (found.empty()) {
      for (const Finding& finding : judgement.findings) {
        found.insert(finding.fingerprint);
      }
    }
    const size_t gone = gone_from_baseline(*waivers.of_team, found).size();
    size_t all = 0;
    for (const FileWaiver& waiver : waivers.of_team->waivers) {
      all += waiver.findings.size();
    }
    if (gone > 0) {
      visit.notes.push_back(
          fmt::format("{}: {} of {} accepted findings are no longer there; `spiritsafe baseline "
                      "--update` takes them out",
                      waivers.path, gone, all));
    }
  }
}

// A revision that `start_after` names stands in one project, so that only all batches of a policy together can miss it.
void note_start_after(const std::vector<BatchJudgement>& judged, Visit& visit) {
  for (const auto& prepared : visit.prepared) {
    bool asked = false, found = false;
    for (const BatchJudgement& each : judged) {
      if (each.policy == prepared.get() && each.migrations > 0) {
        asked = true;
        found = found || each.judgement.start_after_found;
      }
    }
    if (asked && !found) {
      visit.notes.push_back(start_after_note(*prepared->policy));
    }
  }
}

}  // namespace

PolicyRequest policy_request(const JudgeArguments& arguments) {
  PolicyRequest request;
  request.file = arguments.policy;
  request.packs = arguments.packs;
  return request;
}

ReadOptions Batch::read_options(size_t project) const {
  if (!found[project]) {
    return {};
  }
  ReadOptions reading = spiritsafe::read_options(*found[project], read_settings(*policy->policy));
  reading.alembic = read[project]->settings.versions.alembic;
  return reading;
}

void Batch::read_models_again(size_t project, const std::map<std::string, std::string>& texts) const {
  read_models_of(*read[project], *found[project], *workspace, read_settings(*policy->policy), base, texts);
  link_models(*read[project]);
}

Judgement judge_batch(const Batch& batch) {
  const Judging judging = begin_judging(batch.projects, *batch.policy, batch.options);
  std::vector<Part> parts;
  for (const Project* project : batch.projects) {
    for (const auto& migration : project->migrations) {
      parts.push_back({project, migration.get()});
    }
    parts.push_back({project, nullptr});
  }
  static std::atomic<uint64_t> batches{0};
  const uint64_t batch_number = ++batches;
  std::vector<Judged> judged(parts.size());
  parallel_for(parts.size(), batch.options.threads, [&](size_t i) {
    Room& room = room_for(batch_number);
    const auto& [project, migration] = parts[i];
    judged[i] = migration ? judge_migration(judging, *project, *migration, room) : judge_rest(judging, *project, room);
  });
  return finish_judging(judging, std::move(judged));
}

Surroundings surroundings(const Streams& streams) {
  return {streams.today, streams.environment ? streams.environment : [](std::string_view) { return std::string(); }};
}

Result<Visit> visit_workspace(const JudgeArguments& arguments, const Surroundings& surroundings,
                              const std::function<void(const Batch&)>& visitor) {
  Result<Ground> ground = find_ground(arguments, surroundings);
  if (!ground) {
    return tl::unexpected(ground.error());
  }
  for (size_t first = 0; first < ground->workspace.projects.size();) {
    const ProjectRange range = next_range(*ground, first, batch_size);
    visitor(read_batch(*ground, range, ground->options.threads));
    first = range.last;
  }
  if (has_around(*ground)) {
    visitor(batch_around(*ground));
  }
  return std::move(ground->visit);
}

Result<WorkspaceJudgement> judge_workspace(const JudgeArguments& arguments, const Surroundings& surroundings) {
  Result<Ground> ground = find_ground(arguments, surroundings);
  if (!ground) {
    return tl::unexpected(ground.error());
  }
  WorkspaceJudgement result;
  Visit& visit = ground->visit;
  Clock clock;
  std::vector<BatchJudgement> judged = judge_batches(*ground);
  note_start_after(judged, visit);
  add_waiver_findings(judged, visit, ground->approvals.get(), result.judgement);
  Judgement preview;
  size_t findings = 0, migrations = 0;
  for (const BatchJudgement& each : judged) {
    findings += each.judgement.findings.size();
    migrations += each.judgement.migrations.size();
  }
  result.judgement.findings.reserve(findings);
  result.judgement.migrations.reserve(migrations);
  for (BatchJudgement& each : judged) {
    visit.migrations += each.migrations;
    visit.changed += each.changed;
    visit.notes.insert(visit.notes.end(), each.judgement.notes.begin(), each.judgement.notes.end());
    Judgement other;
    other.counts = each.preview;
    other.verdict = each.preview_verdict;
    add(preview, std::move(other));
    std::ranges::move(each.drawings, std::back_inserter(result.drawings));
    add(result.judgement, std::move(each.judgement));
  }
  if (visit.deciding.previews.scripts) {
    visit.notes.push_back(fmt::format("with this change's own policy: {}; verdict: {}", show_counts(preview.counts),
                                      name_of(preview.verdict)));
  }
  note_gone(visit, result.judgement);
  sort(result.judgement);
  visit.timing.judge = clock.lap();
  result.visit = std::move(visit);
  return result;
}

}  // namespace spiritsafe
