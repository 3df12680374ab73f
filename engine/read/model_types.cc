// SPDX-License-Identifier: Apache-2.0
#include "engine/read/model_types.h"

#include <algorithm>
#include <string>

#include "engine/python/visit.h"
#include "engine/read/interpret.h"

namespace spiritsafe {
namespace {

using namespace python;

// ---- SQLAlchemy's types --------------------------------------------------------------------------------------------

// What the arguments given by place are, of the types whose arguments change the column.
struct TypeArguments {
  std::string_view leaf = {};
  std::string_view places[3] = {};
};
constexpr TypeArguments type_arguments[] = {
    {"AutoString", {"length", "-"}},
    {"CHAR", {"length"}},
    {"DATETIME", {"timezone"}},
    {"DECIMAL", {"precision", "scale", "-"}},
    {"DateTime", {"timezone"}},
    {"FLOAT", {"precision", "-"}},
    {"Float", {"precision", "-"}},
    {"JSON", {"-"}},
    {"JSONB", {"-", "-"}},
    {"NUMERIC", {"precision", "scale", "-"}},
    {"NVARCHAR", {"length"}},
    {"Numeric", {"precision", "scale", "-"}},
    {"String", {"length"}},
    {"TIME", {"timezone", "precision"}},
    {"TIMESTAMP", {"timezone", "precision"}},
    {"Time", {"timezone"}},
    {"UUID", {"-"}},
    {"Unicode", {"length"}},
    {"Uuid", {"-"}},
    {"VARCHAR", {"length"}},
};
static_assert(std::ranges::is_sorted(type_arguments, {}, &TypeArguments::leaf));

// Arguments that change how Python sees the values, not how PostgreSQL keeps them.
constexpr std::string_view without_meaning[] = {"as_uuid",      "asdecimal", "astext_type", "decimal_return_scale",
                                                "none_as_null", "-",         "create_type", "inherit_schema"};

struct WrittenSqlType {
  std::string text = {};  // `String(length=5)`; empty: not known
  std::string leaf = {};
  Number length = {}, precision = {}, scale = {};
  bool timezone = false;
};

WrittenSqlType read_written(ModuleSet& in, const Seen& type, int depth);

void read_type_arguments(ModuleSet& in, const Seen& call, WrittenSqlType& written, int depth) {
  const SeenArguments arguments = arguments_of(in, call);
  const auto* row = std::ranges::lower_bound(type_arguments, std::string_view(written.leaf), {}, &TypeArguments::leaf);
  const bool listed = row != std::end(type_arguments) && row->leaf == written.leaf;
  std::string inside;
  bool sure = !arguments.open;
  size_t place = 0;
  const bool is_array = written.leaf == "ARRAY";
  for (const SeenArgument& argument : arguments.items) {
    std::string_view name = argument.name;
    if (name.empty()) {
      name = is_array && place == 0 ? "item_type" : listed && place < 3 ? row->places[place] : "";
      ++place;
    }
    if (std::ranges::find(without_meaning, name) != std::end(without_meaning) ||
        (argument.value.kind == SeenKind::none && !name.empty())) {
      continue;
    }
    std::string value;
    if (name == "item_type") {
      value = read_written(in, argument.value, depth + 1).text;
    } else if (is_array && (name == "as_tuple" || name == "dimensions" || name == "zero_indexes")) {
      continue;
    } else if (name == "timezone" && (argument.value.kind == SeenKind::boolean)) {
      value = argument.value.integer ? "timezone=True" : "timezone=False";
      written.timezone = argument.value.integer != 0;
    } else if ((name == "length" || name == "precision" || name == "scale") &&
               argument.value.kind == SeenKind::integer) {
      value = std::string(name) + "=" + std::to_string(argument.value.integer);
      (name == "length"      ? written.length
       : name == "precision" ? written.precision
                             : written.scale) = known(argument.value.integer);
    }
    sure = sure && !value.empty();
    inside.append(inside.empty() ? "" : ", ").append(value);
  }
  if (is_array && inside.empty()) {
    sure = false;
  }
  written.text = sure ? written.leaf + "(" + inside + ")" : std::string();
}

// Does the __init__ of a TypeDecorator give nothing to what it is made of?
bool gives_nothing(const FunctionDef& init) {
  int calls = 0;
  bool plain = true;
  python::walk(init, [&](const Node& node) {
    const Call* call = as<Call>(&node);
    const auto* attribute = call ? as<python::Attribute>(call->func) : nullptr;
    if (attribute && attribute->attr == "__init__") {
      ++calls;
      plain = plain && call->args.empty() && call->keywords.empty();
    }
    return true;
  });
  return calls == 1 && plain;
}

// A TypeDecorator of the project: what it says it is made of.
WrittenSqlType read_decorator(ModuleSet& in, PyClass& one, const Seen* call, int depth) {
  resolve(in, one);
  if (one.root.kind == SeenKind::outside) {
    const bool changed = std::ranges::any_of(one.order, [](const PyClass* each) {
      return last_binding(each->bindings, "__init__") || last_binding(each->bindings, "__visit_name__") ||
             last_binding(each->bindings, "get_col_spec");
    });
    WrittenSqlType written = changed || one.ancestry.open ? WrittenSqlType{} : read_written(in, one.root, depth + 1);
    if (call && !written.text.empty()) {
      read_type_arguments(in, *call, written, depth + 1);
    }
    return written;
  }
  const NameBinding* impl = nullptr;
  bool own_init = false;
  for (PyClass* each : one.order) {
    const NameBinding* init = last_binding(each->bindings, "__init__");
    const FunctionDef* function = init ? as<FunctionDef>(init->statement) : nullptr;
    if (last_binding(each->bindings, "load_dialect_impl") || (init && (!function || !gives_nothing(*function)))) {
      return {};
    }
    own_init = own_init || init;
    impl = impl ? impl : last_binding(each->bindings, "impl");
  }
  if (!one.ancestry.decorator || one.ancestry.open || !impl || !impl->value) {
    return {};
  }
  const Seen type = follow(in, *one.names, impl->value);
  WrittenSqlType written = read_written(in, type, depth + 1);
  if (own_init) {
    return written;
  }
  if (call && type.kind == SeenKind::outside && !written.text.empty()) {
    read_type_arguments(in, *call, written, depth + 1);  // what it is given goes to what it is made of
  } else if (call && !arguments_of(in, *call).items.empty()) {
    return {};
  }
  return written;
}

WrittenSqlType read_written(ModuleSet& in, const Seen& type, int depth) {
  WrittenSqlType written;
  if (depth > 8) {
    return written;
  }
  if (type.kind == SeenKind::class_of) {
    return read_decorator(in, *type.class_of, nullptr, depth);
  }
  if (type.kind == SeenKind::outside) {
    written.leaf = leaf_in(type, {"sqlalchemy", "sqlmodel"});
    written.text = written.leaf == "ARRAY" ? std::string() : written.leaf;
    return written;
  }
  if (type.kind != SeenKind::call) {
    return written;
  }
  if (type.base->kind == SeenKind::method) {
    const SeenArguments arguments = arguments_of(in, type);
    const SeenArgument* dialect = arguments.find("dialect_name", 1);
    const bool postgres = dialect && dialect->value.kind == SeenKind::text && dialect->value.text == "postgresql";
    if (type.base->text == "with_variant" && arguments.items.size() == 2 && !arguments.open && dialect &&
        dialect->value.kind == SeenKind::text) {
      return read_written(in, postgres ? arguments.items[0].value : *type.base->base, depth + 1);
    }
    const bool same = type.base->text == "evaluates_none" || type.base->text == "copy";
    return same ? read_written(in, *type.base->base, depth + 1) : written;
  }
  if (type.base->kind == SeenKind::class_of) {
    return read_decorator(in, *type.base->class_of, &type, depth);
  }
  written.leaf = leaf_in(*type.base, {"sqlalchemy", "sqlmodel"});
  if (written.leaf == "as_mutable") {  // MutableDict.as_mutable(JSON)
    const SeenArguments arguments = arguments_of(in, type);
    return arguments.items.size() == 1 ? read_written(in, arguments.items[0].value, depth + 1) : WrittenSqlType{};
  }
  if (!written.leaf.empty()) {
    read_type_arguments(in, type, written, depth);
  }
  return written;
}

// Is it Enum(…) or ENUM(…), perhaps behind a TypeDecorator or with_variant?
const Seen* enum_call(const Seen& type) {
  const std::string_view leaf = called(type);
  return leaf == "Enum" || leaf == "ENUM" ? &type : nullptr;
}

// values_callable=lambda e: [m.value for m in e], or something that has not this form: false, and nobody knows.
bool gives_values(const Seen& callable) {
  const auto* lambda = callable.kind == SeenKind::expression ? as<Lambda>(callable.expression) : nullptr;
  const Expr* body = lambda ? lambda->body : callable.kind == SeenKind::function ? callable.returned : nullptr;
  const ListComp* list = as<ListComp>(body);
  const Attribute* element = list ? as<Attribute>(list->elt) : nullptr;
  return element && element->attr == "value" && list->generators.size() == 1 && list->generators[0].ifs.empty();
}

void read_enum_type(ModuleSet& in, const Seen& call, Span span, ModelField& field) {
  Column& column = field.column;
  const SeenArguments arguments = arguments_of(in, call);
  column.type_family = known(TypeFamily::enumeration, span);
  column.type = known(called(call), span);
  column.type_name = text_of(in, arguments.find("name"), span);
  field.type_schema = text_of(in, arguments.find("schema"), span);
  field.native_enum = flag_of(arguments.find("native_enum"), span);
  column.create_type = flag_of(arguments.find("create_type"), span);
  std::vector<Text> values;
  bool open = arguments.open;
  for (const SeenArgument& argument : arguments.items) {
    if (!argument.name.empty()) {
      continue;
    }
    if (argument.value.kind == SeenKind::class_of) {
      field.enumeration = enum_of(in, *argument.value.class_of);
      if (column.type_name.is_absent()) {
        std::string lower(argument.value.class_of->node->name);
        std::ranges::transform(lower, lower.begin(),
                               [](char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
        column.type_name =
            arguments.open ? unknown<std::string_view>(span) : known(in.kept.copy(std::string_view(lower)), span);
      }
    } else if (argument.value.kind == SeenKind::text) {
      values.push_back(known(in.kept.copy(argument.value.text), span));
    } else {
      open = true;
      column.type_name = column.type_name.is_absent() ? unknown<std::string_view>(span) : column.type_name;
    }
  }
  const SeenArgument* callable = arguments.find("values_callable");
  if (callable && callable->value.kind != SeenKind::none) {
    field.enum_of_values = gives_values(callable->value);
    open = open || !field.enum_of_values;
  }
  if (field.enumeration && values.empty()) {
    const Texts& names = field.enum_of_values ? field.enumeration->values : field.enumeration->members;
    column.enum_values = {names.items, names.state, names.open || open};
  } else {
    column.enum_values = {in.kept.copy(values), State::known, open};
  }
  if (arguments.find("metadata")) {
    field.why = known(std::string_view("has an Enum with a metadata of its own"));
  }
}

// ---- SQL -----------------------------------------------------------------------------------------------------------

bool is_bare_word(std::string_view name) {
  static constexpr std::string_view words[] = {"current_date", "current_time",   "current_timestamp", "current_user",
                                               "localtime",    "localtimestamp", "session_user"};
  return std::ranges::find(words, name) != std::end(words);
}

bool append_sql(ModuleSet& in, const Seen& value, std::string& sql, int depth) {
  if (value.kind == SeenKind::integer) {
    sql += std::to_string(value.integer);
    return true;
  }
  if (value.kind == SeenKind::text) {
    sql += '\'';
    for (const char c : value.text) {
      sql += c;
      sql += c == '\'' ? "'" : "";
    }
    sql += '\'';
    return true;
  }
  if (value.kind != SeenKind::call || value.base->kind != SeenKind::outside || depth > 5) {
    return false;
  }
  const std::string_view leaf = called(value);
  const SeenArguments arguments = arguments_of(in, value);
  const SeenArgument* first = arguments.find("text", 0);
  const bool is_function = value.base->text.ends_with(std::string(".func.").append(leaf));
  if (leaf.empty() || arguments.open) {
    return false;
  }
  if (!is_function) {
    if (leaf == "text" || leaf == "literal_column") {
      if (!first || first->value.kind != SeenKind::text) {
        return false;
      }
      sql += first->value.text;
      return true;
    }
    if (leaf == "true" || leaf == "false" || leaf == "null") {
      sql += leaf == "null" ? "NULL" : leaf;
      return true;
    }
    return (leaf == "literal" || leaf == "DefaultClause") && first && append_sql(in, first->value, sql, depth + 1);
  }
  if (is_bare_word(leaf)) {
    std::string upper(leaf);
    std::ranges::transform(upper, upper.begin(),
                           [](char c) { return static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c); });
    sql += upper;
    return arguments.items.empty();
  }
  sql.append(leaf).append("(");
  for (size_t i = 0; i < arguments.items.size(); ++i) {
    sql += i == 0 ? "" : ", ";
    if (!arguments.items[i].name.empty() || !append_sql(in, arguments.items[i].value, sql, depth + 1)) {
      return false;
    }
  }
  sql += ')';
  return true;
}

// The class of a type that is not SQLAlchemy's own, with the numbers that it is given or is made with: `Money(12)`.
std::string own_type_of(ModuleSet& in, const Seen& type, const WrittenSqlType& written) {
  const Seen& named = type.kind == SeenKind::call && type.base ? *type.base : type;
  std::string text;
  if (named.kind == SeenKind::class_of) {
    text = named.class_of->node->name;
  } else if (named.kind == SeenKind::outside && written.text.empty()) {
    text = named.text.substr(named.text.rfind('.') + 1);
  }
  std::vector<Number> numbers{written.length, written.precision, written.scale};
  if (type.kind == SeenKind::call && written.text.empty()) {
    for (const SeenArgument& argument : arguments_of(in, type).items) {
      numbers.push_back(argument.value.kind == SeenKind::integer ? known(argument.value.integer) : Number{});
    }
  }
  std::string inside;
  for (const Number& number : numbers) {
    inside += number.is_known() ? (inside.empty() ? "" : ", ") + std::to_string(number.value) : "";
  }
  return text.empty() || inside.empty() ? text : text + "(" + inside + ")";
}

}  // namespace

const EnumClass* enum_of(ModuleSet& in, PyClass& one) {
  const EnumClass*& made = in.enums[&one];
  if (!made) {
    made = read_enum_class(in, one);
  }
  return made;
}

void read_sql_type(ModuleSet& in, const Seen& type, Span span, ModelField& field) {
  Column& column = field.column;
  if (const Seen* call = enum_call(type)) {
    read_enum_type(in, *call, span, field);
    return;
  }
  const WrittenSqlType written = read_written(in, type, 0);
  if (const std::string own = own_type_of(in, type, written); !own.empty()) {
    field.own_type = known(in.kept.copy(std::string_view(own)), span);
  }
  if (written.text.empty() || written.leaf == "Enum" || written.leaf == "ENUM") {
    column.type = unknown<std::string_view>(span);
    column.type_family = unknown<TypeFamily>(span);
    return;
  }
  column.type = known(in.kept.copy(std::string_view(written.text)), span);
  column.type_family = family_of_type(written.leaf);
  if (type.kind == SeenKind::call && column.type_family.is_known() && column.type_family.value == TypeFamily::uuid) {
    const SeenArguments arguments = arguments_of(in, type);
    field.as_uuid = arguments.open ? unknown<bool>(span) : flag_of(arguments.find("as_uuid", 0), span);
  }
  if (written.timezone && column.type_family.is_known() && column.type_family.value == TypeFamily::datetime) {
    column.type_family.value = TypeFamily::datetime_with_timezone;
  }
  column.length = written.length;
  column.precision = written.precision;
  column.scale = written.scale;
}

Text sql_of_default(ModuleSet& in, const Seen& value, Span span) {
  if (value.kind == SeenKind::none) {
    return {};
  }
  std::string sql;
  return append_sql(in, value, sql, 0) ? known(in.kept.copy(std::string_view(sql)), span)
                                       : unknown<std::string_view>(span);
}

Text sql_of_text(ModuleSet& in, const Seen& value, Span span) {
  if (value.kind == SeenKind::none) {
    return {};
  }
  if (value.kind == SeenKind::text) {
    return known(in.kept.copy(value.text), span);
  }
  const std::string_view leaf = called(value);
  if (leaf == "text" || leaf == "literal_column") {
    const SeenArguments arguments = arguments_of(in, value);
    return text_of(in, arguments.find("text", 0), span);
  }
  return unknown<std::string_view>(span);
}

Text text_of(ModuleSet& in, const SeenArgument* argument, Span span) {
  if (!argument || argument->value.kind == SeenKind::none) {
    return {};
  }
  const Seen& value = argument->value;
  if (value.kind == SeenKind::text) {
    return known(in.kept.copy(value.text), span);
  }
  if (called(value) == "quoted_name" || called(value) == "conv") {
    const SeenArguments arguments = arguments_of(in, value);
    return text_of(in, arguments.find("value", 0), span);
  }
  return unknown<std::string_view>(span);
}

Flag flag_of(const SeenArgument* argument, Span span) {
  if (!argument || argument->value.kind == SeenKind::none) {
    return {};
  }
  const bool readable = argument->value.kind == SeenKind::boolean || argument->value.kind == SeenKind::integer;
  return readable ? known(argument->value.integer != 0, span) : unknown<bool>(span);
}

Number number_of(const SeenArgument* argument, Span span) {
  if (!argument || argument->value.kind == SeenKind::none) {
    return {};
  }
  return argument->value.kind == SeenKind::integer ? known(argument->value.integer, span) : unknown<int64_t>(span);
}

}  // namespace spiritsafe
