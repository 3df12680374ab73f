// SPDX-License-Identifier: Apache-2.0
#include "adapters/report/graph.h"

#include <algorithm>

#include "adapters/cli/commands.h"
#include "adapters/cli/judging.h"
#include "engine/text/printable.h"

namespace spiritsafe {

Exit graph(const GraphCommand& command, const Streams& streams, bool colour) {
  std::vector<Drawing> drawings;
  const Result<Visit> visit = visit_workspace(command.judge, surroundings(streams), [&](const Batch& batch) {
    for (size_t i = 0; i < batch.projects.size(); ++i) {
      if (batch.found[i]) {
        drawings.push_back(draw(*batch.projects[i]));
      }
    }
  });
  if (!visit) {
    return unusable(visit.error(), streams, streams.err_is_terminal && colour);
  }
  for (const std::string& note : visit->notes) {
    streams.err << "note: " << printable(note) << '\n';
  }
  const auto formats = graph_formats();
  const auto format = std::ranges::find(formats, command.format, &GraphFormat::name);
  streams.out << format->write(drawings, colour) << std::flush;
  return streams.out ? Exit::clean : Exit::unusable;
}

}  // namespace spiritsafe
