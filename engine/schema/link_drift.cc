// SPDX-License-Identifier: Apache-2.0
#include "engine/schema/link_drift.h"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "engine/schema/drift_parts.h"
#include "engine/schema/expected.h"

namespace spiritsafe {
namespace {

// ---- before the change and after it ---------------------------------------------------------------------------------

bool is_of_change(const Migration& migration) { return migration.file->change != Change::unchanged; }

std::vector<const Migration*> migrations_here(const Project& project) {
  std::vector<const Migration*> here;
  for (const auto& migration : project.migrations) {
    here.push_back(migration.get());
  }
  return here;
}

std::vector<const Migration*> migrations_before(const Project& project) {
  std::vector<const Migration*> before;
  for (const auto& migration : project.migrations) {
    if (!is_of_change(*migration)) {
      before.push_back(migration.get());
    }
  }
  for (const auto& migration : project.base_migrations) {
    if (migration->file->origin == Origin::merge_base) {
      before.push_back(migration.get());
    }
  }
  std::ranges::stable_sort(before, {},
                           [](const Migration* each) -> std::string_view { return each->file->source.path; });
  return before;
}

// What migrations make, with all that its tables live in.
struct Made {
  std::unique_ptr<Replay> own = {};  // nullptr: it is somebody else's
  const Replay* replay = nullptr;
  Snapshot snapshot = {};
};

Made made_by(const Replay& replay, Arena& arena) {
  return {nullptr, &replay, take_snapshot({&replay.line, replay.line.now}, arena)};
}

Made make(const Project& project, const std::vector<const Migration*>& migrations, Arena& arena) {
  RevisionGraph graph = make_graph(migrations);
  if (project.is_partial) {
    graph.revisions_known = graph.parents_known = false;
  }
  std::unique_ptr<Replay> done = replay(graph);
  Made made = made_by(*done, arena);
  made.own = std::move(done);
  return made;
}

// What was made before the change. Mostly its revisions are the last ones of the replay, and it need not be done again.
Made make_before(const Project& project, const Made& now, Arena& arena) {
  const std::vector<ReplayedRevision>& revisions = now.replay->revisions;
  const auto is_old = [](const ReplayedRevision& each) { return !is_of_change(*each.migration); };
  const auto first = std::ranges::find_if_not(revisions, is_old);
  if (!project.base_migrations.empty() || std::any_of(first, revisions.end(), is_old)) {
    return make(project, migrations_before(project), arena);
  }
  const uint32_t moment = first == revisions.end() ? now.replay->line.now : first->before;
  return {nullptr, now.replay, take_snapshot({&now.replay->line, moment}, arena)};
}

// ---- one difference beside others -----------------------------------------------------------------------------------

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

bool is_same_thing(const Drift& a, const Drift& b) {
  const bool has_no_name = a.kind == DriftKind::unique || a.kind == DriftKind::foreign_key;
  return a.kind == b.kind && a.table == b.table && a.name == b.name && (!has_no_name || a.columns == b.columns);
}

// Does `other` say that what `drift` is a part of has come or gone?
bool is_around(const Drift& other, const Drift& drift) {
  return other.table == drift.table && drift.kind != DriftKind::table && other.side() != DriftSide::both &&
         (other.kind == DriftKind::table || (other.kind == DriftKind::column && has(drift.columns, other.name)));
}

// What two schemas differ in, with a way to what is said of one table.
struct Comparison {
  DriftFound found = {};
  std::unordered_map<std::string_view, std::vector<const Drift*>> by_table = {};
  std::unordered_set<std::string_view> uncertain = {};  // tables, and whatever else stands before a `:` or `.`

  Comparison(const Snapshot& first, const Snapshot& second) : found(find_drift(first, second)) {
    for (const Drift& drift : found.differences) {
      by_table[drift.table].push_back(&drift);
    }
    for (const std::string_view text : found.uncertain) {  // `user: …` and `user.name: …` are about user
      for (size_t at = text.find_first_of(":."); at != std::string_view::npos; at = text.find_first_of(":.", at + 1)) {
        uncertain.insert(text.substr(0, at));
      }
    }
  }
  Comparison(const Comparison&) = delete;  // what is in the tables points into `found`
  Comparison& operator=(const Comparison&) = delete;

