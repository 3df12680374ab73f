// SPDX-License-Identifier: Apache-2.0
// Rows of the vocabulary made of struct members. Internal to engine/facts.
#pragma once

#include <algorithm>

#include "engine/facts/vocabulary.h"

namespace spiritsafe {

// ---- from a struct member to a value -------------------------------------------------------------------------------

template <class T>
Value value_of(const Fact<T>& fact) {
  Value value;
  value.state = fact.state;
  value.span = fact.span;
  if (fact.state == State::known) {
    if constexpr (std::is_same_v<T, std::string_view>) {
      value.text = fact.value;
    } else if constexpr (std::is_same_v<T, bool>) {
      value.boolean = fact.value;
    } else if constexpr (std::is_enum_v<T>) {
      value.text = name_of(fact.value);
    } else {
      value.number = fact.value;
    }
  }
  return value;
}

inline Value value_of(bool plain) { return value_of(known(plain)); }
inline Value value_of(uint32_t plain) { return value_of(known<int64_t>(plain)); }

template <class Kind>
requires std::is_enum_v<Kind> Value value_of(Kind kind) { return value_of(known(kind)); }

inline Value value_of(const Texts& list) {
  Value value;
  value.state = list.state;
  value.open = list.open;
  value.texts = list.items;
  return value;
}

template <class T>
Value value_of(std::span<const T> items) {
  Value value;
  value.state = State::known;
  value.items = {&entity_of<T>(), reinterpret_cast<const std::byte*>(items.data()), static_cast<uint32_t>(items.size()),
                 sizeof(T), false};
  return value;
}

// Pointers to items that live elsewhere.
template <class T>
Value value_of(std::span<const T* const> items) {
  Value value;
  value.state = State::known;
  value.items = {&entity_of<T>(), reinterpret_cast<const std::byte*>(items.data()), static_cast<uint32_t>(items.size()),
                 sizeof(const void*), true};
  return value;
}

template <class T>
Value value_of(const List<T>& list) {
  Value value = value_of(list.items);
  value.state = list.state;
  value.open = list.open;
  return value;
}

template <class T>
Value value_of(const std::vector<T>& items) {
  return value_of(std::span<const T>(items));
}

template <class T>
Value value_of(const std::vector<const T*>& items) {
  return value_of(std::span<const T* const>(items));
}

template <class T>
Value value_of(const std::vector<std::unique_ptr<T>>& items) {
  Value value;
  value.state = State::known;
  static_assert(sizeof(std::unique_ptr<T>) == sizeof(const void*), "Items reads these pointers as they lie in memory");
  value.items = {&entity_of<T>(), reinterpret_cast<const std::byte*>(items.data()), static_cast<uint32_t>(items.size()),
                 sizeof(const void*), true};
  return value;
}

template <class T>
Value value_of(const T* pointer) {
  Value value;
  value.state = pointer ? State::known : State::absent;
  value.item = {&entity_of<T>(), pointer};
  return value;
}

template <class T>
int small_of(T plain) {
  if constexpr (std::is_enum_v<T> || std::is_same_v<T, bool>) {
    return static_cast<int>(plain);
  } else {
    return 0;
  }
}
template <class T>
int small_of(const Fact<T>& fact) {
  return fact.state == State::known ? small_of(fact.value) : fact.state == State::absent ? absent_small : unknown_small;
}
inline int small_of(const Texts& list) {
  if (list.state == State::absent) {
    return absent_small;
  }
  const bool whole = list.state == State::known && !list.open;
  return whole ? static_cast<int>(std::min<size_t>(list.items.size(), most_small)) : unknown_small;
}

template <class T>
struct MemberType;
template <class Struct, class T>
struct MemberType<T Struct::*> {
  using Owner = Struct;
  using Member = T;
};

template <class T>
struct TypeOf;
template <class T>
requires std::is_enum_v<T>
struct TypeOf<T> {
  static constexpr Type type = Type::choice;
  static std::span<const std::string_view> choices() { return names_of<T>(); }
};
template <class T>
struct TypeOf<Fact<T>> : TypeOf<T> {};
template <>
struct TypeOf<std::string_view> {
  static constexpr Type type = Type::text;
};
template <>
struct TypeOf<bool> {
  static constexpr Type type = Type::boolean;
};
template <>
struct TypeOf<int64_t> {
  static constexpr Type type = Type::number;
};
template <>
struct TypeOf<uint32_t> {
  static constexpr Type type = Type::number;
};
template <>
struct TypeOf<Texts> {
  static constexpr Type type = Type::texts;
};

// A row for a member that holds a plain fact.
template <auto member>
Field field(std::string_view name, std::string_view help) {
  using Traits = MemberType<decltype(member)>;
  using Kind = TypeOf<typename Traits::Member>;
  Field row{name, Kind::type,
            help, {},
            {},   [](const void* item) {
              return value_of(static_cast<const typename Traits::Owner*>(item)->*member); }};
  if constexpr (requires { Kind::choices(); }) {
    row.choices = Kind::choices();
  }
  row.small = [](const void* item) { return small_of(static_cast<const typename Traits::Owner*>(item)->*member); };
  return row;
}

// A row for a member that leads to an item or to a list of items.
template <auto member>
Field relation(std::string_view name, Type type, std::string_view entity, std::string_view help) {
  using Owner = typename MemberType<decltype(member)>::Owner;
  return {name,   type, help,
          entity, {},   [](const void* item) { return value_of(static_cast<const Owner*>(item)->*member); }};
}

// Does the change add the line that an item stands on? Without lines to ask, as the file itself.
inline bool is_added(const File& file, Span span) {
  const auto behind =
      std::ranges::upper_bound(file.lines, span.begin, {}, [](const Line& line) { return line.span.begin; });
  return behind == file.lines.begin() ? file.change != Change::unchanged : std::prev(behind)->added;
}

// The rows of models.h, in vocabulary_models.cc.
std::span<const Field> module_fields();
std::span<const Field> model_fields();
std::span<const Field> model_field_fields();
std::span<const Field> relationship_fields();
std::span<const Field> difference_fields();

}  // namespace spiritsafe
