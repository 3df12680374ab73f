// SPDX-License-Identifier: Apache-2.0
// What `diagnose` found in a log, for people and for programs.
#pragma once

#include <string>

#include "engine/judge/diagnose.h"

namespace spiritsafe {

// `log` is what the user calls the log.
std::string write_diagnosis(const LogReading& reading, const std::string& log, bool colour);
std::string write_diagnosis_json(const LogReading& reading, const std::string& log);

}  // namespace spiritsafe
