// SPDX-License-Identifier: Apache-2.0
#include "adapters/gitlab/publish.h"

#include <algorithm>

#include <fmt/format.h>

#include "adapters/gitlab/session.h"
#include "adapters/http/client.h"
#include "adapters/http/url.h"
#include "adapters/platform/answers.h"
#include "adapters/platform/texts.h"
#include "adapters/report/severity.h"

namespace spiritsafe::gitlab {
namespace {

using Json = nlohmann::json;

constexpr int most_losses = 3;
constexpr std::chrono::seconds settling_time{3};
constexpr size_t report_characters = 190'000;
constexpr size_t description_characters = 255;
// From so many on they are drafts that are published together, so that people get one message.
constexpr size_t worth_drafts = 2;

// How far one round came.
struct Round {
  bool is_lost = false;  // it is not known whether the last request had its effect: ask again what is there
  Errors errors = {};
};

// An answer, or why the round ends.
struct Answer {
  Round round = {};
  int status = 0;
  Json json = {};
};

Answer ask(const Send& send, const Request& request, std::initializer_list<int> accepted) {
  Answer answer;
  const Result<Response> response = send(request);
  if (!response) {
    answer.round = {true, response.error()};
    return answer;
  }
  answer.status = response->status;
  if (is_success(*response)) {
    answer.json = Json::parse(response->body.empty() ? "null" : response->body, nullptr, false);
  } else if (std::ranges::find(accepted, response->status) == accepted.end()) {
    answer.round = {response->status >= 500, {refusal_for(request, *response)}};
  }
  return answer;
}

bool ended(const Answer& answer) { return !answer.round.errors.empty(); }

Result<std::vector<Json>> list(const Send& send, const Request& request, std::string_view what) {
  return read_rows(send, request, refusal_for, [&] { return no_answer(request, fmt::format("a list of {}", what)); });
}

// ---- threads --------------------------------------------------------------------------------------------------------

// GitLab knows no drafts before 15.9, and not everybody may make them; then each thread is begun on its own.
struct Drafts {
  bool usable = false;
  std::vector<KnownDraft> known = {};
};

Drafts list_drafts(const Send& send, const Job& job) {
  const Result<std::vector<Json>> rows = list(send, drafts_request(job), "draft notes");
  return rows ? Drafts{true, drafts_of(*rows)} : Drafts{};
}

Round start_each(const Send& send, const Job& job, const std::vector<Thread>& missing, Published& published) {
  for (const Thread& thread : missing) {
    const Answer answer = ask(send, start_thread(job, thread), {400});
    if (ended(answer)) {
      return answer.round;
    }
    if (answer.status != 400 && text_at(answer.json, {"id"}).empty()) {
      return {true, {no_answer(start_thread(job, thread), "the discussion that was begun")}};
    }
    (answer.status == 400 ? published.refused : published.threads) += 1;
  }
  return {};
}

// Somebody's own drafts, where the token is a person's, are not ours to publish.
Round publish_drafts(const Send& send, const Job& job, const Threads& wanted, const std::vector<KnownDraft>& drafts) {
  const bool all_ours = std::ranges::all_of(drafts, [&](const KnownDraft& each) { return is_our_draft(each, wanted); });
  if (all_ours) {
    return ask(send, {"POST", request_path(job, "draft_notes/bulk_publish"), {}, "", false}, {}).round;
  }
  for (const KnownDraft& draft : drafts) {
    if (is_our_draft(draft, wanted)) {
      const Request request{"PUT", request_path(job, fmt::format("draft_notes/{}/publish", draft.id)), {}, "", true};
      if (const Answer answer = ask(send, request, {404}); ended(answer)) {
        return answer.round;
      }
    }
  }
  return {};
}

Round start_together(const Send& send, const Job& job, const Threads& wanted, const std::vector<Thread>& missing,
                     std::vector<KnownDraft> drafts, Published& published) {
  // What an earlier run left and is not wanted now would be published with the others.
  for (const KnownDraft& draft : drafts) {
    const bool is_wanted =
        std::ranges::any_of(missing, [&](const Thread& thread) { return is_draft_of(draft, wanted, thread); });
    if (is_our_draft(draft, wanted) && !is_wanted) {
      const Request request{"DELETE", request_path(job, fmt::format("draft_notes/{}", draft.id)), {}, "", true};
      if (const Answer answer = ask(send, request, {404}); ended(answer)) {
        return answer.round;
      }
    }
  }
  std::vector<KnownDraft> ready;
  for (const KnownDraft& draft : drafts) {
    if (!is_our_draft(draft, wanted)) {
      ready.push_back(draft);
    }
  }
  for (const Thread& thread : missing) {
    const auto there =
        std::ranges::find_if(drafts, [&](const KnownDraft& draft) { return is_draft_of(draft, wanted, thread); });
    if (there != drafts.end()) {
      ready.push_back(*there);
      ++published.threads;
      continue;
    }
    const Answer answer = ask(send, draft_thread(job, thread), {400});
    if (ended(answer)) {
      return answer.round;
    }
    if (answer.status == 400) {
      ++published.refused;
      continue;
    }
    const uint64_t id = number_at(answer.json, {"id"});
    if (id == 0) {
      return {true, {no_answer(draft_thread(job, thread), "the draft note that was made")}};
    }
    ready.push_back({id, thread.body});
    ++published.threads;
  }
  const bool any = std::ranges::any_of(ready, [&](const KnownDraft& each) { return is_our_draft(each, wanted); });
  return any ? publish_drafts(send, job, wanted, ready) : Round{};
}

Round send_threads(const Send& send, const Job& job, const Threads& wanted, const Discussions& known,
                   Published& published) {
  const ThreadChanges changes = changes_for(job, wanted, known);
  for (const Request& request : changes.requests) {
    if (const Answer answer = ask(send, request, {404}); ended(answer)) {
      return answer.round;
    }
  }
  published.threads = wanted.threads.size() - changes.missing.size();
  published.refused = 0;
  const Drafts drafts = changes.missing.empty() ? Drafts{} : list_drafts(send, job);
  const bool together = drafts.usable && (changes.missing.size() >= worth_drafts || !drafts.known.empty());
  return together ? start_together(send, job, wanted, changes.missing, drafts.known, published)
                  : start_each(send, job, changes.missing, published);
}

// ---- the note -------------------------------------------------------------------------------------------------------

bool has_something_to_say(const Judgement& judgement) {
  const Counts& counts = judgement.counts;
  return judgement.verdict != Verdict::clean || counts.error + counts.approval + counts.warn + counts.advice > 0;
}

Note note_of(const Judgement& judgement, const ReportOptions& report, const PublishOptions& options,
             const Published& published) {
  ReportOptions of_report = report;
  of_report.colour = false;
  of_report.markdown_limit = report_characters;
  Note note;
  note.marker = marker_of(options.name);
  note.body = note_body(note.marker, write_markdown(judgement, of_report), published.threads, published.findings);
  note.policy = options.comment;
  note.has_findings = has_something_to_say(judgement);
  return note;
}

Round send_note(const Send& send, const Job& job, const Note& wanted, std::vector<KnownNote> known) {
  while (const std::optional<Request> request = next_request(job, wanted, known)) {
    const Answer answer = request->method == "DELETE" ? ask(send, *request, {404}) : ask(send, *request, {});
    if (ended(answer)) {
      return answer.round;
    }
    const uint64_t id = number_at(answer.json, {"id"});
    if (request->method == "POST" && id == 0) {
      return {true, {no_answer(*request, "the note that was made")}};
    }
    known = after(job, *request, wanted, std::move(known), id);
  }
  return {};
}

Round send_all(const Send& send, const Job& job, const Threads& threads,
               const std::function<Note(const Published&)>& note, const Result<std::vector<Json>>& rows,
               Published& published) {
  if (!rows) {
    return {false, rows.error()};
  }
  const Discussions known = discussions_of(*rows);
  if (Round round = send_threads(send, job, threads, known, published); !round.errors.empty()) {
    return round;
  }
  return send_note(send, job, note(published), known.notes);
}

Request status_request(const Job& job, const Status& status) {
  nlohmann::ordered_json body = {{"state", status.state}, {"name", status.name}, {"description", status.description}};
  if (!job.job_url.empty()) {
    body["target_url"] = job.job_url;
  }
  if (!job.ref.empty()) {
    body["ref"] = job.ref;
  }
  return {"POST",
          fmt::format("/projects/{}/statuses/{}", job.source_project, job.head_sha),
          {},
          body.dump(-1, ' ', false, Json::error_handler_t::replace),
          false};
}

}  // namespace

Result<Published> publish(const Send& send, const Job& job, const std::string& author, const Judgement& judgement,
                          const ReportOptions& report, const PublishOptions& options, const Pause& pause) {
  const Result<std::vector<Version>> versions = read_versions(send, job);
  if (!versions) {
    return tl::unexpected(versions.error());
  }
  const Result<Diff> diff = read_diff(send, job, versions->front());
  if (!diff) {
    return tl::unexpected(diff.error());
  }
  const size_t most = options.comment == NotePolicy::never ? 0 : options.most_threads;
  Threads threads = make_threads(judgement, *diff, options.name, report, most);
  threads.author = author;
  if (options.comment == NotePolicy::never) {
    threads.standing.clear();  // what was said before is not said any more
  }
  Published published;
  published.findings = threads.standing.size();
  const auto note = [&](const Published& done) {
    Note made = note_of(judgement, report, options, done);
    made.author = author;
    return made;
  };
  for (int losses = 0;; ++losses) {
    Round round = send_all(send, job, threads, note, list(send, discussions_request(job), "discussions"), published);
    if (round.errors.empty()) {
      return published;
    }
    if (!round.is_lost || losses >= most_losses) {
      return tl::unexpected(std::move(round.errors));
    }
    pause(settling_time);
  }
}

Status status_of(const Judgement& judgement, const PublishOptions& options) {
  const bool passes = judgement.verdict == Verdict::clean || options.report_only;
  return {options.name, passes ? "success" : "failed",
          cut_to_characters(fmt::format("{}: {}", name_of(judgement.verdict), show_counts(judgement.counts)),
                            description_characters)};
}

bool publish_status(const Send& send, const Job& job, const Status& status) {
  const std::string path = fmt::format("/projects/{}/repository/commits/{}/statuses?per_page=100&name={}",
                                       job.source_project, job.head_sha, percent_encoded(status.name));
  const Answer known = ask(send, {"GET", path, {}, "", false}, {});
  if (!ended(known) && known.json.is_array() && !known.json.empty() &&
      text_at(known.json.front(), {"status"}) == status.state) {
    return true;
  }
  return !ended(ask(send, status_request(job, status), {}));
}

std::vector<Request> plan(const Job& job, const Judgement& judgement, const ReportOptions& report,
                          const PublishOptions& options) {
  Diff diff;
  diff.version = {0, ":base_commit_sha", ":start_commit_sha", ":head_commit_sha", {}};
  for (const Finding* finding : by_importance(judgement, report)) {
    const std::string path = place_of(*finding, report);
    if (!finding->path.empty() && report.in_diff &&
        report.in_diff(finding->path, static_cast<uint32_t>(finding->begin.line))) {
      diff.files.push_back({path, path, {{static_cast<uint32_t>(finding->begin.line), 0}}});
    }
  }
  // One entry a file.
  std::vector<FileDiff> files;
  for (FileDiff& file : diff.files) {
    const auto same = std::ranges::find(files, file.new_path, &FileDiff::new_path);
    if (same == files.end()) {
      files.push_back(std::move(file));
    } else {
      same->lines.merge(file.lines);
    }
  }
  diff.files = std::move(files);
  const size_t most = options.comment == NotePolicy::never ? 0 : options.most_threads;
  const Threads threads = make_threads(judgement, diff, options.name, report, most);
  std::vector<Request> requests = {{"GET", "/user", {}, "", false}, versions_request(job), discussions_request(job)};
  if (threads.threads.size() >= worth_drafts) {
    requests.push_back(drafts_request(job));
    for (const Thread& thread : threads.threads) {
      requests.push_back(draft_thread(job, thread));
    }
    requests.push_back({"POST", request_path(job, "draft_notes/bulk_publish"), {}, "", false});
  } else if (!threads.threads.empty()) {
    requests.push_back(start_thread(job, threads.threads.front()));
  }
  const Note note = note_of(judgement, report, options, {threads.threads.size(), threads.standing.size(), 0});
  if (const std::optional<Request> request = next_request(job, note, {})) {
    requests.push_back(*request);
  }
  requests.push_back(status_request(job, status_of(judgement, options)));
  return requests;
}

}  // namespace spiritsafe::gitlab
