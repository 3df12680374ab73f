// SPDX-License-Identifier: Apache-2.0
// SQL by PostgreSQL's own parser. Nothing of libpg_query or of its JSON leaves this file.
#include <pg_query.h>

#include <algorithm>
#include <memory>
#include <string>

#include "engine/read/interpret.h"
#include "engine/read/sql_head.h"
#include "engine/read/sql_operations.h"
#include "engine/read/sql_words.h"

namespace spiritsafe {
namespace {

constexpr size_t most_statements = 2000;
constexpr size_t most_tables = 1000;  // of one statement
constexpr size_t most_inner = 50;     // statements in one WITH
constexpr std::string_view hole = sql_hole;

struct NodeRow {
  std::string_view node = {};
  std::string_view kind = {};
  StatementClass statement_class = StatementClass::ddl;
};

// What the parser calls a statement, and what it is here. Other nodes get their own name in snake case, and count as
// DDL.
constexpr NodeRow node_rows[] = {
    {"AlterEnumStmt", "alter_enum", StatementClass::enum_type},
    {"AlterObjectSchemaStmt", "set_schema"},
    {"AlterOwnerStmt", "set_owner"},
    {"AlterSeqStmt", "alter_sequence"},
    {"CallStmt", "call", StatementClass::other},
    {"CheckPointStmt", "checkpoint", StatementClass::maintenance},
    {"ClusterStmt", "cluster", StatementClass::maintenance},
    {"CommentStmt", "comment"},
    {"CompositeTypeStmt", "create_type"},
    {"CopyStmt", "copy", StatementClass::dml},
    {"CreateEnumStmt", "create_type", StatementClass::enum_type},
    {"CreateFunctionStmt", "create_function"},
    {"CreateRangeStmt", "create_type"},
    {"CreateSeqStmt", "create_sequence"},
    {"CreateStatsStmt", "create_statistics"},
    {"CreateStmt", "create_table"},
    {"CreateTableAsStmt", "create_table_as"},
    {"CreateTrigStmt", "create_trigger"},
    {"CreatedbStmt", "create_database"},
    {"DeallocateStmt", "deallocate", StatementClass::other},
    {"DeclareCursorStmt", "declare_cursor", StatementClass::other},
    {"DeleteStmt", "delete", StatementClass::dml},
    {"DiscardStmt", "discard", StatementClass::session_setting},
    {"DoStmt", "do", StatementClass::other},
    {"DropdbStmt", "drop_database"},
    {"ExecuteStmt", "execute", StatementClass::other},
    {"ExplainStmt", "explain", StatementClass::query},
    {"FetchStmt", "fetch", StatementClass::query},
    {"GrantRoleStmt", "grant_role"},
    {"GrantStmt", "grant"},
    {"ImportForeignSchemaStmt", "import_foreign_schema"},
    {"IndexStmt", "create_index"},
    {"InsertStmt", "insert", StatementClass::dml},
    {"ListenStmt", "listen", StatementClass::other},
    {"LockStmt", "lock", StatementClass::other},
    {"MergeStmt", "merge", StatementClass::dml},
    {"NotifyStmt", "notify", StatementClass::other},
    {"PrepareStmt", "prepare", StatementClass::other},
    {"RefreshMatViewStmt", "refresh_materialized_view", StatementClass::maintenance},
    {"ReindexStmt", "reindex", StatementClass::maintenance},
    {"RenameStmt", "rename"},
    {"RuleStmt", "create_rule"},
    {"SelectStmt", "select", StatementClass::query},
    {"TransactionStmt", "transaction", StatementClass::transaction},
    {"TruncateStmt", "truncate", StatementClass::dml},
    {"UnlistenStmt", "unlisten", StatementClass::other},
    {"UpdateStmt", "update", StatementClass::dml},
    {"VacuumStmt", "vacuum", StatementClass::maintenance},
    {"VariableSetStmt", "set", StatementClass::session_setting},
    {"VariableShowStmt", "show", StatementClass::query},
    {"ViewStmt", "create_view"},
};
static_assert(std::ranges::is_sorted(node_rows, {}, &NodeRow::node));

struct TableName {
  std::string_view schema = {};
  std::string_view name = {};
};

// What is taken out of one statement's tree, and lives as long as that.
struct Outline {
  std::string_view node = {};
  std::string_view object_type = {};  // removeType, objtype
  std::string_view transaction = {};  // TRANS_STMT_COMMIT
  std::string_view setting = {};
  std::vector<TableName> tables = {};
  std::vector<std::string_view> with_names = {};
  std::vector<std::vector<std::string_view>> objects = {};  // of DROP: the parts of each name
  std::vector<std::string_view> set_columns = {};           // of UPDATE
  bool where_asks = false;                                  // its WHERE is more than constants
  bool has_inner = false;                                   // statements inside of WITH
  bool concurrently = false, if_exists = false, where = false, cascade = false, local = false, reset = false,
       is_grant = false, is_vacuum = false, is_procedure = false;
};

// What asks for something of a row, or of anything but constants.
bool asks(std::string_view node) {
  static constexpr std::string_view asking[] = {"ColumnRef", "CurrentOfExpr", "FuncCall", "ParamRef", "SubLink"};
  return std::ranges::find(asking, node) != std::end(asking);
}

// Of the statements that may stand in WITH.
const NodeRow* inner_row(std::string_view node) {
  if (node != "DeleteStmt" && node != "InsertStmt" && node != "UpdateStmt" && node != "MergeStmt") {
    return nullptr;
  }
  const auto* row = std::ranges::lower_bound(node_rows, node, {}, &NodeRow::node);
  return row != std::end(node_rows) && row->node == node ? row : nullptr;
}

// Takes out of a statement's tree what is asked of every statement.
class OutlineReader {
 public:
  explicit OutlineReader(Outline& outline) : out_(outline) {}

