// SPDX-License-Identifier: Apache-2.0
#include "engine/read/constants.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <string>
#include <vector>

#include "engine/read/dialects.h"

namespace spiritsafe {
namespace {

constexpr uint32_t longest_sequence = 20000;
constexpr std::string_view too_much = "too much to follow";

PyValue* unknown_of(Maker& maker, Span span) { return make_unknown(maker, {}, span); }

bool is_number(const PyValue& value) { return value.kind == ValueKind::integer || value.kind == ValueKind::boolean; }

const PyValue* find_argument(std::span<const Argument> arguments, size_t place, std::string_view name) {
  if (place < arguments.size() && arguments[place].name.empty()) {
    return arguments[place].value;
  }
  const auto found = std::ranges::find(arguments, name, &Argument::name);
  return name.empty() || found == arguments.end() ? nullptr : found->value;
}

bool all_known_texts(const PyValue& sequence) {
  return !sequence.open &&
         std::ranges::all_of(items_of(sequence), [](const PyValue* item) { return item->kind == ValueKind::text; });
}

// The pieces of a text: itself, or those between its holes.
std::span<PyValue* const> pieces_of(PyValue* const& text) {
  return text->open ? items_of(*text) : std::span<PyValue* const>(&text, 1);
}

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

std::string_view strip(std::string_view text, std::string_view characters, bool left, bool right) {
  const auto strips = [&](char c) {
    return characters.empty() ? is_space(c) : characters.find(c) != std::string_view::npos;
  };
  while (left && !text.empty() && strips(text.front())) {
    text.remove_prefix(1);
  }
  while (right && !text.empty() && strips(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

std::string replace_all(std::string_view text, std::string_view from, std::string_view to, size_t limit) {
  std::string result;
  size_t begin = 0;
  for (size_t at = text.find(from); at != std::string_view::npos && !from.empty(); at = text.find(from, begin)) {
    result.append(text, begin, at - begin).append(to);
    begin = at + from.size();
    if (result.size() > limit) {
      return result;
    }
  }
  return result.append(text.substr(begin));
}

// ---- formats -------------------------------------------------------------------------------------------------------

// Gathers the pieces of a format; `literal` is flushed before each value.
struct Pieces {
  Maker& maker;
  Span span;
  std::vector<PyValue*> pieces = {};
  std::string literal = {};

  void flush() {
    if (!literal.empty()) {
      pieces.push_back(make_text(maker, literal, span));
      literal.clear();
    }
  }
  void add(PyValue* value) {
    flush();
    pieces.push_back(value);
  }
  PyValue* finish() {
    flush();
    return join_pieces(maker, pieces, span);
  }
};

// `'%s and %(name)s' % value`
PyValue* format_percent(Maker& maker, PyValue& format, PyValue& value, Span span) {
  Pieces out{maker, span};
  const std::string_view text = format.text;
  size_t place = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out.literal += text[i];
      continue;
    }
    if (++i == text.size()) {
      return unknown_of(maker, span);
    }
    if (text[i] == '%') {
      out.literal += '%';
      continue;
    }
    PyValue* piece = nullptr;
    if (text[i] == '(') {
      const size_t close = text.find(')', i);
      if (close == std::string_view::npos) {
        return unknown_of(maker, span);
      }
      if (value.kind == ValueKind::dict) {
        piece = subscript(maker, value, *make_text(maker, text.substr(i + 1, close - i - 1), span), span);
      }
      i = close + 1;
    } else if (value.kind == ValueKind::tuple) {
      piece = place < value.count ? value.items[place] : nullptr;
      ++place;
    } else if (place++ == 0 && value.kind != ValueKind::unknown) {
      piece = &value;
    }
    bool plain = true;
    for (; i < text.size() && !std::isalpha(static_cast<unsigned char>(text[i])); ++i) {
      plain = false;
    }
    if (i == text.size()) {
      return unknown_of(maker, span);
    }
    const bool fits = piece && plain && (text[i] == 's' || (text[i] == 'd' && is_number(*piece)));
    out.add(fits ? text_of(maker, *piece, span) : unknown_of(maker, span));
  }
  return out.finish();
}

// The value that a replacement field `0`, ``, `name`, `a.b`, `a[0]` names; nullptr where it is not to be known.
PyValue* find_field(std::string_view name, size_t& automatic, std::span<const Argument> arguments) {
  size_t place = 0;
  if (name.empty()) {
    place = automatic++;
  } else {
    const auto parsed = std::from_chars(name.data(), name.data() + name.size(), place);
    if (parsed.ec != std::errc{} || parsed.ptr != name.data() + name.size()) {
      const auto found = std::ranges::find(arguments, name, &Argument::name);
      return found == arguments.end() ? nullptr : found->value;
    }
  }
  return place < arguments.size() && arguments[place].name.empty() ? arguments[place].value : nullptr;
}

// `'{} {name}'.format(…)`
PyValue* format_braces(Maker& maker, std::string_view text, std::span<const Argument> arguments, Span span) {
  Pieces out{maker, span};
  size_t automatic = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if ((text[i] == '{' || text[i] == '}') && i + 1 < text.size() && text[i + 1] == text[i]) {
      out.literal += text[i++];
    } else if (text[i] == '{') {
      const size_t close = text.find('}', i);
      if (close == std::string_view::npos) {
        return unknown_of(maker, span);
      }
      const std::string_view field = text.substr(i + 1, close - i - 1);
      PyValue* value = find_field(field, automatic, arguments);
      out.add(value ? text_of(maker, *value, span) : unknown_of(maker, span));
      i = close;
    } else {
      out.literal += text[i];
    }
  }
  return out.finish();
}

// ---- numbers -------------------------------------------------------------------------------------------------------

PyValue* calculate(Maker& maker, python::Operator op, int64_t a, int64_t b, Span span) {
  int64_t result = 0;
  switch (op) {
    case python::Operator::Add:
      return __builtin_add_overflow(a, b, &result) ? unknown_of(maker, span) : make_integer(maker, result, span);
    case python::Operator::Sub:
      return __builtin_sub_overflow(a, b, &result) ? unknown_of(maker, span) : make_integer(maker, result, span);
    case python::Operator::Mult:
      return __builtin_mul_overflow(a, b, &result) ? unknown_of(maker, span) : make_integer(maker, result, span);
    case python::Operator::FloorDiv:
    case python::Operator::Mod:
      if (a < 0 || b <= 0) {
        return unknown_of(maker, span);
      }
      return make_integer(maker, op == python::Operator::Mod ? a % b : a / b, span);
    default:
      return unknown_of(maker, span);
  }
}

PyValue* repeat(Maker& maker, PyValue& value, int64_t times, Span span) {
  times = std::max<int64_t>(times, 0);
  if (value.kind == ValueKind::text && !value.open) {
    if (times > largest_text || value.text.size() * static_cast<uint64_t>(times) > largest_text) {
      return make_unknown(maker, too_much, span);
    }
    std::string result;
    for (int64_t i = 0; i < times; ++i) {
      result += value.text;
    }
    return make_text(maker, result, span);
  }
  if (is_sequence(&value) && times * std::max<int64_t>(value.count, 1) <= longest_sequence) {
    std::vector<PyValue*> items;
    for (int64_t i = 0; i < times; ++i) {
      items.insert(items.end(), value.items, value.items + value.count);
    }
    return make_sequence(maker, value.kind, items, value.open, span);
  }
  return unknown_of(maker, span);
}

PyValue* concatenate(Maker& maker, PyValue& left, PyValue& right, Span span) {
  if (left.count > longest_sequence || right.count > longest_sequence) {
    return make_unknown(maker, too_much, span);
  }
  std::vector<PyValue*> items(items_of(left).begin(), items_of(left).end());
  items.insert(items.end(), right.items, right.items + right.count);
  return make_sequence(maker, left.kind, items, left.open || right.open, span);
}

// What a builtin makes a sequence of: `sorted(x)` knows how to order texts and integers.
PyValue* sorted(Maker& maker, const PyValue& sequence, bool reverse, Span span) {
  std::vector<PyValue*> items(sequence.items, sequence.items + sequence.count);
  const bool texts = std::ranges::all_of(items, [](const PyValue* item) { return is_text(item); });
  const bool numbers = std::ranges::all_of(items, [](const PyValue* item) { return is_number(*item); });
  if (sequence.open || (!texts && !numbers)) {
    PyValue* result = make_sequence(maker, ValueKind::list, items, sequence.open, span);
    return items.size() < 2 || sequence.open ? result : unknown_of(maker, span);
  }
  std::ranges::stable_sort(
      items, [&](const PyValue* a, const PyValue* b) { return texts ? a->text < b->text : a->integer < b->integer; });
  if (reverse) {
    std::ranges::reverse(items);
  }
  return make_sequence(maker, ValueKind::list, items, false, span);
}

PyValue* make_range(Maker& maker, std::span<const Argument> arguments, Span span) {
  int64_t parts[3] = {0, 0, 1};
  if (arguments.empty() || arguments.size() > 3) {
    return unknown_of(maker, span);
  }
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (!is_number(*arguments[i].value)) {
      return unknown_of(maker, span);
    }
    parts[arguments.size() == 1 ? 1 : i] = arguments[i].value->integer;
  }
  std::vector<PyValue*> items;
  const auto [begin, end, step] = parts;
  for (int64_t i = begin; step > 0 ? i < end : step < 0 && i > end;) {
    if (items.size() >= longest_sequence) {
      return make_sequence(maker, ValueKind::list, items, true, span);
    }
    items.push_back(make_integer(maker, i, span));
    if (__builtin_add_overflow(i, step, &i)) {
      break;
    }
  }
  return make_sequence(maker, ValueKind::list, items, false, span);
}

PyValue* make_pair(Maker& maker, PyValue* a, PyValue* b, Span span) {
  PyValue* const pair[] = {a, b};
  return make_sequence(maker, ValueKind::tuple, pair, false, span);
}

PyValue* dict_entries(Maker& maker, const PyValue& dict, std::string_view which, Span span) {
  std::vector<PyValue*> items;
  for (uint32_t i = 0; i + 1 < dict.count; i += 2) {
    items.push_back(which == "items"  ? make_pair(maker, dict.items[i], dict.items[i + 1], span)
                    : which == "keys" ? dict.items[i]
                                      : dict.items[i + 1]);
  }
  return make_sequence(maker, ValueKind::list, items, dict.open, span);
}

// The value behind a key; nullptr: there is none. `sure` is false where a key could not be compared.
PyValue* find_key(const PyValue& dict, const PyValue& key, bool& sure) {
  sure = !dict.open;
  for (uint32_t i = dict.count; i >= 2; i -= 2) {
    const Truth same = equal(*dict.items[i - 2], key);
    if (same == Truth::yes) {
      sure = true;
      return dict.items[i - 1];
    }
    sure = sure && same == Truth::no;
  }
  return nullptr;
}

void set_key(Maker& maker, PyValue& dict, PyValue* key, PyValue* value) {
  for (uint32_t i = 0; i + 1 < dict.count; i += 2) {
    if (equal(*dict.items[i], *key) == Truth::yes) {
      dict.items[i + 1] = value;
      return;
    }
  }
  append_item(maker, dict, key);
  append_item(maker, dict, value);
}

Truth contains(PyValue& container, const PyValue& item) {
  if (is_text(&container) && is_text(&item)) {
    return truth(container.text.find(item.text) != std::string_view::npos);
  }
  if (container.kind == ValueKind::dict) {
    bool sure = false;
    return find_key(container, item, sure) ? Truth::yes : sure ? Truth::no : Truth::unknown;
  }
  if (!is_sequence(&container)) {
    return Truth::unknown;
  }
  Truth result = container.open ? Truth::unknown : Truth::no;
  for (const PyValue* candidate : items_of(container)) {
    result = either(result, equal(*candidate, item));
  }
  return result;
}

std::string text_of_number(double number) {
  char buffer[40];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, number).ptr;
  std::string text(buffer, end);
  return text.find_first_of(".en") == std::string::npos ? text + ".0" : text;
}

}  // namespace

