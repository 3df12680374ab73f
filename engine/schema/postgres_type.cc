// SPDX-License-Identifier: Apache-2.0
#include "engine/schema/postgres_type.h"

#include <algorithm>
#include <string>
#include <vector>

namespace spiritsafe {
namespace {

struct TypeRow {
  std::string_view written = {};  // lower case, without arguments
  std::string_view name = {};
};

// What SQLAlchemy's classes and SQL's words mean to PostgreSQL, in the order of their bytes. Those whose arguments
// change the name are in `name_of_family` too.
constexpr TypeRow rows[] = {
    {"autostring", "character varying"},
    {"bigint", "bigint"},
    {"biginteger", "bigint"},
    {"bigserial", "bigint"},
    {"bit", "bit"},
    {"bit varying", "bit varying"},
    {"bool", "boolean"},
    {"boolean", "boolean"},
    {"bytea", "bytea"},
    {"char", "character"},
    {"character", "character"},
    {"character varying", "character varying"},
    {"cidr", "cidr"},
    {"citext", "citext"},
    {"date", "date"},
    {"daterange", "daterange"},
    {"datetime", "timestamp without time zone"},
    {"decimal", "numeric"},
    {"double", "double precision"},
    {"double precision", "double precision"},
    {"double_precision", "double precision"},
    {"float", "double precision"},
    {"float4", "real"},
    {"float8", "double precision"},
    {"guid", "uuid"},
    {"hstore", "hstore"},
    {"inet", "inet"},
    {"int", "integer"},
    {"int2", "smallint"},
    {"int4", "integer"},
    {"int4range", "int4range"},
    {"int8", "bigint"},
    {"int8range", "int8range"},
    {"integer", "integer"},
    {"interval", "interval"},
    {"json", "json"},
    {"jsonb", "jsonb"},
    {"largebinary", "bytea"},
    {"macaddr", "macaddr"},
    {"macaddr8", "macaddr8"},
    {"money", "money"},
    {"numeric", "numeric"},
    {"numrange", "numrange"},
    {"oid", "oid"},
    {"real", "real"},
    {"regclass", "regclass"},
    {"serial", "integer"},
    {"smallint", "smallint"},
    {"smallinteger", "smallint"},
    {"smallserial", "smallint"},
    {"string", "character varying"},
    {"text", "text"},
    {"time", "time without time zone"},
    {"time with time zone", "time with time zone"},
    {"time without time zone", "time without time zone"},
    {"timestamp", "timestamp without time zone"},
    {"timestamp with time zone", "timestamp with time zone"},
    {"timestamp without time zone", "timestamp without time zone"},
    {"timestamptz", "timestamp with time zone"},
    {"timetz", "time with time zone"},
    {"tsquery", "tsquery"},
    {"tsrange", "tsrange"},
    {"tstzrange", "tstzrange"},
    {"tsvector", "tsvector"},
    {"unicode", "character varying"},
    {"unicodetext", "text"},
    {"uuid", "uuid"},
    {"varbit", "bit varying"},
    {"varchar", "character varying"},
    {"xml", "xml"},
};
static_assert(std::ranges::is_sorted(rows, {}, &TypeRow::written));

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(),
                         [](char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); });
  return result;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') {
    text.remove_prefix(1);
  }
  while (!text.empty() && text.back() == ' ') {
    text.remove_suffix(1);
  }
  return text;
}

// What stands between the first parenthesis and the one that closes it; the commas of inner ones do not part it.
std::vector<std::string_view> arguments_in(std::string_view text, size_t open, size_t& end) {
  std::vector<std::string_view> arguments;
  int depth = 0;
  size_t begin = open + 1;
  for (size_t i = open; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '(' || c == '[') {
      ++depth;
    } else if (c == ')' || c == ']') {
      --depth;
    }
    if ((c == ',' && depth == 1) || depth == 0) {
      if (const std::string_view argument = trimmed(text.substr(begin, i - begin)); !argument.empty()) {
        arguments.push_back(argument);
      }
      begin = i + 1;
    }
    if (depth == 0) {
      end = i + 1;
      return arguments;
    }
  }
  end = text.size();
  return arguments;
}

