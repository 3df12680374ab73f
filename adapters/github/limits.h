// SPDX-License-Identifier: Apache-2.0
// GitHub's limits on texts, and texts cut to them. Where the API counts characters, a character outside the Basic
// Multilingual Plane counts as two: it is not said whether code points or UTF-16 units are meant, and this keeps both.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace spiritsafe::github {

inline constexpr size_t annotations_in_a_request = 50;
inline constexpr size_t message_bytes = 64u << 10;  // of annotations; also of their raw details
inline constexpr size_t title_characters = 255;     // of annotations
inline constexpr size_t summary_characters = 65'535;
inline constexpr size_t comment_characters = 65'536;

size_t count_units(std::string_view text);

// At most so many characters or bytes, cut before a whole character; what is cut ends in `ending`, which counts too.
// What is not UTF-8 comes out as U+FFFD.
std::string cut_to_characters(std::string_view text, size_t limit, std::string_view ending = "…");
std::string cut_to_bytes(std::string_view text, size_t limit, std::string_view ending = "…");

// Markdown cut behind a whole line, with the code fences and <details> that are open there closed.
std::string cut_markdown(std::string_view text, size_t limit,
                         std::string_view ending = "\n\n… the rest is in the report.\n");

// Valid UTF-8 whatever comes.
std::string valid_utf8(std::string_view text);

}  // namespace spiritsafe::github
