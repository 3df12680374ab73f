// SPDX-License-Identifier: Apache-2.0
#include "adapters/github/check_run.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "adapters/github/limits.h"
#include "adapters/http/url.h"
#include "adapters/report/report.h"
#include "engine/text/printable.h"

namespace spiritsafe::github {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view id_prefix = "spiritsafe/1/";
constexpr uint64_t planned_id = UINT64_MAX;  // stands for an id that only GitHub can give

std::string text_of(const Json& json) {
  // Nothing can be invalid any more where cut_to_… made it; names of strangers are.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string_view conclusion_of(const Judgement& judgement, bool report_only) {
  switch (judgement.verdict) {
    case Verdict::clean:
      return "success";
    case Verdict::blocked:
      return report_only ? "neutral" : "failure";
    case Verdict::approval:
      return report_only ? "neutral" : "action_required";
    case Verdict::unusable:
      return "failure";
  }
  return "failure";
}

// Whose approvals are missing: `data-platform`, `data-platform and dba`.
std::string missing_approvers(const Judgement& judgement) {
  std::set<std::string> groups;
  for (const Finding& finding : judgement.findings) {
    if (finding.state == FindingState::open && finding.level == Level::approval) {
      groups.insert(finding.rule->approval_by.empty()
                        ? std::string("someone other than the author")
                        : fmt::format("{}", fmt::join(finding.rule->approval_by, " or ")));
    }
  }
  return fmt::format("{}", fmt::join(groups, " and "));
}

std::string title_of(const Judgement& judgement) {
  std::string title = show_counts(judgement.counts);
  if (judgement.verdict == Verdict::unusable) {
    title = "could not judge: " + title;
  } else if (judgement.verdict == Verdict::approval) {
    title = fmt::format("waits for an approval by {}: {}", missing_approvers(judgement), title);
  }
  return cut_to_characters(printable(title), title_characters);
}

std::string summary_of(const Annotations& annotations, const CheckRunOptions& options) {
  std::string head;
  const size_t shown = annotations.shown.size();
  if (annotations.of > shown) {
    head = fmt::format("{} of {} findings are shown at their lines", shown, annotations.of);
    if (annotations.without_place > 0) {
      head += fmt::format("; {} {} no line in this repository", annotations.without_place,
                          annotations.without_place == 1 ? "has" : "have");
    }
    head += ". The report holds all of them.\n\n";
  }
  return cut_markdown(head + (options.report.empty() ? "No report.\n" : options.report), summary_characters);
}

// FNV-1a, in two lanes of other beginnings. Nothing is trusted because of it: what it tells apart are contents for one
// commit, by one policy.
class Digest {
 public:
  void add(std::string_view text) {
    for (const char c : fmt::format("{}:", text.size())) {
      add_byte(c);
    }
    for (const char c : text) {
      add_byte(c);
    }
  }
  std::string hex() const { return fmt::format("{:016x}{:016x}", one_, two_); }

