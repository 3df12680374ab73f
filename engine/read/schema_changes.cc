// SPDX-License-Identifier: Apache-2.0
// Where the schema is changed outside of migrations. SQL is told by its first words, so that any dialect will do and a
// statement that no parser takes is found too.
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "engine/python/parse.h"
#include "engine/python/visit.h"
#include "engine/read/surroundings.h"

namespace spiritsafe {
namespace {

constexpr size_t most_changes = 2000;  // of one file
constexpr size_t longest_text = 200;   // bytes
constexpr size_t longest_line = 4096;  // bytes of a line that are looked at

using Changes = std::vector<SchemaChange>;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

template <size_t n>
bool is_one_of(const std::array<std::string_view, n>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

// ---- SQL ------------------------------------------------------------------------------------------------------------

// Behind white space and comments.
size_t skip_blank(std::string_view sql, size_t at) {
  while (at < sql.size()) {
    if (is_space(sql[at])) {
      ++at;
    } else if (sql.substr(at).starts_with("--")) {
      at = std::min(sql.find('\n', at), sql.size());
    } else if (sql.substr(at).starts_with("/*")) {
      const size_t end = sql.find("*/", at + 2);
      at = end == std::string_view::npos ? sql.size() : end + 2;
    } else {
      break;
    }
  }
  return at;
}

std::string next_word(std::string_view sql, size_t& at) {
  at = skip_blank(sql, at);
  std::string word;
  while (at < sql.size() && is_word(sql[at]) && word.size() < 40) {
    word += lower(sql[at++]);
  }
  return word;
}

struct Ddl {
  std::string statement = {};  // empty: it is none
  std::string object = {};     // what it is about; empty where a value that is not in the text names it
  bool temporary = false;
};

constexpr std::array<std::string_view, 3> ddl_verbs = {"create", "alter", "drop"};
// What may stand between the verb and what it is about.
constexpr std::array<std::string_view, 17> ddl_modifiers = {
    "or",      "replace",   "global",     "local", "temporary", "temp",    "unlogged",  "unique", "materialized",
    "foreign", "recursive", "constraint", "event", "external",  "virtual", "clustered", "if"};
constexpr std::array<std::string_view, 20> ddl_objects = {
    "table",    "index",     "type",      "schema",      "sequence",  "view",      "trigger",
    "function", "procedure", "domain",    "extension",   "database",  "role",      "user",
    "policy",   "rule",      "aggregate", "publication", "collation", "statistics"};

// Behind IF EXISTS, IF NOT EXISTS, CONCURRENTLY and ONLY.
size_t skip_conditions(std::string_view sql, size_t at) {
  constexpr std::array<std::string_view, 5> words = {"if", "not", "exists", "concurrently", "only"};
  for (size_t next = at; is_one_of(words, next_word(sql, next));) {
    at = next = skip_blank(sql, next);
  }
  return at;
}

Ddl ddl_at(std::string_view sql) {
  size_t at = 0;
  Ddl ddl;
  const std::string verb = next_word(sql, at);
  if (!is_one_of(ddl_verbs, verb) || at >= sql.size() || !is_space(sql[at])) {
    return {};
  }
  for (int words = 0; words < 6; ++words) {
    const std::string word = next_word(sql, at);
    ddl.temporary = ddl.temporary || word == "temporary" || word == "temp";
    if (is_one_of(ddl_objects, word)) {
      // Prose goes on with anything; a statement names what it is about.
      at = skip_conditions(sql, skip_blank(sql, at));
      const std::string_view name = sql.substr(at, sql.find_first_of(" \t\r\n(;,'", at) - at);
      if (name.empty() || (!is_word(name[0]) && std::string_view("\"`[{$:%").find(name[0]) == std::string_view::npos)) {
        return {};
      }
      ddl.statement = verb + " " + word;
      ddl.object = name.find_first_of("{$:%") == std::string_view::npos ? std::string(name) : std::string();
      return ddl;
    }
    if (!is_one_of(ddl_modifiers, word)) {
      return {};
    }
  }
  return {};
}

// Behind the `;` that ends the statement; quotes, dollar quotes and comments are passed over.
size_t statement_end(std::string_view sql, size_t at) {
  while (at < sql.size()) {
    const char c = sql[at];
    if (c == ';') {
      return at + 1;
    }
    if (c == '\'' || c == '"' || c == '`') {
      at = std::min(sql.find(c, at + 1), sql.size() - 1) + 1;
    } else if (c == '$' && (at == 0 || !is_word(sql[at - 1]))) {
      size_t end = at + 1;
      while (end < sql.size() && is_word(sql[end])) {
        ++end;
      }
      if (end < sql.size() && sql[end] == '$') {
        const std::string_view tag = sql.substr(at, end + 1 - at);
        const size_t close = sql.find(tag, end + 1);
        at = close == std::string_view::npos ? sql.size() : close + tag.size();
      } else {
        ++at;
      }
    } else if (sql.substr(at).starts_with("--") || sql.substr(at).starts_with("/*")) {
      at = skip_blank(sql, at);
    } else {
      ++at;
    }
  }
  return at;
}

void add(File& file, Changes& changes, SchemaChangeKind kind, Span span, const Ddl& ddl = {}) {
  if (changes.size() >= most_changes) {
    return;
  }
  SchemaChange change;
  change.kind = kind;
  change.file = &file;
  change.span = span;
  change.text = known(fold(slice(file.source.text, span), file.arena), span);
  if (kind == SchemaChangeKind::sql) {
    change.statement = known(file.arena.copy(std::string_view(ddl.statement)), span);
    change.object = ddl.object.empty() ? unknown<std::string_view>(span)
                                       : known(file.arena.copy(std::string_view(ddl.object)), span);
    change.temporary = known(ddl.temporary, span);
  }
  changes.push_back(change);
}

void read_sql_file(File& file, Changes& changes) {
  const std::string_view sql = file.source.text;
  for (size_t at = skip_blank(sql, 0); at < sql.size();) {
    const size_t end = statement_end(sql, at);
    if (const Ddl ddl = ddl_at(sql.substr(at, end - at)); !ddl.statement.empty()) {
      const size_t last = sql.find_last_not_of(" \t\r\n;", end - 1);
      add(file, changes, SchemaChangeKind::sql, {static_cast<uint32_t>(at), static_cast<uint32_t>(last + 1)}, ddl);
    }
    at = skip_blank(sql, end);
  }
}

// ---- scripts --------------------------------------------------------------------------------------------------------

// The first place in a line where a DDL statement begins a quoted text or an argument; npos: nowhere.
size_t find_ddl(std::string_view line, Ddl& ddl) {
  line = line.substr(0, longest_line);
  for (size_t at = 0; at < line.size(); ++at) {
    if (is_word(line[at]) && (at == 0 || !is_word(line[at - 1]))) {
      ddl = ddl_at(line.substr(at));
      if (!ddl.statement.empty()) {
        return at;
      }
    }
  }
  return std::string_view::npos;
}

bool has_word(std::string_view line, std::string_view word, size_t from = 0) {
  for (size_t at = line.find(word, from); at != std::string_view::npos; at = line.find(word, at + 1)) {
    const size_t end = at + word.size();
    if ((at == 0 || (!is_word(line[at - 1]) && line[at - 1] != '-')) &&
        (end == line.size() || (!is_word(line[end]) && line[end] != '-'))) {
      return true;
    }
  }
  return false;
}

bool runs_stamp(std::string_view line) {
  const size_t at = line.find("alembic");
  return at != std::string_view::npos && has_word(line, "alembic") &&
         has_word(line.substr(0, line.find_first_of(";&|#", at)), "stamp", at);
}

// Where `<<EOF` says that the next lines are SQL for psql: the word that ends them.
std::string heredoc_of(std::string_view line) {
  size_t at = line.find("<<");
  if (at == std::string_view::npos || line.substr(at).starts_with("<<<")) {
    return {};
  }
  at = line.find_first_not_of("-~ \t'\"\\", at + 2);
  size_t end = std::min(at, line.size());
  while (end < line.size() && is_word(line[end])) {
    ++end;
  }
  return at == std::string_view::npos ? std::string() : std::string(line.substr(at, end - at));
}

void read_script(File& file, Changes& changes) {
  constexpr std::array<std::string_view, 4> clients = {"psql", "mysql", "sqlite3", "mariadb"};
  const LineIndex lines(file.source.text);
  std::string heredoc;
  for (uint32_t number = 1; number <= lines.line_count(); ++number) {
    const Span span = lines.line_span(number);
    const std::string_view line = slice(file.source.text, span);
    const size_t begin = line.find_first_not_of(" \t");
    if (begin == std::string_view::npos || line[begin] == '#') {
      continue;
    }
    const Span shown = {span.begin + static_cast<uint32_t>(begin), span.end};
    Ddl ddl;
    if (!heredoc.empty()) {
      heredoc = line.substr(begin) == heredoc ? std::string() : heredoc;
      if (ddl = ddl_at(line.substr(begin)); !ddl.statement.empty()) {
        add(file, changes, SchemaChangeKind::sql, shown, ddl);
      }
      continue;
    }
    if (runs_stamp(line)) {
      add(file, changes, SchemaChangeKind::stamp, shown);
    }
    if (std::ranges::any_of(clients, [&](std::string_view client) { return has_word(line, client); })) {
      heredoc = heredoc_of(line);
      if (find_ddl(line, ddl) != std::string_view::npos) {
        add(file, changes, SchemaChangeKind::sql, shown, ddl);
      }
    }
  }
}

// ---- application code -----------------------------------------------------------------------------------------------

std::string_view last_name(const python::Expr* expression) {
  if (const auto* attribute = python::as<python::Attribute>(expression)) {
    return attribute->attr;
  }
  const auto* name = python::as<python::Name>(expression);
  return name ? name->id : std::string_view();
}

// The text that an argument begins with, as far as it is in the file: what decides which statement it is.
std::string_view leading_text(const python::Expr* argument) {
  if (const auto* joined = python::as<python::JoinedStr>(argument); joined && !joined->values.empty()) {
    argument = joined->values.front();
  } else if (const auto* sum = python::as<python::BinOp>(argument)) {
    return leading_text(sum->left);
  } else if (const auto* call = python::as<python::Call>(argument)) {  // "…".format(…)
    const auto* method = python::as<python::Attribute>(call->func);
    return method && method->attr == "format" ? leading_text(method->value) : std::string_view();
  }
  const auto* constant = python::as<python::Constant>(argument);
  return constant && constant->value_kind == python::ConstantKind::Str ? constant->value : std::string_view();
}

void read_call(File& file, Changes& changes, const python::Call& call) {
  // Those of SQLAlchemy and of DB-API.
  constexpr std::array<std::string_view, 10> runners = {"execute",     "exec",       "exec_driver_sql", "executescript",
                                                        "text",        "DDL",        "scalar",          "scalars",
                                                        "executemany", "execute_sql"};
  const std::string_view name = last_name(call.func);
  if (!is_one_of(runners, name) || call.args.empty()) {
    return;
  }
  std::string_view sql = leading_text(call.args.front());
  std::string with_value;
  if (python::as<python::JoinedStr>(call.args.front())) {
    with_value = std::string(sql) + "{}";  // the name may be the value that follows
    sql = with_value;
  }
  if (const Ddl ddl = ddl_at(sql); !ddl.statement.empty()) {
    add(file, changes, SchemaChangeKind::sql, call.span, ddl);
  }
}

void read_attribute(File& file, Changes& changes, const python::Attribute& attribute) {
  if (attribute.attr == "create_all" || attribute.attr == "drop_all") {
    add(file, changes, attribute.attr == "create_all" ? SchemaChangeKind::create_all : SchemaChangeKind::drop_all,
        attribute.span);
  } else if ((attribute.attr == "create" || attribute.attr == "drop") && last_name(attribute.value) == "__table__") {
    add(file, changes, attribute.attr == "create" ? SchemaChangeKind::create_table : SchemaChangeKind::drop_table,
        attribute.span);
  } else if (attribute.attr == "stamp" && last_name(attribute.value) == "command") {  // of alembic.command
    add(file, changes, SchemaChangeKind::stamp, attribute.span);
  }
}

// Code whose own text is not what was parsed (a coding cookie) has other places, so nothing is said about it.
std::optional<python::ParseResult> parse_code(const File& file, const ReadOptions& options, Arena& arena) {
  if (file.problem != FileProblem::none) {
    return std::nullopt;
  }
  const python::ParseResult parsed =
      python::parse(file.source.text, {options.python_major, options.python_minor}, arena);
  return parsed && parsed.text.data() == file.source.text.data() ? std::optional(parsed) : std::nullopt;
}

void read_code(File& file, const ReadOptions& options, Changes& changes) {
  Arena arena;
  const auto parsed = parse_code(file, options, arena);
  for (const python::Stmt* statement : parsed ? parsed->module->body : python::Sequence<python::Stmt*>()) {
    python::walk(*statement, [&](const python::Node& node) {
      if (const auto* call = python::as<python::Call>(&node)) {
        read_call(file, changes, *call);
      } else if (const auto* attribute = python::as<python::Attribute>(&node)) {
        read_attribute(file, changes, *attribute);
      }
      return true;
    });
  }
}

}  // namespace

std::string_view fold(std::string_view text, Arena& arena) {
  std::string folded;
  for (const char c : text) {
    if (!is_space(c)) {
      folded += c;
    } else if (!folded.empty() && folded.back() != ' ') {
      folded += ' ';
    }
    if (folded.size() > longest_text) {
      while (!folded.empty() && (static_cast<unsigned char>(folded.back()) & 0xC0) == 0x80) {
        folded.pop_back();
      }
      folded.pop_back();
      folded += "…";
      break;
    }
  }
  if (folded.ends_with(' ')) {
    folded.pop_back();
  }
  return arena.copy(std::string_view(folded));
}

bool may_change_schema(std::string_view text) {
  constexpr std::string_view words[] = {"create_all", "drop_all", "__table__", ".stamp", "CREATE ",
                                        "ALTER ",     "DROP ",    "create ",   "alter ", "drop "};
  return std::ranges::any_of(words, [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

void read_schema_changes(File& file, const ReadOptions& options) {
  if (file.problem != FileProblem::none) {
    return;
  }
  Changes changes;
  switch (file.language) {
    case Language::python:
      if (may_change_schema(file.source.text)) {
        read_code(file, options, changes);
      }
      break;
    case Language::sql:
      read_sql_file(file, changes);
      break;
    case Language::shell:
    case Language::yaml:
    case Language::docker:
    case Language::make:
    case Language::just:
      read_script(file, changes);
      break;
    default:
      break;
  }
  file.schema_changes = file.arena.copy(changes);
}

Texts imports_of(const python::Module& module, Arena& arena) {
  std::vector<Text> modules;
  const auto add_module = [&](std::string text, Span span) {
    modules.push_back(known(arena.copy(std::string_view(text)), span));
  };
  for (const python::Stmt* statement : module.body) {
    python::walk(*statement, [&](const python::Node& node) {
      if (const auto* import = python::as<python::Import>(&node)) {
        for (const python::Alias& alias : import->names) {
          add_module(std::string(alias.name), alias.span);
        }
      } else if (const auto* from = python::as<python::ImportFrom>(&node)) {
        add_module(std::string(from->level, '.') + std::string(from->module), from->span);
      }
      return python::is_stmt(node.kind);
    });
  }
  return {arena.copy(modules), State::known, false};
}

void read_imports(File& file, const ReadOptions& options) {
  Arena arena;
  const auto parsed = parse_code(file, options, arena);
  file.imports = parsed ? imports_of(*parsed->module, file.arena) : Texts{{}, State::unknown, true};
}

}  // namespace spiritsafe
