// SPDX-License-Identifier: Apache-2.0
#include "adapters/github/suggestions.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "adapters/github/answers.h"
#include "adapters/github/limits.h"
#include "adapters/http/client.h"
#include "adapters/http/url.h"
#include "adapters/report/neutral.h"
#include "adapters/report/severity.h"
#include "engine/text/printable.h"

namespace spiritsafe::github {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t most_fixes = 30;
constexpr size_t longest_message = 1'000;  // characters
constexpr size_t largest_fix = 20'000;     // bytes
constexpr int most_losses = 3;
constexpr std::chrono::seconds settling_time{3};

// ---- from findings to fixes -----------------------------------------------------------------------------------------

std::string mark_begin(const std::string& name) {
  return fmt::format("<!-- spiritsafe {} fix ", percent_encoded(name));
}

// The text has to be the file's own to the letter, so what a reader could take for something else is not offered.
bool is_plain(std::string_view text) {
  std::string without_tabs(text);
  std::erase(without_tabs, '\t');
  return text.size() <= largest_fix && printable(without_tabs, true) == without_tabs;
}

// What is put between two lines stands in place of the second, with it behind.
std::optional<SuggestedFix> fix_of(const Finding& finding, const ReportOptions& options) {
  if (!finding.suggestion || finding.path.empty()) {
    return std::nullopt;
  }
  const Suggestion& suggestion = *finding.suggestion;
  SuggestedFix fix;
  fix.path = place_of(finding, options);
  fix.start_line = suggestion.start_line;
  fix.end_line = std::max(suggestion.start_line, suggestion.end_line);
  std::string text = suggestion.text;
  if (suggestion.end_line < suggestion.start_line) {
    if (!suggestion.next_line) {
      return std::nullopt;
    }
    text += (text.empty() ? "" : "\n") + *suggestion.next_line;
  }
  for (uint32_t line = fix.start_line; line <= fix.end_line; ++line) {
    if (!options.in_diff || !options.in_diff(finding.path, line)) {
      return std::nullopt;
    }
  }
  if (!is_plain(text) || valid_utf8(fix.path) != fix.path) {
    return std::nullopt;
  }
  fix.body = fenced("suggestion", text);
  return fix;
}

std::string words_of(const Finding& finding) {
  return fmt::format("**{}** · {}: {}\n\n", name_of(finding.level), markdown_code(finding.rule->id),
                     markdown_prose(cut_to_characters(printable(finding.message), longest_message)));
}

// ---- requests -------------------------------------------------------------------------------------------------------

std::string text_of(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

std::string comments_path(const Suggestions& wanted) {
  return fmt::format("/repos/{}/pulls/{}/comments", wanted.repository, show_number(wanted.number, "pull_number"));
}

std::string comment_path(const Suggestions& wanted, uint64_t id) {
  return fmt::format("/repos/{}/pulls/comments/{}", wanted.repository, id);
}

Json comment_of(const SuggestedFix& fix) {
  Json json = {{"path", fix.path}, {"line", fix.end_line}, {"side", "RIGHT"}, {"body", fix.body}};
  if (fix.start_line < fix.end_line) {
    json["start_line"] = fix.start_line;
    json["start_side"] = "RIGHT";
  }
  return json;
}

Request make_one(const Suggestions& wanted, const SuggestedFix& fix) {
  Json body = comment_of(fix);
  body["commit_id"] = wanted.head_sha;
  return {"POST", comments_path(wanted), {}, text_of(body), false};
}

Request make_all(const Suggestions& wanted, const std::vector<SuggestedFix>& fixes) {
  Json comments = Json::array();
  for (const SuggestedFix& fix : fixes) {
    comments.push_back(comment_of(fix));
  }
  const Json body = {{"commit_id", wanted.head_sha},
                     {"event", "COMMENT"},
                     {"body", fmt::format("{} fixes that can be accepted one by one.", fixes.size())},
                     {"comments", std::move(comments)}};
  return {"POST",
          fmt::format("/repos/{}/pulls/{}/reviews", wanted.repository, show_number(wanted.number, "pull_number")),
          {},
          text_of(body),
          false};
}

// ---- what is there --------------------------------------------------------------------------------------------------

bool is_ours(const Suggestions& wanted, const KnownFix& known) {
  const bool by_us = wanted.author.empty() ? known.is_bot : known.author == wanted.author;
  return by_us && known.reply_to == 0 && known.body.starts_with(mark_begin(wanted.name));
}

bool is_at(const SuggestedFix& fix, const KnownFix& known) {
  return known.path == fix.path && known.start_line == fix.start_line && known.end_line == fix.end_line;
}

// What somebody has answered to is not taken away from under them.
Request retire(const Suggestions& wanted, const KnownFix& old, bool answered) {
  const std::string path = comment_path(wanted, old.id);
  if (!answered) {
    return {"DELETE", path, {}, "", true};
  }
  const std::string body =
      fmt::format("<!-- spiritsafe {} done -->\nThis is not suggested any more.", percent_encoded(wanted.name));
  return {"PATCH", path, {}, text_of(Json{{"body", body}}), true};
}

constexpr std::string_view permission = "pull-requests: write";

Result<std::vector<KnownFix>> list_known(const Send& send, const Suggestions& wanted) {
  const Result<std::vector<Response>> pages = send_for_all_pages(send, list_request(wanted));
  if (!pages) {
    return tl::unexpected(pages.error());
  }
  if (auto known = read_known_fixes(*pages)) {
    return std::move(*known);
  }
  return tl::unexpected(Errors{no_answer(list_request(wanted), "a list of review comments")});
}

// How far one round came.
struct Round {
  bool is_lost = false;  // it is not known whether the last request had its effect: ask again what is there
  Errors errors = {};
};

// Whether it is done; where a new one is answered with 422, `refused` says so.
Round send_one(const Send& send, const Request& request, bool& refused) {
  const Result<Response> response = send(request);
  if (!response) {
    return {true, response.error()};
  }
  refused = response->status == 422 && request.method == "POST";
  const bool is_gone = response->status == 404 && request.method != "POST";
  if (is_success(*response) || refused || is_gone) {
    return {};
  }
  return {response->status >= 500, {refusal_for(request, *response, permission)}};
}

Round send_changes(const Send& send, const Suggestions& wanted, FixChanges changes, PublishedFixes& published) {
  bool refused = false;
  for (const Request& request : changes.requests) {
    if (Round round = send_one(send, request, refused); !round.errors.empty()) {
      return round;
    }
  }
  published.refused = 0;
  if (changes.missing.size() > 1) {
    if (Round round = send_one(send, make_all(wanted, changes.missing), refused); !round.errors.empty()) {
      return round;
    }
    if (!refused) {
      published.made += changes.missing.size();
      return {};
    }
  }
  for (const SuggestedFix& fix : changes.missing) {
    if (Round round = send_one(send, make_one(wanted, fix), refused); !round.errors.empty()) {
      return round;
    }
    (refused ? published.refused : published.made) += 1;
  }
  return {};
}

}  // namespace

Suggestions make_suggestions(const Judgement& judgement, const Context& context, const std::string& name,
                             const ReportOptions& options) {
  Suggestions suggestions;
  suggestions.repository = context.repository;
  suggestions.number = context.number;
  suggestions.head_sha = context.head_sha;
  suggestions.name = name;
  // Several findings may be mended by the same lines; then there is one comment, with all their words.
  std::map<std::string, size_t> places;
  std::vector<std::string> words;
  for (const Finding* finding : by_importance(judgement, options)) {
    suggestions.of += finding->suggestion.has_value();
    std::optional<SuggestedFix> fix = fix_of(*finding, options);
    if (!fix) {
      continue;
    }
    const std::string place = fmt::format("{}:{}:{}:{}", fix->path, fix->start_line, fix->end_line, fix->body);
    if (const auto found = places.find(place); found != places.end()) {
      std::string& said = words[found->second];
      const std::string more = words_of(*finding);
      if (said.find(more) == std::string::npos && said.size() < largest_fix) {
        said += more;
      }
      --suggestions.of;
    } else if (suggestions.fixes.size() < most_fixes) {
      places.emplace(place, suggestions.fixes.size());
      words.push_back(words_of(*finding));
      fix->key = finding->fingerprint;
      suggestions.fixes.push_back(std::move(*fix));
    }
  }
  for (size_t i = 0; i < words.size(); ++i) {
    SuggestedFix& fix = suggestions.fixes[i];
    fix.body = fmt::format("{}{} -->\n{}{}", mark_begin(name), percent_encoded(fix.key), words[i], fix.body);
  }
  return suggestions;
}

Request list_request(const Suggestions& wanted) {
  return {"GET", comments_path(wanted) + "?per_page=100", {}, "", false};
}

std::optional<std::vector<KnownFix>> read_known_fixes(const std::vector<Response>& pages) {
  std::vector<KnownFix> known;
  for (const Response& page : pages) {
    const nlohmann::json json = nlohmann::json::parse(page.body, nullptr, false);
    if (!json.is_array()) {
      return std::nullopt;
    }
    for (const nlohmann::json& row : json) {
      KnownFix fix;
      fix.id = number_at(row, {"id"});
      if (fix.id == 0) {
        return std::nullopt;
      }
      fix.author = text_at(row, {"user", "login"});
      fix.is_bot = text_at(row, {"user", "type"}) == "Bot";
      fix.path = text_at(row, {"path"});
      fix.body = text_at(row, {"body"});
      fix.reply_to = number_at(row, {"in_reply_to_id"});
      fix.end_line = static_cast<uint32_t>(number_at(row, {"line"}));
      const uint64_t start = number_at(row, {"start_line"});
      fix.start_line = start > 0 ? static_cast<uint32_t>(start) : fix.end_line;
      known.push_back(std::move(fix));
    }
  }
  return known;
}

FixChanges changes_for(const Suggestions& wanted, const std::vector<KnownFix>& known) {
  FixChanges changes;
  std::vector<bool> is_there(wanted.fixes.size(), false);
  for (const KnownFix& old : known) {
    if (!is_ours(wanted, old)) {
      continue;
    }
    const auto is_it = [&](const SuggestedFix& fix) {
      const bool same_key = old.body.starts_with(mark_begin(wanted.name) + percent_encoded(fix.key) + " -->");
      return same_key && is_at(fix, old) && !is_there[static_cast<size_t>(&fix - wanted.fixes.data())];
    };
    const auto fix = std::ranges::find_if(wanted.fixes, is_it);
    if (fix == wanted.fixes.end()) {
      const bool answered = std::ranges::any_of(known, [&](const KnownFix& each) { return each.reply_to == old.id; });
      changes.requests.push_back(retire(wanted, old, answered));
      continue;
    }
    is_there[static_cast<size_t>(fix - wanted.fixes.begin())] = true;
    if (folded(old.body) != folded(fix->body)) {
      changes.requests.push_back({"PATCH", comment_path(wanted, old.id), {}, text_of(Json{{"body", fix->body}}), true});
    }
  }
  for (size_t i = 0; i < wanted.fixes.size(); ++i) {
    if (!is_there[i]) {
      changes.missing.push_back(wanted.fixes[i]);
    }
  }
  return changes;
}

std::vector<Request> plan(const Suggestions& wanted) {
  std::vector<Request> requests = {list_request(wanted)};
  if (wanted.fixes.size() == 1) {
    requests.push_back(make_one(wanted, wanted.fixes.front()));
  } else if (!wanted.fixes.empty()) {
    requests.push_back(make_all(wanted, wanted.fixes));
  }
  return requests;
}

Result<PublishedFixes> publish_suggestions(const Send& send, const Suggestions& wanted,
                                           const std::function<void(std::chrono::seconds)>& pause) {
  PublishedFixes published;
  for (int losses = 0;; ++losses) {
    Result<std::vector<KnownFix>> known = list_known(send, wanted);
    if (!known) {
      return tl::unexpected(known.error());
    }
    Round round = send_changes(send, wanted, changes_for(wanted, *known), published);
    if (round.errors.empty()) {
      return published;
    }
    if (!round.is_lost || losses >= most_losses) {
      return tl::unexpected(std::move(round.errors));
    }
    pause(settling_time);
  }
}

}  // namespace spiritsafe::github
