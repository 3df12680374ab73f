// SPDX-License-Identifier: Apache-2.0
#include "engine/schema/history.h"

namespace spiritsafe {

void link_history(Project&) {}

}  // namespace spiritsafe
