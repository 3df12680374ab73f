// SPDX-License-Identifier: Apache-2.0
#include <malloc.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>
#include <iostream>

#include <fmt/chrono.h>

#include "adapters/cli/run.h"

int main(int count, char** arguments) {
  std::ios::sync_with_stdio(false);
  // Facts come and go in batches; memory given back to the system between two of them would only be asked for again.
  ::mallopt(M_TRIM_THRESHOLD, 256 << 20);
  ::mallopt(M_MMAP_THRESHOLD, 256 << 20);
  const std::string today = fmt::format("{:%Y-%m-%d}", fmt::gmtime(std::time(nullptr)));
  const bool plain = std::getenv("NO_COLOR") != nullptr;  // no-color.org
  const auto is_terminal = [&](int descriptor) { return !plain && ::isatty(descriptor) == 1; };
  const std::vector<std::string> words(arguments + (count > 0), arguments + count);
  const auto environment = [](std::string_view name) {
    const char* value = std::getenv(std::string(name).c_str());
    return std::string(value ? value : "");
  };
  return spiritsafe::run(words, {std::cout, std::cerr, is_terminal(1), is_terminal(2), today, environment, &std::cin,
                                 ::isatty(0) == 1, std::_Exit});
}
