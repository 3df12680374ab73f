// SPDX-License-Identifier: Apache-2.0
#include "adapters/files/workspace.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

#include "adapters/files/read_file.h"
#include "engine/read/config.h"
#include "engine/read/read.h"
#include "engine/schema/file_name.h"
#include "engine/text/parallel.h"

namespace spiritsafe {
namespace {

constexpr size_t largest_configuration = 4u << 20;
constexpr std::string_view template_names[] = {"env.py", "script.py.mako"};

Error plain_error(std::string path, std::string message, std::vector<std::string> hints = {}) {
  Error error;
  error.path = std::move(path);
  error.message = std::move(message);
  error.hints = std::move(hints);
  return error;
}

// Alembic's own choice of revision files: `*.py` but for names that begin with `__init__` or `.#`.
bool is_revision_name(std::string_view name) {
  return name.ends_with(".py") && !name.starts_with("__init__") && !name.starts_with(".#");
}

// What the walk has listed already, by folder; other folders are listed when they are asked for.
class Listings {
 public:
  void add(Walk& walk) {
    for (auto& [folder, entries] : walk.folders) {
      by_folder_.insert_or_assign(std::move(folder), std::move(entries));
    }
  }
  // Calls `use` with each entry of a folder, by name.
  template <class Use>
  void each(const std::string& folder, Use use) const {
    const auto found = by_folder_.find(folder);
    if (found != by_folder_.end()) {
      std::ranges::for_each(found->second, use);
    } else {
      std::ranges::for_each(list_folder(folder.empty() ? "." : folder), use);
    }
  }
  // The same for all below it too; what a folder holds follows the folder.
  template <class Use>
  void each_below(const std::string& folder, Use use) const {
    each(folder, [&](const FolderEntry& entry) {
      use(entry);
      if (entry.is_folder && !entry.is_link) {
        each_below(entry.path, use);
      }
    });
  }
  bool has_file(const std::string& folder, std::string_view name) const {
    const auto found = by_folder_.find(folder);
    if (found == by_folder_.end()) {
      return is_file(join_path(folder, name));
    }
    const auto entry = std::ranges::lower_bound(found->second, name, {}, &FolderEntry::name);
    return entry != found->second.end() && entry->name == name && is_file(entry->path);
  }