PyValue* make_value(Maker& maker, ValueKind kind, Span span) {
  PyValue* value = maker.arena.make<PyValue>();
  value->kind = kind;
  value->span = span;
  value->depth = maker.depth;
  return value;
}

PyValue* make_unknown(Maker& maker, std::string_view reason, Span span) {
  PyValue* value = make_value(maker, ValueKind::unknown, span);
  value->text = reason;
  return value;
}

PyValue* make_text(Maker& maker, std::string_view text, Span span) {
  // What is already part of the file need not be copied.
  const bool stays =
      text.data() >= maker.source.data() && text.data() + text.size() <= maker.source.data() + maker.source.size();
  if (!stays) {
    if (text.size() > largest_text || text.size() > maker.text_budget) {
      return make_unknown(maker, too_much, span);
    }
    maker.text_budget -= text.size();
    text = maker.arena.copy(text);
  }
  PyValue* value = make_value(maker, ValueKind::text, span);
  value->text = text;
  return value;
}

PyValue* make_integer(Maker& maker, int64_t integer, Span span) {
  PyValue* value = make_value(maker, ValueKind::integer, span);
  value->integer = integer;
  return value;
}

PyValue* make_boolean(Maker& maker, bool boolean, Span span) {
  PyValue* value = make_value(maker, ValueKind::boolean, span);
  value->integer = boolean;
  return value;
}

