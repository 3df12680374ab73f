// SPDX-License-Identifier: Apache-2.0
#include "adapters/report/schema.h"

#include <algorithm>

#include <fmt/format.h>

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

// The revisions that the given text may mean: itself, else those that begin with it.
std::vector<Node> find_revisions(const RevisionGraph& graph, const std::string& text) {
  std::vector<Node> found;
  for (Node node = 0; node < graph.size(); ++node) {
    const std::string_view revision = graph.migrations[node]->revision.value;
    if (graph.counts[node] && revision == text) {
      return {node};
    }
    if (graph.counts[node] && text.size() >= 4 && revision.starts_with(text)) {
      found.push_back(node);
    }
  }
  return found;
}

struct Wanted {
  const SchemaCommand& command;
  const SchemaFormat& format;
  std::string text = {};
  size_t count = 0;
};

void add_project(Wanted& wanted, const Project& project, const FoundProject& found, const Batch& batch) {
  ReplayedSchema schema;
  schema.project = project.name;
  std::unique_ptr<ModelsRead> models;
  Arena arena;
  if (wanted.command.models) {
    models = read_project_models(found, *batch.workspace, behaviours_of(*batch.policy->policy));
    schema.of_models = models->sources.env.empty() ? "no env.py" : models->sources.env;
    schema.snapshot = expected_schema(*models->facts, arena);
    wanted.text += wanted.count++ == 0 ? wanted.format.before : wanted.format.between;
    wanted.text += wanted.format.write(schema);
    return;
  }
  const Sides sides = find_sides(project);
  const RevisionGraph graph = make_graph(sides.merged);
  const Migration* until = nullptr;
  if (!wanted.command.at.empty()) {
    const std::vector<Node> nodes = find_revisions(graph, wanted.command.at);
    if (nodes.size() != 1) {
      return;
    }
    until = graph.migrations[nodes[0]];
  }
  const std::unique_ptr<Replay> made = replay(graph, until);
  Replay& replayed = *made;
  if (until) {
    schema.at.emplace_back(until->revision.value);
  } else {
    for (Node node = 0; node < graph.size(); ++node) {
      if (is_head(graph, node)) {
        schema.at.emplace_back(graph.migrations[node]->revision.value);
      }
    }
  }
  Moment moment{&replayed.line, replayed.line.now};
  Timeline line;
  if (wanted.command.downgraded && until) {
    schema.downgraded = true;
    line = replay_downgrade(replayed, replayed.revisions.back());
    moment = {&line, line.now};
  }
  schema.snapshot = take_snapshot(moment, arena);
  find_lines(schema);
  wanted.text += wanted.count++ == 0 ? wanted.format.before : wanted.format.between;
  wanted.text += wanted.format.write(schema);
}

}  // namespace

Exit schema(const SchemaCommand& command, const Streams& streams, bool colour) {
  const auto formats = schema_formats();
  // Written while the files are there: what is shown are views into them.
  Wanted wanted{command, *std::ranges::find(formats, command.format, &SchemaFormat::name)};
  JudgeArguments arguments = command.judge;
  arguments.all = true;
  const Result<Visit> visit = visit_workspace(arguments, surroundings(streams), [&](const Batch& batch) {
    for (size_t i = 0; i < batch.projects.size(); ++i) {
      if (batch.found[i]) {
        add_project(wanted, *batch.projects[i], *batch.found[i], batch);
      }
    }
  });
  if (!visit) {
    return unusable(visit.error(), streams, streams.err_is_terminal && colour);
  }
  if (wanted.count == 0 && !command.at.empty()) {
    Error error;
    error.message = fmt::format("no revision `{}`, or more than one that begins with it", command.at);
    error.hints.push_back("`spiritsafe graph` lists the revisions");
    return unusable({error}, streams, streams.err_is_terminal && colour);
  }
  for (const std::string& note : visit->notes) {
    streams.err << "note: " << printable(note) << '\n';
  }
  streams.out << (wanted.count == 0 ? wanted.format.before : "") << wanted.text << wanted.format.behind << std::flush;
  return streams.out ? Exit::clean : Exit::unusable;
}

}  // namespace spiritsafe
