// SPDX-License-Identifier: Apache-2.0
#include "adapters/github/comment.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "adapters/github/event.h"
#include "adapters/github/limits.h"
#include "adapters/http/url.h"

namespace spiritsafe::github {
namespace {

using Json = nlohmann::ordered_json;

std::string comments_path(const Comment& comment) {
  return fmt::format("/repos/{}/issues/{}/comments", comment.repository, show_number(comment.number, "pull_number"));
}

std::string comment_path(const Comment& comment, uint64_t id) {
  return fmt::format("/repos/{}/issues/comments/{}", comment.repository, id);
}

std::string body_of(const Comment& comment) {
  return Json{{"body", comment.body}}.dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool is_ours(const Comment& wanted, const KnownComment& known) {
  const bool by_us = wanted.author.empty() ? known.is_bot : known.author == wanted.author;
  return by_us && known.body.starts_with(wanted.marker);
}

std::vector<const KnownComment*> ours(const Comment& wanted, const std::vector<KnownComment>& known) {
  std::vector<const KnownComment*> found;
  for (const KnownComment& each : known) {
    if (is_ours(wanted, each)) {
      found.push_back(&each);
    }
  }
  std::ranges::sort(found, {}, &KnownComment::id);
  return found;
}

}  // namespace

std::string comment_body(std::string_view marker, std::string_view report) {
  return cut_markdown(fmt::format("{}\n{}", marker, report), comment_characters);
}

std::optional<Request> next_request(const Comment& wanted, const std::vector<KnownComment>& known) {
  const auto found = ours(wanted, known);
  const size_t kept = wanted.policy == CommentPolicy::never ? 0 : 1;
  if (found.empty()) {
    const bool asked =
        wanted.policy == CommentPolicy::always || (wanted.policy == CommentPolicy::findings && wanted.has_findings);
    return asked ? std::optional(Request{"POST", comments_path(wanted), {}, body_of(wanted), false}) : std::nullopt;
  }
  if (kept == 1 && folded(found.front()->body) != folded(wanted.body)) {
    return Request{"PATCH", comment_path(wanted, found.front()->id), {}, body_of(wanted), true};
  }
  if (found.size() > kept) {
    return Request{"DELETE", comment_path(wanted, found.back()->id), {}, "", true};
  }
  return std::nullopt;
}

std::vector<KnownComment> after(const Request& request, const Comment& wanted, std::vector<KnownComment> known,
                                uint64_t id) {
  if (request.method == "POST") {
    known.push_back({id, wanted.author, true, wanted.body});
    return known;
  }
  const auto at = std::ranges::find_if(
      known, [&](const KnownComment& each) { return request.url == comment_path(wanted, each.id); });
  if (at != known.end() && request.method == "DELETE") {
    known.erase(at);
  } else if (at != known.end()) {
    at->body = wanted.body;
  }
  return known;
}

Request list_request(const Comment& wanted) { return {"GET", comments_path(wanted) + "?per_page=100", {}, "", false}; }

std::optional<std::vector<KnownComment>> read_known_comments(const std::vector<Response>& pages) {
  std::vector<KnownComment> known;
  for (const Response& page : pages) {
    const Json json = Json::parse(page.body, nullptr, false);
    if (!json.is_array()) {
      return std::nullopt;
    }
    for (const Json& row : json) {
      if (!row.is_object() || !row.contains("id") || !row["id"].is_number_unsigned()) {
        return std::nullopt;
      }
      KnownComment comment;
      comment.id = row["id"].get<uint64_t>();
      if (row.contains("body") && row["body"].is_string()) {
        comment.body = row["body"].get<std::string>();
      }
      // The user of a deleted account is null.
      const Json user = row.contains("user") && row["user"].is_object() ? row["user"] : Json::object();
      if (user.contains("login") && user["login"].is_string()) {
        comment.author = user["login"].get<std::string>();
      }
      comment.is_bot = user.contains("type") && user["type"] == "Bot";
      known.push_back(std::move(comment));
    }
  }
  return known;
}

std::vector<Request> plan(const Comment& wanted) {
  std::vector<Request> requests = {list_request(wanted)};
  if (const auto request = next_request(wanted, {})) {
    requests.push_back(*request);
  }
  return requests;
}

}  // namespace spiritsafe::github