PyValue* make_truth(Maker& maker, Truth truth, Span span) {
  return truth == Truth::unknown ? make_unknown(maker, {}, span) : make_boolean(maker, truth == Truth::yes, span);
}

PyValue* make_path(Maker& maker, std::string_view base, std::string_view rest, Span span) {
  PyValue* value = make_value(maker, ValueKind::path, span);
  value->text = base;
  value->rest = rest;
  return value;
}

PyValue* make_sequence(Maker& maker, ValueKind kind, std::span<PyValue* const> items, bool open, Span span) {
  PyValue* value = make_value(maker, kind, span);
  value->open = open;
  value->items = maker.arena.copy<PyValue*>(std::span<PyValue* const>(items)).data();
  value->count = static_cast<uint32_t>(items.size());
  value->capacity = value->count;
  return value;
}

void leave_open(PyValue& container) {
  container.open = true;
  container.possible = nullptr;
}

PyValue* copy_of(Maker& maker, const PyValue& value) {
  PyValue* copy = maker.arena.make<PyValue>(value);
  if (is_sequence(copy) || copy->kind == ValueKind::dict) {
    copy->items = maker.arena.copy<PyValue*>(items_of(value)).data();
    copy->capacity = copy->count;
  }
  copy->depth = maker.depth;
  return copy;
}

