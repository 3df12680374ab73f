// SPDX-License-Identifier: Apache-2.0
// Makes a merge request have what is wanted, whatever gets lost on the way.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "adapters/gitlab/note.h"
#include "adapters/gitlab/threads.h"

namespace spiritsafe::gitlab {

struct Status {
  std::string name = {};
  std::string state = {};  // `success`, `failed`
  std::string description = {};
};

struct PublishOptions {
  std::string name = "spiritsafe";  // tells two policies apart
  NotePolicy comment = NotePolicy::findings;
  size_t most_threads = 50;
  bool report_only = false;
};

struct Published {
  size_t threads = 0;  // findings that are threads now
  size_t findings = 0;
  size_t refused = 0;  // GitLab knows no such line in its diff; they are in the note
};

using Pause = std::function<void(std::chrono::seconds)>;

// Threads first, then the note, which says how many there are. An error where GitLab refuses, or where too much gets
// lost; running again goes on from there. `author` is the token's user.
Result<Published> publish(const Send& send, const Job& job, const std::string& author, const Judgement& judgement,
                          const ReportOptions& report, const PublishOptions& options, const Pause& pause);

// Whether it is there now; not where the token may not write statuses, which is no error.
bool publish_status(const Send& send, const Job& job, const Status& status);
Status status_of(const Judgement& judgement, const PublishOptions& options);

// All requests, where GitLab has nothing yet and the diff shows each line.
std::vector<Request> plan(const Job& job, const Judgement& judgement, const ReportOptions& report,
                          const PublishOptions& options);

}  // namespace spiritsafe::gitlab
