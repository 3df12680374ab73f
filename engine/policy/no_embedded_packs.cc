// SPDX-License-Identifier: Apache-2.0
// For programs that embed no packs. A file of its own: where the generated one is linked, this one is not.
#include "engine/policy/embedded.h"

namespace spiritsafe {

std::span<const EmbeddedPack> embedded_packs() { return {}; }

}  // namespace spiritsafe
