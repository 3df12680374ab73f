// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>
#include <string>

#include "engine/read/interpret.h"
#include "engine/text/bytes.h"

namespace spiritsafe {
namespace {

constexpr size_t longest_text = 2000;

bool is_white(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// How many of eight bytes folding leaves as they are. `before`: they stand behind white space.
size_t count_folded(const char* at, bool before) {
  const uint64_t bytes = eight_bytes(at);
  const uint64_t spaces = bytes_equal(bytes, ' ');
  return bytes_before(bytes_below(bytes, '\r' + 1) | (spaces & (spaces << 8 | (before ? 0x80 : 0))));
}

}  // namespace

std::string_view keep(Interpreter& in, std::string_view text) {
  const bool stays = text.data() >= in.text.data() && text.data() + text.size() <= in.text.data() + in.text.size();
  return stays ? text : in.kept.copy(text);
}

Text text_fact(Interpreter& in, const Argument* argument) {
  if (!argument || argument->value->kind == ValueKind::none) {
    return {};
  }
  const PyValue& value = *argument->value;
  return is_text(&value) ? known(keep(in, value.text), argument->span) : unknown<std::string_view>(argument->span);
}

Flag flag_fact(const Argument* argument) {
  if (!argument || argument->value->kind == ValueKind::none) {
    return {};
  }
  const PyValue& value = *argument->value;
  const bool readable = value.kind == ValueKind::boolean || value.kind == ValueKind::integer;
  return readable ? known(value.integer != 0, argument->span) : unknown<bool>(argument->span);
}

Number number_fact(const Argument* argument) {
  if (!argument || argument->value->kind == ValueKind::none) {
    return {};
  }
  const PyValue& value = *argument->value;
  return value.kind == ValueKind::integer ? known(value.integer, argument->span) : unknown<int64_t>(argument->span);
}

Texts texts_fact(Interpreter& in, const Argument* argument) {
  if (!argument) {
    return {{}, State::absent, false};
  }
  const PyValue& value = *argument->value;
  if (is_text(&value)) {
    const Text one = known(keep(in, value.text), argument->span);
    return {in.kept.copy(std::span<const Text>(&one, 1)), State::known, false};
  }
  if (!is_sequence(&value)) {
    return {{}, value.kind == ValueKind::none ? State::absent : State::unknown, value.kind != ValueKind::none};
  }
  Text buffer[8];
  std::vector<Text> many;
  std::span<Text> out(buffer, std::min<size_t>(value.count, 8));
  if (value.count > 8) {
    many.resize(value.count);
    out = many;
  }
  for (uint32_t i = 0; i < value.count; ++i) {
    const PyValue& item = *value.items[i];
    out[i] = is_text(&item) ? known(keep(in, item.text), item.span) : unknown<std::string_view>(item.span);
  }
  return {in.kept.copy(std::span<const Text>(out)), State::known, value.open};
}

const Argument* find_keyword(std::span<const Argument> arguments, std::string_view name) {
  for (const Argument& argument : arguments) {
    if (argument.name == name && !name.empty()) {
      return &argument;
    }
  }
  return nullptr;
}

const Argument* find_argument(std::span<const Argument> arguments, std::string_view name, size_t place) {
  if (place < arguments.size() && arguments[place].name.empty()) {
    return &arguments[place];
  }
  return find_keyword(arguments, name);
}

std::string_view folded(Interpreter& in, Span span) {
  if (span == in.folded_span) {
    return in.folded_text;
  }
  const std::string_view source = slice(in.text, span);
  char buffer[longest_text + 8];
  size_t size = 0;
  bool before = true;
  bool changed = source.size() > longest_text;
  const char* at = source.data();
  const char* const end = at + std::min(source.size(), 4 * longest_text);
  while (at < end && size < longest_text) {
    if (const size_t same = end - at >= 8 ? count_folded(at, before) : 0; same > 0) {
      std::memcpy(buffer + size, at, 8);
      at += same;
      size += same;
      before = at[-1] == ' ';
      continue;
    }
    const char c = *at++;
    if (!is_white(c)) {
      buffer[size++] = c;
      before = false;
      continue;
    }
    // A run of white space is written once.
    changed |= before || c != ' ';
    buffer[size] = ' ';
    size += before ? 0 : 1;
    before = true;
    while (at < end && is_white(*at)) {
      changed = true;
      ++at;
    }
  }
  size = std::min(size, longest_text);
  std::string_view result = source;
  if (changed) {
    // Not in the middle of a character.
    while (size == longest_text && size > 0 && (static_cast<unsigned char>(buffer[size - 1]) & 0xC0) == 0x80) {
      --size;
    }
    while (size == longest_text && static_cast<unsigned char>(buffer[size - 1]) >= 0xC0) {
      --size;
    }
    result = in.kept.copy(std::string_view(buffer, size));
  }
  in.folded_span = span;
  in.folded_text = result;
  return result;
}

bool has_power(const PyValue* value) {
  switch (value->kind) {
    case ValueKind::batch:
    case ValueKind::connection:
    case ValueKind::session:
    case ValueKind::context:
    case ValueKind::globals:
      return true;
    case ValueKind::path:
      return path_is(*value, "alembic.op") || path_is(*value, "alembic.context") ||
             !path_after(*value, "alembic.op").empty();
    default:
      return false;
  }
}

}  // namespace spiritsafe
