// SPDX-License-Identifier: Apache-2.0
#include "adapters/cli/publish_progress.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/text/printable.h"

namespace spiritsafe {
namespace {

constexpr size_t bar_width = 20;
constexpr size_t longest_line = 50;  // beside the bar, in 80 columns

std::string bar(size_t done, size_t of) {
  const size_t filled = of == 0 ? 0 : std::min(bar_width, bar_width * done / of);
  return fmt::format("[{}{}]", std::string(filled, '#'), std::string(bar_width - filled, '.'));
}

}  // namespace

PublishProgress::PublishProgress(const Streams& streams, size_t writes) : streams_(streams), writes_(writes) {}

PublishProgress::~PublishProgress() {
  if (is_shown_) {
    streams_.err << "\r\x1b[K" << std::flush;
  }
}

void PublishProgress::say(std::string_view line) {
  const bool is_write = !line.starts_with("waiting");
  done_ += is_write;
  writes_ = std::max(writes_, done_);  // what got lost on the way is sent again
  const std::string text = printable(line);
  if (!streams_.err_is_terminal) {
    streams_.err << fmt::format("publishing {}/{}: {}\n", done_, writes_, text) << std::flush;
    return;
  }
  streams_.err << fmt::format("\r\x1b[K{} {}/{} {}", bar(done_ - is_write, writes_), done_, writes_,
                              shortened(text, longest_line))
               << std::flush;
  is_shown_ = true;
}

}  // namespace spiritsafe
