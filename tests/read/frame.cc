// SPDX-License-Identifier: Apache-2.0
#include "tests/read/frame.h"

#include <algorithm>

namespace spiritsafe {

std::string in_upgrade(std::string_view body) {
  std::string text =
      "from alembic import op\nimport sqlalchemy as sa\nfrom sqlalchemy import orm\nfrom sqlalchemy.orm import "
      "Session\n"
      "from sqlalchemy.dialects import postgresql\nimport logging\nimport textwrap\nfrom app import helpers\n\n\ndef "
      "upgrade():\n";
  for (size_t begin = 0; begin <= body.size();) {
    const size_t end = std::min(body.find('\n', begin), body.size());
    text.append("    ").append(body.substr(begin, end - begin)).append("\n");
    begin = end + 1;
  }
  return text;
}

std::string upgrade_of(std::string_view body) {
  ReadOptions options;
  options.local_packages = {"app"};
  const ReadFile read = read_text(in_upgrade(body), options);
  if (read.migration->syntax_error.is_known()) {
    return "syntax error: " + std::string(read.migration->syntax_error.value);
  }
  return dump_operations(read.migration->upgrade);
}

std::string column_of(std::string_view column) {
  const ReadFile read = read_text(in_upgrade("op.add_column(\"t\", " + std::string(column) + ")"));
  const List<Operation>& upgrade = read.migration->upgrade;
  if (upgrade.items.empty() || upgrade.items[0].new_columns.items.empty()) {
    return "-";
  }
  return dump_item(entity_of<Column>(), &upgrade.items[0].new_columns.items[0], {"operation"}) +
         (upgrade.open ? "…" : "");
}

}  // namespace spiritsafe
