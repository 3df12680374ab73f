// SPDX-License-Identifier: Apache-2.0
#include "adapters/report/drift.h"

#include "adapters/cli/commands.h"
#include "adapters/cli/judging.h"
#include "adapters/files/model_files.h"
#include "engine/policy/behaviours.h"
#include "engine/schema/expected.h"
#include "engine/schema/replay.h"
#include "engine/schema/sides.h"
#include "engine/text/printable.h"

namespace spiritsafe {
namespace {

DriftReport drift_of(const Project& project, const FoundProject& found, const Batch& batch) {
  const std::unique_ptr<ModelsRead> models =
      read_project_models(found, *batch.workspace, behaviours_of(*batch.policy->policy));
  Arena arena;
  const Snapshot asked = expected_schema(*models->facts, arena);
  const Sides sides = find_sides(project);
  const RevisionGraph graph = make_graph(sides.merged);
  const std::unique_ptr<Replay> made = replay(graph);
  const Snapshot migrations = take_snapshot({&made->line, made->line.now}, arena);
  DriftReport report;
  if (!asked.tables.empty()) {  // else nothing is known of the models, and nothing differs
    report = make_drift_report(find_drift(migrations, asked));
  }
  report.project = project.name;
  report.environment = models->sources.env;
  report.tables = asked.tables.size();
  return report;
}

}  // namespace

Exit drift(const DriftCommand& command, const Streams& streams, bool colour) {
  std::vector<DriftReport> reports;
  JudgeArguments arguments = command.judge;
  arguments.all = true;
  const Result<Visit> visit = visit_workspace(arguments, surroundings(streams), [&](const Batch& batch) {
    for (size_t i = 0; i < batch.projects.size(); ++i) {
      if (batch.found[i] && !batch.projects[i]->settings.is_sql) {
        reports.push_back(drift_of(*batch.projects[i], *batch.found[i], batch));
      }
    }
  });
  if (!visit) {
    return unusable(visit.error(), streams, streams.err_is_terminal && colour);
  }
  bool differs = false, no_models = false;
  for (const DriftReport& report : reports) {
    differs = differs || !report.lines.empty();
    no_models = no_models || report.tables == 0;
    if (report.tables == 0) {
      streams.err << "note: no model with a table was found"
                  << (report.project.empty() ? "" : " for " + printable(report.project))
                  << ": env.py has to import them\n";
    }
  }
  for (const std::string& note : visit->notes) {
    streams.err << "note: " << printable(note) << '\n';
  }
  streams.out << (command.format == "json" ? write_drift_json(reports) : write_drift(reports, colour)) << std::flush;
  return !streams.out || reports.empty() || (no_models && !differs) ? Exit::unusable
         : differs                                                  ? Exit::blocked
                                                                    : Exit::clean;
}

}  // namespace spiritsafe
