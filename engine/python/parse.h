// SPDX-License-Identifier: Apache-2.0
// Reads Python 3.8 to 3.13: the text of a file into a tree, or the first thing that is wrong with it. It accepts what
// CPython's `ast.parse` of the target version accepts; what only CPython's later stages refuse (`return` outside a
// function) is accepted.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/python/tree.h"
#include "engine/text/arena.h"
#include "engine/text/source.h"

namespace spiritsafe::python {

// The Python that the file is written for. Outside 3.8 to 3.13 the nearest of them is taken.
struct Version {
  int major = 3;
  int minor = 13;
  bool operator==(const Version&) const = default;
};

struct SyntaxError {
  Span where = {};           // may be empty, at the place where something is missing
  std::string message = {};  // lower case, says what was expected where that is known
};

struct ParseResult {
  const Module* module = nullptr;  // nullptr exactly if there is an error
  std::optional<SyntaxError> error = {};
  // What the spans count bytes of: the text that was given, or, where its coding cookie names another encoding, its
  // UTF-8 in the arena.
  std::string_view text = {};

  explicit operator bool() const { return module != nullptr; }
};

// The tree lives in the arena and points into `text`: both must outlive it. A byte order mark is allowed.
ParseResult parse(std::string_view text, Version target, Arena& arena);

}  // namespace spiritsafe::python
