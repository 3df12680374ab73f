// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <fstream>

#include <fmt/format.h>

#include "adapters/cli/commands.h"
#include "adapters/cli/judging.h"
#include "adapters/cli/publish.h"
#include "adapters/cli/publish_github.h"
#include "adapters/report/graph_excerpt.h"
#include "adapters/report/report.h"
#include "engine/text/printable.h"

#ifndef SPIRITSAFE_VERSION
#define SPIRITSAFE_VERSION "0"
#endif

namespace spiritsafe {
namespace {

ReportOptions report_options(const WorkspaceJudgement& judged, const CheckCommand& command,
                             const Environment& environment) {
  ReportOptions options;
  options.show_waived = command.show_waived;
  options.threads = judged.visit.threads;
  options.base = judged.visit.base;
  options.migrations = judged.visit.migrations;
  options.changed = judged.visit.changed;
  options.projects = judged.visit.projects;
  // One report has one policy; with several, the one that judges the scripts at the top stands for them.
  const auto& policy = judged.visit.deciding.policies.of_project.empty()
                           ? judged.visit.deciding.policies.scripts
                           : judged.visit.deciding.policies.of_project.front();
  options.policy_source = policy->source;
  options.policy_digest = policy->digest;
  options.notes = judged.visit.notes;
  options.version = SPIRITSAFE_VERSION;
  options.graph = draw_excerpts(judged.drawings);
  set_places(options, judged.visit.places, environment);
  return options;
}

// FORMAT=FILE, each written whole or reported.
bool write_outputs(const CheckCommand& command, const Judgement& judgement, const ReportOptions& options,
                   const Streams& streams) {
  bool written = true;
  for (const std::string& output : command.outputs) {
    const size_t equals = output.find('=');
    const ReportFormat* format = find_format(output.substr(0, equals));
    const std::string path = output.substr(equals + 1);
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    write_report(file, *format, judgement, options);
    file.close();
    if (!file) {
      streams.err << fmt::format("{}: error: cannot be written\n", printable(path));
      written = false;
    }
  }
  return written;
}

Exit exit_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::clean:
      return Exit::clean;
    case Verdict::blocked:
      return Exit::blocked;
    case Verdict::approval:
      return Exit::approval;
    case Verdict::unusable:
      return Exit::unusable;
  }
  return Exit::unusable;
}

// That nothing could be judged is shown too: what an earlier run said would look like the answer.
void publish_unusable(const std::optional<Publisher>& publisher, const CheckCommand& command, const Errors& errors,
                      const Streams& streams) {
  Judgement judgement;
  judgement.verdict = Verdict::unusable;
  set_step_outputs(command, judgement, streams);
  if (publisher) {
    ReportOptions options;
    options.version = SPIRITSAFE_VERSION;
    for (const Error& error : errors) {
      options.notes.push_back(format_errors({error}, false));
    }
    publish(*publisher, command, judgement, options, streams);
  }
}

void say_timing(const Visit& visit, double report, const Streams& streams) {
  const Timing& timing = visit.timing;
  streams.err << fmt::format(
      "find {:.1f} ms, policy {:.1f} ms, read and judge {:.1f} ms, report {:.1f} ms; {} migrations of {} projects\n",
      timing.find, timing.policy, timing.judge, report, visit.migrations, visit.projects);
}

}  // namespace

Exit unusable(const Errors& errors, const Streams& streams, bool colour) {
  streams.err << format_errors(errors, colour);
  return Exit::unusable;
}

Exit check(const CheckCommand& command, const Streams& streams, bool colour) {
  const std::optional<Publisher> publisher = open_publisher(command, streams);
  Surroundings around = surroundings(streams);
  around.ask_platform = publisher ? publisher->ask : AskPlatform();
  const Result<WorkspaceJudgement> judged = judge_workspace(command.judge, around);
  if (!judged) {
    const Exit exit = unusable(judged.error(), streams, streams.err_is_terminal && colour);
    publish_unusable(publisher, command, judged.error(), streams);
    return exit;
  }
  for (const std::string& note : judged->visit.notes) {
    streams.err << "note: " << printable(note) << '\n';
  }
  ReportOptions options = report_options(*judged, command, around.environment);
  const bool written = write_outputs(command, judged->judgement, options, streams);
  options.colour = colour;
  const auto start = std::chrono::steady_clock::now();
  if (!command.publish.dry_run) {
    write_report(streams.out, *find_format(command.format), judged->judgement, options);
    streams.out << std::flush;
  }
  if (command.timing) {
    say_timing(judged->visit,
               std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count(), streams);
  }
  set_step_outputs(command, judged->judgement, streams);
  const bool published = !publisher || publish(*publisher, command, judged->judgement, options, streams);
  const bool unpublished = command.publish.required && !published;
  const Exit verdict = command.report_only && judged->judgement.verdict != Verdict::unusable
                           ? Exit::clean
                           : exit_of(judged->judgement.verdict);
  const Exit exit = !written || !streams.out || verdict == Exit::unusable ? Exit::unusable
                    : unpublished                                         ? Exit::unpublished
                                                                          : verdict;
  if (streams.leave) {
    streams.leave(static_cast<int>(exit));
  }
  return exit;
}

}  // namespace spiritsafe
