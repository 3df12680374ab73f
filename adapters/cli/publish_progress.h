// SPDX-License-Identifier: Apache-2.0
// What is being sent and waited for, told while it happens: lines in a log, one line that changes on a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "adapters/cli/run.h"

namespace spiritsafe {

class PublishProgress {
 public:
  // `writes`: how many there are likely to be.
  PublishProgress(const Streams& streams, size_t writes);
  PublishProgress(const PublishProgress&) = delete;
  PublishProgress& operator=(const PublishProgress&) = delete;
  ~PublishProgress();  // takes the line away

  // As the client says it: `POST https://…`, `waiting 60 s: …`.
  void say(std::string_view line);

 private:
  const Streams& streams_;
  size_t writes_;
  size_t done_ = 0;
  bool is_shown_ = false;
};

}  // namespace spiritsafe
