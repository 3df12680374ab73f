// SPDX-License-Identifier: Apache-2.0
// A real database, only when the user asks for it. libpq is loaded when it is needed: with its own libraries it would
// double the time that every other command takes to start, and who never asks needs none.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace spiritsafe {

// A table with its indexes and out-of-line values; a partitioned one with its partitions.
struct TableSize {
  std::string schema = {};
  std::string name = {};
  int64_t rows = -1;  // as PostgreSQL estimates them; -1: it has never counted them
  int64_t bytes = 0;
};

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
  std::vector<TableSize> tables = {};      // where they were asked for; by schema and name
};

// `url` as SQLAlchemy or libpq writes it: `postgresql+psycopg2://user:password@host/database`. Logs in, in a read-only
// session, waits for a few seconds at most. Table sizes are those of all tables that are not PostgreSQL's own; what
// makes them unreadable is the problem then.
DatabaseState ask_database(const std::string& url, bool with_table_sizes = false);

// Asks only whether a server listens there, with nothing of the URL but host and port: for a URL that stands in the
// checkout, where a stranger may have written it. Hosts other than this machine are not asked; nothing then.
std::optional<DatabaseState> ping_local_database(const std::string& url);

}  // namespace spiritsafe
