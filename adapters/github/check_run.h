// SPDX-License-Identifier: Apache-2.0
// The check run that a judgement comes to, and the requests that make GitHub have it: begun as in_progress, fed with
// annotations 50 at a time, completed last, so that what breaks off in between never looks like a result.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/github/annotations.h"
#include "adapters/github/event.h"
#include "adapters/http/message.h"
#include "engine/judge/finding.h"

namespace spiritsafe::github {

struct CheckRun {
  std::string repository = {};  // `owner/name`
  std::string name = {};
  std::string head_sha = {};
  std::string details_url = {};  // empty: none
  // Says what is in it, so that a run of the same content is known again, and a half made one is gone on with.
  std::string external_id = {};
  std::string_view conclusion = "success";  // success, neutral, failure, action_required
  std::string title = {};
  std::string summary = {};  // Markdown
  std::vector<Annotation> annotations = {};
};

struct CheckRunOptions {
  std::string name = "spiritsafe";
  std::string report = {};   // Markdown, already harmless; goes into the summary as far as there is room
  bool report_only = false;  // what would block becomes neutral
  AnnotationOptions annotations = {};
};

CheckRun make_check_run(const Judgement& judgement, const Context& context, const CheckRunOptions& options);

// What GitHub has: a row of GET /commits/{sha}/check-runs.
struct KnownRun {
  uint64_t id = 0;
  std::string name = {};
  std::string external_id = {};
  std::string status = {};  // queued, in_progress, completed
  std::string conclusion = {};
  size_t annotations = 0;
};

// The next request that brings GitHub from what it has to `wanted`; nothing where it is there. Only the newest of our
// runs of this name counts, as on GitHub's pages; what it has is gone on with where it is a beginning of `wanted`, and
// left where it is something else. Older ones that were never completed are cancelled last.
std::optional<Request> next_request(const CheckRun& wanted, const std::vector<KnownRun>& known);

// `known` after GitHub has taken the request; for `next_request` to go on without asking again. `id`: what GitHub
// called a run that was made.
std::vector<KnownRun> after(const Request& request, const CheckRun& wanted, std::vector<KnownRun> known, uint64_t id);

// The list that `known` is read from.
Request list_request(const CheckRun& wanted);
// Of all its pages. Nothing where a page is not what GitHub sends.
std::optional<std::vector<KnownRun>> read_known_runs(const std::vector<Response>& pages);
// Of the answer to the request that made it; nothing where there is none.
std::optional<uint64_t> read_id(const Response& response);

// All requests, the list's first, where GitHub has nothing yet; the id in paths is `{check_run_id}`.
std::vector<Request> plan(const CheckRun& wanted);

}  // namespace spiritsafe::github
