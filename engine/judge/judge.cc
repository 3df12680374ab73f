// SPDX-License-Identifier: Apache-2.0
// Before the parts are judged, and after: what is skipped, the threads, the order of findings, the verdict.
#include "engine/judge/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <thread>
#include <tuple>

#include "engine/text/printable.h"

namespace spiritsafe {
namespace {

// The migration called `revision` and everything that it builds on.
void skip_until(Judging& judging, const std::vector<const Project*>& projects, std::string_view revision) {
  bool found = false;
  for (const Project* project : projects) {
    std::multimap<std::string_view, const Migration*> by_revision;
    for (const auto& migration : project->migrations) {
      if (migration->revision.is_known()) {
        by_revision.emplace(migration->revision.value, migration.get());
      }
    }
    std::vector<std::string_view> open = {revision};
    while (!open.empty()) {
      const auto [first, last] = by_revision.equal_range(open.back());
      open.pop_back();
      for (auto each = first; each != last; ++each) {
        found = true;
        if (judging.skipped.insert(each->second->file).second) {
          for (const Text& parent : each->second->parents.items) {
            open.push_back(parent.value);
          }
        }
      }
    }
  }
  judging.start_after_found = found;
}

void count(Judgement& judgement, const Finding& finding) {
  Counts& counts = judgement.counts;
  if (finding.state == FindingState::waived || finding.state == FindingState::approved) {
    ++(finding.state == FindingState::waived ? counts.waived : counts.approved);
    return;
  }
  if (finding.state == FindingState::baseline) {
    ++counts.baseline;
    return;
  }
  counts.undecided += finding.state == FindingState::undecided;
  switch (finding.level) {
    case Level::error:
      ++counts.error;
      break;
    case Level::approval:
      ++counts.approval;
      break;
    case Level::warn:
      ++counts.warn;
      break;
    case Level::advice:
      ++counts.advice;
      break;
    case Level::off:
      break;
  }
}

// By path, line, column and rule. Paths are compared once for each file, not for each pair of findings.
std::vector<Finding> in_order(std::vector<Judged>& parts) {
  struct Key {
    const size_t* path = nullptr;  // its place among all paths
    Location at = {};
    const Rule* rule = nullptr;
    Finding* finding = nullptr;
  };
  std::map<std::string_view, size_t> ranks;
  std::vector<Key> keys;
  for (Judged& part : parts) {
    for (Finding& finding : part.findings) {
      const bool same_file = !keys.empty() && keys.back().finding->file == finding.file;
      const size_t* rank = same_file ? keys.back().path : &ranks.try_emplace(finding.path).first->second;
      keys.push_back({rank, finding.begin, finding.rule, &finding});
    }
  }
  size_t count = 0;
  for (auto& [path, rank] : ranks) {
    rank = count++;
  }
  std::ranges::stable_sort(keys, [](const Key& a, const Key& b) {
    return std::tie(*a.path, a.at.line, a.at.column) != std::tie(*b.path, b.at.line, b.at.column)
               ? std::tie(*a.path, a.at.line, a.at.column) < std::tie(*b.path, b.at.line, b.at.column)
               : std::tie(a.rule->id, a.rule->case_index, a.finding->fingerprint) <
                     std::tie(b.rule->id, b.rule->case_index, b.finding->fingerprint);
  });
  std::vector<Finding> findings;
  findings.reserve(keys.size());
  for (const Key& key : keys) {
    findings.push_back(std::move(*key.finding));
  }
  return findings;
}

Judgement collect(std::vector<Judged> parts) {
  Judgement judgement;
  judgement.findings = in_order(parts);
  for (Judged& part : parts) {
    std::ranges::move(part.notes, std::back_inserter(judgement.notes));
    judgement.counts.undecided += part.undecided_unread;
    judgement.used_waivers.merge(part.used_waivers);
    if (part.summary) {
      judgement.migrations.push_back(std::move(*part.summary));
    }
    if (part.waivers) {
      judgement.waivers.push_back(std::move(part.waivers));
    }
  }
  return judgement;
}

struct Job {
  const Project* project = nullptr;
  const Migration* migration = nullptr;  // nullptr: the rest of the project
};

std::vector<Judged> run_jobs(const Judging& judging, const std::vector<Job>& jobs) {
  std::vector<Judged> parts(jobs.size());
  std::atomic<size_t> next = 0;
  const auto work = [&] {
    Room room;
    for (size_t i = next++; i < jobs.size(); i = next++) {
      const Job& job = jobs[i];
      parts[i] = job.migration ? judge_migration(judging, *job.project, *job.migration, room)
                               : judge_rest(judging, *job.project, room);
    }
  };
  std::vector<std::thread> threads;
  for (unsigned i = 1; i < judging.options.threads && i < jobs.size(); ++i) {
    threads.emplace_back(work);
  }
  work();
  for (std::thread& thread : threads) {
    thread.join();
  }
  return parts;
}

}  // namespace

std::string_view name_of(FindingState state) {
  constexpr std::string_view names[] = {"open", "waived", "approved", "baseline", "undecided"};
  return names[static_cast<size_t>(state)];
}

std::string_view name_of(Verdict verdict) {
  constexpr std::string_view names[] = {"clean", "blocked", "approval", "unusable"};
  return names[static_cast<size_t>(verdict)];
}

std::string start_after_note(const Policy& policy) {
  return fmt::format("`start_after: {}` names no revision, so every migration is judged",
                     printable(policy.settings.start_after));
}

Judging begin_judging(const std::vector<const Project*>& projects, const PreparedPolicy& policy,
                      const JudgeOptions& options) {
  Judging judging{&policy, options, {}, {}, true, {}};
  judging.waivers = ready_waivers(policy, options.waivers, options.proposed_waivers, options.today);
  const PolicySettings& settings = policy.policy->settings;
  const std::unordered_set<std::string_view> only(options.only.begin(), options.only.end());
  for (const Project* project : projects) {
    for (const auto& migration : project->migrations) {
      judging.of_migrations.insert(migration->file);
    }
    const auto skip_some = [&](const std::vector<std::unique_ptr<File>>& files) {
      for (const auto& file : files) {
        if (settings.exclude_globs.matches(file->source.path) || (!only.empty() && !only.contains(file->source.path))) {
          judging.skipped.insert(file.get());
        }
      }
    };
    skip_some(project->files);
    if (project->models) {
      skip_some(project->models->files);
    }
  }
  if (!settings.start_after.empty()) {
    skip_until(judging, projects, settings.start_after);
  }
  return judging;
}

void count_findings(Judgement& judgement) {
  for (const Finding& finding : judgement.findings) {
    count(judgement, finding);
  }
  judgement.verdict = judgement.counts.error > 0      ? Verdict::blocked
                      : judgement.counts.approval > 0 ? Verdict::approval
                                                      : Verdict::clean;
}

Judgement finish_judging(const Judging& judging, std::vector<Judged> parts) {
  Judgement judgement = collect(std::move(parts));
  judgement.start_after_found = judging.start_after_found;
  std::ranges::stable_sort(judgement.migrations, {}, &MigrationSummary::path);
  std::ranges::sort(judgement.notes);
  count_findings(judgement);
  return judgement;
}

Judgement judge(const std::vector<const Project*>& projects, const PreparedPolicy& policy,
                const JudgeOptions& options) {
  const Judging judging = begin_judging(projects, policy, options);
  std::vector<Job> jobs;
  for (const Project* project : projects) {
    for (const auto& migration : project->migrations) {
      jobs.push_back({project, migration.get()});
    }
    jobs.push_back({project, nullptr});
  }
  Judgement judgement = finish_judging(judging, run_jobs(judging, jobs));
  if (!judgement.start_after_found) {
    judgement.notes.insert(judgement.notes.begin(), start_after_note(*policy.policy));
  }
  return judgement;
}

Judgement judge(const std::vector<const Project*>& projects, const Policy& policy, const JudgeOptions& options) {
  const PreparedPolicy prepared = prepare(policy);
  return judge(projects, prepared, options);
}

}  // namespace spiritsafe
