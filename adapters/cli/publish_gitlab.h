// SPDX-License-Identifier: Apache-2.0
// Publishing to GitLab, from a job of GitLab CI; for a dry run from anywhere.
#pragma once

#include "adapters/cli/publish.h"

namespace spiritsafe {

Publisher open_gitlab(const CheckCommand& command, const Streams& streams);

}  // namespace spiritsafe
