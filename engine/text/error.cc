// SPDX-License-Identifier: Apache-2.0
#include "engine/text/error.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/text/printable.h"

namespace spiritsafe {
namespace {

constexpr std::string_view red = "\x1b[31m", bold = "\x1b[1m", dim = "\x1b[2m", reset = "\x1b[0m";

std::string painted(std::string_view text, std::string_view code, bool colour) {
  return colour ? fmt::format("{}{}{}", code, text, reset) : std::string(text);
}

// A line may be huge (a minified or hostile file): show the part around the caret.
constexpr uint32_t widest_line = 200;

}  // namespace

Error error_at(std::string_view path, std::string_view text, Span span, std::string message,
               std::vector<std::string> hints) {
  const LineIndex lines(text);
  const Location at = lines.locate(span.begin);
  const Span line = lines.line_span(at.line);
  const uint32_t end = std::clamp(span.end, span.begin, std::max(line.end, span.begin));
  return {std::string(path),
          at,
          std::move(message),
          std::move(hints),
          std::string(slice(text, line)),
          std::max(1u, count_characters(slice(text, {span.begin, end})))};
}

std::string format_excerpt(std::string_view line, Location at, uint32_t width, bool colour) {
  const std::string number = std::to_string(at.line);
  if (line.size() > widest_line) {
    return fmt::format("  {} {}\n", painted(fmt::format("{:>5} |", number), dim, colour),
                       printable(shortened(line, widest_line)));
  }
  // The caret stands under the character as it is shown, and making text printable can widen it.
  const auto shown_width = [&](uint32_t characters) {
    size_t bytes = 0;
    for (uint32_t seen = 0; bytes < line.size(); ++bytes) {
      if ((static_cast<unsigned char>(line[bytes]) & 0xC0) != 0x80 && seen++ == characters) {
        break;
      }
    }
    return count_characters(printable(line.substr(0, bytes)));
  };
  const uint32_t before = shown_width(at.column - 1);
  const uint32_t marked = std::max(1u, shown_width(at.column - 1 + width) - before);
  return fmt::format("  {} {}\n  {} {}{}\n", painted(fmt::format("{:>5} |", number), dim, colour), printable(line),
                     painted(fmt::format("{:>5} |", ""), dim, colour), std::string(before, ' '),
                     painted("^" + std::string(marked - 1, '~'), red, colour));
}

std::string format_error(const Error& error, bool colour) {
  const std::string where =
      error.at.line > 0 ? fmt::format("{}:{}:{}", error.path, error.at.line, error.at.column) : error.path;
  std::string place = log_line(where);
  if (!place.empty()) {
    place += ": ";
  }
  std::string out =
      fmt::format("{}{} {}\n", painted(place, bold, colour), painted("error:", red, colour), printable(error.message));
  if (error.at.line > 0 && !error.line.empty()) {
    out += format_excerpt(error.line, error.at, error.width, colour);
  }
  for (const std::string& hint : error.hints) {
    out += fmt::format("    = {}\n", printable(hint));
  }
  return out;
}

std::string format_errors(const Errors& errors, bool colour) {
  std::string out;
  for (const Error& error : errors) {
    out += format_error(error, colour);
  }
  return out;
}

}  // namespace spiritsafe
