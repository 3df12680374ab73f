// SPDX-License-Identifier: Apache-2.0
// From a judgement to bytes: one table of formats, which `--format`, its help and its error read.
#pragma once

#include <iosfwd>
#include <span>
#include <string>
#include <string_view>

#include "engine/judge/finding.h"

namespace spiritsafe {

struct ReportOptions {
  bool colour = false;
  bool show_waived = false;
  std::string base = {};  // what the change was compared with; empty: nothing
  size_t migrations = 0;  // how many were read
  size_t changed = 0;     // how many of them the base has not, or has otherwise
  size_t projects = 0;
  unsigned threads = 1;  // what may be made side by side is made on so many
  std::string policy_source = {};
  std::string policy_digest = {};
};

struct ReportFormat {
  std::string_view name;
  std::string_view help;
  std::string (*write)(const Judgement& judgement, const ReportOptions& options);
  // The same, written while it is made: for reports that grow large. nullptr: there is only `write`.
  void (*stream)(std::ostream& out, const Judgement& judgement, const ReportOptions& options) = nullptr;
};
void write_report(std::ostream& out, const ReportFormat& format, const Judgement& judgement,
                  const ReportOptions& options);

std::span<const ReportFormat> report_formats();
// nullptr where there is none of that name.
const ReportFormat* find_format(std::string_view name);

// `2 errors, 1 warning`; `nothing found` where there is nothing.
std::string show_counts(const Counts& counts);

std::string write_text(const Judgement& judgement, const ReportOptions& options);
// What each changed migration does, for the person who confirms it: a place to click, the changes in words with the
// destructive ones first, what stands in the way, how to back up. None of the files' own text.
std::string write_summary(const Judgement& judgement, const ReportOptions& options);
std::string write_json(const Judgement& judgement, const ReportOptions& options);
void write_json(std::ostream& out, const Judgement& judgement, const ReportOptions& options);

}  // namespace spiritsafe
