// SPDX-License-Identifier: Apache-2.0
// Text of strangers made harmless for the place where it is shown: one function for each place. All of them take any
// bytes, let control and deceptive characters be seen (printable.h) and give valid UTF-8 in time linear in the text.
#pragma once

#include <string>
#include <string_view>

namespace spiritsafe {

// ---- Markdown, as GitHub and GitLab read it
// --------------------------------------------------------------------------

// One line that shows the text as it is, wherever it is put: at the begin of a line, behind a list's mark, in a table,
// in an HTML element. Nothing in it becomes markup, HTML, a link, a mention, a reference (#1, !1, ~label, GH-1 …), an
// emoji, a task or a quick action. References are found in what is shown, so a zero-width space is put into them; the
// rest is character references. Only a bare commit id stays one: it leads nowhere but into the repository itself, and
// revision ids must stay copyable.
std::string markdown_text(std::string_view text);
// The same, but what stands between two backticks is a code span: for messages. Not for tables.
std::string markdown_prose(std::string_view text);
// A code span. Not for tables: a `|` would end the cell.
std::string markdown_code(std::string_view text);
// A code block with a fence longer than any inside; no line in it can be a quick action, which GitLab looks for in the
// text before it knows where a block with a long fence ends.
std::string markdown_block(std::string_view text, std::string_view language = {});
// `label` is Markdown already.
std::string markdown_link(std::string_view label, std::string_view url);

// ---- markup --------------------------------------------------------------------------------------------------------

// For HTML's text and quoted attributes.
std::string html_text(std::string_view text, bool keep_newlines = false);
// For XML's text and quoted attributes; what XML 1.0 does not allow is not in it.
std::string xml_text(std::string_view text, bool keep_newlines = false);

// ---- GitHub's workflow commands
// --------------------------------------------------------------------------------------

std::string command_data(std::string_view text);      // behind `::`; newlines stay newlines, escaped
std::string command_property(std::string_view text);  // between the commas

// ---- addresses
// -------------------------------------------------------------------------------------------------------

// A path as part of a URI: all bytes but letters, digits and `-._~/` as %XX.
std::string uri_path(std::string_view path);

}  // namespace spiritsafe