void append_item(Maker& maker, PyValue& list, PyValue* item) {
  if (list.count >= 2 * longest_sequence) {
    leave_open(list);
    return;
  }
  if (list.count == list.capacity) {
    std::vector<PyValue*> grown(list.items, list.items + list.count);
    grown.resize(list.count * 2 + 4);
    list.items = maker.arena.copy<PyValue*>(std::span<PyValue* const>(grown)).data();
    list.capacity = list.count * 2 + 4;
  }
  list.items[list.count++] = item;
}

bool path_is(const PyValue& path, std::string_view name) {
  return path.kind == ValueKind::path && path.text.size() + path.rest.size() == name.size() &&
         name.starts_with(path.text) && name.ends_with(path.rest);
}

std::string_view root_of(const PyValue& path) { return path.text.substr(0, path.text.find('.')); }

Root root_kind(PyValue& path) {
  if (path.capacity == 0) {
    const std::string_view root = root_of(path);
    path.capacity = static_cast<uint32_t>(root == "sqlalchemy" || root == "sqlmodel" ? Root::sqlalchemy
                                          : root == "alembic"                        ? Root::alembic
                                                                                     : Root::other);
  }
  return static_cast<Root>(path.capacity);
}

std::string_view leaf_of(const PyValue& path) {
  const std::string_view last = path.rest.empty() ? path.text : path.rest;
  return last.substr(last.rfind('.') + 1);
}

std::string_view path_after(const PyValue& path, std::string_view prefix) {
  if (path.kind != ValueKind::path) {
    return {};
  }
  if (path.text == prefix) {
    return path.rest.empty() ? path.rest : path.rest.substr(1);
  }
  if (path.text.size() < prefix.size()) {  // `alembic` + `.op.add_column`
    const std::string_view tail = prefix.substr(path.text.size());
    return prefix.starts_with(path.text) && path.rest.starts_with(tail) && path.rest.size() > tail.size() &&
                   path.rest[tail.size()] == '.'
               ? path.rest.substr(tail.size() + 1)
               : std::string_view{};
  }
  // `alembic.op.add_column` as a whole
  return path.text.starts_with(prefix) && path.text[prefix.size()] == '.' && path.rest.empty()
             ? path.text.substr(prefix.size() + 1)
             : std::string_view{};
}

std::string_view full_path(Maker& maker, const PyValue& path) {
  return path.rest.empty() ? path.text : maker.arena.copy(std::string(path.text).append(path.rest));
}

Truth truth_of(const PyValue& value) {
  switch (value.kind) {
    case ValueKind::none:
      return Truth::no;
    case ValueKind::boolean:
    case ValueKind::integer:
      return truth(value.integer != 0);
    case ValueKind::floating:
      return truth(value.floating != 0);
    case ValueKind::text:
      return value.open ? Truth::unknown : truth(!value.text.empty());
    case ValueKind::list:
    case ValueKind::tuple:
    case ValueKind::set:
    case ValueKind::dict:
      return value.count > 0 ? Truth::yes : value.open ? Truth::unknown : Truth::no;
    case ValueKind::function:
    case ValueKind::class_of_file:
      return Truth::yes;
    default:
      return Truth::unknown;
  }
}

Truth equal(const PyValue& a, const PyValue& b) {
  if (is_number(a) && is_number(b)) {
    return truth(a.integer == b.integer);
  }
  const auto is_constant = [](const PyValue& value) {
    return value.kind == ValueKind::none || is_number(value) || is_text(&value) || value.kind == ValueKind::floating ||
           ((is_sequence(&value) || value.kind == ValueKind::dict) && !value.open);
  };
  if (!is_constant(a) || !is_constant(b)) {
    return Truth::unknown;
  }
  if (a.kind != b.kind) {
    return a.kind == ValueKind::floating || b.kind == ValueKind::floating ? Truth::unknown : Truth::no;
  }
  if (a.kind == ValueKind::text) {
    return truth(a.text == b.text);
  }
  if (a.kind == ValueKind::list || a.kind == ValueKind::tuple) {
    if (a.count != b.count || a.count > 100) {
      return a.count != b.count ? Truth::no : Truth::unknown;
    }
    Truth result = Truth::yes;
    for (uint32_t i = 0; i < a.count; ++i) {
      // Nested containers are rarely compared, and comparing them could take long.
      const bool nested = is_sequence(a.items[i]) || a.items[i]->kind == ValueKind::dict;
      result = both(result, nested ? Truth::unknown : equal(*a.items[i], *b.items[i]));
    }
    return result;
  }
  return a.kind == ValueKind::none ? Truth::yes : Truth::unknown;
}

