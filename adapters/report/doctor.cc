// SPDX-License-Identifier: Apache-2.0
#include "adapters/report/doctor.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "adapters/report/paint.h"
#include "engine/text/printable.h"

namespace spiritsafe {
namespace {

std::string_view name_of(CheckLine::Status status) {
  switch (status) {
    case CheckLine::Status::ok:
      return "ok";
    case CheckLine::Status::missing:
      return "missing";
    case CheckLine::Status::unknown:
      return "unknown";
  }
  return {};
}

Level level_of(CheckLine::Status status) {
  return status == CheckLine::Status::ok        ? Level::advice
         : status == CheckLine::Status::missing ? Level::error
                                                : Level::warn;
}

}  // namespace

std::string write_doctor(const std::vector<CheckLine>& lines, bool colour) {
  size_t widest = 0;
  size_t missing = 0, unknown = 0;
  for (const CheckLine& line : lines) {
    widest = std::max(widest, line.name.size());
    missing += line.status == CheckLine::Status::missing ? 1 : 0;
    unknown += line.status == CheckLine::Status::unknown ? 1 : 0;
  }
  std::string out;
  for (const CheckLine& line : lines) {
    out += fmt::format("{}  {}{:{}}  {}\n",
                       painted(fmt::format("{:<7}", name_of(line.status)), colour_of(level_of(line.status)), colour),
                       printable(line.name), "", widest - line.name.size(), printable(line.found));
    if (!line.next.empty()) {
      out += fmt::format("    = {}\n", printable(line.next));
    }
  }
  return out + fmt::format("{} ok, {} missing, {} unknown\n", lines.size() - missing - unknown, missing, unknown);
}

std::string write_doctor_json(const std::vector<CheckLine>& lines) {
  using Json = nlohmann::ordered_json;
  Json all = Json::array();
  for (const CheckLine& line : lines) {
    all.push_back({{"name", line.name}, {"status", name_of(line.status)}, {"found", line.found}, {"next", line.next}});
  }
  return Json{{"version", 1}, {"checks", std::move(all)}}.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace spiritsafe
