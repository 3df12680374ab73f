// SPDX-License-Identifier: Apache-2.0
// A real database, only when the user asks for it. libpq is loaded when it is needed: with its own libraries it would
// double the time that every other command takes to start, and who never asks needs none.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace spiritsafe {

struct DatabaseState {
  enum class Kind {
    answers,      // it let us in; of a ping: it would accept connections
    no_answer,    // nobody listens, or not in time
    refuses,      // it answers, and does not let us in, or is not ready
    unusable_url  // not a PostgreSQL URL that libpq reads
  };
  Kind kind = Kind::unusable_url;
  std::string where = {};                  // host:port/database, never with a user or a password
  std::string problem = {};                // what libpq or the server said, without the password
  std::string version = {};                // of the server
  bool has_versions = false;               // the table alembic_version is there, and was read
  std::vector<std::string> versions = {};  // its rows, sorted
};

// `url` as SQLAlchemy or libpq writes it: `postgresql+psycopg2://user:password@host/database`. Logs in, in a read-only
// session, waits for a few seconds at most.
DatabaseState ask_database(const std::string& url);

// Asks only whether a server listens there, with nothing of the URL but host and port: for a URL that stands in the
// checkout, where a stranger may have written it. Hosts other than this machine are not asked; nothing then.
std::optional<DatabaseState> ping_local_database(const std::string& url);

}  // namespace spiritsafe
