// SPDX-License-Identifier: Apache-2.0
#include "adapters/cli/publish_github.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <map>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "adapters/cli/publish_progress.h"
#include "adapters/files/read_file.h"
#include "adapters/github/approvals.h"
#include "adapters/github/contents.h"
#include "adapters/github/job_files.h"
#include "adapters/github/publish.h"
#include "adapters/github/pull_request.h"
#include "adapters/github/session.h"
#include "adapters/github/wanted.h"
#include "adapters/platform/requests.h"
#include "engine/read/digest.h"
#include "engine/text/printable.h"

#ifndef SPIRITSAFE_VERSION
#define SPIRITSAFE_VERSION "0"
#endif

namespace spiritsafe {
namespace {

constexpr size_t largest_event = 32u << 20;
constexpr size_t most_contents = 60;     // that are asked of GitHub
constexpr size_t most_commits = 30;      // that approvals were given for
constexpr size_t room_to_spare = 1'000;  // bytes of the step summary

// All that is known of the platform before there is anything to publish.
struct GitHub {
  CheckCommand command = {};
  const Streams* streams = nullptr;
  Environment environment = {};
  github::Context context = {};
  Errors errors = {};  // why nothing can be published
  std::optional<Session> session = {};
  PublishProgress* progress = nullptr;  // while something is published
};

std::string read_event_file(const Environment& environment) {
  const std::string path = environment("GITHUB_EVENT_PATH");
  // A file that cannot be read is as none; what is missing of it is said then.
  const Result<std::string> text = path.empty() ? std::string() : read_text(path, largest_event);
  return text ? *text : std::string();
}

github::CommentPolicy comment_policy(const std::string& word) {
  return word == "always"  ? github::CommentPolicy::always
         : word == "never" ? github::CommentPolicy::never
                           : github::CommentPolicy::findings;
}

github::Wanted wanted_for(const GitHub& platform, const Judgement& judgement, const ReportOptions& options) {
  const PublishArguments& arguments = platform.command.publish;
  return github::wanted_for(judgement, platform.context,
                            {arguments.check_name, comment_policy(arguments.comment), platform.command.report_only},
                            options);
}

size_t count_writes(const std::vector<Request>& requests) {
  return static_cast<size_t>(std::ranges::count_if(requests, is_write));
}

void append(Errors& errors, const Errors& more) { errors.insert(errors.end(), more.begin(), more.end()); }

Send sender(GitHub& platform) {
  return [&platform](const Request& request) { return platform.session->client.send(request); };
}

std::function<void(std::chrono::seconds)> pauser(GitHub& platform) {
  return [&platform](std::chrono::seconds time) { platform.session->clock.sleep(time); };
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
  Result<Session> session = github::open_session(platform.environment, platform.context,
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

// Of a commit that is not here, after a rebase say, GitHub has the files still.
std::map<std::string, std::string> digests_there(GitHub& platform, const PlatformQuestion& question,
                                                 const std::string& commit, size_t& asked) {
  std::map<std::string, std::string> digests;
  for (const std::string& path : question.paths) {
    if (asked++ >= most_contents) {
      break;
    }
    if (const auto text = github::read_content(sender(platform), platform.context, path, commit)) {
      digests.emplace(path, code_digests(*text).code);
    }
  }
  return digests;
}

void set_digests(GitHub& platform, Approvals& approvals, const PlatformQuestion& question) {
  size_t asked = 0;
  std::map<std::string, std::map<std::string, std::string>> digests;
  for (Approval& approval : approvals.given) {
    if (approval.commit.empty() || approval.answer != Approval::Answer::approved) {
      continue;
    }
    const auto [found, is_new] = digests.try_emplace(approval.commit);
    if (is_new && digests.size() <= most_commits) {
      auto here = question.digests_at(approval.commit);
      found->second = here ? std::move(*here) : digests_there(platform, question, approval.commit, asked);
    }
    approval.digests = found->second;
  }
}

// The number that a workflow_run does not tell.
void find_number(GitHub& platform, std::vector<std::string>& notes) {
  if (platform.context.number != 0 || platform.context.event != "workflow_run") {
    return;
  }
  const Result<uint64_t> number = github::find_pull_request(sender(platform), platform.context);
  platform.context.number = number ? *number : 0;
  if (!number) {
    notes.push_back("which pull request this is about cannot be asked: " + first_line(number.error()));
  }
}

PlatformAnswer ask(GitHub& platform, const PlatformQuestion& question) {
  PlatformAnswer answer;
  const Send send = sender(platform);
  const Result<github::PullRequest> pull = github::read_pull_request(send, platform.context);
  if (!pull) {
    answer.notes = {"the pull request cannot be read, so nothing counts as approved: " + first_line(pull.error())};
    return answer;
  }
  answer.description = pull->body;
  if (!asks_for_approvals(platform)) {
    return answer;
  }
  Result<github::GivenApprovals> given = github::read_approvals(send, platform.context, *pull, question.groups);
  if (!given) {
    answer.notes = {"who approved the pull request cannot be read, so nothing counts as approved: " +
                    first_line(given.error())};
    return answer;
  }
  answer.notes = std::move(given->notes);
  set_digests(platform, given->approvals, question);
  answer.approvals = std::move(given->approvals);
  return answer;
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
  if (used + 2 * room_to_spare < github::step_summary_bytes) {
    file << github::report_for(judgement, platform.context, options, github::step_summary_bytes - used - room_to_spare);
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

Publication show_plan(const GitHub& platform, const Judgement& judgement, const ReportOptions& options) {
  std::vector<Request> requests;
  if (asks_for_approvals(platform)) {
    requests = {github::pull_request_request(platform.context), github::reviews_request(platform.context)};
  }
  std::ranges::move(github::plan(wanted_for(platform, judgement, options)), std::back_inserter(requests));
  Publication publication;
  publication.requests = show_requests(requests);
  publication.lines = {fmt::format("dry run: {} requests, none of them sent", requests.size())};
  return publication;
}

std::string show_count(size_t count, const std::string& noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

void publish_check_run(GitHub& platform, const Send& send, const github::CheckRun& run, Publication& publication) {
  if (const Result<void> done = github::publish_check_run(send, run, pauser(platform)); !done) {
    append(publication.errors, done.error());
    return;
  }
  publication.lines.push_back(fmt::format("published the check run `{}`: {}, {}", run.name, run.conclusion,
                                          show_count(run.annotations.size(), "annotation")));
}

void publish_comment(GitHub& platform, const Send& send, github::Wanted& wanted, Publication& publication) {
  wanted.comment->author = github::find_login(platform.environment, send);
  wanted.suggestions->author = wanted.comment->author;
  const auto pause = pauser(platform);
  Result<void> done = github::publish_comment(send, *wanted.comment, pause);
  if (done) {
    publication.lines.push_back(
        fmt::format("the comment on pull request {} is as it should be", wanted.comment->number));
    const Result<github::PublishedFixes> fixes = github::publish_suggestions(send, *wanted.suggestions, pause);
    if (!fixes) {
      done = tl::unexpected(fixes.error());
    } else if (fixes->made + fixes->refused > 0) {
      publication.lines.push_back(fmt::format("suggested {} {}", fixes->made, fixes->made == 1 ? "fix" : "fixes"));
    }
    if (fixes && fixes->refused > 0) {
      publication.lines.push_back(fmt::format("note: {} not taken: GitHub finds no such line in the diff",
                                              show_count(fixes->refused, "suggestion")));
    }
  }
  // Without a right to comments there is nothing of ours to be taken away either.
  if (!done && wanted.comment->policy != github::CommentPolicy::never) {
    append(publication.errors, done.error());
  }
}

void send_all(GitHub& platform, const Judgement& judgement, const ReportOptions& options, Publication& publication) {
  github::Wanted wanted = wanted_for(platform, judgement, options);
  PublishProgress progress(*platform.streams, count_writes(github::plan(wanted)));
  platform.progress = &progress;
  const Send send = sender(platform);
  publish_check_run(platform, send, wanted.run, publication);
  if (wanted.comment) {
    publish_comment(platform, send, wanted, publication);
  }
  platform.progress = nullptr;
}

Publication publish_to(GitHub& platform, const Judgement& judgement, const ReportOptions& options) {
  if (platform.command.publish.dry_run && platform.errors.empty()) {
    return show_plan(platform, judgement, options);
  }
  Publication publication;
  publication.errors = platform.errors;
  if (publication.errors.empty()) {
    send_all(platform, judgement, options, publication);
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
    find_number(*platform, publisher.notes);
    if (platform->context.number != 0) {
      publisher.ask = [platform](const PlatformQuestion& question) { return ask(*platform, question); };
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
