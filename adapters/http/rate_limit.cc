// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/rate_limit.h"

#include <time.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace spiritsafe {
namespace {

using std::chrono::seconds;

// GitHub blocked for 72 s without a word about the time, and a reset that is already over means the same.
constexpr seconds shortest_guess{60};
// More than any platform asks for; keeps sums of hostile numbers in range.
constexpr int64_t most_seconds = 1'000'000'000'000;

std::optional<int64_t> number_of(std::string_view text) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc::result_out_of_range && !text.starts_with('-')) {
    return most_seconds;
  }
  return error == std::errc() && end == text.data() + text.size() && number >= 0
             ? std::optional(std::min(number, most_seconds))
             : std::nullopt;
}

// `Sun, 06 Nov 1994 08:49:37 GMT` as seconds since 1970.
std::optional<int64_t> time_of(std::string_view text) {
  std::tm time{};
  const std::string copy(text);
  const char* end = ::strptime(copy.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &time);
  return end && *end == '\0' ? std::optional<int64_t>(::timegm(&time)) : std::nullopt;
}

std::optional<int64_t> first_number(const Response& response, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (const auto number = number_of(header_of(response, name))) {
      return number;
    }
  }
  return std::nullopt;
}

std::optional<int64_t> remaining(const Response& response) {
  return first_number(response, {"x-ratelimit-remaining", "ratelimit-remaining"});
}

std::optional<seconds> time_to_reset(const Response& response) {
  const auto reset = first_number(response, {"x-ratelimit-reset", "ratelimit-reset"});
  const auto now = time_of(header_of(response, "date"));
  // One second more: both are cut to whole seconds.
  return reset && now ? std::optional(seconds(*reset - *now + 1)) : std::nullopt;
}

bool speaks_of_limits(std::string_view body) {
  std::string text(body.substr(0, 4096));
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text.find("rate limit") != std::string::npos || text.find("abuse detection") != std::string::npos;
}

}  // namespace

bool is_rate_limited(const Response& response) {
  if (response.status != 403) {
    return response.status == 429;
  }
  return remaining(response) == 0 || retry_after(response) > seconds(0) || speaks_of_limits(response.body);
}

seconds rate_limit_wait(const Response& response, int earlier_waits) {
  if (const seconds asked = retry_after(response); asked > seconds(0)) {
    return asked;
  }
  if (remaining(response) == 0) {
    if (const auto reset = time_to_reset(response); reset && *reset > seconds(0)) {
      return std::max(shortest_guess, *reset);
    }
  }
  return shortest_guess * (1 << std::clamp(earlier_waits, 0, 10));
}

seconds retry_after(const Response& response) {
  const std::string_view value = header_of(response, "retry-after");
  if (const auto number = number_of(value)) {
    return seconds(*number);
  }
  const auto then = time_of(value), now = time_of(header_of(response, "date"));
  return then && now && *then > *now ? seconds(*then - *now) : seconds(0);
}

}  // namespace spiritsafe
