// SPDX-License-Identifier: Apache-2.0
#include "adapters/cli/judging.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <set>
#include <thread>
#include <tuple>

#include <fmt/format.h>

#include "adapters/files/parallel.h"
#include "adapters/files/read_project.h"
#include "adapters/report/report.h"
#include "engine/judge/judge.h"

namespace spiritsafe {
namespace {

// Facts are kept only for so many migrations at a time: memory does not grow with the repository.
constexpr size_t batch_size = 1024;

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
                            &Counts::approved, &Counts::undecided}) {
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
  std::ranges::stable_sort(judgement.migrations, {}, &MigrationSummary::path);
}

std::vector<PluginOperation> plugin_operations(const Policy& policy) {
  std::vector<PluginOperation> out;
  for (const KnownOperation& known : policy.settings.known_operations) {
    out.push_back({known.name, known.amounts_to});
  }
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
size_t end_of_batch(const Workspace& workspace, const Visit& visit, const WorkspaceBase& base, size_t first) {
  const auto same = [&](const Policies& policies, size_t other) {
    return policies.of_project.empty() || policies.of_project[other] == policies.of_project[first];
  };
  size_t files = 0, last = first;
  while (last < workspace.projects.size() && same(visit.policies, last) && same(visit.previews, last) &&
         base_of(base, last) == base_of(base, first) && files < batch_size) {
    files += workspace.projects[last++].migrations.size();
  }
  return last;
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

// Each policy is arranged once.
const PreparedPolicy& prepared_for(Visit& visit, const std::shared_ptr<const Policy>& policy) {
  for (const auto& prepared : visit.prepared) {
    if (prepared->policy == policy.get()) {
      return *prepared;
    }
  }
  return *visit.prepared.emplace_back(std::make_unique<const PreparedPolicy>(prepare(*policy)));
}

// In CI the base decides: a change cannot judge itself by rules of its own. Elsewhere the work tree's policy is used,
// and it is said where the base's is another one.
Result<Policies> find_deciding_policies(const Workspace& workspace, const WorkspaceBase& base, PolicyRequest request,
                                        Visit& visit) {
  Result<Policies> here = find_policies(workspace, request);
  if (!here || base.tip.empty()) {
    return here;
  }
  request.read = [&base](const std::string& path) { return read_at_tip(base, path); };
  Result<Policies> there = find_policies(workspace, request);
  const std::string& name = base.name;
  if (!there) {
    if (base.in_ci) {
      for (Error& error : there.error()) {
        error.hints.push_back(
            fmt::format("this is the text that {} has: in CI it decides until a change that mends it is merged", name));
      }
      return there;
    }
    visit.notes.push_back(fmt::format("the policy of {} does not load; this one is used", name));
    return here;
  }
  std::set<std::string> said;
  for (size_t i = 0; i <= here->of_project.size(); ++i) {
    const Policy& now = i < here->of_project.size() ? *here->of_project[i] : *here->scripts;
    const Policy& then = i < there->of_project.size() ? *there->of_project[i] : *there->scripts;
    if (now.digest == then.digest || !said.insert(now.source + "\n" + then.source).second) {
      continue;
    }
    visit.notes.push_back(base.in_ci ? fmt::format("judged by {} of {}; {} of this change counts once it is merged",
                                                   then.source, name, now.source)
                                     : fmt::format("{} differs from {} of {}, which CI judges by until this is merged",
                                                   now.source, then.source, name));
  }
  if (!base.in_ci) {
    return here;
  }
  if (!said.empty()) {
    visit.previews = std::move(*here);
  }
  return there;
}

void note_base(const WorkspaceBase& base, const Workspace& workspace, Visit& visit) {
  visit.in_ci = base.in_ci;
  visit.base = base.base ? base.base->name : std::string();
  if (!base.why_none.empty()) {
    visit.notes.push_back(base.why_none);
  }
  for (const size_t project : base.elsewhere) {
    visit.notes.push_back(fmt::format("{}: is in a repository of its own, so every migration of it is judged",
                                      workspace.projects[project].script_location));
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
  return found[project] ? spiritsafe::read_options(*found[project], plugin_operations(*policy->policy)) : ReadOptions();
}

Judgement judge_batch(const Batch& batch, std::vector<std::string>& notes) {
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
  notes.insert(notes.end(), judging.notes.begin(), judging.notes.end());
  for (const Judged& part : judged) {
    notes.insert(notes.end(), part.notes.begin(), part.notes.end());
  }
  return finish_judging(judging, std::move(judged));
}

Surroundings surroundings(const Streams& streams) {
  return {streams.today, streams.environment ? streams.environment : [](std::string_view) { return std::string(); }};
}

Result<Visit> visit_workspace(const JudgeArguments& arguments, const Surroundings& surroundings,
                              const std::function<void(const Batch&)>& visitor) {
  Visit visit;
  Clock clock;
  const unsigned threads =
      arguments.threads > 0 ? arguments.threads : std::max(1u, std::thread::hardware_concurrency());
  Result<Workspace> workspace = find_workspace(arguments.paths, threads);
  if (!workspace) {
    return tl::unexpected(workspace.error());
  }
  visit.threads = threads;
  const Result<WorkspaceBase> base =
      find_base(*workspace, {arguments.base, arguments.staged, arguments.all}, surroundings.environment);
  if (!base) {
    return tl::unexpected(base.error());
  }
  visit.timing.find = clock.lap();
  Result<Policies> policies = find_deciding_policies(*workspace, *base, policy_request(arguments), visit);
  if (!policies) {
    return tl::unexpected(policies.error());
  }
  visit.policies = std::move(*policies);
  visit.notes.insert(visit.notes.end(), workspace->notes.begin(), workspace->notes.end());
  note_base(*base, *workspace, visit);
  visit.projects = workspace->projects.size();
  Batch batch;
  batch.options.today = arguments.today.empty() ? surroundings.today : arguments.today;
  batch.options.threads = threads;
  batch.options.only = workspace->only;
  visit.timing.policy = clock.lap();

  const auto around = read_around(*workspace, threads, base->base ? &*base->base : nullptr);
  visit.timing.read += clock.lap();
  for (size_t first = 0; first < workspace->projects.size();) {
    const size_t last = end_of_batch(*workspace, visit, *base, first);
    const std::span<const FoundProject> found(workspace->projects.data() + first, last - first);
    const auto& policy = visit.policies.of_project[first];
    auto projects =
        read_projects(found, workspace->root, plugin_operations(*policy), batch.options.threads, base_of(*base, first));
    visit.timing.read += clock.lap();
    batch.projects.clear();
    batch.found.clear();
    for (size_t i = 0; i < projects.size(); ++i) {
      projects[i]->around = sees_around(*workspace, found[i]) ? around.get() : nullptr;
      batch.projects.push_back(projects[i].get());
      batch.found.push_back(&found[i]);
      visit.migrations += projects[i]->migrations.size();
      visit.changed += changed_migrations(*projects[i]);
    }
    batch.policy = &prepared_for(visit, policy);
    batch.preview = visit.previews.scripts ? &prepared_for(visit, visit.previews.of_project[first]) : nullptr;
    visitor(batch);
    visit.timing.judge += clock.lap();
    parallel_for(projects.size(), threads, [&](size_t i) { projects[i].reset(); });
    visit.timing.read += clock.lap();
    first = last;
  }
  if (!around->files.empty() || base->base) {
    batch.projects = {around.get()};
    batch.found = {nullptr};
    batch.policy = &prepared_for(visit, visit.policies.scripts);
    batch.preview = visit.previews.scripts ? &prepared_for(visit, visit.previews.scripts) : nullptr;
    visitor(batch);
    visit.timing.judge += clock.lap();
  }
  return visit;
}

Result<WorkspaceJudgement> judge_workspace(const JudgeArguments& arguments, const Surroundings& surroundings) {
  WorkspaceJudgement result;
  std::vector<std::string> notes;
  Judgement preview;
  Result<Visit> visit = visit_workspace(arguments, surroundings, [&](const Batch& batch) {
    Judgement judgement = judge_batch(batch, notes);
    detach(judgement.findings);
    add(result.judgement, std::move(judgement));
    if (batch.preview) {
      Batch previewed = batch;
      previewed.policy = batch.preview;
      std::vector<std::string> unsaid;
      Judgement other = judge_batch(previewed, unsaid);
      other.findings.clear();
      other.migrations.clear();
      add(preview, std::move(other));
    }
  });
  if (!visit) {
    return tl::unexpected(visit.error());
  }
  result.visit = std::move(*visit);
  result.visit.notes.insert(result.visit.notes.end(), notes.begin(), notes.end());
  if (result.visit.previews.scripts) {
    result.visit.notes.push_back(fmt::format("with this change's own policy: {}; verdict: {}",
                                             show_counts(preview.counts), name_of(preview.verdict)));
  }
  sort(result.judgement);
  return result;
}

}  // namespace spiritsafe
