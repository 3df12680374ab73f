// SPDX-License-Identifier: Apache-2.0
// What judging comes to: findings and a verdict. Reports and platforms read nothing else.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/policy/policy.h"

namespace spiritsafe {

enum class FindingState : uint8_t { open, waived, approved, baseline, undecided };
std::string_view name_of(FindingState state);

// A replacement of whole lines that mends the finding: for `fix` and for a review's suggestion.
struct Edit {
  Span span = {};  // bytes of the file that are replaced; begin == end: an insertion
  std::string text = {};
  bool safe = false;
};

// Whole lines that a reviewer can accept in place of lines [start_line, end_line]; end_line < start_line: before
// start_line.
struct Suggestion {
  uint32_t start_line = 0;
  uint32_t end_line = 0;
  std::string text = {};
  std::optional<std::string> next_line = {};  // of an insertion: the line that it stands before, where there is one
};

// Who can approve a finding, and how: one person of any of the groups is enough.
struct ApprovalNeed {
  std::vector<std::string> by = {};         // groups of `approvers:`; empty: anyone with write access but the authors
  std::vector<std::string> who = {};        // their members, as the policy writes them: `github:acme/dba`
  std::vector<std::string> via = {};        // `review`, `label`
  std::vector<std::string> set_aside = {};  // what was given and does not count, and why
  std::string digest = {};  // of the code that it would be bound to; empty where nothing can be bound to it
};

struct Finding {
  const Rule* rule = nullptr;
  Level level = Level::warn;  // the rule's, or an override's
  FindingState state = FindingState::open;
  Item item = {};                // what was judged
  const File* file = nullptr;    // nullptr: the project as a whole
  std::string path = {};         // of the file; empty for the project as a whole
  std::string source_line = {};  // the text of line begin.line, for an excerpt
  std::string project = {};
  std::string revision = {};
  Span span = {};
  Location begin = {};  // columns in characters; end is behind the last character
  Location end = {};
  std::string message = {};
  std::string instead = {};       // the safe way as code, where the rule has one and all names are known
  std::string fingerprint = {};   // 16 hex digits; unmoved by lines above, renamed files, layout
  std::string state_reason = {};  // waived: the waiver's reason; undecided: what could not be known; open: why still
  std::shared_ptr<const ApprovalNeed> approval = {};  // where it waits for one
  std::vector<Edit> edits = {};
  const File* edited = nullptr;               // the file that they mend; nullptr: the one that the finding stands in
  std::optional<Suggestion> suggestion = {};  // made of the edits by whoever still has the text
};

// Findings that stand, by level, with those that are undecided among them; `undecided` says how many those are, and
// counts each migration that could not be read, about which no rule says so itself, once.
struct Counts {
  int error = 0, approval = 0, warn = 0, advice = 0, waived = 0, approved = 0, baseline = 0, undecided = 0;
};

enum class Verdict : uint8_t { clean, blocked, approval, unusable };
std::string_view name_of(Verdict verdict);

struct MigrationSummary {
  std::string path = {};
  std::string revision = {};
  std::vector<std::string> parents = {};
  std::string message = {};
  std::vector<std::string> changes = {};  // `adds table user`; destructive ones first
  size_t destructive = 0;                 // how many of them are
};

struct Judgement {
  Verdict verdict = Verdict::clean;
  Counts counts = {};
  std::vector<Finding> findings = {};  // by path, line, column, rule
  std::vector<MigrationSummary> migrations = {};
  std::vector<std::string> notes = {};  // what the user should know about the judging itself, sorted
  std::set<size_t> used_waivers = {};   // of JudgeOptions::waivers, by position
  bool start_after_found = true;        // false: the policy's `start_after` names no revision of these projects
  std::vector<std::shared_ptr<const std::vector<Waiver>>> waivers =
      {};  // keeps alive what findings about waivers point to
};

}  // namespace spiritsafe
