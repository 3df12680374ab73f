// SPDX-License-Identifier: Apache-2.0
#include "engine/judge/sieve.h"

#include <algorithm>

#include "engine/judge/match.h"

namespace spiritsafe {
namespace {

constexpr uint64_t absent_bit = uint64_t{1} << 63;
constexpr uint64_t present_bits = ~absent_bit;

uint64_t size_bits(const Range& range) {
  uint64_t bits = 0;
  for (int count = 0; count <= most_small; ++count) {
    const bool may_hold = in_range(range, count, count == most_small ? no_upper_bound : count) != Truth::no;
    bits |= may_hold ? uint64_t{1} << count : 0;
  }
  return bits;
}

// Which answers of the field's `small` a test may say yes to. An unknown value always passes.
uint64_t bits_of(const Matcher& matcher, const Field& field) {
  using Kind = Matcher::Kind;
  switch (matcher.kind) {
    case Kind::equals:
      return matcher.small != 0 ? matcher.small : present_bits;
    case Kind::is_absent:
      return absent_bit;
    case Kind::is_unknown:
      return 0;
    case Kind::size:
      return field.type == Type::texts ? size_bits(matcher.range) : present_bits;
    case Kind::is_present:
    case Kind::is_known:
    case Kind::matches:
    case Kind::contains:
    case Kind::starts_with:
    case Kind::ends_with:
    case Kind::length:
    case Kind::words:
    case Kind::number:
    case Kind::includes:
      return present_bits;
    default:
      return ~uint64_t{0};
  }
}

bool add(std::vector<SieveNode>& sieve, const Condition& condition, int deepest_slot);

// `some: block` on a list of items.
bool add_some(std::vector<SieveNode>& sieve, const Condition& test) {
  if (test.matcher.kind != Matcher::Kind::some || !test.matcher.block || test.path.fields.size() != 1) {
    return false;
  }
  const size_t at = sieve.size();
  sieve.push_back({SieveNode::Kind::some, 0, test.path.fields.front(), nullptr, 0});
  if (!add(sieve, *test.matcher.block, -1)) {
    sieve.resize(at);
    return false;
  }
  sieve[at].end = static_cast<uint32_t>(sieve.size());
  return true;
}

bool add_test(std::vector<SieveNode>& sieve, const Condition& test, int deepest_slot) {
  const auto& fields = test.path.fields;
  if (test.path.slot > deepest_slot || fields.empty() || fields.size() > 2) {
    return false;
  }
  const Field& last = *fields.back();
  if (last.type == Type::items) {
    return add_some(sieve, test);
  }
  const uint64_t bits = bits_of(test.matcher, last);
  if (!last.small || bits == ~uint64_t{0}) {
    return false;
  }
  sieve.push_back({SieveNode::Kind::test, static_cast<uint32_t>(sieve.size() + 1),
                   fields.size() == 2 ? fields.front() : nullptr, last.small, bits});
  return true;
}

// false: nothing of the condition is cheap, and nothing was added. A path may begin at the judged item (slot 0) where
// that is the item at hand.
bool add(std::vector<SieveNode>& sieve, const Condition& condition, int deepest_slot) {
  if (condition.kind == Condition::Kind::test) {
    return add_test(sieve, condition, deepest_slot);
  }
  if (condition.kind == Condition::Kind::negation || condition.parts.empty()) {
    return false;
  }
  const bool is_any = condition.kind == Condition::Kind::any;
  const size_t at = sieve.size();
  sieve.push_back({is_any ? SieveNode::Kind::any : SieveNode::Kind::all, 0, nullptr, nullptr, 0});
  bool any_added = false;
  for (const Condition& part : condition.parts) {
    const bool added = add(sieve, part, deepest_slot);
    any_added = any_added || added;
    if (is_any && !added) {
      any_added = false;  // this one may always hold
      break;
    }
  }
  if (!any_added) {
    sieve.resize(at);
    return false;
  }
  sieve[at].end = static_cast<uint32_t>(sieve.size());
  return true;
}

bool passes_at(std::span<const SieveNode> sieve, uint32_t at, const void* item) {
  const SieveNode& node = sieve[at];
  switch (node.kind) {
    case SieveNode::Kind::test: {
      if (node.field) {
        const Value value = node.field->get(item);
        if (value.state != State::known) {
          return true;
        }
        item = value.item.pointer;
      }
      const int small = node.small(item);
      return small == unknown_small || (node.bits >> (small == absent_small ? 63 : small) & 1) != 0;
    }
    case SieveNode::Kind::some: {
      const Value value = node.field->get(item);
      if (value.state != State::known || value.open) {
        return value.state != State::absent;
      }
      for (uint32_t i = 0; i < value.items.count; ++i) {
        if (passes_at(sieve, at + 1, value.items[i].pointer)) {
          return true;
        }
      }
      return false;
    }
    case SieveNode::Kind::all:
    case SieveNode::Kind::any: {
      const bool deciding = node.kind == SieveNode::Kind::any;
      for (uint32_t part = at + 1; part < node.end; part = sieve[part].end) {
        if (passes_at(sieve, part, item) == deciding) {
          return deciding;
        }
      }
      return !deciding;
    }
  }
  return true;
}

}  // namespace

std::vector<SieveNode> make_sieve(const Condition& where) {
  std::vector<SieveNode> sieve;
  add(sieve, where, 0);
  return sieve;
}

bool passes(std::span<const SieveNode> sieve, const void* item) { return sieve.empty() || passes_at(sieve, 0, item); }

}  // namespace spiritsafe
