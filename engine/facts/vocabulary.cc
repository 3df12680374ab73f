// SPDX-License-Identifier: Apache-2.0
#include "engine/facts/vocabulary.h"

#include <algorithm>
#include <array>

#include "engine/facts/member_fields.h"

namespace spiritsafe {
namespace {

std::span<const Operation> earlier_operations(const Operation& operation) {
  const auto& list =
      operation.direction == Direction::upgrade ? operation.migration->upgrade : operation.migration->downgrade;
  return list.items.first(operation.position);
}

std::span<const Operation> later_operations(const Operation& operation) {
  const auto& list =
      operation.direction == Direction::upgrade ? operation.migration->upgrade : operation.migration->downgrade;
  return list.items.subspan(operation.position + 1);
}

// Has `earlier` run whenever `operation` runs? Where a branch around it is not around the other, it may not have.
bool surely_ran(const Operation& earlier, const Operation& operation) {
  return earlier.branches.size() <= operation.branches.size() &&
         std::ranges::equal(earlier.branches, operation.branches.first(earlier.branches.size()));
}

// Does an operation before it make `name`, a column of its table, or the table itself? Not known where that one may
// not have run, or may have found it there.
Truth is_made_before(const Operation& operation, const Text& name, OperationKind kind) {
  if (operation.table.is_absent() || name.is_absent()) {
    return Truth::no;
  }
  Truth result = Truth::no;
  for (const Operation& earlier : earlier_operations(operation)) {
    if (earlier.kind != kind) {
      continue;
    }
    const bool is_view = kind == OperationKind::create_view;  // which has its name as its target alone
    const Text& table = is_view ? earlier.target : earlier.table;
    const Text& made = kind == OperationKind::create_table ? earlier.table : earlier.target;
    const bool same = table.is_known() && operation.table.is_known() && table.value == operation.table.value &&
                      made.is_known() && name.is_known() && made.value == name.value;
    const bool surely = surely_ran(earlier, operation) && !earlier.if_not_exists.is_unknown() &&
                        !(earlier.if_not_exists.is_known() && earlier.if_not_exists.value);
    if (same && surely) {
      return Truth::yes;
    }
    const bool other = (table.is_known() && operation.table.is_known() && table.value != operation.table.value) ||
                       (made.is_known() && name.is_known() && made.value != name.value);
    result = other ? result : Truth::unknown;
  }
  return result;
}

Value value_of_truth(Truth truth) {
  return truth == Truth::unknown ? value_of(unknown<bool>()) : value_of(truth == Truth::yes);
}

Value on_new_table(const void* p) {
  const auto& operation = *static_cast<const Operation*>(p);
  return value_of_truth(either(is_made_before(operation, operation.table, OperationKind::create_table),
                               is_made_before(operation, operation.table, OperationKind::create_view)));
}

Value on_new_column(const void* p) {
  const auto& operation = *static_cast<const Operation*>(p);
  return value_of_truth(is_made_before(operation, operation.target, OperationKind::add_column));
}

Value on_new_columns(const void* p) {
  const auto& operation = *static_cast<const Operation*>(p);
  const bool adds = std::ranges::any_of(earlier_operations(operation), [&](const Operation& earlier) {
    return earlier.kind == OperationKind::add_column;
  });
  if (!adds || (operation.columns.items.empty() && operation.columns.state != State::unknown)) {
    return value_of(false);
  }
  Truth result = operation.columns.open || operation.columns.state == State::unknown ? Truth::unknown : Truth::yes;
  for (const Text& column : operation.columns.items) {
    result = both(result, is_made_before(operation, column, OperationKind::add_column));
  }
  return value_of_truth(result);
}

// As if the statement were an operation on its table: behind its execute, and behind those that the statements before
// it amount to.
Operation as_operation(const Statement& statement) {
  Operation operation = *statement.operation;
  operation.table = statement.table;
  operation.schema = statement.schema;
  operation.columns = statement.columns;
  const auto& list =
      operation.direction == Direction::upgrade ? operation.migration->upgrade : operation.migration->downgrade;
  for (++operation.position; operation.position < list.items.size(); ++operation.position) {
    const Statement* other = list.items[operation.position].statement;
    if (!other || other->operation != statement.operation || other >= &statement) {
      break;
    }
  }
  return operation;
}

Value statement_on_new_table(const void* p) {
  const Operation operation = as_operation(*static_cast<const Statement*>(p));
  return on_new_table(&operation);
}

Value statement_on_new_columns(const void* p) {
  const Operation operation = as_operation(*static_cast<const Statement*>(p));
  const bool adds = std::ranges::any_of(earlier_operations(operation), [&](const Operation& earlier) {
    const bool other_table =
        earlier.table.is_known() && operation.table.is_known() && earlier.table.value != operation.table.value;
    return earlier.kind == OperationKind::add_column && !other_table;
  });
  return adds ? on_new_columns(&operation) : value_of(false);
}

bool holds_literal(const Text& text, std::string_view value) {
  for (size_t at = text.is_known() ? text.value.find(value) : text.value.npos; at != text.value.npos;
       at = text.value.find(value, at + 1)) {
    const size_t end = at + value.size();
    const bool quoted = at > 0 && end < text.value.size() && text.value[at - 1] == text.value[end] &&
                        (text.value[end] == '\'' || text.value[end] == '"');
    if (quoted) {
      return true;
    }
  }
  return false;
}

// Does the operation hold the value, in a default, a condition or a statement?
Truth holds_value(const Operation& operation, const Text& value) {
  bool readable = operation.kind != OperationKind::unrecognised && value.is_known();
  bool holds =
      operation.kind == OperationKind::bulk_insert && value.is_known() && holds_literal(operation.text, value.value);
  const auto look_at = [&](const Text& text) {
    holds = holds || (value.is_known() && holds_literal(text, value.value));
    readable = readable && !text.is_unknown();
  };
  const auto look_at_default = [&](const Text& text) {  // it may be written without quotes
    holds = holds || (value.is_known() && text.is_known() && text.value == value.value);
    look_at(text);
  };
  look_at_default(operation.server_default);
  look_at(operation.condition);
  for (const Column& column : operation.new_columns.items) {
    look_at_default(column.server_default);
  }
  for (const Statement& statement : operation.sql.items) {
    const bool is_told = statement.is_told && statement.statement_class.is_known() &&
                         statement.statement_class.value != StatementClass::dml;
    look_at(is_told ? Text{} : statement.text);
  }
  readable = readable && operation.sql.state != State::unknown && !operation.sql.open;
  return holds ? Truth::yes : readable ? Truth::no : Truth::unknown;
}

template <class Operations>
Truth any_holds_value(const Operations& operations, const Text& value) {
  Truth result = Truth::no;
  for (const Operation& operation : operations) {
    const Truth holds = holds_value(operation, value);
    if (holds == Truth::yes) {
      return holds;
    }
    result = holds == Truth::unknown ? holds : result;
  }
  return result;
}

// Of an add_enum_value the value; else nullptr.
const Text* added_value(const Operation& operation) {
  const bool adds = operation.kind == OperationKind::add_enum_value && !operation.enum_values.items.empty();
  return adds ? &operation.enum_values.items.front() : nullptr;
}

// Does an operation or statement behind it hold the value that it adds to an enum type?
Value value_used_later(const void* p) {
  const auto& operation = *static_cast<const Operation*>(p);
  const Text* value = added_value(operation);
  return value ? value_of_truth(any_holds_value(later_operations(operation), *value)) : Value{};
}

// The revision of the same change, among those that build on it, that holds the value. Which revisions are pending with
// it nobody knows without a base.
Value value_used_by(const void* p) {
  constexpr size_t most_revisions = 200;
  const auto& operation = *static_cast<const Operation*>(p);
  const Text* value = added_value(operation);
  const Project* project = operation.migration->file->project;
  if (!value || operation.direction != Direction::upgrade || !project || !project->has_base) {
    return {};
  }
  std::vector<const Migration*> pending(operation.migration->children.items.begin(),
                                        operation.migration->children.items.end());
  bool open = false;
  for (size_t i = 0; i < pending.size() && i < most_revisions; ++i) {
    const Migration& migration = *pending[i];
    if (migration.file->change != Change::added) {
      continue;
    }
    const Truth holds = any_holds_value(migration.upgrade.items, *value);
    if (holds == Truth::yes) {
      return value_of(migration.revision);
    }
    open = open || holds == Truth::unknown || migration.upgrade.open;
    for (const Migration* child : migration.children.items) {
      if (std::ranges::find(pending, child) == pending.end()) {
        pending.push_back(child);
      }
    }
  }
  return open || pending.size() > most_revisions ? Value{.state = State::unknown} : Value{};
}

// add_column's own column; the other operations have none.
Value column_of(const Operation& operation) {
  if (operation.kind != OperationKind::add_column) {
    return {};
  }
  if (operation.new_columns.items.empty()) {
    Value value;
    value.state = State::unknown;
    return value;
  }
  return value_of(&operation.new_columns.items.front());
}

// What the replay tells of an operation; nothing of one that was not replayed.
const SchemaEffect& effect_of(const Operation& operation) {
  static const SchemaEffect nothing;
  if (!operation.migration) {
    return nothing;
  }
  const auto& effects = operation.direction == Direction::upgrade ? operation.migration->upgrade_effects
                                                                  : operation.migration->downgrade_effects;
  return operation.position < effects.size() ? effects[operation.position] : nothing;
}

template <auto member>
Field effect(std::string_view name, std::string_view help) {
  Field row = field<member>(name, help);
  row.get = [](const void* item) { return value_of(effect_of(*static_cast<const Operation*>(item)).*member); };
  row.small = [](const void* item) { return small_of(effect_of(*static_cast<const Operation*>(item)).*member); };
  return row;
}

bool is_replayed(const Operation& operation) {
  const SchemaEffect& effect = effect_of(operation);
  return operation.existing_type.is_absent() || (effect.type_before.is_known() && effect.type_family_before.is_known());
}

// What the replay knows; where it knows nothing, what the operation says. What is said may be what SQLite had.
template <auto said, auto replayed>
Field completed(std::string_view name, std::string_view help) {
  Field row = field<said>(name, help);
  row.get = [](const void* item) {
    const auto& operation = *static_cast<const Operation*>(item);
    return is_replayed(operation) ? value_of(effect_of(operation).*replayed) : value_of(operation.*said);
  };
  row.small = [](const void* item) {
    const auto& operation = *static_cast<const Operation*>(item);
    return is_replayed(operation) ? small_of(effect_of(operation).*replayed) : small_of(operation.*said);
  };
  return row;
}

// What the rows of effects say; nothing where they were not asked.
const LockEffect& locks_at(std::span<const LockEffect> locks, size_t position) {
  static const LockEffect nothing;
  return position < locks.size() ? locks[position] : nothing;
}
const LockEffect& locks_of(const Operation& operation) {
  const bool up = operation.direction == Direction::upgrade;
  return operation.migration ? locks_at(up ? operation.migration->upgrade_locks : operation.migration->downgrade_locks,
                                        operation.position)
                             : locks_at({}, 0);
}
const LockEffect& locks_of(const Statement& statement) {
  return statement.migration ? locks_at(statement.migration->statement_locks,
                                        static_cast<size_t>(&statement - statement.migration->statements.items.data()))
                             : locks_at({}, 0);
}

template <class Owner, auto member>
Field lock_field(std::string_view name, std::string_view help) {
  Field row = field<member>(name, help);
  row.get = [](const void* item) { return value_of(locks_of(*static_cast<const Owner*>(item)).*member); };
  row.small = [](const void* item) { return small_of(locks_of(*static_cast<const Owner*>(item)).*member); };
  return row;
}

// The same of operations and of statements.
template <class Owner>
std::array<Field, 10> lock_fields() {
  return {{
      lock_field<Owner, &LockEffect::row>("effect", "the policy's row of effects that speaks of it"),
      lock_field<Owner, &LockEffect::lock>("lock", "the strongest lock on its table; absent where it takes none"),
      lock_field<Owner, &LockEffect::blocks>("blocks", "what waits while it holds that lock"),
      lock_field<Owner, &LockEffect::lock_on_referenced>("lock_on_referenced",
                                                         "the strongest lock on the table that a foreign key leads "
                                                         "to, or (partitions) on the other table"),
      lock_field<Owner, &LockEffect::blocks_referenced>("blocks_referenced", "what waits for that lock"),
      lock_field<Owner, &LockEffect::rewrites>("rewrites", "its table is written anew"),
      lock_field<Owner, &LockEffect::scans>("scans", "rows of its table are read"),
      lock_field<Owner, &LockEffect::scans_referenced>("scans_referenced", "rows of the other table are read"),
      lock_field<Owner, &LockEffect::fails_with_rows>("fails_with_rows", "it fails where its table has rows"),
      lock_field<Owner, &LockEffect::fails_in_transaction>("fails_in_transaction", "it fails in a transaction"),
  }};
}

template <class Owner, size_t count>
std::span<const Field> with_lock_fields(const Field (&own)[count]) {
  static const std::vector<Field> rows = [&] {
    std::vector<Field> all(std::begin(own), std::end(own));
    for (const Field& row : lock_fields<Owner>()) {
      all.push_back(row);
    }
    return all;
  }();
  return rows;
}

Value added_command(const void* p) {
  const auto& command = *static_cast<const Command*>(p);
  return value_of(is_added(*command.job->file, command.span));
}

Value added_schema_change(const void* p) {
  const auto& change = *static_cast<const SchemaChange*>(p);
  return value_of(is_added(*change.file, change.span));
}

Value models_of_project(const void* p) {
  const auto& models = static_cast<const Project*>(p)->models;
  Value value = models ? value_of(models->facts->models) : Value{.state = State::unknown};
  value.open = models && !models->facts->doubts.empty();
  return value;
}

// ---- the table -----------------------------------------------------------------------------------------------------

std::span<const Field> project_fields() {
  static const Field rows[] = {
      {"name",
       Type::text,
       "folder of the Alembic project; empty for the only one",
       {},
       {},
       [](const void* p) { return value_of(known(std::string_view(static_cast<const Project*>(p)->name))); }},
      relation<&Project::migrations>("migrations", Type::items, "migration", "all revision files"),
      relation<&Project::files>("files", Type::items, "file", "revision files, scripts, workflows and configuration"),
      {"dialect",
       Type::text,
       "the database it works with, by SQLAlchemy's name; absent where nothing says it",
       {},
       {},
       [](const void* p) {
         const std::string_view dialect = static_cast<const Project*>(p)->settings.dialect;
         return value_of(dialect.empty() ? Text{} : known(dialect));
       }},
      {"is_sql",
       Type::boolean,
       "its migrations are files of SQL, without Alembic",
       {},
       {},
       [](const void* p) { return value_of(static_cast<const Project*>(p)->settings.is_sql); }},
      {"has_base",
       Type::boolean,
       "there is a base to compare with",
       {},
       {},
       [](const void* p) { return value_of(static_cast<const Project*>(p)->has_base); }},
      relation<&Project::base_files>("base_files", Type::items, "file",
                                     "what the change modifies, renames or deletes, as the base has it"),
      {"is_around",
       Type::boolean,
       "it is not an Alembic project but what stands around all of them",
       {},
       {},
       [](const void* p) { return value_of(static_cast<const Project*>(p)->around == p); }},
      relation<&Project::around>("around", Type::item, "repo",
                                 "scripts, workflows and application code around the migrations"),
      relation<&Project::weakenings>("weakenings", Type::items, "weakening",
                                     "what the change takes away from the checks"),
      relation<&Project::branches>("branches", Type::items, "branch", "what its heads belong to"),
      relation<&Project::touched>("touched", Type::items, "base_migration", "revisions of the base that change"),
      relation<&Project::heads>("heads", Type::items, "migration", "its heads, once the change is merged"),
      relation<&Project::bases>("bases", Type::items, "migration", "its bases, once the change is merged"),
      relation<&Project::base_heads>("base_heads", Type::items, "migration", "heads that the base has now"),
      {"models", Type::items, "its models, whether env.py reaches them or not", "model", {}, models_of_project},
      relation<&Project::differences>("differences", Type::items, "difference",
                                      "what its models and its migrations differ in"),
      field<&Project::model_changes>("model_changes", "what the change makes the models ask for otherwise"),
      field<&Project::mended>("mended", "differences between models and migrations that the change mends"),
  };
  return rows;
}

std::span<const Field> file_fields() {
  static const Field rows[] = {
      field<&File::path>("path", "path from where the user stands"),
      field<&File::name>("name", "last part of the path"),
      field<&File::language>("language", "what the file is written in"),
      field<&File::change>("change", "what this change does to the file"),
      field<&File::on_base>("on_base", "the base branch has it"),
      field<&File::named_in_request>("named_in_request",
                                     "the description of the pull request has its name; absent where none is known"),
      field<&File::problem>("problem", "why it could not be read"),
      field<&File::problem_text>("problem_text", "the same in words; absent where it was read"),
      relation<&File::lines>("lines", Type::items, "line", "its lines, where it is a script or workflow"),
      relation<&File::jobs>("jobs", Type::items, "job", "its jobs, where it is a workflow"),
      relation<&File::schema_changes>("schema_changes", Type::items, "schema_change",
                                      "where it changes the schema outside of migrations"),
      field<&File::imports>("imports", "modules that it imports, where it is application code"),
      relation<&File::env_script>("env_script", Type::item, "env_script", "what it says, where it is an env.py"),
      field<&File::beside_project>("beside_project", "in or below the folder of an Alembic project"),
      relation<&File::before>("before", Type::item, "file", "its version of the base, where the change touches it"),
      relation<&File::project>("repo", Type::item, "repo", "the project it belongs to"),
  };
  return rows;
}

std::span<const Field> line_fields() {
  static const Field rows[] = {
      field<&Line::text>("text", "the line without its newline"),
      field<&Line::number>("number", "counted from 1"),
      field<&Line::added>("added", "this change added it"),
      relation<&Line::file>("file", Type::item, "file", "the file it stands in"),
  };
  return rows;
}

std::span<const Field> migration_fields() {
  static const Field rows[] = {
      field<&Migration::path>("path", "path of the revision file"),
      field<&Migration::name>("name", "file name without .py"),
      field<&Migration::revision>("revision", "the revision id"),
      field<&Migration::parents>("parents", "down_revision as a list; empty for None, absent where it is missing"),
      field<&Migration::branch_labels>("branch_labels", "branch_labels as a list"),
      field<&Migration::depends_on>("depends_on", "depends_on as a list"),
      field<&Migration::docstring>("docstring", "the docstring"),
      field<&Migration::late_docstring>("late_docstring",
                                        "a string with the header in it, below code where Python sees no docstring"),
      field<&Migration::message>("message", "the docstring's first paragraph, as Alembic shows it"),
      field<&Migration::header_revision>("header_revision", "`Revision ID:` of the docstring"),
      field<&Migration::header_parents>("header_parents", "`Revises:` of the docstring as a list"),
      field<&Migration::header_create_date>("header_create_date", "`Create Date:` of the docstring"),
      field<&Migration::docstring_paragraphs>("docstring_paragraphs",
                                              "paragraphs of the docstring beside message and header"),
      field<&Migration::syntax_error>("syntax_error", "why the file does not parse; absent where it does"),
      field<&Migration::has_upgrade>("has_upgrade", "defines upgrade() or upgrade_<database>()"),
      field<&Migration::has_downgrade>("has_downgrade", "defines downgrade() or downgrade_<database>()"),
      field<&Migration::upgrade_raises>("upgrade_raises", "upgrade() does nothing but raise"),
      field<&Migration::downgrade_raises>("downgrade_raises", "downgrade() does nothing but raise"),
      field<&Migration::autogenerated>("autogenerated", "has the pair of marker comments that autogenerate writes"),
      field<&Migration::tables>("tables", "tables that upgrade() touches"),
      field<&Migration::tables_named>("tables_named",
                                      "tables of upgrade() that the message names, however it spells them"),
      field<&Migration::table_groups>(
          "table_groups", "the same in groups that the schema links: by foreign keys, link tables, enum types; `a, b`"),
      relation<&Migration::upgrade>("upgrade", Type::items, "operation", "the operations of upgrade(), normalised"),
      relation<&Migration::downgrade>("downgrade", Type::items, "operation",
                                      "the operations of downgrade(), normalised"),
      relation<&Migration::steps>("steps", Type::items, "step", "the calls and statements of both, as written"),
      relation<&Migration::statements>("statements", Type::items, "statement", "the SQL statements of both"),
      relation<&Migration::imports>("imports", Type::items, "import", "what it imports"),
      relation<&Migration::uses>("uses", Type::items, "use", "the names that it loads"),
      relation<&Migration::comments>("comments", Type::items, "comment", "its comments"),
      field<&Migration::is_head>("is_head", "nothing has it as its down_revision, once the change is merged"),
      field<&Migration::is_effective_head>("is_effective_head", "… nor depends on it"),
      field<&Migration::is_base>("is_base", "its down_revision is None"),
      field<&Migration::is_merge_point>("is_merge_point", "it has several parents"),
      relation<&Migration::children>("children", Type::items, "migration", "the revisions that build on it"),
      field<&Migration::missing_parents>(
          "missing_parents", "what no file has: of down_revision, and of depends_on what is no branch label either"),
      relation<&Migration::same_revision>("same_revision", Type::items, "migration",
                                          "the other files with its revision id"),
      field<&Migration::duplicate_of>("duplicate_of",
                                      "the file that had its revision id first; absent where that is this one"),
      field<&Migration::in_cycle>("in_cycle", "it builds on itself, perhaps by others"),
      field<&Migration::cycle>("cycle", "the revisions around that cycle, told at the first of them only"),
      field<&Migration::label_taken>("label_taken",
                                     "those of branch_labels that an earlier file or a revision id has already"),
      field<&Migration::main_base>("main_base", "of a base that is one too many in its folder: the base of the others"),
      field<&Migration::redundant_parents>("redundant_parents",
                                           "of a merge: parents that its other parents build on anyway"),
      relation<&Migration::on_base>("on_base", Type::item, "migration", "the same revision at the merge base"),
      field<&Migration::code_changed>("code_changed",
                                      "its code is not what the base has; comments, layout, parents aside"),
      field<&Migration::reparented>("reparented", "its down_revision or depends_on is not what the base has"),
      field<&Migration::parents_on_base>("parents_on_base", "its down_revision on the base"),
      field<&Migration::new_parents>("new_parents", "of a revision of the base: parents that the base has not"),
      field<&Migration::stale_parents>("stale_parents", "of a new revision: parents that the base has built on since"),
      field<&Migration::rebase_onto>("rebase_onto",
                                     "of a new revision with one stale parent: the base's only head above that"),
      field<&Migration::inserted_before>("inserted_before", "of a new revision: those of the base that build on it"),
      field<&Migration::conflicts>("conflicts",
                                   "`table.column` that it and a revision that the base got meanwhile both change"),
      field<&Migration::asymmetry>("asymmetry",
                                   "what downgrade() does not undo of upgrade(): \"column `a.b` is left over\""),
      field<&Migration::types_left_over>("types_left_over", "enum types that downgrade() leaves"),
      field<&Migration::conflicting>("conflicting", "those revisions of the base"),
      field<&Migration::expected_name>("expected_name", "what file_template makes of it, without .py"),
      field<&Migration::follows_template>("follows_template",
                                          "its file name could be one of file_template, whatever message and date"),
      relation<&Migration::file>("file", Type::item, "file", "the file it stands in"),
      {"repo",
       Type::item,
       "the project it belongs to",
       "repo",
       {},
       [](const void* p) { return value_of(static_cast<const Migration*>(p)->file->project); }},
  };
  return rows;
}

std::span<const Field> operation_fields() {
  static const Field rows[] = {
      field<&Operation::kind>("kind", "what it does, by Alembic's name"),
      field<&Operation::direction>("direction", "upgrade or downgrade"),
      field<&Operation::written_as>("written_as", "as a call of Alembic or in SQL"),
      field<&Operation::call>("call", "the function called, `op.add_column`"),
      field<&Operation::text>("text", "the call as written, white space folded"),
      field<&Operation::table>("table", "the table"),
      field<&Operation::schema>("schema", "the schema, where it is named"),
      field<&Operation::target>("target", "what is made, changed or dropped: column, index, constraint, type or table"),
      field<&Operation::new_name>("new_name", "the new name of a rename"),
      field<&Operation::columns>("columns", "columns of an index or constraint"),
      field<&Operation::columns_are_text>("columns_are_text", "the columns were given as one string instead of a list"),
      field<&Operation::unique>("unique", "unique index"),
      field<&Operation::concurrently>("concurrently", "postgresql_concurrently; absent where not written"),
      field<&Operation::if_exists>("if_exists", "if_exists; absent where not written"),
      field<&Operation::if_not_exists>("if_not_exists", "if_not_exists; absent where not written"),
      field<&Operation::not_valid>("not_valid", "postgresql_not_valid; absent where not written"),
      field<&Operation::nullable>("nullable", "alter_column: the new nullability; absent where it stays"),
      field<&Operation::type>("type", "alter_column: the new type; absent where it stays"),
      field<&Operation::type_family>("type_family", "alter_column: family of the new type"),
      field<&Operation::length>("length", "alter_column: of the new String(n)"),
      field<&Operation::precision>("precision", "alter_column: of the new Numeric(p, s)"),
      field<&Operation::scale>("scale", "alter_column: of the new Numeric(p, s)"),
      completed<&Operation::existing_type, &SchemaEffect::type_before>(
          "existing_type", "alter_column: existing_type; where it is not written, as the replayed schema has it"),
      completed<&Operation::existing_type_family, &SchemaEffect::type_family_before>(
          "existing_type_family", "alter_column: family of existing_type"),
      field<&Operation::existing_length>("existing_length", "alter_column: of the existing String(n)"),
      field<&Operation::existing_precision>("existing_precision", "alter_column: of the existing Numeric(p, s)"),
      field<&Operation::existing_scale>("existing_scale", "alter_column: of the existing Numeric(p, s)"),
      completed<&Operation::shrinks, &SchemaEffect::shrinks>(
          "shrinks",
          "alter_column: which of `length`, `digits` (before the point) and `scale` get smaller; "
          "absent where the types are not of one kind"),
      field<&Operation::existing_nullable>("existing_nullable", "alter_column: existing_nullable"),
      field<&Operation::server_default>("server_default",
                                        "alter_column: the new server default; absent where it stays"),
      field<&Operation::drops_server_default>("drops_server_default", "alter_column(server_default=None)"),
      field<&Operation::using_expression>("using_expression", "postgresql_using"),
      field<&Operation::comment>("comment", "the new comment"),
      field<&Operation::drops_comment>("drops_comment", "alter_column(comment=None)"),
      field<&Operation::using_index>("using_index",
                                     "the index that ADD CONSTRAINT … USING INDEX makes a constraint of"),
      field<&Operation::partitioned>("partitioned", "create_table with PARTITION BY; absent where not written"),
      field<&Operation::special_index>(
          "special_index", "create_index that is no b-tree of columns in their own order; absent where it is one"),
      field<&Operation::type_name>("type_name", "alter_column: the name of the new type, where it is an enum"),
      field<&Operation::temporary>("temporary", "CREATE TEMPORARY TABLE; absent where not written"),
      field<&Operation::cascade>("cascade", "DROP … CASCADE; absent where not written"),
      field<&Operation::enum_values>(
          "enum_values", "of an enum type that it makes, or that its column gets; of one that changes, the value"),
      field<&Operation::referent_table>("referent_table", "table that a foreign key points to"),
      field<&Operation::referent_columns>("referent_columns", "columns that a foreign key points to"),
      field<&Operation::ondelete>("ondelete", "ON DELETE of a foreign key"),
      field<&Operation::onupdate>("onupdate", "ON UPDATE of a foreign key; what SQL says of it is not read"),
      field<&Operation::deferrable>("deferrable", "of a foreign key; absent where not written, likewise"),
      field<&Operation::initially>("initially", "`DEFERRED` or `IMMEDIATE`, of a foreign key; likewise"),
      field<&Operation::condition>("condition", "of a check constraint; postgresql_where of an index"),
      field<&Operation::constraint_kind>("constraint_kind", "what constraint is made or dropped"),
      field<&Operation::recreate>("recreate", "recreate= of the batch_alter_table it stands in"),
      field<&Operation::create_type>("create_type", "create_type= of the enum type it makes"),
      field<&Operation::unknown_arguments>("unknown_arguments",
                                           "keywords that Alembic does not know for this operation"),
      field<&Operation::positional_arguments>("positional_arguments", "optional parameters given by place"),
      field<&Operation::missing_arguments>("missing_arguments", "required parameters that were not given"),
      field<&Operation::execute_form>("execute_form", "how raw SQL reaches the database"),
      field<&Operation::sql_form>("sql_form", "how the SQL text is put together"),
      field<&Operation::sql_text>("sql_text", "the SQL text"),
      field<&Operation::unescaped_parameter>("unescaped_parameter",
                                             "`:name` that text() takes for a parameter with no value"),
      field<&Operation::implicit>("implicit", "made by index=, unique= or ForeignKey inside a Column"),
      field<&Operation::batch>("batch", "inside batch_alter_table"),
      field<&Operation::batch_position>("batch_position", "its place in its batch_alter_table block, from 1"),
      field<&Operation::dialects>("dialects",
                                  "the databases it can run on, by SQLAlchemy's names, and `other`; absent where no "
                                  "condition around it says so"),
      field<&Operation::autocommit>("autocommit", "inside autocommit_block()"),
      field<&Operation::conditional>("conditional", "inside a condition that depends on the run"),
      field<&Operation::loop>("loop", "inside a loop"),
      field<&Operation::helper>("helper", "in a function that upgrade() or downgrade() calls"),
      field<&Operation::in_markers>("in_markers", "between autogenerate's marker comments"),
      field<&Operation::dynamic>("dynamic", "what could not be known and why; absent where all is known"),
      field<&Operation::comment_distance>("comment_distance",
                                          "lines to the nearest comment of one's own above it, or above the lines "
                                          "that no blank one parts from it"),
      {"column",
       Type::item,
       "add_column: the column",
       "column",
       {},
       [](const void* p) { return column_of(*static_cast<const Operation*>(p)); }},
      relation<&Operation::new_columns>("new_columns", Type::items, "column", "create_table, add_column: the columns"),
      field<&Operation::column_names>("column_names", "create_table: the names of its columns"),
      relation<&Operation::constraints>("constraints", Type::items, "constraint", "create_table: its constraints"),
      relation<&Operation::sql>("sql", Type::items, "statement", "execute: the SQL statements"),
      relation<&Operation::statement>("statement", Type::item, "statement",
                                      "written in SQL: the statement it was read in"),
      effect<&SchemaEffect::existing_table>("existing_table",
                                            "its table was there before the change, or has rows already; absent where "
                                            "it has none"),
      effect<&SchemaEffect::impossible>("impossible",
                                        "why it fails on the replayed schema: \"column `a.b` is not there\""),
      effect<&SchemaEffect::missing_referents>("missing_referents",
                                               "what its foreign keys lead to and the replayed schema has not"),
      effect<&SchemaEffect::still_used_by>("still_used_by", "what still needs the thing that it drops"),
      effect<&SchemaEffect::missing_types>("missing_types", "enum types that it uses and that are not there"),
      effect<&SchemaEffect::existing_types>("existing_types", "enum types that it makes and that are there already"),
      effect<&SchemaEffect::redundant>("redundant", "the schema is the same after it"),
      effect<&SchemaEffect::actual_name>(
          "actual_name", "drop_constraint: the name of the constraint that it misses, where it is clear"),
      effect<&SchemaEffect::nullable_before>("nullable_before", "alter_column: may the column be NULL before it"),
      effect<&SchemaEffect::type_before>("type_before", "alter_column: the column's type before it, as PostgreSQL's"),
      effect<&SchemaEffect::server_default_before>("server_default_before",
                                                   "alter_column: the column's default before it"),
      effect<&SchemaEffect::checks>("checks", "alter_column: the CHECK constraints that speak of the column"),
      effect<&SchemaEffect::partitioned>("partitioned_table",
                                         "its table is partitioned; absent where that is not known"),
      effect<&SchemaEffect::nullable_columns>("nullable_columns",
                                              "create_primary_key: those of its columns that may be NULL before it"),
      effect<&SchemaEffect::values_lost>("values_lost",
                                         "alter_column: values of the column's enum type that the new one lacks"),
      effect<&SchemaEffect::foreign_keys_not_indexed>(
          "foreign_keys_not_indexed", "foreign keys that it makes and that no index serves when its migration is done"),
      effect<&SchemaEffect::existing_referents>(
          "existing_referents", "create_table: tables that were there before the change and its foreign keys lead to"),
      effect<&SchemaEffect::same_index>(
          "same_index", "the index or constraint that serves all that its index serves, when its migration is done"),
      effect<&SchemaEffect::updated_before>(
          "updated_before",
          "alter_column: an UPDATE of its table has run, here or in an earlier revision, since the "
          "column was there"),
      {"earlier",
       Type::items,
       "operations before it in the same direction",
       "operation",
       {},
       [](const void* p) { return value_of(earlier_operations(*static_cast<const Operation*>(p))); }},
      {"later",
       Type::items,
       "operations after it in the same direction",
       "operation",
       {},
       [](const void* p) { return value_of(later_operations(*static_cast<const Operation*>(p))); }},
      {"on_new_table", Type::boolean, "this migration surely creates its table before it", {}, {}, on_new_table},
      {"on_new_column",
       Type::boolean,
       "this migration surely adds its target, a column, before it",
       {},
       {},
       on_new_column},
      {"value_used_later",
       Type::boolean,
       "add_enum_value: an operation or statement after it holds the value",
       {},
       {},
       value_used_later},
      {"value_used_by",
       Type::text,
       "add_enum_value: the revision of the same change, behind its own, that holds the value; absent without a base",
       {},
       {},
       value_used_by},
      {"on_new_columns",
       Type::boolean,
       "this migration surely adds all of its `columns` before it",
       {},
       {},
       on_new_columns},
      relation<&Operation::step>("step", Type::item, "step", "the call or statement it was written as"),
      relation<&Operation::migration>("migration", Type::item, "migration", "the migration it stands in"),
  };
  return with_lock_fields<Operation>(rows);
}

std::span<const Field> step_fields() {
  static const Field rows[] = {
      field<&Step::direction>("direction", "upgrade or downgrade"),
      field<&Step::call>("call", "the function called"),
      field<&Step::text>("text", "as written, white space folded"),
      field<&Step::in_markers>("in_markers", "between autogenerate's marker comments"),
      field<&Step::control_flow>("control_flow", "an if, for, while, with, try or assignment rather than a call"),
      relation<&Step::operations>("operations", Type::items, "operation", "what it amounts to"),
      relation<&Step::migration>("migration", Type::item, "migration", "the migration it stands in"),
  };
  return rows;
}

std::span<const Field> column_fields() {
  static const Field rows[] = {
      field<&Column::name>("name", "its name"),
      field<&Column::type>("type", "its type as written, without the module"),
      field<&Column::type_family>("type_family", "its family of types"),
      field<&Column::type_name>("type_name", "name of its enum type"),
      field<&Column::enum_values>("enum_values", "values of its enum type"),
      field<&Column::length>("length", "of String(n)"),
      field<&Column::precision>("precision", "of Numeric(p, s)"),
      field<&Column::scale>("scale", "of Numeric(p, s)"),
      field<&Column::nullable>("nullable", "can hold NULL; SQLAlchemy's default applied"),
      field<&Column::nullable_written>("nullable_written", "nullable= stands in the text"),
      field<&Column::server_default>("server_default", "its server default as SQL text"),
      field<&Column::identity>("identity", "has Identity()"),
      field<&Column::identity_always>("identity_always", "that says always=True; what SQL says of it is not read"),
      field<&Column::computed>("computed", "has Computed()"),
      field<&Column::computed_as>("computed_as", "the SQL text of Computed(); what SQL says of it is not read"),
      field<&Column::python_default>("python_default", "default=, which the database never sees"),
      field<&Column::primary_key>("primary_key", "primary_key="),
      field<&Column::unique>("unique", "unique="),
      field<&Column::index>("index", "index="),
      field<&Column::foreign_key>("foreign_key", "target of an inline ForeignKey"),
      field<&Column::ondelete>("ondelete", "ON DELETE of that ForeignKey"),
      field<&Column::onupdate>("onupdate", "ON UPDATE of that ForeignKey"),
      field<&Column::deferrable>("deferrable", "that ForeignKey is; absent where not written"),
      field<&Column::initially>("initially", "`DEFERRED` or `IMMEDIATE`, of that ForeignKey"),
      field<&Column::check>("check", "has an inline CheckConstraint"),
      field<&Column::comment>("comment", "comment="),
      field<&Column::create_type>("create_type", "create_type= of its enum type"),
      field<&Column::arguments>("arguments", "names of what is written in Column()"),
      field<&Column::unknown_arguments>("unknown_arguments", "keywords that Column() does not know"),
      relation<&Column::operation>("operation", Type::item, "operation", "the operation it stands in"),
      relation<&Column::model_field>("model_field", Type::item, "field",
                                     "the field of a model that asks for it, in migrations of the change"),
  };
  return rows;
}

std::span<const Field> constraint_fields() {
  static const Field rows[] = {
      field<&Constraint::kind>("kind", "what it is"),
      field<&Constraint::name>("name", "its name; absent where it has none"),
      field<&Constraint::columns>("columns", "its columns"),
      field<&Constraint::referent_table>("referent_table", "table that a foreign key points to"),
      field<&Constraint::referent_columns>("referent_columns", "columns that a foreign key points to"),
      field<&Constraint::ondelete>("ondelete", "ON DELETE of a foreign key"),
      field<&Constraint::onupdate>("onupdate", "ON UPDATE of a foreign key; what SQL says of it is not read"),
      field<&Constraint::deferrable>("deferrable", "of a foreign key; absent where not written, likewise"),
      field<&Constraint::initially>("initially", "`DEFERRED` or `IMMEDIATE`, of a foreign key; likewise"),
      field<&Constraint::use_alter>("use_alter",
                                    "use_alter= of a foreign key, with which create_table does not make it"),
      field<&Constraint::condition>("condition", "of a check constraint"),
      relation<&Constraint::operation>("operation", Type::item, "operation", "the create_table it stands in"),
  };
  return rows;
}

std::span<const Field> statement_fields() {
  static const Field rows[] = {
      field<&Statement::text>("text", "the statement"),
      field<&Statement::kind>("kind", "`create_index`, `alter_table`, `update`, …; unknown where it does not parse"),
      field<&Statement::statement_class>("class", "what it deals with"),
      field<&Statement::table>("table", "the first table named"),
      field<&Statement::schema>("schema", "the schema of that table, where it is named"),
      field<&Statement::tables>("tables", "all tables named"),
      field<&Statement::concurrently>("concurrently", "CONCURRENTLY"),
      field<&Statement::if_exists>("if_exists", "IF EXISTS or IF NOT EXISTS"),
      field<&Statement::has_where>("has_where", "UPDATE and DELETE: has a WHERE that asks for something of the rows"),
      field<&Statement::columns>("columns", "UPDATE: the columns that it sets"),
      field<&Statement::cascade>("cascade", "CASCADE"),
      field<&Statement::setting>("setting", "the name in SET name"),
      field<&Statement::local>("local", "SET LOCAL"),
      field<&Statement::syntax_error>("syntax_error", "what PostgreSQL's parser refuses; absent where it parses"),
      {"on_new_table",
       Type::boolean,
       "this migration surely creates its table before it",
       {},
       {},
       statement_on_new_table},
      {"on_new_columns",
       Type::boolean,
       "UPDATE: this migration surely adds all of its `columns` before it",
       {},
       {},
       statement_on_new_columns},
      relation<&Statement::operation>("operation", Type::item, "operation", "the execute it stands in"),
      relation<&Statement::migration>("migration", Type::item, "migration", "the migration it stands in"),
  };
  return with_lock_fields<Statement>(rows);
}

std::span<const Field> import_fields() {
  static const Field rows[] = {
      field<&Import::module>("module", "the module"),
      field<&Import::name>("name", "the name in `from module import name`"),
      field<&Import::binds>("binds", "the name that it makes"),
      field<&Import::place>("place", "where it stands"),
      field<&Import::after>("after", "modules imported before it at module level"),
      field<&Import::local>("local", "the module is part of the project itself"),
      relation<&Import::migration>("migration", Type::item, "migration", "the migration it stands in"),
  };
  return rows;
}

std::span<const Field> use_fields() {
  static const Field rows[] = {
      field<&Use::text>("text", "the name with its attributes, `sqlmodel.sql.sqltypes.AutoString`"),
      field<&Use::root>("root", "the name, `sqlmodel`"),
      field<&Use::bound>("bound", "the file, its functions or Python's builtins bind it"),
      relation<&Use::migration>("migration", Type::item, "migration", "the migration it stands in"),
  };
  return rows;
}

std::span<const Field> comment_fields() {
  static const Field rows[] = {
      field<&Comment::text>("text", "without the #"),
      field<&Comment::kind>("kind", "autogenerate's marker, the template's, a waiver or one's own"),
      field<&Comment::line>("line", "counted from 1"),
      field<&Comment::trailing>("trailing", "behind code on the same line"),
      relation<&Comment::migration>("migration", Type::item, "migration", "the migration it stands in"),
  };
  return rows;
}

std::span<const Field> waiver_fields() {
  static const Field rows[] = {
      field<&Waiver::rule>("rule", "the rule that it names"),
      field<&Waiver::until>("until", "the last day on which it counts"),
      field<&Waiver::reason>("reason", "why"),
      field<&Waiver::mistake>("mistake", "why it waives nothing; absent where it is well formed"),
      field<&Waiver::expired>("expired", "its last day is over"),
      field<&Waiver::used>("used", "there is a finding that it speaks of"),
      field<&Waiver::rule_known>("rule_known", "the policy has the rule that it names"),
      relation<&Waiver::migration>("migration", Type::item, "migration", "the migration it stands in"),
  };
  return rows;
}

std::span<const Field> job_fields() {
  static const Field rows[] = {
      field<&WorkflowJob::name>("name", "its name in the workflow"),
      field<&WorkflowJob::platform>("platform", "whose workflow it is"),
      field<&WorkflowJob::triggers>(
          "triggers", "what starts it: GitHub's events, GitLab's pipeline sources, `tag` for pushes of tags"),
      field<&WorkflowJob::branches>("branches", "branches whose pushes start it, as written; absent: all"),
      field<&WorkflowJob::environment>("environment", "its deployment environment"),
      field<&WorkflowJob::services>("services", "containers that run beside it"),
      field<&WorkflowJob::condition>("condition", "when it runs, as written"),
      field<&WorkflowJob::allow_failure>("allow_failure", "continue-on-error, allow_failure; absent where not written"),
      field<&WorkflowJob::manual>("manual", "somebody has to start it"),
      relation<&WorkflowJob::commands>("commands", Type::items, "command", "the lines of its scripts and what it uses"),
      relation<&WorkflowJob::file>("file", Type::item, "file", "the workflow it stands in"),
  };
  return rows;
}

std::span<const Field> command_fields() {
  static const Field rows[] = {
      field<&Command::text>("text", "a line of the script, continuation lines joined"),
      field<&Command::uses>("uses", "the action or workflow that it uses"),
      field<&Command::condition>("condition", "when its step runs, as written"),
      field<&Command::continue_on_error>("continue_on_error", "of its step; absent where not written"),
      {"added", Type::boolean, "this change added its line", {}, {}, added_command},
      relation<&Command::job>("job", Type::item, "job", "the job it belongs to"),
  };
  return rows;
}

std::span<const Field> schema_change_fields() {
  static const Field rows[] = {
      field<&SchemaChange::kind>("kind", "how it changes the schema"),
      field<&SchemaChange::text>("text", "as written, white space folded"),
      field<&SchemaChange::statement>("statement", "what the SQL does, `create table`"),
      field<&SchemaChange::object>("object",
                                   "what the SQL is about; unknown where a value that is not in the text names it"),
      field<&SchemaChange::temporary>("temporary", "the SQL makes a temporary object"),
      {"added", Type::boolean, "this change added its line", {}, {}, added_schema_change},
      relation<&SchemaChange::file>("file", Type::item, "file", "the file it stands in"),
  };
  return rows;
}

std::span<const Field> env_script_fields() {
  static const Field rows[] = {
      field<&EnvScript::imports>("imports", "modules that it imports"),
      field<&EnvScript::target_metadata>("target_metadata", "what target_metadata is set to, as written"),
      field<&EnvScript::compare_type>("compare_type", "compare_type= for a connection; absent where not written"),
      field<&EnvScript::compares_types>("compares_types",
                                        "autogenerate compares types: compare_type=, else what the project's version "
                                        "of Alembic does by itself; unknown where that is not known"),
      field<&EnvScript::transaction_per_migration>(
          "transaction_per_migration", "each revision in a transaction of its own; absent where not written"),
      field<&EnvScript::sets_lock_timeout>(
          "sets_lock_timeout", "it speaks of lock_timeout; false where it does not and makes the engine itself"),
      field<&EnvScript::uncommitted_execute>(
          "uncommitted_execute", "runs SQL before Alembic begins its transaction, with no commit behind it"),
      {"repo",
       Type::item,
       "the project whose env.py it is",
       "repo",
       {},
       [](const void* p) { return value_of(static_cast<const EnvScript*>(p)->file->project); }},
      relation<&EnvScript::file>("file", Type::item, "file", "the env.py"),
  };
  return rows;
}

std::span<const Field> weakening_fields() {
  static const Field rows[] = {
      field<&Weakening::kind>("kind", "what was done"),
      field<&Weakening::subject>("subject", "the rule, setting or job"),
      field<&Weakening::before>("before", "what it was"),
      field<&Weakening::after>("after", "what it is now"),
      field<&Weakening::text>("text", "the whole in words"),
      relation<&Weakening::file>("file", Type::item, "file", "the file it stands in"),
  };
  return rows;
}

std::span<const Field> branch_fields() {
  static const Field rows[] = {
      field<&Branch::label>("label", "its branch label; absent where it has none"),
      relation<&Branch::heads>("heads", Type::items, "migration", "its heads, once the change is merged"),
      field<&Branch::head_places>("head_places", "its heads with their files and whether the base has them"),
      field<&Branch::head_ids>("head_ids", "its heads as `alembic merge` takes them"),
      field<&Branch::new_heads>("new_heads", "how many of its heads the base has not"),
      relation<&Branch::project>("repo", Type::item, "repo", "the project it belongs to"),
  };
  return rows;
}

std::span<const Field> base_migration_fields() {
  static const Field rows[] = {
      {"path",
       Type::text,
       "path of its file on the base",
       {},
       {},
       [](const void* p) { return value_of(static_cast<const BaseMigration*>(p)->file->path); }},
      {"revision",
       Type::text,
       "its revision id",
       {},
       {},
       [](const void* p) { return value_of(static_cast<const BaseMigration*>(p)->was->revision); }},
      field<&BaseMigration::deleted>("deleted", "no file has the revision any more"),
      relation<&BaseMigration::was>("was", Type::item, "migration", "as the merge base has it"),
      relation<&BaseMigration::now>("now", Type::item, "migration", "as it is here; absent where it is gone"),
      relation<&BaseMigration::file>("file", Type::item, "file", "its file on the base"),
  };
  return rows;
}

template <class T>
Span span_of(const void* item) {
  return static_cast<const T*>(item)->span;
}

// For entities that lead to their migration by `migration`.
template <class T>
const Migration* migration_of(const void* item) {
  return static_cast<const T*>(item)->migration;
}

// Of a difference that is pointed to in a migration.
const Migration* migration_of_difference(const void* item) {
  const auto& difference = *static_cast<const Difference*>(item);
  const Migration* migration = difference.operation ? difference.operation->migration : nullptr;
  return migration && migration->file == difference.file ? migration : nullptr;
}
template <class T>
const File* file_of(const void* item) {
  return static_cast<const T*>(item)->migration->file;
}
// For entities that lead to it by their operation.
template <class T>
const Migration* migration_by_operation(const void* item) {
  const Operation* operation = static_cast<const T*>(item)->operation;  // nullptr: it is a model's
  return operation ? operation->migration : nullptr;
}
template <class T>
const File* file_by_operation(const void* item) {
  const Migration* migration = migration_by_operation<T>(item);
  return migration ? migration->file : nullptr;
}
template <class T>
const Migration* no_migration(const void*) {
  return nullptr;
}

template <class T>
const File* own_file(const void* item) {
  return static_cast<const T*>(item)->file;
}

template <class T>
Entity in_file(std::string_view name, std::string_view help, std::span<const Field> fields) {
  return {name, help, fields, true, span_of<T>, own_file<T>, no_migration<T>};
}

template <class T>
Entity in_migration(std::string_view name, std::string_view help, std::span<const Field> fields) {
  return {name, help, fields, true, span_of<T>, file_of<T>, migration_of<T>};
}

enum EntityIndex : size_t {
  repo_entity,
  file_entity,
  line_entity,
  migration_entity,
  operation_entity,
  step_entity,
  column_entity,
  constraint_entity,
  statement_entity,
  import_entity,
  use_entity,
  comment_entity,
  waiver_entity,
  job_entity,
  command_entity,
  schema_change_entity,
  env_script_entity,
  weakening_entity,
  branch_entity,
  base_migration_entity,
  module_entity,
  model_entity,
  field_entity,
  relationship_entity,
  difference_entity,
  entity_count,
};

const std::array<Entity, entity_count>& table() {
  static const std::array<Entity, entity_count> rows = {{
      {"repo", "one Alembic project", project_fields(), true, [](const void*) { return Span{}; },
       [](const void*) -> const File* { return nullptr; }, no_migration<Project>},
      {"file", "one file of the project", file_fields(), true, [](const void*) { return Span{}; },
       [](const void* p) { return static_cast<const File*>(p); }, no_migration<File>},
      {"line", "one line of a script, recipe or workflow", line_fields(), true, span_of<Line>,
       [](const void* p) { return static_cast<const Line*>(p)->file; }, no_migration<Line>},
      {"migration", "one revision file", migration_fields(), true, span_of<Migration>,
       [](const void* p) { return static_cast<const Migration*>(p)->file; },
       [](const void* p) { return static_cast<const Migration*>(p); }},
      in_migration<Operation>("operation", "one change to the schema or the data, however it is written",
                              operation_fields()),
      in_migration<Step>("step", "one call or statement of upgrade() or downgrade() as written", step_fields()),
      {"column", "one Column() of an operation", column_fields(), true, span_of<Column>, file_by_operation<Column>,
       migration_by_operation<Column>},
      {"constraint", "one constraint inside create_table()", constraint_fields(), true, span_of<Constraint>,
       file_by_operation<Constraint>, migration_by_operation<Constraint>},
      in_migration<Statement>("statement", "one SQL statement", statement_fields()),
      in_migration<Import>("import", "one name that an import binds", import_fields()),
      in_migration<Use>("use", "one name that is loaded, with its attributes", use_fields()),
      in_migration<Comment>("comment", "one comment", comment_fields()),
      {"waiver", "one waiver, once everything else is judged", waiver_fields(), true, span_of<Waiver>,
       [](const void* p) { return static_cast<const Waiver*>(p)->file; }, migration_of<Waiver>},
      in_file<WorkflowJob>("job", "one job of a workflow", job_fields()),
      {"command", "one line of a job's script, or what it uses", command_fields(), true, span_of<Command>,
       [](const void* p) { return static_cast<const Command*>(p)->job->file; }, no_migration<Command>},
      in_file<SchemaChange>("schema_change", "one place outside of migrations that changes the schema",
                            schema_change_fields()),
      in_file<EnvScript>("env_script", "env.py", env_script_fields()),
      in_file<Weakening>("weakening", "one thing that the change takes away from the checks", weakening_fields()),
      {"branch", "one line of the history: heads that share a branch label, or a lineage where they have none",
       branch_fields(), true, span_of<Branch>, [](const void* p) { return static_cast<const Branch*>(p)->at->file; },
       no_migration<Branch>},
      {"base_migration", "one revision file of the base that the change touches", base_migration_fields(), true,
       span_of<BaseMigration>, [](const void* p) { return static_cast<const BaseMigration*>(p)->file; },
       [](const void* p) { return static_cast<const BaseMigration*>(p)->was; }},
      in_file<ModelModule>("module", "one Python module that models are read from", module_fields()),
      in_file<Model>("model", "one class with a table, or one Table()", model_fields()),
      in_file<ModelField>("field", "one attribute of a model that makes a column", model_field_fields()),
      in_file<ModelRelationship>("relationship", "one relationship of a model", relationship_fields()),
      {"difference", "one thing in which what the models ask for and what the migrations make differ",
       difference_fields(), true, span_of<Difference>,
       [](const void* p) { return static_cast<const Difference*>(p)->file; }, migration_of_difference},
  }};
  return rows;
}

template <class T, class List>
void append(std::vector<Item>& items, const List& list) {
  for (const T& item : list) {
    items.push_back({&entity_of<T>(), &item});
  }
}

void append_items(std::vector<Item>& items, const Migration& migration, size_t entity) {
  const auto each_operation = [&](auto use) {
    std::ranges::for_each(migration.upgrade.items, use);
    std::ranges::for_each(migration.downgrade.items, use);
  };
  switch (entity) {
    case operation_entity:
      append<Operation>(items, migration.upgrade.items);
      append<Operation>(items, migration.downgrade.items);
      return;
    case column_entity:
      return each_operation([&](const Operation& operation) { append<Column>(items, operation.new_columns.items); });
    case constraint_entity:
      return each_operation(
          [&](const Operation& operation) { append<Constraint>(items, operation.constraints.items); });
    case step_entity:
      return append<Step>(items, migration.steps.items);
    case statement_entity:
      return append<Statement>(items, migration.statements.items);
    case import_entity:
      return append<Import>(items, migration.imports.items);
    case use_entity:
      return append<Use>(items, migration.uses.items);
    case comment_entity:
      return append<Comment>(items, migration.comments.items);
    default:
      return;
  }
}

void append_items(std::vector<Item>& items, const ModelModule& module, size_t entity) {
  const auto append_all = [&](const auto& list) {
    for (const auto* item : list) {
      items.push_back({&table()[entity], item});
    }
  };
  switch (entity) {
    case module_entity:
      items.push_back({&table()[entity], &module});
      return;
    case model_entity:
      return append_all(module.models);
    case field_entity:
      return append_all(module.fields);
    case relationship_entity:
      return append_all(module.relationships);
    default:
      return;
  }
}

}  // namespace

#define SPIRITSAFE_ENTITY(Struct, index) \
  template <>                            \
  const Entity& entity_of<Struct>() {    \
    return table()[index];               \
  }
SPIRITSAFE_ENTITY(Project, repo_entity)
SPIRITSAFE_ENTITY(File, file_entity)
SPIRITSAFE_ENTITY(Line, line_entity)
SPIRITSAFE_ENTITY(Migration, migration_entity)
SPIRITSAFE_ENTITY(Operation, operation_entity)
SPIRITSAFE_ENTITY(Step, step_entity)
SPIRITSAFE_ENTITY(Column, column_entity)
SPIRITSAFE_ENTITY(Constraint, constraint_entity)
SPIRITSAFE_ENTITY(Statement, statement_entity)
SPIRITSAFE_ENTITY(Import, import_entity)
SPIRITSAFE_ENTITY(Use, use_entity)
SPIRITSAFE_ENTITY(Comment, comment_entity)
SPIRITSAFE_ENTITY(Waiver, waiver_entity)
SPIRITSAFE_ENTITY(WorkflowJob, job_entity)
SPIRITSAFE_ENTITY(Command, command_entity)
SPIRITSAFE_ENTITY(SchemaChange, schema_change_entity)
SPIRITSAFE_ENTITY(EnvScript, env_script_entity)
SPIRITSAFE_ENTITY(Weakening, weakening_entity)
SPIRITSAFE_ENTITY(Branch, branch_entity)
SPIRITSAFE_ENTITY(BaseMigration, base_migration_entity)
SPIRITSAFE_ENTITY(ModelModule, module_entity)
SPIRITSAFE_ENTITY(Model, model_entity)
SPIRITSAFE_ENTITY(ModelField, field_entity)
SPIRITSAFE_ENTITY(ModelRelationship, relationship_entity)
SPIRITSAFE_ENTITY(Difference, difference_entity)
#undef SPIRITSAFE_ENTITY

std::span<const Entity> entities() { return table(); }

const Entity* find_entity(std::string_view name) {
  const auto found = std::ranges::find(table(), name, &Entity::name);
  return found == table().end() ? nullptr : &*found;
}

const Field* find_field(const Entity& entity, std::string_view name) {
  const auto found = std::ranges::find(entity.fields, name, &Field::name);
  return found == entity.fields.end() ? nullptr : &*found;
}

void append_items(std::vector<Item>& items, const Migration& migration, const Entity& entity) {
  append_items(items, migration, static_cast<size_t>(&entity - table().data()));
}

bool is_of_file(const Entity& entity) {
  switch (static_cast<size_t>(&entity - table().data())) {
    case job_entity:
    case command_entity:
    case schema_change_entity:
    case env_script_entity:
      return true;
    default:
      return is_of_models(entity) && &entity != &entity_of<Difference>();
  }
}

bool is_of_models(const Entity& entity) {
  const auto index = static_cast<size_t>(&entity - table().data());
  return index >= module_entity && index <= difference_entity;
}

void append_items(std::vector<Item>& items, const File& file, const Entity& entity) {
  switch (static_cast<size_t>(&entity - table().data())) {
    case job_entity:
      return append<WorkflowJob>(items, file.jobs.items);
    case command_entity:
      for (const WorkflowJob& job : file.jobs.items) {
        append<Command>(items, job.commands.items);
      }
      return;
    case schema_change_entity:
      return append<SchemaChange>(items, file.schema_changes);
    case env_script_entity:
      if (file.env_script) {
        items.push_back({&entity, file.env_script});
      }
      return;
    default:
      break;
  }
  if (file.module) {
    append_items(items, *file.module, static_cast<size_t>(&entity - table().data()));
  }
}

std::vector<Item> all_items(const Project& project, const Entity& entity) {
  std::vector<Item> items;
  const auto index = static_cast<size_t>(&entity - table().data());
  if (index == repo_entity) {
    items.push_back({&entity, &project});
  }
  if (index == branch_entity) {
    append<Branch>(items, project.branches);
  } else if (index == base_migration_entity) {
    append<BaseMigration>(items, project.touched);
  }
  if (index == weakening_entity) {
    append<Weakening>(items, project.weakenings);
  } else if (index == difference_entity) {
    append<Difference>(items, project.differences);
  }
  for (const auto& file : project.files) {
    if (index == file_entity) {
      items.push_back({&entity, file.get()});
    } else if (index == line_entity) {
      append<Line>(items, file->lines);
    } else {
      append_items(items, *file, entity);
    }
  }
  if (project.models && is_of_file(entity)) {
    for (const auto& file : project.models->files) {
      append_items(items, *file, entity);
    }
  }
  for (const auto& migration : project.migrations) {
    if (index == migration_entity) {
      items.push_back({&entity, migration.get()});
    } else {
      append_items(items, *migration, index);
    }
  }
  return items;
}

}  // namespace spiritsafe