PyValue* join_pieces(Maker& maker, std::span<PyValue* const> pieces, Span span) {
  std::vector<PyValue*> flat;
  std::string run;
  const auto flush = [&] {
    if (!run.empty()) {
      flat.push_back(make_text(maker, run, span));
      run.clear();
    }
  };
  bool holes = false;
  for (PyValue* const& value : pieces) {
    for (PyValue* piece : value->kind == ValueKind::text ? pieces_of(value) : std::span<PyValue* const>(&value, 1)) {
      if (is_text(piece)) {
        run += piece->text;
        if (run.size() > largest_text) {
          return make_unknown(maker, too_much, span);
        }
      } else {
        flush();
        flat.push_back(piece);
        holes = true;
      }
    }
  }
  if (!holes) {
    return make_text(maker, run, span);
  }
  flush();
  PyValue* text = make_sequence(maker, ValueKind::text, flat, true, span);
  return text;
}

PyValue* text_of(Maker& maker, PyValue& value, Span span) {
  switch (value.kind) {
    case ValueKind::text:
      return &value;
    case ValueKind::none:
      return make_text(maker, "None", span);
    case ValueKind::boolean:
      return make_text(maker, value.integer ? "True" : "False", span);
    case ValueKind::integer:
      return make_text(maker, std::to_string(value.integer), span);
    case ValueKind::floating:
      return make_text(maker, text_of_number(value.floating), span);
    default:
      return &value;
  }
}

PyValue* apply_operator(Maker& maker, python::Operator op, PyValue& left, PyValue& right, Span span) {
  const bool left_text = left.kind == ValueKind::text;
  const bool right_text = right.kind == ValueKind::text;
  if (op == python::Operator::Add && (left_text || right_text)) {
    PyValue* const pieces[] = {&left, &right};
    return join_pieces(maker, pieces, span);
  }
  if (op == python::Operator::Mod && left_text) {
    return left.open ? unknown_of(maker, span) : format_percent(maker, left, right, span);
  }
  if (is_number(left) && is_number(right)) {
    return calculate(maker, op, left.integer, right.integer, span);
  }
  if (op == python::Operator::Mult && (is_number(right) || is_number(left))) {
    return is_number(right) ? repeat(maker, left, right.integer, span) : repeat(maker, right, left.integer, span);
  }
  if (op == python::Operator::Add && is_sequence(&left) && is_sequence(&right)) {
    return concatenate(maker, left, right, span);
  }
  if (op == python::Operator::BitOr && ((left.kind == ValueKind::set && right.kind == ValueKind::set) ||
                                        (left.kind == ValueKind::dict && right.kind == ValueKind::dict))) {
    PyValue* result = copy_of(maker, left);
    for (uint32_t i = 0; i < right.count; i += right.kind == ValueKind::dict ? 2 : 1) {
      if (right.kind == ValueKind::dict) {
        set_key(maker, *result, right.items[i], right.items[i + 1]);
      } else if (contains(*result, *right.items[i]) != Truth::yes) {
        append_item(maker, *result, right.items[i]);
      }
    }
    if (right.open) {
      leave_open(*result);
    }
    return result;
  }
  if (op == python::Operator::Add && (is_sequence(&left) || is_sequence(&right))) {
    PyValue* result = copy_of(maker, is_sequence(&left) ? left : right);
    leave_open(*result);
    result->span = span;
    return result;
  }
  return unknown_of(maker, span);
}

PyValue* apply_comparison(Maker& maker, python::CompareOperator op, PyValue& left, PyValue& right, Span span) {
  using python::CompareOperator;
  if (left.kind == ValueKind::dialect_name || right.kind == ValueKind::dialect_name) {
    return compare_dialect(maker, op, left, right, span);
  }
  switch (op) {
    case CompareOperator::Eq:
      return make_truth(maker, equal(left, right), span);
    case CompareOperator::NotEq:
      return make_truth(maker, negate(equal(left, right)), span);
    case CompareOperator::Is:
    case CompareOperator::IsNot: {
      const bool none = left.kind == ValueKind::none || right.kind == ValueKind::none;
      Truth same = none ? equal(left, right) : Truth::unknown;
      // What was made by a call of a constructor, a list or a table is not None.
      const PyValue& other = left.kind == ValueKind::none ? right : left;
      if (none && (other.kind == ValueKind::call
                       ? !other.foreign
                       : is_sequence(&other) || other.kind == ValueKind::dict || other.kind == ValueKind::connection)) {
        same = Truth::no;
      }
      if (left.kind == ValueKind::boolean && right.kind == ValueKind::boolean) {
        same = truth(left.integer == right.integer);
      }
      return make_truth(maker, op == CompareOperator::Is ? same : negate(same), span);
    }
    case CompareOperator::In:
      return make_truth(maker, contains(right, left), span);
    case CompareOperator::NotIn:
      return make_truth(maker, negate(contains(right, left)), span);
    default:
      break;
  }
  if (!is_number(left) || !is_number(right)) {
    return unknown_of(maker, span);
  }
  const int64_t a = left.integer;
  const int64_t b = right.integer;
  return make_boolean(maker,
                      op == CompareOperator::Lt    ? a < b
                      : op == CompareOperator::LtE ? a <= b
                      : op == CompareOperator::Gt  ? a > b
                                                   : a >= b,
                      span);
}

