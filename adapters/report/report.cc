// SPDX-License-Identifier: Apache-2.0
#include "adapters/report/report.h"

#include <algorithm>
#include <ostream>

namespace spiritsafe {

std::span<const ReportFormat> report_formats() {
  static constexpr ReportFormat formats[] = {
      {"text", "for people: findings with the line they speak of", write_text},
      {"json", "the stable contract, for programs", write_json, write_json},
      {"github", "GitHub's workflow commands: annotations without a token", write_commands},
      {"sarif", "SARIF 2.1.0, for code scanning", write_sarif},
      {"markdown", "the report for a step summary, at most 1 MiB", write_markdown},
      {"comment", "the same for a comment, at most 65,536 characters", write_comment},
      {"html", "the report as one file without scripts", write_html},
      {"junit", "JUnit's XML, for test widgets", write_junit},
      {"gitlab-codequality", "GitLab's Code Quality report", write_code_quality},
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
