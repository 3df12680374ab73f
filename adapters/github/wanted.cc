// SPDX-License-Identifier: Apache-2.0
#include "adapters/github/wanted.h"

#include <algorithm>

#include <fmt/format.h>

#include "adapters/github/limits.h"

namespace spiritsafe::github {
namespace {

constexpr size_t room_for_heads = 1'000;  // bytes: what stands before the report in a summary or a comment

CheckRun check_run_of(const Judgement& judgement, const Context& context, const WantedOptions& options,
                      const ReportOptions& report) {
  CheckRunOptions of_run;
  of_run.name = options.name;
  of_run.report = report_for(judgement, context, report, summary_characters - room_for_heads);
  of_run.report_only = options.report_only;
  of_run.annotations.repository_path = report.repository_path;
  of_run.annotations.in_diff = report.in_diff;
  return make_check_run(judgement, context, of_run);
}

bool has_something_to_say(const Judgement& judgement) {
  const Counts& counts = judgement.counts;
  return judgement.verdict != Verdict::clean || counts.error + counts.approval + counts.warn + counts.advice > 0;
}

Comment comment_of(const Judgement& judgement, const Context& context, const WantedOptions& options,
                   const ReportOptions& report) {
  Comment comment;
  comment.repository = context.repository;
  comment.number = context.number;
  comment.marker = marker_of(options.name);
  comment.body =
      comment_body(comment.marker, report_for(judgement, context, report, comment_characters - room_for_heads));
  comment.policy = options.comment;
  comment.has_findings = has_something_to_say(judgement);
  comment.author = "";
  return comment;
}

}  // namespace

Wanted wanted_for(const Judgement& judgement, const Context& context, const WantedOptions& options,
                  const ReportOptions& report) {
  Wanted wanted;
  wanted.run = check_run_of(judgement, context, options, report);
  // A merge queue's commit is not the pull request's: what was said there stays.
  if (context.number != 0 && context.event != "merge_group") {
    wanted.comment = comment_of(judgement, context, options, report);
    wanted.suggestions = make_suggestions(judgement, context, options.name, report);
    if (options.comment == CommentPolicy::never) {
      wanted.suggestions->fixes.clear();
    }
  }
  return wanted;
}

std::vector<Request> plan(const Wanted& wanted) {
  std::vector<Request> requests = plan(wanted.run);
  if (wanted.comment) {
    std::ranges::move(plan(*wanted.comment), std::back_inserter(requests));
  }
  if (wanted.suggestions) {
    std::ranges::move(plan(*wanted.suggestions), std::back_inserter(requests));
  }
  return requests;
}

std::string report_for(const Judgement& judgement, const Context& context, const ReportOptions& report, size_t limit) {
  ReportOptions options = report;
  options.colour = false;
  options.markdown_limit = limit;
  if (options.link_prefix.empty()) {
    options.link_prefix = fmt::format("{}/{}/blob/{}/", context.server, context.repository, context.head_sha);
  }
  return write_markdown(judgement, options);
}

}  // namespace spiritsafe::github