  // `statement`: its own node, such as `CreateStmt`.
  void read(const SqlNode& statement) {
    out_.node = statement.key;
    for (const SqlNode* field = statement.child; field; field = field->next) {
      field_ = field->key;
      in_objects_ = field_ == "objects" || field_ == "object";
      new_object_ = true;
      out_.where |= field_ == "whereClause";
      read_field(*field);
      read_below(*field, 1);
    }
  }

 private:
  // A field of the statement itself.
  void read_field(const SqlNode& field) {
    const bool yes = field.number != 0;
    out_.local |= yes && field_ == "is_local";
    out_.is_grant |= yes && field_ == "is_grant";
    out_.is_vacuum |= yes && field_ == "is_vacuumcmd";
    out_.is_procedure |= yes && field_ == "is_procedure";
    read_value(field);
    if (field.text.empty()) {
      return;
    }
    if (field_ == "removeType" || field_ == "objtype" || (field_ == "kind" && out_.node == "DefineStmt")) {
      out_.object_type = field.text;
    } else if (field_ == "kind") {
      out_.transaction = field.text;
      out_.reset |= field.text == "VAR_RESET" || field.text == "VAR_RESET_ALL";
    } else if (field_ == "name") {
      out_.setting = field.text;
    }
  }

  // What is said by the same word wherever it stands.
  void read_value(const SqlNode& node) {
    const bool yes = node.number != 0;
    out_.concurrently |= yes && node.key == "concurrent";
    out_.if_exists |=
        yes && (node.key == "missing_ok" || node.key == "if_not_exists" || node.key == "skipIfNewValExists");
    if (node.text.empty()) {
      return;
    }
    if (node.key == "schemaname") {
      schema_ = node.text;
    } else if (node.key == "relname") {
      // What CREATE … AS makes comes first, although the tree has the query before it.
      const bool is_made = field_.starts_with("into");
      out_.tables.insert(is_made ? out_.tables.begin() : out_.tables.end(), TableName{schema_, node.text});
    } else if (node.key == "ctename") {
      out_.with_names.push_back(node.text);
    } else if (node.key == "behavior") {
      out_.cascade |= node.text == "DROP_CASCADE";
    } else if (node.key == "defname") {
      out_.concurrently |= node.text == "concurrently";
    }
  }

  void read_inside(const SqlNode& node) {
    out_.where_asks |= field_ == "whereClause" && asks(node.key);
    out_.has_inner |= inner_row(node.key) != nullptr;
    read_value(node);
  }

  // `depth` counts objects; the items of a list are none by themselves.
  void read_below(const SqlNode& node, int depth) {
    for (const SqlNode* child = node.child; child; child = child->next) {
      const bool is_item = child->key.empty();
      if (child == node.child && !is_item) {
        schema_ = {};  // another object
      }
      if (!is_item) {
        read_inside(*child);
        new_object_ = new_object_ || (depth == 1 && child->key == "List");
        if (in_objects_ && child->key == "sval" && !child->text.empty()) {
          add_object_part(child->text);
        }
        const bool is_set = field_ == "targetList" && out_.node == "UpdateStmt" && depth == 2;
        if (is_set && child->key == "name" && !child->text.empty()) {
          out_.set_columns.push_back(child->text);
        }
      }
      read_below(*child, depth + (is_item ? 0 : 1));
    }
  }