 private:
  void add_byte(char c) {
    one_ = (one_ ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    two_ = (two_ ^ static_cast<unsigned char>(c)) * 0x100000001b3u + 1;
  }
  uint64_t one_ = 0xcbf29ce484222325u;
  uint64_t two_ = 0x9e3779b97f4a7c15u;
};

std::string external_id_of(const CheckRun& run) {
  Digest digest;
  for (const std::string_view text : {std::string_view(run.name), std::string_view(run.head_sha), run.conclusion,
                                      std::string_view(run.title), std::string_view(run.summary)}) {
    digest.add(text);
  }
  for (const Annotation& each : run.annotations) {
    digest.add(
        fmt::format("{} {} {} {} {}", each.start_line, each.end_line, each.start_column, each.end_column, each.level));
    for (const std::string* text : {&each.path, &each.title, &each.message, &each.raw_details}) {
      digest.add(*text);
    }
  }
  return fmt::format("{}{}/{}/{}", id_prefix, run.conclusion, run.annotations.size(), digest.hex());
}

Json json_of(const Annotation& annotation) {
  Json json = {{"path", annotation.path},
               {"start_line", annotation.start_line},
               {"end_line", annotation.end_line},
               {"annotation_level", annotation.level},
               {"message", annotation.message.empty() ? "." : annotation.message}};
  if (annotation.start_column > 0) {
    json["start_column"] = annotation.start_column;
    json["end_column"] = annotation.end_column;
  }
  if (!annotation.title.empty()) {
    json["title"] = annotation.title;
  }
  if (!annotation.raw_details.empty()) {
    json["raw_details"] = annotation.raw_details;
  }
  return json;
}

// GitHub replaces title and summary with each request, and appends the annotations.
Json output_with(const CheckRun& run, size_t begin) {
  Json output = {{"title", run.title}, {"summary", run.summary}};
  const size_t end = std::min(run.annotations.size(), begin + annotations_in_a_request);
  if (begin < end) {
    Json list = Json::array();
    for (size_t i = begin; i < end; ++i) {
      list.push_back(json_of(run.annotations[i]));
    }
    output["annotations"] = std::move(list);
  }
  return output;
}

std::string runs_path(const CheckRun& run) { return fmt::format("/repos/{}/check-runs", run.repository); }

std::string run_path(const CheckRun& run, uint64_t id) {
  return id == planned_id ? runs_path(run) + "/{check_run_id}" : fmt::format("{}/{}", runs_path(run), id);
}

Request begin_run(const CheckRun& run) {
  Json body = {
      {"name", run.name}, {"head_sha", run.head_sha}, {"status", "in_progress"}, {"external_id", run.external_id}};
  if (!run.details_url.empty()) {
    body["details_url"] = run.details_url;
  }
  body["output"] = output_with(run, 0);
  return {"POST", runs_path(run), {}, text_of(body), false};
}

// The last batch and the conclusion go together.
Request go_on(const CheckRun& run, const KnownRun& known) {
  Json body = Json::object();
  if (known.annotations + annotations_in_a_request >= run.annotations.size()) {
    body["status"] = "completed";
    body["conclusion"] = run.conclusion;
  }
  body["output"] = output_with(run, known.annotations);
  // Without annotations it leaves the same when it is done twice.
  const bool repeatable = known.annotations >= run.annotations.size();
  return {"PATCH", run_path(run, known.id), {}, text_of(body), repeatable};
}

Request cancel(const CheckRun& run, const KnownRun& known) {
  const Json body = {
      {"status", "completed"},
      {"conclusion", "cancelled"},
      {"output", {{"title", "superseded"}, {"summary", "A later run of the same check took its place."}}}};
  return {"PATCH", run_path(run, known.id), {}, text_of(body), true};
}

bool is_ours(const CheckRun& run, const KnownRun& known) {
  return known.name == run.name && known.external_id.starts_with(id_prefix);
}

const KnownRun* newest(const CheckRun& run, const std::vector<KnownRun>& known) {
  const KnownRun* found = nullptr;
  for (const KnownRun& each : known) {
    if (is_ours(run, each) && (!found || each.id > found->id)) {
      found = &each;
    }
  }
  return found;
}

bool is_there(const CheckRun& run, const KnownRun& known) {
  return known.external_id == run.external_id && known.status == "completed" && known.conclusion == run.conclusion &&
         known.annotations == run.annotations.size();
}

// A beginning of it: whole batches, nothing else.
bool can_go_on(const CheckRun& run, const KnownRun& known) {
  return known.external_id == run.external_id && known.status != "completed" &&
         (known.annotations == run.annotations.size() ||
          (known.annotations < run.annotations.size() && known.annotations % annotations_in_a_request == 0));
}

}  // namespace

CheckRun make_check_run(const Judgement& judgement, const Context& context, const CheckRunOptions& options) {
  Annotations annotations = annotate(judgement, options.annotations);
  CheckRun run;
  run.repository = context.repository;
  run.name = options.name;
  run.head_sha = context.head_sha;
  run.details_url = context.run_url;
  run.conclusion = conclusion_of(judgement, options.report_only);
  run.title = title_of(judgement);
  run.summary = summary_of(annotations, options);
  run.annotations = std::move(annotations.shown);
  run.external_id = external_id_of(run);
  return run;
}

std::optional<Request> next_request(const CheckRun& wanted, const std::vector<KnownRun>& known) {
  const KnownRun* last = newest(wanted, known);
  if (!last) {
    return begin_run(wanted);
  }
  if (!is_there(wanted, *last)) {
    return can_go_on(wanted, *last) ? go_on(wanted, *last) : begin_run(wanted);
  }
  for (const KnownRun& each : known) {
    if (is_ours(wanted, each) && each.status != "completed") {
      return cancel(wanted, each);
    }
  }
  return std::nullopt;
}

std::vector<KnownRun> after(const Request& request, const CheckRun& wanted, std::vector<KnownRun> known, uint64_t id) {
  const size_t all = wanted.annotations.size();
  if (request.method == "POST") {
    known.push_back({id, wanted.name, wanted.external_id, "in_progress", "", std::min(all, annotations_in_a_request)});
    return known;
  }
  for (KnownRun& each : known) {
    if (request.url != run_path(wanted, each.id)) {
      continue;
    }
    if (const bool is_wanted = can_go_on(wanted, each) && newest(wanted, known) == &each; is_wanted) {
      const bool is_last = each.annotations + annotations_in_a_request >= all;
      each.annotations = std::min(all, each.annotations + annotations_in_a_request);
      each.status = is_last ? "completed" : each.status;
      each.conclusion = is_last ? std::string(wanted.conclusion) : std::string();
    } else {
      each.status = "completed";
      each.conclusion = "cancelled";
    }
    break;
  }
  return known;
}

Request list_request(const CheckRun& wanted) {
  return {"GET",
          fmt::format("/repos/{}/commits/{}/check-runs?check_name={}&filter=all&per_page=100", wanted.repository,
                      wanted.head_sha, percent_encoded(wanted.name)),
          {},
          "",
          false};
}

std::optional<std::vector<KnownRun>> read_known_runs(const std::vector<Response>& pages) {
  std::vector<KnownRun> known;
  for (const Response& page : pages) {
    const Json json = Json::parse(page.body, nullptr, false);
    if (!json.is_object() || !json.contains("check_runs") || !json["check_runs"].is_array()) {
      return std::nullopt;
    }
    for (const Json& row : json["check_runs"]) {
      const auto text = [&](const char* key) {
        return row.contains(key) && row[key].is_string() ? row[key].get<std::string>() : std::string();
      };
      if (!row.is_object() || !row.contains("id") || !row["id"].is_number_unsigned()) {
        return std::nullopt;
      }
      KnownRun run{row["id"].get<uint64_t>(), text("name"), text("external_id"), text("status"), text("conclusion"), 0};
      if (const auto output = row.find("output"); output != row.end() && output->is_object()) {
        const auto count = output->find("annotations_count");
        run.annotations = count != output->end() && count->is_number_unsigned() ? count->get<size_t>() : 0;
      }
      known.push_back(std::move(run));
    }
  }
  return known;
}

std::optional<uint64_t> read_id(const Response& response) {
  const Json json = Json::parse(response.body, nullptr, false);
  const bool has_id = json.is_object() && json.contains("id") && json["id"].is_number_unsigned();
  return has_id ? std::optional(json["id"].get<uint64_t>()) : std::nullopt;
}

std::vector<Request> plan(const CheckRun& wanted) {
  std::vector<Request> requests = {list_request(wanted)};
  std::vector<KnownRun> known;
  while (const auto request = next_request(wanted, known)) {
    requests.push_back(*request);
    known = after(*request, wanted, std::move(known), planned_id);
  }
  return requests;
}

}  // namespace spiritsafe::github
