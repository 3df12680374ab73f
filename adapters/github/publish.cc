// SPDX-License-Identifier: Apache-2.0
#include "adapters/github/publish.h"

#include <fmt/format.h>

#include "adapters/github/answers.h"
#include "adapters/http/client.h"

namespace spiritsafe::github {
namespace {

using Pause = std::function<void(std::chrono::seconds)>;

constexpr int most_losses = 3;
constexpr std::chrono::seconds settling_time{3};

// What is published, seen from here: next_request(), after() and list_request() of its header.
template <class Wanted, class Known>
struct Kind {
  std::string_view name;        // what the list is of, for errors
  std::string_view permission;  // what the workflow must ask for
  std::optional<std::vector<Known>> (*read)(const std::vector<Response>& pages);
};
constexpr Kind<CheckRun, KnownRun> check_runs = {"check runs", "checks: write", read_known_runs};
constexpr Kind<Comment, KnownComment> comments = {"comments", "pull-requests: write", read_known_comments};

template <class Wanted, class Known>
Result<std::vector<Known>> list_known(const Kind<Wanted, Known>& kind, const Send& send, const Wanted& wanted) {
  std::optional<Error> refused;
  const Send watched = [&](const Request& request) {
    Result<Response> response = send(request);
    if (response && !is_success(*response)) {
      refused = refusal_for(request, *response, kind.permission);
    }
    return response;
  };
  const Result<std::vector<Response>> pages = send_for_all_pages(watched, list_request(wanted));
  if (!pages) {
    return tl::unexpected(refused ? Errors{std::move(*refused)} : pages.error());
  }
  if (auto known = kind.read(*pages)) {
    return std::move(*known);
  }
  Error error;
  error.path = "GET " + pages->front().url;
  error.message = fmt::format("the answer is no list of {}", kind.name);
  error.hints = {"expected GitHub's own answer; look at GITHUB_API_URL"};
  return tl::unexpected(Errors{std::move(error)});
}

// Sends until all is there. The errors of a request whose effect is not known; or a refusal, which is final.
struct Progress {
  bool is_final = true;
  Errors errors = {};  // none: all is there
};

template <class Wanted, class Known>
Progress send_missing(const Kind<Wanted, Known>& kind, const Send& send, const Wanted& wanted,
                      std::vector<Known> known) {
  while (const std::optional<Request> request = next_request(wanted, known)) {
    const Result<Response> response = send(*request);
    if (!response) {
      return {false, response.error()};
    }
    // What is to be removed is gone already.
    const bool is_gone = request->method == "DELETE" && response->status == 404;
    if (!is_success(*response) && !is_gone) {
      return {response->status < 500, {refusal_for(*request, *response, kind.permission)}};
    }
    const std::optional<uint64_t> id = request->method == "DELETE" ? 0 : read_id(*response);
    if (!id) {
      Error error = refusal(*request, *response);
      error.hints = {"expected an answer with the id of what was made"};
      return {false, {std::move(error)}};
    }
    known = after(*request, wanted, std::move(known), *id);
  }
  return {};
}

template <class Wanted, class Known>
Result<void> publish(const Kind<Wanted, Known>& kind, const Send& send, const Wanted& wanted, const Pause& pause) {
  for (int losses = 0;; ++losses) {
    Result<std::vector<Known>> known = list_known(kind, send, wanted);
    if (!known) {
      return tl::unexpected(known.error());
    }
    Progress progress = send_missing(kind, send, wanted, std::move(*known));
    if (progress.errors.empty()) {
      return {};
    }
    if (progress.is_final || losses >= most_losses) {
      return tl::unexpected(std::move(progress.errors));
    }
    pause(settling_time);
  }
}

}  // namespace

Result<void> publish_check_run(const Send& send, const CheckRun& wanted, const Pause& pause) {
  return publish(check_runs, send, wanted, pause);
}

Result<void> publish_comment(const Send& send, const Comment& wanted, const Pause& pause) {
  return publish(comments, send, wanted, pause);
}

}  // namespace spiritsafe::github