  void add_object_part(std::string_view text) {
    if (out_.objects.empty() || new_object_) {
      out_.objects.emplace_back();
      new_object_ = false;
    }
    out_.objects.back().push_back(text);
  }

  Outline& out_;
  std::string_view field_ = {};
  std::string_view schema_ = {};
  bool in_objects_ = false;
  bool new_object_ = false;
};

// ---- bind parameters -----------------------------------------------------------------------------------------------

bool is_behind_in(std::string_view sql, size_t at) {
  while (at > 0 && is_sql_space(sql[at - 1])) {
    --at;
  }
  return at >= 2 && (sql[at - 2] == 'i' || sql[at - 2] == 'I') && (sql[at - 1] == 'n' || sql[at - 1] == 'N') &&
         (at == 2 || !is_sql_word(sql[at - 3]));
}

// `:name`, `%(name)s` and `%s` become `$1` of the same width, and `IN :names` becomes `IN ($1)`. false: there are none.
bool neutralise_parameters(std::string& sql) {
  bool found = false;
  for (size_t i = 0; i < sql.size();) {
    if (const size_t behind = skip_quoted(sql, i); behind > i) {
      i = behind;
      continue;
    }
    size_t end = i;
    if (sql[i] == ':' && i + 1 < sql.size() && is_sql_word(sql[i + 1]) &&
        (i == 0 || (sql[i - 1] != ':' && !is_sql_word(sql[i - 1])))) {
      for (end = i + 1; end < sql.size() && is_sql_word(sql[end]);) {
        ++end;
      }
    } else if (sql.compare(i, 2, "%(") == 0) {
      const size_t close = sql.find(")s", i);
      end = close == std::string::npos ? i : close + 2;
    } else if (sql.compare(i, 2, "%s") == 0 && (i + 2 == sql.size() || !is_sql_word(sql[i + 2]))) {
      end = i + 2;
    }
    if (end == i) {
      ++i;
      continue;
    }
    found = true;
    std::fill(sql.begin() + static_cast<std::ptrdiff_t>(i), sql.begin() + static_cast<std::ptrdiff_t>(end), ' ');
    constexpr std::string_view one = "$1", several = "($1)";
    const std::string_view value = is_behind_in(sql, i) && end - i >= several.size() ? several : one;
    sql.replace(i, value.size(), value);
    i = end;
  }
  return found;
}

// ---- one statement -------------------------------------------------------------------------------------------------

struct FreeParse {
  void operator()(PgQueryParseResult* result) const {
    pg_query_free_parse_result(*result);
    delete result;
  }
};
using Parse = std::unique_ptr<PgQueryParseResult, FreeParse>;

Parse parse(const std::string& sql) { return Parse(new PgQueryParseResult(pg_query_parse(sql.c_str()))); }

std::string snake_case(std::string_view node) {
  if (node.ends_with("Stmt")) {
    node.remove_suffix(4);
  }
  std::string name;
  for (const char c : node) {
    if (c >= 'A' && c <= 'Z') {
      name += name.empty() ? "" : "_";
      name += static_cast<char>(c - 'A' + 'a');
    } else {
      name += c;
    }
  }
  return name;
}

// `OBJECT_MATVIEW` as one says it.
std::string object_name(std::string_view object) {
  if (object == "OBJECT_MATVIEW") {
    return "materialized_view";
  }
  std::string name;
  for (const char c : object.substr(object.starts_with("OBJECT_") ? 7 : 0)) {
    name += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  }
  return name;
}

std::string kind_of(const Outline& outline, std::string_view plain) {
  if (outline.node == "DropStmt") {
    return "drop_" + object_name(outline.object_type);
  }
  if (outline.node == "AlterTableStmt") {
    return "alter_" + object_name(outline.object_type);
  }
  if (outline.node == "DefineStmt") {
    return "create_" + object_name(outline.object_type);
  }
  if (outline.node == "CreateTableAsStmt" && outline.object_type == "OBJECT_MATVIEW") {
    return "create_materialized_view";
  }
  if (outline.node == "TransactionStmt") {
    std::string_view word = outline.transaction;
    word.remove_prefix(word.starts_with("TRANS_STMT_") ? 11 : 0);
    return word == "START" ? "begin" : object_name(word);
  }
  if (outline.node == "VariableSetStmt") {
    return outline.reset ? "reset" : "set";
  }
  if (outline.node == "VacuumStmt") {
    return outline.is_vacuum ? "vacuum" : "analyze";
  }
  if (outline.node == "GrantStmt") {
    return outline.is_grant ? "grant" : "revoke";
  }
  if (outline.node == "CreateFunctionStmt" && outline.is_procedure) {
    return "create_procedure";
  }
  return plain.empty() ? snake_case(outline.node) : std::string(plain);
}

// The tables of DROP TABLE and COMMENT ON, which are plain names there.
void add_named_objects(Outline& outline) {
  const bool drop = outline.node == "DropStmt";
  const bool table = outline.object_type == "OBJECT_TABLE" || outline.object_type == "OBJECT_VIEW" ||
                     outline.object_type == "OBJECT_MATVIEW" || outline.object_type == "OBJECT_FOREIGN_TABLE";
  const bool inside = outline.object_type == "OBJECT_COLUMN" || outline.object_type == "OBJECT_TRIGGER" ||
                      outline.object_type == "OBJECT_POLICY" || outline.object_type == "OBJECT_RULE" ||
                      outline.object_type == "OBJECT_TABCONSTRAINT";
  if (!drop && outline.node != "CommentStmt") {
    return;
  }
  for (const auto& parts : outline.objects) {
    const size_t behind = inside ? 1 : 0;
    if ((table || inside) && parts.size() > behind) {
      const size_t at = parts.size() - 1 - behind;
      outline.tables.push_back({at > 0 ? parts[at - 1] : std::string_view(), parts[at]});
    }
  }
}

// A name with a hole in it is not known.
Text name_fact(Interpreter& in, std::string_view name, Span span) {
  if (name.empty()) {
    return {};
  }
  return name.find(hole) == std::string_view::npos ? known(in.kept.copy(name), span) : unknown<std::string_view>(span);
}

// What is not there may come with what a hole stands for.
Flag flag(bool value, bool holes, Span span) { return value || !holes ? known(value, span) : unknown<bool>(span); }

void fill(Interpreter& in, Statement& statement, Outline& outline, bool holes) {
  const Span span = statement.span;
  add_named_objects(outline);
  const auto* row = std::ranges::lower_bound(node_rows, outline.node, {}, &NodeRow::node);
  const bool found = row != std::end(node_rows) && row->node == outline.node;
  const std::string kind = kind_of(outline, found ? row->kind : std::string_view{});
  statement.kind = known(in.kept.copy(std::string_view(kind)), span);
  statement.statement_class = known(found ? row->statement_class : StatementClass::ddl, span);
  std::vector<Text> tables;
  bool all = true;
  for (const TableName& table : outline.tables) {
    if (tables.size() >= most_tables || outline.with_names.size() >= most_tables) {
      all = false;
      break;
    }
    if (std::ranges::find(outline.with_names, table.name) != outline.with_names.end()) {
      continue;
    }
    const Text name = name_fact(in, table.name, span);
    if (tables.empty()) {
      statement.table = name;
      statement.schema = name_fact(in, table.schema, span);
    }
    const bool again = std::ranges::any_of(
        tables, [&](const Text& other) { return other.is_known() && name.is_known() && other.value == name.value; });
    if (!again) {
      tables.push_back(name);
    }
  }
  statement.tables = {in.kept.copy(tables), State::known, holes || !all};
  statement.concurrently = flag(outline.concurrently, holes, span);
  statement.if_exists = flag(outline.if_exists, holes, span);
  statement.cascade = flag(outline.cascade, holes, span);
  if (outline.node == "UpdateStmt" || outline.node == "DeleteStmt") {
    statement.has_where = flag(outline.where && outline.where_asks, holes, span);
  }
  if (outline.node == "UpdateStmt") {
    std::vector<Text> columns;
    for (const std::string_view column : outline.set_columns) {
      columns.push_back(name_fact(in, column, span));
    }
    statement.columns = {in.kept.copy(columns), State::known, holes};
  }
  if (outline.node == "VariableSetStmt") {
    statement.setting = name_fact(in, outline.setting, span);
    statement.local = flag(outline.local, holes, span);
  }
}

// TRUE, or 1 = 1.
bool is_always_true(const SqlNode* condition) {
  if (const SqlNode* constant = as_node(condition, "A_Const")) {
    return number_of(field_of(constant, "boolval"), "boolval") != 0;
  }
  const SqlNode* expression = as_node(condition, "A_Expr");
  const SqlNode* operators = field_of(expression, "name");
  const SqlNode* left = field_of(as_node(field_of(expression, "lexpr"), "A_Const"), "ival");
  const SqlNode* right = field_of(as_node(field_of(expression, "rexpr"), "A_Const"), "ival");
  return left && right && operators && string_of(operators->child) == "=" &&
         number_of(left, "ival") == number_of(right, "ival");
}

// A condition that is there, and not a constant TRUE.
bool asks_for_some(const SqlNode* condition) { return condition && !is_always_true(condition); }

// The statements inside of another one, as statements of their own at its place.
void add_inner(Interpreter& in, const SqlNode* node, const Statement& whole, bool holes, size_t last) {
  for (const SqlNode* child = node ? node->child : nullptr; child; child = child->next) {
    add_inner(in, child, whole, holes, last);
    const NodeRow* row = inner_row(child->key);
    if (!row || in.lists.statements.size() > last) {
      continue;
    }
    Statement statement;
    statement.span = whole.span;
    statement.text = whole.text;
    if (in.lists.statements.size() == last) {
      // The rest is not read.
      statement.kind = statement.table = unknown<std::string_view>(whole.span);
      statement.statement_class = unknown<StatementClass>(whole.span);
      statement.tables = statement.columns = {{}, State::unknown, true};
      statement.has_where = unknown<bool>(whole.span);
      in.lists.statements.push_back(statement);
      continue;
    }
    statement.kind = known(row->kind, whole.span);
    statement.statement_class = known(row->statement_class, whole.span);
    const SqlNode* relation = field_of(child, "relation");
    statement.table = name_fact(in, text_of(relation, "relname"), whole.span);
    statement.schema = name_fact(in, text_of(relation, "schemaname"), whole.span);
    statement.tables = {in.kept.copy(std::vector<Text>{statement.table}), State::known, holes};
    if (row->kind == "update" || row->kind == "delete") {
      statement.has_where = flag(asks_for_some(field_of(child, "whereClause")), holes, whole.span);
    }
    if (row->kind == "update") {
      std::vector<Text> columns;
      const SqlNode* targets = field_of(child, "targetList");
      for (const SqlNode* target = targets ? targets->child : nullptr; target; target = target->next) {
        columns.push_back(name_fact(in, text_of(as_node(target, "ResTarget"), "name"), whole.span));
      }
      statement.columns = {in.kept.copy(columns), State::known, holes};
    }
    in.lists.statements.push_back(statement);
  }
}

// A statement of which the parser reads nothing: what its first words say.
void add_unread(Interpreter& in, const Statement& shown, SqlPiece piece, std::string_view sql, bool holes,
                const SqlPlaces& places, const CallSite& site) {
  Statement statement = shown;
  const Span span = statement.span;
  const SqlHead head = holes ? SqlHead{} : sql_head_of(sql);
  const bool is_told = !head.kind.empty();
  statement.kind = is_told ? known(head.kind, span) : unknown<std::string_view>(span);
  statement.statement_class = holes ? unknown<StatementClass>(span) : known(StatementClass::unreadable, span);
  statement.table = is_told ? name_fact(in, head.table, span) : unknown<std::string_view>(span);
  statement.schema = is_told ? name_fact(in, head.schema, span) : Text{};
  statement.tables = {{}, State::unknown, true};
  if (is_told) {
    statement.tables = {in.kept.copy(std::vector<Text>{statement.table}), State::known, true};
  }
  statement.concurrently = unknown<bool>(span);
  statement.if_exists = unknown<bool>(span);
  statement.has_where = unknown<bool>(span);
  statement.cascade = unknown<bool>(span);
  statement.columns = {{}, State::unknown, true};
  statement.setting = unknown<std::string_view>(span);
  statement.local = unknown<bool>(span);
  const bool makes_table = head.kind.starts_with("create_table");
  statement.is_told = makes_table;
  const size_t index = in.lists.statements.size();
  in.lists.statements.push_back(statement);
  if (makes_table) {
    add_unread_table(in, {index, nullptr, sql, piece.begin, places, site}, head);
  }
}

// PostgreSQL 16 takes a query in FROM without an alias, the parser here does not.
bool misses_alias(const PgQueryParseResult& result) {
  return result.error && result.error->cursorpos > 0 &&
         std::string_view(result.error->message).ends_with("in FROM must have an alias");
}

// Behind the parenthesis that closes the one at `at`; 0: none does.
size_t behind_parentheses(std::string_view sql, size_t at) {
  int depth = 0;
  while (at < sql.size()) {
    if (const size_t behind = skip_quoted(sql, at); behind > at) {
      at = behind;
      continue;
    }
    depth += sql[at] == '(' ? 1 : sql[at] == ')' ? -1 : 0;
    ++at;
    if (depth <= 0) {
      return depth == 0 && sql[at - 1] == ')' ? at : 0;
    }
  }
  return 0;
}

// Where a character of UTF-8 begins, counted from 1.
size_t byte_of(std::string_view sql, int character) {
  size_t at = 0;
  for (; at < sql.size(); ++at) {
    const bool begins = (static_cast<unsigned char>(sql[at]) & 0xc0) != 0x80;
    character -= begins ? 1 : 0;
    if (character == 0) {
      break;
    }
  }
  return at;
}

// A statement with the aliases in it that its author left out, and where its bytes stand.
struct WithAliases {
  std::string sql = {};
  SqlPlaces places = {};
};

constexpr std::string_view added_alias = " spirit_alias";

// Where aliases are missing in a text that the parser refuses for that; `result` becomes what it says in the end.
std::vector<size_t> find_missing_aliases(std::string sql, Parse& result) {
  constexpr size_t most_aliases = 20;  // each is one more parse
  std::vector<size_t> at;              // in the text with aliases
  while (at.size() < most_aliases && misses_alias(*result)) {
    const size_t end = behind_parentheses(sql, byte_of(sql, result->error->cursorpos));
    if (end == 0) {
      break;
    }
    for (size_t& other : at) {
      other += other >= end ? added_alias.size() : 0;
    }
    at.push_back(end);
    sql.insert(end, added_alias);
    result = parse(sql);
  }
  std::ranges::sort(at);
  for (size_t i = 0; i < at.size(); ++i) {
    at[i] -= i * added_alias.size();
  }
  return at;
}

// `text` begins at `begin` of what the places are of.
WithAliases add_aliases(std::string_view text, size_t begin, const SqlPlaces& places, const std::vector<size_t>& at) {
  WithAliases filled;
  filled.places.whole = places.of(begin, begin + text.size());
  const auto add = [&](std::string_view piece, Span source) {
    filled.places.runs.push_back(
        {static_cast<uint32_t>(filled.sql.size()), static_cast<uint32_t>(piece.size()), source});
    filled.sql.append(piece);
  };
  size_t from = 0;
  for (const size_t end : at) {
    add(text.substr(from, end - from), places.of(begin + from, begin + end));
    add(added_alias, places.of(begin + end - 1, begin + end));
    from = end;
  }
  if (from < text.size()) {
    add(text.substr(from), places.of(begin + from, begin + text.size()));
  }
  return filled;
}

// Adds one statement, unless there is none in the text.
void read_statement(Interpreter& in, SqlPiece piece, std::string_view text, std::string_view shown, bool holes,
                    const SqlPlaces& places, SqlTemplate of_template, const CallSite& site) {
  const Span span = places.of(piece.begin, piece.end);
  std::string sql(text);
  Parse result = parse(sql);
  bool parameters = of_template.has_placeholders;
  std::string complaint;
  if (result->error && !parameters) {
    complaint = result->error->message;
    parameters = neutralise_parameters(sql);
    if (parameters) {
      result = parse(sql);
    }
  }
  WithAliases filled;
  const SqlPlaces* own_places = &places;
  if (misses_alias(*result)) {
    const std::vector<size_t> missing = find_missing_aliases(sql, result);
    if (result->error) {
      complaint = result->error->message;
    } else {
      filled = add_aliases(text, piece.begin, places, missing);
      text = filled.sql;
      own_places = &filled.places;
      piece = {0, text.size()};
    }
  }
  Statement statement;
  statement.span = span;
  statement.text = holes ? Text{shown, State::unknown, span} : known(shown, span);
  if (result->error || of_template.has_control) {
    const bool newer_server = in.options.postgres_version > PG_VERSION_NUM / 10000;
    if (holes || parameters || newer_server) {
      statement.syntax_error = unknown<std::string_view>(span);  // with the values in place it may be right
    } else {
      statement.syntax_error = known(in.kept.copy(std::string_view(complaint)), span);
    }
    add_unread(in, statement, piece, text, holes, places, site);
    return;
  }
  thread_local Arena trees(64 * 1024);
  trees.clear();
  const std::string node(statement_node(result->parse_tree));
  const auto [tree, too_deep] = read_sql_tree(result->parse_tree, trees);
  Outline outline;
  outline.node = node;
  if (tree) {
    OutlineReader(outline).read(*tree);
  }
  if (outline.node.empty()) {
    return;
  }
  fill(in, statement, outline, holes || !tree);
  if (!tree) {  // it is too large, and only its kind is known
    statement.table = unknown<std::string_view>(span);
  }
  statement.tables.open = statement.tables.open || too_deep;
  if (too_deep && outline.where && !outline.where_asks) {
    statement.has_where = unknown<bool>(span);
  }
  const size_t index = in.lists.statements.size();
  in.lists.statements.push_back(statement);
  const bool amounts = has_sql_operations(outline.node);
  const bool constant = outline.where && !outline.where_asks && statement.has_where.is_known();
  if (!amounts && !outline.has_inner && !constant) {
    return;
  }
  if (constant) {
    in.lists.statements[index].has_where.value = asks_for_some(field_of(tree, "whereClause"));
  }
  if (outline.has_inner) {
    add_inner(in, tree, statement, holes, index + most_inner);
  }
  if (amounts) {
    const bool told = add_sql_operations(in, {index, tree, text, piece.begin, *own_places, site});
    in.lists.statements[index].is_told = told;
  }
}

// CREATE [OR REPLACE] [DEFINER = …] TRIGGER, FUNCTION, PROCEDURE or EVENT: what may have a body of statements.
bool may_have_body(std::string_view sql) {
  constexpr int furthest = 12;  // words
  int count = 0;
  bool found = false;
  each_sql_word(sql, [&](const std::string& word) {
    if (++count == 1) {
      return word == "create";
    }
    found = word == "trigger" || word == "function" || word == "procedure" || word == "event";
    return !found && count < furthest;
  });
  return found;
}

// How many BEGIN and CASE are without their END behind a part of a body, before which there were `depth`.
int depth_behind(std::string_view sql, int depth) {
  bool ended = false;  // the word before was END
  each_sql_word(sql, [&](const std::string& word) {
    const bool of_other =
        ended && (word == "if" || word == "loop" || word == "while" || word == "repeat" || word == "for");
    depth -= ended && !of_other && depth > 0 ? 1 : 0;
    depth += word == "begin" || (word == "case" && !ended) ? 1 : 0;
    ended = word == "end";
    return true;
  });
  return ended && depth > 0 ? depth - 1 : depth;
}

// The scanner splits at every semicolon, also inside of BEGIN … END.
void join_bodies(const std::string& sql, std::vector<SqlPiece>& pieces) {
  const auto text_of = [&](const SqlPiece& piece) {
    return std::string_view(sql).substr(piece.begin, piece.end - piece.begin);
  };
  std::vector<SqlPiece> joined;
  for (size_t i = 0; i < pieces.size(); ++i) {
    SqlPiece piece = pieces[i];
    int depth = may_have_body(text_of(piece)) ? depth_behind(text_of(piece), 0) : 0;
    while (depth > 0 && i + 1 < pieces.size()) {
      ++i;
      depth = depth_behind(text_of(pieces[i]), depth);
      piece.end = pieces[i].end;
    }
    joined.push_back(piece);
  }
  pieces = std::move(joined);
}

// What stands between two pieces, if it is more than white space and comments.
void add_gap(const std::string& sql, size_t begin, size_t end, std::vector<SqlPiece>& pieces) {
  const std::string_view text(sql);
  for (size_t at = begin; at < end;) {
    size_t stop = at;
    while (stop < end && sql[stop] != ';') {
      stop = std::max(skip_quoted(text, stop), stop + 1);
    }
    const SqlPiece piece = trimmed(text, {at, std::min(stop, end)});
    if (piece.begin < piece.end) {
      pieces.push_back(piece);
    }
    at = stop + 1;
  }
}

// The statements of a text by PostgreSQL's scanner; the whole where it cannot be split.
std::vector<SqlPiece> split(const std::string& sql) {
  size_t end = sql.size();
  while (end > 0 && (is_sql_space(sql[end - 1]) || sql[end - 1] == ';')) {
    --end;
  }
  if (sql.find(';') >= end) {
    return {{0, end}};
  }
  const PgQuerySplitResult result = pg_query_split_with_scanner(sql.c_str());
  std::vector<SqlPiece> pieces;
  if (!result.error) {
    size_t behind = 0;
    for (int i = 0; i < result.n_stmts; ++i) {
      const auto begin = static_cast<size_t>(result.stmts[i]->stmt_location);
      const auto length = static_cast<size_t>(result.stmts[i]->stmt_len);
      add_gap(sql, behind, begin, pieces);  // it leaves out what has no word of SQL in it, such as `SELEC 1`
      behind = length == 0 ? sql.size() : begin + length;
      pieces.push_back({begin, behind});
    }
    add_gap(sql, behind, sql.size(), pieces);
  } else {
    pieces.push_back({0, end});
  }
  pg_query_free_split_result(result);
  join_bodies(sql, pieces);
  return pieces;
}

// `\:` is how text() is told that a colon is a colon.
void unescape_colons(std::string& sql, std::vector<uint32_t>& removed) {
  if (sql.find("\\:") == std::string::npos) {
    return;
  }
  std::string plain;
  plain.reserve(sql.size());
  for (size_t at = 0; at < sql.size(); ++at) {
    if (sql[at] == '\\' && at + 1 < sql.size() && sql[at + 1] == ':') {
      removed.push_back(static_cast<uint32_t>(plain.size()));
      ++at;
    }
    plain += sql[at];
  }
  sql = std::move(plain);
}

// Adds the statements of a text, and what they amount to.
void read_statements(Interpreter& in, const std::string& sql, bool holes, const SqlPlaces& places,
                     SqlTemplate of_template, const CallSite& site) {
  const Span whole = places.whole;
  size_t count = 0;
  for (SqlPiece piece : split(sql)) {
    while (piece.begin < piece.end && is_sql_space(sql[piece.begin])) {
      ++piece.begin;
    }
    while (piece.begin < piece.end && is_sql_space(sql[piece.end - 1])) {
      --piece.end;
    }
    if (piece.begin >= piece.end) {
      continue;
    }
    if (++count > most_statements) {
      Statement& rest = in.lists.statements.emplace_back();
      rest.span = whole;
      rest.text = unknown<std::string_view>(whole);
      rest.kind = unknown<std::string_view>(whole);
      rest.statement_class = unknown<StatementClass>(whole);
      rest.tables = {{}, State::unknown, true};
      return;
    }
    const std::string_view text = std::string_view(sql).substr(piece.begin, piece.end - piece.begin);
    std::string_view shown;
    const Span span = places.of(piece.begin, piece.end);
    if (of_template.has_placeholders || slice(in.text, span) == text) {
      shown = slice(in.text, span);
    } else {
      std::string plain(text);
      for (size_t at = plain.find(hole); at != std::string::npos; at = plain.find(hole, at + 1)) {
        plain.replace(at, hole.size(), "{…}");
      }
      shown = in.kept.copy(std::string_view(plain));
    }
    read_statement(in, piece, text, shown, holes, places, of_template, site);
  }
}

}  // namespace

void read_sql(Interpreter& in, const SqlSource& source) {
  std::string sql;
  const bool holes = source.text->open;
  if (holes) {
    for (const PyValue* piece : items_of(*source.text)) {
      sql.append(is_text(piece) ? piece->text : hole);
    }
  } else {
    sql = source.text->text;
  }
  SqlPlaces places = places_of(*source.text, sql, in.text, source.span);
  if (source.parameters) {
    unescape_colons(sql, places.removed);
  }
  if (sql.find('\0') != std::string::npos) {
    return;
  }
  read_statements(in, sql, holes, places, {}, source.site);
}

std::vector<Span> split_sql(const std::string& sql) {
  std::vector<Span> spans;
  for (const SqlPiece& piece : split(sql)) {
    const SqlPiece bare = trimmed(sql, piece);
    if (bare.begin < bare.end) {
      spans.push_back({static_cast<uint32_t>(bare.begin), static_cast<uint32_t>(bare.end)});
    }
  }
  return spans;
}

void read_sql_statement(Interpreter& in, const std::string& sql, const SqlPlaces& places, SqlTemplate of_template,
                        const CallSite& site) {
  read_statements(in, sql, false, places, of_template, site);
}

}  // namespace spiritsafe
