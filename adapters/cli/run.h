// SPDX-License-Identifier: Apache-2.0
// The whole program as a function of its arguments and streams.
#pragma once

#include <functional>
#include <istream>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace spiritsafe {

struct Streams {
  std::ostream& out;  // the report only
  std::ostream& err;  // everything else
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  std::string today = {};                                              // YYYY-MM-DD
  std::function<std::string(std::string_view name)> environment = {};  // variables; empty: none is set
  std::istream* in = nullptr;                                          // what `diagnose` reads without a file
  bool in_is_terminal = false;
  // Ends the process at once when everything is written: giving tens of thousands of findings back to the allocator
  // takes longer than writing them. Empty: `run` returns.
  std::function<void(int exit)> leave = {};
};

// The process's exit code (Exit of options.h).
int run(const std::vector<std::string>& arguments, const Streams& streams);

}  // namespace spiritsafe
