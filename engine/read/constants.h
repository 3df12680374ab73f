// SPDX-License-Identifier: Apache-2.0
// Values of Python as far as the text of one file says them, and what can be computed of them without running anything.
// Internal to engine/read.
#pragma once

#include <span>
#include <string_view>

#include "engine/facts/value.h"
#include "engine/python/tree.h"
#include "engine/text/arena.h"

namespace spiritsafe {

struct PyValue;
struct PyScope;

// One argument of a call, with `*literal` and `**literal` already taken apart.
struct Argument {
  std::string_view name = {};  // empty: given by place
  PyValue* value = nullptr;
  Span span = {};  // of the value, where the call has it
};

// A call whose meaning is not a value of Python's: `sa.Column(…)`, or a method of such a thing: `users.update()`.
struct CallParts {
  PyValue* callee = nullptr;     // the path called, or the receiver of the method
  std::string_view method = {};  // empty: the callee itself is called
  std::span<const Argument> arguments = {};
  bool open = false;   // there are more arguments, which could not be read
  Span span = {};      // of the call
  Span function = {};  // of what is called
};

// batch_alter_table's own arguments.
struct BatchBlock {
  Text table = {};
  Text schema = {};
  Text recreate = {};
  uint32_t* operations = nullptr;  // how many stand in the block so far
};

enum class ValueKind : uint8_t {
  unknown,  // text: why
  none,
  boolean,
  integer,
  floating,
  text,  // open: with holes; its items are then the pieces, texts and unknowns by turns
  list,
  tuple,
  set,
  dict,  // items: key, value, key, value
  path,  // a thing of another module, by its full name: text + rest, `sqlalchemy` + `.Column`
  call,
  function,  // of this file
  class_of_file,
  table,  // what create_table returned, or a model's __table__: text is its name
  batch,
  connection,
  session,
  context,       // Alembic's MigrationContext
  autocommit,    // autocommit_block()
  dialect,       // what `bind.dialect` is
  dialect_name,  // its name, which the database decides
  dialect_test,  // what comparing that name came to (dialects.h): integer
  globals,
  dispatcher,  // globals(), and globals()["upgrade_…"]
};

// What a function or class of the file is: its node, and the scope that it sees.
struct Definition {
  const python::Node* node;
  PyScope* scope;
};

// Small, as they are made by the hundred. A list is an object: who holds the pointer sees it change.
struct PyValue {
  ValueKind kind = ValueKind::unknown;
  bool open = false;     // list, set, dict: at least these items; text: has holes; call: more arguments
  bool foreign = false;  // unknown, call: came out of code in another module
  uint8_t depth = 0;     // under how many undecided conditions it was made
  Span span = {};
  uint32_t count = 0;  // of items
  uint32_t capacity = 0;
  PyValue* possible = nullptr;  // list, set that is open: a sequence of all that may be in it beside its items
  std::string_view text = {};
  union {
    std::string_view rest = {};
    PyValue** items;
    Definition definition;
    const CallParts* call;
    const BatchBlock* batch;
    int64_t integer;  // boolean too
    double floating;
  };
};

// Makes values; everything lives in its arena. Bounds what a hostile file can make of a small text.
struct Maker {
  Arena& arena;
  std::string_view source;
  uint64_t text_budget = 0;  // bytes of text that may still be made
  uint8_t depth = 0;
};

inline constexpr uint32_t largest_text = 1u << 20;

PyValue* make_value(Maker& maker, ValueKind kind, Span span);
PyValue* make_unknown(Maker& maker, std::string_view reason, Span span);
PyValue* make_text(Maker& maker, std::string_view text, Span span);
PyValue* make_integer(Maker& maker, int64_t integer, Span span);
PyValue* make_boolean(Maker& maker, bool boolean, Span span);
PyValue* make_truth(Maker& maker, Truth truth, Span span);
PyValue* make_path(Maker& maker, std::string_view base, std::string_view rest, Span span);
PyValue* make_sequence(Maker& maker, ValueKind kind, std::span<PyValue* const> items, bool open, Span span);
PyValue* copy_of(Maker& maker, const PyValue& value);
void append_item(Maker& maker, PyValue& list, PyValue* item);
// From here on anything may be in a list, set or dict.
void leave_open(PyValue& container);

inline std::span<PyValue* const> items_of(const PyValue& value) {
  return {value.count ? value.items : nullptr, value.count};
}
inline bool is_text(const PyValue* value) { return value && value->kind == ValueKind::text && !value->open; }
inline bool is_sequence(const PyValue* value) {
  return value && (value->kind == ValueKind::list || value->kind == ValueKind::tuple || value->kind == ValueKind::set);
}

// ---- paths ----
enum class Root : uint8_t { unasked, sqlalchemy, alembic, other };
// Which package a path leads into; remembered in the path.
Root root_kind(PyValue& path);
bool path_is(const PyValue& path, std::string_view name);
// `sqlalchemy` for `sqlalchemy.dialects.postgresql.JSONB`.
std::string_view root_of(const PyValue& path);
std::string_view leaf_of(const PyValue& path);
// What stands behind `prefix` and a dot, or empty.
std::string_view path_after(const PyValue& path, std::string_view prefix);
std::string_view full_path(Maker& maker, const PyValue& path);

// ---- computing ----
Truth truth_of(const PyValue& value);
Truth equal(const PyValue& a, const PyValue& b);
PyValue* apply_operator(Maker& maker, python::Operator op, PyValue& left, PyValue& right, Span span);
PyValue* apply_comparison(Maker& maker, python::CompareOperator op, PyValue& left, PyValue& right, Span span);
PyValue* apply_unary(Maker& maker, python::UnaryOperator op, PyValue& operand, Span span);
PyValue* join_pieces(Maker& maker, std::span<PyValue* const> pieces, Span span);
// The text that str() or `{}` in a format makes of it; with a hole where it cannot be known.
PyValue* text_of(Maker& maker, PyValue& value, Span span);
PyValue* subscript(Maker& maker, PyValue& container, PyValue& index, Span span);
// A method of a text, list, tuple, set or dict; nullptr where it is none that is known.
PyValue* call_text_method(Maker& maker, PyValue& text, std::string_view method, std::span<const Argument> arguments,
                          Span span);
PyValue* call_container_method(Maker& maker, PyValue& container, std::string_view method,
                               std::span<const Argument> arguments, Span span);
// A builtin function; nullptr where it is none that can be computed.
PyValue* call_builtin(Maker& maker, std::string_view name, std::span<const Argument> arguments, Span span);
// What a loop over the value sees, as a sequence; nullptr where it cannot be known. `open` says that there may be more.
PyValue* iterate(Maker& maker, PyValue& value);
PyValue* dedent(Maker& maker, PyValue& text, Span span);

}  // namespace spiritsafe
