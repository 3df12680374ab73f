// SPDX-License-Identifier: Apache-2.0
#include "engine/read/surroundings.h"

namespace spiritsafe {

void read_surroundings(File& file, const ReadOptions& options) {
  read_lines(file);
  if (file.name.value == "env.py") {
    return read_env_script(file, options);
  }
  read_schema_changes(file, options);
  if (file.language == Language::python) {
    read_imports(file, options);
  }
  if (is_workflow(file.source.path)) {
    read_workflow(file);
  }
}

}  // namespace spiritsafe