 private:
  std::unordered_map<std::string, std::vector<FolderEntry>> by_folder_;
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// `20240101_add_user.sql`, `000001_x.up.sql`, Flyway's `V1__x.sql`, `U1__x.sql` and `R__x.sql`.
bool is_sql_revision_name(std::string_view name) {
  const bool flyway = name.starts_with("R__") || (name.size() > 1 && (name[0] == 'V' || name[0] == 'U') &&
                                                  is_digit(name[1]) && name.find("__") != std::string_view::npos);
  return name.ends_with(".sql") && (flyway || is_digit(name[0]));
}

// Diesel's `2024-01-01-120000_add_user/up.sql` and Prisma's `20240101120000_add_user/migration.sql`: the folder is the
// migration.
bool is_sql_step_name(std::string_view name) {
  return name == "up.sql" || name == "down.sql" || name == "migration.sql";
}

bool is_sql_step_folder(std::string_view name) { return !name.empty() && is_digit(name[0]); }

// Of a file of SQL, the folder that would be its project; empty where its name is none of a migration.
std::optional<std::string> sql_project_of(const std::string& path) {
  const std::string folder = parent_path(path);
  if (is_sql_revision_name(file_name(path))) {
    return folder;
  }
  const bool is_step = is_sql_step_name(file_name(path)) && is_sql_step_folder(file_name(folder));
  return is_step ? std::optional(parent_path(folder)) : std::nullopt;
}

void add_revisions(const std::string& folder, bool recursive, const Listings& listings,
                   std::vector<std::string>& paths) {
  const auto add = [&](const FolderEntry& entry) {
    if (is_revision_name(entry.name)) {
      paths.push_back(entry.path);
    }
  };
  recursive ? listings.each_below(folder, add) : listings.each(folder, add);
  if (!std::ranges::is_sorted(paths, std::ranges::less_equal())) {
    std::ranges::sort(paths);
    paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
  }
}

// `script_location` as a folder: relative to the configuration's folder or one above it (Alembic takes the folder it is
// started in), or `package:folder` below a package there or in src/. Empty where it is nowhere.
std::string resolve_location(const std::string& location, const std::string& folder) {
  if (location.empty()) {
    return {};
  }
  std::string relative = location;
  if (const size_t colon = location.find(':'); colon != std::string::npos && !location.starts_with('/')) {
    std::string package = location.substr(0, colon);
    std::ranges::replace(package, '.', '/');
    std::string within = location.substr(colon + 1);
    std::ranges::replace(within, ':', '/');  // each further one parts two folders
    relative = join_path(package, within);
  }
  for (std::string base = folder;; base = parent_path(base)) {
    for (const std::string& start : {base, join_path(base, "src")}) {
      if (const std::string candidate = normal_path(join_path(start, relative)); is_folder(candidate)) {
        return candidate;
      }
    }
    if (base.empty() || base == "/") {
      return {};
    }
  }
}

bool mentions(const std::string& path, std::string_view word) {
  const Result<std::string> text = read_text(path, largest_configuration);
  return text && text->find(word) != std::string::npos;
}

bool has(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::any_of(
      names, [&](const std::string& each) { return each == name || each.starts_with(fmt::format("{}-", name)); });
}

// The database that Prisma's lock file names, as SQLAlchemy calls it; empty where it names none.
std::string prisma_dialect(const std::string& path) {
  static constexpr std::pair<std::string_view, std::string_view> providers[] = {
      {"\"mysql\"", "mysql"}, {"\"postgresql\"", "postgresql"}, {"\"sqlite\"", "sqlite"}, {"\"sqlserver\"", "mssql"}};
  for (const auto& [provider, dialect] : providers) {
    if (mentions(path, provider)) {
      return std::string(dialect);
    }
  }
  return {};
}

// Modules and packages of the project itself: what lies in its folder, in src/, and the package that holds the
// migrations.
std::vector<std::string> find_local_packages(const FoundProject& project, const Listings& listings) {
  std::set<std::string> names;
  for (const std::string& folder : {project.folder, join_path(project.folder, "src")}) {
    listings.each(folder, [&](const FolderEntry& entry) {
      if (!entry.is_folder && entry.name.ends_with(".py")) {
        names.insert(entry.name.substr(0, entry.name.size() - 3));
      } else if (entry.is_folder && normal_path(entry.path) != project.script_location) {
        bool has_module = false;
        listings.each(entry.path, [&](const FolderEntry& inner) { has_module |= inner.name.ends_with(".py"); });
        if (has_module) {
          names.insert(entry.name);
        }
      }
    });
  }
  std::string package = project.script_location;
  std::string topmost;
  while (!package.empty() && is_file(join_path(package, "__init__.py"))) {
    topmost = package;
    package = parent_path(package);
  }
  if (!topmost.empty() && topmost != project.script_location) {
    names.insert(std::string(file_name(topmost)));
  }
  names.erase("alembic");     // a folder of this name holds migrations; `import alembic` means the package
  names.erase("sqlalchemy");  // Alembic has imported the package of this name before
  names.erase("");
  return {names.begin(), names.end()};
}

// What one walk finds, and the projects made of it.
class Finder {
 public:
  void add_folder(const std::string& folder, unsigned threads) {
    Walk found = walk(folder, threads);
    listings_.add(found);
    std::vector<std::string> environments;
    for (const std::string& unreadable : found.unreadable) {
      workspace_.notes.push_back(fmt::format("{}: cannot be listed, so nothing below it was judged", unreadable));
    }
    listings_.each_below(folder, [&](const FolderEntry& entry) {
      if (entry.is_folder) {
        return;
      }
      if (entry.name.ends_with(".ini")) {
        add_ini(entry.path);
      } else if (entry.name == "pyproject.toml") {
        add_pyproject(entry.path);
      } else if (entry.name == "env.py") {
        environments.push_back(entry.path);
      }
      add_script(entry.path);
    });
    for (const std::string& environment : environments) {
      add_environment(environment);
    }
    add_code(folder);
  }

