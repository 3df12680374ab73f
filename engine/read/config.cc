// SPDX-License-Identifier: Apache-2.0
#include "engine/read/config.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

namespace spiritsafe {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto space = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && space(text.front())) text.remove_prefix(1);
  while (!text.empty() && space(text.back())) text.remove_suffix(1);
  return text;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
  return out;
}

// `version_path_separator = os  # comment` is common, and what is meant is plain.
std::string_view without_inline_comment(std::string_view value) {
  for (size_t i = 1; i < value.size(); ++i) {
    if ((value[i] == '#' || value[i] == ';') && (value[i - 1] == ' ' || value[i - 1] == '\t')) {
      return trimmed(value.substr(0, i));
    }
  }
  return value;
}

using Keys = std::map<std::string, std::string>;

// A value with `%(name)s` replaced from the section, the defaults and `here`; `%%` is one percent sign. What cannot be
// replaced stays as it is written: only keys that we use matter, and those are judged by what they name.
std::string interpolated(std::string_view value, const Keys& keys, std::string_view here, int depth = 0) {
  std::string out;
  constexpr int deepest = 10;  // ConfigParser's own bound
  for (size_t i = 0; i < value.size(); ++i) {
    if (value[i] != '%' || i + 1 == value.size()) {
      out += value[i];
    } else if (value[i + 1] == '%') {
      out += '%';
      ++i;
    } else if (const size_t end = value.find(")s", i);
               value[i + 1] == '(' && end != std::string_view::npos && depth < deepest) {
      const std::string name = lower(value.substr(i + 2, end - i - 2));
      if (name == "here") {
        out += here;
      } else if (const auto found = keys.find(name); found != keys.end()) {
        out += interpolated(found->second, keys, here, depth + 1);
      } else {
        out += value.substr(i, end + 2 - i);
      }
      i = end + 1;
    } else {
      out += value[i];
    }
  }
  return out;
}

std::vector<std::string> split_any(std::string_view text, std::string_view separators) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const size_t end = std::min(text.find_first_of(separators), text.size());
    if (const std::string_view part = trimmed(text.substr(0, end)); !part.empty()) {
      parts.emplace_back(part);
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

// path_separator (1.16), version_path_separator (before), or the old split at spaces and commas.
std::string separators_of(const Keys& keys) {
  for (const char* name : {"path_separator", "version_path_separator"}) {
    const auto found = keys.find(name);
    if (found == keys.end()) {
      continue;
    }
    const std::string_view value = without_inline_comment(found->second);
    return value == "os" ? ":" : value == "space" ? " " : value == "newline" ? "\n" : std::string(value);
  }
  return ", \n";
}

bool is_true(std::string_view value) {
  const std::string word = lower(value);
  return word == "true" || word == "yes" || word == "on" || word == "1";
}

AlembicSection section_of(const std::string& name, const Keys& keys, std::string_view here) {
  const auto value = [&](const char* key) {
    const auto found = keys.find(key);
    return found == keys.end() ? std::string() : interpolated(without_inline_comment(found->second), keys, here);
  };
  AlembicSection section;
  section.name = name;
  section.script_location = value("script_location");
  section.version_locations = split_any(value("version_locations"), separators_of(keys));
  section.recursive = is_true(value("recursive_version_locations"));
  section.file_template = value("file_template");
  section.truncate_slug_length = value("truncate_slug_length");
  section.url = value("sqlalchemy.url");
  section.prepend_sys_path = split_any(value("prepend_sys_path"), separators_of(keys));
  return section;
}

struct Ini {
  std::vector<std::pair<std::string, Keys>> sections = {};
  Keys defaults = {};
};

Result<Ini> parse_ini(std::string_view path, std::string_view text) {
  Ini ini;
  Errors errors;
  const LineIndex lines(text);
  Keys* keys = nullptr;
  std::string* last_value = nullptr;
  for (uint32_t number = 1; number <= lines.line_count(); ++number) {
    const std::string_view line = lines.line(number);
    const std::string_view content = trimmed(line);
    if (content.empty() || content[0] == '#' || content[0] == ';') {
      continue;
    }
    if ((line[0] == ' ' || line[0] == '\t') && last_value) {
      *last_value += "\n" + std::string(content);
      continue;
    }
    last_value = nullptr;
    if (content[0] == '[') {
      const size_t end = content.find(']');
      const std::string name(content.substr(1, end == std::string_view::npos ? end : end - 1));
      keys = name == "DEFAULT" ? &ini.defaults : &ini.sections.emplace_back(name, Keys()).second;
      continue;
    }
    const size_t separator = content.find_first_of("=:");
    if (!keys || separator == std::string_view::npos) {
      errors.push_back(
          error_at(path, text, lines.line_span(number),
                   keys ? "expected `key = value`" : "expected a section such as `[alembic]` before the first key"));
      continue;
    }
    last_value = &(*keys)[lower(trimmed(content.substr(0, separator)))];
    *last_value = trimmed(content.substr(separator + 1));
  }
  if (!errors.empty()) {
    return tl::unexpected(std::move(errors));
  }
  return ini;
}

std::string normalised_package(std::string_view text) {
  const size_t end = text.find_first_of(" \t<>=!~;[(@#");
  std::string name = lower(text.substr(0, end));
  std::ranges::replace(name, '_', '-');
  std::ranges::replace(name, '.', '-');
  return name;
}

void add_dependencies(const toml::node* node, std::vector<std::string>& names) {
  if (!node) {
    return;
  }
  if (const toml::array* list = node->as_array()) {
    for (const toml::node& item : *list) {
      if (const auto text = item.value<std::string>()) {
        names.push_back(normalised_package(*text));
      }
    }
  } else if (const toml::table* table = node->as_table()) {
    for (const auto& [key, value] : *table) {
      if (value.is_array()) {
        add_dependencies(&value, names);  // optional-dependencies, dependency-groups
      } else {
        names.push_back(normalised_package(key.str()));  // poetry: name = version
      }
    }
  }
}

AlembicSection toml_section(const toml::table& table, std::string_view here) {
  const auto text = [&](const char* key) { return interpolated(table[key].value_or(std::string()), {}, here); };
  const auto texts = [&](const char* key) {
    std::vector<std::string> out;
    if (const toml::array* list = table[key].as_array()) {
      for (const toml::node& item : *list) {
        out.push_back(interpolated(item.value_or(std::string()), {}, here));
      }
    } else if (!text(key).empty()) {
      out.push_back(text(key));
    }
    return out;
  };
  AlembicSection section;
  section.name = "alembic";
  section.script_location = text("script_location");
  section.version_locations = texts("version_locations");
  section.recursive = table["recursive_version_locations"].value_or(false);
  section.file_template = text("file_template");
  section.truncate_slug_length = text("truncate_slug_length");
  section.prepend_sys_path = texts("prepend_sys_path");
  return section;
}

}  // namespace

