// SPDX-License-Identifier: Apache-2.0
// What a log says that a policy's signatures know: which message, on which line, and who explains it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/policy/policy.h"

namespace spiritsafe {

struct Explanation {
  const Rule* rule = nullptr;  // one of the two
  const Diagnosis* diagnosis = nullptr;
  uint32_t line = 0;                                             // the last one that says it, from 1
  std::vector<uint32_t> other_lines = {};                        // the first few of the others, in order
  std::string message = {};                                      // the line, without what colours it
  std::vector<std::pair<std::string, std::string>> values = {};  // what the pattern's named groups found
  std::vector<std::string> also = {};                            // ids whose signatures say less about the same line
};

struct LogReading {
  uint32_t lines = 0;
  // The last message first: a log ends with the exception that stopped the command. Of several that match one line the
  // one whose signature says most of it counts.
  std::vector<Explanation> explanations = {};
  size_t dropped = 0;  // further ones, earlier in the log
};

// Tries the signatures of all rules and diagnoses of `policies`, of those that are off too; of two with one id the
// first counts. The time is linear in the log, whatever it holds.
LogReading diagnose_log(std::string_view log, const std::vector<const Policy*>& policies);

// The text with the values filled in.
std::string fill(const GroupText& text, const std::vector<std::pair<std::string, std::string>>& values);

std::string_view id_of(const Explanation& explanation);

}  // namespace spiritsafe
