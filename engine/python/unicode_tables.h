// SPDX-License-Identifier: Apache-2.0
// What Unicode says about the characters that names may hold, ordered by code point. Internal to engine/python.
#pragma once

#include <cstdint>
#include <span>

namespace spiritsafe::python {

struct CodePointRange {  // the last one is in it
  char32_t first;
  char32_t last;
};
struct CombiningRange {  // characters of one canonical combining class, which is not zero
  char32_t first;
  char32_t last;
  uint8_t combining_class;
};
struct Decomposition {  // full, compatible (NFKD); a run of decomposed_characters
  char32_t code_point;
  uint16_t begin;
  uint16_t length;
};
struct Composition {
  char32_t first;
  char32_t second;
  char32_t composed;
};

extern const std::span<const CodePointRange> name_start_ranges;
extern const std::span<const CodePointRange> name_continue_ranges;
extern const std::span<const CombiningRange> combining_ranges;
extern const std::span<const Decomposition> decompositions;
extern const std::span<const char32_t> decomposed_characters;
extern const std::span<const Composition> compositions;

}  // namespace spiritsafe::python
