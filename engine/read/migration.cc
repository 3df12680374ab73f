// SPDX-License-Identifier: Apache-2.0
// A revision file as a whole: parse, follow, gather.
#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <string>

#include "engine/python/parse.h"
#include "engine/read/comments.h"
#include "engine/read/gather.h"
#include "engine/read/header.h"
#include "engine/read/interpret.h"
#include "engine/read/names.h"

namespace spiritsafe {
namespace {

template <class T>
List<T> unknown_list() {
  return {{}, State::unknown, true};
}

}  // namespace

void leave_unknown(Migration& migration) {
  migration.revision = unknown<std::string_view>();
  migration.parents = migration.branch_labels = migration.depends_on = unknown_list<Text>();
  migration.docstring = migration.message = migration.header_revision = migration.header_create_date =
      unknown<std::string_view>();
  migration.header_parents = unknown_list<Text>();
  migration.docstring_paragraphs = unknown<int64_t>();
  migration.upgrade_raises = migration.downgrade_raises = unknown<bool>();
  migration.upgrade = migration.downgrade = unknown_list<Operation>();
  migration.steps = unknown_list<Step>();
  migration.statements = unknown_list<Statement>();
  migration.imports = unknown_list<Import>();
  migration.uses = unknown_list<Use>();
  migration.comments = unknown_list<Comment>();
  migration.tables = migration.tables_named = migration.table_groups = unknown_list<Text>();
}

namespace {

// ---- directions ----------------------------------------------------------------------------------------------------

struct DirectionFound {
  bool defined = false;
  bool open = false;
  Flag raises = {};
  uint32_t count = 0;
};

bool is_function(const PyValue* value) { return value && value->kind == ValueKind::function; }

// upgrade(), and upgrade_<database>() where that is what it calls by a computed name, or where there is no upgrade().
DirectionFound read_direction(Interpreter& in, std::string_view name, uint32_t first) {
  DirectionFound found;
  const Binding* binding = find_binding(*in.module, name);
  const PyValue* function = binding ? binding->value : nullptr;
  in.active = true;
  in.open = false;
  in.full = false;
  in.dispatches = false;
  in.first_operation = first;
  in.scope = in.module;
  if (is_function(function)) {
    found.defined = true;
    const size_t before = in.lists.operations.size();
    const Flow flow = run_direction(in, *function);
    found.raises = known(flow == Flow::raised && in.lists.operations.size() == before, function->span);
  } else if (function) {
    found.defined = true;
    found.raises = unknown<bool>(function->span);
    add_unrecognised(in, {function->span, name, {}, true}, "is defined elsewhere");
  }
  if (!function || in.dispatches) {
    bool any = false;
    // Only the functions that are there now: following them may add names.
    const uint32_t count = in.module->count;
    for (uint32_t i = 0; i < count; ++i) {
      const Binding one = in.module->bindings[i];
      if (is_function(one.value) && one.name.size() > name.size() + 1 && one.name.starts_with(name) &&
          one.name[name.size()] == '_') {
        any = true;
        run_direction(in, *one.value);
      }
    }
    found.defined = found.defined || any;
    in.open = in.open || (in.dispatches && !any);
  }
  in.active = false;
  found.open = in.open || in.budget == 0;
  found.count = static_cast<uint32_t>(in.lists.operations.size()) - first;
  return found;
}

}  // namespace

// ---- links ---------------------------------------------------------------------------------------------------------

void link(Interpreter& in, Migration& migration, uint32_t upgrade_count) {
  const std::span<Operation> operations = in.kept.copy(in.lists.operations);
  const std::span<Step> steps = in.kept.copy(in.lists.steps);
  const std::span<Statement> statements = in.kept.copy(in.lists.statements);
  const Migration* whole = &migration;
  for (size_t i = 0; i < operations.size(); ++i) {
    Operation& operation = operations[i];
    const Links& links = in.lists.operation_links[i];
    operation.migration = whole;
    operation.position = static_cast<uint32_t>(i < upgrade_count ? i : i - upgrade_count);
    operation.statement = links.statement < statements.size() ? &statements[links.statement] : nullptr;
    operation.step = links.step < steps.size() ? &steps[links.step] : nullptr;
    if (links.has_sql) {
      operation.sql.items = statements.subspan(links.first, links.count);
      for (Statement& statement : statements.subspan(links.first, links.count)) {
        statement.operation = &operation;
      }
    }
    // Their memory is the arena's, and nobody else has seen them yet.
    for (const Column& column : operation.new_columns.items) {
      const_cast<Column&>(column).operation = &operation;
    }
    for (const Constraint& constraint : operation.constraints.items) {
      const_cast<Constraint&>(constraint).operation = &operation;
    }
    migration.statements.open =
        migration.statements.open || operation.sql.open || operation.kind == OperationKind::unrecognised;
  }
  for (size_t i = 0; i < steps.size(); ++i) {
    const Links& links = in.lists.step_links[i];
    steps[i].migration = whole;
    steps[i].operations = operations.subspan(links.first, links.count);
  }
  for (Statement& statement : statements) {
    statement.migration = whole;
  }
  const auto belongs = [&](auto items) {
    for (const auto& item : items) {
      const_cast<std::remove_cvref_t<decltype(item)>&>(item).migration = whole;
    }
  };
  belongs(migration.imports.items);
  belongs(migration.uses.items);
  belongs(migration.comments.items);
  migration.upgrade.items = operations.first(upgrade_count);
  migration.downgrade.items = operations.subspan(upgrade_count);
  migration.steps.items = steps;
  migration.statements.items = statements;
}

namespace {

// ---- comments near operations --------------------------------------------------------------------------------------

const Comment* nearest_comment(const Migration& migration, uint32_t at, uint32_t line_end) {
  const Comment* nearest = nullptr;
  for (const Comment& comment : migration.comments.items) {
    if (comment.span.begin >= (comment.trailing ? line_end : at)) {
      break;
    }
    nearest = comment.kind == CommentKind::own ? &comment : nearest;
  }
  return nearest;
}

// The functions with a comment of one's own in them.
std::vector<Span> commented_functions(const Migration& migration, const python::Module& module) {
  std::vector<Span> functions;
  const auto comments = migration.comments.items;
  for (size_t i = 0; i < module.body.size(); ++i) {
    if (!python::as<python::FunctionDef>(module.body[i])) {
      continue;
    }
    // Up to the next statement: a comment behind the last line still belongs to the function.
    const Span span{module.body[i]->span.begin,
                    i + 1 < module.body.size() ? module.body[i + 1]->span.begin : UINT32_MAX};
    const auto first =
        std::ranges::lower_bound(comments, span.begin, {}, [](const Comment& comment) { return comment.span.begin; });
    const bool any = std::any_of(first, comments.end(), [&](const Comment& comment) {
      return comment.kind == CommentKind::own && comment.span.begin < span.end;
    });
    if (any) {
      functions.push_back(span);
    }
  }
  return functions;
}

// For each line, from 1, the first one of those before it that no blank line parts from it.
std::vector<uint32_t> paragraphs_of(const LineIndex& lines) {
  std::vector<uint32_t> first(lines.line_count() + 1, 1);
  for (uint32_t line = 2; line <= lines.line_count(); ++line) {
    const bool behind_blank = lines.line(line - 1).find_first_not_of(" \t\r") == std::string_view::npos;
    first[line] = behind_blank ? line : first[line - 1];
  }
  return first;
}

// Lines from the nearest comment of one's own above (or behind) each operation, in the same function. What heads a run
// of lines belongs to all of them.
void measure_comments(std::string_view text, Migration& migration, const python::Module& module) {
  if (migration.comments.items.empty() || migration.upgrade.items.size() + migration.downgrade.items.size() == 0) {
    return;
  }
  // Few comments and few operations; a file with many of both would take too long.
  if (migration.comments.items.size() *
          (migration.upgrade.items.size() + migration.downgrade.items.size() + module.body.size()) >
      4'000'000) {
    return;
  }
  const std::vector<Span> functions = commented_functions(migration, module);
  if (functions.empty()) {
    return;
  }
  const LineIndex lines(text);
  const std::vector<uint32_t> paragraphs = paragraphs_of(lines);
  const auto measure = [&](const List<Operation>& list) {
    for (const Operation& operation : list.items) {
      const uint32_t at = operation.span.begin;
      const auto function =
          std::ranges::find_if(functions, [&](Span span) { return span.begin <= at && at < span.end; });
      if (function == functions.end()) {
        continue;
      }
      // A comment behind the call's last line is beside it.
      const uint32_t last_line = lines.locate(operation.span.end).line;
      const Comment* comment = nearest_comment(migration, at, lines.line_span(last_line).end);
      if (comment && comment->span.begin >= function->begin) {
        const uint32_t line = lines.locate(at).line;
        const bool beside = comment->line >= line;
        const uint32_t paragraph = std::max(paragraphs[line], comment->line + 1);
        const_cast<Operation&>(operation).comment_distance =
            known<int64_t>(beside ? 0 : paragraph - comment->line, comment->span);
      }
    }
  };
  measure(migration.upgrade);
  measure(migration.downgrade);
}

// ---- tables --------------------------------------------------------------------------------------------------------

struct Tables {
  std::vector<Text> names = {};
  std::vector<uint32_t> group = {};
  std::map<std::string_view, uint32_t> places = {};  // only where there are many
  bool open = false;

