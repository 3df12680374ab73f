// SPDX-License-Identifier: Apache-2.0
// The cheap part of a rule's condition, laid side by side: most rules say no to most items by a kind, a flag or a value
// that is not there, and those need not be asked any further.
#pragma once

#include <span>
#include <vector>

#include "engine/policy/policy.h"

namespace spiritsafe {

struct SieveNode {
  enum class Kind : uint8_t { all, any, some, test };
  Kind kind = Kind::test;
  uint32_t end = 0;                          // behind the last node inside this one
  const Field* field = nullptr;              // some: the list. test: an item to begin at; nullptr: the item at hand
  int (*small)(const void* item) = nullptr;  // test
  uint64_t bits = 0;                         // test: which answers of `small` pass
};

// `where` as far as it is cheap; no nodes where nothing of it is.
std::vector<SieveNode> make_sieve(const Condition& where);

// false: the condition surely does not hold.
bool passes(std::span<const SieveNode> sieve, const void* item);

}  // namespace spiritsafe
