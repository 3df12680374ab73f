// SPDX-License-Identifier: Apache-2.0
#include "adapters/gitlab/note.h"

#include <algorithm>

#include <fmt/format.h>

#include "adapters/platform/texts.h"

namespace spiritsafe::gitlab {
namespace {

constexpr size_t most_characters = 200'000;  // GitLab takes a million, which nobody reads

std::string path_of(const Job& job, const KnownNote& note) {
  return request_path(job, fmt::format("notes/{}", note.id));
}

std::string body_of(const Note& note) {
  return nlohmann::json{{"body", note.body}}.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::vector<const KnownNote*> ours(const Note& wanted, const std::vector<KnownNote>& known) {
  std::vector<const KnownNote*> found;
  for (const KnownNote& each : known) {
    if (each.author == wanted.author && each.body.starts_with(wanted.marker)) {
      found.push_back(&each);
    }
  }
  std::ranges::sort(found, {}, &KnownNote::id);
  return found;
}

}  // namespace

std::string note_body(std::string_view marker, std::string_view report, size_t threads, size_t findings) {
  std::string shown;
  if (threads > 0 && threads == findings) {
    shown = fmt::format("\n{} on its line in the diff.\n", findings == 1 ? "The finding is" : "Each finding is");
  } else if (findings > 0) {
    shown = fmt::format("\n{} of {} {} on lines of the diff; all are in this note.\n", threads, findings,
                        threads == 1 ? "findings is a thread" : "findings are threads");
  }
  return cut_markdown(fmt::format("{}\n{}{}", marker, report, shown), most_characters);
}

std::optional<Request> next_request(const Job& job, const Note& wanted, const std::vector<KnownNote>& known) {
  const auto found = ours(wanted, known);
  const size_t kept = wanted.policy == NotePolicy::never ? 0 : 1;
  if (found.empty()) {
    const bool asked =
        wanted.policy == NotePolicy::always || (wanted.policy == NotePolicy::findings && wanted.has_findings);
    return asked ? std::optional(Request{"POST", request_path(job, "notes"), {}, body_of(wanted), false})
                 : std::nullopt;
  }
  if (kept == 1 && folded(found.front()->body) != folded(wanted.body)) {
    return Request{"PUT", path_of(job, *found.front()), {}, body_of(wanted), true};
  }
  if (found.size() > kept) {
    return Request{"DELETE", path_of(job, *found.back()), {}, "", true};
  }
  return std::nullopt;
}

std::vector<KnownNote> after(const Job& job, const Request& request, const Note& wanted, std::vector<KnownNote> known,
                             uint64_t id) {
  if (request.method == "POST") {
    known.push_back({id, wanted.author, wanted.body});
    return known;
  }
  const auto at = std::ranges::find_if(known, [&](const KnownNote& each) { return request.url == path_of(job, each); });
  if (at != known.end() && request.method == "DELETE") {
    known.erase(at);
  } else if (at != known.end()) {
    at->body = wanted.body;
  }
  return known;
}

}  // namespace spiritsafe::gitlab
