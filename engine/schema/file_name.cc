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

// Appends the words of a message; false where that depends on more of Unicode than ASCII.
bool append_slug(std::string& out, std::string_view message, size_t longest) {
  const size_t begin = out.size();
  bool between = false;
  for (const char c : message) {
    if (static_cast<unsigned char>(c) >= 0x80) {
      return false;
    }
    if (!is_word(c)) {
      between = out.size() > begin;
      continue;
    }
    if (between) {
      out += '_';
      between = false;
    }
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  if (out.size() - begin > longest) {
    out.resize(begin + longest);
    const size_t last = out.rfind('_');
    out.resize(last == out.npos || last < begin ? out.size() : last);
    out += '_';
  }
  return true;
}

void append_number(std::string& out, int number, const NamePart& part) {
  std::string digits = std::to_string(number);
  const size_t least = part.type == 's' ? 0 : part.precision.value_or(0);
  digits.insert(0, least > digits.size() ? least - digits.size() : 0, '0');
  if (part.type == 's' && part.precision) {
    digits.resize(std::min(digits.size(), *part.precision));
  }
  digits.insert(0, part.width > digits.size() ? part.width - digits.size() : 0,
                part.zero && part.type != 's' ? '0' : ' ');
  out += digits;
}

// False where the value is not known.
bool append_part(std::string& out, const NamePart& part, const Migration& migration, const FileNaming& naming) {
  const size_t begin = out.size();
  if (part.name.empty()) {
    out += part.text;
    return true;
  }
  if (part.name == "rev" || part.name == "slug") {
    const Text& from = part.name == "rev" ? migration.revision : migration.message;
    // Without a message Alembic writes this into the header, and nothing into the name.
    const std::string_view message = from.value == "empty message" ? std::string_view() : from.value;
    if (!from.is_known() || part.type != 's' ||
        (part.name == "slug" && !append_slug(out, message, naming.longest_slug))) {
      return false;
    }
    out += part.name == "rev" ? from.value : std::string_view();
    out.resize(std::min(out.size(), begin + part.precision.value_or(out.size())));
    const size_t length = out.size() - begin;
    out.insert(begin, part.width > length ? part.width - length : 0, ' ');
    return true;
  }
  const auto number =
      migration.header_create_date.is_known() ? date_part(migration.header_create_date.value, part.name) : std::nullopt;
  if (number) {
    append_number(out, *number, part);
  }
  return number.has_value();
}

// The end of the path that the template speaks of, without .py: it may name folders.
std::string_view name_of_file(const Migration& migration, const FileNaming& naming) {
  std::string_view path = migration.file->source.path;
  if (path.ends_with(".py")) {
    path.remove_suffix(3);
  }
  size_t begin = path.size();
  for (size_t i = 0; i <= naming.folders && begin != path.npos; ++i) {
    begin = begin == 0 ? path.npos : path.rfind('/', begin - 1);
  }
  return begin == path.npos ? path : path.substr(begin + 1);
}

// The places of `name`, in order, that can be reached from those in `from` by one part.
std::vector<size_t> step(const std::vector<size_t>& from, std::string_view name, const NamePart& part,
                         std::string_view revision) {
  std::vector<size_t> to;
  const auto literal = [&](std::string_view text) {
    for (const size_t i : from) {
      if (name.substr(i, text.size()) == text) {
        to.push_back(i + text.size());
      }
    }
  };
  const auto run_of = [&](auto is_part, size_t least) {
    size_t last_end = 0;
    bool any = false;
    for (const size_t i : from) {
      if (any && i <= last_end) {
        continue;  // in a run that was followed from further left
      }
      any = true;
      for (last_end = i; last_end < name.size() && is_part(name[last_end]); ++last_end) {
      }
      for (size_t end = i + least; end <= last_end; ++end) {
        to.push_back(end);
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
  return append_slug(slug, message, longest) ? std::optional(slug) : std::nullopt;
}

FileNaming file_naming(const Settings& settings) {
  FileNaming naming;
  naming.parts = read_parts(settings.file_template);
  naming.longest_slug = static_cast<size_t>(std::max(settings.truncate_slug_length, 1));
  for (const NamePart& part : naming.parts) {
    naming.folders += static_cast<size_t>(std::ranges::count(part.text, '/'));
  }
  return naming;
}

std::optional<std::string> expected_name(const Migration& migration, const FileNaming& naming) {
  if (naming.parts.empty()) {
    return std::nullopt;
  }
  std::string name;
  for (const NamePart& part : naming.parts) {
    if (!append_part(name, part, migration, naming)) {
      return std::nullopt;
    }
  }
  return name;
}

Truth follows_template(const Migration& migration, const FileNaming& naming) {
  const std::string_view name = name_of_file(migration, naming);
  if (naming.parts.empty() || name.empty() || name.size() > longest_name || !migration.revision.is_known()) {
    return Truth::unknown;
  }
  std::vector<size_t> reached = {0};
  for (const NamePart& part : naming.parts) {
    reached = step(reached, name, part, migration.revision.value);
  }
  return truth(!reached.empty() && reached.back() == name.size());
}

}  // namespace spiritsafe
