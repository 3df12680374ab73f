// SPDX-License-Identifier: Apache-2.0
// The one note of a policy that sums up the judgement: found by its marker and author, updated in place, untouched
// where it says the same, turned to "all clear" when there is nothing any more.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/gitlab/threads.h"

namespace spiritsafe::gitlab {

enum class NotePolicy : uint8_t { always, findings, never };

struct Note {
  std::string marker = {};  // the first line of the body
  std::string author = {};  // whose notes are ours
  std::string body = {};    // with the marker
  NotePolicy policy = NotePolicy::findings;
  bool has_findings = false;  // with `findings`: whether a note is made where there is none
};

// `report` is Markdown, already harmless; it is cut, with fences and folds closed. `threads` of `findings` are on
// lines.
std::string note_body(std::string_view marker, std::string_view report, size_t threads, size_t findings);

// The next request that brings the merge request from what it has to `wanted`; nothing where it is there. The oldest of
// several is kept.
std::optional<Request> next_request(const Job& job, const Note& wanted, const std::vector<KnownNote>& known);
// What is there when the request was done.
std::vector<KnownNote> after(const Job& job, const Request& request, const Note& wanted, std::vector<KnownNote> known,
                             uint64_t id);

}  // namespace spiritsafe::gitlab
