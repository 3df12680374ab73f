// SPDX-License-Identifier: Apache-2.0
#include "engine/judge/waivers.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/text/printable.h"

namespace spiritsafe {
namespace {

constexpr size_t longest_reason = 200;

std::string find_mistake(const InlineWaiver& waiver, const Policy& policy, std::string_view today) {
  if (!waiver.mistake.empty()) {
    return std::string(waiver.mistake);
  }
  if (waiver.rule.empty()) {
    return "it names no rule";
  }
  if (waiver.until.empty()) {
    return "it does not say until when";
  }
  if (waiver.reason.empty()) {
    return "it gives no reason";
  }
  const auto last = day_number(waiver.until);
  if (!last) {
    return fmt::format("`{}` is not a day, written as 2026-06-30", printable(shortened(waiver.until, 40)));
  }
  const auto first = day_number(today);
  if (first && *last - *first > longest_waiver(policy)) {
    return fmt::format("it lasts longer than the {} days that are allowed", longest_waiver(policy));
  }
  return {};
}

bool holds_on(const FileWaiver& entry, const Finding& finding, Room& room) {
  if (!entry.on || !finding.item) {
    return false;
  }
  room.slots.assign(static_cast<size_t>(std::max(entry.slot_count, 1)), Item{});
  room.slots[0] = finding.item;
  return holds(*entry.on, finding.item, room) == Truth::yes;  // what cannot be told waives nothing
}

bool speaks_of(const ReadyWaiver& waiver, const Finding& finding, Room& room) {
  if (!waiver.mistake.empty() || !waiver.rule || waiver.rule->id != finding.rule->id) {
    return false;
  }
  if (waiver.entry) {
    const std::vector<std::string>& findings = waiver.entry->findings;
    return findings.empty() ? holds_on(*waiver.entry, finding, room)
                            : std::ranges::binary_search(findings, finding.fingerprint);
  }
  return waiver.file == finding.file && (waiver.covers_line == 0 || (finding.begin.line <= waiver.covers_line &&
                                                                     waiver.covers_line <= finding.end.line));
}

bool stops(const Finding& finding) { return finding.level == Level::error || finding.level == Level::approval; }

// Does the version that the change grew from have the same waiver already?
bool is_proposed(const InlineWaiver& waiver, const OwnWaivers& own, const AddedLines* added_lines) {
  const File& file = *own.file;
  const auto added = added_lines ? added_lines->find(file.source.path) : AddedLines::const_iterator();
  if (added_lines && added != added_lines->end()) {
    return std::ranges::any_of(
        added->second, [&](const auto& lines) { return lines.first <= waiver.line && waiver.line <= lines.second; });
  }
  if (!file.project || !file.project->has_base || file.change == Change::unchanged) {
    return false;
  }
  if (!own.before) {
    return true;
  }
  const std::string_view text = slice(file.source.text, waiver.span);
  return text.empty() || own.before->source.text.find(text) == std::string::npos;
}

WaiverDecision::Answer answer_of(const ReadyWaiver& waiver, const Finding& finding) {
  using enum WaiverDecision::Answer;
  return waiver.expired                                    ? ended
         : waiver.proposed && stops(finding)               ? requested
         : waiver.entry && !waiver.entry->findings.empty() ? baseline
                                                           : waived;
}

std::string reason_of(const ReadyWaiver& waiver, WaiverDecision::Answer answer) {
  const std::string reason = printable(shortened(waiver.reason, longest_reason));
  switch (answer) {
    case WaiverDecision::Answer::ended:
      return waiver.entry && !waiver.entry->ticket.empty()
                 ? fmt::format("waiver of {} ended {}", printable(waiver.entry->ticket), waiver.until)
                 : fmt::format("waiver ended {}", waiver.until);
    case WaiverDecision::Answer::requested:
      return fmt::format("this change asks for a waiver until {}: {}", waiver.until, reason);
    default:
      return reason;
  }
}

}  // namespace

std::vector<ReadyWaiver> ready_waivers(const PreparedPolicy& policy, const OwnWaivers& own, std::string_view today,
                                       const AddedLines* added_lines) {
  std::vector<ReadyWaiver> ready;
  for (const InlineWaiver& waiver : own.written) {
    ReadyWaiver next;
    const auto rule = policy.ids.find(waiver.rule);
    next.rule = rule == policy.ids.end() ? nullptr : rule->second;
    next.file = own.file;
    next.covers_line = waiver.covers_line;
    next.until = waiver.until;
    next.reason = waiver.reason;
    next.mistake = find_mistake(waiver, *policy.policy, today);
    next.expired = next.mistake.empty() && !today.empty() && waiver.until < today;
    next.proposed = is_proposed(waiver, own, added_lines);
    ready.push_back(std::move(next));
  }
  return ready;
}

std::vector<ReadyWaiver> ready_waivers(const PreparedPolicy& policy, const WaiverFile* waivers,
                                       const WaiverFile* proposed, std::string_view today) {
  std::vector<ReadyWaiver> ready;
  std::set<std::string_view> known;
  for (const bool of_team : {true, false}) {
    const WaiverFile* file = of_team ? waivers : proposed;
    for (const FileWaiver& entry : file ? std::span(file->waivers) : std::span<const FileWaiver>()) {
      if (!known.insert(entry.text).second && !of_team) {
        continue;
      }
      ReadyWaiver next;
      const auto rule = policy.ids.find(entry.rule);
      next.rule = rule == policy.ids.end() ? nullptr : rule->second;
      next.until = entry.until;
      next.reason = entry.reason;
      next.expired = !today.empty() && entry.until < today;
      next.entry = &entry;
      next.proposed = !of_team;
      ready.push_back(std::move(next));
    }
  }
  return ready;
}

WaiverDecision is_waived(const Finding& finding, std::span<const ReadyWaiver> waivers, Room& room) {
  WaiverDecision decision;
  for (size_t i = 0; i < waivers.size(); ++i) {
    if (!speaks_of(waivers[i], finding, room)) {
      continue;
    }
    decision.used.push_back(i);
    const WaiverDecision::Answer answer = answer_of(waivers[i], finding);
    if (answer > decision.answer) {
      decision.answer = answer;
      decision.reason = reason_of(waivers[i], answer);
    }
  }
  return decision;
}

}  // namespace spiritsafe
