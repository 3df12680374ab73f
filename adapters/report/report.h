// SPDX-License-Identifier: Apache-2.0
// From a judgement to bytes: one table of formats, which `--format`, its help and its error read.
#pragma once

#include <functional>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <vector>

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
  std::vector<std::string> notes = {};  // what the reader should know about the judging itself
  std::string version = {};             // of the program
  // The path from the repository's top, for platforms; by default the path as it is.
  std::function<std::string(const std::string& path)> repository_path = {};
  // Whether the change's diff shows this line of a path (as findings name it); by default none.
  std::function<bool(const std::string& path, uint32_t line)> in_diff = {};
  std::string link_prefix = {};      // of links to a path from the repository's top; ends in `/`. Empty: no links
  std::string graph = {};            // mermaid: the histories about which there are findings; for Markdown
  size_t markdown_limit = 1u << 20;  // bytes of the Markdown report: a step summary's limit, or what a comment takes
};

// GitHub's limit on comments, in characters; there are never more of them than bytes.
inline constexpr size_t comment_limit = 65'536;

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
// The same as Markdown, never longer than options.markdown_limit.
std::string write_summary_markdown(const Judgement& judgement, const ReportOptions& options);
std::string write_json(const Judgement& judgement, const ReportOptions& options);
void write_json(std::ostream& out, const Judgement& judgement, const ReportOptions& options);
// GitHub's workflow commands, which become annotations where a check run may not be made.
std::string write_commands(const Judgement& judgement, const ReportOptions& options);
std::string write_sarif(const Judgement& judgement, const ReportOptions& options);
std::string write_junit(const Judgement& judgement, const ReportOptions& options);
std::string write_code_quality(const Judgement& judgement, const ReportOptions& options);
// Never longer than options.markdown_limit; what is left out is counted, and no fence or fold stays open.
std::string write_markdown(const Judgement& judgement, const ReportOptions& options);
// The same, short enough for a comment.
std::string write_comment(const Judgement& judgement, const ReportOptions& options);
std::string write_html(const Judgement& judgement, const ReportOptions& options);

}  // namespace spiritsafe
