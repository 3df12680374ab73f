// SPDX-License-Identifier: Apache-2.0
#include "adapters/github/pull_request.h"

#include <fmt/format.h>

#include "adapters/github/answers.h"
#include "adapters/http/url.h"

namespace spiritsafe::github {
namespace {

using Json = nlohmann::json;

constexpr size_t most_labels = 1000;
constexpr size_t longest_body = 1u << 20;

}  // namespace

Request pull_request_request(const Context& context) {
  return {"GET",
          fmt::format("/repos/{}/pulls/{}", context.repository, show_number(context.number, "pull_number")),
          {},
          "",
          false};
}

Result<PullRequest> read_pull_request(const Send& send, const Context& context) {
  const Request request = pull_request_request(context);
  const Result<Response> response = send(request);
  if (!response) {
    return tl::unexpected(response.error());
  }
  if (!is_success(*response)) {
    return tl::unexpected(Errors{refusal_for(request, *response, "pull-requests: read")});
  }
  const Json json = Json::parse(response->body, nullptr, false);
  PullRequest pull;
  pull.author = text_at(json, {"user", "login"});
  pull.head_sha = text_at(json, {"head", "sha"});
  if (pull.author.empty() || !is_commit(pull.head_sha)) {
    return tl::unexpected(Errors{no_answer(request, "a pull request with its author and its head")});
  }
  pull.body = text_at(json, {"body"}).substr(0, longest_body);
  pull.head_branch = text_at(json, {"head", "ref"});
  pull.head_repository = text_at(json, {"head", "repo", "full_name"});
  pull.commits = number_at(json, {"commits"});
  for (const Json& label : value_at(json, {"labels"})) {
    if (std::string name = text_at(label, {"name"}); !name.empty() && pull.labels.size() < most_labels) {
      pull.labels.push_back(std::move(name));
    }
  }
  return pull;
}

Result<uint64_t> find_pull_request(const Send& send, const Context& context) {
  if (context.head_label.empty()) {
    return uint64_t{0};
  }
  const Request request{"GET",
                        fmt::format("/repos/{}/pulls?state=open&head={}&per_page=100", context.repository,
                                    percent_encoded(context.head_label)),
                        {},
                        "",
                        false};
  const Result<std::vector<Json>> rows = read_rows(send, request, "pull requests", "pull-requests: read");
  if (!rows) {
    return tl::unexpected(rows.error());
  }
  std::vector<uint64_t> found;
  for (const Json& row : *rows) {
    if (text_at(row, {"head", "sha"}) == context.head_sha && number_at(row, {"number"}) > 0) {
      found.push_back(number_at(row, {"number"}));
    }
  }
  return found.size() == 1 ? found.front() : 0;
}

}  // namespace spiritsafe::github
