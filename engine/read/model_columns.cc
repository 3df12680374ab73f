// SPDX-License-Identifier: Apache-2.0
// Column(…), mapped_column(…) and Field(…).
#include <algorithm>
#include <string>

#include "engine/read/model_fields.h"

namespace spiritsafe {
namespace {

using namespace python;

void doubt(ModelField& field, std::string_view why) {
  field.open = true;
  field.why = field.why.is_absent() ? known(why) : field.why;
}

void write_name(ModuleSet& in, std::vector<Text>& written, std::string_view name, Span span) {
  written.push_back(known(in.kept.copy(name), span));
}

void read_foreign_key(ModuleSet& in, const Seen& call, Span span, ModelField& field) {
  Column& column = field.column;
  const SeenArguments arguments = arguments_of(in, call);
  std::vector<Text> written;
  for (const SeenArgument& argument : arguments.items) {
    if (!argument.name.empty() && argument.name != "column") {
      write_name(in, written, argument.name, span);
    }
  }
  field.foreign_key_arguments = {in.kept.copy(written), State::known, arguments.open};
  column.foreign_key = text_of(in, arguments.find("column", 0), span);
  column.foreign_key_name = text_of(in, arguments.find("name"), span);
  column.ondelete = text_of(in, arguments.find("ondelete"), span);
  column.onupdate = text_of(in, arguments.find("onupdate"), span);
  column.deferrable = flag_of(arguments.find("deferrable"), span);
  column.initially = text_of(in, arguments.find("initially"), span);
  column.use_alter = flag_of(arguments.find("use_alter"), span);
  if (arguments.open || column.foreign_key.is_absent()) {
    column.foreign_key = unknown<std::string_view>(span);
  }
}

void read_check(ModuleSet& in, const Seen& call, Span span, ModelField& field) {
  const SeenArguments arguments = arguments_of(in, call);
  Constraint check;
  check.span = span;
  check.kind = known(ConstraintKind::check, span);
  check.name = text_of(in, arguments.find("name", 1), span);
  if (const SeenArgument* condition = arguments.find("sqltext", 0)) {
    check.condition = sql_of_text(in, condition->value, span);
  }
  std::vector<Constraint> checks(field.checks.items.begin(), field.checks.items.end());
  checks.push_back(check);
  field.checks = {in.kept.copy(checks), State::known, false};
  field.column.check = known(true, span);
}

// Identity(…) or Computed(…).
void read_generated(ModuleSet& in, const Seen& call, Span span, Column& column) {
  const SeenArguments arguments = arguments_of(in, call);
  if (called(call) == "Computed") {
    const SeenArgument* expression = arguments.find("sqltext", 0);
    column.computed = known(true, span);
    column.computed_as = expression ? sql_of_text(in, expression->value, span) : unknown<std::string_view>(span);
    return;
  }
  column.identity = known(true, span);
  column.identity_always = flag_of(arguments.find("always", 0), span);
  if (column.identity_always.is_absent()) {
    column.identity_always = arguments.open ? unknown<bool>(span) : known(false, span);
  }
}

// What stands in Column(…) by place behind its name, or in sa_column_args. false: it is none of that, so a type.
bool read_part(ModuleSet& in, const Seen& part, Span span, ModelField& field) {
  const std::string_view leaf = called(part);
  Column& column = field.column;
  if (leaf == "ForeignKey") {
    if (!column.foreign_key.is_absent()) {
      doubt(field, "has several foreign keys in one column");
    }
    read_foreign_key(in, part, span, field);
  } else if (leaf == "CheckConstraint") {
    read_check(in, part, span, field);
  } else if (leaf == "Identity" || leaf == "Computed") {
    read_generated(in, part, span, column);
  } else if (leaf == "FetchedValue") {
    column.server_default = unknown<std::string_view>(span);
  } else if (leaf == "DefaultClause") {
    column.server_default = sql_of_default(in, part, span);
  } else if (leaf == "Sequence") {
    doubt(field, "has a sequence of its own");
  } else if (leaf != "ColumnDefault") {
    return false;
  }
  return true;
}

void read_column_keyword(ModuleSet& in, const SeenArgument& argument, Span span, ModelField& field) {
  Column& column = field.column;
  const std::string_view name = argument.name;
  if (name == "nullable") {
    column.nullable = flag_of(&argument, span);
    column.nullable_written = known(true, span);
  } else if (name == "server_default") {
    const std::string_view leaf = called(argument.value);
    if (leaf == "Identity" || leaf == "Computed") {
      read_generated(in, argument.value, span, column);
    } else {
      column.server_default = sql_of_default(in, argument.value, span);
    }
  } else if (name == "default" || name == "insert_default") {
    if (argument.value.kind != SeenKind::none) {
      column.python_default = known(std::string_view("default"), span);
    }
  } else if (name == "primary_key") {
    column.primary_key = flag_of(&argument, span);
  } else if (name == "autoincrement") {
    column.autoincrement = argument.value.kind == SeenKind::text ? Flag{} : flag_of(&argument, span);
  } else if (name == "unique") {
    column.unique = flag_of(&argument, span);
  } else if (name == "index") {
    column.index = flag_of(&argument, span);
  } else if (name == "comment") {
    column.comment = text_of(in, &argument, span);
  } else if (name == "name") {
    column.name = text_of(in, &argument, span);
  } else if (name == "type_") {
    read_sql_type(in, argument.value, span, field);
  } else if (name == "quote" || name == "system") {
    doubt(field, "has an argument of Column that is not followed");
  }
}

// How an argument of Column(…) is spoken of: by its keyword, its type, what it calls.
std::string_view written_as(const SeenArgument& argument) {
  const Seen& value = argument.value;
  if (!argument.name.empty()) {
    return argument.name;
  }
  if (value.kind == SeenKind::outside) {
    return value.text.substr(value.text.rfind('.') + 1);
  }
  return value.kind == SeenKind::text ? std::string_view("name") : called(value);
}

bool is_known_kind(const Seen& seen) { return seen.kind != SeenKind::unknown; }

}  // namespace

Span place_of(const ModelField& field, const Seen& call, Span span) {
  return call.names && call.names->module->file == field.file ? span : field.span;
}

void read_column_call(ModuleSet& in, const Seen& call, ModelField& field) {
  Column& column = field.column;
  const SeenArguments arguments = arguments_of(in, call);
  column.span = place_of(field, call, call.expression->span);
  std::vector<Text> written;
  size_t place = 0;
  bool typed = false;
  for (const SeenArgument& argument : arguments.items) {
    const Span span = place_of(field, call, argument.span);
    write_name(in, written, written_as(argument), span);
    if (!argument.name.empty()) {
      read_column_keyword(in, argument, span, field);
      continue;
    }
    if (place++ == 0 && (argument.value.kind == SeenKind::text)) {
      column.name = text_of(in, &argument, span);
    } else if (!read_part(in, argument.value, span, field) && argument.value.kind != SeenKind::none) {
      if (typed || (!is_known_kind(argument.value) && place > 2)) {
        doubt(field, "has an argument of Column that is not followed");
      } else {
        read_sql_type(in, argument.value, span, field);
      }
      typed = true;
    }
  }
  column.arguments = {in.kept.copy(written), State::known, arguments.open};
  if (arguments.open) {
    doubt(field, "has arguments of Column that are not followed");
  }
}

void read_field_call(ModuleSet& in, const Seen& call, ModelField& field) {
  const SeenArguments arguments = arguments_of(in, call);
  std::vector<Text> written;
  Column& column = field.column;
  const SeenArgument* first = arguments.find("default", 0);
  if (first) {
    const auto* constant = first->value.kind == SeenKind::expression ? as<Constant>(first->value.expression) : nullptr;
    field.demanded = constant && constant->value_kind == ConstantKind::Ellipsis;
    const bool undefined = first->value.kind == SeenKind::outside && first->value.text.ends_with("Undefined");
    field.has_default = known(!field.demanded && !undefined);
    field.default_none = first->value.kind == SeenKind::unknown ? unknown<bool>(first->span)
                                                                : known(first->value.kind == SeenKind::none);
  }
  if (const SeenArgument* factory = arguments.find("default_factory")) {
    field.has_default = known(true);
    field.default_none = known(false);
    const Span span = place_of(field, call, factory->span);
    const bool is_here = call.names && call.names->module->file == field.file;
    field.default_factory = factory->value.kind == SeenKind::outside ? known(factory->value.text, span)
                            : is_here && factory->expression
                                ? known(slice(call.names->module->text, factory->expression->span), span)
                                : unknown<std::string_view>(span);
  }
  for (const SeenArgument& argument : arguments.items) {
    const Span span = place_of(field, call, argument.span);
    write_name(in, written, argument.name.empty() ? "default" : argument.name, span);
    if (argument.name == "nullable") {
      column.nullable = flag_of(&argument, span);
      column.nullable_written = known(true, span);
    } else if (argument.name == "primary_key") {
      column.primary_key = flag_of(&argument, span);
    } else if (argument.name == "unique") {
      column.unique = flag_of(&argument, span);
    } else if (argument.name == "index") {
      column.index = flag_of(&argument, span);
    } else if (argument.name == "foreign_key") {
      column.foreign_key = text_of(in, &argument, span);
    } else if (argument.name == "ondelete") {
      column.ondelete = text_of(in, &argument, span);
    } else if (argument.name == "max_length") {
      field.max_length = number_of(&argument, span);
    } else if (argument.name == "max_digits") {
      field.max_digits = number_of(&argument, span);
    } else if (argument.name == "decimal_places") {
      field.decimal_places = number_of(&argument, span);
    } else if (argument.name == "sa_type") {
      read_sql_type(in, argument.value, span, field);
    }
  }
  if (const SeenArgument* parts = arguments.find("sa_column_args")) {
    std::vector<SeenArgument> items;
    const bool whole = items_of(in, parts->value, items);
    for (const SeenArgument& item : items) {
      if (!read_part(in, item.value, place_of(field, call, item.span), field)) {
        doubt(field, "has sa_column_args that are not followed");
      }
    }
    if (!whole) {
      doubt(field, "has sa_column_args that are not followed");
    }
  }
  if (const SeenArgument* extra = arguments.find("sa_column_kwargs")) {
    const Seen& value = extra->value;
    const Dict* dict = value.kind == SeenKind::expression ? as<Dict>(value.expression) : nullptr;
    const bool is_call =
        value.kind == SeenKind::call && value.base->kind == SeenKind::outside && value.base->text == "builtins.dict";
    bool open = !dict && !is_call && value.kind != SeenKind::none;
    for (size_t i = 0; dict && i < dict->values.size(); ++i) {
      const Seen key = dict->keys[i] ? follow(in, *value.names, dict->keys[i]) : Seen{};
      open = open || key.kind != SeenKind::text;
      if (key.kind == SeenKind::text) {
        const Span span = place_of(field, value, dict->values[i]->span);
        read_column_keyword(in, {key.text, follow(in, *value.names, dict->values[i]), dict->values[i], span}, span,
                            field);
      }
    }
    if (is_call) {
      const SeenArguments keywords = arguments_of(in, value);
      open = open || keywords.open;
      for (const SeenArgument& keyword : keywords.items) {
        read_column_keyword(in, keyword, place_of(field, value, keyword.span), field);
      }
    }
    if (open) {
      doubt(field, "has sa_column_kwargs that are not followed");
    }
  }
  if (const SeenArgument* whole = arguments.find("sa_column")) {
    if (called(whole->value) == "Column") {
      field.form = FieldForm::sa_column;
      field.column = {};
      field.checks = {};
      field.enumeration = nullptr;
      read_column_call(in, whole->value, field);
    } else if (whole->value.kind != SeenKind::none) {
      field.form = FieldForm::sa_column;
      column = {};
      column.type = unknown<std::string_view>(whole->span);
      column.type_family = unknown<TypeFamily>(whole->span);
      doubt(field, "has a sa_column that is not followed");
    }
  }
  field.field_arguments = {in.kept.copy(written), State::known, arguments.open};
  if (arguments.open) {
    doubt(field, "has arguments of Field that are not followed");
  }
}

}  // namespace spiritsafe
