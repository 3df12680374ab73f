// SPDX-License-Identifier: Apache-2.0
// What a string's value has to do with the bytes it was written with, and what a number's text is worth.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/python/tree.h"

namespace spiritsafe::python {

// The runs of source that the value of a Str or Bytes is made of, in order; `source` is ParseResult::text.
std::vector<StringPiece> string_pieces(const Constant& constant, std::string_view source);

// The byte of the source that byte `value_offset` of constant.value comes from: of an escape, its backslash. An offset
// at or past the end of the value gives the place just after the last piece (its closing quote).
uint32_t source_offset(const Constant& constant, size_t value_offset, std::string_view source);

// The value of an Int, if it fits.
std::optional<int64_t> integer_value(const Constant& constant);

// The value of a Float, or of the imaginary part of a Complex; infinity where it is too large.
double float_value(const Constant& constant);

}  // namespace spiritsafe::python
