// SPDX-License-Identifier: Apache-2.0
// Column(…), its type, and the constraints of a table.
#include <algorithm>
#include <string>

#include "engine/read/interpret.h"

namespace spiritsafe {
namespace {

struct FamilyRow {
  std::string_view name = {};
  TypeFamily family = TypeFamily::other;
};

// SQLAlchemy's types and its dialects' ones, in the order of their bytes.
constexpr FamilyRow families[] = {
    {"ARRAY", TypeFamily::array},
    {"AutoString", TypeFamily::string},
    {"BIGINT", TypeFamily::big_integer},
    {"BINARY", TypeFamily::binary},
    {"BLOB", TypeFamily::binary},
    {"BOOLEAN", TypeFamily::boolean},
    {"BYTEA", TypeFamily::binary},
    {"BigInteger", TypeFamily::big_integer},
    {"Boolean", TypeFamily::boolean},
    {"CHAR", TypeFamily::string},
    {"CLOB", TypeFamily::text},
    {"DATE", TypeFamily::date},
    {"DATETIME", TypeFamily::datetime},
    {"DECIMAL", TypeFamily::numeric},
    {"DOUBLE", TypeFamily::floating},
    {"DOUBLE_PRECISION", TypeFamily::floating},
    {"Date", TypeFamily::date},
    {"DateTime", TypeFamily::datetime},
    {"Double", TypeFamily::floating},
    {"ENUM", TypeFamily::enumeration},
    {"Enum", TypeFamily::enumeration},
    {"FLOAT", TypeFamily::floating},
    {"Float", TypeFamily::floating},
    {"GUID", TypeFamily::uuid},
    {"INT", TypeFamily::integer},
    {"INTEGER", TypeFamily::integer},
    {"INTERVAL", TypeFamily::interval},
    {"Integer", TypeFamily::integer},
    {"Interval", TypeFamily::interval},
    {"JSON", TypeFamily::json},
    {"JSONB", TypeFamily::jsonb},
    {"LONGTEXT", TypeFamily::text},
    {"LargeBinary", TypeFamily::binary},
    {"MEDIUMTEXT", TypeFamily::text},
    {"NCHAR", TypeFamily::string},
    {"NUMERIC", TypeFamily::numeric},
    {"NVARCHAR", TypeFamily::string},
    {"Numeric", TypeFamily::numeric},
    {"PickleType", TypeFamily::binary},
    {"REAL", TypeFamily::real},
    {"SMALLINT", TypeFamily::small_integer},
    {"SmallInteger", TypeFamily::small_integer},
    {"String", TypeFamily::string},
    {"TEXT", TypeFamily::text},
    {"TIME", TypeFamily::time},
    {"TIMESTAMP", TypeFamily::datetime},
    {"TINYINT", TypeFamily::small_integer},
    {"Text", TypeFamily::text},
    {"Time", TypeFamily::time},
    {"UUID", TypeFamily::uuid},
    {"Unicode", TypeFamily::string},
    {"UnicodeText", TypeFamily::text},
    {"Uuid", TypeFamily::uuid},
    {"VARBINARY", TypeFamily::binary},
    {"VARCHAR", TypeFamily::string},
};
static_assert(std::ranges::is_sorted(families, {}, &FamilyRow::name));

bool is_identifier(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// `ARRAY(VARCHAR())` from `postgresql.ARRAY(sa.VARCHAR())`: what stands before a dot goes, outside of quotes.
std::string_view without_modules(Interpreter& in, std::string_view source) {
  size_t name = 0;
  while (name < source.size() && (is_identifier(source[name]) || source[name] == '.')) {
    ++name;
  }
  const size_t last_dot = source.substr(0, name).rfind('.');
  if (last_dot != std::string_view::npos) {
    source.remove_prefix(last_dot + 1);
  }
  if (source.find('.') == std::string_view::npos) {
    return source;
  }
  std::string result;
  char quote = 0;
  size_t word = std::string::npos;  // where the dotted name began
  for (size_t i = 0; i < source.size(); ++i) {
    const char c = source[i];
    if (quote) {
      quote = c == quote ? '\0' : quote;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (is_identifier(c)) {
      word = word == std::string::npos ? result.size() : word;
    } else if (c == '.' && word != std::string::npos && !(result[word] >= '0' && result[word] <= '9')) {
      result.resize(word);
      continue;
    } else {
      word = std::string::npos;
    }
    result += c;
  }
  return in.kept.copy(std::string_view(result));
}

// What is given by place or by name among the keywords of Column.
constexpr std::string_view column_keywords[] = {
    "autoincrement",
    "comment",
    "default",
    "doc",
    "index",
    "info",
    "insert_default",
    "insert_sentinel",
    "key",
    "name",
    "nullable",
    "onupdate",
    "primary_key",
    "quote",
    "server_default",
    "server_onupdate",
    "sort_order",
    "sqlite_on_conflict_not_null",
    "sqlite_on_conflict_primary_key",
    "sqlite_on_conflict_unique",
    "system",
    "type_",
    "unique",
    "_proxies",
};

std::string_view leaf_of_call(const CallParts& call) {
  return call.method.empty() && call.callee->kind == ValueKind::path ? leaf_of(*call.callee) : call.method;
}

bool is_type(const PyValue& value) {
  std::string_view leaf;
  return type_call(&value, leaf) != nullptr || value.kind == ValueKind::path || value.kind == ValueKind::class_of_file;
}

// What may stand in Column(…) behind its type.
constexpr std::string_view column_items[] = {
    "ForeignKey",           "CheckConstraint",      "Identity",      "Computed", "Sequence",
    "FetchedValue",         "DefaultClause",        "ColumnDefault", "Index",    "UniqueConstraint",
    "PrimaryKeyConstraint", "ForeignKeyConstraint",
};

Flag or_else(Flag flag, bool fallback, bool open) {
  return !flag.is_absent() ? flag : open ? unknown<bool>() : known(fallback);
}

void read_type(Interpreter& in, const Argument& argument, Column& column) {
  column.type = type_text(in, &argument);
  column.type_family = type_family(&argument);
  std::string_view leaf;
  const CallParts* type = type_call(argument.value, leaf);
  if (!type || leaf.empty()) {
    return;
  }
  const TypeSize size = type_size(&argument);
  column.length = size.length;
  column.precision = size.precision;
  column.scale = size.scale;
  if (column.type_family.is_known() && column.type_family.value == TypeFamily::enumeration) {
    column.type_name = enum_name(in, *argument.value);
    column.create_type = flag_fact(find_keyword(type->arguments, "create_type"));
    column.enum_values = enum_values(in, *type);
  }
}

// `schema.table.column` into its parts, from the right.
void split_target(const Text& target, Text& schema, Text& table, Text& column) {
  if (!target.is_known()) {
    schema = table = column = unknown<std::string_view>(target.span);
    return;
  }
  const size_t dot = target.value.rfind('.');
  const std::string_view before = dot == std::string_view::npos ? std::string_view{} : target.value.substr(0, dot);
  table = before.empty() ? unknown<std::string_view>(target.span)
                         : known(before.substr(before.rfind('.') + 1), target.span);
  const size_t inner = before.rfind('.');
  schema = inner == std::string_view::npos ? Text{} : known(before.substr(0, inner), target.span);
  column = known(target.value.substr(dot == std::string_view::npos ? 0 : dot + 1), target.span);
}

void read_referents(Interpreter& in, const Argument* targets, Constraint& constraint) {
  const Texts texts = texts_fact(in, targets);
  std::vector<Text> columns;
  for (const Text& target : texts.items) {
    Text column;
    Text table;
    Text schema;
    split_target(target, schema, table, column);
    if (columns.empty()) {
      constraint.referent_table = table;
      constraint.referent_schema = schema;
    }
    columns.push_back(column);
  }
  if (columns.empty()) {
    constraint.referent_table = unknown<std::string_view>();
  }
  constraint.referent_columns = {in.kept.copy(columns), texts.state, texts.open};
}

// The names in UniqueConstraint("a", "b", …), as a list.
Texts names_by_place(Interpreter& in, const CallParts& call) {
  std::vector<Text> names;
  for (const Argument& argument : call.arguments) {
    if (argument.name.empty()) {
      names.push_back(text_fact(in, &argument));
    }
  }
  return {in.kept.copy(names), State::known, call.open};
}

bool is_bare_sql_word(std::string_view name) {
  static constexpr std::string_view words[] = {"current_date", "current_time",   "current_timestamp", "current_user",
                                               "localtime",    "localtimestamp", "session_user"};
  return std::ranges::find(words, name) != std::end(words);
}

// SQL of an expression of SQLAlchemy, appended; false where it is not one of the few that are known.
bool append_sql(const PyValue& value, std::string& sql, int depth) {
  if (value.kind == ValueKind::integer) {
    sql += std::to_string(value.integer);
    return true;
  }
  if (is_text(&value)) {
    sql += '\'';
    for (const char c : value.text) {
      sql += c;
      if (c == '\'') {
        sql += c;
      }
    }
    sql += '\'';
    return true;
  }
  if (value.kind != ValueKind::call || !value.call->method.empty() || value.call->callee->kind != ValueKind::path ||
      depth > 5) {
    return false;
  }
  const CallParts& call = *value.call;
  const std::string_view leaf = leaf_of(*call.callee);
  const Argument* first = find_argument(call.arguments, "text", 0);
  if (call.callee->rest.size() > leaf.size() + 5 && call.callee->rest.ends_with(std::string(".func.").append(leaf))) {
    // sa.func.now()
  } else if (call.callee->rest.starts_with(".func.") || call.callee->text.ends_with(".func")) {
    // func.now()
  } else if (leaf == "text" || leaf == "literal_column") {
    if (!first || !is_text(first->value)) {
      return false;
    }
    sql += first->value->text;
    return true;
  } else if (leaf == "true" || leaf == "false" || leaf == "null") {
    sql += leaf == "null" ? "NULL" : leaf;
    return true;
  } else if (leaf == "literal" && first) {
    return append_sql(*first->value, sql, depth + 1);
  } else if (leaf == "DefaultClause" && !call.arguments.empty()) {
    return append_sql(*call.arguments[0].value, sql, depth + 1);
  } else {
    return false;
  }
  if (is_bare_sql_word(leaf)) {
    for (const char c : leaf) {
      sql += static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    }
    return call.arguments.empty();
  }
  sql.append(leaf).append("(");
  for (const Argument& argument : call.arguments) {
    sql += &argument == call.arguments.data() ? "" : ", ";
    if (!argument.name.empty() || !append_sql(*argument.value, sql, depth + 1)) {
      return false;
    }
  }
  sql += ')';
  return !call.open;
}

}  // namespace

bool is_call_of(const PyValue* value, std::string_view leaf) {
  return value && value->kind == ValueKind::call && value->call->method.empty() &&
         value->call->callee->kind == ValueKind::path && leaf_of(*value->call->callee) == leaf;
}

const CallParts* type_call(const PyValue* value, std::string_view& leaf) {
  static constexpr std::string_view adapters[] = {"with_variant", "evaluates_none", "copy", "adapt"};
  if (!value || value->kind != ValueKind::call) {
    return nullptr;
  }
  const CallParts* call = value->call;
  if (!call->method.empty()) {
    if (std::ranges::find(adapters, call->method) == std::end(adapters)) {
      return nullptr;
    }
    // The variant for PostgreSQL is the type there.
    const Argument* dialect = find_argument(call->arguments, "dialect_name", 1);
    if (call->method == "with_variant" && dialect && is_text(dialect->value) && dialect->value->text == "postgresql") {
      return type_call(call->arguments[0].value, leaf);
    }
    return type_call(call->callee, leaf);
  }
  const ValueKind callee = call->callee->kind;
  if (callee == ValueKind::path) {
    leaf = leaf_of(*call->callee);
    const bool item = std::ranges::find(column_items, leaf) != std::end(column_items);
    return item ? nullptr : call;
  }
  leaf = {};
  return callee == ValueKind::class_of_file ? call : nullptr;
}

Text type_text(Interpreter& in, const Argument* argument) {
  if (!argument || argument->value->kind == ValueKind::none) {
    return {};
  }
  const PyValue& value = *argument->value;
  if (value.kind != ValueKind::call && value.kind != ValueKind::path && value.kind != ValueKind::class_of_file) {
    return unknown<std::string_view>(argument->span);
  }
  std::string_view leaf;
  if (value.kind == ValueKind::call && !type_call(&value, leaf)) {
    return unknown<std::string_view>(argument->span);
  }
  if (value.kind == ValueKind::path) {
    return known(keep(in, leaf_of(value)), argument->span);
  }
  if (value.kind == ValueKind::class_of_file) {
    return known(keep(in, value.text), argument->span);
  }
  return known(without_modules(in, folded(in, value.span)), argument->span);
}

Fact<TypeFamily> family_of_type(std::string_view leaf) {
  const auto* found = std::ranges::lower_bound(families, leaf, {}, &FamilyRow::name);
  return known(found != std::end(families) && found->name == leaf ? found->family : TypeFamily::other);
}

Fact<TypeFamily> type_family(const Argument* argument) {
  if (!argument || argument->value->kind == ValueKind::none) {
    return {};
  }
  std::string_view leaf;
  const CallParts* call = type_call(argument->value, leaf);
  if (!call && argument->value->kind == ValueKind::path) {
    leaf = leaf_of(*argument->value);
  } else if (!call) {
    const bool own = argument->value->kind == ValueKind::class_of_file;
    return own ? known(TypeFamily::other, argument->span) : unknown<TypeFamily>(argument->span);
  }
  const auto* found = std::ranges::lower_bound(families, leaf, {}, &FamilyRow::name);
  const bool listed = found != std::end(families) && found->name == leaf;
  if (!listed && !call && !leaf.empty() && leaf.front() >= 'a' && leaf.front() <= 'z') {
    return unknown<TypeFamily>(argument->span);  // by custom not a class but a variable of another module
  }
  TypeFamily family = listed ? found->family : TypeFamily::other;
  if (call && (leaf == "DateTime" || leaf == "TIMESTAMP")) {
    const Flag timezone = flag_fact(find_argument(call->arguments, "timezone", 0));
    if (timezone.is_unknown() || (timezone.is_absent() && call->open)) {
      return unknown<TypeFamily>(argument->span);
    }
    family = timezone.value ? TypeFamily::datetime_with_timezone : TypeFamily::datetime;
  }
  return known(family, argument->span);
}

TypeSize type_size(const Argument* argument) {
  TypeSize size;
  const Fact<TypeFamily> family = type_family(argument);
  std::string_view leaf;
  const CallParts* type = family.is_known() ? type_call(argument->value, leaf) : nullptr;
  if (!type || leaf.empty()) {
    return size;
  }
  const auto number = [&](std::string_view name, size_t place) {
    const Number found = number_fact(find_argument(type->arguments, name, place));
    return found.is_absent() && type->open ? unknown<int64_t>(argument->span) : found;
  };
  if (family.value == TypeFamily::string) {
    size.length = number("length", 0);
  } else if (family.value == TypeFamily::numeric || family.value == TypeFamily::floating) {
    size.precision = number("precision", 0);
    size.scale = family.value == TypeFamily::numeric ? number("scale", 1) : Number{};
  }
  return size;
}

Texts enum_values(Interpreter& in, const CallParts& type) {
  std::vector<Text> values;
  bool open = type.open;
  for (const Argument& value : type.arguments) {
    if (value.name.empty()) {
      open = open || !is_text(value.value);
      if (is_text(value.value)) {
        values.push_back(known(keep(in, value.value->text), value.span));
      }
    }
  }
  return {in.kept.copy(values), State::known, open};
}

Text enum_name(Interpreter& in, const PyValue& type) {
  std::string_view leaf;
  const CallParts* call = type_call(&type, leaf);
  if (!call) {
    return unknown<std::string_view>();
  }
  if (const Argument* name = find_keyword(call->arguments, "name")) {
    return text_fact(in, name);
  }
  // A Python enumeration gives its name in lower case.
  const Argument* first = call->arguments.empty() || !call->arguments[0].name.empty() ? nullptr : &call->arguments[0];
  if (first && first->value->kind == ValueKind::class_of_file) {
    std::string lower(first->value->text);
    std::ranges::transform(lower, lower.begin(),
                           [](char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); });
    return known(in.kept.copy(std::string_view(lower)), first->span);
  }
  return call->open || (first && !is_text(first->value)) ? unknown<std::string_view>(call->span) : Text{};
}

Text sql_of_default(Interpreter& in, const Argument& argument) {
  if (argument.value->kind == ValueKind::none) {
    return {};
  }
  std::string sql;
  return append_sql(*argument.value, sql, 0) ? known(in.kept.copy(std::string_view(sql)), argument.span)
                                             : unknown<std::string_view>(argument.span);
}

Text sql_of_expression(Interpreter& in, const Argument& argument) {
  if (argument.value->kind == ValueKind::none) {
    return {};
  }
  if (is_text(argument.value)) {
    return known(keep(in, argument.value->text), argument.span);
  }
  const bool literal = is_call_of(argument.value, "text") || is_call_of(argument.value, "literal_column");
  const Argument* inner = literal ? find_argument(argument.value->call->arguments, "text", 0) : nullptr;
  return inner && is_text(inner->value) ? known(keep(in, inner->value->text), argument.span)
                                        : unknown<std::string_view>(argument.span);
}

// Identity(…) or Computed(…).
void read_generated(Interpreter& in, const CallParts& call, Span span, Column& column) {
  if (leaf_of_call(call) == "Computed") {
    const Argument* expression = find_argument(call.arguments, "sqltext", 0);
    column.computed = known(true, span);
    column.computed_as = expression ? sql_of_expression(in, *expression) : unknown<std::string_view>(span);
    return;
  }
  column.identity = known(true, span);
  column.identity_always = or_else(flag_fact(find_argument(call.arguments, "always", 0)), false, call.open);
}

Column read_column(Interpreter& in, const PyValue& value) {
  const CallParts& call = *value.call;
  Column column;
  column.span = call.span;
  static thread_local std::vector<Text> written;
  written.clear();
  std::vector<Text> unknown_keywords;
  const auto write = [&](std::string_view name, Span span) { written.push_back(known(name, span)); };
  const Argument* name = find_argument(call.arguments, "name", 0);
  // Column(Integer) without a name is possible; then the first one is the type.
  const bool typed = call.arguments.size() > 1 && call.arguments[1].name.empty() && is_type(*call.arguments[1].value);
  const bool nameless = name && name->name.empty() && is_type(*name->value) && !typed;
  column.name = nameless ? Text{} : text_fact(in, name);
  if (call.open && !name) {
    column.name = unknown<std::string_view>(call.span);
  }
  const Argument* type = find_argument(call.arguments, "type_", nameless ? 0 : 1);
  if (type && (type->name.empty() ? is_type(*type->value) || type->value->kind == ValueKind::unknown : true)) {
    read_type(in, *type, column);
  } else if (call.open) {
    column.type = unknown<std::string_view>(call.span);
    column.type_family = unknown<TypeFamily>(call.span);
    type = nullptr;
  } else {
    type = nullptr;
  }
  const Argument* server_default = nullptr;
  for (size_t i = 0; i < call.arguments.size(); ++i) {
    const Argument& argument = call.arguments[i];
    if (!argument.name.empty()) {
      write(keep(in, argument.name), argument.span);
      if (argument.name == "nullable") {
        column.nullable = flag_fact(&argument);
        column.nullable_written = known(true, argument.span);
      } else if (argument.name == "server_default") {
        server_default = &argument;
      } else if (argument.name == "default") {
        if (argument.value->kind != ValueKind::none) {
          column.python_default = known(folded(in, argument.span), argument.span);
        }
      } else if (argument.name == "primary_key") {
        column.primary_key = flag_fact(&argument);
      } else if (argument.name == "autoincrement") {
        column.autoincrement = is_text(argument.value) ? Flag{} : flag_fact(&argument);
      } else if (argument.name == "unique") {
        column.unique = flag_fact(&argument);
      } else if (argument.name == "index") {
        column.index = flag_fact(&argument);
      } else if (argument.name == "comment") {
        column.comment = text_fact(in, &argument);
      } else if (std::ranges::find(column_keywords, argument.name) == std::end(column_keywords) &&
                 !is_dialect_keyword(argument.name)) {
        unknown_keywords.push_back(known(keep(in, argument.name), argument.span));
      }
      continue;
    }
    if (&argument == name || &argument == type) {
      continue;
    }
    const CallParts* part = argument.value->kind == ValueKind::call ? argument.value->call : nullptr;
    const std::string_view leaf = part ? leaf_of_call(*part) : std::string_view{};
    if (leaf == "ForeignKey") {
      column.foreign_key = text_fact(in, find_argument(part->arguments, "column", 0));
      column.foreign_key_name = text_fact(in, find_keyword(part->arguments, "name"));
      column.ondelete = text_fact(in, find_keyword(part->arguments, "ondelete"));
      column.onupdate = text_fact(in, find_keyword(part->arguments, "onupdate"));
      column.deferrable = flag_fact(find_keyword(part->arguments, "deferrable"));
      column.initially = text_fact(in, find_keyword(part->arguments, "initially"));
      column.use_alter = flag_fact(find_keyword(part->arguments, "use_alter"));
    } else if (leaf == "CheckConstraint") {
      column.check = known(true, argument.span);
    } else if (leaf == "Identity" || leaf == "Computed") {
      read_generated(in, *part, argument.span, column);
    } else if (leaf == "FetchedValue" || leaf == "DefaultClause") {
      server_default = &argument;
    }
    write(part ? keep(in, leaf) : "?", argument.span);
  }
  if (server_default) {
    if (is_call_of(server_default->value, "Identity") || is_call_of(server_default->value, "Computed")) {
      read_generated(in, *server_default->value->call, server_default->span, column);
    } else {
      column.server_default = sql_of_default(in, *server_default);
    }
  } else if (call.open) {
    column.server_default = unknown<std::string_view>(call.span);
  }
  const Span end = call.span;
  column.primary_key = or_else(column.primary_key, false, call.open);
  if (call.open) {
    column.unique = or_else(column.unique, false, true);
    column.index = or_else(column.index, false, true);
  }
  if (column.nullable.is_absent() && !column.nullable_written.value) {
    column.nullable = call.open || column.primary_key.is_unknown()
                          ? unknown<bool>(end)
                          : known(!column.primary_key.value && !column.identity.value);
  }
  column.arguments = {in.kept.copy(written), State::known, call.open};
  column.unknown_arguments = {in.kept.copy(unknown_keywords), State::known, false};
  return column;
}

bool read_constraint(Interpreter& in, const PyValue& value, Constraint& constraint) {
  const CallParts& call = *value.call;
  const std::string_view leaf = leaf_of_call(call);
  constraint.span = call.span;
  constraint.name = text_fact(in, find_keyword(call.arguments, "name"));
  if (leaf == "PrimaryKeyConstraint" || leaf == "UniqueConstraint") {
    constraint.kind =
        known(leaf == "UniqueConstraint" ? ConstraintKind::unique : ConstraintKind::primary_key, call.span);
    constraint.columns = names_by_place(in, call);
  } else if (leaf == "ForeignKeyConstraint") {
    constraint.kind = known(ConstraintKind::foreign_key, call.span);
    constraint.columns = texts_fact(in, find_argument(call.arguments, "columns", 0));
    read_referents(in, find_argument(call.arguments, "refcolumns", 1), constraint);
    constraint.ondelete = text_fact(in, find_argument(call.arguments, "ondelete", 4));
    constraint.onupdate = text_fact(in, find_argument(call.arguments, "onupdate", 3));
    constraint.deferrable = flag_fact(find_argument(call.arguments, "deferrable", 5));
    constraint.initially = text_fact(in, find_argument(call.arguments, "initially", 6));
    constraint.use_alter = flag_fact(find_keyword(call.arguments, "use_alter"));
    if (const Argument* name = find_argument(call.arguments, "name", 2)) {
      constraint.name = text_fact(in, name);
    }
  } else if (leaf == "CheckConstraint") {
    constraint.kind = known(ConstraintKind::check, call.span);
    if (const Argument* condition = find_argument(call.arguments, "sqltext", 0)) {
      constraint.condition = sql_of_expression(in, *condition);
    }
    if (const Argument* name = find_argument(call.arguments, "name", 1)) {
      constraint.name = text_fact(in, name);
    }
  } else if (leaf == "ExcludeConstraint") {
    constraint.kind = known(ConstraintKind::exclude, call.span);
  } else {
    return false;
  }
  return true;
}

}  // namespace spiritsafe
