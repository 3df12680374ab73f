// SPDX-License-Identifier: Apache-2.0
#include "adapters/report/doctor.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "adapters/cli/commands.h"
#include "adapters/cli/judging.h"
#include "adapters/cli/table_sizes.h"
#include "adapters/files/read_file.h"
#include "adapters/postgres/database.h"
#include "adapters/report/graph.h"
#include "engine/read/config.h"

namespace spiritsafe {
namespace {

using Status = CheckLine::Status;

constexpr std::string_view doctor_tag = "doctor";  // which rules are asked is the packs' business
constexpr size_t most_named = 5;

struct ProjectHistory {
  std::string folder = {};
  Drawing drawing = {};
};

struct Seen {
  std::map<std::string, CheckLine> rules = {};
  std::vector<ProjectHistory> projects = {};
  std::vector<std::string> urls = {};  // of alembic.ini files
  std::optional<TableThresholds> thresholds = {};
};

std::string some_of(const std::vector<std::string>& names) {
  const size_t shown = std::min(names.size(), most_named);
  return fmt::format("{}{}", fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(shown), ", "),
                     names.size() > shown ? fmt::format(" and {} more", names.size() - shown) : "");
}

void add_rules(const Batch& batch, Seen& seen) {
  seen.thresholds = seen.thresholds ? seen.thresholds : thresholds_of(batch.policy->policy->settings);
  for (const Rule& rule : batch.policy->policy->rules) {
    if (rule.level != Level::off && std::ranges::find(rule.tags, doctor_tag) != rule.tags.end()) {
      seen.rules.try_emplace(rule.id, CheckLine{Status::ok, rule.id, "nothing to say", {}});
    }
  }
  for (const Finding& finding : judge_batch(batch).findings) {
    const auto known = seen.rules.find(finding.rule->id);
    if (known == seen.rules.end() ||
        (finding.state != FindingState::open && finding.state != FindingState::undecided)) {
      continue;
    }
    CheckLine& line = known->second;
    const bool undecided = finding.state == FindingState::undecided;
    if (line.status == Status::ok || (line.status == Status::unknown && !undecided)) {
      line.found.clear();
    } else if (line.status == Status::missing && undecided) {
      continue;
    }
    line.status = undecided ? Status::unknown : Status::missing;
    line.found += (line.found.empty() ? "" : " ") + finding.message;
    line.next = finding.rule->fix;
  }
}

void add_projects(const Batch& batch, Seen& seen) {
  for (size_t i = 0; i < batch.projects.size(); ++i) {
    if (!batch.found[i]) {
      continue;
    }
    const std::string& folder = batch.found[i]->folder;
    seen.projects.push_back({folder, draw(*batch.projects[i])});
    const std::string path = join_path(folder, "alembic.ini");
    const Result<std::string> text = is_file(path) ? read_text(path, 1u << 20) : Result<std::string>();
    const auto sections = text ? read_alembic_ini(path, *text, folder) : Result<std::vector<AlembicSection>>();
    for (const AlembicSection& section : sections ? *sections : std::vector<AlembicSection>()) {
      if (!section.url.empty()) {
        seen.urls.push_back(section.url);
      }
    }
  }
}

// Everything below the revisions that the database is at.
std::set<std::string> applied_of(const Drawing& drawing, const std::vector<std::string>& versions) {
  std::map<std::string, const DrawnRevision*> by_id;
  for (const DrawnRevision& revision : drawing.revisions) {
    by_id[revision.revision] = &revision;
  }
  std::set<std::string> applied;
  std::vector<std::string> open = versions;
  while (!open.empty()) {
    const auto found = by_id.find(open.back());
    open.pop_back();
    if (found == by_id.end() || !applied.insert(found->first).second) {
      continue;
    }
    open.insert(open.end(), found->second->parents.begin(), found->second->parents.end());
    open.insert(open.end(), found->second->depends_on.begin(), found->second->depends_on.end());
  }
  return applied;
}

void add_history(const DatabaseState& database, const ProjectHistory& project, std::vector<CheckLine>& lines) {
  const std::string name = project.folder.empty() ? "this project" : project.folder;
  const std::set<std::string> applied = applied_of(project.drawing, database.versions);
  std::vector<std::string> pending;  // the oldest first
  std::set<std::string> ids;
  for (const DrawnRevision& revision : project.drawing.revisions) {
    ids.insert(revision.revision);
    if (!applied.contains(revision.revision)) {
      pending.insert(pending.begin(), revision.revision);
    }
  }
  std::vector<std::string> strange;
  std::ranges::copy_if(database.versions, std::back_inserter(strange),
                       [&](const std::string& version) { return !ids.contains(version); });
  if (!strange.empty()) {
    lines.push_back({Status::missing, "revisions",
                     fmt::format("the database is at {}, which {} does not have", some_of(strange), name),
                     "check out the branch that has the file, or bring it back from git's history"});
  }
  if (pending.empty()) {
    lines.push_back({Status::ok, "applied", fmt::format("all {} revisions of {}", ids.size(), name), {}});
  } else {
    lines.push_back(
        {Status::missing, "applied",
         fmt::format("{} of {} revisions of {}; pending: {}", applied.size(), ids.size(), name, some_of(pending)),
         "apply them before the next one is generated: `alembic upgrade head`, or the team's recipe for it"});
  }
}

void add_table_sizes(const DatabaseState& database, const Seen& seen, const std::string& path,
                     std::vector<CheckLine>& lines) {
  if (!seen.thresholds) {
    lines.push_back({Status::unknown, "table sizes", "the policy does not say from which size on a table is large",
                     "extend `builtin: postgres`, whose settings say it"});
    return;
  }
  if (!database.problem.empty()) {
    lines.push_back({Status::unknown, "table sizes", "they cannot be read: " + database.problem,
                     "give the URL of a user that may read pg_class"});
    return;
  }
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << write_table_sizes(database.tables, *seen.thresholds) << std::flush;
  lines.push_back(file ? CheckLine{Status::ok,
                                   "table sizes",
                                   fmt::format("{} tables of {} in {}", database.tables.size(), database.where, path),
                                   {}}
                       : CheckLine{Status::missing, "table sizes", fmt::format("{} cannot be written", path),
                                   "name a file in a folder that is there"});
}

void add_database(const std::string& url, const std::string& sizes, const Seen& seen, std::vector<CheckLine>& lines) {
  const DatabaseState database = ask_database(url, !sizes.empty());
  switch (database.kind) {
    case DatabaseState::Kind::answers:
      lines.push_back(
          {Status::ok, "database", fmt::format("PostgreSQL {} answers at {}", database.version, database.where), {}});
      break;
    case DatabaseState::Kind::no_answer:
      lines.push_back({Status::missing, "database",
                       fmt::format("nobody answers at {}: {}", database.where, database.problem),
                       "start the server (`docker compose up -d --wait postgres`), or correct host and port"});
      return;
    case DatabaseState::Kind::refuses:
      lines.push_back({Status::missing, "database",
                       fmt::format("{} does not let us in: {}", database.where, database.problem),
                       "correct user, password or database of the URL"});
      return;
    case DatabaseState::Kind::unusable_url:
      lines.push_back({Status::unknown, "database", fmt::format("the URL cannot be used: {}", database.problem),
                       "give another one: --database-url postgresql://user:password@host:5432/database"});
      return;
  }
  if (!sizes.empty()) {
    add_table_sizes(database, seen, sizes, lines);
  }
  if (!database.has_versions) {
    lines.push_back({database.problem.empty() ? Status::missing : Status::unknown, "applied",
                     database.problem.empty() ? "no table alembic_version here: nothing was applied yet"
                                              : "alembic_version cannot be read: " + database.problem,
                     "`alembic upgrade head`, or the team's recipe for it, applies the revisions"});
    return;
  }
  if (seen.projects.size() > 1) {
    lines.push_back({Status::unknown, "applied",
                     fmt::format("the database is at {}; there are {} projects here", some_of(database.versions),
                                 seen.projects.size()),
                     "name the project that the database belongs to: spiritsafe doctor PATH"});
    return;
  }
  for (const ProjectHistory& project : seen.projects) {
    add_history(database, project, lines);
  }
}

// Without a URL from the user only this machine is asked, and nothing is sent: alembic.ini may be a stranger's.
void add_ping(const Seen& seen, std::vector<CheckLine>& lines) {
  const std::string next = "give its URL: --database-url or DATABASE_URL; revisions are then compared, too";
  for (const std::string& url : seen.urls) {
    const std::optional<DatabaseState> state = ping_local_database(url);
    if (state && state->kind == DatabaseState::Kind::answers) {
      lines.push_back(
          {Status::ok, "database", fmt::format("a server listens at {}, as alembic.ini says", state->where), {}});
      return;
    }
    if (state && state->kind != DatabaseState::Kind::unusable_url) {
      lines.push_back({Status::missing, "database", fmt::format("{}: {}", state->where, state->problem),
                       "start the server: `docker compose up -d --wait postgres`"});
      return;
    }
  }
  lines.push_back({Status::unknown, "database", "nothing here says where it is, or it is on another machine", next});
}

}  // namespace

