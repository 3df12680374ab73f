// SPDX-License-Identifier: Apache-2.0
#include "engine/judge/frame.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "engine/facts/weakenings.h"
#include "engine/policy/compare.h"
#include "engine/policy/load.h"
#include "engine/read/models.h"
#include "engine/read/surroundings.h"
#include "engine/read/versions.h"

#include "engine/read/digest.h"
#include "engine/schema/file_name.h"
#include "engine/schema/history.h"
#include "engine/schema/link_models.h"

namespace spiritsafe {
namespace {

using Parts = std::map<std::string, std::string>;

constexpr std::string_view default_revision = "0a1b2c3d4e5f";
constexpr std::string_view migrations_folder = "migrations/versions";
constexpr std::string_view policy_name = "spiritsafe.yml";

// Where the module of a `model:` stands, what stands above it, and what imports it.
constexpr std::string_view model_path = "app/models.py";
constexpr std::string_view model_head =
    "import datetime\nimport decimal\nimport enum\nimport uuid\nfrom typing import Any, ClassVar, List, Optional, "
    "Union\n"
    "\nimport sqlalchemy as sa\nfrom sqlalchemy.dialects import postgresql\n"
    "from sqlmodel import Column, Field, Relationship, SQLModel\n\n\n";
constexpr std::string_view env_of_model =
    "from alembic import context\nfrom sqlmodel import SQLModel\nimport app.models\n\ntarget_metadata = "
    "SQLModel.metadata\n";

// What stands in a frame where neither the example nor the frame itself says anything.
struct Placeholder {
  std::string_view name;
  std::string_view fallback;
};
constexpr Placeholder placeholders[] = {
    {"revision", default_revision},
    {"parents", "None"},
    {"revises", ""},
    {"message", "add an example"},
    {"docstring", ""},
    {"head", ""},
    {"upgrade", "pass"},
    {"downgrade", "pass"},
};

struct Found {
  size_t begin = 0;  // of the brace
  size_t end = 0;    // behind the closing one
  const Placeholder* which = nullptr;
  std::string_view fallback = {};
};

std::optional<Found> find_placeholder(std::string_view text, size_t from) {
  for (size_t begin = text.find('{', from); begin != std::string_view::npos; begin = text.find('{', begin + 1)) {
    const size_t close = text.find('}', begin);
    if (close == std::string_view::npos) {
      return std::nullopt;
    }
    const std::string_view inside = text.substr(begin + 1, close - begin - 1);
    const size_t bar = inside.find('|');
    const auto which = std::ranges::find(placeholders, inside.substr(0, bar), &Placeholder::name);
    if (which != std::end(placeholders)) {
      return Found{begin, close + 1, which, bar == std::string_view::npos ? which->fallback : inside.substr(bar + 1)};
    }
  }
  return std::nullopt;
}

uint32_t count_lines(std::string_view text) { return static_cast<uint32_t>(std::ranges::count(text, '\n')); }

std::string_view without_last_newline(std::string_view text) {
  while (text.ends_with('\n')) {
    text.remove_suffix(1);
  }
  return text;
}

void append_indented(std::string& out, std::string_view text, std::string_view indent) {
  for (size_t at = 0; at <= text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    out += at == 0 ? "" : "\n";
    out += line.empty() ? std::string_view() : indent;
    out += line;
    at = end + 1;
  }
}

// down_revision as Python, and as the header of the docstring names it.
std::string parents_literal(const std::vector<std::string>& parents) {
  if (parents.empty()) {
    return "None";
  }
  if (parents.size() == 1) {
    return fmt::format("\"{}\"", parents[0]);
  }
  std::string out;
  for (const std::string& parent : parents) {
    out += fmt::format("{}\"{}\"", out.empty() ? "" : ", ", parent);
  }
  return "(" + out + ")";
}

std::string value_or(const Parts& parts, const std::string& name, std::string_view fallback) {
  const auto found = parts.find(name);
  return found == parts.end() ? std::string(fallback) : found->second;
}

// What the frame would put there by itself.
std::string_view fallback_in(std::string_view frame, std::string_view name) {
  for (auto found = find_placeholder(frame, 0); found; found = find_placeholder(frame, found->end)) {
    if (found->which->name == name) {
      return found->fallback;
    }
  }
  return {};
}

std::string path_of(const Parts& parts, std::string_view frame) {
  if (const auto path = parts.find("path"); path != parts.end()) {
    return path->second;
  }
  if (parts.contains("sql")) {
    return "migrations/V1__example.sql";
  }
  const std::string message = value_or(parts, "message", fallback_in(frame, "message"));
  const std::string revision = value_or(parts, "revision", fallback_in(frame, "revision"));
  return fmt::format("{}/{}_{}.py", migrations_folder, revision.empty() ? default_revision : std::string_view(revision),
                     slug_of(message, 40).value_or("example"));
}

File& add_file(Project& project, std::string path, std::string text) {
  auto file = std::make_unique<File>();
  file->source = {std::move(path), std::move(text)};
  file->project = &project;
  classify(*file);
  project.files.push_back(std::move(file));
  return *project.files.back();
}

Parts with_parents(Parts parts, const std::vector<std::string>& parents) {
  parts.emplace("parents", parents_literal(parents));
  parts.emplace("revises", fmt::format("{}", fmt::join(parents, ", ")));
  return parts;
}

template <class Kind, class Set>
bool set_choice(std::string_view word, Set set) {
  const auto names = names_of<Kind>();
  const auto found = std::ranges::find(names, word);
  if (found != names.end()) {
    set(static_cast<Kind>(found - names.begin()));
  }
  return found != names.end();
}

// What an example says about its file; the fact that cannot be set here, or nothing.
std::string set_facts(File& file, const Example& example) {
  for (const auto& [name, value] : example.facts) {
    if (name == "on_base") {
      file.on_base = value == "true";
    } else if (name == "named_in_request" && (value == "true" || value == "false")) {
      file.named_in_request = known(value == "true");
    } else if (name == "change" && set_choice<Change>(value, [&](Change change) { file.change = change; })) {
      continue;
    } else if (name == "problem" &&
               set_choice<FileProblem>(value, [&](FileProblem problem) { file.problem = problem; })) {
      file.problem_detail = std::string(value);
      file.problem_text = known(std::string_view(file.problem_detail));
    } else if (name != "on_base") {
      return fmt::format("`{}: {}` cannot be set in an example", name, value);
    }
  }
  return {};
}

// One revision of `history:`, `base:` or `incoming:` as a file of the project.
std::unique_ptr<File> make_revision(Project& project, const ExampleRevision& revision,
                                    const std::vector<std::string>& parents, std::string_view frame) {
  Parts parts = with_parents(revision.parts, parents);
  parts["revision"] = revision.revision;
  const auto whole = revision.parts.find("migration");
  auto file = std::make_unique<File>();
  file->source = {path_of(parts, frame), whole == revision.parts.end() ? fill_frame(frame, parts).text : whole->second};
  file->project = &project;
  file->on_base = true;
  classify(*file);
  return file;
}

// The last of them, for what comes behind it.
std::vector<std::string> add_history(Project& project, const Example& example, std::string_view frame,
                                     const ReadOptions& options) {
  std::vector<std::string> last;
  for (const ExampleRevision& revision : example.history) {
    project.files.push_back(make_revision(project, revision, revision.has_parents ? revision.parents : last, frame));
    project.files.back()->change = Change::unchanged;
    project.migrations.push_back(read_migration(*project.files.back(), options));
    last = {revision.revision};
  }
  return last;
}

// What the merge base had otherwise, and what the base branch got meanwhile.
void add_base_revisions(ExampleProject& out, const Example& example, const std::vector<std::string>& last,
                        std::string_view frame, const ReadOptions& options) {
  Project& project = *out.project;
  const auto add = [&](const std::vector<ExampleRevision>& revisions, Origin origin, Change change) {
    std::vector<std::string> before = last;
    for (const ExampleRevision& revision : revisions) {
      project.base_files.push_back(
          make_revision(project, revision, revision.has_parents ? revision.parents : before, frame));
      File& file = *project.base_files.back();
      file.origin = origin;
      file.change = change;
      project.base_migrations.push_back(read_migration(file, options));
      before = {revision.revision};
    }
  };
  add(example.base_revisions, Origin::merge_base, Change::deleted);
  add(example.incoming, Origin::base_tip, Change::added);
  for (size_t i = 0; out.file && i < example.base_revisions.size(); ++i) {
    const bool is_own = !project.migrations.empty() && project.migrations.back()->file == out.file;
    const Text own = is_own ? project.migrations.back()->revision : Text{};
    if (own.is_known() && own.value == example.base_revisions[i].revision) {
      File& file = *project.files.back();
      File& before = *project.base_files[i];
      file.before = &before;
      file.on_base = true;
      file.change = before.change = file.source.path == before.source.path ? Change::modified : Change::renamed;
    }
  }
}

bool is_about_a_file(const Example& example) {
  return (example.history.empty() && example.base_revisions.empty() && example.incoming.empty() &&
          example.files.empty()) ||
         !example.parts.empty() || !example.facts.empty() || example.has_parents;
}

bool has_revision(const Example& example) {
  return example.parts.contains("upgrade") || example.parts.contains("migration");
}

// The example's own revision, behind `last`; its file is the project's last one. Returns where its parts stand in it.
std::map<std::string, PartPlace> add_revision(Project& project, const Example& example,
                                              const std::vector<std::string>& last, std::string_view frame,
                                              const ReadOptions& options) {
  FramedText framed;
  for (const std::string whole : {"migration", "sql"}) {
    if (const auto part = example.parts.find(whole); part != example.parts.end()) {
      framed = {part->second, {{whole, {1, count_lines(part->second) + 1}}}};
    }
  }
  if (framed.places.empty()) {
    const bool has_parents = example.has_parents || !last.empty();
    framed = fill_frame(
        frame, has_parents ? with_parents(example.parts, example.has_parents ? example.parents : last) : example.parts);
  }
  File& file = add_file(project, path_of(example.parts, frame), std::move(framed.text));
  project.migrations.push_back(read_migration(file, options));
  return std::move(framed.places);
}

void add_main_file(ExampleProject& out, const Example& example, const std::vector<std::string>& last,
                   std::string_view frame, const ReadOptions& options) {
  Project& project = *out.project;
  if (const auto model = example.parts.find("model"); model != example.parts.end()) {
    File& file = add_file(project, std::string(model_path), std::string(model_head) + model->second);
    out.file = &file;
    out.mistake = set_facts(file, example);
    const uint32_t first = count_lines(model_head) + 1;
    out.places["model"] = {first, first + count_lines(without_last_newline(model->second))};
    read_surroundings(file, options);
    if (has_revision(example)) {
      add_revision(project, example, last, frame, options);
    }
    return;
  }
  if (const auto line = example.parts.find("line"); line != example.parts.end()) {
    File& file = add_file(project, value_or(example.parts, "in", "script.sh"), line->second);
    out.file = &file;
    out.mistake = set_facts(file, example);
    out.places["line"] = {1, count_lines(without_last_newline(line->second)) + 1};
    read_surroundings(file, options);
    return;
  }
  out.places = add_revision(project, example, last, frame, options);
  File& file = *project.files.back();
  out.file = &file;
  out.mistake = set_facts(file, example);
}

// Lines that the base's version has not, wherever they stand there.
void set_added_lines(File& file) {
  std::set<std::string_view> old;
  for (const Line& line : file.before->lines) {
    old.insert(line.text.value);
  }
  for (Line& line : file.lines) {
    line.added = !old.contains(line.text.value);
  }
}

// What the change takes away, as far as the files of an example show it.
void find_weakenings(Project& project) {
  find_weakened_workflows(project);
  for (const auto& file : project.files) {
    if (!file->before || file->name.value != policy_name) {
      continue;
    }
    const Result<Policy> before = load_policy({file->before->source.path, file->before->source.text});
    const Result<Policy> here = load_policy({file->source.path, file->source.text});
    if (before && here) {
      add_weakenings(project, compare_policies(*before, *here));
    }
  }
}

// ---- models ----

std::unique_ptr<File> copy_of(const File& file) {
  auto copy = std::make_unique<File>();
  copy->source = file.source;
  classify(*copy);
  copy->change = file.change;
  copy->on_base = file.on_base;
  copy->origin = file.origin;
  if (file.before) {
    read_lines(*copy);
    for (size_t i = 0; i < copy->lines.size() && i < file.lines.size(); ++i) {
      copy->lines[i].added = file.lines[i].added;
    }
  }
  return copy;
}

// From the Python files among these, those of migrations aside. A `model:` alone is what env.py imports.
std::unique_ptr<ProjectModels> models_among(const std::vector<const File*>& files, bool has_model,
                                            const ReadOptions& options) {
  auto models = std::make_unique<ProjectModels>();
  ModelSources sources;
  sources.folders = {"", "src"};
  for (const File* file : files) {
    const std::string& path = file->source.path;
    for (const auto& [name, version] :
         {std::pair{"sqlmodel", &sources.versions.sqlmodel}, std::pair{"sqlalchemy", &sources.versions.sqlalchemy},
          std::pair{"pydantic", &sources.versions.pydantic}}) {
      const PackageVersion pinned = pinned_version(path, file->source.text, name);
      *version = std::max(*version, pinned);
    }
    if (path.ends_with("env.py")) {
      sources.env = path;
    } else if (file->language == Language::python) {
      sources.others.push_back(path);
    }
    models->files.push_back(copy_of(*file));
  }
  if (has_model && sources.env.empty()) {
    auto env = std::make_unique<File>();
    env->source = {"migrations/env.py", std::string(env_of_model)};
    classify(*env);
    env->change = Change::unchanged;
    sources.env = env->source.path;
    models->files.push_back(std::move(env));
  }
  std::ranges::sort(models->files, {}, [](const auto& file) -> std::string_view { return file->source.path; });
  const FindFile find = [&](const std::string& path) -> const File* {
    const auto found = std::ranges::find(models->files, path, [](const auto& file) { return file->source.path; });
    return found == models->files.end() ? nullptr : found->get();
  };
  models->facts = read_models(sources, find, options);
  return models;
}

bool is_code(const File& file) {
  const bool is_migration = file.source.path.starts_with(migrations_folder);
  return (file.language == Language::python && !is_migration) || file.name.value == "requirements.txt";
}

void add_example_models(Project& project, const Example& example, const ReadOptions& options) {
  std::vector<const File*> here;
  std::map<std::string_view, const File*> before;
  for (const auto& file : project.files) {
    if (is_code(*file)) {
      here.push_back(file.get());
      before.emplace(file->source.path, file.get());
    }
  }
  for (const auto& file : project.base_files) {
    if (is_code(*file) && file->origin == Origin::merge_base) {
      before[file->source.path] = file.get();
    }
  }
  if (here.empty() && before.empty()) {
    return;
  }
  const bool has_model = example.parts.contains("model");
  project.models = models_among(here, has_model, options);
  if (example.has_base) {
    std::vector<const File*> files;
    for (const auto& [path, file] : before) {
      if (file->origin == Origin::merge_base || file->change == Change::unchanged) {
        files.push_back(file);
      }
    }
    project.base_models = models_among(files, has_model, options);
  }
  link_models(project);
}

std::map<std::string, std::string> files_of_base(const Example& example) {
  std::map<std::string, std::string> files = example.base;
  if (const auto was = example.parts.find("was"); was != example.parts.end()) {
    files.emplace(model_path, std::string(model_head) + was->second);
  }
  return files;
}

// The base of an example: what it names under `base:`, and the models that were. What it names nowhere else is deleted.
void add_base_files(Project& project, const Example& example, const ReadOptions& options) {
  project.has_base = project.has_base || example.has_base;
  for (const auto& [path, text] : files_of_base(example)) {
    auto file = std::make_unique<File>();
    file->source = {path, text};
    file->project = &project;
    classify(*file);
    file->origin = Origin::merge_base;
    file->on_base = true;
    file->change = Change::deleted;
    const auto here = std::ranges::find(project.files, std::string_view(path),
                                        [](const auto& each) -> std::string_view { return each->source.path; });
    const bool is_migration =
        here != project.files.end() &&
        std::ranges::any_of(project.migrations, [&](const auto& migration) { return migration->file == here->get(); });
    if (is_migration) {
      project.base_migrations.push_back(read_migration(*file, options));
      read_imports(*file, options);
    } else {
      read_surroundings(*file, options);
    }
    if (here != project.files.end()) {
      file->change = (*here)->source.text == text ? Change::unchanged : Change::modified;
      (*here)->change = (*here)->change == Change::added ? file->change : (*here)->change;
      (*here)->on_base = true;
      (*here)->before = file.get();
      set_added_lines(**here);
    }
    project.base_files.push_back(std::move(file));
  }
  if (example.has_base) {
    find_weakenings(project);
  }
}

}  // namespace

FramedText fill_frame(std::string_view frame, const std::map<std::string, std::string>& parts) {
  FramedText filled;
  size_t at = 0;
  uint32_t line = 1;
  const auto append = [&](std::string_view text) {
    filled.text += text;
    line += count_lines(text);
  };
  for (auto found = find_placeholder(frame, 0); found; found = find_placeholder(frame, at)) {
    const size_t line_begin = found->begin == 0 ? 0 : frame.rfind('\n', found->begin - 1) + 1;
    const size_t line_end = std::min(frame.find('\n', found->end), frame.size());
    const std::string_view before = frame.substr(line_begin, found->begin - line_begin);
    const bool alone = before.find_first_not_of(' ') == std::string_view::npos && line_end == found->end;
    const auto given = parts.find(std::string(found->which->name));
    const std::string_view text =
        without_last_newline(given == parts.end() ? found->fallback : std::string_view(given->second));
    append(frame.substr(at, (alone ? line_begin : found->begin) - at));
    at = found->end;
    if (alone && text.empty()) {
      at = std::min(line_end + 1, frame.size());
      continue;
    }
    filled.places[std::string(found->which->name)] = {line, line + count_lines(text)};
    std::string put;
    append_indented(put, text, alone ? before : std::string_view());
    append(put);
  }
  append(frame.substr(at));
  return filled;
}

ExampleProject make_example(const Example& example, std::string_view frame, const ReadOptions& given) {
  ExampleProject out;
  ReadOptions options = given;
  for (const auto& [path, text] : example.files) {
    options.alembic = std::max(options.alembic, pinned_version(path, text, "alembic"));
  }
  out.project = std::make_unique<Project>();
  const bool needs_frame = (!example.parts.contains("model") || has_revision(example)) &&
                           !example.parts.contains("line") && !example.parts.contains("migration") &&
                           !example.parts.contains("sql") &&
                           (is_about_a_file(example) || !example.history.empty() || !example.base_revisions.empty() ||
                            !example.incoming.empty());
  if (needs_frame && frame.empty()) {
    out.mistake = "the pack has no `frame:` to put it into";
    return out;
  }
  out.project->settings.file_template = default_file_template;
  const bool has_history = !example.history.empty() || !example.base_revisions.empty() || !example.incoming.empty();
  // A model beside a revision is what that revision, the first one, is compared with.
  out.project->is_partial = !has_history && !(example.parts.contains("model") && has_revision(example));
  out.project->has_base = has_history || !example.facts.empty();
  const std::vector<std::string> last = add_history(*out.project, example, frame, options);
  for (const auto& [path, text] : example.files) {
    File& file = add_file(*out.project, path, text);
    if (path.starts_with(migrations_folder) && path.ends_with(".py")) {
      out.project->migrations.push_back(read_migration(file, options));
    } else {
      file.beside_project = true;
      read_surroundings(file, options);
    }
  }
  if (is_about_a_file(example)) {
    add_main_file(out, example, last, frame, options);
  }
  add_base_revisions(out, example, last, frame, options);
  add_base_files(*out.project, example, options);
  // Projects are sorted by path, as those that are found on disk.
  std::ranges::stable_sort(out.project->files, {},
                           [](const auto& file) { return std::string_view(file->source.path); });
  std::ranges::stable_sort(out.project->migrations, {},
                           [](const auto& migration) { return std::string_view(migration->file->source.path); });
  const bool has_surroundings = !example.files.empty() || example.has_base || example.parts.contains("line");
  out.project->around = has_surroundings ? out.project.get() : nullptr;
  read_code_digests(*out.project);
  link_history(*out.project);
  add_example_models(*out.project, example, options);
  return out;
}

}  // namespace spiritsafe
