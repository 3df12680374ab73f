// SPDX-License-Identifier: Apache-2.0
#include "adapters/github/approvals.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "adapters/github/answers.h"
#include "adapters/http/url.h"
#include "engine/text/printable.h"

namespace spiritsafe::github {
namespace {

using Json = nlohmann::json;

constexpr std::string_view label_prefix = "label:";
constexpr std::string_view own_prefix = "github:";
// GitHub lists no more commits of a pull request.
constexpr size_t most_commits = 250;
// Each costs requests, and nobody needs so many.
constexpr size_t most_people = 50;
constexpr size_t most_teams = 20;

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

// With the time of each, as GitHub writes it: `2026-06-15T10:00:00Z`, so that texts compare as times do.
struct Dated {
  std::string time = {};
  Approval approval = {};
};

bool is_time(std::string_view text) {
  return text.size() == 20 && text[4] == '-' && text[10] == 'T' && text[19] == 'Z';
}

struct Reading {
  const Send& send;
  const Context& context;
  const PullRequest& pull;
  std::vector<std::string> notes = {};
};

Request list_of(const Reading& reading, std::string_view what) {
  return {"GET", fmt::format("/repos/{}/{}?per_page=100", reading.context.repository, what), {}, "", false};
}

void set_person(Approval& approval, const Json& user) {
  approval.user = text_at(user, {"login"});
  approval.bot = text_at(user, {"type"}) == "Bot" || approval.user.ends_with("[bot]");
}

// ---- reviews --------------------------------------------------------------------------------------------------------

std::optional<Approval::Answer> answer_of(std::string_view state) {
  if (state == "APPROVED") {
    return Approval::Answer::approved;
  }
  if (state == "CHANGES_REQUESTED") {
    return Approval::Answer::changes_requested;
  }
  return state == "DISMISSED" ? std::optional(Approval::Answer::dismissed) : std::nullopt;
}

Result<std::vector<Dated>> read_reviews(Reading& reading) {
  const Result<std::vector<Json>> rows =
      read_rows(reading.send, reviews_request(reading.context), "reviews", "pull-requests: read");
  if (!rows) {
    return tl::unexpected(rows.error());
  }
  std::vector<Dated> reviews;
  for (const Json& row : *rows) {
    const std::optional<Approval::Answer> answer = answer_of(text_at(row, {"state"}));
    Dated review{text_at(row, {"submitted_at"}), {}};
    set_person(review.approval, value_at(row, {"user"}));
    // A comment leaves an earlier answer as it is; of a deleted account nobody knows who it was.
    if (!answer || review.approval.user.empty()) {
      continue;
    }
    review.approval.answer = *answer;
    if (std::string commit = text_at(row, {"commit_id"}); is_commit(commit)) {
      review.approval.commit = std::move(commit);
    }
    reviews.push_back(std::move(review));
  }
  return reviews;
}

// ---- labels ---------------------------------------------------------------------------------------------------------

// The commits that the branch stood at, with the times of the pushes, newest first. This is what GitHub itself has
// seen: the times in commits are whatever their authors write.
Result<std::vector<std::pair<std::string, std::string>>> read_pushes(Reading& reading) {
  const PullRequest& pull = reading.pull;
  std::vector<std::pair<std::string, std::string>> pushes;
  if (!is_repository(pull.head_repository) || pull.head_branch.empty()) {
    return pushes;
  }
  const Request request{"GET",
                        fmt::format("/repos/{}/activity?ref={}&per_page=100", pull.head_repository,
                                    percent_encoded("refs/heads/" + pull.head_branch)),
                        {},
                        "",
                        false};
  const Result<std::vector<Json>> rows = read_rows(reading.send, request, "pushes", "contents: read");
  if (!rows) {
    return tl::unexpected(rows.error());
  }
  for (const Json& row : *rows) {
    const std::string time = text_at(row, {"timestamp"});
    if (is_time(time)) {
      pushes.emplace_back(time, text_at(row, {"after"}));
    }
  }
  std::ranges::stable_sort(pushes, std::greater<>(), &std::pair<std::string, std::string>::first);
  return pushes;
}

// What the branch stood at when the label was set; empty where nobody can tell.
std::string commit_at(const std::vector<std::pair<std::string, std::string>>& pushes, const std::string& time) {
  // In the same second the order is not known: what was there before is what was surely seen.
  const auto found = std::ranges::find_if(pushes, [&](const auto& push) { return push.first < time; });
  return found == pushes.end() || !is_commit(found->second) ? std::string() : found->second;
}

Result<std::vector<Dated>> read_labels(Reading& reading, const std::set<std::string>& asked) {
  std::map<std::string, Dated> set;
  std::set<std::string> present;
  for (const std::string& label : reading.pull.labels) {
    if (asked.contains(lower(label))) {
      present.insert(lower(label));
    }
  }
  if (present.empty()) {
    return std::vector<Dated>();
  }
  const Result<std::vector<Json>> rows =
      read_rows(reading.send, list_of(reading, fmt::format("issues/{}/events", reading.context.number)), "events",
                "issues: read");
  if (!rows) {
    return tl::unexpected(rows.error());
  }
  for (const Json& row : *rows) {
    const std::string name = text_at(row, {"label", "name"});
    if (text_at(row, {"event"}) != "labeled" || !present.contains(lower(name))) {
      continue;
    }
    Dated label{text_at(row, {"created_at"}), {}};
    label.approval.kind = Approval::Kind::label;
    label.approval.label = name;
    set_person(label.approval, value_at(row, {"actor"}));
    Dated& last = set[lower(name)];
    if (last.time <= label.time && is_time(label.time)) {
      last = std::move(label);  // who set it last
    }
  }
  std::vector<Dated> labels;
  std::string why = "the branch's pushes are not known";
  Result<std::vector<std::pair<std::string, std::string>>> pushes = read_pushes(reading);
  if (!pushes) {
    why = pushes.error().front().message;
  }
  for (auto& [name, label] : set) {
    const github::Labelled& now = reading.context.labelled;
    if (label.approval.user.empty()) {
      continue;
    }
    if (pushes) {
      label.approval.commit = commit_at(*pushes, label.time);
    }
    if (label.approval.commit.empty() && lower(now.label) == name && now.by == label.approval.user) {
      label.approval.commit = reading.context.head_sha;  // this very event
    }
    if (label.approval.commit.empty()) {
      reading.notes.push_back(fmt::format("the label {} cannot count: which commit it was set for is not known ({})",
                                          printable(label.approval.label), why));
    }
    labels.push_back(std::move(label));
  }
  return labels;
}

// ---- people ---------------------------------------------------------------------------------------------------------

// GitHub's own merge of the base into the branch, by the button of that name: who clicks it has written nothing.
bool is_update_of_branch(const Json& commit) {
  return text_at(commit, {"committer", "login"}) == "web-flow" &&
         value_at(commit, {"commit", "verification", "verified"}) == true && value_at(commit, {"parents"}).size() == 2;
}

// Who has commits in it. False: not all of them are known.
Result<bool> read_authors(Reading& reading, std::vector<std::string>& authors) {
  const Result<std::vector<Json>> rows =
      read_rows(reading.send, list_of(reading, fmt::format("pulls/{}/commits", reading.context.number)), "commits",
                "pull-requests: read");
  if (!rows) {
    return tl::unexpected(rows.error());
  }
  std::set<std::string> known(authors.begin(), authors.end());
  for (const Json& commit : *rows) {
    if (is_update_of_branch(commit)) {
      continue;
    }
    for (const char* role : {"author", "committer"}) {
      const std::string login = text_at(commit, {role, "login"});
      if (!login.empty() && login != "web-flow" && known.insert(login).second) {
        authors.push_back(login);
      }
    }
  }
  return rows->size() < most_commits || reading.pull.commits == rows->size();
}

// May they write to the repository? Nothing where the token may not ask.
std::optional<bool> ask_permission(Reading& reading, const std::string& user) {
  const Result<Response> response = reading.send(
      {"GET",
       fmt::format("/repos/{}/collaborators/{}/permission", reading.context.repository, percent_encoded(user)),
       {},
       "",
       false});
  if (!response || (!is_success(*response) && response->status != 404)) {
    return std::nullopt;
  }
  const std::string permission = text_at(Json::parse(response->body, nullptr, false), {"permission"});
  return permission == "admin" || permission == "write" || permission == "maintain";
}

// Of the groups that do not name the person.
std::vector<std::string> teams_to_ask(const std::vector<std::vector<std::string>>& groups, const std::string& user) {
  std::vector<std::string> teams;
  for (const std::vector<std::string>& members : groups) {
    const auto names_user = [&](const std::string& member) {
      return lower(member) == std::string(own_prefix) + lower(user);
    };
    if (std::ranges::any_of(members, names_user)) {
      continue;
    }
    for (const std::string& member : members) {
      const std::string name = member.starts_with(own_prefix) ? member.substr(own_prefix.size()) : std::string();
      if (is_repository(name) && teams.size() < most_teams && std::ranges::find(teams, name) == teams.end()) {
        teams.push_back(name);
      }
    }
  }
  return teams;
}

// `hidden`: the teams that the token may not see.
bool is_in_team(Reading& reading, const std::string& team, const std::string& user, std::set<std::string>& hidden) {
  if (hidden.contains(team)) {
    return false;
  }
  const size_t slash = team.find('/');
  const std::string path = fmt::format("/orgs/{}/teams/{}", team.substr(0, slash), team.substr(slash + 1));
  const auto get = [&](const std::string& url) { return reading.send({"GET", url, {}, "", false}); };
  const Result<Response> response = get(fmt::format("{}/memberships/{}", path, percent_encoded(user)));
  if (response && is_success(*response)) {
    return text_at(Json::parse(response->body, nullptr, false), {"state"}) == "active";
  }
  // 404 is for somebody else's team and for a team that may not be seen.
  if (response && response->status == 404) {
    if (const Result<Response> itself = get(path); itself && is_success(*itself)) {
      return false;
    }
  }
  hidden.insert(team);
  reading.notes.push_back(fmt::format(
      "the token may not read who is in {}: name the people under `approvers:`, or give a token with `members: read`",
      printable(shortened(team, 100))));
  return false;
}

// Only about those whose answer could count.
void ask_about_people(Reading& reading, std::vector<Dated>& given, const std::vector<std::string>& authors,
                      const std::vector<std::vector<std::string>>& groups) {
  std::map<std::string, std::pair<bool, std::vector<std::string>>> known;
  std::set<std::string> hidden;
  for (Dated& each : given) {
    Approval& approval = each.approval;
    const auto is_author = [&](const std::string& author) { return lower(author) == lower(approval.user); };
    if (approval.answer != Approval::Answer::approved || approval.bot || std::ranges::any_of(authors, is_author)) {
      continue;
    }
    auto found = known.find(approval.user);
    if (found == known.end() && known.size() < most_people) {
      const std::optional<bool> can_write = ask_permission(reading, approval.user);
      if (!can_write) {
        reading.notes.push_back(fmt::format("whether {} may write to the repository cannot be asked with this token",
                                            printable(shortened(approval.user, 100))));
      }
      found = known.emplace(approval.user, std::pair(can_write.value_or(false), std::vector<std::string>())).first;
      for (const std::string& team : teams_to_ask(groups, approval.user)) {
        if (is_in_team(reading, team, approval.user, hidden)) {
          found->second.second.push_back(team);
        }
      }
    }
    if (found != known.end()) {
      std::tie(approval.can_write, approval.teams) = found->second;
    }
  }
}

}  // namespace

Request reviews_request(const Context& context) {
  return {"GET",
          fmt::format("/repos/{}/pulls/{}/reviews?per_page=100", context.repository,
                      show_number(context.number, "pull_number")),
          {},
          "",
          false};
}

Result<GivenApprovals> read_approvals(const Send& send, const Context& context, const PullRequest& pull,
                                      const std::vector<std::vector<std::string>>& groups) {
  Reading reading{send, context, pull};
  GivenApprovals given;
  given.approvals.platform = "github";
  given.approvals.authors = {pull.author};
  given.approvals.head = context.event == "merge_group" ? pull.head_sha : context.head_sha;
  Result<std::vector<Dated>> all = read_reviews(reading);
  if (!all) {
    return tl::unexpected(all.error());
  }
  std::set<std::string> asked;
  for (const std::vector<std::string>& members : groups) {
    for (const std::string& member : members) {
      if (member.starts_with(label_prefix)) {
        asked.insert(lower(member.substr(label_prefix.size())));
      }
    }
  }
  Result<std::vector<Dated>> labels = read_labels(reading, asked);
  if (!labels) {
    return tl::unexpected(labels.error());
  }
  std::ranges::move(*labels, std::back_inserter(*all));
  std::ranges::stable_sort(*all, {}, &Dated::time);
  const bool any =
      std::ranges::any_of(*all, [](const Dated& each) { return each.approval.answer == Approval::Answer::approved; });
  if (any) {
    const Result<bool> complete = read_authors(reading, given.approvals.authors);
    if (!complete) {
      return tl::unexpected(complete.error());
    }
    if (!*complete) {
      reading.notes.push_back(
          fmt::format("GitHub lists {} commits of this pull request, and it has more: who has commits in it may not "
                      "approve it, and "
                      "that cannot be told of all, so no approval counts",
                      most_commits));
      all->clear();
    }
    ask_about_people(reading, *all, given.approvals.authors, groups);
  }
  for (Dated& each : *all) {
    given.approvals.given.push_back(std::move(each.approval));
  }
  given.notes = std::move(reading.notes);
  return given;
}

}  // namespace spiritsafe::github
