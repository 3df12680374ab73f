// SPDX-License-Identifier: Apache-2.0
// What stands around the migrations: jobs of workflows, code that changes the schema past them, env.py, and what a
// change does to the checks themselves. Texts and lists are views into the arena of the file.
#pragma once

#include "engine/facts/kinds.h"
#include "engine/facts/value.h"

namespace spiritsafe {

struct File;
struct WorkflowJob;

// One shell line of a job's script, or one action or template that it uses.
struct Command {
  Span span = {};
  Text text = {};               // a shell line, continuation lines joined; absent where an action is used
  Text uses = {};               // `actions/checkout@v4`
  Text condition = {};          // `if:` of its step
  Flag continue_on_error = {};  // of its step
  const WorkflowJob* job = nullptr;
};

// One job of a GitHub workflow or of GitLab's CI configuration.
struct WorkflowJob {
  Span span = {};  // its name
  Platform platform = Platform::github;
  Text name = {};
  // GitHub's events (`pull_request`, `push`, …) and GitLab's pipeline sources (`merge_request_event`, `push`, …), with
  // `tag` for pushes of tags. Open where a condition chooses in a way that was not understood.
  Texts triggers = {};
  Texts branches = {};      // the branches whose pushes start it, patterns as written; absent: all of them
  Text environment = {};    // the deployment environment
  Texts services = {};      // containers that run beside it, and the images of GitLab's
  Text condition = {};      // `if:`; GitLab: of its rules, joined by ` || `
  Flag allow_failure = {};  // continue-on-error, allow_failure
  bool manual = false;      // somebody has to start it
  List<Command> commands = {};
  const File* file = nullptr;
};

// A place outside of migrations that makes, changes or drops what belongs to the schema, or moves Alembic's mark.
struct SchemaChange {
  Span span = {};
  SchemaChangeKind kind = SchemaChangeKind::sql;
  Text text = {};       // as written, white space folded, cut where it is long
  Text statement = {};  // sql: what it does, `create table`, `alter table`, `drop index`
  Text object = {};     // sql: what it is about, as written; unknown where a value names it
  Flag temporary = {};  // sql: of a temporary object
  const File* file = nullptr;
};

// env.py.
struct EnvScript {
  Span span = {};
  Texts imports = {};         // modules, `app.models`, `.models`
  Text target_metadata = {};  // what it is set to last, as written
  Flag compare_type = {};     // of the call that configures a connection; absent where it is not written
  // What that amounts to: where it is not written, what the project's version of Alembic does by itself; unknown where
  // that is not known.
  Flag compares_types = {};
  Flag transaction_per_migration = {};  // as compare_type
  Flag sets_lock_timeout = {};          // false: it makes the engine itself and says nothing of a lock_timeout
  Text uncommitted_execute = {};  // a call that runs SQL on the connection before Alembic begins its transaction, with
                                  // no commit behind it
  const File* file = nullptr;
};

// Something that the change takes away from the checks. Found by comparing with the base, not by reading.
struct Weakening {
  Span span = {};
  WeakeningKind kind = WeakeningKind::level_lowered;
  Text subject = {};  // the rule, setting or job
  Text before = {};
  Text after = {};
  Text text = {};              // the whole in words: `drop-column goes from approval to warn`
  const File* file = nullptr;  // nullptr: it stands in no file that is there
};

}  // namespace spiritsafe
