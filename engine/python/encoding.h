// SPDX-License-Identifier: Apache-2.0
// From the bytes of a file to text: byte order mark, coding cookie, NULs and invalid UTF-8. Internal to engine/python.
#pragma once

#include <string_view>

#include "engine/python/parse.h"

namespace spiritsafe::python {

struct DecodedText {
  std::string_view text;  // UTF-8: what was given, or a decoded copy in the arena
  uint32_t begin = 0;     // after the byte order mark
};

// Throws a Failure for what CPython refuses, and for encodings that are not known here.
DecodedText decode_text(std::string_view bytes, Arena& arena);

}  // namespace spiritsafe::python
