// SPDX-License-Identifier: Apache-2.0
#include "adapters/report/facts.h"

#include "adapters/cli/commands.h"
#include "adapters/files/find_policy.h"
#include "adapters/files/read_project.h"
#include "engine/judge/locks.h"

namespace spiritsafe {

Exit facts(const FactsCommand& command, const Streams& streams, bool colour) {
  const Result<Workspace> workspace = find_workspace({command.file});
  if (!workspace) {
    return unusable(workspace.error(), streams, streams.err_is_terminal && colour);
  }
  if (workspace->projects.empty()) {
    Error error;
    error.path = command.file;
    error.message = "is not a revision file";
    error.hints = {"give a .py file of a versions/ folder"};
    return unusable({error}, streams, streams.err_is_terminal && colour);
  }
  const auto projects = link_projects(open_projects(workspace->projects, workspace->root, {}, 1), workspace->projects, 1);
  const Result<Policies> policies = find_policies(*workspace, {});
  if (!policies) {
    return unusable(policies.error(), streams, streams.err_is_terminal && colour);
  }
  link_locks(*projects.front(), prepare(*policies->of_project.front()));
  for (const auto& migration : projects.front()->migrations) {
    streams.out << write_facts({&entity_of<Migration>(), migration.get()}, migration->file->source.text);
  }
  return Exit::clean;
}

}  // namespace spiritsafe
