// SPDX-License-Identifier: Apache-2.0
#include "adapters/cli/publish_github.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "adapters/cli/publish_progress.h"
#include "adapters/files/read_file.h"
#include "adapters/github/approvals.h"
#include "adapters/github/dry_run.h"
#include "adapters/github/job_files.h"
#include "adapters/github/limits.h"
#include "adapters/github/publish.h"
#include "adapters/github/pull_request.h"
#include "adapters/github/session.h"
#include "engine/text/printable.h"

#ifndef SPIRITSAFE_VERSION
#define SPIRITSAFE_VERSION "0"
#endif

namespace spiritsafe {
namespace {

constexpr size_t largest_event = 32u << 20;
constexpr size_t most_commits = 30;       // that approvals were given for
constexpr size_t room_for_heads = 1'000;  // bytes: what stands before the report in a summary or comment

// All that is known of the platform before there is anything to publish.
struct GitHub {
  CheckCommand command = {};
  const Streams* streams = nullptr;
  Environment environment = {};
  github::Context context = {};
  Errors errors = {};  // why nothing can be published
  std::optional<github::Session> session = {};
  PublishProgress* progress = nullptr;  // while something is published
};

std::string read_event_file(const Environment& environment) {
  const std::string path = environment("GITHUB_EVENT_PATH");
  // A file that cannot be read is as none; what is missing of it is said then.
  const Result<std::string> text = path.empty() ? std::string() : read_text(path, largest_event);
  return text ? *text : std::string();
}

ReportOptions options_for(const GitHub& platform, const ReportOptions& options, size_t limit) {
  ReportOptions out = options;
  out.colour = false;
  out.markdown_limit = limit - room_for_heads;
  if (out.link_prefix.empty()) {
    out.link_prefix =
        fmt::format("{}/{}/blob/{}/", platform.context.server, platform.context.repository, platform.context.head_sha);
  }
  return out;
}

github::CheckRun check_run_of(const GitHub& platform, const Judgement& judgement, const ReportOptions& options) {
  github::CheckRunOptions of_run;
  of_run.name = platform.command.publish.check_name;
  of_run.report = write_markdown(judgement, options_for(platform, options, github::summary_characters));
  of_run.report_only = platform.command.report_only;
  of_run.annotations.repository_path = options.repository_path;
  of_run.annotations.in_diff = options.in_diff;
  return github::make_check_run(judgement, platform.context, of_run);
}

bool has_something_to_say(const Judgement& judgement) {
  const Counts& counts = judgement.counts;
  return judgement.verdict != Verdict::clean || counts.error + counts.approval + counts.warn + counts.advice > 0;
}

github::Comment comment_of(const GitHub& platform, const Judgement& judgement, const ReportOptions& options) {
  const std::string& how = platform.command.publish.comment;
  github::Comment comment;
  comment.repository = platform.context.repository;
  comment.number = platform.context.number;
  comment.marker = github::marker_of(platform.command.publish.check_name);
  comment.body = github::comment_body(
      comment.marker, write_markdown(judgement, options_for(platform, options, github::comment_characters)));
  comment.policy = how == "always"  ? github::CommentPolicy::always
                   : how == "never" ? github::CommentPolicy::never
                                    : github::CommentPolicy::findings;
  comment.has_findings = has_something_to_say(judgement);
  comment.author = "";
  return comment;
}

// A merge queue's commit is not the pull request's: what was said there stays.
bool may_comment(const github::Context& context) { return context.number != 0 && context.event != "merge_group"; }

std::vector<Request> plan_of(const github::CheckRun& run, const github::Comment* comment) {
  std::vector<Request> requests = github::plan(run);
  if (comment) {
    std::ranges::move(github::plan(*comment), std::back_inserter(requests));
  }
  return requests;
}

size_t count_writes(const std::vector<Request>& requests) {
  return static_cast<size_t>(std::ranges::count_if(requests, is_write));
}

void append(Errors& errors, const Errors& more) { errors.insert(errors.end(), more.begin(), more.end()); }

Send sender(GitHub& platform) {
  return [&platform](const Request& request) { return platform.session->client.send(request); };
}

// A file of approvals is what counts where one is given.
bool asks_for_approvals(const GitHub& platform) {
  return platform.context.number != 0 && platform.command.judge.approvals.empty();
}

void open(GitHub& platform) {
  const auto say = [&platform](std::string_view line) {
    if (platform.progress) {
      platform.progress->say(line);
    } else {
      platform.streams->err << "asking GitHub: " << printable(line) << '\n' << std::flush;
    }
  };
  Result<github::Session> session = github::open_session(platform.environment, platform.context,
                                                         {platform.command.publish.ca_file, SPIRITSAFE_VERSION, say});
  if (session) {
    platform.session = std::move(*session);
  } else {
    platform.errors = session.error();
  }
}

std::string first_line(const Errors& errors) {
  const std::string text = format_errors(errors);
  return text.substr(0, text.find('\n'));
}

std::optional<Approvals> ask_for_approvals(GitHub& platform, const ApprovalQuestion& question,
                                           std::vector<std::string>& notes) {
  const Send send = sender(platform);
  const Result<github::PullRequest> pull = github::read_pull_request(send, platform.context);
  Result<github::GivenApprovals> given =
      pull ? github::read_approvals(send, platform.context, *pull, question.groups) : tl::unexpected(pull.error());
  if (!given) {
    notes.push_back("who approved the pull request cannot be read, so nothing counts as approved: " +
                    first_line(given.error()));
    return std::nullopt;
  }
  notes.insert(notes.end(), given->notes.begin(), given->notes.end());
  std::map<std::string, std::map<std::string, std::string>> digests;
  for (Approval& approval : given->approvals.given) {
    if (approval.commit.empty() || approval.answer != Approval::Answer::approved) {
      continue;
    }
    const auto [found, is_new] = digests.try_emplace(approval.commit);
    if (is_new && digests.size() <= most_commits) {
      found->second = question.digests_at(approval.commit);
    }
    approval.digests = found->second;
  }
  return std::move(given->approvals);
}

// For those who look at the job: the report as Markdown, whatever the platform's API takes.
void write_step_summary(const GitHub& platform, const Judgement& judgement, const ReportOptions& options,
                        Publication& publication) {
  const std::string path = platform.environment("GITHUB_STEP_SUMMARY");
  if (path.empty()) {
    return;
  }
  std::ofstream file(path, std::ios::binary | std::ios::app);
  file.seekp(0, std::ios::end);
  const auto used = file ? static_cast<size_t>(std::max<std::streamoff>(0, file.tellp())) : 0;
  if (used + 2 * room_for_heads < github::step_summary_bytes) {
    file << write_markdown(judgement, options_for(platform, options, github::step_summary_bytes - used));
  }
  file.close();
  if (!file) {
    Error error;
    error.path = path;
    error.message = "the step summary cannot be written";
    error.hints = {"expected the file that GitHub Actions names in GITHUB_STEP_SUMMARY"};
    publication.errors.push_back(std::move(error));
  }
}

Publication show_requests(const GitHub& platform, const Judgement& judgement, const ReportOptions& options) {
  const github::CheckRun run = check_run_of(platform, judgement, options);
  const github::Comment comment = comment_of(platform, judgement, options);
  std::vector<Request> requests;
  if (asks_for_approvals(platform)) {
    requests = {github::pull_request_request(platform.context), github::reviews_request(platform.context)};
  }
  std::ranges::move(plan_of(run, may_comment(platform.context) ? &comment : nullptr), std::back_inserter(requests));
  Publication publication;
  publication.requests = github::show_requests(requests);
  publication.lines = {fmt::format("dry run: {} requests, none of them sent", requests.size())};
  return publication;
}

void send_all(GitHub& platform, const Judgement& judgement, const ReportOptions& options, Publication& publication) {
  const github::CheckRun run = check_run_of(platform, judgement, options);
  github::Comment comment = comment_of(platform, judgement, options);
  const bool comments = may_comment(platform.context);
  PublishProgress progress(*platform.streams, count_writes(plan_of(run, comments ? &comment : nullptr)));
  platform.progress = &progress;
  const Send send = sender(platform);
  const auto pause = [&platform](std::chrono::seconds time) { platform.session->clock.sleep(time); };
  if (const Result<void> done = github::publish_check_run(send, run, pause); !done) {
    append(publication.errors, done.error());
  } else {
    publication.lines.push_back(fmt::format("published the check run `{}`: {}, {} {}", run.name, run.conclusion,
                                            run.annotations.size(),
                                            run.annotations.size() == 1 ? "annotation" : "annotations"));
  }
  if (!comments) {
    return;
  }
  comment.author = github::find_login(platform.environment, send);
  if (const Result<void> done = github::publish_comment(send, comment, pause); !done) {
    // Without a right to comments there is nothing of ours to be taken away either.
    if (comment.policy != github::CommentPolicy::never) {
      append(publication.errors, done.error());
    }
  } else {
    publication.lines.push_back(fmt::format("the comment on pull request {} says the same", comment.number));
  }
}

Publication publish_to(GitHub& platform, const Judgement& judgement, const ReportOptions& options) {
  if (platform.command.publish.dry_run && platform.errors.empty()) {
    return show_requests(platform, judgement, options);
  }
  Publication publication;
  publication.errors = platform.errors;
  if (publication.errors.empty()) {
    send_all(platform, judgement, options, publication);
    platform.progress = nullptr;
  }
  if (!platform.command.publish.dry_run) {
    write_step_summary(platform, judgement, options, publication);
  }
  if (!publication.errors.empty()) {
    publication.fallback = write_commands(judgement, options);
  }
  return publication;
}

// The file of the first `--output` whose format is the asked one, or is not.
std::string output_file(const CheckCommand& command, std::string_view format, bool is_it) {
  const auto found = std::ranges::find_if(command.outputs, [&](const std::string& output) {
    return (output.substr(0, output.find('=')) == format) == is_it;
  });
  return found == command.outputs.end() ? std::string() : found->substr(found->find('=') + 1);
}

}  // namespace

Publisher open_github(const CheckCommand& command, const Streams& streams) {
  const auto platform = std::make_shared<GitHub>();
  platform->command = command;
  platform->streams = &streams;
  platform->environment = surroundings(streams).environment;
  Publisher publisher;
  const std::string event = read_event_file(platform->environment);
  Result<github::Context> context = command.publish.dry_run
                                        ? github::read_event_for_show(platform->environment, event, publisher.notes)
                                        : github::read_event(platform->environment, event);
  if (context) {
    platform->context = std::move(*context);
  } else {
    platform->errors = context.error();
  }
  if (platform->errors.empty() && !command.publish.dry_run) {
    open(*platform);
  }
  if (platform->session) {
    publisher.notes = platform->session->notes;
    if (asks_for_approvals(*platform)) {
      publisher.approvals = [platform](const ApprovalQuestion& question, std::vector<std::string>& notes) {
        return ask_for_approvals(*platform, question, notes);
      };
    }
  }
  publisher.publish = [platform](const Judgement& judgement, const ReportOptions& options) {
    return publish_to(*platform, judgement, options);
  };
  return publisher;
}

void set_step_outputs(const CheckCommand& command, const Judgement& judgement, const Streams& streams) {
  const std::string path = surroundings(streams).environment("GITHUB_OUTPUT");
  if (path.empty()) {
    return;
  }
  std::ofstream file(path, std::ios::binary | std::ios::app);
  file << github::show_outputs({{"verdict", std::string(name_of(judgement.verdict))},
                                {"counts", github::show_counts_as_json(judgement.counts)},
                                {"report", output_file(command, "sarif", false)},
                                {"sarif", output_file(command, "sarif", true)}});
  file.close();
  if (!file) {
    streams.err << "note: the outputs of the step cannot be written to the file that GITHUB_OUTPUT names\n";
  }
}

}  // namespace spiritsafe
