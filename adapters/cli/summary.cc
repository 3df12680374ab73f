// SPDX-License-Identifier: Apache-2.0
#include "adapters/cli/commands.h"
#include "adapters/cli/judging.h"
#include "adapters/report/report.h"
#include "engine/text/printable.h"

namespace spiritsafe {

Exit summary(const SummaryCommand& command, const Streams& streams, bool colour) {
  const Result<WorkspaceJudgement> judged = judge_workspace(command.judge, surroundings(streams));
  if (!judged) {
    return unusable(judged.error(), streams, streams.err_is_terminal && colour);
  }
  for (const std::string& note : judged->visit.notes) {
    streams.err << "note: " << printable(note) << '\n';
  }
  ReportOptions options;
  options.base = judged->visit.base;
  options.colour = colour;
  set_places(options, judged->visit.places, surroundings(streams).environment);
  const auto write = command.format == "markdown" ? write_summary_markdown : write_summary;
  streams.out << write(judged->judgement, options) << std::flush;
  return streams.out ? Exit::clean : Exit::unusable;
}

}  // namespace spiritsafe
