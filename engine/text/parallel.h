// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>

namespace spiritsafe {

// Calls `work(0)` … `work(count - 1)`, each once, on up to `threads` threads; returns when all are done.
void parallel_for(size_t count, unsigned threads, const std::function<void(size_t)>& work);

}  // namespace spiritsafe
