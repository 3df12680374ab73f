// SPDX-License-Identifier: Apache-2.0
#include "engine/schema/expression.h"

#include <algorithm>

namespace spiritsafe {
namespace {

constexpr int most_parentheses = 20;  // that are taken away from around a text

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Behind what stands in quotes from `at` on, where two of them are one.
size_t end_of_quoted(std::string_view text, size_t at) {
  const char quote = text[at++];
  while (at < text.size() && (text[at] != quote || (at + 1 < text.size() && text[at + 1] == quote))) {
    at += text[at] == quote ? 2 : 1;
  }
  return std::min(at + 1, text.size());
}

size_t behind_spaces(std::string_view text, size_t at) {
  while (at < text.size() && is_space(text[at])) {
    ++at;
  }
  return at;
}

std::string word_at(std::string_view text, size_t at) {
  std::string word;
  for (; at < text.size() && is_word(text[at]); ++at) {
    word += lower(text[at]);
  }
  return word;
}

// Behind the type of a cast, whose text begins at `at`.
size_t end_of_type(std::string_view text, size_t at) {
  at = behind_spaces(text, at);
  while (at < text.size() && (is_word(text[at]) || text[at] == '.' || text[at] == '"')) {
    at = text[at] == '"' ? end_of_quoted(text, at) : at + 1;
  }
  const auto skip = [&](std::string_view word) {
    const size_t next = behind_spaces(text, at);
    at = word_at(text, next) == word ? next + word.size() : at;
  };
  const auto skip_brackets = [&](char open, char close) {
    if (at < text.size() && text[at] == open) {
      at = std::min(text.find(close, at), text.size() - 1) + 1;
    }
  };
  for (const std::string_view word : {"varying", "precision"}) {
    skip(word);
  }
  skip_brackets('(', ')');
  for (const std::string_view word : {"with", "without", "time", "zone"}) {
    skip(word);
  }
  skip_brackets('[', ']');
  return at;
}

// Do the first and the last parenthesis belong together, and stand around all?
bool is_wrapped(std::string_view text) {
  if (text.size() < 2 || text.front() != '(' || text.back() != ')') {
    return false;
  }
  int depth = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\'' || text[at] == '"') {
      at = end_of_quoted(text, at) - 1;
      continue;
    }
    depth += text[at] == '(' ? 1 : text[at] == ')' ? -1 : 0;
    if (depth == 0 && at + 1 < text.size()) {
      return false;
    }
  }
  return depth == 0;
}

enum class Literal : uint8_t { none, integer, boolean, text };

// The value of a literal, without its quotes.
Literal literal_of(const std::string& text, std::string& value) {
  const bool quoted = text.size() >= 2 && text.front() == '\'' && end_of_quoted(text, 0) == text.size();
  value.clear();
  for (size_t at = quoted ? 1 : 0; at < text.size() - (quoted ? 1 : 0); ++at) {
    value += text[at];
    at += quoted && text[at] == '\'' ? 1 : 0;
  }
  const size_t sign = value.starts_with('-') ? 1 : 0;
  const bool digits =
      value.size() > sign && std::all_of(value.begin() + static_cast<long>(sign), value.end(), is_digit);
  if (digits && (value[sign] != '0' || value.size() == 1)) {
    return Literal::integer;
  }
  if (std::string word(value); std::ranges::transform(word, word.begin(), lower), word == "true" || word == "false") {
    value = word;
    return Literal::boolean;
  }
  return quoted ? Literal::text : Literal::none;
}

// Of a normalised text: a word or number, something in quotes, an operator, or another character.
std::string_view take_token(std::string_view& text) {
  static constexpr std::string_view operators = "<>=!~+-*/%&|^#@";
  size_t end = 1;
  if (text[0] == '\'' || text[0] == '"') {
    end = end_of_quoted(text, 0);
  } else if (is_word(text[0])) {
    const auto goes_on = [&](char c) { return is_word(c) || (is_digit(text[0]) && c == '.'); };
    while (end < text.size() && goes_on(text[end])) {
      ++end;
    }
  } else if (operators.find(text[0]) != operators.npos) {
    while (end < text.size() && operators.find(text[end]) != operators.npos) {
      ++end;
    }
  }
  const std::string_view token = text.substr(0, end);
  text.remove_prefix(behind_spaces(text, end));
  return token;
}

