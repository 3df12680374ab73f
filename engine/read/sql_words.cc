// SPDX-License-Identifier: Apache-2.0
#include "engine/read/sql_words.h"

#include <algorithm>

namespace spiritsafe {
namespace {

// Calls `use` with each place outside of quotes and comments and how deep in parentheses it is, until it returns false.
template <class Use>
void each_place(std::string_view sql, SqlPiece within, Use use) {
  int depth = 0;
  for (size_t at = within.begin; at < within.end;) {
    if (const size_t behind = skip_quoted(sql, at); behind > at) {
      at = behind;
      continue;
    }
    const char c = sql[at];
    depth -= (c == ')' || c == ']') && depth > 0 ? 1 : 0;
    if (!use(at, depth)) {
      return;
    }
    depth += c == '(' || c == '[' ? 1 : 0;
    ++at;
  }
}

}  // namespace

bool is_sql_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

bool is_sql_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

namespace {

// PostgreSQL's comments nest.
size_t skip_comment(std::string_view sql, size_t at) {
  size_t depth = 0;
  while (at < sql.size()) {
    const std::string_view two = sql.substr(at, 2);
    depth += two == "/*" ? 1 : 0;
    depth -= two == "*/" ? 1 : 0;
    at += two == "/*" || two == "*/" ? 2 : 1;
    if (depth == 0) {
      break;
    }
  }
  return at;
}

// E'…', where a backslash keeps the quote behind it from ending the string.
bool has_escapes(std::string_view sql, size_t quote) {
  return quote > 0 && (sql[quote - 1] == 'E' || sql[quote - 1] == 'e') && (quote == 1 || !is_sql_word(sql[quote - 2]));
}

size_t skip_escaped(std::string_view sql, size_t at) {
  while (++at < sql.size() && sql[at] != '\'') {
    at += sql[at] == '\\' ? 1 : 0;
  }
  return std::min(at + 1, sql.size());
}

}  // namespace

size_t skip_quoted(std::string_view sql, size_t at) {
  switch (sql[at]) {
    case '\'':
    case '"':
    case '-':
    case '/':
    case '$':
      break;
    default:
      return at;  // nearly always
  }
  const auto behind = [&](std::string_view end, size_t from) {
    const size_t found = sql.find(end, from);
    return found == std::string_view::npos ? sql.size() : found + end.size();
  };
  if (sql[at] == '\'' && has_escapes(sql, at)) {
    return skip_escaped(sql, at);
  }
  if (sql[at] == '\'' || sql[at] == '"') {
    return behind(sql.substr(at, 1), at + 1);
  }
  if (sql.substr(at, 2) == "--") {
    return behind("\n", at);
  }
  if (sql.substr(at, 2) == "/*") {
    return skip_comment(sql, at);
  }
  if (sql[at] == '$' && (at == 0 || !is_sql_word(sql[at - 1]))) {
    size_t end = at + 1;
    while (end < sql.size() && is_sql_word(sql[end])) {
      ++end;
    }
    return end < sql.size() && sql[end] == '$' ? behind(sql.substr(at, end + 1 - at), end + 1) : at;
  }
  return at;
}

SqlPiece trimmed(std::string_view sql, SqlPiece piece) {
  while (piece.begin < piece.end) {
    const std::string_view two = sql.substr(piece.begin, 2);
    if (is_sql_space(sql[piece.begin])) {
      ++piece.begin;
    } else if (two == "--" || two == "/*") {
      piece.begin = std::min(skip_quoted(sql, piece.begin), piece.end);
    } else {
      break;
    }
  }
  // A comment at the end is seen from its beginning only.
  size_t end = piece.begin;
  for (size_t at = piece.begin; at < piece.end;) {
    const std::string_view two = sql.substr(at, 2);
    const size_t behind = std::max(skip_quoted(sql, at), at + 1);
    end = is_sql_space(sql[at]) || two == "--" || two == "/*" ? end : std::min(behind, piece.end);
    at = behind;
  }
  return {piece.begin, end};
}

std::vector<SqlPiece> pieces_at_commas(std::string_view sql, SqlPiece within) {
  std::vector<SqlPiece> pieces;
  size_t begin = within.begin;
  each_place(sql, within, [&](size_t at, int depth) {
    if (sql[at] == ',' && depth == 0) {
      pieces.push_back(trimmed(sql, {begin, at}));
      begin = at + 1;
    }
    return true;
  });
  pieces.push_back(trimmed(sql, {begin, within.end}));
  return pieces;
}

size_t find_sql_word(std::string_view sql, SqlPiece within, std::string_view word) {
  size_t found = std::string_view::npos;
  each_place(sql, within, [&](size_t at, int depth) {
    const bool begins = depth == 0 && (at == 0 || !is_sql_word(sql[at - 1])) && at + word.size() <= within.end &&
                        (at + word.size() == sql.size() || !is_sql_word(sql[at + word.size()]));
    const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b; };
    if (begins && std::equal(word.begin(), word.end(), sql.begin() + static_cast<std::ptrdiff_t>(at),
                             [&](char b, char a) { return same(a, b); })) {
      found = at;
      return false;
    }
    return true;
  });
  return found;
}

}  // namespace spiritsafe
