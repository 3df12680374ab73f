// SPDX-License-Identifier: Apache-2.0
#include "engine/text/parallel.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace spiritsafe {

void parallel_for(size_t count, unsigned threads, const std::function<void(size_t)>& work) {
  // Small pieces, so that one large file does not keep the others waiting, but not so small that threads meet at the
  // counter.
  const size_t piece = count > 2048 ? 8 : 1;
  std::atomic<size_t> next{0};
  const auto run = [&] {
    for (size_t begin = next.fetch_add(piece); begin < count; begin = next.fetch_add(piece)) {
      for (size_t i = begin; i < std::min(begin + piece, count); ++i) {
        work(i);
      }
    }
  };
  const size_t helpers = count > 1 ? std::min<size_t>(threads > 0 ? threads - 1 : 0, count / piece) : 0;
  std::vector<std::thread> pool;
  for (size_t i = 0; i < helpers; ++i) {
    pool.emplace_back(run);
  }
  run();
  for (std::thread& thread : pool) {
    thread.join();
  }
}

}  // namespace spiritsafe