Result<std::vector<AlembicSection>> read_alembic_ini(std::string_view path, std::string_view text,
                                                     std::string_view here) {
  std::vector<AlembicSection> sections;
  if (text.find("script_location") == std::string_view::npos) {
    return sections;
  }
  const Result<Ini> ini = parse_ini(path, text);
  if (!ini) {
    return tl::unexpected(ini.error());
  }
  for (const auto& [name, own] : ini->sections) {
    Keys keys = ini->defaults;
    for (const auto& [key, value] : own) {
      keys[key] = value;
    }
    if (own.contains("script_location")) {
      sections.push_back(section_of(name, keys, here));
    }
  }
  return sections;
}

Result<Pyproject> read_pyproject(std::string_view path, std::string_view text, std::string_view here) {
  const toml::parse_result parsed = toml::parse(text);
  if (!parsed) {
    const auto& at = parsed.error().source().begin;
    const LineIndex lines(text);
    Error error;
    error.path = path;
    error.at = {at.line, at.column};
    error.message = "this is not TOML: " + std::string(parsed.error().description());
    error.line = lines.line(at.line);
    return tl::unexpected(Errors{std::move(error)});
  }
  const toml::table& root = parsed.table();
  Pyproject out;
  out.name = root["project"]["name"].value_or(root["tool"]["poetry"]["name"].value_or(std::string()));
  out.requires_python = root["project"]["requires-python"].value_or(std::string());
  if (out.requires_python.empty()) {
    out.requires_python = root["tool"]["poetry"]["dependencies"]["python"].value_or(std::string());
  }
  add_dependencies(root["project"]["dependencies"].node(), out.dependencies);
  add_dependencies(root["project"]["optional-dependencies"].node(), out.dependencies);
  add_dependencies(root["dependency-groups"].node(), out.dependencies);
  add_dependencies(root["tool"]["poetry"]["dependencies"].node(), out.dependencies);
  if (const toml::table* alembic = root["tool"]["alembic"].as_table();
      alembic && alembic->contains("script_location")) {
    out.alembic = toml_section(*alembic, here);
  }
  return out;
}

std::vector<std::string> read_requirements(std::string_view text) {
  std::vector<std::string> names;
  for (const std::string& line : split_any(text, "\n")) {
    if (line[0] != '#' && line[0] != '-') {
      names.push_back(normalised_package(line));
    }
  }
  return names;
}

std::string dialect_of_url(std::string_view url) {
  const size_t scheme = url.find("://");
  if (scheme == std::string_view::npos || scheme == 0) {
    return {};
  }
  const std::string_view before = url.substr(0, scheme);
  const size_t start = before.find_last_not_of("abcdefghijklmnopqrstuvwxyz0123456789+_");
  const std::string_view name = before.substr(start == std::string_view::npos ? 0 : start + 1);
  const std::string dialect = lower(name.substr(0, name.find('+')));
  static constexpr std::array known = {"postgresql", "postgres", "sqlite", "mysql",
                                       "mariadb",    "oracle",   "mssql",  "cockroachdb"};
  if (std::ranges::find(known, dialect) == known.end()) {
    return {};
  }
  return dialect == "postgres" ? "postgresql" : dialect;
}

std::optional<std::pair<int, int>> lowest_python(std::string_view requires_python) {
  for (const std::string& part : split_any(requires_python, ",")) {
    std::string_view rest = part;
    const size_t digits = rest.find_first_of("0123456789");
    if (digits == std::string_view::npos) {
      continue;
    }
    const std::string_view operation = trimmed(rest.substr(0, digits));
    if (operation == "<" || operation == "<=" || operation == "!=") {
      continue;
    }
    int major = 0, minor = 0;
    const char* end = rest.data() + rest.size();
    const auto [next, error] = std::from_chars(rest.data() + digits, end, major);
    if (error != std::errc() || next == end || *next != '.' ||
        std::from_chars(next + 1, end, minor).ec != std::errc()) {
      continue;
    }
    return std::pair{major, operation == ">" ? minor + 1 : minor};
  }
  return {};
}

}  // namespace spiritsafe
