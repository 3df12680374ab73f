// SPDX-License-Identifier: Apache-2.0
#include "adapters/postgres/database.h"

#include <dlfcn.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>

#include <fmt/format.h>
#include <libpq-fe.h>

namespace spiritsafe {
namespace {

// The functions of libpq that are used, found by their names.
struct Library {
  void* handle = nullptr;
  decltype(&PQconninfoParse) conninfo_parse = nullptr;
  decltype(&PQconninfoFree) conninfo_free = nullptr;
  decltype(&PQfreemem) freemem = nullptr;
  decltype(&PQconnectdbParams) connectdb_params = nullptr;
  decltype(&PQpingParams) ping_params = nullptr;
  decltype(&PQstatus) status = nullptr;
  decltype(&PQerrorMessage) error_message = nullptr;
  decltype(&PQparameterStatus) parameter_status = nullptr;
  decltype(&PQfinish) finish = nullptr;
  decltype(&PQexec) exec = nullptr;
  decltype(&PQresultStatus) result_status = nullptr;
  decltype(&PQntuples) ntuples = nullptr;
  decltype(&PQgetvalue) getvalue = nullptr;
  decltype(&PQgetisnull) getisnull = nullptr;
  decltype(&PQclear) clear = nullptr;
};

const Library& library() {
  static const Library loaded = [] {
    Library pq;
    pq.handle = ::dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
    bool whole = pq.handle != nullptr;
    const auto find = [&](auto& function, const char* name) {
      function =
          pq.handle ? reinterpret_cast<std::remove_reference_t<decltype(function)>>(::dlsym(pq.handle, name)) : nullptr;
      whole = whole && function != nullptr;
    };
    find(pq.conninfo_parse, "PQconninfoParse");
    find(pq.conninfo_free, "PQconninfoFree");
    find(pq.freemem, "PQfreemem");
    find(pq.connectdb_params, "PQconnectdbParams");
    find(pq.ping_params, "PQpingParams");
    find(pq.status, "PQstatus");
    find(pq.error_message, "PQerrorMessage");
    find(pq.parameter_status, "PQparameterStatus");
    find(pq.finish, "PQfinish");
    find(pq.exec, "PQexec");
    find(pq.result_status, "PQresultStatus");
    find(pq.ntuples, "PQntuples");
    find(pq.getvalue, "PQgetvalue");
    find(pq.getisnull, "PQgetisnull");
    find(pq.clear, "PQclear");
    pq.handle = whole ? pq.handle : nullptr;
    return pq;
  }();
  return loaded;
}

struct Parsed {
  std::vector<std::pair<std::string, std::string>> parameters = {};
  std::string problem = {};
  std::string get(std::string_view name) const {
    const auto found = std::ranges::find(parameters, name, &std::pair<std::string, std::string>::first);
    return found == parameters.end() ? std::string() : found->second;
  }
};

// SQLAlchemy's URL without its driver. libpq's own words about a bad URL may hold the password, so they are not used.
Parsed parse(const std::string& url) {
  Parsed parsed;
  const size_t colon = url.find("://");
  const std::string scheme = url.substr(0, std::min(colon, url.find('+')));
  if (colon == std::string::npos || (scheme != "postgresql" && scheme != "postgres")) {
    parsed.problem = "it is no URL of PostgreSQL, such as postgresql://user:password@host:5432/database";
    return parsed;
  }
  char* error = nullptr;
  PQconninfoOption* options = library().conninfo_parse((scheme + url.substr(colon)).c_str(), &error);
  if (error) {
    library().freemem(error);
  }
  if (!options) {
    parsed.problem = "libpq cannot read it: special characters of a password are written as %40 for @, %2F for /";
    return parsed;
  }
  for (const PQconninfoOption* option = options; option->keyword; ++option) {
    if (option->val) {
      parsed.parameters.emplace_back(option->keyword, option->val);
    }
  }
  library().conninfo_free(options);
  if (parsed.get("host").find('@') != std::string::npos) {
    parsed.problem = "its host has an `@`: in a password it is written %40";
  }
  return parsed;
}

std::string place_of(const Parsed& parsed) {
  const std::string host = parsed.get("host").empty() ? parsed.get("hostaddr") : parsed.get("host");
  const std::string port = parsed.get("port");
  return fmt::format("{}:{}/{}", host.empty() ? "localhost" : host, port.empty() ? "5432" : port, parsed.get("dbname"));
}

std::string without_password(std::string text, const std::string& password) {
  for (size_t at = 0; !password.empty() && (at = text.find(password, at)) != std::string::npos; at += 3) {
    text.replace(at, password.size(), "***");
  }
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) {
    text.pop_back();
  }
  return text;
}

DatabaseState no_library() {
  DatabaseState state;
  state.problem = "libpq.so.5 is not installed here (Debian: apt-get install libpq5)";
  return state;
}

struct Pointers {
  std::vector<const char*> names = {}, values = {};
};

Pointers pointers_to(const std::vector<std::pair<std::string, std::string>>& parameters) {
  Pointers out;
  for (const auto& [name, value] : parameters) {
    out.names.push_back(name.c_str());
    out.values.push_back(value.c_str());
  }
  out.names.push_back(nullptr);
  out.values.push_back(nullptr);
  return out;
}

void read_versions(PGconn* connection, const std::string& password, DatabaseState& state) {
  const Library& pq = library();
  const std::unique_ptr<PGresult, decltype(&PQclear)> there(
      pq.exec(connection, "SELECT to_regclass('alembic_version')"), pq.clear);
  if (pq.result_status(there.get()) != PGRES_TUPLES_OK || pq.ntuples(there.get()) != 1 ||
      pq.getisnull(there.get(), 0, 0)) {
    return;
  }
  const std::unique_ptr<PGresult, decltype(&PQclear)> rows(
      pq.exec(connection, "SELECT version_num FROM alembic_version LIMIT 1000"), pq.clear);
  if (pq.result_status(rows.get()) != PGRES_TUPLES_OK) {
    state.problem = without_password(pq.error_message(connection), password);
    return;
  }
  state.has_versions = true;
  for (int row = 0; row < pq.ntuples(rows.get()); ++row) {
    state.versions.emplace_back(pq.getvalue(rows.get(), row, 0));
  }
  std::ranges::sort(state.versions);
}

// Partitions count for the table that they are part of.
constexpr const char* sizes_of_tables = R"(
    SELECT n.nspname, c.relname,
        (SELECT CASE WHEN bool_or(part.reltuples >= 0) THEN sum(greatest(part.reltuples, 0))::bigint ELSE -1 END FROM pg_class part
            WHERE (part.oid = c.oid AND c.relkind = 'r') OR part.oid IN (SELECT relid FROM pg_partition_tree(c.oid) WHERE isleaf)),
        (SELECT sum(pg_total_relation_size(part)) FROM (SELECT c.oid UNION SELECT relid FROM pg_partition_tree(c.oid)) tree (part))
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't'
        AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
    ORDER BY 1, 2)";

