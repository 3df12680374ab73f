// SPDX-License-Identifier: Apache-2.0
// A field of a model as a column: which type SQLModel and SQLAlchemy give it, and whether it may be NULL.
#include <algorithm>
#include <string>

#include "engine/schema/expected.h"
#include "engine/schema/postgres_type.h"

namespace spiritsafe {
namespace {

struct TypeOfPython {
  PythonType python = PythonType::other;
  std::string_view written = {};  // as SQLAlchemy has it; empty: it has none
  TypeFamily family = TypeFamily::other;
};
constexpr TypeOfPython types[] = {
    {PythonType::string, "AutoString", TypeFamily::string},
    {PythonType::email, "AutoString", TypeFamily::string},
    {PythonType::text_like, "AutoString", TypeFamily::string},
    {PythonType::floating, "Float", TypeFamily::floating},
    {PythonType::boolean, "Boolean", TypeFamily::boolean},
    {PythonType::integer, "Integer", TypeFamily::integer},
    {PythonType::datetime, "DateTime", TypeFamily::datetime},
    {PythonType::date, "Date", TypeFamily::date},
    {PythonType::timedelta, "Interval", TypeFamily::interval},
    {PythonType::time, "Time", TypeFamily::time},
    {PythonType::bytes, "LargeBinary", TypeFamily::binary},
    {PythonType::decimal, "Numeric", TypeFamily::numeric},
    {PythonType::uuid, "Uuid", TypeFamily::uuid},
    {PythonType::enumeration, "Enum", TypeFamily::enumeration},
    {PythonType::string_enumeration, "Enum", TypeFamily::enumeration},
    {PythonType::integer_enumeration, "Enum", TypeFamily::enumeration},
    {PythonType::other, "", TypeFamily::other},
};
static_assert(std::size(types) == python_type_count);

bool is_true(const Flag& flag) { return flag.is_known() && flag.value; }

bool under_pydantic_1(const ModelsFacts& models) { return uses_pydantic_1(models.versions.pydantic, models.behaviour); }

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(),
                         [](char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
  return result;
}

void set_unknown_type(TableColumn& made, Span span) {
  made.type = unknown<std::string_view>(span);
  made.type_family = unknown<TypeFamily>(span);
}

bool same_values(const Texts& a, const Texts& b) {
  return !a.open && !b.open && std::ranges::equal(a.items, b.items, [](const Text& x, const Text& y) {
    return x.is_known() && y.is_known() && x.value == y.value;
  });
}

void use_enum(ExpectedTypes& in, const Model& model, const ModelField& field, const Text& name, const Texts& values,
              TableColumn& made) {
  made.type_family = known(TypeFamily::enumeration, field.span);
  if (!name.is_known() || field.type_schema.is_unknown()) {
    made.type = unknown<std::string_view>(field.span);
    return;
  }
  made.type = name;
  const auto same = [&](const EnumType* type) {
    return type->name.value == name.value && schema_of(type->schema) == schema_of(field.type_schema);
  };
  const auto there = std::ranges::find_if(in.enums, same);
  if (there != in.enums.end()) {
    made.enum_id = (*there)->id;
    if (!same_values((*there)->values, values)) {
      (*there)->values.open = true;  // whichever table is made first decides
      (*there)->uncertain = true;
      (*there)->why = known(std::string_view("several fields give it other values"));
    }
    return;
  }
  EnumType* type = in.arena.make<EnumType>();
  type->id = ++in.last_id;
  type->schema = field.type_schema;
  type->name = name;
  type->values = values;
  type->model = &model;
  type->field = &field;
  made.enum_id = type->id;
  in.enums.push_back(type);
}

// Enum(…, native_enum=False): a text as long as the longest value.
void use_text_for_enum(ExpectedTypes& in, const Texts& values, const ModelField& field, TableColumn& made) {
  size_t longest = 0;
  bool sure = !values.open && values.state == State::known && !values.items.empty();
  for (const Text& value : values.items) {
    sure = sure && value.is_known();
    longest = std::max<size_t>(longest, count_characters(value.value));
  }
  const Texts& written = field.column.arguments;
  sure = sure && !written.open;
  const std::string name = "character varying(" + std::to_string(longest) + ")";
  made.type_family = known(TypeFamily::string, field.span);
  made.type = sure ? known(in.arena.copy(std::string_view(name)), field.span) : unknown<std::string_view>(field.span);
}

void set_written_type(ExpectedTypes& in, const Model& model, const ModelField& field, TableColumn& made) {
  const Column& column = field.column;
  made.type_family = column.type_family;
  made.own_type = field.own_type;
  if (!column.type.is_known()) {
    set_unknown_type(made, field.span);
  } else if (column.type_family.is_known() && column.type_family.value == TypeFamily::enumeration) {
    if (is_true(field.native_enum) || field.native_enum.is_absent()) {
      use_enum(in, model, field, column.type_name, column.enum_values, made);
    } else if (field.native_enum.is_unknown()) {
      set_unknown_type(made, field.span);
    } else {
      use_text_for_enum(in, column.enum_values, field, made);
    }
  } else {
    made.type =
        postgres_type({column.type, column.type_family, column.length, column.precision, column.scale}, in.arena);
  }
}

void set_python_type(ExpectedTypes& in, const Model& model, const ModelField& field, TableColumn& made) {
  const SqlmodelBehaviour& behaviour = in.models.behaviour;
  const bool pydantic_1 = under_pydantic_1(in.models);
  const bool declarative = field.form == FieldForm::declarative;
  if (!field.python_type.is_known()) {
    set_unknown_type(made, field.span);
    return;
  }
  PythonType python = field.python_type.value;
  // Before 0.0.9 such an enumeration is a text or a number.
  const bool is_both = python == PythonType::string_enumeration || python == PythonType::integer_enumeration;
  if (!declarative && is_both && in.models.versions.sqlmodel == PackageVersion{}) {
    set_unknown_type(made, field.span);
    return;
  }
  if (!declarative && !behaviour.enum_first) {
    python = python == PythonType::string_enumeration    ? PythonType::string
             : python == PythonType::integer_enumeration ? PythonType::integer
                                                         : python;
  }
  const TypeOfPython& row = types[static_cast<size_t>(python)];
  const bool no_email = python == PythonType::email && (declarative || (!pydantic_1 && !behaviour.has_email));
  if (row.written.empty() || no_email || (declarative && python == PythonType::text_like)) {
    set_unknown_type(made, field.span);
    return;
  }
  if (row.family == TypeFamily::enumeration) {
    if (!field.enumeration) {
      set_unknown_type(made, field.span);
      return;
    }
    const Text name = known(in.arena.copy(std::string_view(lower(field.enumeration->name.value))), field.span);
    use_enum(in, model, field, name, field.enumeration->members, made);
    return;
  }
  WrittenType written;
  written.text =
      known(declarative && python == PythonType::string ? std::string_view("String") : row.written, field.span);
  written.family = known(row.family);
  if (row.family == TypeFamily::string && !declarative) {
    const bool counts = python == PythonType::string || python == PythonType::email;
    const bool lost = !pydantic_1 && !behaviour.keeps_max_length;
    written.length = counts && !lost ? field.max_length : Number{};
    if (written.length.is_known() && written.length.value == 0) {
      written.length = {};
    }
  } else if (row.family == TypeFamily::numeric && !declarative) {
    const bool some = !field.max_digits.is_absent() || !field.decimal_places.is_absent();
    written.precision = field.max_digits;
    written.scale = field.decimal_places;
    if (some && !behaviour.has_decimal_places && std::ranges::any_of(field.field_arguments.items, [](const Text& each) {
          return each.value == "max_digits" || each.value == "decimal_places";
        })) {
      set_unknown_type(made, field.span);
      return;
    }
    if (written.precision.is_absent() && !written.scale.is_absent()) {
      written.scale = {};  // Numeric(scale=2) is NUMERIC
    }
  }
  made.type_family = written.family;
  made.type = postgres_type(written, in.arena);
}

Flag nullable_of(const ModelsFacts& models, const ModelField& field) {
  const Column& column = field.column;
  if (is_true(column.primary_key) || is_true(column.identity)) {
    return known(false, field.span);
  }
  if (!column.nullable.is_absent() || column.primary_key.is_unknown() || column.primary_key.is_unknown()) {
    return column.primary_key.is_unknown() ? unknown<bool>(field.span) : column.nullable;
  }
  if (field.form == FieldForm::sa_column || (field.form == FieldForm::declarative && field.python_type.is_absent())) {
    return known(true, field.span);
  }
  Flag noneable = field.noneable;
  if (field.form == FieldForm::declarative) {
    return noneable;
  }
  const bool versions_differ = (field.demanded && !(noneable.is_known() && !noneable.value)) ||
                               (!is_true(noneable) && !(field.default_none.is_known() && !field.default_none.value) &&
                                !field.default_none.is_absent());
  if (versions_differ && models.versions.sqlmodel == PackageVersion{} && models.versions.pydantic == PackageVersion{}) {
    return unknown<bool>(field.span);
  }
  if (under_pydantic_1(models)) {
    // A default of None allows it as well, and Optional without it is not enough where the value is demanded.
    if (field.demanded) {
      return known(false, field.span);
    }
    if (field.default_none.is_unknown() && !is_true(noneable)) {
      return unknown<bool>(field.span);
    }
    return is_true(field.default_none) ? known(true, field.span) : noneable;
  }
  return noneable;
}

}  // namespace

TableColumn* expected_column(ExpectedTypes& in, const Model& model, const ModelField& field, uint32_t number) {
  const Column& column = field.column;
  TableColumn* made = in.arena.make<TableColumn>();
  made->number = number;
  made->name = column.name.is_absent() ? field.name : column.name;
  made->model = &model;
  made->field = &field;
  made->nullable = nullable_of(in.models, field);
  made->server_default = column.server_default;
  made->identity = column.identity;
  made->identity_always = column.identity_always;
  made->computed = column.computed;
  made->computed_as = column.computed_as;
  made->comment = column.comment;
  if (column.type.is_absent()) {
    field.form == FieldForm::sa_column ? set_unknown_type(*made, field.span) : set_python_type(in, model, field, *made);
  } else {
    set_written_type(in, model, field, *made);
  }
  if (field.open) {
    // More may be said of it than could be read.
    if (field.form == FieldForm::annotation && field.field_arguments.open) {
      set_unknown_type(*made, field.span);
      made->enum_id = 0;
    }
    if (column.nullable.is_absent() && !is_true(column.primary_key)) {
      made->nullable = unknown<bool>(field.span);
    }
    if (made->server_default.is_absent()) {
      made->server_default = unknown<std::string_view>(field.span);
    }
    if (made->comment.is_absent()) {
      made->comment = unknown<std::string_view>(field.span);
    }
    if (made->identity.is_absent() && made->computed.is_absent()) {
      made->identity = made->computed = unknown<bool>(field.span);
    }
    if (column.name.is_absent()) {
      made->name = field.form == FieldForm::annotation ? field.name : made->name;
    }
  }
  return made;
}

}  // namespace spiritsafe
