// SPDX-License-Identifier: Apache-2.0
// Texts cut to a platform's limits, in bytes or in characters as adapters/report/cut.h counts them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "adapters/report/cut.h"

namespace spiritsafe {

// At most so many characters or bytes, cut before a whole character; what is cut ends in `ending`, which counts too.
// What is not UTF-8 comes out as U+FFFD.
std::string cut_to_characters(std::string_view text, size_t limit, std::string_view ending = "…");
std::string cut_to_bytes(std::string_view text, size_t limit, std::string_view ending = "…");

// Markdown cut behind a whole line, with the code fences and <details> that are open there closed.
std::string cut_markdown(std::string_view text, size_t limit,
                         std::string_view ending = "\n\n… the rest is in the report.\n");

// Valid UTF-8 whatever comes.
std::string valid_utf8(std::string_view text);

// Two texts are the same where only line ends and blank ends differ, as a platform may give them back.
std::string folded(std::string_view text);

// A comment's hidden first line. The name is encoded, so that none can end the HTML comment; two policies side by side
// have two markers, and thus two comments.
std::string marker_of(std::string_view name);

// A fence longer than any in the text, as a suggestion needs it: `info` stands behind the opening one.
std::string fenced(std::string_view info, std::string_view text);

}  // namespace spiritsafe
