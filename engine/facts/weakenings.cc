// SPDX-License-Identifier: Apache-2.0
#include "engine/facts/weakenings.h"

#include <algorithm>

namespace spiritsafe {
namespace {

Span place_of(const File& file, const FoundWeakening& found) {
  const LineIndex lines(file.source.text);
  if (found.line > 0) {
    return lines.line_span(found.line);
  }
  const size_t at = found.subject.empty() ? std::string::npos : file.source.text.find(found.subject);
  return at == std::string::npos ? Span{} : lines.line_span(lines.locate(static_cast<uint32_t>(at)).line);
}

}  // namespace

void add_weakenings(Project& project, const std::vector<FoundWeakening>& found) {
  for (const FoundWeakening& each : found) {
    Weakening weakening;
    weakening.kind = each.kind;
    const auto file = std::ranges::find_if(
        project.files, [&](const auto& one) { return !each.path.empty() && one->source.path == each.path; });
    if (file != project.files.end()) {
      weakening.file = file->get();
      weakening.span = place_of(**file, each);
    }
    const auto fact = [&](const std::string& text) {
      return text.empty() ? Text{} : known(project.arena.copy(std::string_view(text)), weakening.span);
    };
    weakening.subject = fact(each.subject);
    weakening.before = fact(each.before);
    weakening.after = fact(each.after);
    weakening.text = fact(each.text);
    project.weakenings.push_back(weakening);
  }
}

}  // namespace spiritsafe