  uint32_t find(std::string_view name) {
    if (names.size() < 16) {
      const auto found = std::ranges::find(names, name, &Text::value);
      return found == names.end() ? UINT32_MAX : static_cast<uint32_t>(found - names.begin());
    }
    if (places.empty()) {
      for (uint32_t i = 0; i < names.size(); ++i) {
        places.emplace(names[i].value, i);
      }
    }
    const auto found = places.find(name);
    return found == places.end() ? UINT32_MAX : found->second;
  }
  void add(const Text& name) {
    open = open || name.is_unknown();
    if (!name.is_known() || find(name.value) != UINT32_MAX) {
      return;
    }
    group.push_back(static_cast<uint32_t>(names.size()));
    if (!places.empty()) {
      places.emplace(name.value, static_cast<uint32_t>(names.size()));
    }
    names.push_back(name);
  }
  uint32_t root(uint32_t place) {
    while (group[place] != place) {
      place = group[place] = group[group[place]];
    }
    return place;
  }
  void join(const Text& a, const Text& b) {
    if (!a.is_known() || !b.is_known()) {
      return;
    }
    const uint32_t first = find(a.value);
    const uint32_t second = find(b.value);
    if (first != UINT32_MAX && second != UINT32_MAX) {
      const uint32_t one = root(first);
      const uint32_t other = root(second);
      group[std::max(one, other)] = std::min(one, other);
    }
  }
};

void join_foreign_keys(Tables& tables, const Operation& operation) {
  tables.join(operation.table, operation.referent_table);
  for (const Constraint& constraint : operation.constraints.items) {
    tables.join(operation.table, constraint.referent_table);
  }
  for (const Column& column : operation.new_columns.items) {
    const std::string_view target = column.foreign_key.value;
    const size_t dot = target.rfind('.');
    if (column.foreign_key.is_known() && dot != std::string_view::npos) {
      const std::string_view table = target.substr(0, dot);
      tables.join(operation.table, known(table.substr(table.rfind('.') + 1)));
    }
  }
  if (operation.new_name.is_known() && operation.kind == OperationKind::rename_table) {
    tables.join(operation.table, operation.new_name);
  }
}

}  // namespace

void group_tables(Interpreter& in, Migration& migration) {
  Tables tables;
  tables.open = migration.upgrade.open;
  for (const Operation& operation : migration.upgrade.items) {
    if (operation.kind == OperationKind::execute) {
      tables.open = tables.open || operation.sql.open || operation.sql.state == State::unknown;
      for (const Statement& statement : operation.sql.items) {
        if (statement.statement_class.is_known() && statement.statement_class.value == StatementClass::query) {
          continue;  // it only reads
        }
        tables.open = tables.open || statement.tables.open;
        std::ranges::for_each(statement.tables.items, [&](const Text& table) { tables.add(table); });
      }
    } else {
      tables.add(operation.table);
    }
  }
  for (const Operation& operation : migration.upgrade.items) {
    join_foreign_keys(tables, operation);
  }
  migration.tables = {in.kept.copy(tables.names), State::known, tables.open};
  // A group is told by its tables in order, joined.
  const size_t count = tables.names.size();
  std::vector<std::string> joined(count);
  std::vector<Text> groups;
  for (uint32_t i = 0; i < count; ++i) {
    std::string& text = joined[tables.root(i)];
    text.append(text.empty() ? "" : ", ").append(tables.names[i].value);
  }
  for (uint32_t i = 0; i < count; ++i) {
    if (!joined[i].empty()) {
      const bool alone = joined[i] == tables.names[i].value;
      groups.push_back(
          known(alone ? tables.names[i].value : in.kept.copy(std::string_view(joined[i])), tables.names[i].span));
    }
  }
  migration.table_groups = {in.kept.copy(groups), State::known, tables.open};
}

namespace {

// ---- the file ------------------------------------------------------------------------------------------------------

bool is_direction_name(std::string_view name) { return name.starts_with("upgrade") || name.starts_with("downgrade"); }

bool has_marker_pair(const python::Module& module, std::span<const Span> markers) {
  return std::ranges::any_of(module.body, [&](const python::Stmt* statement) {
    const auto* function = python::as<python::FunctionDef>(statement);
    return function && is_direction_name(function->name) && std::ranges::any_of(markers, [&](Span range) {
             // The closing comment may stand behind the last statement, where the function has already ended.
             return function->span.begin < range.begin && range.begin < function->span.end;
           });
  });
}

// Migration::upgrade_body and downgrade_body.
Span find_body(const python::Module& module, std::string_view name) {
  Span body;
  for (const python::Stmt* statement : module.body) {
    const auto* function = python::as<python::FunctionDef>(statement);
    if (!function || function->name != name) {
      continue;
    }
    const python::Stmt* last = function->body.empty() ? nullptr : function->body.back();
    if (body.end != 0 || !last || python::as<python::Raise>(last) || python::as<python::Return>(last)) {
      return {};
    }
    body = {function->body.front()->span.begin, last->span.end};
  }
  return body;
}

// Bytes of a file whose every expression is followed once; what is longer than anything written by hand is unknown.
constexpr size_t largest_walk = 2u << 20;

void read_module(File& file, const python::ParseResult& parsed, Arena& scratch, const ReadOptions& options,
                 Migration& migration) {
  static thread_local Lists lists;
  lists.operations.clear();
  lists.operation_links.clear();
  lists.steps.clear();
  lists.step_links.clear();
  lists.statements.clear();
  lists.arguments.clear();
  const std::string_view text = parsed.text;
  Interpreter in{text, options, file.arena, {scratch, text, 4 * text.size() + (16u << 20)}, lists};
  in.budget = std::min(text.size(), largest_walk) + 300'000;
  in.module = make_scope(in.maker, nullptr);
  in.scope = in.module;

  const CommentsFound comments = read_comments(text, *parsed.module, file.arena);
  migration.comments = comments.comments;
  migration.waivers = comments.waivers;
  in.markers = comments.markers;
  migration.autogenerated = has_marker_pair(*parsed.module, comments.markers);

  const NamesFound names = read_names(in, *parsed.module);
  migration.imports = names.imports;
  migration.uses = names.uses;

  read_docstring(in, *parsed.module, migration);
  run(in, parsed.module->body);
  if (in.budget == 0) {
    const Migration read = migration;
    leave_unknown(migration);
    migration.imports = read.imports;
    migration.uses = read.uses;
    migration.comments = read.comments;
    migration.has_upgrade = migration.has_downgrade = true;  // for all that is known
    lists.operations.clear();
    lists.steps.clear();
    lists.statements.clear();
    link(in, migration, 0);
    return;
  }
  read_identifiers(in, migration);

  in.direction = Direction::upgrade;
  const DirectionFound upgrade = read_direction(in, "upgrade", 0);
  in.direction = Direction::downgrade;
  const DirectionFound downgrade = read_direction(in, "downgrade", upgrade.count);
  migration.has_upgrade = upgrade.defined;
  migration.has_downgrade = downgrade.defined;
  migration.upgrade_body = find_body(*parsed.module, "upgrade");
  migration.downgrade_body = find_body(*parsed.module, "downgrade");
  migration.upgrade_raises = upgrade.raises;
  migration.downgrade_raises = downgrade.raises;
  migration.upgrade.open = upgrade.open;
  migration.downgrade.open = downgrade.open;
  migration.statements.open = upgrade.open || downgrade.open;
  link(in, migration, upgrade.count);
  measure_comments(text, migration, *parsed.module);
  group_tables(in, migration);
  migration.tables_named = tables_named(in, migration.tables, migration.message);
}

std::string_view without_extension(std::string_view name) {
  return name.ends_with(".py") ? name.substr(0, name.size() - 3) : name;
}

}  // namespace

std::unique_ptr<Migration> read_migration(File& file, const ReadOptions& options) {
  auto migration = std::make_unique<Migration>();
  migration->file = &file;
  migration->path = known(std::string_view(file.source.path));
  const std::string_view path = file.source.path;
  migration->name = known(without_extension(path.substr(path.rfind('/') + 1)));
  if (file.problem != FileProblem::none) {
    leave_unknown(*migration);
    migration->syntax_error = unknown<std::string_view>();
    return migration;
  }
  // What only the reading needs: trees and values. Kept from file to file, as asking for it anew costs more than
  // filling it.
  thread_local Arena scratch(256 * 1024);
  scratch.clear();
  python::ParseResult parsed = python::parse(file.source.text, {options.python_major, options.python_minor}, scratch);
  if (!parsed) {
    leave_unknown(*migration);
    const Span where = parsed.error->where;
    migration->span = where;
    migration->syntax_error = known(file.arena.copy(std::string_view(parsed.error->message)), where);
    return migration;
  }
  if (parsed.text.data() != file.source.text.data()) {
    // A coding cookie made another text of it, and the facts point into that.
    parsed = python::parse(file.source.text, {options.python_major, options.python_minor}, file.arena);
  }
  read_module(file, parsed, scratch, options, *migration);
  return migration;
}

}  // namespace spiritsafe
