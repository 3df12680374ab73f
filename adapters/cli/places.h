// SPDX-License-Identifier: Apache-2.0
// How what is reported is found on a platform: paths from the repository's top, links at the judged commit, lines of
// the diff.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "adapters/files/base.h"
#include "adapters/git/ci.h"
#include "adapters/report/report.h"

namespace spiritsafe {

struct Places {
  std::string top = {};                            // canonical path of the work tree; empty: no repository
  std::string head = {};                           // the change's own last commit, as CI says; empty: it does not
  std::map<std::string, FileChange> changes = {};  // by the path that findings have
};

// Sets repository_path, in_diff and link_prefix.
void set_places(ReportOptions& options, const Places& places, const Environment& environment);

// `https://github.com/o/r/blob/<commit>/`, `https://gitlab.com/g/p/-/blob/<commit>/`; empty where CI names none.
std::string link_prefix(const Environment& environment, const std::string& head);

}  // namespace spiritsafe