Exit doctor(const DoctorCommand& command, const Streams& streams, bool colour) {
  JudgeArguments arguments = command.judge;
  arguments.all = true;
  Seen seen;
  const Result<Visit> visit = visit_workspace(arguments, surroundings(streams), [&](const Batch& batch) {
    add_rules(batch, seen);
    add_projects(batch, seen);
  });
  if (!visit) {
    return unusable(visit.error(), streams, streams.err_is_terminal && colour);
  }
  std::vector<CheckLine> lines;
  const std::string from_environment = streams.environment ? streams.environment("DATABASE_URL") : "";
  const std::string url = command.database_url.empty() ? from_environment : command.database_url;
  url.empty() ? add_ping(seen, lines) : add_database(url, command.write_table_sizes, seen, lines);
  if (url.empty() && !command.write_table_sizes.empty()) {
    lines.push_back({Status::unknown, "table sizes", "no database was named to read them from",
                     "give its URL: --database-url or DATABASE_URL"});
  }
  for (auto& [id, line] : seen.rules) {
    lines.push_back(std::move(line));
  }
  streams.out << (command.format == "json" ? write_doctor_json(lines) : write_doctor(lines, colour)) << std::flush;
  const auto any = [&](Status status) {
    return std::ranges::any_of(lines, [&](const CheckLine& line) { return line.status == status; });
  };
  return !streams.out || (!any(Status::missing) && any(Status::unknown)) ? Exit::unusable
         : any(Status::missing)                                          ? Exit::blocked
                                                                         : Exit::clean;
}

}  // namespace spiritsafe