PyValue* apply_unary(Maker& maker, python::UnaryOperator op, PyValue& operand, Span span) {
  if (op == python::UnaryOperator::Not) {
    if (is_dialect_test(operand)) {
      const DialectTest test = dialect_test(operand);
      return make_dialect_test(maker, {test.no, test.yes}, span);
    }
    return make_truth(maker, negate(truth_of(operand)), span);
  }
  if (is_number(operand) && op == python::UnaryOperator::USub && operand.integer != INT64_MIN) {
    return make_integer(maker, -operand.integer, span);
  }
  if (operand.kind == ValueKind::floating && op == python::UnaryOperator::USub) {
    PyValue* value = make_value(maker, ValueKind::floating, span);
    value->floating = -operand.floating;
    return value;
  }
  return is_number(operand) && op == python::UnaryOperator::UAdd ? &operand : unknown_of(maker, span);
}

PyValue* subscript(Maker& maker, PyValue& container, PyValue& index, Span span) {
  if (container.kind == ValueKind::dict) {
    bool sure = false;
    PyValue* found = find_key(container, index, sure);
    return found && sure ? found : unknown_of(maker, span);
  }
  if (container.kind == ValueKind::globals) {
    // globals()["upgrade_%s" % engine_name]: the functions are read by themselves.
    const std::string_view begin = index.kind != ValueKind::text ? std::string_view{}
                                   : !index.open                 ? index.text
                                   : is_text(index.items[0])     ? index.items[0]->text
                                                                 : std::string_view{};
    if (begin.starts_with("upgrade") || begin.starts_with("downgrade")) {
      return make_value(maker, ValueKind::dispatcher, span);
    }
  }
  if (!is_number(index)) {
    return unknown_of(maker, span);
  }
  const bool text = is_text(&container);
  if (!text && (!is_sequence(&container) || container.kind == ValueKind::set)) {
    return unknown_of(maker, span);
  }
  const int64_t size = text ? static_cast<int64_t>(container.text.size()) : container.count;
  const int64_t at = index.integer < 0 ? index.integer + size : index.integer;
  if (at < 0 || at >= size || (index.integer < 0 && container.open)) {
    return unknown_of(maker, span);
  }
  return text ? make_text(maker, container.text.substr(static_cast<size_t>(at), 1), span) : container.items[at];
}

PyValue* dedent(Maker& maker, PyValue& text, Span span) {
  if (!is_text(&text)) {
    return text.kind == ValueKind::text ? &text
                                        : unknown_of(maker, span);  // white space between the pieces does not matter
  }
  std::string_view margin;
  bool first = true;
  const auto each_line = [&](auto use) {
    for (size_t begin = 0; begin <= text.text.size();) {
      const size_t end = std::min(text.text.find('\n', begin), text.text.size());
      use(text.text.substr(begin, end - begin), end < text.text.size());
      begin = end + 1;
    }
  };
  each_line([&](std::string_view line, bool) {
    const size_t indent = line.find_first_not_of(" \t");
    if (indent == std::string_view::npos) {
      return;
    }
    const std::string_view own = line.substr(0, indent);
    size_t same = 0;
    while (!first && same < own.size() && same < margin.size() && own[same] == margin[same]) {
      ++same;
    }
    margin = first ? own : margin.substr(0, same);
    first = false;
  });
  std::string result;
  each_line([&](std::string_view line, bool ends) {
    if (line.find_first_not_of(" \t") != std::string_view::npos) {
      result += line.substr(margin.size());
    }
    if (ends) {
      result += '\n';
    }
  });
  return make_text(maker, result, span);
}

