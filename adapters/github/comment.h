// SPDX-License-Identifier: Apache-2.0
// The one comment of a policy on a pull request: found by a hidden marker and its author, updated in place, untouched
// where it says the same, turned to "all clear" when there is nothing any more.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/http/message.h"

namespace spiritsafe::github {

enum class CommentPolicy : uint8_t { always, findings, never };

struct Comment {
  std::string repository = {};  // `owner/name`
  uint64_t number = 0;          // of the pull request
  std::string marker = {};      // marker_of(); the first line of the body
  std::string body = {};        // with the marker
  CommentPolicy policy = CommentPolicy::findings;
  bool has_findings = false;  // with `findings`: whether a comment is made where there is none
  // Whose comments are ours; the token's own user. Empty: those of any bot.
  std::string author = "github-actions[bot]";
};

// `report` is Markdown, already harmless; it is cut to what GitHub takes, with fences and folds closed.
std::string comment_body(std::string_view marker, std::string_view report);

struct KnownComment {
  uint64_t id = 0;
  std::string author = {};
  bool is_bot = false;
  std::string body = {};
};

// The next request that brings the pull request from what it has to `wanted`; nothing where it is there. The oldest of
// several is kept, so that links to it stay. A comment of somebody else that holds the marker is not touched.
std::optional<Request> next_request(const Comment& wanted, const std::vector<KnownComment>& known);
std::vector<KnownComment> after(const Request& request, const Comment& wanted, std::vector<KnownComment> known,
                                uint64_t id);

Request list_request(const Comment& wanted);
// Of all pages; nothing where one is not what GitHub sends.
std::optional<std::vector<KnownComment>> read_known_comments(const std::vector<Response>& pages);

// All requests, the list's first, where there is no comment yet.
std::vector<Request> plan(const Comment& wanted);

}  // namespace spiritsafe::github