  template <class Predicate>
  bool any(const std::string& table, Predicate predicate) const {
    const auto of_table = by_table.find(table);
    return of_table != by_table.end() &&
           std::ranges::any_of(of_table->second, [&](const Drift* each) { return predicate(*each); });
  }
};

bool has_type(const Snapshot& snapshot, const std::string& name) {
  return std::ranges::any_of(snapshot.enums,
                             [&](const EnumType* type) { return type->name.is_known() && type->name.value == name; });
}

// Has the change touched it on one side, whose schemas before the change and after it are compared?
Flag has_changed(const Comparison& course, const Snapshot& before, const Drift& drift) {
  const bool is_new_type = drift.kind == DriftKind::enum_values && !has_type(before, drift.table);
  const bool changed = is_new_type || course.any(drift.table, [&](const Drift& other) {
    return is_same_thing(other, drift) || is_around(other, drift);
  });
  return changed ? known(true) : course.uncertain.contains(drift.table) ? unknown<bool>() : known(false);
}

struct Linking {
  Project& project;
  Arena& arena;
  const Snapshot& asked;
  std::map<std::string, const Table*> tables = {};                       // of `asked`, with their schemas
  std::map<std::string, std::vector<const Operation*>> operations = {};  // of the change, by their tables
};

// The project before the change, and what it has done to each side.
struct Course {
  const Snapshot& made_before;
  const Snapshot& asked_before;
  Comparison before;
  Comparison models;
  Comparison migrations;
};

Fact<DriftCause> cause_of(const Drift& drift, const Course& change) {
  const bool was_there = change.before.any(drift.table, [&](const Drift& other) {
    return is_same_thing(other, drift) && other.models == drift.models && other.migrations == drift.migrations;
  });
  if (was_there) {
    return known(DriftCause::before);
  }
  const Flag by_models = has_changed(change.models, change.asked_before, drift);
  const Flag by_migrations = has_changed(change.migrations, change.made_before, drift);
  if (by_models.is_unknown() || by_migrations.is_unknown()) {
    return unknown<DriftCause>();
  }
  return known(by_models.value && by_migrations.value ? DriftCause::both
               : by_models.value                      ? DriftCause::models
               : by_migrations.value                  ? DriftCause::migrations
                                                      : DriftCause::before);
}

// ---- where it stands ------------------------------------------------------------------------------------------------

bool is_about(const Operation& operation, const Drift& drift) {
  using enum OperationKind;
  const bool is_target = operation.target.is_known() && operation.target.value == drift.name;
  switch (drift.kind) {
    case DriftKind::table:
      return operation.kind == create_table || operation.kind == drop_table || operation.kind == rename_table;
    case DriftKind::column:
    case DriftKind::type:
    case DriftKind::nullable:
    case DriftKind::server_default:
    case DriftKind::identity:
    case DriftKind::computed:
      return operation.kind == create_table ||
             (is_target &&
              (operation.kind == add_column || operation.kind == drop_column || operation.kind == alter_column));
    case DriftKind::primary_key:
      return operation.kind == create_table || operation.kind == create_primary_key ||
             operation.kind == drop_constraint;
    case DriftKind::unique:
      return operation.kind == create_table || operation.kind == create_unique_constraint ||
             operation.kind == drop_constraint;
    case DriftKind::foreign_key:
      return operation.kind == create_table || operation.kind == create_foreign_key ||
             operation.kind == drop_constraint;
    case DriftKind::index:
      return is_target && (operation.kind == create_index || operation.kind == drop_index);
    case DriftKind::check:
      return operation.kind == create_table || operation.kind == create_check_constraint ||
             operation.kind == drop_constraint;
    case DriftKind::comment:
    case DriftKind::enum_values:
      return false;
  }
  return false;
}

const Operation* operation_about(const Linking& in, const Drift& drift) {
  const auto found = in.operations.find(drift.table);
  if (found == in.operations.end()) {
    return drift.operation;
  }
  const auto last = std::find_if(found->second.rbegin(), found->second.rend(),
                                 [&](const Operation* operation) { return is_about(*operation, drift); });
  return last == found->second.rend() ? drift.operation : *last;
}

void set_place(Difference& difference, const Drift& drift) {
  const Operation* operation = difference.operation;
  const bool of_change = operation && operation->migration && is_of_change(*operation->migration);
  const bool by_migration = difference.cause.is_known() && (difference.cause.value == DriftCause::migrations ||
                                                            difference.cause.value == DriftCause::both);
  const bool has_model = difference.field || difference.model;
  if (operation && operation->migration && ((by_migration && of_change) || !has_model)) {
    difference.file = operation->migration->file;
    difference.span = operation->span;
  } else if (has_model) {
    difference.file = difference.field ? difference.field->file : difference.model->file;
    const Span whole = difference.field ? difference.field->span : difference.model->span;
    difference.span = drift.span.end > drift.span.begin ? drift.span : whole;
  }
}

// ---- one difference as facts ----------------------------------------------------------------------------------------

std::string join(const Texts& texts) {
  std::string out;
  for (const Text& text : texts.items) {
    out += (out.empty() ? "" : ", ") + std::string(text.is_known() ? text.value : "?");
  }
  return out;
}

Flag has_member_values(const Drift& drift) {
  const EnumClass* enumeration = drift.field ? drift.field->enumeration : nullptr;
  if (drift.kind != DriftKind::enum_values || !enumeration || drift.field->enum_of_values) {
    return {};
  }
  const std::string values = join(enumeration->values);
  return known(values == drift.migrations && values != join(enumeration->members));
}

Text text_of(Arena& arena, const std::string& text) { return text.empty() ? Text{} : known(arena.copy(text)); }

Texts texts_of(Arena& arena, const std::vector<std::string>& texts) {
  std::vector<Text> items;
  for (const std::string& text : texts) {
    items.push_back(known(arena.copy(text)));
  }
  return {arena.copy(items), State::known, false};
}

const ModelField* field_named(const Table& table, const std::string& name) {
  const TableColumn* column = name.empty() ? nullptr : find_column(table, name);
  return column ? column->field : nullptr;
}

Difference make_difference(const Linking& in, const Drift& drift) {
  Difference out;
  out.kind = drift.kind;
  out.side = drift.side();
  out.table = text_of(in.arena, drift.table);
  out.name = text_of(in.arena, drift.name);
  out.columns = texts_of(in.arena, drift.columns);
  out.models = text_of(in.arena, drift.models);
  out.migrations = text_of(in.arena, drift.migrations);
  out.same_family = drift.kind != DriftKind::type ? Flag{}
                    : drift.same_family           ? known(*drift.same_family)
                                                  : unknown<bool>();
  out.has_member_values = has_member_values(drift);
  const auto table = in.tables.find(drift.table);
  out.model = drift.model ? drift.model : table == in.tables.end() ? nullptr : table->second->model;
  out.field = drift.field ? drift.field : table == in.tables.end() ? nullptr : field_named(*table->second, drift.name);
  out.operation = operation_about(in, drift);
  return out;
}

// `type of user.name`
std::string words_of(const Drift& drift) {
  std::string out(name_of(drift.kind));
  std::ranges::replace(out, '_', ' ');
  return out + " " + drift.table + (drift.name.empty() ? "" : "." + drift.name);
}

Texts words_of(Arena& arena, const std::vector<Drift>& drifts, bool open) {
  std::vector<std::string> words;
  for (const Drift& drift : drifts) {
    words.push_back(words_of(drift));
  }
  Texts texts = texts_of(arena, words);
  texts.open = open;
  texts.state = open && words.empty() ? State::unknown : State::known;
  return texts;
}

void set_mended(Linking& in, const DriftFound& before, const Comparison& now) {
  std::vector<Drift> mended;
  for (const Drift& drift : before.differences) {
    if (!now.any(drift.table, [&](const Drift& other) { return is_same_thing(other, drift); })) {
      mended.push_back(drift);
    }
  }
  in.project.mended = words_of(in.arena, mended, !before.uncertain.empty());
}

// ---- all of it ------------------------------------------------------------------------------------------------------

bool is_reached(const Model& model) { return model.imported.is_known() && model.imported.value; }

// Is it a table that a model asks for, or may ask for, which env.py does not reach? The rules about imports tell of it.
bool is_of_unreached_model(const Difference& difference, const ModelsFacts& models) {
  return difference.kind == DriftKind::table && difference.side == DriftSide::migrations &&
         std::ranges::any_of(models.models, [&](const Model* model) {
           const bool may_be_it = !model->table_name.is_known() || model->schema.is_unknown() ||
                                  full_name(model->schema, model->table_name) == difference.table.value;
           return !is_reached(*model) && may_be_it;
         });
}

// What models that env.py does not reach ask for is compared with nothing.
bool changes_unreached_models(const Project& project) {
  const auto is_changed = [](const Model* model) {
    return !is_reached(*model) && model->file->change != Change::unchanged;
  };
  return std::ranges::any_of(project.models->facts->models, is_changed);
}

void find_operations(Linking& in) {
  for (const auto& migration : in.project.migrations) {
    if (is_of_change(*migration)) {
      for (const Operation& operation : migration->upgrade.items) {
        in.operations[full_name(operation.schema, operation.table)].push_back(&operation);
      }
    }
  }
}

void link_columns(const Linking& in) {
  for (const auto& [name, operations] : in.operations) {
    const auto table = in.tables.find(name);
    for (const Operation* operation : operations) {
      for (const Column& column : table == in.tables.end() ? std::span<const Column>() : operation->new_columns.items) {
        if (column.name.is_known()) {
          const_cast<Column&>(column).model_field = field_named(*table->second, std::string(column.name.value));
        }
      }
    }
  }
}

void set_causes(Linking& in, const Made& made, const Comparison& now) {
  Project& project = in.project;
  Arena arena;
  const Made old = make_before(project, made, arena);
  const Snapshot old_asked = project.base_models ? expected_schema(*project.base_models->facts, arena) : Snapshot{};
  const Snapshot& made_before = old.snapshot;
  const Snapshot& asked_before = project.base_models ? old_asked : in.asked;
  const Course change{made_before, asked_before, Comparison(made_before, asked_before),
                      Comparison(asked_before, in.asked), Comparison(made_before, made.snapshot)};
  for (size_t i = 0; i < project.differences.size(); ++i) {
    project.differences[i].cause = cause_of(now.found.differences[i], change);
  }
  const bool open = !change.models.found.uncertain.empty() || changes_unreached_models(project);
  project.model_changes = words_of(in.arena, change.models.found.differences, open);
  set_mended(in, change.before.found, now);
}

}  // namespace

void link_drift(Project& project, const Snapshot& asked, const Replay* replayed) {
  project.differences.clear();
  if (asked.tables.empty() || project.migrations.empty()) {
    return;
  }
  Linking in{project, project.models->arena, asked};
  for (const Table* table : asked.tables) {
    if (table->name.is_known() && !table->schema.is_unknown()) {
      in.tables.emplace(full_name(table->schema, table->name), table);
    }
  }
  find_operations(in);
  link_columns(in);
  Arena arena;
  const Made made = replayed ? made_by(*replayed, arena) : make(project, migrations_here(project), arena);
  const Comparison now(made.snapshot, asked);
  for (const Drift& each : now.found.differences) {
    project.differences.push_back(make_difference(in, each));
  }
  if (project.has_base) {
    set_causes(in, made, now);
  } else {
    project.model_changes = project.mended = {{}, State::absent, false};
  }
  for (size_t i = 0; i < now.found.differences.size(); ++i) {
    set_place(project.differences[i], now.found.differences[i]);
  }
  std::erase_if(project.differences,
                [&](const Difference& each) { return is_of_unreached_model(each, *project.models->facts); });
  std::ranges::stable_sort(project.differences, {}, [](const Difference& each) -> std::string_view {
    return each.file ? std::string_view(each.file->source.path) : std::string_view();
  });
}

}  // namespace spiritsafe
