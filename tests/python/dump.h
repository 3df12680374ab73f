// SPDX-License-Identifier: Apache-2.0
// The tree in a normal form that CPython's `ast` can be written in too (dump_ast.py): a line for each node, list and
// scalar, in the order of the fields, with the spans of all that have one. Two things are left out on both sides: spans
// in f-strings before 3.12 (CPython's are wrong there), and the value of strings with \N{…}, whose names we do not look
// up.
#pragma once

#include <string>
#include <string_view>

#include "engine/python/parse.h"

namespace spiritsafe::python {

std::string dump(const Module& module, std::string_view text, Version target, bool spans = true);

}  // namespace spiritsafe::python
