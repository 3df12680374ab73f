// SPDX-License-Identifier: Apache-2.0
#include "adapters/gitlab/threads.h"

#include <algorithm>

#include <fmt/format.h>

#include "adapters/http/url.h"
#include "adapters/platform/answers.h"
#include "adapters/platform/texts.h"
#include "adapters/report/neutral.h"
#include "adapters/report/severity.h"
#include "engine/text/printable.h"

namespace spiritsafe::gitlab {
namespace {

using Json = nlohmann::json;

constexpr size_t longest_message = 2'000;  // characters
constexpr size_t largest_fix = 20'000;     // bytes
constexpr uint32_t farthest_line = 100;    // of a suggestion from its thread, by GitLab

std::string mark_of(const Threads& threads, std::string_view key) {
  return fmt::format("<!-- spiritsafe {} thread {} -->", percent_encoded(threads.name), percent_encoded(key));
}

std::string mark_begin(const Threads& threads) {
  return fmt::format("<!-- spiritsafe {} thread ", percent_encoded(threads.name));
}

// ---- from findings to threads ---------------------------------------------------------------------------------------

// The text has to be the file's own to the letter, so what a reader could take for something else is not offered. Nor
// is a line that would be a quick action, should GitLab not see the block around it.
bool is_plain(std::string_view text) {
  std::string without_tabs(text);
  std::erase(without_tabs, '\t');
  return text.size() <= largest_fix && printable(without_tabs, true) == without_tabs && !text.starts_with('/') &&
         text.find("\n/") == std::string_view::npos;
}

// The lines that a suggestion replaces, and by what.
struct Replacement {
  uint32_t first = 0;
  uint32_t last = 0;
  std::string text = {};
};

// What is put between two lines stands in place of the second, with it behind.
std::optional<Replacement> replacement_of(const Finding& finding) {
  if (!finding.suggestion) {
    return std::nullopt;
  }
  const Suggestion& suggestion = *finding.suggestion;
  Replacement made{suggestion.start_line, std::max(suggestion.start_line, suggestion.end_line), suggestion.text};
  if (suggestion.end_line < suggestion.start_line) {
    if (!suggestion.next_line) {
      return std::nullopt;
    }
    made.text += (made.text.empty() ? "" : "\n") + *suggestion.next_line;
  }
  return is_plain(made.text) ? std::optional(made) : std::nullopt;
}

std::string words_of(const Finding& finding) {
  std::string text = fmt::format("**{}** · {}: {}\n", name_of(finding.level), markdown_code(finding.rule->id),
                                 markdown_prose(cut_to_characters(printable(finding.message), longest_message)));
  if (finding.state == FindingState::undecided) {
    text += fmt::format("\nUndecided: {}\n", markdown_prose(cut_to_characters(finding.state_reason, longest_message)));
  }
  if (!finding.rule->fix.empty() && finding.state != FindingState::undecided) {
    text += fmt::format("\n**Fix:** {}\n", markdown_prose(finding.rule->fix));
  }
  if (!finding.instead.empty()) {
    text += fmt::format("\n{}", markdown_block(finding.instead, "python"));
  }
  if (!finding.rule->why.empty()) {
    text += fmt::format("\n<details><summary>Why</summary>\n\n{}\n\n</details>\n", markdown_prose(finding.rule->why));
  }
  return text;
}

std::optional<Thread> thread_of(const Finding& finding, const Diff& diff, const Threads& threads,
                                const ReportOptions& options) {
  const std::string path = place_of(finding, options);
  if (finding.path.empty() || valid_utf8(path) != path) {
    return std::nullopt;
  }
  const uint32_t line = static_cast<uint32_t>(finding.begin.line);
  Thread thread;
  thread.key = finding.fingerprint;
  thread.body = mark_of(threads, thread.key) + "\n" + words_of(finding);
  std::optional<nlohmann::ordered_json> position = position_at(diff, path, line);
  if (const std::optional<Replacement> made = replacement_of(finding)) {
    // A suggestion speaks of the lines around its thread's; so the thread may have to stand where the fix does.
    const bool around = position && made->first <= line && line <= made->last;
    const uint32_t at = around ? line : made->last;
    std::optional<nlohmann::ordered_json> there = around ? position : position_at(diff, path, at);
    if (there && at - made->first <= farthest_line && made->last - at <= farthest_line) {
      position = std::move(there);
      thread.body += "\n" + fenced(fmt::format("suggestion:-{}+{}", at - made->first, made->last - at), made->text);
    }
  }
  if (!position) {
    return std::nullopt;
  }
  thread.position = std::move(*position);
  return thread;
}

// ---- requests -------------------------------------------------------------------------------------------------------

std::string text_of(const nlohmann::ordered_json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Request resolve(const Job& job, const KnownThread& thread, bool resolved) {
  return {"PUT",
          request_path(job, "discussions/" + percent_encoded(thread.id)),
          {},
          text_of({{"resolved", resolved}}),
          true};
}

Request rewrite(const Job& job, const KnownThread& thread, const std::string& body) {
  return {"PUT",
          request_path(job, fmt::format("discussions/{}/notes/{}", percent_encoded(thread.id), thread.note)),
          {},
          text_of({{"body", body}}),
          true};
}

}  // namespace

Threads make_threads(const Judgement& judgement, const Diff& diff, const std::string& name,
                     const ReportOptions& options, size_t most) {
  Threads threads;
  threads.name = name;
  for (const Finding* finding : by_importance(judgement, options)) {
    threads.standing.insert(finding->fingerprint);
    if (threads.threads.size() >= most) {
      continue;
    }
    if (std::optional<Thread> thread = thread_of(*finding, diff, threads, options)) {
      threads.threads.push_back(std::move(*thread));
    }
  }
  return threads;
}

Request discussions_request(const Job& job) {
  return {"GET", request_path(job, "discussions?per_page=100"), {}, "", false};
}

Request drafts_request(const Job& job) { return {"GET", request_path(job, "draft_notes?per_page=100"), {}, "", false}; }

Discussions discussions_of(const std::vector<Json>& rows) {
  Discussions known;
  for (const Json& row : rows) {
    const Json& notes = value_at(row, {"notes"});
    if (!notes.is_array() || notes.empty() || value_at(notes[0], {"system"}) == true) {
      continue;
    }
    const Json& first = notes[0];
    if (value_at(row, {"individual_note"}) == true) {
      known.notes.push_back(
          {number_at(first, {"id"}), text_at(first, {"author", "username"}), text_at(first, {"body"})});
      continue;
    }
    known.threads.push_back({text_at(row, {"id"}), number_at(first, {"id"}), text_at(first, {"author", "username"}),
                             text_at(first, {"body"}), value_at(first, {"resolved"}) == true,
                             text_at(first, {"resolved_by", "username"})});
  }
  return known;
}

std::vector<KnownDraft> drafts_of(const std::vector<Json>& rows) {
  std::vector<KnownDraft> known;
  for (const Json& row : rows) {
    known.push_back({number_at(row, {"id"}), text_at(row, {"note"})});
  }
  return known;
}

ThreadChanges changes_for(const Job& job, const Threads& wanted, const Discussions& known) {
  ThreadChanges changes;
  std::vector<bool> is_there(wanted.threads.size(), false);
  for (const KnownThread& old : known.threads) {
    if (old.author != wanted.author || !old.body.starts_with(mark_begin(wanted))) {
      continue;
    }
    const auto thread = std::ranges::find_if(wanted.threads, [&](const Thread& each) {
      return !is_there[static_cast<size_t>(&each - wanted.threads.data())] &&
             old.body.starts_with(mark_of(wanted, each.key));
    });
    if (thread == wanted.threads.end()) {
      const bool stands = std::ranges::any_of(
          wanted.standing, [&](const std::string& key) { return old.body.starts_with(mark_of(wanted, key)); });
      if (!old.resolved && !stands) {
        changes.requests.push_back(resolve(job, old, true));
      }
      continue;
    }
    is_there[static_cast<size_t>(thread - wanted.threads.begin())] = true;
    if (folded(old.body) != folded(thread->body)) {
      changes.requests.push_back(rewrite(job, old, thread->body));
    }
    // What a person has resolved stays so.
    if (old.resolved && old.resolved_by == wanted.author) {
      changes.requests.push_back(resolve(job, old, false));
    }
  }
  for (size_t i = 0; i < wanted.threads.size(); ++i) {
    if (!is_there[i]) {
      changes.missing.push_back(wanted.threads[i]);
    }
  }
  return changes;
}

Request start_thread(const Job& job, const Thread& thread) {
  return {"POST",
          request_path(job, "discussions"),
          {},
          text_of({{"body", thread.body}, {"position", thread.position}}),
          false};
}

Request draft_thread(const Job& job, const Thread& thread) {
  return {"POST",
          request_path(job, "draft_notes"),
          {},
          text_of({{"note", thread.body}, {"position", thread.position}}),
          false};
}

bool is_draft_of(const KnownDraft& draft, const Threads& wanted, const Thread& thread) {
  return draft.body.starts_with(mark_of(wanted, thread.key));
}

bool is_our_draft(const KnownDraft& draft, const Threads& wanted) { return draft.body.starts_with(mark_begin(wanted)); }

}  // namespace spiritsafe::gitlab
