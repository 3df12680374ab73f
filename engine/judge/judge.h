// SPDX-License-Identifier: Apache-2.0
// Rules × facts → findings → verdict.
#pragma once

#include <unordered_set>

#include "engine/judge/approvals.h"
#include "engine/judge/evaluate.h"
#include "engine/judge/finding.h"
#include "engine/judge/identity.h"
#include "engine/judge/prepare.h"
#include "engine/judge/waivers.h"

namespace spiritsafe {

struct JudgeOptions {
  std::string today = {};               // YYYY-MM-DD; empty: no waiver has ended
  std::vector<std::string> only = {};   // paths of the files to judge; empty: all. The others are only asked about
  bool summaries = true;                // Judgement::migrations
  const WaiverFile* waivers = nullptr;  // the team's; what it accepts is accepted
  const WaiverFile* proposed_waivers =
      nullptr;  // the change's own, where another one decides: what it adds is a request
  // Where the projects have no base although there is a change: an inline waiver that it adds is a request.
  const AddedLines* added_lines = nullptr;
  Standpoint standpoint = {};            // where the paths begin
  const Approvals* approvals = nullptr;  // of the change; nullptr: none were given
  unsigned threads = 1;
};

// Everything from the facts of projects to the verdict.
Judgement judge(const std::vector<const Project*>& projects, const Policy& policy, const JudgeOptions& options = {});
Judgement judge(const std::vector<const Project*>& projects, const PreparedPolicy& policy,
                const JudgeOptions& options = {});

// ---- the same in steps, for callers with threads of their own: begin once, judge parts anywhere, finish once
// ---------

// What all parts need to know. Safe to read from several threads.
struct Judging {
  const PreparedPolicy* policy = nullptr;
  JudgeOptions options = {};
  std::unordered_set<const File*> skipped = {};        // excluded, before `start_after`, or not among `only`
  std::unordered_set<const File*> of_migrations = {};  // judged with their migration
  bool start_after_found = true;                       // false: `start_after` names no revision of these projects
  std::vector<ReadyWaiver> waivers = {};               // of the files: those of options.waivers first, in order
};

// What was found in one part: a migration, or what else is in a project.
struct Judged {
  std::vector<Finding> findings = {};
  std::optional<MigrationSummary> summary = {};
  bool undecided_unread = false;  // a rule could not tell because the migration could not be read
  std::vector<std::string> notes = {};
  std::shared_ptr<const std::vector<Waiver>> waivers = {};
  std::set<size_t> used_waivers = {};  // of options.waivers
};

// What the user should know where no project has the revision.
std::string start_after_note(const Policy& policy);

Judging begin_judging(const std::vector<const Project*>& projects, const PreparedPolicy& policy,
                      const JudgeOptions& options);
Judged judge_migration(const Judging& judging, const Project& project, const Migration& migration, Room& room);
// Files that are no migrations, their lines, and the project as a whole.
Judged judge_rest(const Judging& judging, const Project& project, Room& room);
// The order of the parts does not matter, except among files of the same path.
Judgement finish_judging(const Judging& judging, std::vector<Judged> parts);

// Sets counts and verdict from the findings.
void count_findings(Judgement& judgement);

// The rules about waivers, asked about the team's file once everything else is judged. `all_judged`: nothing was left
// out that a waiver might be about. Their findings have no item.
std::vector<Finding> judge_waiver_file(const PreparedPolicy& policy, const WaiverFile& waivers,
                                       const JudgeOptions& options, const std::set<size_t>& used, bool all_judged);

}  // namespace spiritsafe
