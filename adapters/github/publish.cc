// SPDX-License-Identifier: Apache-2.0
#include "adapters/github/publish.h"

#include "adapters/http/client.h"

namespace spiritsafe::github {
namespace {

constexpr int most_losses = 3;
constexpr std::chrono::seconds settling_time{3};

Result<std::vector<KnownRun>> list_known_runs(const Send& send, const CheckRun& wanted) {
  const Request request = list_request(wanted);
  const Result<std::vector<Response>> pages = send_for_all_pages(send, request);
  if (!pages) {
    return tl::unexpected(pages.error());
  }
  if (auto known = read_known_runs(*pages)) {
    return std::move(*known);
  }
  Error error;
  error.path = "GET " + pages->front().url;
  error.message = "the answer is no list of check runs";
  error.hints = {"expected GitHub's own answer; look at GITHUB_API_URL"};
  return tl::unexpected(Errors{std::move(error)});
}

// Sends until all is there. The errors of a request whose effect is not known; or a refusal, which is final.
struct Progress {
  bool is_final = true;
  Errors errors = {};  // none: all is there
};

Progress send_missing(const Send& send, const CheckRun& wanted, std::vector<KnownRun> known) {
  while (const auto request = next_request(wanted, known)) {
    const Result<Response> response = send(*request);
    if (!response) {
      return {false, response.error()};
    }
    if (!is_success(*response)) {
      return {response->status < 500, {refusal(*request, *response)}};
    }
    const auto id = read_run_id(*response);
    if (!id) {
      Error error = refusal(*request, *response);
      error.message += " (expected the check run with its id)";
      return {false, {std::move(error)}};
    }
    known = after(*request, wanted, std::move(known), *id);
  }
  return {};
}

}  // namespace

Result<void> publish_check_run(const Send& send, const CheckRun& wanted,
                               const std::function<void(std::chrono::seconds)>& pause) {
  for (int losses = 0;; ++losses) {
    Result<std::vector<KnownRun>> known = list_known_runs(send, wanted);
    if (!known) {
      return tl::unexpected(known.error());
    }
    Progress progress = send_missing(send, wanted, std::move(*known));
    if (progress.errors.empty()) {
      return {};
    }
    if (progress.is_final || losses >= most_losses) {
      return tl::unexpected(std::move(progress.errors));
    }
    pause(settling_time);
  }
}

}  // namespace spiritsafe::github
