// SPDX-License-Identifier: Apache-2.0
// Publishing to GitHub, from a job of GitHub Actions; for a dry run from anywhere.
#pragma once

#include "adapters/cli/publish.h"

namespace spiritsafe {

Publisher open_github(const CheckCommand& command, const Streams& streams);

// The verdict, the counts and the reports' files as outputs of the step, where the program is one.
void set_step_outputs(const CheckCommand& command, const Judgement& judgement, const Streams& streams);

}  // namespace spiritsafe
