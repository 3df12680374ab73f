// SPDX-License-Identifier: Apache-2.0
// Names with letters beyond ASCII. Internal to engine/python.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace spiritsafe::python {

// The code point at `at`, which is moved past it. The text is valid UTF-8.
uint32_t decode_utf8(const char*& at);
// Appends a code point; a surrogate as the three bytes it would have.
void append_utf8(std::string& text, uint32_t code_point);

// Unicode's XID_Start and XID_Continue, the latter without ASCII.
bool starts_name(uint32_t code_point);
bool continues_name(uint32_t code_point);

// The name as CPython compares it: in normalisation form KC.
std::string normalize_name(std::string_view name);

}  // namespace spiritsafe::python
