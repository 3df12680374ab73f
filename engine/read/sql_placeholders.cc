// SPDX-License-Identifier: Apache-2.0
#include "engine/read/sql_placeholders.h"

#include <algorithm>

#include "engine/read/sql_words.h"

namespace spiritsafe {
namespace {

constexpr size_t longest = 1000;  // bytes of one placeholder

bool begins_name(char c) { return is_sql_word(c) && !(c >= '0' && c <= '9'); }

// Where what ends in `close` ends; `at`: nowhere near.
size_t behind_close(std::string_view sql, size_t at, size_t width, std::string_view close) {
  const size_t found = sql.substr(at, longest).find(close, width);
  return found == std::string_view::npos ? at : at + found + close.size();
}

size_t behind_variable(std::string_view sql, size_t at) {
  const size_t end = behind_close(sql, at, 2, "}");
  const std::string_view name = sql.substr(at + 2, end > at ? end - at - 3 : 0);
  const bool plain = std::ranges::none_of(name, [](char c) { return c == '\n' || c == '\'' || c == '{' || c == '$'; });
  return plain && !name.empty() ? end : at;
}

// `:name`, `:"name"` and `:'name'`; neither a cast nor the bound of a slice.
size_t behind_colon(std::string_view sql, size_t at) {
  const char before = at > 0 ? sql[at - 1] : ' ';
  size_t end = at + 1;
  const char quote = end < sql.size() && (sql[end] == '"' || sql[end] == '\'') ? sql[end] : '\0';
  end += quote ? 1 : 0;
  if (before == ':' || before == ']' || is_sql_word(before) || end >= sql.size() || !begins_name(sql[end])) {
    return at;
  }
  while (end < sql.size() && is_sql_word(sql[end])) {
    ++end;
  }
  if (quote) {
    return end < sql.size() && sql[end] == quote ? end + 1 : at;
  }
  return end;
}

size_t behind_placeholder(std::string_view sql, size_t at) {
  const std::string_view two = sql.substr(at, 2);
  if (two == "{{") {
    return behind_close(sql, at, 2, "}}");
  }
  if (two == "{%" || two == "{#") {
    return behind_close(sql, at, 2, two == "{%" ? "%}" : "#}");
  }
  if (two == "${") {
    return behind_variable(sql, at);
  }
  return two.starts_with(':') ? behind_colon(sql, at) : at;
}

PlaceholderRole role_of(std::string_view text) {
  if (text.starts_with("{#")) {
    return PlaceholderRole::nothing;
  }
  const bool is_block = text.starts_with("{%");
  if (!is_block && !text.starts_with("{{")) {
    return PlaceholderRole::name;
  }
  std::string_view inner = text.substr(2);
  inner.remove_prefix(std::min(inner.find_first_not_of("-+ \t\r\n"), inner.size()));
  const char first = inner.empty() ? '}' : inner.front();
  if (first == '!' || first == '/' || first == '}' || (!is_block && inner.find(":=") != std::string_view::npos)) {
    return PlaceholderRole::nothing;
  }
  std::string_view word = inner.substr(0, inner.find_first_not_of("abcdefghijklmnopqrstuvwxyz"));
  static constexpr std::string_view ends[] = {"break", "continue", "elif", "else", "end"};
  static constexpr std::string_view decides[] = {"block", "define", "if", "include", "range", "template", "with"};
  const bool is_end = std::ranges::find(ends, word) != std::end(ends) || (is_block && word.starts_with("end"));
  if (is_end) {
    return PlaceholderRole::nothing;
  }
  const bool is_control =
      is_block || first == '#' || first == '^' || first == '>' || std::ranges::find(decides, word) != std::end(decides);
  return is_control ? PlaceholderRole::control : PlaceholderRole::name;
}

// However it is spaced, whether or not the space around it is cut off (`{{- .Schema }}`), and with or without psql's
// quotes, it is one placeholder.
std::string folded_text(std::string_view text) {
  std::string folded;
  const bool is_psql = text.starts_with(':');
  for (const char c : text) {
    const bool is_trimmed = is_sql_space(c) || (c == '-' && folded == "{{") || (is_psql && (c == '"' || c == '\''));
    folded += is_trimmed ? "" : std::string(1, c);
  }
  return folded;
}

// Behind the dot of `… .name`; `at`: no name follows.
size_t behind_dot(std::string_view sql, size_t at) {
  const auto skip_space = [&](size_t from) {
    while (from < sql.size() && is_sql_space(sql[from])) {
      ++from;
    }
    return from;
  };
  const size_t dot = skip_space(at);
  if (dot >= sql.size() || sql[dot] != '.') {
    return at;
  }
  const size_t name = skip_space(dot + 1);
  const bool follows =
      name < sql.size() && (begins_name(sql[name]) || sql[name] == '"' || behind_placeholder(sql, name) > name);
  return follows ? dot + 1 : at;
}

// `begin` to `end`, perhaps with quotes around it: a schema, if a name follows.
void take_schema(std::string_view sql, size_t begin, size_t end, Placeholder& placeholder) {
  const bool is_alone = begin == 0 || !(is_sql_word(sql[begin - 1]) || sql[begin - 1] == '.');
  const size_t behind = is_alone ? behind_dot(sql, end) : end;
  if (behind > end) {
    placeholder.role = PlaceholderRole::schema;
    placeholder.span = {static_cast<uint32_t>(begin), static_cast<uint32_t>(behind)};
  }
}

// An array of arrays is written with two braces as well.
bool is_in_text(std::string_view sql, size_t at) {
  return sql[at] == '$' ||
         (at + 2 < sql.size() && std::string_view(" .-$").find(sql[at + 2]) != std::string_view::npos);
}

Placeholder plain_placeholder(std::string_view sql, size_t at) {
  Placeholder placeholder;
  const size_t end = behind_placeholder(sql, at);
  if (end > at) {
    const std::string_view text = sql.substr(at, end - at);
    placeholder.span = {static_cast<uint32_t>(at), static_cast<uint32_t>(end)};
    placeholder.role = role_of(text);
    placeholder.text = folded_text(text);
    placeholder.is_string = text.starts_with(":'");
  }
  return placeholder;
}

}  // namespace

bool may_have_placeholders(std::string_view sql) {
  for (const char sign : {'{', '$', ':'}) {
    for (size_t at = sql.find(sign); at != std::string_view::npos; at = sql.find(sign, at + 1)) {
      if (behind_placeholder(sql, at) > at) {
        return true;
      }
    }
  }
  return false;
}

Placeholder placeholder_at(std::string_view sql, size_t at) {
  Placeholder placeholder = plain_placeholder(sql, at);
  if (placeholder.span.end > at && placeholder.role == PlaceholderRole::name && !placeholder.is_string) {
    take_schema(sql, at, placeholder.span.end, placeholder);
  }
  return placeholder;
}

size_t skip_quoted_with_placeholders(std::string_view sql, size_t at, std::vector<Placeholder>& found) {
  const size_t behind = skip_quoted(sql, at);
  const char quote = sql[at];
  if (behind == at) {
    return at;
  }
  const std::string_view inside = sql.substr(at, behind - at);
  const bool may_have = inside.find("{{") != std::string_view::npos || inside.find("${") != std::string_view::npos;
  if ((quote != '"' && quote != '\'') || !may_have) {
    return behind;
  }
  const size_t first = found.size();
  size_t end = at + 1;
  while (end < sql.size() && sql[end] != quote) {
    const bool begins = (sql[end] == '{' || sql[end] == '$') && (quote == '"' || is_in_text(sql, end));
    Placeholder placeholder = begins ? plain_placeholder(sql, end) : Placeholder{};
    if (placeholder.span.end > end) {
      end = placeholder.span.end;
      found.push_back(std::move(placeholder));
    } else {
      ++end;
    }
  }
  end = std::min(end + 1, sql.size());
  const bool is_whole = quote == '"' && found.size() == first + 1 && found.back().span.begin == at + 1 &&
                        found.back().span.end + 1 == end;
  if (is_whole) {
    take_schema(sql, at, end, found.back());
    return found.back().role == PlaceholderRole::schema ? found.back().span.end : end;
  }
  return end;
}

FilledSql fill_placeholders(std::string_view sql, Span piece, const std::vector<Placeholder>& placeholders,
                            bool parted) {
  FilledSql filled;
  filled.places.whole = piece;
  size_t at = piece.begin;
  const auto add = [&](std::string_view text, size_t begin, size_t end) {
    if (!text.empty()) {
      filled.places.runs.push_back({static_cast<uint32_t>(filled.sql.size()),
                                    static_cast<uint32_t>(text.size()),
                                    {static_cast<uint32_t>(begin), static_cast<uint32_t>(end)}});
      filled.sql.append(text);
    }
  };
  auto next =
      std::ranges::lower_bound(placeholders, piece.begin, {}, [](const Placeholder& each) { return each.span.begin; });
  for (; next != placeholders.end() && next->span.begin < piece.end; ++next) {
    const Span span = next->span;
    filled.has_placeholders = true;
    filled.has_control |= next->role == PlaceholderRole::control || next->role == PlaceholderRole::nothing;
    if (next->role != PlaceholderRole::schema && next->role != PlaceholderRole::name) {
      continue;  // spaces have its place already
    }
    add(sql.substr(at, span.begin - at), at, span.begin);
    at = span.end;
    if (next->role == PlaceholderRole::name) {
      add(next->is_string ? "'" + std::string(sql_hole) + "'" : std::string(sql_hole), span.begin, span.end);
    } else if (parted) {
      std::string name = "\"";
      for (const char c : next->text) {
        name.append(c == '"' ? 2 : 1, c);
      }
      add(name + "\".", span.begin, span.end);
    }
  }
  add(sql.substr(at, piece.end - at), at, piece.end);
  return filled;
}

}  // namespace spiritsafe