  // A project above a folder or file that has none below it: its configuration or env.py.
  bool add_enclosing(const std::string& folder) {
    for (std::string above = folder;; above = parent_path(above)) {
      if (is_file(join_path(above, "env.py")) && is_folder(join_path(above, "versions"))) {
        add_environment(join_path(above, "env.py"));
        return true;
      }
      for (const FolderEntry& entry : list_folder(above.empty() ? "." : above)) {
        if (entry.name.ends_with(".ini")) {
          add_ini(entry.path);
        } else if (entry.name == "pyproject.toml") {
          add_pyproject(entry.path);
        }
      }
      if (!workspace_.projects.empty()) {
        return true;
      }
      if (above.empty() || above == "/") {
        return false;
      }
    }
  }

  void add_script(const std::string& path) {
    if (is_script(path)) {
      workspace_.scripts.push_back(path);
    }
  }

  void add_given_script(const std::string& path) {
    workspace_.only.push_back(path);
    add_script(path);
  }

  // A file that is given by name belongs to the project around it; only it is judged.
  void add_file(const std::string& path) {
    workspace_.only.push_back(path);
    const auto has_it = [&](const FoundProject& project) { return is_revision_of(project, path); };
    if (std::ranges::any_of(workspace_.projects, has_it)) {
      return;
    }
    Finder around;
    around.add_enclosing(parent_path(path));
    const auto found = std::ranges::find_if(around.workspace_.projects, has_it);
    FoundProject project;
    if (found != around.workspace_.projects.end()) {
      project = std::move(*found);
    } else {
      project.folder = parent_path(path);
      project.migrations = {path};
    }
    workspace_.projects.push_back(std::move(project));
  }

  // A folder of revision files with no env.py and no configuration.
  bool add_bare_versions(const std::string& folder) {
    FoundProject project;
    project.folder = folder;
    project.script_location = folder;
    project.version_folders = {folder};
    std::vector<std::string> paths;
    add_revisions(folder, false, listings_, paths);
    for (const std::string& path : paths) {
      if (mentions(path, "down_revision")) {
        project.migrations.push_back(path);
      }
    }
    if (project.migrations.empty()) {
      return false;
    }
    workspace_.projects.push_back(std::move(project));
    return true;
  }

  // A folder of SQL files that are named as migrations are, each behind the other.
  bool add_sql_folder(const std::string& folder) {
    FoundProject project;
    project.folder = folder;
    project.script_location = folder;
    project.version_folders = {folder};
    project.settings.is_sql = true;
    const auto add = [&](const FolderEntry& entry) {
      if (!entry.is_folder && sql_project_of(entry.path) == folder) {
        project.migrations.push_back(entry.path);
      }
    };
    listings_.each(folder, [&](const FolderEntry& entry) {
      add(entry);
      if (entry.is_folder && !entry.is_link && is_sql_step_folder(entry.name)) {
        listings_.each(entry.path, add);
      }
    });
    if (project.migrations.empty()) {
      return false;
    }
    std::erase_if(workspace_.code, [&](const std::string& path) { return is_revision_of(project, path); });
    workspace_.projects.push_back(std::move(project));
    return true;
  }

  // Below a folder in which there is no Alembic: the folders that tools for SQL migrations keep.
  bool add_sql_folders(const std::string& top) {
    std::set<std::string> folders;
    listings_.each_below(top, [&](const FolderEntry& entry) {
      const std::optional<std::string> folder = entry.is_folder ? std::nullopt : sql_project_of(entry.path);
      const std::string_view name = folder ? file_name(*folder) : std::string_view{};
      if (name == "migrations" || name == "migration" || name == "migrate") {
        folders.insert(*folder);
      }
    });
    bool any = false;
    for (const std::string& folder : folders) {
      any = add_sql_folder(folder) || any;
    }
    return any;
  }

  // One file of SQL that lies among others of its kind; only it is judged.
  bool add_sql_file(const std::string& path) {
    const std::optional<std::string> folder = sql_project_of(path);
    if (!folder) {
      return false;
    }
    const auto has_it = [&](const FoundProject& project) { return is_revision_of(project, path); };
    workspace_.only.push_back(path);
    return std::ranges::any_of(workspace_.projects, has_it) || add_sql_folder(*folder);
  }

