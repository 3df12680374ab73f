// SPDX-License-Identifier: Apache-2.0
// Findings as threads on the lines of a merge request: each begun once, its words kept up to date, resolved when the
// finding is gone, opened again when it is back. Nothing is ever deleted: people may have answered.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "adapters/gitlab/diff.h"
#include "adapters/report/report.h"
#include "engine/judge/finding.h"

namespace spiritsafe::gitlab {

struct Thread {
  std::string key = {};   // a fingerprint; the same in the next run
  std::string body = {};  // Markdown, with a hidden mark at its begin
  nlohmann::ordered_json position = {};
};

struct Threads {
  std::string name = {};    // of the check: two policies side by side do not touch each other's
  std::string author = {};  // whose threads are ours
  std::vector<Thread> threads = {};
  std::set<std::string> standing = {};  // keys of all findings that stand, with those that have no thread
};

// What blocks first, at most `most`; the others have no line in the diff, or no room.
Threads make_threads(const Judgement& judgement, const Diff& diff, const std::string& name,
                     const ReportOptions& options, size_t most);

// What there is: discussions, and drafts of the token's own user, which nobody else sees.
struct KnownThread {
  std::string id = {};  // of the discussion
  uint64_t note = 0;    // its first note
  std::string author = {};
  std::string body = {};
  bool resolved = false;
  std::string resolved_by = {};
};
struct KnownNote {
  uint64_t id = 0;
  std::string author = {};
  std::string body = {};
};
struct KnownDraft {
  uint64_t id = 0;
  std::string body = {};
};
struct Discussions {
  std::vector<KnownThread> threads = {};
  std::vector<KnownNote> notes = {};  // that stand alone
};

Request discussions_request(const Job& job);
Request drafts_request(const Job& job);
Discussions discussions_of(const std::vector<nlohmann::json>& rows);
std::vector<KnownDraft> drafts_of(const std::vector<nlohmann::json>& rows);

// What brings those that are there into order, and which are missing.
struct ThreadChanges {
  std::vector<Request> requests = {};
  std::vector<Thread> missing = {};
};
ThreadChanges changes_for(const Job& job, const Threads& wanted, const Discussions& known);

Request start_thread(const Job& job, const Thread& thread);
Request draft_thread(const Job& job, const Thread& thread);
bool is_draft_of(const KnownDraft& draft, const Threads& wanted, const Thread& thread);
bool is_our_draft(const KnownDraft& draft, const Threads& wanted);

}  // namespace spiritsafe::gitlab
