// SPDX-License-Identifier: Apache-2.0
#include "tests/read/dump.h"

#include <algorithm>

namespace spiritsafe {
namespace {

std::string dump_texts(const Value& value) {
  std::string text = "[";
  for (const Text& item : value.texts) {
    text.append(text.size() > 1 ? ", " : "").append(item.is_known() ? item.value : item.is_unknown() ? "?" : "-");
  }
  return text.append(value.open ? (value.texts.empty() ? "…]" : ", …]") : "]");
}

std::string dump_items(const Value& value) {
  static const std::vector<std::string_view> inner = {"arguments", "nullable_written", "operation", "migration",
                                                      "text",      "earlier",          "later",     "step",
                                                      "column",    "operations"};
  std::string text = "(";
  for (uint32_t i = 0; i < value.items.count; ++i) {
    text.append(i ? "; " : "").append(dump_item(*value.items.entity, value.items[i].pointer, inner));
  }
  return text.append(value.open ? "…)" : ")");
}

std::string dump_value(const Field& field, const Value& value) {
  switch (field.type) {
    case Type::text:
    case Type::choice:
      return std::string(value.text);
    case Type::number:
      return std::to_string(value.number);
    case Type::boolean:
      return value.boolean ? "yes" : "no";
    case Type::texts:
      return dump_texts(value);
    case Type::items:
      return dump_items(value);
    case Type::item:
      return "item";
  }
  return {};
}

bool is_empty(const Field& field, const Value& value) {
  if (value.state == State::absent) {
    return true;
  }
  if (value.state == State::unknown) {
    return false;
  }
  switch (field.type) {
    case Type::boolean: {
      static constexpr std::string_view telling[] = {
          "nullable",    "existing_nullable", "concurrently", "if_exists", "bound",        "has_where",
          "has_upgrade", "has_downgrade",     "create_type",  "not_valid", "if_not_exists"};
      return !value.boolean && std::ranges::find(telling, field.name) == std::end(telling);
    }
    case Type::texts:
      return value.texts.empty() && !value.open;
    case Type::items:
      return value.items.count == 0 && !value.open;
    case Type::item:
      return true;
    default:
      return false;
  }
}

template <class T>
void add_lines(std::string& out, std::string_view title, const List<T>& list) {
  out.append(title).append(list.state == State::unknown ? " ?" : list.open ? " …" : "").append("\n");
  for (const T& item : list.items) {
    out.append("  ")
        .append(dump_item(entity_of<T>(), &item,
                          {"migration", "operation", "earlier", "later", "step", "column", "operations"}))
        .append("\n");
  }
}

}  // namespace

ReadFile read_text(std::string_view text, const ReadOptions& options, std::string_view path) {
  ReadFile read;
  read.file = std::make_unique<File>();
  read.file->source = {std::string(path), std::string(text)};
  classify(*read.file);
  read.migration = read_migration(*read.file, options);
  return read;
}

// Facts that a policy's rows of effects give, and no reader.
constexpr std::string_view by_policy[] = {
    "effect",   "lock",  "blocks",           "lock_on_referenced", "blocks_referenced",
    "rewrites", "scans", "scans_referenced", "fails_with_rows",    "fails_in_transaction"};

std::string dump_item(const Entity& entity, const void* item, const std::vector<std::string_view>& leave_out) {
  std::string text;
  for (const Field& field : entity.fields) {
    if (std::ranges::find(leave_out, field.name) != leave_out.end() ||
        std::ranges::find(by_policy, field.name) != std::end(by_policy)) {
      continue;
    }
    const Value value = field.get(item);
    if (is_empty(field, value)) {
      continue;
    }
    text.append(text.empty() ? "" : " ");
    const bool plain = field.name == "kind" || field.name == "name";
    if (!plain) {
      text.append(field.name).append("=");
    }
    text.append(value.state == State::unknown ? "?" : dump_value(field, value));
  }
  return text;
}

std::string dump_operations(const List<Operation>& list) {
  static const std::vector<std::string_view> outer = {
      "direction", "written_as",       "call",         "text",           "earlier",   "later",      "step", "migration",
      "column",    "comment_distance", "column_names", "batch_position", "statement", "enum_values"};
  if (list.state == State::unknown) {
    return "?";
  }
  std::string text;
  for (const Operation& operation : list.items) {
    if (operation.written_as == WrittenAs::sql) {
      continue;  // what SQL amounts to has a table of its own
    }
    text.append(text.empty() ? "" : "\n").append(dump_item(entity_of<Operation>(), &operation, outer));
  }
  return list.open ? text.append(text.empty() ? "…" : "\n…") : text;
}

std::string dump(const Migration& migration) {
  std::string text = dump_operations(migration.upgrade);
  const std::string down = dump_operations(migration.downgrade);
  return down.empty() ? text : text.append(text.empty() ? "" : "\n").append("down: ").append(down);
}

std::string dump_all(const Migration& migration) {
  std::string out =
      dump_item(entity_of<Migration>(), &migration,
                {"upgrade", "downgrade", "steps", "statements", "imports", "uses", "comments", "repo", "file"});
  out += "\n";
  add_lines(out, "upgrade", migration.upgrade);
  add_lines(out, "downgrade", migration.downgrade);
  add_lines(out, "steps", migration.steps);
  add_lines(out, "imports", migration.imports);
  add_lines(out, "uses", migration.uses);
  add_lines(out, "comments", migration.comments);
  return out;
}

}  // namespace spiritsafe
