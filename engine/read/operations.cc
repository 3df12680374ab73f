// SPDX-License-Identifier: Apache-2.0
// From a call to an operation and its facts.
#include <algorithm>
#include <array>
#include <string>

#include "engine/facts/shrinks.h"
#include "engine/read/interpret.h"
#include "engine/text/printable.h"

namespace spiritsafe {
namespace {

constexpr std::string_view computed = "is computed when the migration runs";

// The arguments of a directive by what they say.
struct Roles {
  std::array<const Argument*, role_count> of = {};
  const Argument* operator[](Role role) const { return of[static_cast<size_t>(role)]; }
};

// `x` and why it is not known.
Text dynamic_text(Interpreter& in, Span span, std::string_view reason) {
  std::string text = "`";
  text.append(shortened(slice(in.text, span), 60)).append("` ").append(reason.empty() ? computed : reason);
  return known(in.kept.copy(std::string_view(text)), span);
}

// The first thing that could not be known is the one that is told.
void mark_dynamic(Interpreter& in, Operation& operation, const Argument* argument) {
  if (argument && operation.dynamic.is_absent()) {
    const PyValue& value = *argument->value;
    operation.dynamic =
        dynamic_text(in, argument->span, value.kind == ValueKind::unknown ? value.text : std::string_view{});
  }
}

// ---- arguments against the signature -------------------------------------------------------------------------------

struct Bound {
  Roles roles = {};
  std::vector<Argument> spread = {};  // what `*columns` took
  Role spread_role = Role::ignored;
};

void bind_arguments(Interpreter& in, std::span<const DirectiveParameter> parameters, const Directive& signature,
                    const CallSite& site, Operation& operation, Bound& bound) {
  static PyValue open_value;  // stands for what `**keywords` may hold; never written to
  static const Argument open_argument{{}, &open_value, {}};
  std::vector<Text> unknown_keywords, by_place, missing;
  bool may_miss = false;
  size_t place = 0;
  for (const Argument& argument : site.arguments) {
    Role role = Role::ignored;
    if (argument.name.empty()) {
      if (place >= parameters.size()) {
        continue;
      }
      const DirectiveParameter& parameter = parameters[place];
      if (parameter.spread) {
        bound.spread_role = parameter.role;
        bound.spread.push_back(argument);
        continue;
      }
      ++place;
      role = parameter.role;
      if (parameter.keyword_only) {
        by_place.push_back(known(parameter.name, argument.span));
      }
    } else {
      const auto found = std::ranges::find(parameters, argument.name, &DirectiveParameter::name);
      if (found != parameters.end() && !found->spread) {
        role = found->role;
      } else if (signature.dialect_keywords && is_dialect_keyword(argument.name)) {
        role = role_of_dialect_keyword(argument.name);
      } else {
        unknown_keywords.push_back(known(keep(in, argument.name), argument.span));
        role = role_of_legacy_keyword(argument.name);
        if (bound.roles[role]) {
          role = Role::ignored;
        }
      }
    }
    bound.roles.of[static_cast<size_t>(role)] = &argument;
  }
  for (const DirectiveParameter& parameter : parameters) {
    const Argument*& argument = bound.roles.of[static_cast<size_t>(parameter.role)];
    if (argument || parameter.role == Role::ignored || parameter.spread) {
      continue;
    }
    if (site.open && (!parameter.keyword_only || site.open_names)) {
      argument = &open_argument;
      may_miss = may_miss || parameter.required;
    } else if (parameter.required) {
      missing.push_back(known(parameter.name));
    }
  }
  operation.unknown_arguments.items = in.kept.copy(unknown_keywords);
  operation.positional_arguments.items = in.kept.copy(by_place);
  operation.missing_arguments = {in.kept.copy(missing), State::known, may_miss};
}

// ---- facts by role -------------------------------------------------------------------------------------------------

Text table_fact(Interpreter& in, const Argument* argument) {
  if (!argument) {
    return {};
  }
  const PyValue& value = *argument->value;
  if (value.kind == ValueKind::table && !value.open) {
    return known(keep(in, value.text), argument->span);
  }
  if (is_call_of(&value, "table") || is_call_of(&value, "Table")) {
    const Text name = text_fact(in, find_argument(value.call->arguments, "name", 0));
    return name.is_known() ? known(name.value, argument->span) : unknown<std::string_view>(argument->span);
  }
  return text_fact(in, argument);
}

Texts column_names(Interpreter& in, const Argument* argument, Flag& as_text) {
  const Texts names = texts_fact(in, argument);
  if (argument) {
    const bool text = argument->value->kind == ValueKind::text;
    const bool readable = text || is_sequence(argument->value);
    as_text = readable ? known(text, argument->span) : unknown<bool>(argument->span);
  }
  return names;
}

// False is what Alembic takes for "leave it".
bool is_false(const Argument* argument) {
  return argument && argument->value->kind == ValueKind::boolean && argument->value->integer == 0;
}

void read_alterations(Interpreter& in, const Roles& roles, Operation& operation) {
  operation.new_name = text_fact(in, roles[Role::new_name]);
  operation.nullable = flag_fact(roles[Role::nullable]);
  operation.type = type_text(in, roles[Role::type]);
  operation.type_family = type_family(roles[Role::type]);
  if (operation.type_family.is_known() && operation.type_family.value == TypeFamily::enumeration) {
    operation.type_name = enum_name(in, *roles[Role::type]->value);
    std::string_view leaf;
    const CallParts* type = type_call(roles[Role::type]->value, leaf);
    operation.enum_values = type ? enum_values(in, *type) : Texts{{}, State::unknown, true};
  }
  const TypeSize size = type_size(roles[Role::type]);
  operation.length = size.length;
  operation.precision = size.precision;
  operation.scale = size.scale;
  const TypeSize existing = type_size(roles[Role::existing_type]);
  operation.existing_length = existing.length;
  operation.existing_precision = existing.precision;
  operation.existing_scale = existing.scale;
  operation.existing_type = type_text(in, roles[Role::existing_type]);
  operation.existing_type_family = type_family(roles[Role::existing_type]);
  operation.shrinks = find_shrinks(in.kept, operation);
  operation.existing_nullable = flag_fact(roles[Role::existing_nullable]);
  if (const Argument* server_default = roles[Role::server_default]; server_default && !is_false(server_default)) {
    operation.server_default = sql_of_default(in, *server_default);
    if (server_default->value->kind == ValueKind::none) {
      operation.drops_server_default = known(true, server_default->span);
    } else if (server_default->value->kind == ValueKind::unknown) {
      operation.drops_server_default = unknown<bool>(server_default->span);
    }
  }
  if (const Argument* using_expression = roles[Role::using_expression]) {
    operation.using_expression = sql_of_expression(in, *using_expression);
  }
}

Fact<ConstraintKind> constraint_kind(const Argument* argument) {
  static constexpr std::pair<std::string_view, ConstraintKind> words[] = {{"foreignkey", ConstraintKind::foreign_key},
                                                                          {"primary", ConstraintKind::primary_key},
                                                                          {"unique", ConstraintKind::unique},
                                                                          {"check", ConstraintKind::check}};
  if (!argument || argument->value->kind == ValueKind::none) {
    return {};
  }
  for (const auto& [word, kind] : words) {
    if (is_text(argument->value) && argument->value->text == word) {
      return known(kind, argument->span);
    }
  }
  return unknown<ConstraintKind>(argument->span);
}

// ---- what a Column brings with it ----------------------------------------------------------------------------------

// The part of the operation that stays the same in what it brings with it.
struct Origin {
  CallSite site = {};
  Text table = {};
  Text schema = {};
  bool batch = false;
  Text recreate = {};
};

Operation& add_implicit(Interpreter& in, OperationKind kind, const Origin& origin, Span span) {
  Operation& operation = add_operation(in, kind, {span, origin.site.name, {}, false});
  operation.implicit = true;
  operation.batch = origin.batch;
  operation.recreate = origin.recreate;
  operation.table = origin.table;
  operation.schema = origin.schema;
  operation.constraint_kind = made_constraint(kind, span);
  return operation;
}

void add_column_extras(Interpreter& in, const Origin& origin, const Column& column, bool foreign_keys) {
  const Texts columns = {in.kept.copy(std::span<const Text>(&column.name, 1)), State::known, false};
  if (column.index.is_known() && column.index.value) {
    Operation& operation = add_implicit(in, OperationKind::create_index, origin, column.span);
    operation.columns = columns;
    operation.unique = known(column.unique.is_known() && column.unique.value);
    if (origin.table.is_known() && column.name.is_known()) {
      std::string name = "ix_";
      if (origin.schema.is_known()) {
        name.append(origin.schema.value).append("_");
      }
      name.append(origin.table.value).append("_").append(column.name.value);
      operation.target = known(in.kept.copy(std::string_view(name)), column.span);
    } else {
      operation.target = unknown<std::string_view>(column.span);
    }
  } else if (column.unique.is_known() && column.unique.value) {
    Operation& operation = add_implicit(in, OperationKind::create_unique_constraint, origin, column.span);
    operation.columns = columns;
  }
  if (foreign_keys && !column.foreign_key.is_absent()) {
    Operation& operation = add_implicit(in, OperationKind::create_foreign_key, origin, column.span);
    operation.target = column.foreign_key_name;
    operation.columns = columns;
    operation.ondelete = column.ondelete;
    operation.onupdate = column.onupdate;
    operation.deferrable = column.deferrable;
    operation.initially = column.initially;
    const std::string_view target = column.foreign_key.value;
    const size_t dot = target.rfind('.');
    if (column.foreign_key.is_known() && dot != std::string_view::npos) {
      const std::string_view table = target.substr(0, dot);
      const size_t inner = table.rfind('.');
      operation.referent_table = known(table.substr(inner + 1), column.foreign_key.span);
      if (inner != std::string_view::npos) {
        operation.referent_schema = known(table.substr(0, inner), column.foreign_key.span);
      }
      const Text referent = known(target.substr(dot + 1), column.foreign_key.span);
      operation.referent_columns.items = in.kept.copy(std::span<const Text>(&referent, 1));
    } else {
      operation.referent_table = unknown<std::string_view>(column.foreign_key.span);
      operation.referent_columns = {{}, State::unknown, true};
    }
  }
}

// Index(…) inside create_table.
void add_inner_index(Interpreter& in, const Origin& origin, const CallParts& call) {
  Operation& operation = add_implicit(in, OperationKind::create_index, origin, call.span);
  operation.target = text_fact(in, find_argument(call.arguments, "name", 0));
  operation.unique = flag_fact(find_keyword(call.arguments, "unique"));
  operation.unique = operation.unique.is_absent() ? known(false) : operation.unique;
  if (std::ranges::any_of(call.arguments, [](const Argument& argument) {
        return !argument.name.empty() && argument.name != "name" && argument.name != "unique";
      })) {
    operation.special_index = known(true, call.span);
  }
  std::vector<Text> columns;
  for (size_t i = 1; i < call.arguments.size() && call.arguments[i].name.empty(); ++i) {
    columns.push_back(text_fact(in, &call.arguments[i]));
  }
  operation.columns = {in.kept.copy(columns), State::known, call.open};
}

// The columns and constraints of create_table(…).
void read_members(Interpreter& in, const CallSite& site, Bound& bound, size_t index) {
  static thread_local std::vector<Column> columns_found;  // reading a column reads no other table
  columns_found.clear();
  std::vector<Constraint> constraints;
  std::vector<const CallParts*> indexes;
  bool open = site.open;
  for (const Argument& argument : bound.spread) {
    Constraint constraint;
    if (is_call_of(argument.value, "Column")) {
      columns_found.push_back(read_column(in, *argument.value));
    } else if (is_call_of(argument.value, "Index")) {
      indexes.push_back(argument.value->call);
    } else if (argument.value->kind == ValueKind::call && read_constraint(in, *argument.value, constraint)) {
      constraints.push_back(constraint);
    } else if (is_call_of(argument.value, "MetaData")) {
      // create_table("a", metadata, …), as Table() takes it: it says nothing about the table.
    } else {
      open = true;
      mark_dynamic(in, in.lists.operations[index], &argument);
    }
  }
  Operation& operation = in.lists.operations[index];
  const std::span<const Column> columns = in.kept.copy(columns_found);
  operation.new_columns = {columns, State::known, open};
  operation.constraints = {in.kept.copy(constraints), State::known, open};
  std::vector<Text> names;
  names.reserve(columns.size());
  for (const Column& column : columns) {
    names.push_back(column.name);
  }
  operation.column_names = {in.kept.copy(names), State::known, open};
  if (site.open) {
    mark_dynamic(in, operation, bound.spread.empty() ? nullptr : &bound.spread.back());
    if (operation.dynamic.is_absent()) {
      operation.dynamic = dynamic_text(in, site.span, {});
    }
  }
  const Origin origin{site, operation.table, operation.schema, operation.batch, operation.recreate};
  for (const Column& column : columns) {
    add_column_extras(in, origin, column, false);
  }
  for (const CallParts* call : indexes) {
    add_inner_index(in, origin, *call);
  }
}

void read_new_column(Interpreter& in, const CallSite& site, const Argument* argument, size_t index) {
  Operation& operation = in.lists.operations[index];
  if (!argument || !is_call_of(argument->value, "Column")) {
    operation.new_columns = {{}, State::unknown, true};
    operation.target = unknown<std::string_view>(argument ? argument->span : site.span);
    mark_dynamic(in, operation, argument);
    return;
  }
  const Column column = read_column(in, *argument->value);
  operation.new_columns.items = in.kept.copy(std::span<const Column>(&column, 1));
  operation.enum_values = column.enum_values;
  operation.target = column.name;
  if (column.name.is_unknown()) {
    mark_dynamic(in, operation, argument);
  }
  add_column_extras(in, {site, operation.table, operation.schema, operation.batch, operation.recreate}, column, true);
}

// ---- raw SQL -------------------------------------------------------------------------------------------------------

// The text in `text("…").bindparams(…)` or DDL("…"); nullptr for an expression.
const Argument* text_inside(const PyValue* value, bool& bindparams) {
  while (value->kind == ValueKind::call && !value->call->method.empty()) {
    static constexpr std::string_view methods[] = {"bindparams", "columns", "execution_options", "execute_if"};
    if (std::ranges::find(methods, value->call->method) == std::end(methods)) {
      return nullptr;
    }
    bindparams = bindparams || value->call->method == "bindparams";
    value = value->call->callee;
  }
  if (is_call_of(value, "text") || is_call_of(value, "DDL")) {
    bindparams = bindparams || find_keyword(value->call->arguments, "bindparams") || is_call_of(value, "DDL");
    return find_argument(value->call->arguments, value->call->callee && is_call_of(value, "DDL") ? "statement" : "text",
                         0);
  }
  return nullptr;
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// SQLAlchemy's own pattern: a colon, behind no colon, word or backslash, then a word, before no colon.
Text find_parameter(Interpreter& in, std::string_view sql, Span span) {
  for (size_t at = sql.find(':'); at != std::string_view::npos; at = sql.find(':', at + 1)) {
    if (at > 0 && (sql[at - 1] == ':' || sql[at - 1] == '\\' || is_word(sql[at - 1]))) {
      continue;
    }
    size_t end = at + 1;
    while (end < sql.size() && is_word(sql[end])) {
      ++end;
    }
    if (end < sql.size() && sql[end] == ':' && end > at + 1) {
      --end;
    }
    if (end > at + 1) {
      return known(keep(in, sql.substr(at, end - at)), span);
    }
  }
  return {};
}

// The columns that `values(a=1)`, `values({"a": 1})` or a query's `update({"a": 1})` sets; those of a table's
// attributes
// (`User.a`) are not known.
Texts set_columns(Interpreter& in, std::span<const Argument> arguments, bool open) {
  std::vector<Text> columns;
  for (const Argument& argument : arguments) {
    if (!argument.name.empty()) {
      columns.push_back(known(keep(in, argument.name), argument.span));
      continue;
    }
    const bool dict = argument.value->kind == ValueKind::dict;
    open = open || !dict || argument.value->open;
    for (uint32_t i = 0; dict && i + 1 < argument.value->count; i += 2) {
      const PyValue* key = argument.value->items[i];
      columns.push_back(is_text(key) ? known(keep(in, key->text), key->span) : unknown<std::string_view>(key->span));
    }
  }
  return {in.kept.copy(columns), columns.empty() ? State::unknown : State::known, open || columns.empty()};
}

// The statement that an expression of SQLAlchemy's makes, as far as its first words tell.
void add_expression_statement(Interpreter& in, const PyValue& value, Span span) {
  static constexpr std::string_view verbs[] = {"insert",      "update", "delete", "select",
                                               "from_select", "union",  "exists"};
  Statement statement;
  statement.span = span;
  statement.text = known(folded(in, span), span);
  statement.kind = unknown<std::string_view>(span);
  statement.statement_class = known(StatementClass::other, span);
  bool has_where = false;
  std::string_view verb;
  const Argument* table = nullptr;
  Argument receiver;
  const PyValue* at = &value;
  for (; at->kind == ValueKind::call; at = at->call->callee) {
    const CallParts& call = *at->call;
    const std::string_view name = !call.method.empty()                   ? call.method
                                  : call.callee->kind == ValueKind::path ? leaf_of(*call.callee)
                                                                         : std::string_view{};
    has_where = has_where || name == "where" || name == "filter" || name == "filter_by";
    if (name == "values") {
      statement.columns = set_columns(in, call.arguments, call.open);
    }
    if (std::ranges::find(verbs, name) != std::end(verbs)) {
      verb = name;
      if (!call.method.empty()) {
        receiver = {{}, call.callee, span};
        table = &receiver;
        // SQLAlchemy before 2.0: table.delete(condition), table.update(condition, values).
        has_where = has_where || (!call.arguments.empty() && call.arguments[0].name.empty());
      } else if (!call.arguments.empty()) {
        has_where = has_where || find_argument(call.arguments, "whereclause", 1);
        table = &call.arguments[0];
      }
      break;
    }
  }
  if (verb == "insert" || verb == "update" || verb == "delete" || verb == "select") {
    statement.kind = known(keep(in, verb), span);
    statement.statement_class = known(verb == "select" ? StatementClass::query : StatementClass::dml, span);
    statement.has_where = verb == "insert" ? Flag{} : known(has_where, span);
    if (verb != "update") {
      statement.columns = {{}, State::absent, false};
    } else if (statement.columns.state == State::absent) {
      statement.columns = {{}, State::unknown, true};
    }
    statement.table = table ? table_fact(in, table) : Text{};
    if (statement.table.is_known()) {
      statement.tables.items = in.kept.copy(std::span<const Text>(&statement.table, 1));
    } else {
      statement.table = verb == "select" ? Text{} : unknown<std::string_view>(span);
      statement.tables.open = true;
    }
  } else {
    statement.statement_class = unknown<StatementClass>(span);
    statement.tables = {{}, State::unknown, true};
  }
  in.lists.statements.push_back(statement);
}

// What the operation makes or drops, where that is a Table, or what create_table returned.
void read_table_change(Interpreter& in, size_t index, const CallSite& site, const PyValue& table) {
  Operation& operation = in.lists.operations[index];
  const Argument itself{{}, const_cast<PyValue*>(&table), table.span};
  operation.table = table_fact(in, &itself);
  operation.target = operation.table;
  if (operation.table.is_unknown()) {
    operation.dynamic = dynamic_text(in, table.span, {});
  }
  if (table.kind != ValueKind::call) {
    if (operation.kind == OperationKind::create_table) {
      operation.new_columns = {{}, State::unknown, true};
      operation.constraints = {{}, State::unknown, true};
      operation.column_names = {{}, State::unknown, true};
    }
    return;
  }
  const CallParts& call = *table.call;
  operation.schema = text_fact(in, find_keyword(call.arguments, "schema"));
  if (operation.kind == OperationKind::drop_table) {
    return;
  }
  Bound bound;
  for (size_t i = 2; i < call.arguments.size() && call.arguments[i].name.empty(); ++i) {
    bound.spread.push_back(call.arguments[i]);
  }
  // With autoload= the columns are the database's.
  const bool loaded = find_keyword(call.arguments, "autoload") || find_keyword(call.arguments, "autoload_with");
  read_members(in, {site.span, site.name, site.arguments, call.open || loaded, false}, bound, index);
}

// ---- SQLAlchemy's schema elements, which are executed
// ----------------------------------------------------------------

struct ElementRow {
  std::string_view leaf = {};
  OperationKind kind = OperationKind::unrecognised;
};

constexpr ElementRow elements[] = {
    {"AddConstraint"},
    {"CreateIndex", OperationKind::create_index},
    {"CreateSchema", OperationKind::create_schema},
    {"CreateSequence", OperationKind::create_sequence},
    {"CreateTable", OperationKind::create_table},
    {"DropColumnComment"},
    {"DropConstraint", OperationKind::drop_constraint},
    {"DropConstraintComment"},
    {"DropIndex", OperationKind::drop_index},
    {"DropSchema", OperationKind::drop_schema},
    {"DropSequence", OperationKind::drop_sequence},
    {"DropTable", OperationKind::drop_table},
    {"DropTableComment"},
    {"SetColumnComment"},
    {"SetConstraintComment"},
    {"SetTableComment"},
};

const ElementRow* element_row(const PyValue& value) {
  const bool is_made = value.kind == ValueKind::call && !value.foreign && value.call->method.empty() &&
                       value.call->callee->kind == ValueKind::path &&
                       root_kind(*value.call->callee) == Root::sqlalchemy;
  const auto* row =
      is_made ? std::ranges::find(elements, leaf_of(*value.call->callee), &ElementRow::leaf) : std::end(elements);
  return row == std::end(elements) ? nullptr : row;
}

// The name of an Index, a Sequence, a constraint, or the name itself.
Text element_name(Interpreter& in, const Argument* element) {
  const PyValue* value = element ? element->value : nullptr;
  if (!value) {
    return unknown<std::string_view>();
  }
  if (value->kind != ValueKind::call) {
    return text_fact(in, element);
  }
  const std::span<const Argument> given = value->call->arguments;
  const bool first = is_call_of(value, "Index") || is_call_of(value, "Sequence");
  const Argument* name = first ? find_argument(given, "name", 0) : find_keyword(given, "name");
  return name ? text_fact(in, name) : unknown<std::string_view>(element->span);
}

Fact<ConstraintKind> element_constraint(Interpreter& in, const Argument* element, Span span) {
  Constraint constraint;
  const bool is_read =
      element && element->value->kind == ValueKind::call && read_constraint(in, *element->value, constraint);
  return is_read ? constraint.kind : unknown<ConstraintKind>(span);
}

// `op.execute(DropTable(users))` is op.drop_table. false: what is executed is no such element.
bool read_schema_element(Interpreter& in, size_t index, const CallSite& site, const PyValue& value) {
  const ElementRow* row = element_row(value);
  if (!row) {
    return false;
  }
  const Argument* element = find_argument(value.call->arguments, "element", 0);
  Operation& operation = in.lists.operations[index];
  operation.kind = row->kind;
  operation.execute_form = {};
  operation.if_exists = flag_fact(find_keyword(value.call->arguments, "if_exists"));
  operation.if_not_exists = flag_fact(find_keyword(value.call->arguments, "if_not_exists"));
  operation.cascade = flag_fact(find_keyword(value.call->arguments, "cascade"));
  const bool of_table = row->kind == OperationKind::create_table || row->kind == OperationKind::drop_table;
  if (of_table && element) {
    read_table_change(in, index, site, *element->value);
    return true;
  }
  operation.target = element_name(in, element);
  const bool names_none = row->kind == OperationKind::create_schema || row->kind == OperationKind::drop_schema ||
                          row->kind == OperationKind::create_sequence || row->kind == OperationKind::drop_sequence ||
                          row->kind == OperationKind::drop_index;
  operation.table = names_none ? Text{} : unknown<std::string_view>(value.span);
  if (row->kind == OperationKind::create_index || row->kind == OperationKind::unrecognised) {
    operation.columns = {{}, State::unknown, true};
  }
  if (row->kind == OperationKind::drop_constraint) {
    operation.constraint_kind = element_constraint(in, element, value.span);
  }
  if (operation.table.is_unknown() || !operation.target.is_known()) {
    operation.dynamic = dynamic_text(in, value.span, {});
  }
  return true;
}

void read_execute(Interpreter& in, size_t index, const CallSite& site, const Argument* sql) {
  const auto operation = [&]() -> Operation& { return in.lists.operations[index]; };
  Links& links = in.lists.operation_links[index];
  if (!sql) {
    operation().sql_form = known(SqlText::unreadable, site.span);
    operation().sql_text = unknown<std::string_view>(site.span);
    operation().sql = {{}, State::unknown, true};
    operation().dynamic = dynamic_text(in, site.span, {});
    return;
  }
  if (read_schema_element(in, index, site, *sql->value)) {
    return;
  }
  bool bindparams = false;
  const Argument* inside = text_inside(sql->value, bindparams);
  const PyValue* text = inside ? inside->value : sql->value;
  if (text->kind == ValueKind::text) {
    operation().sql_form = known(text->open ? SqlText::interpolated : SqlText::literal, sql->span);
    operation().sql_text = text->open ? unknown<std::string_view>(sql->span) : known(keep(in, text->text), sql->span);
    const bool colons = inside || operation().execute_form.value == ExecuteForm::op_execute;
    const size_t first = in.lists.statements.size();
    read_sql(in, {text, colons, sql->span, site});
    in.lists.operation_links[index].first = static_cast<uint32_t>(first);
    in.lists.operation_links[index].count = static_cast<uint32_t>(in.lists.statements.size() - first);
    in.lists.operation_links[index].has_sql = true;
    operation().sql.open = text->open;
    if (text->open) {
      operation().dynamic = dynamic_text(in, sql->span, {});
    }
    const bool own = operation().execute_form.value == ExecuteForm::op_execute;
    if (own && !bindparams) {
      const std::span<PyValue* const> pieces = items_of(*text);
      operation().unescaped_parameter = text->open ? Text{} : find_parameter(in, text->text, sql->span);
      for (size_t i = 0; text->open && i < pieces.size() && operation().unescaped_parameter.is_absent(); ++i) {
        operation().unescaped_parameter = is_text(pieces[i]) ? find_parameter(in, pieces[i]->text, sql->span) : Text{};
      }
    }
    return;
  }
  operation().sql_text = unknown<std::string_view>(sql->span);
  const bool chain = sql->value->kind == ValueKind::call && !sql->value->call->method.empty();
  const bool expression = sql->value->kind == ValueKind::call && !inside && (chain || !sql->value->foreign);
  operation().sql_form = known(expression ? SqlText::expression : SqlText::unreadable, sql->span);
  if (expression) {
    links.first = static_cast<uint32_t>(in.lists.statements.size());
    links.count = 1;
    links.has_sql = true;
    add_expression_statement(in, *sql->value, sql->span);
    return;
  }
  operation().sql = {{}, State::unknown, true};
  mark_dynamic(in, operation(), inside ? inside : sql);
}

// Is it another index than SQLAlchemy's default, a b-tree of columns?
Flag special_index(Interpreter& in, const Roles& roles) {
  if (const Argument* option = roles[Role::index_option]) {
    return known(true, option->span);
  }
  const Text method = text_fact(in, roles[Role::using_expression]);
  return method.is_unknown()                             ? unknown<bool>()
         : method.is_absent() || method.value == "btree" ? Flag{}
                                                         : known(true, method.span);
}

// ---- directives ----------------------------------------------------------------------------------------------------

// Which arguments must be known for the operation to be known.
void find_dynamic(Interpreter& in, const Roles& roles, Operation& operation) {
  if (operation.table.is_unknown()) {
    mark_dynamic(in, operation, roles[Role::table]);
  }
  if (operation.target.is_unknown() && roles[Role::target]) {
    mark_dynamic(in, operation, roles[Role::target]);
  }
  if (operation.new_name.is_unknown()) {
    mark_dynamic(in, operation, roles[Role::new_name]);
  }
  if (operation.columns.state == State::unknown || operation.columns.open) {
    mark_dynamic(in, operation, roles[Role::columns]);
  }
  if (operation.referent_table.is_unknown()) {
    mark_dynamic(in, operation, roles[Role::referent_table]);
  }
  if (operation.type.is_unknown()) {
    mark_dynamic(in, operation, roles[Role::type]);
  }
}

void read_directive(Interpreter& in, Operation& operation, Bound& bound, const BatchBlock* batch) {
  const Roles& roles = bound.roles;
  operation.table = batch ? batch->table : table_fact(in, roles[Role::table]);
  operation.schema = batch ? batch->schema : text_fact(in, roles[Role::schema]);
  if (batch) {
    operation.batch = true;
    operation.recreate = batch->recreate;
  }
  operation.target = text_fact(in, roles[Role::target]);
  operation.if_exists = flag_fact(roles[Role::if_exists]);
  operation.if_not_exists = flag_fact(roles[Role::if_not_exists]);
  operation.concurrently = flag_fact(roles[Role::concurrently]);
  operation.not_valid = flag_fact(roles[Role::not_valid]);
  if (const Argument* comment = roles[Role::comment]; comment && !is_false(comment)) {
    operation.comment = text_fact(in, comment);
    operation.drops_comment = comment->value->kind == ValueKind::none ? known(true, comment->span) : Flag{};
  }
  operation.constraint_kind = made_constraint(operation.kind, operation.span);
  switch (operation.kind) {
    case OperationKind::create_table:
      if (const Argument* partition_by = roles[Role::partition_by]; partition_by && !is_false(partition_by)) {
        operation.partitioned = known(true, partition_by->span);
      }
      [[fallthrough]];
    case OperationKind::drop_table:
      operation.target = operation.table;
      break;
    case OperationKind::rename_table:
      operation.target = operation.table;
      operation.new_name = text_fact(in, roles[Role::new_name]);
      break;
    case OperationKind::alter_column:
      read_alterations(in, roles, operation);
      break;
    case OperationKind::create_index:
      operation.unique = flag_fact(roles[Role::unique]);
      operation.unique = operation.unique.is_absent() ? known(false) : operation.unique;
      operation.special_index = special_index(in, roles);
      [[fallthrough]];
    case OperationKind::create_unique_constraint:
    case OperationKind::create_primary_key:
    case OperationKind::create_foreign_key:
    case OperationKind::create_check_constraint:
    case OperationKind::create_exclude_constraint:
      operation.columns = column_names(in, roles[Role::columns], operation.columns_are_text);
      operation.referent_table = table_fact(in, roles[Role::referent_table]);
      operation.referent_schema = text_fact(in, roles[Role::referent_schema]);
      operation.referent_columns = texts_fact(in, roles[Role::referent_columns]);
      operation.ondelete = text_fact(in, roles[Role::ondelete]);
      operation.onupdate = text_fact(in, roles[Role::onupdate]);
      operation.deferrable = flag_fact(roles[Role::deferrable]);
      operation.initially = text_fact(in, roles[Role::initially]);
      if (const Argument* condition =
              roles[operation.kind == OperationKind::create_index ? Role::where : Role::condition]) {
        operation.condition = sql_of_expression(in, *condition);
      }
      break;
    case OperationKind::drop_constraint:
      operation.constraint_kind = constraint_kind(roles[Role::constraint_type]);
      break;
    default:
      break;
  }
  find_dynamic(in, roles, operation);
  if (batch && operation.table.is_unknown() && operation.dynamic.is_absent()) {
    operation.dynamic = dynamic_text(in, operation.table.span.end ? operation.table.span : operation.span, {});
  }
}

// What `session.delete(…)` or `session.query(…).update(…)` comes to; unknown: it may be one or the other.
Text orm_statement_kind(std::string_view method, Span span) {
  constexpr std::string_view inserting[] = {"add", "add_all", "bulk_insert_mappings"};
  return method == "delete" || method == "update"                      ? known(method, span)
         : method == "bulk_update_mappings"                            ? known(std::string_view("update"), span)
         : std::ranges::find(inserting, method) != std::end(inserting) ? known(std::string_view("insert"), span)
                                                                       : unknown<std::string_view>(span);
}

// Does the query ask for some rows only? Of its methods those are known that do and those that cannot.
Flag has_filter(const PyValue* query, Span span) {
  constexpr std::string_view filtering[] = {"filter", "filter_by", "where"};
  constexpr std::string_view harmless[] = {"query", "options", "execution_options", "enable_eagerloads", "order_by"};
  bool sure = true;
  for (; query->kind == ValueKind::call && !query->call->method.empty(); query = query->call->callee) {
    if (std::ranges::find(filtering, query->call->method) != std::end(filtering)) {
      return known(true, span);
    }
    sure = sure && std::ranges::find(harmless, query->call->method) != std::end(harmless);
  }
  return sure ? known(false, span) : unknown<bool>(span);
}

// The table of the one class that is asked for.
Text table_of_query(Interpreter& in, const PyValue* query, Span span) {
  while (query->kind == ValueKind::call && query->call->method != "query" && !query->call->method.empty()) {
    query = query->call->callee;
  }
  if (query->kind != ValueKind::call || query->call->arguments.size() != 1 ||
      query->call->arguments[0].value->kind != ValueKind::class_of_file) {
    return unknown<std::string_view>(span);
  }
  const Argument name{{}, attribute_of(in, *query->call->arguments[0].value, "__tablename__", span), span};
  return text_fact(in, &name);
}

}  // namespace

Operation& add_operation(Interpreter& in, OperationKind kind, const CallSite& site) {
  Operation& operation = in.lists.operations.emplace_back();
  in.lists.operation_links.push_back({in.step, static_cast<uint32_t>(in.lists.statements.size()), 0, false});
  operation.span = site.span;
  operation.kind = kind;
  operation.direction = in.direction;
  operation.call = known(keep(in, site.name), site.span);
  operation.text = known(folded(in, site.span), site.span);
  if (!std::ranges::equal(in.branches, in.branches_kept)) {
    in.branches_kept = in.kept.copy(in.branches);
  }
  operation.branches = in.branches_kept;
  operation.conditional = in.undecided > 0 || in.uncertain;
  operation.loop = in.loop;
  operation.helper = in.helper;
  operation.autocommit = in.autocommit;
  operation.dialects = dialect_texts(in.kept, in.dialects, site.span);
  const uint32_t place = in.helper ? in.outer.begin : site.span.begin;
  operation.in_markers =
      std::ranges::any_of(in.markers, [&](Span range) { return range.begin <= place && place < range.end; });
  return operation;
}

bool is_full(Interpreter& in, const CallSite& site) {
  if (in.lists.operations.size() - in.first_operation < most_operations) {
    return false;
  }
  if (!in.full) {
    in.full = true;
    in.open = true;
    Operation& operation = add_operation(in, OperationKind::unrecognised, site);
    operation.dynamic = dynamic_text(in, site.span, "comes after more operations than are followed");
  }
  return true;
}

Fact<ConstraintKind> made_constraint(OperationKind kind, Span span) {
  switch (kind) {
    case OperationKind::create_unique_constraint:
      return known(ConstraintKind::unique, span);
    case OperationKind::create_primary_key:
      return known(ConstraintKind::primary_key, span);
    case OperationKind::create_foreign_key:
      return known(ConstraintKind::foreign_key, span);
    case OperationKind::create_check_constraint:
      return known(ConstraintKind::check, span);
    case OperationKind::create_exclude_constraint:
      return known(ConstraintKind::exclude, span);
    default:
      return {};
  }
}

PyValue* add_directive(Interpreter& in, const Directive& signature, const CallSite& site, const BatchBlock* batch) {
  PyValue* result = make_unknown(in.maker, {}, site.span);
  if (is_full(in, site)) {
    return result;
  }
  const size_t index = in.lists.operations.size();
  Operation& operation = add_operation(in, signature.kind, site);
  Bound bound;
  bind_arguments(in, batch ? signature.batch_parameters : signature.parameters, signature, site, operation, bound);
  if (signature.kind == OperationKind::execute) {
    operation.batch = batch != nullptr;
    operation.execute_form = known(ExecuteForm::op_execute, site.span);
    read_execute(in, index, site, bound.roles[Role::sql]);
    return result;
  }
  read_directive(in, operation, bound, batch);
  if (batch && batch->operations) {
    operation.batch_position = known<int64_t>(++*batch->operations, site.span);
  }
  if (signature.kind == OperationKind::create_table) {
    result->kind = ValueKind::table;
    result->text = operation.table.value;
    result->open = !operation.table.is_known();
    read_members(in, site, bound, index);
  } else if (signature.kind == OperationKind::add_column) {
    read_new_column(in, site, bound.roles[Role::column], index);
  }
  return result;
}

void add_execute(Interpreter& in, const CallSite& site, ExecuteForm form, const Argument* sql) {
  if (!in.active || is_full(in, site)) {
    return;
  }
  const size_t index = in.lists.operations.size();
  add_operation(in, OperationKind::execute, site).execute_form = known(form, site.span);
  read_execute(in, index, site, sql);
}

void add_orm_change(Interpreter& in, const CallSite& site, std::string_view method, const PyValue* query) {
  if (!in.active || is_full(in, site)) {
    return;
  }
  Operation& operation = add_operation(in, OperationKind::execute, site);
  operation.execute_form = known(ExecuteForm::session, site.span);
  operation.sql_form = known(SqlText::expression, site.span);
  operation.sql_text = unknown<std::string_view>(site.span);
  Links& links = in.lists.operation_links.back();
  links.has_sql = true;
  links.count = 1;
  Statement statement;
  statement.span = site.span;
  statement.text = operation.text;
  statement.kind = orm_statement_kind(method, site.span);
  statement.statement_class = known(StatementClass::dml, site.span);
  statement.table = query ? table_of_query(in, query, site.span) : unknown<std::string_view>(site.span);
  statement.tables = {{}, State::unknown, true};
  if (statement.table.is_known()) {
    statement.tables = {in.kept.copy(std::vector<Text>{statement.table}), State::known, false};
  }
  if (method == "update" || method == "delete") {
    statement.has_where = query ? has_filter(query, site.span) : unknown<bool>(site.span);
  }
  if (method == "update") {
    const std::span<const Argument> given = std::span(site.arguments).first(std::min<size_t>(site.arguments.size(), 1));
    statement.columns = query ? set_columns(in, given, site.open) : Texts{{}, State::unknown, true};
  }
  in.lists.statements.push_back(statement);
}

void add_enum(Interpreter& in, OperationKind kind, const CallSite& site, const PyValue& type) {
  if (!in.active || is_full(in, site)) {
    return;
  }
  Operation& operation = add_operation(in, kind, site);
  operation.target = enum_name(in, type);
  std::string_view leaf;
  if (const CallParts* call = type_call(&type, leaf)) {
    operation.schema = text_fact(in, find_keyword(call->arguments, "schema"));
    operation.create_type = flag_fact(find_keyword(call->arguments, "create_type"));
    operation.enum_values = enum_values(in, *call);
  } else {
    operation.enum_values = {{}, State::unknown, true};
  }
  const Flag checks = flag_fact(find_argument(site.arguments, "checkfirst", 1));
  (kind == OperationKind::create_enum ? operation.if_not_exists : operation.if_exists) = checks;
  if (operation.target.is_unknown()) {
    operation.dynamic = dynamic_text(in, type.span, {});
  }
}

void add_table_change(Interpreter& in, OperationKind kind, const CallSite& site, const PyValue& table) {
  if (!in.active || is_full(in, site)) {
    return;
  }
  const size_t index = in.lists.operations.size();
  Operation& operation = add_operation(in, kind, site);
  const Flag checks = flag_fact(find_argument(site.arguments, "checkfirst", 1));
  (kind == OperationKind::create_table ? operation.if_not_exists : operation.if_exists) = checks;
  read_table_change(in, index, site, table);
}

void add_plugin(Interpreter& in, const PluginOperation& plugin, const CallSite& site) {
  if (is_full(in, site)) {
    return;
  }
  static constexpr OperationKind itself[] = {OperationKind::plugin};
  const std::span<const OperationKind> kinds =
      plugin.amounts_to.empty() ? std::span<const OperationKind>(itself) : plugin.amounts_to;
  for (const OperationKind kind : kinds) {
    Operation& operation = add_operation(in, kind, site);
    const Argument* table = find_keyword(site.arguments, "table_name");
    operation.table = table ? text_fact(in, table) : unknown<std::string_view>(site.span);
    operation.schema = text_fact(in, find_keyword(site.arguments, "schema"));
    operation.target = unknown<std::string_view>(site.span);
    operation.columns = {{}, State::unknown, true};
    operation.new_columns = {{}, State::unknown, true};
  }
}

void add_unrecognised(Interpreter& in, const CallSite& site, std::string_view reason) {
  in.open = true;
  if (!in.active || is_full(in, site)) {
    return;
  }
  Operation& operation = add_operation(in, OperationKind::unrecognised, site);
  operation.table = unknown<std::string_view>(site.span);
  operation.target = unknown<std::string_view>(site.span);
  operation.columns = {{}, State::unknown, true};
  operation.new_columns = {{}, State::unknown, true};
  std::string text = "`";
  text.append(shortened(site.name, 60)).append("` ").append(reason);
  operation.dynamic = known(in.kept.copy(std::string_view(text)), site.span);
}

BatchBlock* read_batch(Interpreter& in, const CallSite& site) {
  BatchBlock* batch = in.maker.arena.make<BatchBlock>();
  batch->table = table_fact(in, find_argument(site.arguments, "table_name", 0));
  batch->schema = text_fact(in, find_argument(site.arguments, "schema", 1));
  batch->recreate = text_fact(in, find_argument(site.arguments, "recreate", 2));
  batch->operations = in.maker.arena.make<uint32_t>(0u);
  if (site.open && batch->table.is_absent()) {
    batch->table = unknown<std::string_view>(site.span);
  }
  return batch;
}

}  // namespace spiritsafe