  // A folder that is one migration among others.
  bool add_sql_step(const std::string& folder) {
    bool any = false;
    listings_.each(folder, [&](const FolderEntry& entry) {
      any = (!entry.is_folder && is_sql_step_name(entry.name) && add_sql_file(entry.path)) || any;
    });
    return any;
  }

  bool empty() const { return workspace_.projects.empty(); }
  Errors& errors() { return errors_; }
  Workspace& workspace() { return workspace_; }
  const Listings& listings() const { return listings_; }

 private:
  // Python and SQL files that do not lie where a project keeps its own.
  void add_code(const std::string& top) {
    std::unordered_set<std::string_view> own_folders;
    bool recursive = false;
    for (const FoundProject& project : workspace_.projects) {
      own_folders.insert(project.script_location);
      own_folders.insert(project.version_folders.begin(), project.version_folders.end());
      recursive = recursive || project.recursive;
    }
    const auto is_own = [&](std::string_view folder) {
      for (; !own_folders.contains(folder); folder = folder.substr(0, folder.rfind('/'))) {
        if (!recursive || folder.find('/') == std::string_view::npos) {
          return false;
        }
      }
      return true;
    };
    std::string last;
    bool last_is_own = own_folders.contains(last);
    std::map<std::string, size_t, std::less<>> strays;  // folders of revisions that no project names
    listings_.each_below(top, [&](const FolderEntry& entry) {
      if (entry.is_folder || !(entry.name.ends_with(".py") || entry.name.ends_with(".sql"))) {
        return;
      }
      const std::string_view path = entry.path;
      const std::string_view folder = path.substr(0, path.size() - std::min(path.size(), entry.name.size() + 1));
      if (folder != last) {
        last = folder;
        last_is_own = is_own(folder);
      }
      if (last_is_own) {
        return;
      }
      workspace_.code.push_back(entry.path);
      const bool in_versions =
          folder.ends_with("/versions") || folder == "versions" || folder.find("/versions/") != folder.npos;
      if (!own_folders.empty() && in_versions && entry.name.ends_with(".py") && mentions(entry.path, "down_revision")) {
        ++strays[std::string(folder)];
      }
    });
    for (const auto& [versions, count] : strays) {
      workspace_.notes.push_back(
          fmt::format("{}: {} {} not judged, since no project's configuration names this folder; add it to "
                      "version_locations, or give it as a path",
                      versions, count, count == 1 ? "migration was" : "migrations were"));
    }
  }

  static bool is_script(const std::string& path) {
    switch (language_of(path)) {
      case Language::shell:
      case Language::docker:
      case Language::make:
      case Language::just:
      case Language::yaml:
        return true;
      default:
        return false;
    }
  }

  void add_ini(const std::string& path) {
    const Result<std::string> text = read_text(path, largest_configuration);
    const std::string folder = parent_path(path);
    // Other tools' ini files are none of our business, readable or not.
    if (!text || text->find("script_location") == std::string::npos) {
      return;
    }
    const auto sections = read_alembic_ini(path, *text, folder.empty() ? "." : folder);
    if (!sections) {
      errors_.insert(errors_.end(), sections.error().begin(), sections.error().end());
      return;
    }
    for (const AlembicSection& section : *sections) {
      add_section(path, folder, section);
    }
  }

  void add_pyproject(const std::string& path) {
    const Result<std::string> text = read_text(path, largest_configuration);
    if (!text || text->find("tool.alembic") == std::string::npos) {
      return;
    }
    const std::string folder = parent_path(path);
    const auto pyproject = read_pyproject(path, *text, folder.empty() ? "." : folder);
    if (!pyproject) {
      errors_.insert(errors_.end(), pyproject.error().begin(), pyproject.error().end());
    } else if (pyproject->alembic) {
      add_section(path, folder, *pyproject->alembic);
    }
  }

