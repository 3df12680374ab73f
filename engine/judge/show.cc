// SPDX-License-Identifier: Apache-2.0
#include "engine/judge/show.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/text/printable.h"

namespace spiritsafe {
namespace {

constexpr std::string_view none = "(none)";
constexpr std::string_view not_known = "(unknown)";
constexpr uint32_t most_items = 20;
constexpr size_t longest_source = 80;  // characters of an expression shown for its value

// Nearly all texts: short, on one line, and of plain characters.
bool is_plain(std::string_view text, size_t limit) {
  if (text.size() > limit || text.starts_with(' ') || text.ends_with(' ')) {
    return false;
  }
  char before = 0;
  for (const char c : text) {
    if (c < 0x20 || c > 0x7E || (c == ' ' && before == ' ')) {
      return false;
    }
    before = c;
  }
  return true;
}

std::string show_texts(const Value& value, size_t limit) {
  std::string joined;
  for (const Text& text : value.texts) {
    if (joined.size() > limit * 4) {
      break;
    }
    joined += joined.empty() ? "" : ", ";
    joined += text.is_known() ? show_text(text.value, limit) : std::string(text.is_absent() ? none : not_known);
  }
  joined += !value.open ? "" : joined.empty() ? "…" : ", …";
  return joined.empty() ? std::string(none) : shortened(joined, limit);
}

std::string show_items(const Value& value, size_t limit) {
  std::string joined;
  for (uint32_t i = 0; i < value.items.count && i < most_items; ++i) {
    joined += joined.empty() ? "" : ", ";
    joined += show_item(value.items[i], limit);
  }
  joined += !value.open && value.items.count <= most_items ? "" : joined.empty() ? "…" : ", …";
  return joined.empty() ? std::string(none) : shortened(joined, limit);
}

std::string raw_text(const Value& value, Type type) {
  switch (type) {
    case Type::text:
    case Type::choice:
      return std::string(value.text);
    case Type::number:
      return fmt::format("{}", value.number);
    case Type::boolean:
      return value.boolean ? "True" : "False";
    case Type::texts: {
      std::string joined;
      for (const Text& text : value.texts) {
        joined += joined.empty() ? "" : ", ";
        joined += text.value;
      }
      return joined;
    }
    case Type::item:
    case Type::items:
      break;
  }
  return {};
}

// What stands in the file where a value could not be known from it.
std::string source_of(const Value& value, const Path& path, Item item, const Room& room) {
  if (path.slot >= 0) {
    item = static_cast<size_t>(path.slot) < room.slots.size() ? room.slots[static_cast<size_t>(path.slot)] : Item{};
  }
  const File* file = item ? item.entity->file(item.pointer) : nullptr;
  if (!file || value.span.end <= value.span.begin || value.span.end > file->source.text.size()) {
    return {};
  }
  std::string text = show_text(slice(file->source.text, value.span), longest_source);
  std::ranges::replace(text, '`', '\'');  // it will stand in backquotes
  return text;
}

bool is_wholly_known(const Value& value) {
  if (value.state != State::known || value.open) {
    return false;
  }
  for (const Text& text : value.texts) {
    if (!text.is_known()) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::string show_text(std::string_view text, size_t limit) {
  if (is_plain(text, limit)) {
    return std::string(text);
  }
  // What is far behind the limit is not looked at, except that white space may have filled the place before it.
  return printable(shortened(text.substr(0, limit * 32), limit));
}

std::string show_item(Item item, size_t limit) {
  for (const std::string_view name : {"revision", "name", "target", "text", "path"}) {
    const Field* field = find_field(*item.entity, name);
    if (!field || field->type != Type::text) {
      continue;
    }
    const Value value = field->get(item.pointer);
    if (value.state == State::known && !value.text.empty()) {
      return show_text(value.text, limit);
    }
  }
  return std::string(item.entity->name);
}

std::string show_value(const Value& value, Type type, size_t limit) {
  if (value.state == State::absent) {
    return std::string(none);
  }
  if (value.state == State::unknown) {
    return std::string(not_known);
  }
  switch (type) {
    case Type::text:
    case Type::choice:
      return show_text(value.text, limit);
    case Type::number:
      return fmt::format("{}", value.number);
    case Type::boolean:
      return value.boolean ? "true" : "false";
    case Type::texts:
      return show_texts(value, limit);
    case Type::item:
      return show_item(value.item, limit);
    case Type::items:
      return show_items(value, limit);
  }
  return std::string(not_known);
}

std::string format_message(const Template& message, Item item, const Room& room) {
  std::string out;
  out.reserve(200);
  for (const Template::Piece& piece : message.pieces) {
    switch (piece.kind) {
      case Template::Piece::Kind::literal:
        out += piece.literal;
        break;
      case Template::Piece::Kind::path: {
        const Value value = value_at(piece.path, item, room);
        const std::string written = value.state == State::unknown ? source_of(value, piece.path, item, room) : "";
        if (written.empty()) {
          out += show_value(value, type_of(piece.path));
        } else {
          // In backquotes, as what else is taken from the file.
          const bool quoted = out.ends_with('`');
          out += quoted ? written : "`" + written + "`";
        }
        break;
      }
      case Template::Piece::Kind::because:
        out += room.because.empty() ? not_known : room.because;
        break;
    }
  }
  return out;
}

std::optional<std::string> format_raw(const Template& text, Item item, const Room& room) {
  std::string out;
  for (const Template::Piece& piece : text.pieces) {
    switch (piece.kind) {
      case Template::Piece::Kind::literal:
        out += piece.literal;
        break;
      case Template::Piece::Kind::path: {
        const Value value = value_at(piece.path, item, room);
        if (!is_wholly_known(value)) {
          return std::nullopt;
        }
        out += raw_text(value, type_of(piece.path));
        break;
      }
      case Template::Piece::Kind::because:
        out += room.because;
        break;
    }
  }
  return out;
}

}  // namespace spiritsafe
