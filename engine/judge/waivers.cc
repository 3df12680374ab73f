// SPDX-License-Identifier: Apache-2.0
#include "engine/judge/waivers.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "engine/text/printable.h"

namespace spiritsafe {
namespace {

constexpr std::string_view longest_setting = "max_waiver_days";
constexpr size_t longest_reason = 200;

std::optional<int> digits(std::string_view text) {
  if (!std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; })) {
    return std::nullopt;
  }
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

int days_of_month(int year, int month) {
  constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : days[month - 1];
}

std::optional<int> longest_days(const Policy& policy) {
  const auto setting = policy.settings.texts.find(std::string(longest_setting));
  return setting == policy.settings.texts.end() || setting->second.empty() ? std::nullopt : digits(setting->second);
}

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
  const auto limit = longest_days(policy);
  const auto first = day_number(today);
  if (limit && first && *last - *first > *limit) {
    return fmt::format("it lasts longer than the {} days that are allowed", *limit);
  }
  return {};
}

bool speaks_of(const ReadyWaiver& waiver, const Finding& finding) {
  if (!waiver.mistake.empty() || !waiver.rule || waiver.rule->id != finding.rule->id || waiver.file != finding.file) {
    return false;
  }
  return waiver.covers_line == 0 ||
         (finding.begin.line <= waiver.covers_line && waiver.covers_line <= finding.end.line);
}

}  // namespace

std::optional<int> day_number(std::string_view date) {
  if (date.size() != 10 || date[4] != '-' || date[7] != '-') {
    return std::nullopt;
  }
  const auto year = digits(date.substr(0, 4));
  const auto month = digits(date.substr(5, 2));
  const auto day = digits(date.substr(8, 2));
  if (!year || !month || !day || *month < 1 || *month > 12 || *day < 1 || *day > days_of_month(*year, *month)) {
    return std::nullopt;
  }
  // Years begin in March here, so that the leap day is the last one.
  const int shifted_year = *year - (*month <= 2 ? 1 : 0);
  const int era = (shifted_year >= 0 ? shifted_year : shifted_year - 399) / 400;
  const int year_of_era = shifted_year - era * 400;
  const int day_of_year = (153 * (*month + (*month > 2 ? -3 : 9)) + 2) / 5 + *day - 1;
  const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

std::vector<ReadyWaiver> ready_waivers(const PreparedPolicy& policy, const Migration& migration,
                                       std::string_view today) {
  std::vector<ReadyWaiver> ready;
  for (const InlineWaiver& waiver : migration.waivers) {
    ReadyWaiver next;
    const auto rule = policy.ids.find(waiver.rule);
    next.rule = rule == policy.ids.end() ? nullptr : rule->second;
    next.file = migration.file;
    next.covers_line = waiver.covers_line;
    next.until = waiver.until;
    next.reason = waiver.reason;
    next.mistake = find_mistake(waiver, *policy.policy, today);
    next.expired = next.mistake.empty() && !today.empty() && waiver.until < today;
    ready.push_back(std::move(next));
  }
  return ready;
}

WaiverDecision is_waived(const Finding& finding, const std::vector<ReadyWaiver>& waivers) {
  WaiverDecision decision;
  for (size_t i = 0; i < waivers.size(); ++i) {
    const ReadyWaiver& waiver = waivers[i];
    if (!speaks_of(waiver, finding)) {
      continue;
    }
    decision.used.push_back(i);
    if (!waiver.expired && decision.answer != WaiverDecision::Answer::waived) {
      decision.answer = WaiverDecision::Answer::waived;
      decision.reason = printable(shortened(waiver.reason, longest_reason));
    } else if (waiver.expired && decision.answer == WaiverDecision::Answer::not_waived) {
      decision.answer = WaiverDecision::Answer::ended;
      decision.reason = fmt::format("waiver ended {}", waiver.until);
    }
  }
  return decision;
}

}  // namespace spiritsafe
