// SPDX-License-Identifier: Apache-2.0
#include "engine/read/dialects.h"

#include <algorithm>
#include <iterator>

#include "engine/read/read.h"

namespace spiritsafe {
namespace {

constexpr size_t name_count = std::size(dialect_names);
constexpr auto other = static_cast<Dialects>(1u << name_count);
static_assert((2u << name_count) - 1 == every_dialect);

Dialects without(Dialects all, Dialects some) { return static_cast<Dialects>(all & ~some); }

// The test whether `matches` is true of the name; `perhaps` of one that has no bit of its own.
template <class Matches>
DialectTest test_of_names(Matches matches, bool perhaps) {
  DialectTest test{0, 0};
  for (size_t i = 0; i < name_count; ++i) {
    Dialects& side = matches(dialect_names[i]) ? test.yes : test.no;
    side = static_cast<Dialects>(side | 1u << i);
  }
  test.yes = static_cast<Dialects>(test.yes | (perhaps ? other : 0));
  test.no = static_cast<Dialects>(test.no | other);
  return test;
}

bool has_own_bit(std::string_view name) { return std::ranges::find(dialect_names, name) != std::end(dialect_names); }

DialectTest equals(std::string_view text) {
  return test_of_names([&](std::string_view name) { return name == text; }, !has_own_bit(text));
}

DialectTest inverted(DialectTest test) { return {test.no, test.yes}; }

// `dialect.name in (…)`.
DialectTest is_in(const PyValue& container) {
  if (is_text(&container)) {
    return test_of_names([&](std::string_view name) { return container.text.find(name) != std::string_view::npos; },
                         true);
  }
  if (!is_sequence(&container)) {
    return {};
  }
  bool all_known = !container.open;
  Dialects yes = 0;
  for (const PyValue* item : items_of(container)) {
    if (!is_text(item)) {
      all_known = false;
      continue;
    }
    yes = static_cast<Dialects>(yes | equals(item->text).yes);
  }
  // Of those that are named here only the listed ones are surely in it; `other` may always be missing.
  const auto no = static_cast<Dialects>(without(every_dialect, yes) | other);
  return all_known ? DialectTest{yes, no} : DialectTest{every_dialect, no};
}

}  // namespace

DialectTest dialect_test(const PyValue& value) {
  if (value.kind == ValueKind::dialect_test) {
    return {static_cast<Dialects>(value.integer & every_dialect), static_cast<Dialects>(value.integer >> 16)};
  }
  switch (truth_of(value)) {
    case Truth::yes:
      return {every_dialect, 0};
    case Truth::no:
      return {0, every_dialect};
    case Truth::unknown:
      break;
  }
  return {};
}

PyValue* make_dialect_test(Maker& maker, DialectTest test, Span span) {
  if (test.yes == 0 || test.no == 0) {
    return make_truth(maker, truth(test.no == 0), span);
  }
  if (test.yes == every_dialect && test.no == every_dialect) {
    return make_unknown(maker, {}, span);
  }
  PyValue* value = make_value(maker, ValueKind::dialect_test, span);
  value->integer = test.yes | static_cast<int64_t>(test.no) << 16;
  return value;
}

PyValue* compare_dialect(Maker& maker, python::CompareOperator op, const PyValue& left, const PyValue& right,
                         Span span) {
  using python::CompareOperator;
  const bool name_first = left.kind == ValueKind::dialect_name;
  const PyValue& wanted = name_first ? right : left;
  DialectTest test;
  switch (op) {
    case CompareOperator::Eq:
    case CompareOperator::Is:
    case CompareOperator::NotEq:
    case CompareOperator::IsNot:
      if (is_text(&wanted)) {
        test = equals(wanted.text);
      }
      break;
    case CompareOperator::In:
    case CompareOperator::NotIn:
      if (name_first) {
        test = is_in(wanted);
      } else if (is_text(&wanted)) {
        // `"postgres" in dialect.name`
        test = test_of_names([&](std::string_view name) { return name.find(wanted.text) != std::string_view::npos; },
                             true);
      }
      break;
    default:
      break;
  }
  const bool negated = op == CompareOperator::NotEq || op == CompareOperator::IsNot || op == CompareOperator::NotIn;
  return make_dialect_test(maker, negated ? inverted(test) : test, span);
}

PyValue* call_dialect_method(Maker& maker, PyValue& name, std::string_view method, std::span<const Argument> arguments,
                             Span span) {
  if ((method == "lower" || method == "strip" || method == "casefold") && arguments.empty()) {
    return &name;
  }
  const bool begins = method == "startswith";
  if ((begins || method == "endswith") && arguments.size() == 1 && is_text(arguments[0].value)) {
    const std::string_view text = arguments[0].value->text;
    const auto matches = [&](std::string_view each) { return begins ? each.starts_with(text) : each.ends_with(text); };
    return make_dialect_test(maker, test_of_names(matches, true), span);
  }
  return make_unknown(maker, {}, span);
}

Texts dialect_texts(Arena& kept, Dialects dialects, Span span) {
  if (dialects == every_dialect) {
    return {{}, State::absent, false};
  }
  Text texts[name_count + 1];
  size_t count = 0;
  for (size_t i = 0; i < name_count; ++i) {
    if (dialects & (1u << i)) {
      texts[count++] = known(dialect_names[i], span);
    }
  }
  if (dialects & other) {
    texts[count++] = known(std::string_view("other"), span);
  }
  return {kept.copy(std::span<const Text>(texts, count)), State::known, false};
}

void settle_dialect(Project& project) {
  constexpr std::string_view postgresql = "postgresql";
  if (project.settings.dialect.empty() || project.settings.dialect == postgresql) {
    return;
  }
  const auto names_it = [&](const Text& text) { return text.is_known() && text.value == postgresql; };
  const auto is_meant = [&](const Operation& operation) {
    return operation.dialects.state == State::known && std::ranges::any_of(operation.dialects.items, names_it);
  };
  for (const auto& migration : project.migrations) {
    const bool imports = std::ranges::any_of(migration->imports.items, [&](const Import& import) {
      return import.module.value.ends_with(".postgresql") || import.module.value.starts_with("psycopg") ||
             (import.name.value == postgresql && import.module.value == "sqlalchemy.dialects");
    });
    if (imports || std::ranges::any_of(migration->upgrade.items, is_meant)) {
      project.settings.dialect.clear();
      return;
    }
  }
}

}  // namespace spiritsafe
