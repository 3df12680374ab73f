// SPDX-License-Identifier: Apache-2.0
// A program run without a shell: arguments are a vector, so a file name is never more than a file name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace spiritsafe {

struct ProcessResult {
  int exit = -1;  // -1: it could not be started, or a signal ended it
  std::string out = {};
  std::string err = {};    // at most the first 64 KiB
  bool truncated = false;  // out had more than `largest` bytes; it was read to the end and dropped
};

// Runs `arguments[0]`, looked up in PATH, with the environment of this process and `extra_environment` (NAME=value) on
// top; `input` is its standard input.
ProcessResult run_process(const std::vector<std::string>& arguments, std::string_view input = {},
                          const std::vector<std::string>& extra_environment = {}, size_t largest = 256u << 20);

}  // namespace spiritsafe
