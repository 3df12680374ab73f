// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <cstdlib>
#include <ctime>
#include <iostream>

#include <fmt/chrono.h>

#include "adapters/cli/run.h"

int main(int count, char** arguments) {
  std::ios::sync_with_stdio(false);
  const std::string today = fmt::format("{:%Y-%m-%d}", fmt::gmtime(std::time(nullptr)));
  const bool plain = std::getenv("NO_COLOR") != nullptr;  // no-color.org
  const auto is_terminal = [&](int descriptor) { return !plain && ::isatty(descriptor) == 1; };
  const std::vector<std::string> words(arguments + (count > 0), arguments + count);
  return spiritsafe::run(words, {std::cout, std::cerr, is_terminal(1), is_terminal(2), today});
}
