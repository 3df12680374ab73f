// SPDX-License-Identifier: Apache-2.0
#include "adapters/report/report.h"

#include <algorithm>

namespace spiritsafe {

std::span<const ReportFormat> report_formats() {
  static constexpr ReportFormat formats[] = {
      {"text", "for people: findings with the line they speak of", write_text},
      {"json", "the stable contract, for programs", write_json},
  };
  return formats;
}

const ReportFormat* find_format(std::string_view name) {
  const auto found = std::ranges::find(report_formats(), name, &ReportFormat::name);
  return found == report_formats().end() ? nullptr : &*found;
}

}  // namespace spiritsafe