  void add_section(const std::string& path, const std::string& folder, const AlembicSection& section) {
    const std::string location = resolve_location(section.script_location, folder);
    if (location.empty()) {
      errors_.push_back(plain_error(
          path,
          fmt::format("`script_location = {}` of [{}] is not a folder here", section.script_location, section.name),
          {"give the path that holds the project, or correct script_location"}));
      return;
    }
    std::vector<std::string> paths;
    std::vector<std::string> locations = section.version_locations;
    if (locations.empty()) {
      locations.push_back(join_path(location, "versions"));
    }
    std::string key = location;
    FoundProject project;
    project.recursive = section.recursive;
    for (const std::string& versions : locations) {
      const std::string resolved =
          section.version_locations.empty() ? normal_path(versions) : resolve_location(versions, folder);
      add_revisions(resolved, section.recursive, listings_, paths);
      key += "\n" + resolved;
      claimed_.insert(resolved);
      project.version_folders.push_back(resolved);
    }
    if (!seen_.insert(key).second) {
      return;
    }
    claimed_.insert(location);
    project.folder = folder;
    project.script_location = location;
    project.migrations = std::move(paths);
    project.settings.file_template =
        section.file_template.empty() ? std::string(default_file_template) : section.file_template;
    if (const int length = std::atoi(section.truncate_slug_length.c_str()); length > 0) {
      project.settings.truncate_slug_length = length;
    }
    project.settings.dialect = dialect_of_url(section.url);
    workspace_.projects.push_back(std::move(project));
  }

  void add_environment(const std::string& path) {
    const std::string folder = parent_path(path);
    const std::string versions = join_path(folder, "versions");
    if (claimed_.contains(folder) || claimed_.contains(versions) || !is_folder(versions)) {
      return;
    }
    std::vector<std::string> paths;
    add_revisions(versions, false, listings_, paths);
    claimed_.insert(folder);
    FoundProject project;
    project.folder = folder;
    project.script_location = folder;
    project.version_folders = {versions};
    project.migrations = std::move(paths);
    workspace_.projects.push_back(std::move(project));
  }

