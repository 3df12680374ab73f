// SPDX-License-Identifier: Apache-2.0
// What stands in a file of SQL for something that is put in before the database sees it: `{{ .Schema }}` of Go's and
// Jinja's templates, `${schema}` of Flyway, `:schema` of psql. Internal to engine/read.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/read/sql_places.h"

namespace spiritsafe {

enum class PlaceholderRole : uint8_t {
  schema,   // stands before a `.` and a name
  name,     // for an identifier or a value, or a part of one
  control,  // decides what of the file is sent: `{{ if .Legacy }}`
  nothing,  // a template's comment, the end of a block
};

struct Placeholder {
  Span span = {};  // of a schema with the dot
  PlaceholderRole role = PlaceholderRole::name;
  std::string text = {};   // without white space
  bool is_string = false;  // psql's :'name'
};

// false: there is none. The text is searched for signs of one, not read.
bool may_have_placeholders(std::string_view sql);
// The placeholder that begins at `at`, outside of quotes; one whose span is empty: there is none.
Placeholder placeholder_at(std::string_view sql, size_t at);
// Behind the quoted text, comment or dollar-quoted text at `at`, as skip_quoted; the placeholders in it are added. The
// quotes that a placeholder has itself do not end it.
size_t skip_quoted_with_placeholders(std::string_view sql, size_t at, std::vector<Placeholder>& found);

// A piece of the file as it may be sent: without the schemas, and a hole for each other value. Where the schemas are
// `parted`, each is one whose name is its text.
struct FilledSql {
  std::string sql = {};
  SqlPlaces places = {};
  bool has_placeholders = false;
  bool has_control = false;  // inside of the piece: what it says cannot be known
};
FilledSql fill_placeholders(std::string_view sql, Span piece, const std::vector<Placeholder>& placeholders,
                            bool parted);

}  // namespace spiritsafe
