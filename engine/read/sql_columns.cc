// SPDX-License-Identifier: Apache-2.0
#include "engine/read/sql_columns.h"

#include <algorithm>
#include <string>

namespace spiritsafe {
namespace {

struct TypeRow {
  std::string_view name = {};  // PostgreSQL's own
  TypeFamily family = TypeFamily::other;
};

constexpr TypeRow types[] = {
    {"bigserial", TypeFamily::big_integer},
    {"bool", TypeFamily::boolean},
    {"bpchar", TypeFamily::string},
    {"bytea", TypeFamily::binary},
    {"char", TypeFamily::string},
    {"date", TypeFamily::date},
    {"float4", TypeFamily::real},
    {"float8", TypeFamily::floating},
    {"int2", TypeFamily::small_integer},
    {"int4", TypeFamily::integer},
    {"int8", TypeFamily::big_integer},
    {"interval", TypeFamily::interval},
    {"json", TypeFamily::json},
    {"jsonb", TypeFamily::jsonb},
    {"numeric", TypeFamily::numeric},
    {"serial", TypeFamily::integer},
    {"serial2", TypeFamily::small_integer},
    {"serial4", TypeFamily::integer},
    {"serial8", TypeFamily::big_integer},
    {"smallserial", TypeFamily::small_integer},
    {"text", TypeFamily::text},
    {"time", TypeFamily::time},
    {"timestamp", TypeFamily::datetime},
    {"timestamptz", TypeFamily::datetime_with_timezone},
    {"timetz", TypeFamily::time},
    {"uuid", TypeFamily::uuid},
    {"varchar", TypeFamily::string},
};
static_assert(std::ranges::is_sorted(types, {}, &TypeRow::name));

constexpr size_t most_columns = 1600;  // PostgreSQL takes no more in a table

size_t location_of(const SqlNode* node) {
  const int64_t location = number_of(node, "location");
  return location > 0 ? static_cast<size_t>(location) : 0;
}

Texts names_in(SqlReader& reader, const SqlNode* list, Span span) {
  std::vector<Text> names;
  for (const SqlNode* item = list ? list->child : nullptr; item; item = item->next) {
    names.push_back(name_of(reader, string_of(item), span));
  }
  return {reader.in.kept.copy(names), State::known, false};
}

// `5` in varchar(5).
Number number_at(const SqlNode* list, size_t place, Span span) {
  const SqlNode* item = list ? list->child : nullptr;
  for (; item && place > 0; --place) {
    item = item->next;
  }
  if (!item) {
    return {};
  }
  const SqlNode* value = field_of(as_node(item, "A_Const"), "ival");
  return value ? known(number_of(value, "ival"), span) : unknown<int64_t>(span);
}

bool is_serial(std::string_view name) { return name.find("serial") != std::string_view::npos; }

std::string_view last_name(const SqlNode* type) {
  std::string_view name;
  const SqlNode* names = field_of(type, "names");
  for (const SqlNode* item = names ? names->child : nullptr; item; item = item->next) {
    name = string_of(item);
  }
  return name;
}

// What is in the first parentheses of the piece.
SqlPiece in_parentheses(std::string_view sql, SqlPiece piece) {
  int depth = 0;
  size_t begin = 0;
  for (size_t at = piece.begin; at < piece.end;) {
    if (const size_t behind = skip_quoted(sql, at); behind > at) {
      at = behind;
      continue;
    }
    if (sql[at] == '(' && depth++ == 0) {
      begin = at + 1;
    } else if (sql[at] == ')' && depth > 0 && --depth == 0) {
      return {begin, at};
    }
    ++at;
  }
  return {0, 0};
}

Text on_delete(std::string_view action, Span span) {
  static constexpr std::pair<std::string_view, std::string_view> words[] = {
      {"c", "CASCADE"}, {"n", "SET NULL"}, {"d", "SET DEFAULT"}, {"r", "RESTRICT"}};
  for (const auto& [letter, word] : words) {
    if (action == letter) {
      return known(word, span);
    }
  }
  return {};
}

void add_names(SqlReader& reader, std::string_view table, const Constraint& constraint, Column& column) {
  column.ondelete = constraint.ondelete;
  if (!constraint.referent_table.is_known() || constraint.referent_columns.items.size() != 1 ||
      !constraint.referent_columns.items[0].is_known() || constraint.referent_schema.is_unknown() ||
      constraint.referent_schema.value.find('.') != std::string_view::npos) {  // names are parted by a dot here
    column.foreign_key = unknown<std::string_view>(constraint.span);
    return;
  }
  std::string target;
  if (constraint.referent_schema.is_known()) {
    target.append(constraint.referent_schema.value).append(".");
  }
  target.append(table).append(".").append(constraint.referent_columns.items[0].value);
  column.foreign_key = known(reader.in.kept.copy(std::string_view(target)), constraint.span);
}

// One constraint of a column: what it says of the column, and where it is a constraint, that.
void read_inline(SqlReader& reader, const SqlNode* node, SqlPiece piece, Column& column,
                 std::vector<Constraint>& constraints) {
  const std::string_view what = text_of(node, "contype");
  const Span span = piece.end > 0 ? place_of(reader, piece) : column.span;
  if (what == "CONSTR_NOTNULL" || what == "CONSTR_NULL") {
    column.nullable = known(what == "CONSTR_NULL", span);
    column.nullable_written = known(true, span);
  } else if (what == "CONSTR_DEFAULT") {
    const size_t word = piece.end > 0 ? find_sql_word(reader.statement.sql, piece, "default") : std::string_view::npos;
    column.server_default =
        word == std::string_view::npos ? unknown<std::string_view>(span) : slice_of(reader, {word + 7, piece.end});
  } else if (what == "CONSTR_IDENTITY") {
    column.identity = known(true, span);
    column.nullable = known(false, span);
  } else if (what == "CONSTR_GENERATED") {
    column.computed = known(true, span);
  }
  Constraint constraint;
  if (!constraint_of(reader, node, piece, constraint)) {
    return;
  }
  const Texts own = {reader.in.kept.copy(std::span<const Text>(&column.name, 1)), State::known, false};
  switch (constraint.kind.value) {
    case ConstraintKind::primary_key:
      column.primary_key = known(true, span);
      column.nullable = known(false, span);
      constraint.columns = own;
      break;
    case ConstraintKind::unique:
      column.unique = known(true, span);
      constraint.columns = own;
      break;
    case ConstraintKind::foreign_key:
      constraint.columns = own;
      add_names(reader, constraint.referent_table.value, constraint, column);
      break;
    default:
      column.check = known(true, span);
      break;
  }
  constraints.push_back(constraint);
}

}  // namespace

Span place_of(const SqlReader& reader, SqlPiece piece) {
  return reader.statement.places.of(reader.statement.at + piece.begin, reader.statement.at + piece.end);
}

Text name_of(SqlReader& reader, std::string_view name, Span span) {
  if (name.empty()) {
    return {};
  }
  // What is unknown is shown as it is written, and a whole statement says nothing.
  return name.find(sql_hole) == std::string_view::npos ? known(reader.in.kept.copy(name), span)
                                                       : unknown<std::string_view>();
}

Text slice_of(SqlReader& reader, SqlPiece piece) {
  if (piece.end == 0) {
    return unknown<std::string_view>();
  }
  piece = trimmed(reader.statement.sql, piece);
  return name_of(reader, reader.statement.sql.substr(piece.begin, piece.end - piece.begin), place_of(reader, piece));
}

size_t behind_name(const SqlReader& reader, const SqlNode* relation) {
  const std::string_view sql = reader.statement.sql;
  size_t at = location_of(relation);
  const auto skip_blank = [&] { at = trimmed(sql, {at, sql.size()}).begin; };
  for (bool more = true; more;) {
    if (at < sql.size() && sql[at] == '"') {
      while (at < sql.size() && sql[at] == '"') {  // two of them are one in the name
        at = skip_quoted(sql, at);
      }
    } else {
      while (at < sql.size() && is_sql_word(sql[at])) {
        ++at;
      }
    }
    skip_blank();
    more = at < sql.size() && sql[at] == '.';
    if (more) {
      ++at;
      skip_blank();
    }
  }
  return at < sql.size() && sql[at] == '*' ? at + 1 : at;
}

void set_sql_type(SqlReader& reader, const SqlNode* type, size_t end, Column& column) {
  const size_t begin = location_of(type);
  const Span span = end > begin ? place_of(reader, trimmed(reader.statement.sql, {begin, end})) : column.span;
  const std::string_view name = last_name(type);
  const Text known_name = name_of(reader, name, span);
  if (!known_name.is_known() || number_of(type, "setof") != 0) {
    column.type = unknown<std::string_view>(span);
    column.type_family = unknown<TypeFamily>(span);
    return;
  }
  const auto* row = std::ranges::lower_bound(types, name, {}, &TypeRow::name);
  const bool own = row != std::end(types) && row->name == name;
  const bool array = field_of(type, "arrayBounds");
  column.type_family = known(array ? TypeFamily::array : own ? row->family : TypeFamily::other, span);
  column.type =
      own || array || field_of(type, "typmods") ? slice_of(reader, {begin, end > begin ? end : 0}) : known_name;
  if (array) {
    return;
  }
  const SqlNode* sizes = field_of(type, "typmods");
  if (column.type_family.value == TypeFamily::string) {
    column.length = number_at(sizes, 0, span);
    if (name == "bpchar" && column.length.is_absent()) {
      column.length = known<int64_t>(1, span);
    }
  } else if (column.type_family.value == TypeFamily::numeric) {
    column.precision = number_at(sizes, 0, span);
    column.scale = number_at(sizes, 1, span);
  }
}

bool constraint_of(SqlReader& reader, const SqlNode* node, SqlPiece piece, Constraint& constraint) {
  static constexpr std::pair<std::string_view, ConstraintKind> kinds[] = {
      {"CONSTR_CHECK", ConstraintKind::check},
      {"CONSTR_EXCLUSION", ConstraintKind::exclude},
      {"CONSTR_FOREIGN", ConstraintKind::foreign_key},
      {"CONSTR_PRIMARY", ConstraintKind::primary_key},
      {"CONSTR_UNIQUE", ConstraintKind::unique}};
  const std::string_view what = text_of(node, "contype");
  const auto* kind = std::ranges::find(kinds, what, &std::pair<std::string_view, ConstraintKind>::first);
  if (kind == std::end(kinds)) {
    return false;
  }
  const Span span = piece.end > 0 ? place_of(reader, piece) : reader.in.lists.statements[reader.statement.index].span;
  constraint.span = span;
  constraint.kind = known(kind->second, span);
  constraint.name = name_of(reader, text_of(node, "conname"), span);
  constraint.columns = names_in(reader, field_of(node, "keys"), span);
  if (kind->second == ConstraintKind::foreign_key) {
    const SqlNode* referent = field_of(node, "pktable");
    constraint.columns = names_in(reader, field_of(node, "fk_attrs"), span);
    constraint.referent_table = name_of(reader, text_of(referent, "relname"), span);
    constraint.referent_schema = name_of(reader, text_of(referent, "schemaname"), span);
    constraint.referent_columns = names_in(reader, field_of(node, "pk_attrs"), span);
    constraint.ondelete = on_delete(text_of(node, "fk_del_action"), span);
  } else if (kind->second == ConstraintKind::check) {
    const size_t word = piece.end > 0 ? find_sql_word(reader.statement.sql, piece, "check") : std::string_view::npos;
    const SqlPiece inside =
        word == std::string_view::npos ? SqlPiece{0, 0} : in_parentheses(reader.statement.sql, {word, piece.end});
    constraint.condition = slice_of(reader, inside);
  } else if (!text_of(node, "indexname").empty() || kind->second == ConstraintKind::exclude) {
    constraint.columns = {{}, State::unknown, true};  // those of the index
  }
  return true;
}

Column column_of(SqlReader& reader, const SqlNode* definition, SqlPiece piece, std::vector<Constraint>& constraints) {
  Column column;
  column.span = piece.end > 0 ? place_of(reader, piece) : reader.in.lists.statements[reader.statement.index].span;
  column.name = name_of(reader, text_of(definition, "colname"), column.span);
  column.nullable = known(true, column.span);
  column.primary_key = known(false, column.span);
  // Where each part ends: where the next one begins.
  std::vector<size_t> begins = {piece.end};
  const SqlNode* list = field_of(definition, "constraints");
  for (const SqlNode* item = list ? list->child : nullptr; item; item = item->next) {
    begins.push_back(location_of(as_node(item, "Constraint")));
  }
  if (const SqlNode* collation = field_of(definition, "collClause")) {
    begins.push_back(location_of(collation));
  }
  std::ranges::sort(begins);
  const auto end_of = [&](size_t begin) {
    const auto next = std::ranges::upper_bound(begins, begin);
    return piece.end == 0 || next == begins.end() ? piece.end : *next;
  };
  const SqlNode* type = field_of(definition, "typeName");
  set_sql_type(reader, type, end_of(location_of(type)), column);
  if (is_serial(last_name(type)) && column.type_family.is_known() && column.type_family.value != TypeFamily::other) {
    column.nullable = known(false, column.span);
    column.server_default = unknown<std::string_view>(column.span);  // the name of a sequence that PostgreSQL chooses
  }
  for (const SqlNode* item = list ? list->child : nullptr; item; item = item->next) {
    const SqlNode* constraint = as_node(item, "Constraint");
    const size_t begin = location_of(constraint);
    const SqlPiece part = piece.end > 0 ? trimmed(reader.statement.sql, {begin, end_of(begin)}) : SqlPiece{0, 0};
    read_inline(reader, constraint, part, column, constraints);
  }
  return column;
}

TableMembers members_of(SqlReader& reader, const SqlNode* tree) {
  TableMembers members;
  const std::string_view sql = reader.statement.sql;
  const SqlPiece inside = in_parentheses(sql, {behind_name(reader, field_of(tree, "relation")), sql.size()});
  const std::vector<SqlPiece> pieces = inside.end > 0 ? pieces_at_commas(sql, inside) : std::vector<SqlPiece>{};
  const auto piece_at = [&](size_t at) {
    const auto behind = std::ranges::upper_bound(pieces, at, {}, &SqlPiece::begin);
    return behind == pieces.begin() || at >= std::prev(behind)->end ? SqlPiece{0, 0} : *std::prev(behind);
  };
  members.open = field_of(tree, "inhRelations") || field_of(tree, "ofTypename");
  bool has_key = false;
  const SqlNode* list = field_of(tree, "tableElts");
  for (const SqlNode* item = list ? list->child : nullptr; item; item = item->next) {
    if (members.columns.size() + members.constraints.size() >= most_columns) {
      members.open = true;
      break;
    }
    if (const SqlNode* column = as_node(item, "ColumnDef")) {
      std::vector<Constraint> constraints;
      members.columns.push_back(column_of(reader, column, piece_at(location_of(column)), constraints));
      for (const Constraint& constraint : constraints) {
        const bool key = constraint.kind.value == ConstraintKind::primary_key;
        if (!key || constraint.name.is_known()) {
          members.constraints.push_back(constraint);  // a key without a name is told by its column
        }
      }
      members.columns.back().check = {};  // among the constraints, with its condition
      continue;
    }
    Constraint constraint;
    const SqlNode* node = as_node(item, "Constraint");
    if (node && constraint_of(reader, node, piece_at(location_of(node)), constraint)) {
      members.constraints.push_back(constraint);
      // A second key would be refused.
      const bool first_key = constraint.kind.value == ConstraintKind::primary_key && !has_key;
      has_key = has_key || first_key;
      const size_t count = first_key && constraint.columns.items.size() <= most_columns ? members.columns.size() : 0;
      for (size_t i = 0; i < count; ++i) {
        Column& column = members.columns[i];
        const bool in_key =
            column.name.is_known() && std::ranges::any_of(constraint.columns.items, [&](const Text& name) {
              return name.is_known() && name.value == column.name.value;
            });
        column.nullable = in_key ? known(false, constraint.span) : column.nullable;
      }
    } else {
      members.open = true;  // LIKE
    }
  }
  return members;
}

}  // namespace spiritsafe