  Workspace workspace_;
  Listings listings_;
  Errors errors_;
  std::set<std::string> claimed_;  // folders that a configuration already speaks for
  std::set<std::string> seen_;     // projects by their locations: two sections may name the same
};

// pyproject.toml, requirements and env.py of the project, or of the folders above it up to the given path.
void read_settings(FoundProject& project, const std::string& top, const Listings& listings) {
  std::vector<std::string> dependencies;
  for (std::string folder = project.folder;; folder = parent_path(folder)) {
    if (listings.has_file(folder, "pyproject.toml")) {
      const std::string path = join_path(folder, "pyproject.toml");
      const Result<std::string> text = read_text(path, largest_configuration);
      const auto pyproject = text ? read_pyproject(path, *text, folder) : Result<Pyproject>(tl::unexpected(Errors{}));
      if (pyproject) {
        dependencies.insert(dependencies.end(), pyproject->dependencies.begin(), pyproject->dependencies.end());
        if (project.settings.requires_python.empty()) {
          project.settings.requires_python = pyproject->requires_python;
        }
      }
    }
    listings.each(folder, [&](const FolderEntry& entry) {
      if (entry.name.starts_with("requirements") && entry.name.ends_with(".txt")) {
        if (const Result<std::string> text = read_text(entry.path, largest_configuration)) {
          const std::vector<std::string> names = read_requirements(*text);
          dependencies.insert(dependencies.end(), names.begin(), names.end());
        }
      }
    });
    if (folder == top || folder.empty() || folder == "/") {
      break;
    }
  }
  const std::string environment = join_path(project.script_location, "env.py");
  for (const std::string_view name : template_names) {
    if (const std::string path = join_path(project.script_location, name); is_file(path)) {
      project.templates.push_back(path);
    }
  }
  project.settings.has_environment = is_file(environment);
  if (project.settings.is_sql) {
    project.settings.dialect = prisma_dialect(join_path(project.folder, "migration_lock.toml"));
    return;
  }
  project.settings.uses_sqlmodel = has(dependencies, "sqlmodel") || mentions(environment, "sqlmodel") ||
                                   mentions(join_path(project.script_location, "script.py.mako"), "sqlmodel");
  // A URL of another database beside PostgreSQL's driver is as often the default of a first try as the truth.
  const bool postgresql = has(dependencies, "psycopg") || has(dependencies, "psycopg2") ||
                          has(dependencies, "psycopg2-binary") || has(dependencies, "asyncpg");
  if (postgresql) {
    project.settings.dialect =
        project.settings.dialect.empty() || project.settings.dialect == "postgresql" ? "postgresql" : "";
  }
  if (const auto lowest = lowest_python(project.settings.requires_python)) {
    project.python = *lowest;
  }
  project.local_packages = find_local_packages(project, listings);
}

}  // namespace

bool is_revision_of(const FoundProject& project, std::string_view path) {
  if (project.settings.is_sql) {
    const std::optional<std::string> folder = sql_project_of(std::string(path));
    return folder && std::ranges::find(project.version_folders, *folder) != project.version_folders.end();
  }
  if (!is_revision_name(file_name(path))) {
    return false;
  }
  const std::string folder = parent_path(path);
  return std::ranges::any_of(project.version_folders, [&](const std::string& versions) {
    return folder == versions ||
           (project.recursive && folder.starts_with(versions.empty() ? versions : versions + "/"));
  });
}

bool is_template_of(const FoundProject& project, std::string_view path) {
  return std::ranges::any_of(template_names, [&](std::string_view name) {
    return path.ends_with(name) && path == join_path(project.script_location, name);
  });
}

bool sees_around(const Workspace& workspace, const FoundProject& project) {
  const std::string& top = workspace.top;
  return workspace.only.empty() && (top.empty() || project.folder == top || project.folder.starts_with(top + "/"));
}

Result<Workspace> find_workspace(const std::vector<std::string>& paths, unsigned threads) {
  Finder finder;
  const std::vector<std::string> given = paths.empty() ? std::vector<std::string>{"."} : paths;
  std::vector<std::string> tops;
  bool files_given = false;
  for (const std::string& raw : given) {
    const std::string path = normal_path(raw);
    if (is_folder(path)) {
      tops.push_back(path);
      const size_t before = finder.workspace().projects.size();
      finder.add_folder(path, threads);
      if (finder.workspace().projects.size() == before && finder.errors().empty()) {
        finder.add_bare_versions(path) || finder.add_sql_folder(path) || finder.add_sql_step(path) ||
            finder.add_sql_folders(path) || finder.add_enclosing(path);
      }
    } else if (is_file(path)) {
      tops.push_back(parent_path(path));
      files_given = true;
      if (path.ends_with(".py")) {
        finder.add_file(path);
      } else if (!finder.add_sql_file(path)) {
        finder.add_given_script(path);
      }
    } else {
      finder.errors().push_back(plain_error(raw, "no such file or folder"));
    }
  }
  Workspace& workspace = finder.workspace();
  if (finder.errors().empty() && finder.empty() && !files_given) {
    finder.errors().push_back(plain_error(tops.front().empty() ? "." : tops.front(), "no Alembic project is here",
                                          {"looked for alembic.ini, [tool.alembic] in pyproject.toml, an env.py beside "
                                           "versions/, and numbered .sql files or folders",
                                           "give the folder that holds one of them: spiritsafe check PATH"}));
  }
  if (!finder.errors().empty()) {
    return tl::unexpected(std::move(finder.errors()));
  }
  // By what their paths begin with, so that findings come in the order of paths from project to project.
  std::ranges::stable_sort(workspace.projects, {}, [](const FoundProject& project) { return project.folder + "/"; });
  std::ranges::sort(workspace.scripts);
  workspace.scripts.erase(std::unique(workspace.scripts.begin(), workspace.scripts.end()), workspace.scripts.end());
  std::ranges::sort(workspace.code);
  workspace.code.erase(std::unique(workspace.code.begin(), workspace.code.end()), workspace.code.end());
  const std::string top = tops.front();
  workspace.top = top;
  workspace.root = canonical_path(top);
  std::map<std::string, int> names;
  parallel_for(workspace.projects.size(), threads,
               [&](size_t i) { read_settings(workspace.projects[i], top, finder.listings()); });
  for (FoundProject& project : workspace.projects) {
    const bool below = !top.empty() && (project.folder == top || project.folder.starts_with(top + "/"));
    project.name = below ? project.folder.substr(std::min(project.folder.size(), top.size() + 1)) : project.folder;
    // Two projects of one folder (sections of one ini) are told apart by where their scripts are.
    if (workspace.projects.size() > 1 && names[project.name]++ > 0) {
      project.name = project.script_location;
    }
  }
  if (workspace.projects.size() == 1) {
    workspace.projects.front().name.clear();
  }
  return std::move(workspace);
}

}  // namespace spiritsafe
