// SPDX-License-Identifier: Apache-2.0
#include "engine/judge/show.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "engine/facts/migration.h"
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

bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
}

// The quote that is open behind the last line of code, 0: none. The templates of packs hold no escapes.
char open_quote(std::string_view code) {
  char quote = 0;
  for (const char c : code.substr(code.rfind('\n') + 1)) {
    if (quote == 0 && (c == '"' || c == '\'')) {
      quote = c;
    } else if (c == quote) {
      quote = 0;
    }
  }
  return quote;
}

bool fits_code(std::string_view value, std::string_view code) {
  const char quote = open_quote(code);
  if (quote == 0) {
    return is_name(value);
  }
  const std::string_view before = code.substr(code.size() - 1);  // of `'… "`, where a name of SQL begins
  return !value.empty() && value.find(quote) == std::string_view::npos && value.find('\\') == std::string_view::npos &&
         (before != "\"" || value.find('"') == std::string_view::npos) && is_plain(value, longest_shown);
}

// A list within quotes is many quoted texts: `["a", "b"]`.
bool append_code(std::string& code, const Value& value, Type type) {
  if (type != Type::texts) {
    const std::string text = raw_text(value, type);
    const bool fits = fits_code(text, code);
    code += text;
    return fits;
  }
  const char quote = open_quote(code);
  const std::string between = quote == 0 ? ", " : fmt::format("{0}, {0}", quote);
  for (size_t i = 0; i < value.texts.size(); ++i) {
    code += i == 0 ? "" : between;
    if (!fits_code(value.texts[i].value, code)) {
      return false;
    }
    code += value.texts[i].value;
  }
  return !value.texts.empty();
}

// A whole call as Alembic writes it, at the begin of a line: with further arguments before its last parenthesis.
bool append_call(std::string& code, std::string_view call, std::string_view arguments, Item item) {
  const auto* operation =
      item.entity == &entity_of<Operation>() ? static_cast<const Operation*>(item.pointer) : nullptr;
  const bool stands_alone = operation && operation->written_as == WrittenAs::alembic && !operation->implicit &&
                            !operation->batch && call.ends_with(')');
  // On one line a comment would swallow the rest, and a text over several lines would be another one.
  const bool can_fold = call.find('#') == std::string_view::npos && call.find("\"\"\"") == std::string_view::npos &&
                        call.find("'''") == std::string_view::npos;
  if (!stands_alone || !can_fold || code.find_first_not_of(' ', code.rfind('\n') + 1) != std::string::npos) {
    return false;
  }
  call.remove_suffix(1);
  call = call.substr(0, call.find_last_not_of(" ,") + 1);
  const size_t open = call.find('(') + 1;
  const std::string_view own = call.substr(std::min(call.find_first_not_of(' ', open), call.size()));
  arguments.remove_prefix(own.empty() ? std::min<size_t>(2, arguments.size()) : 0);  // `, `
  code += fmt::format("{}{}{})", call.substr(0, open), own, arguments);
  return true;
}

bool append_path(std::string& code, const Template::Piece& piece, Item item, const Room& room,
                 std::optional<size_t> nth) {
  Value value = value_at(piece.path, item, room);
  if (nth && value.texts.size() > *nth) {
    value.texts = value.texts.subspan(*nth, 1);
  }
  if (!is_wholly_known(value)) {
    return false;
  }
  const bool is_call = piece.path.slot < 1 && piece.path.fields.size() == 1 && piece.path.fields[0]->name == "text";
  return is_call ? append_call(code, value.text, piece.arguments, item) : append_code(code, value, type_of(piece.path));
}

// What `[[…]]` in it says: from where on an absent value takes back what was written.
struct Optional {
  std::optional<size_t> begin = {};
  bool is_absent = false;
};

void append_literal(std::string& code, std::string_view literal, Optional& optional) {
  while (!literal.empty()) {
    const std::string_view mark = optional.begin ? "]]" : "[[";
    const size_t at = literal.find(mark);
    code += literal.substr(0, at);
    if (at == std::string_view::npos) {
      return;
    }
    if (optional.begin && optional.is_absent) {
      code.resize(*optional.begin);
    }
    optional = optional.begin ? Optional{} : Optional{code.size()};
    literal.remove_prefix(at + mark.size());
  }
}

bool is_in_a_schema(Item item) {
  const Field* schema = find_field(*item.entity, "schema");
  return schema && schema->get(item.pointer).state != State::absent;
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

std::optional<std::string> format_code(const Template& text, Item item, const Room& room, std::optional<size_t> nth) {
  std::string code;
  Optional optional;
  bool names_the_schema = false;
  for (const Template::Piece& piece : text.pieces) {
    if (piece.kind != Template::Piece::Kind::path) {
      append_literal(code, piece.literal, optional);
      continue;
    }
    names_the_schema |= !piece.path.fields.empty() && piece.path.fields.back()->name == "schema";
    if (optional.begin && value_at(piece.path, item, room).state == State::absent) {
      optional.is_absent = true;
    } else if (!append_path(code, piece, item, room, nth)) {
      return std::nullopt;
    }
  }
  return !names_the_schema && is_in_a_schema(item) ? std::nullopt : std::optional(std::move(code));
}

}  // namespace spiritsafe
