// SPDX-License-Identifier: Apache-2.0
#include "engine/judge/baseline.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "engine/text/printable.h"

namespace spiritsafe {
namespace {

constexpr size_t longest_reason = 1000;
constexpr size_t longest_place = 200;
constexpr std::string_view item_mark = "    - ";

// In single quotes, where nothing but the quote itself means anything.
std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : printable(shortened(text, longest_reason))) {
    out += c;
    out += c == '\'' ? "'" : "";
  }
  return out + "'";
}

// The fingerprint on a line that write_baseline wrote; empty on any other.
std::string_view fingerprint_on(std::string_view line) {
  if (!line.starts_with(item_mark)) {
    return {};
  }
  line.remove_prefix(item_mark.size());
  const size_t end = std::min(line.find_first_not_of("0123456789abcdef"), line.size());
  const std::string_view rest = line.substr(end);
  return end == 16 && (rest.empty() || rest == "\r" || rest.starts_with("  #")) ? line.substr(0, end)
                                                                                : std::string_view();
}

// All fingerprints of entries that would lose every one keep their last.
std::set<std::string> kept_last(const WaiverFile& waivers, const std::set<std::string>& gone) {
  std::set<std::string> kept;
  for (const FileWaiver& waiver : waivers.waivers) {
    if (!waiver.findings.empty() &&
        std::ranges::all_of(waiver.findings, [&](const std::string& each) { return gone.contains(each); })) {
      kept.insert(waiver.findings.back());
    }
  }
  return kept;
}

}  // namespace

bool belongs_in_baseline(const Finding& finding) {
  return (finding.state == FindingState::open || finding.state == FindingState::undecided) &&
         finding.rule->entity != &entity_of<Waiver>();
}

std::string write_baseline(std::vector<const Finding*> findings, const BaselineText& options) {
  std::ranges::sort(findings, {}, [](const Finding* finding) {
    return std::tie(finding->rule->id, finding->path, finding->begin.line, finding->fingerprint);
  });
  std::string out;
  std::string_view rule;
  const std::string ending = fmt::format("  reason: {}\n  until: {}\n", quoted(options.reason), options.until);
  for (const Finding* finding : findings) {
    if (finding->rule->id != rule) {
      out += rule.empty() ? "" : ending;
      rule = finding->rule->id;
      out += fmt::format("- rule: {}\n  findings:\n", rule);
    }
    out += fmt::format("{}{}", item_mark, finding->fingerprint);
    if (options.places && !finding->path.empty()) {
      out += fmt::format("  # {}:{}", printable(shortened(finding->path, longest_place)), finding->begin.line);
    }
    out += '\n';
  }
  return findings.empty() ? out : out + ending;
}

std::set<std::string> gone_from_baseline(const WaiverFile& waivers, const std::set<std::string>& fingerprints) {
  std::set<std::string> gone;
  for (const FileWaiver& waiver : waivers.waivers) {
    std::ranges::copy_if(waiver.findings, std::inserter(gone, gone.end()),
                         [&](const std::string& each) { return !fingerprints.contains(each); });
  }
  return gone;
}

std::string without_gone(const WaiverFile& waivers, const std::set<std::string>& gone) {
  const std::set<std::string> kept = kept_last(waivers, gone);
  const std::string_view text = waivers.file.text;
  std::string out;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size() - 1) + 1;
    const std::string_view line = text.substr(begin, end - begin);
    const std::string fingerprint(fingerprint_on(line.substr(0, line.find('\n'))));
    if (fingerprint.empty() || !gone.contains(fingerprint) || kept.contains(fingerprint)) {
      out += line;
    }
    begin = end;
  }
  return out;
}

}  // namespace spiritsafe
