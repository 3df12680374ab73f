// SPDX-License-Identifier: Apache-2.0
// Which databases a piece of code can run on, as far as tests of the dialect's name say. Internal to engine/read.
#pragma once

#include "engine/facts/kinds.h"
#include "engine/read/constants.h"

namespace spiritsafe {

// One bit for each of SQLAlchemy's dialects that has a name here, and one for all others.
using Dialects = uint16_t;
inline constexpr Dialects every_dialect = 0xFF;

// On which a test holds, and on which it does not. Where it depends on other things too, a dialect is in both.
struct DialectTest {
  Dialects yes = every_dialect;
  Dialects no = every_dialect;
};

DialectTest dialect_test(const PyValue& value);
PyValue* make_dialect_test(Maker& maker, DialectTest test, Span span);
inline bool is_dialect_test(const PyValue& value) { return value.kind == ValueKind::dialect_test; }

// A comparison with the dialect's name, which is `left` or `right`.
PyValue* compare_dialect(Maker& maker, python::CompareOperator op, const PyValue& left, const PyValue& right,
                         Span span);
// A method of the dialect's name: startswith("mysql"), lower().
PyValue* call_dialect_method(Maker& maker, PyValue& name, std::string_view method, std::span<const Argument> arguments,
                             Span span);

// As a fact; absent where it can run on every one.
Texts dialect_texts(Arena& kept, Dialects dialects, Span span);

}  // namespace spiritsafe
