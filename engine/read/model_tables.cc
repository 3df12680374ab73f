// SPDX-License-Identifier: Apache-2.0
// __table_args__, and what stands in Table(…).
#include <algorithm>
#include <string>

#include "engine/read/model_fields.h"

namespace spiritsafe {
namespace {

using namespace python;

void doubt(TableParts& parts, std::string_view why) {
  parts.open = true;
  parts.why = parts.why.empty() ? why : parts.why;
}

// A column in an index or constraint: its name, or the attribute itself.
Text column_name(ModuleSet& in, const SeenArgument& argument, const File* file, Span around) {
  const Span span = argument.value.names && argument.value.names->module->file == file ? argument.span : around;
  if (argument.value.kind == SeenKind::text) {
    return known(in.kept.copy(argument.value.text), span);
  }
  // `Index("ix", email)` in the class, `Index("ix", User.email)` behind it.
  const Name* name = as<Name>(argument.expression);
  const bool is_field = name && argument.value.kind == SeenKind::call &&
                        (called(argument.value) == "Column" || called(argument.value) == "mapped_column");
  return is_field ? known(name->id, span) : unknown<std::string_view>(span);
}

Texts columns_by_place(ModuleSet& in, const SeenArguments& arguments, size_t from, const File* file, Span span) {
  std::vector<Text> names;
  size_t place = 0;
  for (const SeenArgument& argument : arguments.items) {
    if (argument.name.empty() && place++ >= from) {
      names.push_back(column_name(in, argument, file, span));
    }
  }
  return {in.kept.copy(names), State::known, arguments.open};
}

Texts columns_in_list(ModuleSet& in, const SeenArgument* argument, const File* file, Span span) {
  std::vector<SeenArgument> items;
  if (!argument || !items_of(in, argument->value, items)) {
    return {{}, State::unknown, true};
  }
  std::vector<Text> names;
  for (const SeenArgument& item : items) {
    names.push_back(column_name(in, item, file, span));
  }
  return {in.kept.copy(names), State::known, false};
}

void read_referents(ModuleSet& in, const Texts& targets, Constraint& made) {
  std::vector<Text> columns;
  made.referent_table = targets.items.empty() ? unknown<std::string_view>() : Text{};
  for (const Text& target : targets.items) {
    const size_t dot = target.is_known() ? target.value.rfind('.') : std::string_view::npos;
    if (dot == std::string_view::npos) {
      made.referent_table = unknown<std::string_view>(target.span);
      columns.push_back(unknown<std::string_view>(target.span));
      continue;
    }
    const std::string_view table = target.value.substr(0, dot);
    const size_t inner = table.rfind('.');
    if (columns.empty()) {
      made.referent_table = known(table.substr(inner == table.npos ? 0 : inner + 1), target.span);
      made.referent_schema = inner == table.npos ? Text{} : known(table.substr(0, inner), target.span);
    }
    columns.push_back(known(target.value.substr(dot + 1), target.span));
  }
  made.referent_columns = {in.kept.copy(columns), targets.state, targets.open};
}

void read_index(ModuleSet& in, const SeenArguments& arguments, const File* file, Span span, TableParts& parts) {
  ModelIndex index;
  index.span = span;
  index.name = text_of(in, arguments.find("name", 0), span);
  index.columns = columns_by_place(in, arguments, 1, file, span);
  index.unique = flag_of(arguments.find("unique"), span);
  if (const SeenArgument* condition = arguments.find("postgresql_where")) {
    index.condition = sql_of_text(in, condition->value, span);
  }
  if (arguments.open && index.unique.is_absent()) {
    index.unique = unknown<bool>(span);
  }
  parts.indexes.push_back(index);
}

bool is_table_item(std::string_view leaf) {
  static constexpr std::string_view items[] = {"CheckConstraint", "ExcludeConstraint",    "ForeignKeyConstraint",
                                               "Index",           "PrimaryKeyConstraint", "UniqueConstraint"};
  return std::ranges::find(items, leaf) != std::end(items);
}

// One thing among a table's arguments.
void read_item(ModuleSet& in, const Seen& item, const File* file, Span around, TableParts& parts) {
  const std::string_view leaf = called(item);
  if (leaf.empty()) {
    doubt(parts, "has table arguments that are not followed");
    return;
  }
  const SeenArguments arguments = arguments_of(in, item);
  const Span span = item.names->module->file == file ? item.expression->span : around;
  Constraint made;
  made.span = span;
  made.name = text_of(in, arguments.find("name"), span);
  if (leaf == "Index") {
    read_index(in, arguments, file, span, parts);
    return;
  }
  if (leaf == "UniqueConstraint" || leaf == "PrimaryKeyConstraint") {
    made.kind = known(leaf == "UniqueConstraint" ? ConstraintKind::unique : ConstraintKind::primary_key, span);
    made.columns = columns_by_place(in, arguments, 0, file, span);
  } else if (leaf == "ForeignKeyConstraint") {
    made.kind = known(ConstraintKind::foreign_key, span);
    made.columns = columns_in_list(in, arguments.find("columns", 0), file, span);
    read_referents(in, columns_in_list(in, arguments.find("refcolumns", 1), file, span), made);
    made.name = text_of(in, arguments.find("name", 2), span);
    made.ondelete = text_of(in, arguments.find("ondelete", 4), span);
    made.onupdate = text_of(in, arguments.find("onupdate", 3), span);
    made.deferrable = flag_of(arguments.find("deferrable", 5), span);
    made.initially = text_of(in, arguments.find("initially", 6), span);
    made.use_alter = flag_of(arguments.find("use_alter"), span);
  } else if (leaf == "CheckConstraint") {
    made.kind = known(ConstraintKind::check, span);
    if (const SeenArgument* condition = arguments.find("sqltext", 0)) {
      made.condition = sql_of_text(in, condition->value, span);
    }
    made.name = text_of(in, arguments.find("name", 1), span);
  } else if (leaf == "ExcludeConstraint") {
    made.kind = known(ConstraintKind::exclude, span);
    made.columns = {{}, State::unknown, true};
  } else {
    doubt(parts, "has table arguments that are not followed");
    return;
  }
  if (arguments.open && made.name.is_absent()) {
    made.name = unknown<std::string_view>(span);
  }
  parts.constraints.push_back(made);
}

void read_options(ModuleSet& in, const Seen& dict, const File* file, Span around, TableParts& parts) {
  const auto* node = dict.kind == SeenKind::expression ? as<Dict>(dict.expression) : nullptr;
  if (!node) {
    doubt(parts, "has table arguments that are not followed");
    return;
  }
  for (size_t i = 0; i < node->values.size(); ++i) {
    const Seen key = node->keys[i] ? follow(in, *dict.names, node->keys[i]) : Seen{};
    if (!node->keys[i]) {
      read_options(in, follow(in, *dict.names, node->values[i]), file, around, parts);
      continue;
    }
    const Span span = dict.names->module->file == file ? node->values[i]->span : around;
    const SeenArgument argument{{}, follow(in, *dict.names, node->values[i]), node->values[i], span};
    if (key.kind != SeenKind::text) {
      doubt(parts, "has table arguments that are not followed");
    } else if (key.text == "schema") {
      parts.schema = text_of(in, &argument, span);
    } else if (key.text == "comment") {
      parts.comment = text_of(in, &argument, span);
    } else if (key.text == "extend_existing" || key.text == "keep_existing") {
      parts.extends = true;
    }
  }
}

}  // namespace

void read_table_args(ModuleSet& in, PyClass& one, TableParts& parts) {
  resolve(in, one);
  for (PyClass* each : one.order) {
    const NameBinding* binding = last_binding(each->bindings, "__table_args__");
    if (!binding) {
      continue;
    }
    Seen value;
    if (const auto* function = as<FunctionDef>(binding->statement)) {
      const Return* result = function->body.size() == 1 ? as<Return>(function->body[0]) : nullptr;
      value = result && result->value ? follow(in, *each->names, result->value) : Seen{};
    } else if (binding->value) {
      value = follow(in, *each->names, binding->value);
    }
    const File* file = one.module->file;
    const Span around = one.node->name_span;
    if (value.kind == SeenKind::none) {
      return;
    }
    if (value.kind == SeenKind::expression && as<Dict>(value.expression)) {
      read_options(in, value, file, around, parts);
      return;
    }
    std::vector<SeenArgument> items;
    const bool is_list = value.kind == SeenKind::expression && as<python::List>(value.expression);
    if (is_list || (value.kind == SeenKind::call && is_table_item(called(value)))) {
      parts.not_a_tuple = known(true, value.names->module->file == file ? value.expression->span : around);
    }
    if (!items_of(in, value, items)) {
      parts.not_a_tuple = parts.not_a_tuple.is_known() ? parts.not_a_tuple : unknown<bool>(around);
      doubt(parts, "has __table_args__ that are not followed");
    }
    for (const SeenArgument& item : items) {
      const bool last = &item == &items.back();
      if (last && item.value.kind == SeenKind::expression && as<Dict>(item.value.expression)) {
        read_options(in, item.value, file, around, parts);
      } else {
        read_item(in, item.value, file, around, parts);
      }
    }
    return;
  }
}

void read_table_items(ModuleSet& in, const Seen& call, const PyModule& module, TableParts& parts) {
  const SeenArguments arguments = arguments_of(in, call);
  const Span around = call.expression->span;
  size_t place = 0;
  for (const SeenArgument& argument : arguments.items) {
    if (argument.name == "schema") {
      parts.schema = text_of(in, &argument, argument.span);
    } else if (argument.name == "comment") {
      parts.comment = text_of(in, &argument, argument.span);
    } else if (argument.name == "extend_existing" || argument.name == "keep_existing") {
      parts.extends = true;
    }
    if (!argument.name.empty() || place++ < 2) {
      continue;
    }
    if (called(argument.value) != "Column") {
      read_item(in, argument.value, module.file, around, parts);
      continue;
    }
    ModelField field;
    field.form = FieldForm::declarative;
    field.file = module.file;
    field.span = argument.span;
    read_column_call(in, argument.value, field);
    field.name = field.column.name;
    parts.fields.push_back(field);
  }
  if (arguments.open) {
    doubt(parts, "has table arguments that are not followed");
  }
}

}  // namespace spiritsafe
