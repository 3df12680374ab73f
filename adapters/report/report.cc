// SPDX-License-Identifier: Apache-2.0
#include "adapters/report/report.h"

#include <algorithm>
#include <ostream>

namespace spiritsafe {

std::span<const ReportFormat> report_formats() {
  static constexpr ReportFormat formats[] = {
      {"text", "for people: findings with the line they speak of", write_text},
      {"json", "the stable contract, for programs", write_json, write_json},
  };
  return formats;
}

const ReportFormat* find_format(std::string_view name) {
  const auto found = std::ranges::find(report_formats(), name, &ReportFormat::name);
  return found == report_formats().end() ? nullptr : &*found;
}

void write_report(std::ostream& out, const ReportFormat& format, const Judgement& judgement,
                  const ReportOptions& options) {
  if (format.stream) {
    format.stream(out, judgement, options);
  } else {
    out << format.write(judgement, options);
  }
}

}  // namespace spiritsafe
