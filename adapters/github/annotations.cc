// SPDX-License-Identifier: Apache-2.0
#include "adapters/github/annotations.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "adapters/github/limits.h"
#include "engine/text/printable.h"

namespace spiritsafe::github {
namespace {

bool stands(const Finding& finding) {
  return finding.state == FindingState::open || finding.state == FindingState::undecided;
}

std::string_view level_of(Level level) {
  switch (level) {
    case Level::error:
    case Level::approval:
      return "failure";
    case Level::warn:
      return "warning";
    case Level::advice:
    case Level::off:
      return "notice";
  }
  return "notice";
}

std::string title_of(const Finding& finding) {
  std::string title = finding.rule->id;
  if (finding.state == FindingState::undecided) {
    title += " (cannot tell)";
  } else if (finding.level == Level::approval) {
    title += finding.rule->approval_by.empty()
                 ? " (needs an approval)"
                 : fmt::format(" (needs an approval by {})", fmt::join(finding.rule->approval_by, " or "));
  }
  return cut_to_characters(printable(title), title_characters);
}

std::string message_of(const Finding& finding) {
  std::string text = printable(finding.message, true);
  if (!finding.state_reason.empty()) {
    text += "\n" + printable(finding.state_reason, true);
  }
  if (!finding.rule->fix.empty()) {
    text += "\n\nFix: " + printable(finding.rule->fix, true);
  }
  if (!finding.instead.empty()) {
    text += "\n\nInstead:\n" + printable(finding.instead, true);
  }
  return cut_to_bytes(text, message_bytes);
}

// Something to order by, and the finding.
struct Placed {
  const Finding* finding = nullptr;
  std::string path = {};
  bool in_diff = false;
};

auto rank_of(const Placed& placed) {
  const Finding& finding = *placed.finding;
  // Level grows with weight; what cannot be told stands behind what is known.
  return std::tuple(-static_cast<int>(finding.level), finding.state == FindingState::undecided, !placed.in_diff,
                    std::string_view(placed.path), finding.begin.line, finding.begin.column,
                    std::string_view(finding.rule->id), std::string_view(finding.message));
}

Annotation annotation_of(const Placed& placed) {
  const Finding& finding = *placed.finding;
  Annotation annotation;
  annotation.path = placed.path;
  annotation.start_line = std::max(1u, finding.begin.line);
  annotation.end_line = std::max(annotation.start_line, finding.end.line);
  if (annotation.start_line == annotation.end_line && finding.begin.column > 0) {
    annotation.start_column = finding.begin.column;
    // Ours is behind the last character, GitHub's is on it.
    annotation.end_column = std::max(finding.begin.column, finding.end.column > 0 ? finding.end.column - 1 : 0);
  }
  annotation.level = level_of(finding.level);
  annotation.title = title_of(finding);
  annotation.message = message_of(finding);
  annotation.raw_details = cut_to_bytes(printable(finding.rule->why, true), message_bytes);
  return annotation;
}

}  // namespace

Annotations annotate(const Judgement& judgement, const AnnotationOptions& options) {
  Annotations annotations;
  std::vector<Placed> all;
  for (const Finding& finding : judgement.findings) {
    if (!stands(finding)) {
      continue;
    }
    ++annotations.of;
    std::string path = finding.path.empty()      ? std::string()
                       : options.repository_path ? options.repository_path(finding.path)
                                                 : finding.path;
    if (path.empty() || path.starts_with('/') || path.starts_with("../") || valid_utf8(path) != path) {
      ++annotations.without_place;
      continue;
    }
    const bool in_diff = options.in_diff && options.in_diff(finding.path, finding.begin.line);
    all.push_back({&finding, std::move(path), in_diff});
  }
  std::ranges::stable_sort(all, {}, rank_of);
  for (size_t i = 0; i < std::min(all.size(), options.most); ++i) {
    annotations.shown.push_back(annotation_of(all[i]));
  }
  return annotations;
}

}  // namespace spiritsafe::github
