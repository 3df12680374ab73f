// SPDX-License-Identifier: Apache-2.0
#include "adapters/gitlab/approvals.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "adapters/gitlab/session.h"
#include "adapters/http/client.h"
#include "adapters/http/url.h"
#include "adapters/platform/answers.h"
#include "engine/text/printable.h"

namespace spiritsafe::gitlab {
namespace {

using Json = nlohmann::json;

constexpr std::string_view label_prefix = "label:";
constexpr std::string_view own_prefix = "gitlab:";
constexpr std::string_view approval_words = "approved this merge request";
constexpr std::string_view unapproval_words = "unapproved this merge request";
// The roles that may push: 30 is Developer.
constexpr uint64_t developer = 30;
// Each costs requests, and nobody needs so many.
constexpr size_t most_people = 50;
constexpr size_t most_groups = 20;

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

// Times of one GitLab have one form, `2026-06-15T10:00:00.123Z`, so that texts compare as times do.
bool is_time(std::string_view text) {
  return text.size() >= 20 && text[4] == '-' && text[10] == 'T' && text.ends_with('Z');
}

struct Dated {
  std::string time = {};
  Approval approval = {};
  uint64_t user = 0;
  std::string name = {};  // of the person, as they write it
};

struct Reading {
  const Send& send;
  const Job& job;
  std::vector<Version> versions = {};
  std::vector<std::string> notes = {};
};

Result<std::vector<Json>> rows_of(const Reading& reading, std::string_view rest, std::string_view what) {
  const Request request{"GET", request_path(reading.job, rest), {}, "", false};
  return read_rows(reading.send, request, refusal_for,
                   [&] { return no_answer(request, fmt::format("a list of {}", what)); });
}

// The answer's JSON; null where it is no success.
Json get(const Reading& reading, const std::string& url) {
  const Result<Response> response = reading.send({"GET", url, {}, "", false});
  return response && is_success(*response) ? Json::parse(response->body, nullptr, false) : Json();
}

// What GitLab had at that time; empty where nobody can tell.
std::string commit_at(const Reading& reading, const std::string& time) {
  const auto found = std::ranges::find_if(reading.versions, [&](const Version& version) {
    return is_time(version.created_at) && version.created_at < time;
  });
  return is_time(time) && found != reading.versions.end() && is_commit(found->head_sha) ? found->head_sha
                                                                                        : std::string();
}

Dated dated_by(const Json& user) {
  Dated dated;
  dated.approval.user = text_at(user, {"username"});
  dated.user = number_at(user, {"id"});
  dated.name = text_at(user, {"name"});
  // How GitLab names the users of access tokens.
  dated.approval.bot = dated.approval.user.find("_bot_") != std::string::npos || dated.approval.user.ends_with("_bot");
  return dated;
}

// ---- approvals ------------------------------------------------------------------------------------------------------

// When each person approved last, by GitLab's own notes.
Result<std::map<std::string, std::string>> read_times(const Reading& reading) {
  const Result<std::vector<Json>> rows = rows_of(reading, "notes?per_page=100&sort=asc&order_by=created_at", "notes");
  if (!rows) {
    return tl::unexpected(rows.error());
  }
  std::map<std::string, std::string> times;
  for (const Json& row : *rows) {
    const std::string body = text_at(row, {"body"});
    const std::string user = text_at(row, {"author", "username"});
    if (value_at(row, {"system"}) != true) {
      continue;  // anybody can write these words
    }
    if (body == unapproval_words) {
      times.erase(user);
    } else if (body == approval_words) {
      times[user] = text_at(row, {"created_at"});
    }
  }
  return times;
}

Result<std::vector<Dated>> read_approved(Reading& reading) {
  const Request request = approvals_request(reading.job);
  const Result<Response> response = reading.send(request);
  if (!response) {
    return tl::unexpected(response.error());
  }
  if (!is_success(*response)) {
    return tl::unexpected(Errors{refusal_for(request, *response)});
  }
  const Json json = Json::parse(response->body, nullptr, false);
  const Json& people = value_at(json, {"approved_by"});
  if (!people.is_array()) {
    return tl::unexpected(Errors{no_answer(request, "the approvals of a merge request")});
  }
  std::vector<Dated> approved;
  if (people.empty()) {
    return approved;
  }
  const Result<std::map<std::string, std::string>> times = read_times(reading);
  if (!times) {
    return tl::unexpected(times.error());
  }
  for (const Json& row : people) {
    Dated review = dated_by(value_at(row, {"user"}));
    if (review.approval.user.empty()) {
      continue;
    }
    const auto time = times->find(review.approval.user);
    review.time = time == times->end() ? std::string() : time->second;
    review.approval.commit = commit_at(reading, review.time);
    if (review.approval.commit.empty()) {
      reading.notes.push_back(fmt::format("the approval of {} cannot count: which commit it was given for is not known",
                                          printable(review.approval.user)));
    }
    approved.push_back(std::move(review));
  }
  return approved;
}

// ---- labels ---------------------------------------------------------------------------------------------------------

std::set<std::string> labels_in(const std::vector<std::vector<std::string>>& groups) {
  std::set<std::string> labels;
  for (const std::vector<std::string>& members : groups) {
    for (const std::string& member : members) {
      if (member.starts_with(label_prefix)) {
        labels.insert(lower(member.substr(label_prefix.size())));
      }
    }
  }
  return labels;
}

Result<std::vector<Dated>> read_labels(Reading& reading, const MergeRequest& request,
                                       const std::set<std::string>& asked) {
  std::set<std::string> present;
  for (const std::string& label : request.labels) {
    if (asked.contains(lower(label))) {
      present.insert(lower(label));
    }
  }
  std::vector<Dated> labels;
  if (present.empty()) {
    return labels;
  }
  const Result<std::vector<Json>> rows = rows_of(reading, "resource_label_events?per_page=100", "label events");
  if (!rows) {
    return tl::unexpected(rows.error());
  }
  std::map<std::string, Dated> last;  // who set it last
  for (const Json& row : *rows) {
    const std::string name = text_at(row, {"label", "name"});
    if (text_at(row, {"action"}) != "add" || !present.contains(lower(name))) {
      continue;
    }
    Dated label = dated_by(value_at(row, {"user"}));
    label.time = text_at(row, {"created_at"});
    label.approval.kind = Approval::Kind::label;
    label.approval.label = name;
    label.approval.commit = commit_at(reading, label.time);
    Dated& known = last[lower(name)];
    if (!label.approval.user.empty() && known.time <= label.time) {
      known = std::move(label);
    }
  }
  for (auto& [name, label] : last) {
    if (label.approval.user.empty()) {
      continue;
    }
    if (label.approval.commit.empty()) {
      reading.notes.push_back(fmt::format("the label {} cannot count: which commit it was set for is not known",
                                          printable(label.approval.label)));
    }
    labels.push_back(std::move(label));
  }
  return labels;
}

// ---- people ---------------------------------------------------------------------------------------------------------

// Names in the commits. GitLab does not say whose accounts these are, so who bears such a name counts as an author.
Result<std::set<std::string>> read_author_names(const Reading& reading) {
  const Result<std::vector<Json>> rows = rows_of(reading, "commits?per_page=100", "commits");
  if (!rows) {
    return tl::unexpected(rows.error());
  }
  std::set<std::string> names;
  for (const Json& row : *rows) {
    for (const char* role : {"author_name", "committer_name"}) {
      names.insert(lower(text_at(row, {role})));
    }
  }
  names.erase("");
  return names;
}

// Of the groups that do not name the person.
std::vector<std::string> groups_to_ask(const std::vector<std::vector<std::string>>& groups, const std::string& user) {
  std::vector<std::string> asked;
  for (const std::vector<std::string>& members : groups) {
    const auto names_user = [&](const std::string& member) {
      return lower(member) == std::string(own_prefix) + lower(user);
    };
    if (std::ranges::any_of(members, names_user)) {
      continue;
    }
    for (const std::string& member : members) {
      const std::string name = member.starts_with(own_prefix) ? member.substr(own_prefix.size()) : std::string();
      if (name.find('/') != std::string::npos && asked.size() < most_groups &&
          std::ranges::find(asked, name) == asked.end()) {
        asked.push_back(name);
      }
    }
  }
  return asked;
}

// Only about those whose answer could count.
void ask_about_people(Reading& reading, std::vector<Dated>& given, std::vector<std::string>& authors,
                      const std::set<std::string>& author_names, const std::vector<std::vector<std::string>>& groups) {
  std::set<std::string> hidden;
  size_t asked = 0;
  for (Dated& each : given) {
    Approval& approval = each.approval;
    if (author_names.contains(lower(each.name)) && std::ranges::find(authors, approval.user) == authors.end()) {
      authors.push_back(approval.user);
    }
    const bool is_author = std::ranges::find(authors, approval.user) != authors.end();
    if (approval.bot || is_author || each.user == 0 || ++asked > most_people) {
      continue;
    }
    const Json user = get(reading, fmt::format("/users/{}", each.user));
    approval.bot = value_at(user, {"bot"}) == true;
    const Json member = get(reading, fmt::format("/projects/{}/members/all/{}", reading.job.project, each.user));
    approval.can_write = number_at(member, {"access_level"}) >= developer;
    for (const std::string& group : groups_to_ask(groups, approval.user)) {
      const std::string path = "/groups/" + percent_encoded(group);
      if (number_at(get(reading, fmt::format("{}/members/all/{}", path, each.user)), {"id"}) == each.user) {
        approval.teams.push_back(group);
      } else if (get(reading, path + "/members/all?per_page=1").is_null() && hidden.insert(group).second) {
        reading.notes.push_back(fmt::format(
            "the token may not read who is in {}: name the people under `approvers:`, or give a token of that group",
            printable(shortened(group, 100))));
      }
    }
  }
}

}  // namespace

Request merge_request_request(const Job& job) { return {"GET", request_path(job, ""), {}, "", false}; }

Request approvals_request(const Job& job) { return {"GET", request_path(job, "approvals"), {}, "", false}; }

Result<MergeRequest> read_merge_request(const Send& send, const Job& job) {
  const Request request = merge_request_request(job);
  const Result<Response> response = send(request);
  if (!response) {
    return tl::unexpected(response.error());
  }
  if (!is_success(*response)) {
    return tl::unexpected(Errors{refusal_for(request, *response)});
  }
  const Json json = Json::parse(response->body, nullptr, false);
  MergeRequest read{text_at(json, {"author", "username"}), text_at(json, {"description"}), {}};
  if (read.author.empty()) {
    return tl::unexpected(Errors{no_answer(request, "a merge request with its author")});
  }
  for (const Json& label : value_at(json, {"labels"})) {
    if (label.is_string()) {
      read.labels.push_back(label.get<std::string>());
    }
  }
  return read;
}

Result<GivenApprovals> read_approvals(const Send& send, const Job& job, const MergeRequest& request,
                                      const std::vector<std::vector<std::string>>& groups) {
  Reading reading{send, job};
  GivenApprovals given;
  given.approvals.platform = "gitlab";
  given.approvals.authors = {request.author};
  given.approvals.head = job.head_sha;
  Result<std::vector<Version>> versions = read_versions(send, job);
  if (!versions) {
    return tl::unexpected(versions.error());
  }
  reading.versions = std::move(*versions);
  Result<std::vector<Dated>> all = read_approved(reading);
  if (!all) {
    return tl::unexpected(all.error());
  }
  Result<std::vector<Dated>> labels = read_labels(reading, request, labels_in(groups));
  if (!labels) {
    return tl::unexpected(labels.error());
  }
  std::ranges::move(*labels, std::back_inserter(*all));
  std::ranges::stable_sort(*all, {}, &Dated::time);
  if (!all->empty()) {
    const Result<std::set<std::string>> names = read_author_names(reading);
    if (!names) {
      return tl::unexpected(names.error());
    }
    ask_about_people(reading, *all, given.approvals.authors, *names, groups);
  }
  for (Dated& each : *all) {
    given.approvals.given.push_back(std::move(each.approval));
  }
  given.notes = std::move(reading.notes);
  return given;
}

}  // namespace spiritsafe::gitlab
