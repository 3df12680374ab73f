// SPDX-License-Identifier: Apache-2.0
#include "engine/schema/naming.h"

#include <algorithm>

#include "engine/schema/default_names.h"

namespace spiritsafe {
namespace {

constexpr std::string_view own_pattern = "ix_%(column_0_label)s";  // SQLAlchemy's only one

std::string label_of(const NamingParts& parts, std::string_view column) {
  std::string label;
  if (!parts.schema.empty()) {
    label.append(parts.schema).append("_");
    std::ranges::replace(label, '.', '_');
  }
  return label.append(parts.table).append("_").append(column);
}

// `column_0_name`, `column_1_label`, `column_0N_name` (all of them joined), `column_0_N_name` (with underscores).
// false: it is none that is known.
bool append_column_token(std::string& name, std::string_view token, std::string_view prefix,
                         std::span<const std::string_view> columns, const NamingParts& parts) {
  token.remove_prefix(prefix.size());
  const size_t underscore = token.rfind('_');
  if (underscore == std::string_view::npos) {
    return false;
  }
  std::string_view which = token.substr(0, underscore);
  const std::string_view what = token.substr(underscore + 1);
  if (what != "name" && what != "key" && what != "label") {
    return false;
  }
  const auto one = [&](std::string_view column) {
    return what == "label" ? label_of(parts, column) : std::string(column);
  };
  if (which == "0N" || which == "0_N") {
    for (size_t i = 0; i < columns.size(); ++i) {
      name.append(i > 0 && which == "0_N" ? "_" : "").append(one(columns[i]));
    }
    return true;
  }
  if (which.size() != 1 || which[0] < '0' || which[0] > '9' || static_cast<size_t>(which[0] - '0') >= columns.size()) {
    return false;
  }
  name.append(one(columns[static_cast<size_t>(which[0] - '0')]));
  return true;
}

bool append_token(std::string& name, std::string_view token, const NamingParts& parts) {
  if (token == "table_name") {
    name.append(parts.table);
  } else if (token == "referred_table_name") {
    name.append(parts.referred_table);
    return !parts.referred_table.empty();
  } else if (token == "constraint_name") {
    name.append(parts.constraint_name);
    return !parts.constraint_name.empty();
  } else if (token.starts_with("referred_column_")) {
    return append_column_token(name, token, "referred_column_", parts.referred_columns, parts);
  } else if (token.starts_with("column_")) {
    return append_column_token(name, token, "column_", parts.columns, parts);
  } else {
    return false;
  }
  return true;
}

}  // namespace

Text conventional_name(const ModelsFacts& models, std::string_view key, const NamingParts& parts, Arena& arena) {
  const auto rule = std::ranges::find(models.naming, key, [](const NamingRule& each) { return each.key.value; });
  if (models.naming_unknown) {
    return unknown<std::string_view>();
  }
  // A convention of one's own takes the place of SQLAlchemy's, that for indexes as well.
  const std::string_view pattern = rule != models.naming.end()            ? rule->pattern.value
                                   : key == "ix" && models.naming.empty() ? own_pattern
                                                                          : std::string_view{};
  if (pattern.empty() && key == "ix") {
    return unknown<std::string_view>();
  }
  if (pattern.empty() ||
      (!parts.constraint_name.empty() && pattern.find("%(constraint_name)s") == std::string_view::npos)) {
    return {};
  }
  std::string name;
  for (size_t i = 0; i < pattern.size();) {
    if (pattern[i] != '%') {
      name += pattern[i++];
      continue;
    }
    const size_t end = pattern.find(")s", i);
    if (end == std::string_view::npos || i + 1 >= pattern.size() || pattern[i + 1] != '(' ||
        !append_token(name, pattern.substr(i + 2, end - i - 2), parts)) {
      return unknown<std::string_view>();
    }
    i = end + 2;
  }
  return known(arena.copy(std::string_view(shortened_by_sqlalchemy(name))));
}

}  // namespace spiritsafe
