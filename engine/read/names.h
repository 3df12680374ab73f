// SPDX-License-Identifier: Apache-2.0
// Which names a module loads, and whether anything binds them. Internal to engine/read.
#pragma once

#include <string_view>
#include <vector>

#include "engine/python/tree.h"
#include "engine/read/interpret.h"

namespace spiritsafe {

struct NamesFound {
  List<Import> imports = {};
  List<Use> uses = {};  // one for each text and binding, where it first occurs
};

NamesFound read_names(Interpreter& in, const python::Module& module);

}  // namespace spiritsafe
