// SPDX-License-Identifier: Apache-2.0
// How the content of a string literal becomes its value, one step at a time. Internal to engine/python.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/python/tree.h"

namespace spiritsafe::python {

// One character, escape or line end of a literal.
struct StringStep {
  uint32_t length = 0;       // bytes of source
  uint8_t value_length = 0;  // bytes of `value`
  bool verbatim = false;     // the value is the source
  bool named = false;        // \N{…}, which is kept verbatim
  std::array<char, 4> value = {};
  const char* error = nullptr;
};

// The step at the beginning of `rest`, which is what is left of a piece's content and is not empty.
StringStep next_step(std::string_view rest, const StringPiece& piece);

// Appends the value of the piece, whose length it sets; returns whether it is known (no \N{…}). Throws a Failure for a
// bad escape.
bool decode_piece(std::string_view source, StringPiece& piece, std::string& value);

}  // namespace spiritsafe::python