PyValue* call_text_method(Maker& maker, PyValue& text, std::string_view method, std::span<const Argument> arguments,
                          Span span) {
  if (method == "join") {
    PyValue* parts = arguments.size() == 1 ? iterate(maker, *arguments[0].value) : nullptr;
    if (!parts || !all_known_texts(*parts)) {
      return unknown_of(maker, span);
    }
    std::vector<PyValue*> pieces;
    for (PyValue* part : items_of(*parts)) {
      if (!pieces.empty()) {
        pieces.push_back(&text);
      }
      pieces.push_back(part);
    }
    return join_pieces(maker, pieces, span);
  }
  if (text.open) {
    // Stripping or changing the case of a text with holes leaves the holes.
    return method == "strip" || method == "lstrip" || method == "rstrip" ? &text : unknown_of(maker, span);
  }
  if (method == "format") {
    return format_braces(maker, text.text, arguments, span);
  }
  const PyValue* first = find_argument(arguments, 0, {});
  if (method == "strip" || method == "lstrip" || method == "rstrip") {
    if (first && !is_text(first)) {
      return unknown_of(maker, span);
    }
    return make_text(maker,
                     strip(text.text, first ? first->text : std::string_view{}, method != "rstrip", method != "lstrip"),
                     span);
  }
  if (method == "lower" || method == "upper") {
    std::string result(text.text);
    const bool lower = method == "lower";
    for (char& c : result) {
      if (static_cast<unsigned char>(c) >= 0x80) {
        return unknown_of(maker, span);
      }
      c = static_cast<char>(lower ? std::tolower(c) : std::toupper(c));
    }
    return make_text(maker, result, span);
  }
  if (method == "replace" && arguments.size() == 2 && is_text(arguments[0].value) && is_text(arguments[1].value) &&
      !arguments[0].value->text.empty()) {
    return make_text(maker, replace_all(text.text, arguments[0].value->text, arguments[1].value->text, largest_text),
                     span);
  }
  if ((method == "startswith" || method == "endswith") && is_text(first)) {
    return make_boolean(
        maker, method == "endswith" ? text.text.ends_with(first->text) : text.text.starts_with(first->text), span);
  }
  if ((method == "split" || method == "splitlines") && arguments.size() <= 1 &&
      (!first || (is_text(first) && !first->text.empty()))) {
    std::vector<PyValue*> parts;
    const std::string_view separator = method == "splitlines" ? "\n" : first ? first->text : std::string_view{};
    for (size_t begin = 0; begin <= text.text.size() && parts.size() < longest_sequence;) {
      size_t end = separator.empty() ? text.text.find_first_of(" \t\r\n", begin) : text.text.find(separator, begin);
      end = std::min(end, text.text.size());
      if (!separator.empty() || end > begin) {
        parts.push_back(make_text(maker, text.text.substr(begin, end - begin), span));
      }
      begin = end + std::max<size_t>(separator.size(), 1);
    }
    return make_sequence(maker, ValueKind::list, parts, false, span);
  }
  return unknown_of(maker, span);
}

PyValue* call_container_method(Maker& maker, PyValue& container, std::string_view method,
                               std::span<const Argument> arguments, Span span) {
  const bool certain =
      maker.depth <= container.depth;  // else it happens under a condition, and the list may not get it
  const auto changes = [&] {
    if (!certain) {
      leave_open(container);
    }
    return certain;
  };
  if (container.kind == ValueKind::dict) {
    if (method == "items" || method == "keys" || method == "values") {
      return dict_entries(maker, container, method, span);
    }
    if (method == "get" && !arguments.empty()) {
      bool sure = false;
      PyValue* found = find_key(container, *arguments[0].value, sure);
      if (sure) {
        return found ? found : arguments.size() > 1 ? arguments[1].value : make_value(maker, ValueKind::none, span);
      }
      return unknown_of(maker, span);
    }
    if (method == "copy") {
      return copy_of(maker, container);
    }
    container.open = true;  // update, pop, setdefault …
    return unknown_of(maker, span);
  }
  if ((method == "append" || method == "add") && arguments.size() == 1) {
    if (changes()) {
      append_item(maker, container, arguments[0].value);
    }
    return make_value(maker, ValueKind::none, span);
  }
  if (method == "extend" && arguments.size() == 1) {
    PyValue* more = iterate(maker, *arguments[0].value);
    if (changes() && more) {
      const std::vector<PyValue*> items(more->items, more->items + more->count);  // it may be the list itself
      for (PyValue* item : items) {
        append_item(maker, container, item);
      }
      if (more->open) {
        leave_open(container);
      }
    }
    if (!more) {
      leave_open(container);
    }
    return make_value(maker, ValueKind::none, span);
  }
  if (method == "copy") {
    return copy_of(maker, container);
  }
  if (method == "index" || method == "count") {
    return unknown_of(maker, span);
  }
  if (method == "union" && container.kind == ValueKind::set && arguments.size() == 1) {
    return apply_operator(maker, python::Operator::BitOr, container, *arguments[0].value, span);
  }
  if (container.kind != ValueKind::tuple) {
    leave_open(container);  // insert, remove, pop, sort, clear …: what is left is not followed
    container.count = method == "sort" || method == "reverse" || method == "insert" ? container.count : 0;
  }
  return unknown_of(maker, span);
}

PyValue* iterate(Maker& maker, PyValue& value) {
  switch (value.kind) {
    case ValueKind::list:
    case ValueKind::tuple:
    case ValueKind::set:
      return &value;
    case ValueKind::dict:
      return dict_entries(maker, value, "keys", value.span);
    case ValueKind::text: {
      if (value.open || value.text.size() > 200) {
        return nullptr;
      }
      std::vector<PyValue*> characters;
      for (size_t i = 0; i < value.text.size(); ++i) {
        characters.push_back(make_text(maker, value.text.substr(i, 1), value.span));
      }
      return make_sequence(maker, ValueKind::list, characters, false, value.span);
    }
    default:
      return nullptr;
  }
}