// Do two tokens say something else, for sure? `!=` is `<>`, and 1 is 01.
Truth same_token(std::string_view one, std::string_view other) {
  const auto is_operator = [](std::string_view token) {
    static constexpr std::string_view comparing[] = {"=", "<", ">", "<=", ">=", "<>", "!="};
    return std::ranges::find(comparing, token) != std::end(comparing);
  };
  const auto plain = [](std::string_view token) { return token == "!=" ? std::string_view("<>") : token; };
  // Words that have another one of the same meaning.
  const auto is_name = [](std::string_view token) {
    static constexpr std::string_view others[] = {"all", "any", "some", "true", "false", "null", "current_timestamp"};
    return is_word(token[0]) && !is_digit(token[0]) && std::ranges::find(others, token) == std::end(others);
  };
  const auto is_number = [](std::string_view token) { return std::ranges::all_of(token, is_digit); };
  const auto value = [](std::string_view token) {
    return token.substr(std::min(token.find_first_not_of('0'), token.size() - 1));
  };
  if (plain(one) == plain(other) || (is_number(one) && is_number(other) && value(one) == value(other))) {
    return Truth::yes;
  }
  const bool differ = (is_operator(one) && is_operator(other)) || (is_number(one) && is_number(other)) ||
                      (one[0] == '\'' && other[0] == '\'') || (is_name(one) && is_name(other));
  return differ ? Truth::no : Truth::unknown;
}

bool holds_texts(const Fact<TypeFamily>& family) {
  return family.is_known() && (family.value == TypeFamily::string || family.value == TypeFamily::text ||
                               family.value == TypeFamily::enumeration);
}

}  // namespace

std::string normalised_sql(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '\'' || c == '"') {
      const size_t end = end_of_quoted(text, at);
      out += text.substr(at, end - at);
      at = end;
    } else if (c == ':' && at + 1 < text.size() && text[at + 1] == ':') {
      at = end_of_type(text, at + 2);
    } else if (is_space(c)) {
      at = behind_spaces(text, at);
      const bool between_words = !out.empty() && at < text.size() && is_word(out.back()) && is_word(text[at]);
      out += between_words ? " " : "";
    } else {
      out += lower(c);
      ++at;
    }
  }
  for (int depth = 0; depth < most_parentheses && is_wrapped(out); ++depth) {
    out = out.substr(1, out.size() - 2);
  }
  return out == "now()" ? "current_timestamp" : out;
}

Truth same_default(std::string_view one, std::string_view other, const Fact<TypeFamily>& family) {
  const std::string first = normalised_sql(one), second = normalised_sql(other);
  std::string first_value, second_value;
  const Literal first_kind = literal_of(first, first_value), second_kind = literal_of(second, second_value);
  if (first == second) {
    return Truth::yes;
  }
  if (first_kind == Literal::none || second_kind == Literal::none) {
    // Which number a serial key's sequence has in its name is PostgreSQL's choice.
    return first.starts_with("nextval(") && second.starts_with("nextval(") ? Truth::yes : Truth::unknown;
  }
  if (first_value == second_value) {
    return Truth::yes;
  }
  const bool as_texts = holds_texts(family);
  return as_texts || (first_kind == second_kind && first_kind != Literal::text) ? Truth::no : Truth::unknown;
}

Truth same_expression(std::string_view one, std::string_view other) {
  const std::string first = normalised_sql(one), second = normalised_sql(other);
  std::string_view left = first, right = second;
  int differing = 0;
  // What a cast leads to is a type, which has many names.
  const bool casts = first.find("cast(") != first.npos || second.find("cast(") != second.npos;
  while (!left.empty() && !right.empty()) {
    const Truth same = same_token(take_token(left), take_token(right));
    if (same == Truth::unknown) {
      return Truth::unknown;
    }
    differing += same == Truth::no ? 1 : 0;
  }
  const bool comparable = left.empty() && right.empty() && differing <= 1 && !(casts && differing > 0);
  return !comparable ? Truth::unknown : truth(differing == 0);
}

}  // namespace spiritsafe
