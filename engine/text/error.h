// SPDX-License-Identifier: Apache-2.0
// Wrong input (a policy, options, a configuration) as a value: where, what was expected, and the next step.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "engine/text/source.h"

namespace spiritsafe {

struct Error {
  std::string path = {};                // empty where no file is at fault
  Location at = {0, 0};                 // line 0: the whole file
  std::string message = {};             // lower case, no full stop, the user's words in backticks
  std::vector<std::string> hints = {};  // what to do next, one a line
  std::string line = {};                // the text of the line, for the caret
  uint32_t width = 1;                   // characters to underline
};

using Errors = std::vector<Error>;
template <class T>
using Result = tl::expected<T, Errors>;

// An error that points into a text; the line and the width are taken from it.
Error error_at(std::string_view path, std::string_view text, Span span, std::string message,
               std::vector<std::string> hints = {});

//   policy.yaml:157:14: error: `sever_default` is not a field of column
//      157 |       column.sever_default: {is: absent}
//          |              ^~~~~~~~~~~~~
//        = did you mean `server_default`?
// Everything is made harmless for a terminal (printable.h); with `colour` the parts are coloured by ANSI sequences.
std::string format_error(const Error& error, bool colour = false);
std::string format_errors(const Errors& errors, bool colour = false);

// The two lines of an excerpt: the line with its number, and the caret line under columns [column, column + width).
std::string format_excerpt(std::string_view line, Location at, uint32_t width, bool colour);

}  // namespace spiritsafe