PyValue* call_builtin(Maker& maker, std::string_view name, std::span<const Argument> arguments, Span span) {
  PyValue* first = arguments.empty() || !arguments[0].name.empty() ? nullptr : arguments[0].value;
  if (name == "range") {
    return make_range(maker, arguments, span);
  }
  if (name == "dict") {
    PyValue* dict = first && first->kind == ValueKind::dict ? copy_of(maker, *first)
                                                            : make_sequence(maker, ValueKind::dict, {}, false, span);
    if (first && first->kind != ValueKind::dict) {
      PyValue* pairs = iterate(maker, *first);
      dict->open = !pairs || pairs->open;
      for (PyValue* pair : pairs ? items_of(*pairs) : std::span<PyValue* const>{}) {
        if (is_sequence(pair) && pair->count == 2) {
          set_key(maker, *dict, pair->items[0], pair->items[1]);
        } else {
          dict->open = true;
        }
      }
    }
    for (const Argument& argument : arguments) {
      if (!argument.name.empty()) {
        set_key(maker, *dict, make_text(maker, argument.name, argument.span), argument.value);
      }
    }
    return dict;
  }
  if (name == "str") {
    PyValue* text = first ? text_of(maker, *first, span) : make_text(maker, {}, span);
    return text->kind == ValueKind::text ? text : unknown_of(maker, span);
  }
  if (!first) {
    const ValueKind kind = name == "list" ? ValueKind::list : name == "tuple" ? ValueKind::tuple : ValueKind::set;
    return name == "list" || name == "tuple" || name == "set" ? make_sequence(maker, kind, {}, false, span) : nullptr;
  }
  if (name == "bool") {
    return make_truth(maker, truth_of(*first), span);
  }
  if (name == "int" && is_number(*first)) {
    return make_integer(maker, first->integer, span);
  }
  if (name == "zip") {
    std::vector<PyValue*> rows;
    bool open = false;
    std::vector<PyValue*> columns;
    for (const Argument& argument : arguments) {
      PyValue* column = argument.name.empty() ? iterate(maker, *argument.value) : nullptr;
      if (!column) {
        return unknown_of(maker, span);
      }
      open = open || column->open;
      columns.push_back(column);
    }
    for (uint32_t i = 0; std::ranges::all_of(columns, [&](const PyValue* column) { return i < column->count; }); ++i) {
      std::vector<PyValue*> row;
      for (const PyValue* column : columns) {
        row.push_back(column->items[i]);
      }
      rows.push_back(make_sequence(maker, ValueKind::tuple, row, false, span));
    }
    return make_sequence(maker, ValueKind::list, rows, open, span);
  }
  const bool takes_sequence = name == "list" || name == "tuple" || name == "set" || name == "frozenset" ||
                              name == "sorted" || name == "reversed" || name == "enumerate" || name == "len" ||
                              name == "iter";
  if (!takes_sequence) {
    return nullptr;
  }
  if (name == "len" && is_text(first)) {
    return make_integer(maker, count_characters(first->text), span);
  }
  PyValue* sequence = iterate(maker, *first);
  if (!sequence) {
    return unknown_of(maker, span);
  }
  if (name == "len") {
    return sequence->open ? unknown_of(maker, span) : make_integer(maker, sequence->count, span);
  }
  if (name == "sorted") {
    const PyValue* reverse = find_argument(arguments, arguments.size(), "reverse");
    const bool by_key = find_argument(arguments, arguments.size(), "key") != nullptr;
    return by_key ? unknown_of(maker, span)
                  : sorted(maker, *sequence, reverse && truth_of(*reverse) == Truth::yes, span);
  }
  if (name == "enumerate") {
    const PyValue* start = find_argument(arguments, 1, "start");
    std::vector<PyValue*> rows;
    for (uint32_t i = 0; i < sequence->count; ++i) {
      PyValue* number = start && !is_number(*start) ? unknown_of(maker, span)
                                                    : make_integer(maker, i + (start ? start->integer : 0), span);
      rows.push_back(make_pair(maker, number, sequence->items[i], span));
    }
    return make_sequence(maker, ValueKind::list, rows, sequence->open, span);
  }
  const ValueKind kind = name == "tuple"                        ? ValueKind::tuple
                         : name == "set" || name == "frozenset" ? ValueKind::set
                                                                : ValueKind::list;
  PyValue* result = make_sequence(maker, kind, items_of(*sequence), sequence->open, span);
  if (name == "reversed") {
    std::reverse(result->items, result->items + result->count);
  }
  return result;
}

}  // namespace spiritsafe
