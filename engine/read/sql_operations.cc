// SPDX-License-Identifier: Apache-2.0
#include "engine/read/sql_operations.h"

#include <algorithm>

#include "engine/read/sql_columns.h"

namespace spiritsafe {
namespace {

Operation& add(SqlReader& reader, OperationKind kind, SqlPiece piece) {
  const Span span = place_of(reader, piece);
  Operation& operation = add_operation(reader.in, kind, {span, reader.statement.site.name, {}, false});
  reader.in.lists.operation_links.back().statement = static_cast<uint32_t>(reader.statement.index);
  operation.written_as = WrittenAs::sql;
  operation.text = reader.text;
  operation.constraint_kind = made_constraint(kind, span);
  return operation;
}

Operation& add_to_table(SqlReader& reader, OperationKind kind, SqlPiece piece, const SqlNode* relation) {
  Operation& operation = add(reader, kind, piece);
  operation.table = name_of(reader, text_of(relation, "relname"), operation.span);
  operation.schema = name_of(reader, text_of(relation, "schemaname"), operation.span);
  return operation;
}

Flag flag_of(const SqlNode* node, std::string_view key, Span span) {
  return number_of(node, key) != 0 ? known(true, span) : Flag{};
}

Flag cascade_of(const SqlNode* node, Span span) {
  return text_of(node, "behavior") == "DROP_CASCADE" ? known(true, span) : Flag{};
}

// ---- tables --------------------------------------------------------------------------------------------------------

void set_members(SqlReader& reader, Operation& operation, TableMembers& members) {
  Arena& kept = reader.in.kept;
  std::vector<Text> names;
  std::ranges::transform(members.columns, std::back_inserter(names), &Column::name);
  operation.target = operation.table;
  operation.new_columns = {kept.copy(members.columns), State::known, members.open};
  operation.column_names = {kept.copy(names), State::known, members.open};
  operation.constraints = {kept.copy(members.constraints), State::known, members.open};
}

bool create_table(SqlReader& reader, const SqlNode* tree) {
  const SqlNode* relation = field_of(tree, "relation");
  TableMembers members = members_of(reader, tree);
  Operation& operation = add_to_table(reader, OperationKind::create_table, reader.whole, relation);
  operation.if_not_exists = flag_of(tree, "if_not_exists", operation.span);
  operation.temporary = text_of(relation, "relpersistence") == "t" ? known(true, operation.span) : operation.temporary;
  operation.partitioned = field_of(tree, "partspec") ? known(true, operation.span) : Flag{};
  set_members(reader, operation, members);
  return true;
}

// CREATE TABLE … AS, SELECT … INTO: the columns are those of a query.
bool create_table_as(SqlReader& reader, const SqlNode* tree, const SqlNode* into) {
  const SqlNode* relation = field_of(into, "rel");
  if (text_of(tree, "objtype") == "OBJECT_MATVIEW") {
    Operation& operation = add(reader, OperationKind::create_view, reader.whole);
    operation.target = name_of(reader, text_of(relation, "relname"), operation.span);
    operation.schema = name_of(reader, text_of(relation, "schemaname"), operation.span);
    operation.if_not_exists = flag_of(tree, "if_not_exists", operation.span);
    return true;
  }
  TableMembers members;
  members.open = true;
  Operation& operation = add_to_table(reader, OperationKind::create_table, reader.whole, relation);
  operation.if_not_exists = flag_of(tree, "if_not_exists", operation.span);
  operation.temporary = text_of(relation, "relpersistence") == "t" ? known(true, operation.span) : operation.temporary;
  set_members(reader, operation, members);
  return true;
}

// ---- ALTER TABLE ---------------------------------------------------------------------------------------------------

void set_constraint(Operation& operation, const Constraint& constraint) {
  operation.columns = constraint.columns;
  operation.referent_table = constraint.referent_table;
  operation.referent_schema = constraint.referent_schema;
  operation.referent_columns = constraint.referent_columns;
  operation.ondelete = constraint.ondelete;
  operation.condition = constraint.condition;
  operation.target = constraint.name;
}

void add_column(SqlReader& reader, const SqlNode* relation, const SqlNode* command, SqlPiece piece, bool own_piece) {
  const SqlNode* definition = as_node(field_of(command, "def"), "ColumnDef");
  std::vector<Constraint> inline_constraints;
  const Column column = column_of(reader, definition, own_piece ? piece : SqlPiece{0, 0}, inline_constraints);
  Operation& operation = add_to_table(reader, OperationKind::add_column, piece, relation);
  operation.target = column.name;
  operation.new_columns.items = reader.in.kept.copy(std::span<const Column>(&column, 1));
  operation.if_not_exists = flag_of(command, "missing_ok", operation.span);
  for (const Constraint& constraint : inline_constraints) {
    const bool unique = constraint.kind.value == ConstraintKind::unique;
    if (!unique && constraint.kind.value != ConstraintKind::foreign_key) {
      continue;
    }
    Operation& along = add_to_table(
        reader, unique ? OperationKind::create_unique_constraint : OperationKind::create_foreign_key, piece, relation);
    along.implicit = true;
    set_constraint(along, constraint);
  }
}

bool add_constraint(SqlReader& reader, const SqlNode* relation, const SqlNode* command, SqlPiece piece,
                    bool own_piece) {
  const SqlNode* definition = as_node(field_of(command, "def"), "Constraint");
  Constraint constraint;
  if (!constraint_of(reader, definition, own_piece ? piece : SqlPiece{0, 0}, constraint)) {
    return false;
  }
  static constexpr OperationKind kinds[] = {OperationKind::create_primary_key, OperationKind::create_unique_constraint,
                                            OperationKind::create_foreign_key, OperationKind::create_check_constraint,
                                            OperationKind::create_exclude_constraint};
  Operation& operation = add_to_table(reader, kinds[static_cast<size_t>(constraint.kind.value)], piece, relation);
  set_constraint(operation, constraint);
  operation.not_valid = flag_of(definition, "skip_validation", operation.span);
  operation.using_index = name_of(reader, text_of(definition, "indexname"), operation.span);
  if (operation.using_index.is_known() && operation.target.is_absent()) {
    operation.target = operation.using_index;  // it takes the index's name
  }
  return true;
}

void alter_column(SqlReader& reader, const SqlNode* relation, const SqlNode* command, SqlPiece piece, bool own_piece) {
  const std::string_view what = text_of(command, "subtype");
  const std::string_view sql = reader.statement.sql;
  Operation& operation = add_to_table(reader, OperationKind::alter_column, piece, relation);
  const Span span = operation.span;
  operation.target = name_of(reader, text_of(command, "name"), span);
  if (what == "AT_SetNotNull" || what == "AT_DropNotNull") {
    operation.nullable = known(what == "AT_DropNotNull", span);
  } else if (what == "AT_ColumnDefault" && !field_of(command, "def")) {
    operation.drops_server_default = known(true, span);
  } else if (what == "AT_ColumnDefault") {
    const size_t word = own_piece ? find_sql_word(sql, piece, "default") : std::string_view::npos;
    operation.server_default =
        word == std::string_view::npos ? unknown<std::string_view>(span) : slice_of(reader, {word + 7, piece.end});
  } else {
    const SqlNode* definition = as_node(field_of(command, "def"), "ColumnDef");
    const size_t behind = own_piece ? find_sql_word(sql, piece, "using") : std::string_view::npos;
    SqlPiece type_piece = own_piece ? SqlPiece{piece.begin, std::min(behind, piece.end)} : SqlPiece{0, 0};
    if (const size_t collation = own_piece ? find_sql_word(sql, type_piece, "collate") : std::string_view::npos;
        collation != std::string_view::npos) {
      type_piece.end = collation;
    }
    Column type;
    set_sql_type(reader, field_of(definition, "typeName"), type_piece.end, type);
    operation.type = type.type;
    operation.type_family = type.type_family;
    operation.length = type.length;
    operation.precision = type.precision;
    operation.scale = type.scale;
    if (field_of(definition, "raw_default")) {
      operation.using_expression = behind == std::string_view::npos ? unknown<std::string_view>(span)
                                                                    : slice_of(reader, {behind + 5, piece.end});
    }
  }
}

// What changes nothing that the facts tell of.
bool is_harmless(std::string_view subtype) {
  static constexpr std::string_view harmless[] = {
      "AT_ChangeOwner",       "AT_ClusterOn",        "AT_DisableRowSecurity", "AT_DisableRule",
      "AT_DisableTrig",       "AT_DisableTrigAll",   "AT_DisableTrigUser",    "AT_DropCluster",
      "AT_EnableAlwaysRule",  "AT_EnableAlwaysTrig", "AT_EnableReplicaRule",  "AT_EnableReplicaTrig",
      "AT_EnableRowSecurity", "AT_EnableRule",       "AT_EnableTrig",         "AT_EnableTrigAll",
      "AT_EnableTrigUser",    "AT_ForceRowSecurity", "AT_NoForceRowSecurity", "AT_ReplicaIdentity",
      "AT_ResetOptions",      "AT_ResetRelOptions",  "AT_SetAccessMethod",    "AT_SetCompression",
      "AT_SetLogged",         "AT_SetOptions",       "AT_SetRelOptions",      "AT_SetStatistics",
      "AT_SetStorage",        "AT_SetTableSpace",    "AT_SetUnLogged"};
  static_assert(std::ranges::is_sorted(harmless));
  return std::ranges::binary_search(harmless, subtype);
}

bool alter_table_command(SqlReader& reader, const SqlNode* relation, const SqlNode* command, SqlPiece piece,
                         bool own_piece) {
  const std::string_view what = text_of(command, "subtype");
  if (what == "AT_AddColumn") {
    add_column(reader, relation, command, piece, own_piece);
    return true;
  }
  if (what == "AT_AddConstraint") {
    return add_constraint(reader, relation, command, piece, own_piece);
  }
  if (what == "AT_SetNotNull" || what == "AT_DropNotNull" || what == "AT_ColumnDefault" ||
      what == "AT_AlterColumnType") {
    alter_column(reader, relation, command, piece, own_piece);
    return true;
  }
  const bool column = what == "AT_DropColumn";
  if (column || what == "AT_DropConstraint" || what == "AT_ValidateConstraint") {
    const OperationKind kind = column                        ? OperationKind::drop_column
                               : what == "AT_DropConstraint" ? OperationKind::drop_constraint
                                                             : OperationKind::validate_constraint;
    Operation& operation = add_to_table(reader, kind, piece, relation);
    operation.target = name_of(reader, text_of(command, "name"), operation.span);
    operation.if_exists = flag_of(command, "missing_ok", operation.span);
    operation.cascade = cascade_of(command, operation.span);
    return true;
  }
  return is_harmless(what);
}

bool alter_table(SqlReader& reader, const SqlNode* tree) {
  if (text_of(tree, "objtype") != "OBJECT_TABLE") {
    return false;
  }
  const SqlNode* relation = field_of(tree, "relation");
  const SqlNode* commands = field_of(tree, "cmds");
  const std::vector<SqlPiece> pieces =
      pieces_at_commas(reader.statement.sql, {behind_name(reader, relation), reader.statement.sql.size()});
  size_t count = 0;
  for (const SqlNode* item = commands ? commands->child : nullptr; item; item = item->next) {
    ++count;
  }
  const bool own_pieces = count == pieces.size();
  // A table that may be missing: so is all that is done to it.
  const bool if_exists = number_of(tree, "missing_ok") != 0;
  bool told = true;
  size_t i = 0;
  const size_t first = reader.in.lists.operations.size();
  for (const SqlNode* item = commands ? commands->child : nullptr; item; item = item->next, ++i) {
    if (is_full(reader.in, reader.statement.site)) {
      return false;
    }
    const SqlNode* command = as_node(item, "AlterTableCmd");
    told = alter_table_command(reader, relation, command, own_pieces ? pieces[i] : reader.whole, own_pieces) && told;
  }
  for (size_t at = first; if_exists && at < reader.in.lists.operations.size(); ++at) {
    Operation& operation = reader.in.lists.operations[at];
    if (operation.kind != OperationKind::add_column) {
      operation.if_exists = known(true, operation.span);
    }
  }
  return told;
}

// ---- the others ----------------------------------------------------------------------------------------------------

// A column in its own order, by its type's own operators.
bool is_plain_element(const SqlNode* element) {
  return !field_of(element, "opclass") && !field_of(element, "collation") &&
         text_of(element, "ordering") == "SORTBY_DEFAULT" &&
         text_of(element, "nulls_ordering") == "SORTBY_NULLS_DEFAULT";
}

bool create_index(SqlReader& reader, const SqlNode* tree) {
  Operation& operation = add_to_table(reader, OperationKind::create_index, reader.whole, field_of(tree, "relation"));
  const Span span = operation.span;
  operation.target = name_of(reader, text_of(tree, "idxname"), span);
  operation.unique = known(number_of(tree, "unique") != 0, span);
  operation.concurrently = flag_of(tree, "concurrent", span);
  operation.if_not_exists = flag_of(tree, "if_not_exists", span);
  bool plain = text_of(tree, "accessMethod") == "btree" && !field_of(tree, "indexIncludingParams") &&
               number_of(tree, "nulls_not_distinct") == 0;
  std::vector<Text> columns;
  const SqlNode* parameters = field_of(tree, "indexParams");
  for (const SqlNode* item = parameters ? parameters->child : nullptr; item; item = item->next) {
    const std::string_view name = text_of(as_node(item, "IndexElem"), "name");
    columns.push_back(name.empty() ? unknown<std::string_view>(span) : name_of(reader, name, span));
    plain = plain && is_plain_element(as_node(item, "IndexElem"));
  }
  operation.special_index = plain ? Flag{} : known(true, span);
  operation.columns.items = reader.in.kept.copy(columns);
  if (field_of(tree, "whereClause")) {
    const size_t word = find_sql_word(reader.statement.sql, reader.whole, "where");
    operation.condition = word == std::string_view::npos ? unknown<std::string_view>(span)
                                                         : slice_of(reader, {word + 5, reader.whole.end});
  }
  return true;
}

// The parts of `schema.name`, in the items of a list or in a type's names.
std::vector<std::string_view> parts_of(const SqlNode* item) {
  const SqlNode* list = as_node(item, "List")       ? field_of(as_node(item, "List"), "items")
                        : as_node(item, "TypeName") ? field_of(as_node(item, "TypeName"), "names")
                                                    : nullptr;
  std::vector<std::string_view> parts;
  for (const SqlNode* part = list ? list->child : nullptr; part; part = part->next) {
    parts.push_back(string_of(part));
  }
  if (!list && item && !string_of(item).empty()) {
    parts.push_back(string_of(item));
  }
  return parts;
}

struct DropRow {
  std::string_view object = {};
  OperationKind kind = OperationKind::drop_table;
  bool cascades = false;  // what goes along is told, or of no interest
};
constexpr DropRow drops[] = {
    {"OBJECT_TABLE", OperationKind::drop_table, true},    {"OBJECT_INDEX", OperationKind::drop_index, true},
    {"OBJECT_VIEW", OperationKind::drop_view, true},      {"OBJECT_MATVIEW", OperationKind::drop_view, true},
    {"OBJECT_TYPE", OperationKind::drop_enum, false},     {"OBJECT_SEQUENCE", OperationKind::drop_sequence, false},
    {"OBJECT_SCHEMA", OperationKind::drop_schema, false},
};

bool drop(SqlReader& reader, const SqlNode* tree) {
  const auto* row = std::ranges::find(drops, text_of(tree, "removeType"), &DropRow::object);
  if (row == std::end(drops)) {
    return false;
  }
  const SqlNode* objects = field_of(tree, "objects");
  for (const SqlNode* item = objects ? objects->child : nullptr; item; item = item->next) {
    if (is_full(reader.in, reader.statement.site)) {
      return false;
    }
    const std::vector<std::string_view> parts = parts_of(item);
    Operation& operation = add(reader, row->kind, reader.whole);
    const Span span = operation.span;
    operation.target = parts.empty() ? unknown<std::string_view>(span) : name_of(reader, parts.back(), span);
    operation.schema = parts.size() > 1 ? name_of(reader, parts[parts.size() - 2], span) : Text{};
    operation.if_exists = flag_of(tree, "missing_ok", span);
    operation.concurrently = flag_of(tree, "concurrent", span);
    operation.cascade = cascade_of(tree, span);
    if (row->kind == OperationKind::drop_table) {
      operation.table = operation.target;
    }
  }
  return row->cascades || text_of(tree, "behavior") != "DROP_CASCADE";
}

// It may be another type than an enum; then nobody has heard of it.
bool rename_type(SqlReader& reader, const SqlNode* tree) {
  const std::vector<std::string_view> parts = parts_of(field_of(tree, "object"));
  if (parts.empty()) {
    return false;
  }
  Operation& operation = add(reader, OperationKind::rename_enum, reader.whole);
  operation.target = name_of(reader, parts.back(), operation.span);
  operation.schema = parts.size() > 1 ? name_of(reader, parts[parts.size() - 2], operation.span) : Text{};
  operation.new_name = name_of(reader, text_of(tree, "newname"), operation.span);
  return true;
}

bool rename(SqlReader& reader, const SqlNode* tree) {
  const std::string_view what = text_of(tree, "renameType");
  if (what == "OBJECT_TYPE") {
    return rename_type(reader, tree);
  }
  const SqlNode* relation = field_of(tree, "relation");
  const bool column = what == "OBJECT_COLUMN" && text_of(tree, "relationType") == "OBJECT_TABLE";
  const bool constraint = what == "OBJECT_TABCONSTRAINT";
  if (what != "OBJECT_TABLE" && what != "OBJECT_INDEX" && !column && !constraint) {
    return false;
  }
  const OperationKind kind = column                   ? OperationKind::alter_column
                             : constraint             ? OperationKind::rename_constraint
                             : what == "OBJECT_INDEX" ? OperationKind::rename_index
                                                      : OperationKind::rename_table;
  Operation& operation = add_to_table(reader, kind, reader.whole, relation);
  operation.target = column || constraint ? name_of(reader, text_of(tree, "subname"), operation.span) : operation.table;
  operation.new_name = name_of(reader, text_of(tree, "newname"), operation.span);
  operation.if_exists = flag_of(tree, "missing_ok", operation.span);
  if (kind == OperationKind::rename_index) {
    operation.table = {};
  }
  return true;
}

bool comment(SqlReader& reader, const SqlNode* tree) {
  const std::string_view what = text_of(tree, "objtype");
  const bool column = what == "OBJECT_COLUMN";
  const std::vector<std::string_view> parts = parts_of(field_of(tree, "object"));
  const size_t behind = column ? 1 : 0;
  if ((!column && what != "OBJECT_TABLE") || parts.size() <= behind) {
    return true;
  }
  const SqlNode* text = field_of(tree, "comment");
  Operation& operation = add(reader,
                             column ? OperationKind::alter_column
                             : text ? OperationKind::create_table_comment
                                    : OperationKind::drop_table_comment,
                             reader.whole);
  const Span span = operation.span;
  const size_t table = parts.size() - 1 - behind;
  operation.table = name_of(reader, parts[table], span);
  operation.schema = table > 0 ? name_of(reader, parts[table - 1], span) : Text{};
  operation.target = column ? name_of(reader, parts.back(), span) : Text{};
  operation.comment = text ? name_of(reader, text->text, span) : Text{};
  if (text && text->text.empty()) {
    operation.comment = known(std::string_view{}, span);
  }
  operation.drops_comment = column && !text ? known(true, span) : Flag{};
  return true;
}

// Of a list of `{"String": …}`: the last is the name, the one before it the schema.
void set_name(SqlReader& reader, Operation& operation, const SqlNode* names) {
  for (const SqlNode* part = names ? names->child : nullptr; part; part = part->next) {
    operation.schema = operation.target;
    operation.target = name_of(reader, string_of(part), operation.span);
  }
}

bool change_enum(SqlReader& reader, const SqlNode* tree) {
  const bool create = tree->key == "CreateEnumStmt";
  const SqlNode* old_value = field_of(tree, "oldVal");
  Operation& operation = add(reader,
                             create      ? OperationKind::create_enum
                             : old_value ? OperationKind::rename_enum_value
                                         : OperationKind::add_enum_value,
                             reader.whole);
  const Span span = operation.span;
  set_name(reader, operation, field_of(tree, "typeName"));
  std::vector<Text> values;
  const auto add_value = [&](std::string_view value) {
    const Text name = name_of(reader, value, span);
    values.push_back(name.is_absent() ? known(std::string_view{}, span) : name);
  };
  if (create) {
    const SqlNode* list = field_of(tree, "vals");
    for (const SqlNode* item = list ? list->child : nullptr; item; item = item->next) {
      add_value(string_of(item));
    }
  } else if (old_value) {
    add_value(old_value->text);
    operation.new_name = name_of(reader, text_of(tree, "newVal"), span);
  } else {
    add_value(text_of(tree, "newVal"));
    operation.if_not_exists = flag_of(tree, "skipIfNewValExists", span);
  }
  operation.enum_values.items = reader.in.kept.copy(values);
  return true;
}

bool create_other(SqlReader& reader, const SqlNode* tree) {
  const bool schema = tree->key == "CreateSchemaStmt";
  const SqlNode* relation = field_of(tree, tree->key == "ViewStmt" ? "view" : "sequence");
  Operation& operation = add(reader,
                             schema                    ? OperationKind::create_schema
                             : tree->key == "ViewStmt" ? OperationKind::create_view
                                                       : OperationKind::create_sequence,
                             reader.whole);
  const Span span = operation.span;
  operation.target = name_of(reader, schema ? text_of(tree, "schemaname") : text_of(relation, "relname"), span);
  operation.schema = name_of(reader, text_of(relation, "schemaname"), span);
  operation.if_not_exists = flag_of(tree, "if_not_exists", span);
  return !field_of(tree, "schemaElts");
}

constexpr std::string_view told_nodes[] = {"AlterEnumStmt",    "AlterTableStmt", "CommentStmt", "CreateEnumStmt",
                                           "CreateSchemaStmt", "CreateSeqStmt",  "CreateStmt",  "CreateTableAsStmt",
                                           "DropStmt",         "IndexStmt",      "RenameStmt",  "SelectStmt",
                                           "ViewStmt"};
static_assert(std::ranges::is_sorted(told_nodes));

}  // namespace

bool has_sql_operations(std::string_view node) { return std::ranges::binary_search(told_nodes, node); }

bool add_sql_operations(Interpreter& in, const SqlStatement& statement) {
  if (!statement.tree || is_full(in, statement.site)) {
    return false;
  }
  const SqlNode* tree = statement.tree;
  SqlReader reader{in, statement, in.lists.statements[statement.index].text,
                   trimmed(statement.sql, {0, statement.sql.size()})};
  const std::string_view node = tree->key;
  if (node == "CreateStmt") {
    return create_table(reader, tree);
  }
  if (node == "CreateTableAsStmt") {
    return create_table_as(reader, tree, field_of(tree, "into"));
  }
  if (node == "SelectStmt") {
    const SqlNode* into = field_of(tree, "intoClause");
    return into && create_table_as(reader, tree, into);
  }
  if (node == "AlterTableStmt") {
    return alter_table(reader, tree);
  }
  if (node == "IndexStmt") {
    return create_index(reader, tree);
  }
  if (node == "DropStmt") {
    return drop(reader, tree);
  }
  if (node == "RenameStmt") {
    return rename(reader, tree);
  }
  if (node == "CommentStmt") {
    return comment(reader, tree);
  }
  if (node == "CreateEnumStmt" || node == "AlterEnumStmt") {
    return change_enum(reader, tree);
  }
  return has_sql_operations(node) && create_other(reader, tree);
}

void add_unread_table(Interpreter& in, const SqlStatement& statement, const SqlHead& head) {
  if (is_full(in, statement.site)) {
    return;
  }
  SqlReader reader{in, statement, in.lists.statements[statement.index].text,
                   trimmed(statement.sql, {0, statement.sql.size()})};
  Operation& operation = add(reader, OperationKind::create_table, reader.whole);
  const Span span = operation.span;
  operation.table = name_of(reader, head.table, span);
  operation.schema = name_of(reader, head.schema, span);
  operation.if_not_exists = head.if_exists ? known(true, span) : Flag{};
  operation.temporary = head.temporary ? known(true, span) : operation.temporary;
  operation.partitioned = unknown<bool>(span);
  TableMembers members;
  members.open = true;
  set_members(reader, operation, members);
}

}  // namespace spiritsafe
