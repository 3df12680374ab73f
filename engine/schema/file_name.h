// SPDX-License-Identifier: Apache-2.0
// What Alembic calls a revision file, by its `file_template`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/facts/project.h"

namespace spiritsafe {

inline constexpr std::string_view default_file_template = "%(rev)s_%(slug)s";

// The words of a message joined by `_`, lower case, cut at `longest` characters as Alembic does it. Nothing where that
// depends on more of Unicode than ASCII.
std::optional<std::string> slug_of(std::string_view message, size_t longest);

// One part of a template: a text, or `%(name)[0][width][.precision]s` or `d`.
struct NamePart {
  std::string_view name = {};  // empty: a text
  std::string text = {};
  char type = 's';
  bool zero = false;
  size_t width = 0;
  std::optional<size_t> precision = {};
};

struct FileNaming {
  std::vector<NamePart> parts = {};  // empty: not known
  size_t longest_slug = 40;
  size_t folders = 0;  // that the template names
};

// A view of the settings, which must outlive it.
FileNaming file_naming(const Settings& settings);

// The name that Alembic would give, without .py; nothing where a part of it is not known.
std::optional<std::string> expected_name(const Migration& migration, const FileNaming& naming);

// Whether the template could give this name, whatever the message and the date were.
Truth follows_template(const Migration& migration, const FileNaming& naming);

}  // namespace spiritsafe
