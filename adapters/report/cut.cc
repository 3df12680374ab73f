// SPDX-License-Identifier: Apache-2.0
#include "adapters/report/cut.h"

namespace spiritsafe {
namespace {

// Of a byte: 0 inside a character, 2 where a character of four bytes begins.
size_t units_of(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte & 0xC0) == 0x80 ? 0 : byte >= 0xF0 ? 2 : 1;
}

}  // namespace

size_t count_units(std::string_view text) {
  size_t units = 0;
  for (const char c : text) {
    units += units_of(c);
  }
  return units;
}

std::string cut_to_units(std::string_view text, size_t limit) {
  size_t units = 0, fits = 0;  // fits: bytes that leave room for the `…`
  for (size_t i = 0; i < text.size(); ++i) {
    const size_t more = units_of(text[i]);
    if (more > 0 && units < limit) {
      fits = i;  // what is before i has `units` < limit
    }
    units += more;
    if (units > limit) {
      return limit == 0 ? std::string() : std::string(text.substr(0, fits)) + "…";
    }
  }
  return std::string(text);
}

}  // namespace spiritsafe