void read_table_sizes(PGconn* connection, const std::string& password, DatabaseState& state) {
  const Library& pq = library();
  const std::unique_ptr<PGresult, decltype(&PQclear)> rows(pq.exec(connection, sizes_of_tables), pq.clear);
  if (pq.result_status(rows.get()) != PGRES_TUPLES_OK) {
    state.problem = without_password(pq.error_message(connection), password);
    return;
  }
  for (int row = 0; row < pq.ntuples(rows.get()); ++row) {
    const auto text = [&](int column) { return pq.getvalue(rows.get(), row, column); };
    state.tables.push_back({text(0), text(1), std::strtoll(text(2), nullptr, 10), std::strtoll(text(3), nullptr, 10)});
  }
}

}  // namespace

DatabaseState ask_database(const std::string& url, bool with_table_sizes) {
  const Library& pq = library();
  if (!pq.handle) {
    return no_library();
  }
  DatabaseState state;
  Parsed parsed = parse(url);
  if (!parsed.problem.empty()) {
    state.problem = parsed.problem;
    return state;
  }
  state.where = place_of(parsed);
  const std::string password = parsed.get("password");
  parsed.parameters.emplace_back("connect_timeout", "5");
  parsed.parameters.emplace_back("application_name", "spiritsafe doctor");
  parsed.parameters.emplace_back(
      "options", parsed.get("options") + " -c default_transaction_read_only=on -c statement_timeout=5000");
  // Of a name that is given twice libpq takes the last.
  const Pointers pointers = pointers_to(parsed.parameters);
  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(
      pq.connectdb_params(pointers.names.data(), pointers.values.data(), 0), pq.finish);
  if (pq.status(connection.get()) != CONNECTION_OK) {
    state.problem = without_password(pq.error_message(connection.get()), password);
    const PGPing ping = pq.ping_params(pointers.names.data(), pointers.values.data(), 0);
    state.kind =
        ping == PQPING_OK || ping == PQPING_REJECT ? DatabaseState::Kind::refuses : DatabaseState::Kind::no_answer;
    return state;
  }
  state.kind = DatabaseState::Kind::answers;
  if (const char* version = pq.parameter_status(connection.get(), "server_version")) {
    state.version = version;
  }
  read_versions(connection.get(), password, state);
  if (with_table_sizes) {
    read_table_sizes(connection.get(), password, state);
  }
  return state;
}

std::optional<DatabaseState> ping_local_database(const std::string& url) {
  const Library& pq = library();
  if (!pq.handle) {
    return no_library();
  }
  const Parsed parsed = parse(url);
  static constexpr std::array<std::string_view, 4> local = {"", "localhost", "127.0.0.1", "::1"};
  const std::string host = parsed.get("host");
  if (!parsed.problem.empty() || !parsed.get("hostaddr").empty() || std::ranges::find(local, host) == local.end()) {
    return {};
  }
  DatabaseState state;
  state.where = place_of(parsed);
  const std::string port = parsed.get("port");
  const std::vector<std::pair<std::string, std::string>> parameters = {
      {"host", host.empty() ? "localhost" : host}, {"port", port.empty() ? "5432" : port}, {"connect_timeout", "3"}};
  const Pointers pointers = pointers_to(parameters);
  switch (pq.ping_params(pointers.names.data(), pointers.values.data(), 0)) {
    case PQPING_OK:
      state.kind = DatabaseState::Kind::answers;
      break;
    case PQPING_REJECT:
      state.kind = DatabaseState::Kind::refuses;
      state.problem = "the server is there and not ready yet";
      break;
    case PQPING_NO_RESPONSE:
      state.kind = DatabaseState::Kind::no_answer;
      state.problem = "nobody listens there";
      break;
    case PQPING_NO_ATTEMPT:
      return {};
  }
  return state;
}

}  // namespace spiritsafe
