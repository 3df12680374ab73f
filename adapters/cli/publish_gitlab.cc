// SPDX-License-Identifier: Apache-2.0
#include "adapters/cli/publish_gitlab.h"

#include <memory>
#include <optional>

#include <fmt/format.h>

#include "adapters/cli/publish_progress.h"
#include "adapters/gitlab/approvals.h"
#include "adapters/gitlab/publish.h"
#include "adapters/gitlab/session.h"
#include "adapters/platform/requests.h"
#include "engine/text/printable.h"

#ifndef SPIRITSAFE_VERSION
#define SPIRITSAFE_VERSION "0"
#endif

namespace spiritsafe {
namespace {

constexpr size_t most_commits = 30;  // that approvals were given for
constexpr size_t likely_writes = 3;  // more are told as they come

// All that is known of the platform before there is anything to publish.
struct GitLab {
  CheckCommand command = {};
  const Streams* streams = nullptr;
  gitlab::Job job = {};
  gitlab::Token token = {};
  Errors errors = {};  // why nothing can be published
  std::optional<Session> session = {};
  PublishProgress* progress = nullptr;  // while something is published
};

gitlab::PublishOptions options_of(const GitLab& platform) {
  const PublishArguments& arguments = platform.command.publish;
  gitlab::PublishOptions options;
  options.name = arguments.check_name;
  options.comment = arguments.comment == "always"  ? gitlab::NotePolicy::always
                    : arguments.comment == "never" ? gitlab::NotePolicy::never
                                                   : gitlab::NotePolicy::findings;
  options.most_threads = arguments.max_threads;
  options.report_only = platform.command.report_only;
  return options;
}

Send sender(GitLab& platform) {
  return [&platform](const Request& request) { return platform.session->client.send(request); };
}

std::string first_line(const Errors& errors) {
  const std::string text = format_errors(errors);
  return text.substr(0, text.find('\n'));
}

void open(GitLab& platform, const Environment& environment) {
  const auto say = [&platform](std::string_view line) {
    if (platform.progress) {
      platform.progress->say(line);
    } else {
      platform.streams->err << "asking GitLab: " << printable(line) << '\n' << std::flush;
    }
  };
  Result<Session> session = gitlab::open_session(environment, platform.job, platform.token,
                                                 {platform.command.publish.ca_file, SPIRITSAFE_VERSION, say});
  if (session) {
    platform.session = std::move(*session);
  } else {
    platform.errors = session.error();
  }
}

// An approval of a commit that is not here, after a rebase say, counts for nothing: its code is not known.
void set_digests(Approvals& approvals, const PlatformQuestion& question) {
  std::map<std::string, std::map<std::string, std::string>> digests;
  for (Approval& approval : approvals.given) {
    if (approval.commit.empty()) {
      continue;
    }
    const auto [found, is_new] = digests.try_emplace(approval.commit);
    if (is_new && digests.size() <= most_commits) {
      found->second = question.digests_at(approval.commit).value_or(std::map<std::string, std::string>());
    }
    approval.digests = found->second;
  }
}

PlatformAnswer ask(GitLab& platform, const PlatformQuestion& question) {
  PlatformAnswer answer;
  const Send send = sender(platform);
  const Result<gitlab::MergeRequest> request = gitlab::read_merge_request(send, platform.job);
  if (!request) {
    answer.notes = {"the merge request cannot be read, so nothing counts as approved: " + first_line(request.error())};
    return answer;
  }
  answer.description = request->description;
  // A file of approvals is what counts where one is given.
  if (!platform.command.judge.approvals.empty()) {
    return answer;
  }
  Result<gitlab::GivenApprovals> given = gitlab::read_approvals(send, platform.job, *request, question.groups);
  if (!given) {
    answer.notes = {"who approved the merge request cannot be read, so nothing counts as approved: " +
                    first_line(given.error())};
    return answer;
  }
  answer.notes = std::move(given->notes);
  set_digests(given->approvals, question);
  answer.approvals = std::move(given->approvals);
  return answer;
}

Publication show_plan(const GitLab& platform, const Judgement& judgement, const ReportOptions& report) {
  std::vector<Request> requests;
  if (platform.command.judge.approvals.empty()) {
    requests = {gitlab::merge_request_request(platform.job), gitlab::approvals_request(platform.job)};
  }
  for (Request& request : gitlab::plan(platform.job, judgement, report, options_of(platform))) {
    requests.push_back(std::move(request));
  }
  Publication publication;
  publication.requests = show_requests(requests);
  publication.lines = {fmt::format("dry run: {} requests, none of them sent", requests.size())};
  return publication;
}

void publish_request(GitLab& platform, const Send& send, const Judgement& judgement, const ReportOptions& report,
                     Publication& publication) {
  const Result<std::string> author = gitlab::find_user(send);
  if (!author) {
    publication.errors = author.error();
    return;
  }
  const auto pause = [&platform](std::chrono::seconds time) { platform.session->clock.sleep(time); };
  const Result<gitlab::Published> done =
      gitlab::publish(send, platform.job, *author, judgement, report, options_of(platform), pause);
  if (!done) {
    publication.errors = done.error();
    return;
  }
  publication.lines.push_back(fmt::format("merge request {}: {} of {} findings are threads on their lines",
                                          platform.job.request, done->threads, done->findings));
  if (done->refused > 0) {
    publication.lines.push_back(
        fmt::format("note: {} not taken as threads, since GitLab finds no such line in its diff; the note has them",
                    done->refused));
  }
}

void send_all(GitLab& platform, const Judgement& judgement, const ReportOptions& report, Publication& publication) {
  PublishProgress progress(*platform.streams, likely_writes);
  platform.progress = &progress;
  const Send send = sender(platform);
  if (platform.job.request.empty()) {
    publication.lines.push_back("no merge request is open for this pipeline, so there is nothing to comment on");
  } else {
    publish_request(platform, send, judgement, report, publication);
  }
  if (publication.errors.empty()) {
    const gitlab::Status status = gitlab::status_of(judgement, options_of(platform));
    publication.lines.push_back(gitlab::publish_status(send, platform.job, status)
                                    ? fmt::format("commit status {}: {}", status.name, status.state)
                                    : std::string("note: this token may not set the commit's status; the job's own "
                                                  "state says the same"));
  }
  platform.progress = nullptr;
}

Publication publish_to(GitLab& platform, const Judgement& judgement, const ReportOptions& report) {
  if (platform.command.publish.dry_run && platform.errors.empty()) {
    return show_plan(platform, judgement, report);
  }
  Publication publication;
  publication.errors = platform.errors;
  if (publication.errors.empty() && platform.job.merge_train) {
    publication.lines = {"a merge train: what was said on the merge request stays as it is"};
    return publication;
  }
  if (publication.errors.empty() && !platform.token.can_write) {
    publication.errors = {gitlab::no_writing_token()};
  }
  if (publication.errors.empty()) {
    send_all(platform, judgement, report, publication);
  }
  return publication;
}

}  // namespace

Publisher open_gitlab(const CheckCommand& command, const Streams& streams) {
  const auto platform = std::make_shared<GitLab>();
  platform->command = command;
  platform->streams = &streams;
  const Environment environment = surroundings(streams).environment;
  Publisher publisher;
  Result<gitlab::Job> job =
      command.publish.dry_run ? gitlab::read_job_for_show(environment, publisher.notes) : gitlab::read_job(environment);
  if (job) {
    platform->job = std::move(*job);
  } else {
    platform->errors = job.error();
  }
  platform->token = gitlab::find_token(environment);
  if (platform->errors.empty() && !command.publish.dry_run && !platform->token.name.empty()) {
    open(*platform, environment);
  }
  if (platform->session) {
    publisher.notes = platform->session->notes;
    if (!platform->job.request.empty()) {
      publisher.ask = [platform](const PlatformQuestion& question) { return ask(*platform, question); };
    }
  }
  publisher.publish = [platform](const Judgement& judgement, const ReportOptions& report) {
    return publish_to(*platform, judgement, report);
  };
  return publisher;
}

}  // namespace spiritsafe
