// SPDX-License-Identifier: Apache-2.0
// Names that Python has without an import, and modules that come with it.
#pragma once

#include <string_view>

namespace spiritsafe {

// Builtins of any of Python 3.8 to 3.13, and the module's own names such as `__file__`.
bool is_builtin(std::string_view name);

// Top-level modules of the standard library whose functions leave databases alone.
bool is_harmless_module(std::string_view name);

}  // namespace spiritsafe
