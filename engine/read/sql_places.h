// SPDX-License-Identifier: Apache-2.0
// Where the bytes of an SQL text stand in the file. Internal to engine/read.
#pragma once

#include <vector>

#include "engine/read/constants.h"

namespace spiritsafe {

struct SqlPlaces {
  // So many bytes of the text come from so many bytes of the file; where both numbers are the same, byte from byte.
  struct Run {
    uint32_t text = 0;
    uint32_t length = 0;
    Span source = {};
  };
  Span whole = {};                     // for all that has no better place
  std::vector<Run> runs = {};          // in the order of the text; empty: nothing is known but the whole
  std::vector<uint32_t> removed = {};  // where bytes were taken out of the text, as it is without them

  Span of(size_t begin, size_t end) const;
};

// Stands for a value that is not in the text.
inline constexpr std::string_view sql_hole = "_spirit_hole_";

// Of a text that Python's string literals (or an f-string's pieces) make; `whole` is where it is used. Exact or none:
// the literals are read once more, and have to give the same text.
SqlPlaces places_of(const PyValue& value, std::string_view text, std::string_view source, Span whole);

}  // namespace spiritsafe
