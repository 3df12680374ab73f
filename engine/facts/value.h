// SPDX-License-Identifier: Apache-2.0
// What a fact can be: written down, not written, or not to be known from the text.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "engine/text/source.h"

namespace spiritsafe {

// absent: not written, after Alembic's and SQLAlchemy's own defaults were applied.
// unknown: computed when the migration runs, or in a part that could not be read. Never guessed.
enum class State : uint8_t { absent, unknown, known };

// Facts are views: their text lives in the file's source or in the file's arena, which the Project keeps (project.h).
template <class T>
struct Fact {
  T value = {};
  State state = State::absent;
  Span span = {};  // where it stands; empty where it stands nowhere (a default)
  bool is_known() const { return state == State::known; }
  bool is_absent() const { return state == State::absent; }
  bool is_unknown() const { return state == State::unknown; }
};

using Text = Fact<std::string_view>;
using Number = Fact<int64_t>;
using Flag = Fact<bool>;

// A list is open when only a part of it could be read: it has at least these items.
template <class T>
struct List {
  std::span<const T> items = {};
  State state = State::known;
  bool open = false;
};

using Texts = List<Text>;

template <class T>
Fact<T> known(T value, Span span = {}) {
  return {value, State::known, span};
}
template <class T>
Fact<T> unknown(Span span = {}) {
  return {T{}, State::unknown, span};
}

// Kleene's three values.
enum class Truth : uint8_t { no, unknown, yes };
inline Truth truth(bool value) { return value ? Truth::yes : Truth::no; }
inline Truth negate(Truth value) {
  return value == Truth::yes ? Truth::no : value == Truth::no ? Truth::yes : Truth::unknown;
}
inline Truth both(Truth a, Truth b) { return a < b ? a : b; }
inline Truth either(Truth a, Truth b) { return a > b ? a : b; }

}  // namespace spiritsafe
