// SPDX-License-Identifier: Apache-2.0
#include "engine/schema/file_name.h"

#include <algorithm>

namespace spiritsafe {
namespace {

constexpr size_t longest_template = 400;
constexpr size_t longest_name = 1000;

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

size_t read_number(std::string_view text, size_t& at) {
  size_t number = 0;
  while (at < text.size() && is_digit(text[at])) {
    number = std::min<size_t>(number * 10 + static_cast<size_t>(text[at++] - '0'), 100);
  }
  return number;
}

// None where it is more than Alembic's templates have.
std::vector<NamePart> read_parts(std::string_view text) {
  std::vector<NamePart> parts;
  if (text.empty() || text.size() > longest_template) {
    return {};
  }
  for (size_t at = 0; at < text.size();) {
    if (text[at] != '%') {
      if (parts.empty() || !parts.back().name.empty()) {
        parts.emplace_back();
      }
      parts.back().text += text[at++];
      continue;
    }
    at += text.substr(at, 3) == "%%(" ? 2 : 1;  // an .ini file doubles it
    const size_t close = text.find(')', at);
    if (at >= text.size() || text[at] != '(' || close == text.npos) {
      return {};
    }
    NamePart part;
    part.name = text.substr(at + 1, close - at - 1);
    at = close + 1;
    part.zero = at < text.size() && text[at] == '0';
    part.width = read_number(text, at);
    if (at < text.size() && text[at] == '.') {
      part.precision = read_number(text, ++at);
    }
    if (at >= text.size() || (text[at] != 's' && text[at] != 'd' && text[at] != 'i') || part.name.empty()) {
      return {};
    }
    part.type = text[at++];
    parts.push_back(std::move(part));
  }
  return parts;
}

// `2026-01-31 12:05:09.123456`, with any part left out from the right.
std::optional<int> date_part(std::string_view date, std::string_view name) {
  constexpr std::string_view names[] = {"year", "month", "day", "hour", "minute", "second"};
  constexpr size_t at[] = {0, 5, 8, 11, 14, 17};
  const auto which = static_cast<size_t>(std::ranges::find(names, name) - std::begin(names));
  if (which == std::size(names)) {
    return std::nullopt;
  }
  const size_t digits = which == 0 ? 4 : 2;
  const std::string_view part = date.size() >= at[which] + digits ? date.substr(at[which], digits) : "";
  const bool between = which == 0 || (date.size() > at[which] &&
                                      std::string_view("- T:").find(date[at[which] - 1]) != std::string_view::npos);
  if (part.empty() || !between || !std::ranges::all_of(part, is_digit)) {
    return std::nullopt;
  }
  int number = 0;
  for (const char c : part) {
    number = number * 10 + (c - '0');
  }
  return number;
}

std::optional<std::string> value_of(const NamePart& part, const Migration& migration, const FileNaming& naming) {
  std::string value;
  if (part.name == "rev" && migration.revision.is_known()) {
    value = migration.revision.value;
  } else if (part.name == "slug" && migration.message.is_known()) {
    // Without a message Alembic writes this into the header, and nothing into the name.
    const std::string_view message = migration.message.value == "empty message" ? "" : migration.message.value;
    const auto slug = slug_of(message, naming.longest_slug);
    if (!slug) {
      return std::nullopt;
    }
    value = *slug;
  } else if (const auto number = migration.header_create_date.is_known()
                                     ? date_part(migration.header_create_date.value, part.name)
                                     : std::nullopt) {
    value = std::to_string(*number);
    const size_t digits = part.type == 's' ? 0 : part.precision.value_or(0);
    value.insert(0, digits > value.size() ? digits - value.size() : 0, '0');
    if (part.type == 's' && part.precision) {
      value.resize(std::min(value.size(), *part.precision));
    }
    value.insert(0, part.width > value.size() ? part.width - value.size() : 0,
                 part.zero && part.type != 's' ? '0' : ' ');
    return value;
  } else {
    return std::nullopt;
  }
  if (part.type != 's') {
    return std::nullopt;
  }
  value.resize(std::min(value.size(), part.precision.value_or(value.size())));
  value.insert(0, part.width > value.size() ? part.width - value.size() : 0, ' ');
  return value;
}

// The end of the path that the template speaks of, without .py: it may name folders.
std::string_view name_of_file(const Migration& migration, const FileNaming& naming) {
  size_t folders = 0;
  for (const NamePart& part : naming.parts) {
    folders += static_cast<size_t>(std::ranges::count(part.text, '/'));
  }
  std::string_view path = migration.file->source.path;
  if (path.ends_with(".py")) {
    path.remove_suffix(3);
  }
  size_t begin = path.size();
  for (size_t i = 0; i <= folders && begin != path.npos; ++i) {
    begin = begin == 0 ? path.npos : path.rfind('/', begin - 1);
  }
  return begin == path.npos ? path : path.substr(begin + 1);
}

// The places of `name` that can be reached from those in `from` by one part.
std::vector<bool> step(const std::vector<bool>& from, std::string_view name, const NamePart& part,
                       std::string_view revision) {
  std::vector<bool> to(name.size() + 1, false);
  const auto literal = [&](std::string_view text) {
    for (size_t i = 0; i < from.size(); ++i) {
      if (from[i] && name.substr(i, text.size()) == text) {
        to[i + text.size()] = true;
      }
    }
  };
  const auto run_of = [&](auto is_part, size_t least) {
    for (size_t i = 0; i < from.size(); ++i) {
      for (size_t end = i; from[i] && end <= name.size(); ++end) {
        if (end - i >= least) {
          to[end] = true;
        }
        if (end == name.size() || !is_part(name[end])) {
          break;
        }
      }
    }
  };
  if (part.name.empty()) {
    literal(part.text);
  } else if (part.name == "rev") {
    literal(revision.substr(0, part.precision.value_or(revision.size())));
  } else if (part.name == "slug") {
    run_of(is_word, 0);
  } else {
    run_of(is_digit, std::max<size_t>(1, part.precision.value_or(0)));
  }
  return to;
}

}  // namespace

std::optional<std::string> slug_of(std::string_view message, size_t longest) {
  std::string slug;
  bool between = false;
  for (const char c : message) {
    if (static_cast<unsigned char>(c) >= 0x80) {
      return std::nullopt;
    }
    if (!is_word(c)) {
      between = true;
      continue;
    }
    slug += between && !slug.empty() ? "_" : "";
    between = false;
    slug += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  if (slug.size() > longest) {
    slug.resize(longest);
    slug.resize(std::min(slug.rfind('_'), slug.size()));
    slug += '_';
  }
  return slug;
}

FileNaming file_naming(const Settings& settings) {
  return {read_parts(settings.file_template), static_cast<size_t>(std::max(settings.truncate_slug_length, 1))};
}

std::optional<std::string> expected_name(const Migration& migration, const FileNaming& naming) {
  if (naming.parts.empty()) {
    return std::nullopt;
  }
  std::string name;
  for (const NamePart& part : naming.parts) {
    const auto value = part.name.empty() ? std::optional(part.text) : value_of(part, migration, naming);
    if (!value) {
      return std::nullopt;
    }
    name += *value;
  }
  return name;
}

Truth follows_template(const Migration& migration, const FileNaming& naming) {
  const std::string_view name = name_of_file(migration, naming);
  if (naming.parts.empty() || name.empty() || name.size() > longest_name || !migration.revision.is_known()) {
    return Truth::unknown;
  }
  std::vector<bool> reached(name.size() + 1, false);
  reached[0] = true;
  for (const NamePart& part : naming.parts) {
    reached = step(reached, name, part, migration.revision.value);
  }
  return truth(reached[name.size()]);
}

}  // namespace spiritsafe
