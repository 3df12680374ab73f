// SPDX-License-Identifier: Apache-2.0
// Findings as annotations of a check run: in the order in which a cap must spare them, within GitHub's limits.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/judge/finding.h"

namespace spiritsafe::github {

struct Annotation {
  std::string path = {};  // from the repository's top
  uint32_t start_line = 1;
  uint32_t end_line = 1;
  uint32_t start_column = 0;  // 0: none; GitHub takes columns only within one line
  uint32_t end_column = 0;
  std::string_view level = "notice";  // notice, warning, failure
  std::string title = {};
  std::string message = {};
  std::string raw_details = {};
};

struct AnnotationOptions {
  // The path from the repository's top; empty, absolute or through `..`: not part of it. By default the path as it is.
  std::function<std::string(const std::string& path)> repository_path = {};
  // Whether the change's diff shows the line of a path, as findings name it. By default none.
  std::function<bool(const std::string& path, uint32_t line)> in_diff = {};
  // GitHub takes any number, but only 50 in a request and some 500 requests an hour.
  size_t most = 1000;
};

struct Annotations {
  std::vector<Annotation> shown = {};  // what blocks first, lines of the diff first, then by place
  size_t of = 0;                       // how many findings stand, shown or not
  size_t without_place = 0;            // those of them that have no line in the repository
};

// Only findings that stand (open, undecided) become annotations. Texts are plain: GitHub reads no Markdown in them.
Annotations annotate(const Judgement& judgement, const AnnotationOptions& options);

}  // namespace spiritsafe::github
