// SPDX-License-Identifier: Apache-2.0
#include "adapters/report/paint.h"

#include <fmt/format.h>

namespace spiritsafe {

std::string_view colour_of(Level level) {
  switch (level) {
    case Level::error:
      return "\x1b[1;31m";
    case Level::approval:
      return "\x1b[1;35m";
    case Level::warn:
      return "\x1b[1;33m";
    case Level::advice:
    case Level::off:
      break;
  }
  return "\x1b[1;36m";
}

std::string painted(std::string_view text, std::string_view code, bool colour) {
  return colour ? fmt::format("{}{}\x1b[0m", code, text) : std::string(text);
}

}  // namespace spiritsafe
