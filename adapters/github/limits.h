// SPDX-License-Identifier: Apache-2.0
// GitHub's limits on texts.
#pragma once

#include <cstddef>

#include "adapters/platform/texts.h"

namespace spiritsafe::github {

inline constexpr size_t annotations_in_a_request = 50;
inline constexpr size_t message_bytes = 64u << 10;  // of annotations; also of their raw details
inline constexpr size_t title_characters = 255;     // of annotations
inline constexpr size_t summary_characters = 65'535;
inline constexpr size_t comment_characters = 65'536;

}  // namespace spiritsafe::github