bool is_number(std::string_view text) {
  return !text.empty() && text.size() < 10 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// `time` with its fractional digits and zone: `timestamp(3) with time zone`.
std::string with_zone(std::string_view name, std::string_view digits, bool zone) {
  std::string result(name);
  if (!digits.empty()) {
    result.append("(").append(digits).append(")");
  }
  return result.append(zone ? " with time zone" : " without time zone");
}

// Empty where it is not known.
std::string type_of_text(std::string_view written, int depth) {
  std::string text = lower(trimmed(written));
  if (depth > 5 || text.empty()) {
    return {};
  }
  if (text.ends_with("[]")) {
    const std::string inner = type_of_text(std::string_view(text).substr(0, text.size() - 2), depth + 1);
    return inner.empty() ? inner : inner.ends_with("[]") ? inner : inner + "[]";
  }
  const size_t open = text.find('(');
  size_t end = text.size();
  std::vector<std::string_view> arguments;
  std::string word = text;
  if (open != std::string::npos) {
    arguments = arguments_in(text, open, end);
    word = std::string(trimmed(std::string_view(text).substr(0, open)));
    word += text.substr(end);  // `timestamp(3) with time zone`
  }
  bool zone = false;
  std::vector<std::string_view> numbers;
  for (std::string_view argument : arguments) {
    const size_t equals = argument.find('=');
    const std::string_view name = equals == std::string_view::npos ? std::string_view{} : argument.substr(0, equals);
    const std::string_view value = trimmed(equals == std::string_view::npos ? argument : argument.substr(equals + 1));
    if (name == "timezone") {
      if (value != "true" && value != "false") {
        return {};
      }
      zone = value == "true";
    } else if (name == "length" || name == "precision" || name == "scale" || name.empty()) {
      if (word != "array" && value != "none") {
        if (!is_number(value)) {
          return {};
        }
        numbers.push_back(value);
      }
    } else if (name == "native_uuid" || name == "native_enum" || name == "fields") {
      return {};
    }
  }
  if (word == "array") {
    const std::string inner = arguments.empty() ? std::string() : type_of_text(arguments.front(), depth + 1);
    return inner.empty() ? inner : inner.ends_with("[]") ? inner : inner + "[]";
  }
  const auto* row = std::ranges::lower_bound(rows, std::string_view(word), {}, &TypeRow::written);
  if (row == std::end(rows) || row->written != word) {
    return {};
  }
  std::string name(row->name);
  if (name.starts_with("timestamp")) {
    return with_zone("timestamp", numbers.empty() ? "" : numbers[0], zone || name.ends_with("with time zone"));
  }
  if (name.starts_with("time ")) {
    return with_zone("time", numbers.empty() ? "" : numbers[0], zone || name.ends_with("with time zone"));
  }
  if (name == "numeric") {
    if (!numbers.empty()) {
      name.append("(").append(numbers[0]).append(",").append(numbers.size() > 1 ? numbers[1] : "0").append(")");
    }
    return name;
  }
  if (word == "float") {
    return !numbers.empty() && std::stoi(std::string(numbers[0])) <= 24 ? "real" : name;
  }
  if (name == "character" || name == "bit") {
    return name.append("(").append(numbers.empty() ? "1" : numbers[0]).append(")");
  }
  if ((name == "character varying" || name == "bit varying") && !numbers.empty()) {
    return name.append("(").append(numbers[0]).append(")");
  }
  return name;
}

}  // namespace

Text postgres_type(const WrittenType& type, Arena& arena) {
  const Span span = type.text.span;
  if (!type.text.is_known() || type.family.is_unknown() || type.length.is_unknown() || type.precision.is_unknown() ||
      type.scale.is_unknown()) {
    return unknown<std::string_view>(span);
  }
  // with_variant: what it is on PostgreSQL is said by the family alone, where no argument matters.
  std::string written(type.text.value);
  if (written.find(".with_variant") != std::string::npos || written.find(".evaluates_none") != std::string::npos) {
    const bool plain = type.family.is_known() &&
                       (type.family.value == TypeFamily::json || type.family.value == TypeFamily::jsonb ||
                        type.family.value == TypeFamily::integer || type.family.value == TypeFamily::big_integer ||
                        type.family.value == TypeFamily::text || type.family.value == TypeFamily::uuid);
    if (!plain) {
      return unknown<std::string_view>(span);
    }
    written = type.family.value == TypeFamily::integer       ? "integer"
              : type.family.value == TypeFamily::big_integer ? "bigint"
                                                             : std::string(name_of(type.family.value));
  } else if (type.length.is_known() && type.family.is_known() && type.family.value == TypeFamily::string) {
    // The length may be written as the name of a constant.
    const size_t open = written.find('(');
    written.resize(std::min(open, written.size()));
    written += "(" + std::to_string(type.length.value) + ")";
  } else if (type.precision.is_known() && type.family.is_known() && type.family.value == TypeFamily::numeric) {
    written = "numeric(" + std::to_string(type.precision.value) + "," +
              std::to_string(type.scale.is_known() ? type.scale.value : 0) + ")";
  }
  const std::string name = type_of_text(written, 0);
  return name.empty() ? unknown<std::string_view>(span) : known(arena.copy(std::string_view(name)), span);
}

}  // namespace spiritsafe
