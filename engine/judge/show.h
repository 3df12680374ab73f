// SPDX-License-Identifier: Apache-2.0
// Facts as text for people: in messages, explanations and reasons. One line, harmless for a terminal, not too long.
#pragma once

#include <string>

#include "engine/judge/evaluate.h"

namespace spiritsafe {

inline constexpr size_t longest_shown = 200;  // characters of a value in a message

// One line, harmless, at most `limit` characters.
std::string show_text(std::string_view text, size_t limit = longest_shown);
// `(none)` for an absent value, `(unknown)` for an unknown one; lists are joined by `, `, and an open one ends in `…`.
std::string show_value(const Value& value, Type type, size_t limit = longest_shown);
// What an item is called: its revision, name, target, text or path, whichever it has; else its entity's name.
std::string show_item(Item item, size_t limit = longest_shown);

// The text of a message about `item`. The room holds the captures and the reason of the last evaluation.
std::string format_message(const Template& message, Item item, const Room& room);
// The same with values as they stand in the file, for a fix; nothing where one of them is not known.
std::optional<std::string> format_raw(const Template& text, Item item, const Room& room);
// The same for code that a person is to paste: nothing, too, where a value could end the quotes that it stands in,
// where it is no plain name and stands in none, and where an operation names a schema and the template does not. With
// `nth`, a list stands for its text of that number.
std::optional<std::string> format_code(const Template& text, Item item, const Room& room,
                                       std::optional<size_t> nth = {});

}  // namespace spiritsafe
