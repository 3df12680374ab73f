// SPDX-License-Identifier: Apache-2.0
// Text of strangers, made harmless for the place where it is shown.
#pragma once

#include <string>
#include <string_view>

namespace spiritsafe {

// For terminals and logs: control characters, bidirectional overrides, zero-width characters and stray bytes come out
// as \x1b, \u202e …; a tab becomes a space. Newlines too unless `keep_newlines`.
std::string printable(std::string_view text, bool keep_newlines = false);

// A printable text that begins a line of a log: GitHub's runner obeys lines of a log that begin with `::` or `##[`, blanks before
// them or not, so those get a `"` before and after.
std::string log_line(std::string_view text);

// At most `limit` characters; what is cut ends in `…`. White space runs become one space.
std::string shortened(std::string_view text, size_t limit);

}  // namespace spiritsafe
