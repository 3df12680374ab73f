// SPDX-License-Identifier: Apache-2.0
// SQL by PostgreSQL's own parser. Nothing of libpg_query or of its JSON leaves this file.
#include <pg_query.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/read/interpret.h"

namespace spiritsafe {
namespace {

using Json = nlohmann::json;

constexpr size_t most_statements = 2000;
// Stands for a value that is not in the text; a name with it in it is unknown.
constexpr std::string_view hole = "_spirit_hole_";

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
  std::string schema = {};
  std::string name = {};
};

// What is taken out of one statement's tree.
struct Outline {
  std::string node = {};
  std::string object_type = {};  // removeType, objtype
  std::string transaction = {};  // TRANS_STMT_COMMIT
  std::string setting = {};
  std::vector<TableName> tables = {};
  std::vector<std::string> with_names = {};
  std::vector<std::vector<std::string>> objects = {};  // of DROP: the parts of each name
  bool concurrently = false, if_exists = false, where = false, cascade = false, local = false, reset = false,
       is_grant = false, is_vacuum = false, is_procedure = false;
};

// Reads the tree as it passes by; the objects around are counted, and the last key of each is kept.
class OutlineReader : public nlohmann::json_sax<Json> {
 public:
  explicit OutlineReader(Outline& outline) : out_(outline) {}
  bool null() override { return true; }
  bool boolean(bool value) override {
    const std::string& key = keys_.back();
    out_.concurrently |= value && key == "concurrent";
    out_.if_exists |= value && (key == "missing_ok" || key == "if_not_exists" || key == "skipIfNewValExists");
    if (keys_.size() == field_depth) {
      out_.local |= value && key == "is_local";
      out_.is_grant |= value && key == "is_grant";
      out_.is_vacuum |= value && key == "is_vacuumcmd";
      out_.is_procedure |= value && key == "is_procedure";
    }
    return true;
  }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool string(string_t& value) override {
    const std::string& key = keys_.back();
    if (key == "schemaname") {
      schema_ = value;
    } else if (key == "relname") {
      out_.tables.push_back({schema_, value});
    } else if (key == "ctename") {
      out_.with_names.push_back(value);
    } else if (key == "sval" && in_objects()) {
      if (out_.objects.empty() || new_object_) {
        out_.objects.emplace_back();
        new_object_ = false;
      }
      out_.objects.back().push_back(value);
    } else if (key == "behavior") {
      out_.cascade |= value == "DROP_CASCADE";
    } else if (key == "defname") {
      out_.concurrently |= value == "concurrently";
    }
    if (keys_.size() == field_depth) {
      if (key == "removeType" || key == "objtype" || (key == "kind" && out_.node == "DefineStmt")) {
        out_.object_type = value;
      } else if (key == "kind") {
        out_.transaction = value;
        out_.reset |= value == "VAR_RESET" || value == "VAR_RESET_ALL";
      } else if (key == "name") {
        out_.setting = value;
      }
    }
    return true;
  }
  bool start_object(size_t) override {
    schema_.clear();
    keys_.emplace_back();
    return true;
  }
  bool key(string_t& value) override {
    keys_.back() = value;
    if (keys_.size() == 3 && out_.node.empty()) {
      out_.node = value;
    }
    if (keys_.size() == field_depth) {
      out_.where |= value == "whereClause";
      new_object_ = true;
    }
    if (keys_.size() == field_depth + 1 && value == "List") {
      new_object_ = true;
    }
    return true;
  }
  bool end_object() override {
    keys_.pop_back();
    return true;
  }
  bool start_array(size_t) override { return true; }
  bool end_array() override { return true; }
  bool parse_error(size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

 private:
  static constexpr size_t field_depth = 4;  // {stmts: [{stmt: {Node: {field: …

  bool in_objects() const {
    return keys_.size() > field_depth && (keys_[field_depth - 1] == "objects" || keys_[field_depth - 1] == "object");
  }

  Outline& out_;
  std::vector<std::string> keys_ = {};
  std::string schema_ = {};
  bool new_object_ = false;
};

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// ---- bind parameters -----------------------------------------------------------------------------------------------

// Where the quoted text, comment or dollar-quoted text that begins at `at` ends; `at` where none begins there.
size_t skip_quoted(std::string_view sql, size_t at) {
  const auto behind = [&](std::string_view end, size_t from) {
    const size_t found = sql.find(end, from);
    return found == std::string_view::npos ? sql.size() : found + end.size();
  };
  if (sql[at] == '\'' || sql[at] == '"') {
    return behind(sql.substr(at, 1), at + 1);
  }
  if (sql.substr(at, 2) == "--") {
    return behind("\n", at);
  }
  if (sql.substr(at, 2) == "/*") {
    return behind("*/", at + 2);
  }
  if (sql[at] == '$' && (at == 0 || !is_word(sql[at - 1]))) {
    size_t end = at + 1;
    while (end < sql.size() && is_word(sql[end])) {
      ++end;
    }
    return end < sql.size() && sql[end] == '$' ? behind(sql.substr(at, end + 1 - at), end + 1) : at;
  }
  return at;
}

// `:name`, `%(name)s` and `%s` become `$1` of the same width. false: there are none.
bool neutralise_parameters(std::string& sql) {
  bool found = false;
  for (size_t i = 0; i < sql.size();) {
    if (const size_t behind = skip_quoted(sql, i); behind > i) {
      i = behind;
      continue;
    }
    size_t end = i;
    if (sql[i] == ':' && i + 1 < sql.size() && is_word(sql[i + 1]) &&
        (i == 0 || (sql[i - 1] != ':' && !is_word(sql[i - 1])))) {
      for (end = i + 1; end < sql.size() && is_word(sql[end]);) {
        ++end;
      }
    } else if (sql.compare(i, 2, "%(") == 0) {
      const size_t close = sql.find(")s", i);
      end = close == std::string::npos ? i : close + 2;
    } else if (sql.compare(i, 2, "%s") == 0 && (i + 2 == sql.size() || !is_word(sql[i + 2]))) {
      end = i + 2;
    }
    if (end == i) {
      ++i;
      continue;
    }
    found = true;
    std::fill(sql.begin() + static_cast<std::ptrdiff_t>(i), sql.begin() + static_cast<std::ptrdiff_t>(end), ' ');
    sql[i] = '$';
    sql[i + 1] = '1';
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
      outline.tables.push_back({at > 0 ? parts[at - 1] : std::string(), parts[at]});
    }
  }
}

// A name with a hole in it is not known.
Text name_fact(Interpreter& in, const std::string& name, Span span) {
  if (name.empty()) {
    return {};
  }
  return name.find(hole) == std::string::npos ? known(in.kept.copy(std::string_view(name)), span)
                                              : unknown<std::string_view>(span);
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
  for (const TableName& table : outline.tables) {
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
  statement.tables = {in.kept.copy(tables), State::known, holes};
  statement.concurrently = flag(outline.concurrently, holes, span);
  statement.if_exists = flag(outline.if_exists, holes, span);
  statement.cascade = flag(outline.cascade, holes, span);
  if (outline.node == "UpdateStmt" || outline.node == "DeleteStmt") {
    statement.has_where = flag(outline.where, holes, span);
  }
  if (outline.node == "VariableSetStmt") {
    statement.setting = name_fact(in, outline.setting, span);
    statement.local = flag(outline.local, holes, span);
  }
}

// Adds one statement, unless there is none in the text.
void read_statement(Interpreter& in, std::string_view text, Span span, std::string_view shown, bool holes) {
  std::string sql(text);
  Parse result = parse(sql);
  bool parameters = false;
  std::string complaint;
  if (result->error) {
    complaint = result->error->message;
    parameters = neutralise_parameters(sql);
    if (parameters) {
      result = parse(sql);
    }
  }
  Statement statement;
  statement.span = span;
  statement.text = holes ? Text{shown, State::unknown, span} : known(shown, span);
  if (result->error) {
    statement.kind = unknown<std::string_view>(span);
    statement.statement_class = holes ? unknown<StatementClass>(span) : known(StatementClass::unreadable, span);
    statement.table = unknown<std::string_view>(span);
    statement.tables = {{}, State::unknown, true};
    statement.concurrently = unknown<bool>(span);
    statement.if_exists = unknown<bool>(span);
    statement.has_where = unknown<bool>(span);
    statement.cascade = unknown<bool>(span);
    statement.setting = unknown<std::string_view>(span);
    statement.local = unknown<bool>(span);
    const bool newer_server = in.options.postgres_version > PG_VERSION_NUM / 10000;
    if (holes || parameters || newer_server) {
      statement.syntax_error = unknown<std::string_view>(span);  // with the values in place it may be right
    } else {
      statement.syntax_error = known(in.kept.copy(std::string_view(complaint)), span);
    }
    in.lists.statements.push_back(statement);
    return;
  }
  Outline outline;
  OutlineReader reader(outline);
  Json::sax_parse(std::string_view(result->parse_tree), &reader);
  if (outline.node.empty()) {
    return;
  }
  fill(in, statement, outline, holes);
  in.lists.statements.push_back(statement);
}

struct Piece {
  size_t begin = 0;
  size_t end = 0;
};

// Calls `use` with each word outside of quotes and comments, in lower case, until it returns false.
template <class Use>
void each_word(std::string_view sql, Use use) {
  for (size_t at = 0; at < sql.size();) {
    if (const size_t behind = skip_quoted(sql, at); behind > at) {
      at = behind;
      continue;
    }
    if (!is_word(sql[at])) {
      ++at;
      continue;
    }
    std::string word;
    for (; at < sql.size() && is_word(sql[at]); ++at) {
      word += static_cast<char>(sql[at] >= 'A' && sql[at] <= 'Z' ? sql[at] - 'A' + 'a' : sql[at]);
    }
    if (!use(word)) {
      return;
    }
  }
}

// CREATE [OR REPLACE] [DEFINER = …] TRIGGER, FUNCTION, PROCEDURE or EVENT: what may have a body of statements.
bool may_have_body(std::string_view sql) {
  constexpr int furthest = 12;  // words
  int count = 0;
  bool found = false;
  each_word(sql, [&](const std::string& word) {
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
  each_word(sql, [&](const std::string& word) {
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
void join_bodies(const std::string& sql, std::vector<Piece>& pieces) {
  const auto text_of = [&](const Piece& piece) {
    return std::string_view(sql).substr(piece.begin, piece.end - piece.begin);
  };
  std::vector<Piece> joined;
  for (size_t i = 0; i < pieces.size(); ++i) {
    Piece piece = pieces[i];
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

// The statements of a text by PostgreSQL's scanner; the whole where it cannot be split.
std::vector<Piece> split(const std::string& sql) {
  size_t end = sql.size();
  while (end > 0 && (is_space(sql[end - 1]) || sql[end - 1] == ';')) {
    --end;
  }
  if (sql.find(';') >= end) {
    return {{0, end}};
  }
  const PgQuerySplitResult result = pg_query_split_with_scanner(sql.c_str());
  std::vector<Piece> pieces;
  if (!result.error) {
    for (int i = 0; i < result.n_stmts; ++i) {
      const auto begin = static_cast<size_t>(result.stmts[i]->stmt_location);
      const auto length = static_cast<size_t>(result.stmts[i]->stmt_len);
      pieces.push_back({begin, length == 0 ? sql.size() : begin + length});
    }
  } else {
    pieces.push_back({0, end});
  }
  pg_query_free_split_result(result);
  join_bodies(sql, pieces);
  return pieces;
}

// `\:` is how text() is told that a colon is a colon.
void unescape_colons(std::string& sql) {
  for (size_t at = sql.find("\\:"); at != std::string::npos; at = sql.find("\\:", at + 1)) {
    sql.erase(at, 1);
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
  // Where the text is a piece of the file, so are its statements.
  const char* start = holes ? nullptr : source.text->text.data();
  const bool in_file = start && start >= in.text.data() && start + sql.size() <= in.text.data() + in.text.size();
  const size_t size = sql.size();
  if (source.parameters) {
    unescape_colons(sql);
  }
  if (sql.find('\0') != std::string::npos) {
    return;
  }
  size_t count = 0;
  for (Piece piece : split(sql)) {
    while (piece.begin < piece.end && is_space(sql[piece.begin])) {
      ++piece.begin;
    }
    while (piece.begin < piece.end && is_space(sql[piece.end - 1])) {
      --piece.end;
    }
    if (piece.begin >= piece.end) {
      continue;
    }
    if (++count > most_statements) {
      Statement& rest = in.lists.statements.emplace_back();
      rest.span = source.span;
      rest.text = unknown<std::string_view>(source.span);
      rest.kind = unknown<std::string_view>(source.span);
      rest.statement_class = unknown<StatementClass>(source.span);
      rest.tables = {{}, State::unknown, true};
      return;
    }
    const std::string_view text = std::string_view(sql).substr(piece.begin, piece.end - piece.begin);
    Span span = source.span;
    std::string_view shown;
    if (in_file && size == sql.size()) {
      const auto at = static_cast<uint32_t>(start - in.text.data());
      span = {at + static_cast<uint32_t>(piece.begin), at + static_cast<uint32_t>(piece.end)};
      shown = slice(in.text, span);
    } else {
      std::string plain(text);
      for (size_t at = plain.find(hole); at != std::string::npos; at = plain.find(hole, at + 1)) {
        plain.replace(at, hole.size(), "{…}");
      }
      shown = in.kept.copy(std::string_view(plain));
    }
    read_statement(in, text, span, shown, holes);
  }
}

}  // namespace spiritsafe
