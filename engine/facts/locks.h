// SPDX-License-Identifier: Apache-2.0
// What an operation or a statement does to the database's traffic while it runs: looked up in the policy's rows of
// effects (engine/judge/locks.h), each of which a test has proved. Unknown where no row speaks of it, or where rows
// that differ might.
#pragma once

#include "engine/facts/kinds.h"
#include "engine/facts/value.h"

namespace spiritsafe {

struct LockEffect {
  Text row = {{}, State::unknown};              // the row of the policy that says it
  Fact<LockMode> lock = {{}, State::unknown};   // the strongest on its own table; absent: none
  Fact<Blocked> blocks = {{}, State::unknown};  // what that lock lets nobody else do
  Fact<LockMode> lock_on_referenced = {{}, State::unknown};
  Fact<Blocked> blocks_referenced = {{}, State::unknown};
  Flag rewrites = {{}, State::unknown};  // its table is written anew
  Flag scans = {{}, State::unknown};     // rows of its table are read
  Flag scans_referenced = {{}, State::unknown};
  Flag fails_with_rows = {{}, State::unknown};  // it fails where the table has rows
  Flag fails_in_transaction = {{}, State::unknown};
};

}  // namespace spiritsafe
