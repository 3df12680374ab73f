// SPDX-License-Identifier: Apache-2.0
#include "adapters/cli/table_sizes.h"

#include <algorithm>
#include <charconv>
#include <map>

#include <fmt/format.h>

#include "adapters/report/json_text.h"

namespace spiritsafe {
namespace {

constexpr int64_t megabyte = 1'000'000;

std::optional<int64_t> number_of(const PolicySettings& settings, const std::string& name) {
  const auto found = settings.texts.find(name);
  if (found == settings.texts.end()) {
    return {};
  }
  int64_t number = 0;
  const std::string& text = found->second;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

// JSON's quotes are YAML's, too.
std::string list_of(std::string_view name, const std::vector<TableSize>& tables) {
  if (tables.empty()) {
    return fmt::format("  {}: []\n", name);
  }
  std::string out = fmt::format("  {}:\n", name);
  for (const TableSize& table : tables) {
    out += "    - ";
    append_json(out, table.name);
    out += fmt::format("  # {} rows, {} MB\n", table.rows < 0 ? "uncounted" : fmt::format("about {}", table.rows),
                       table.bytes / megabyte);
  }
  return out;
}

}  // namespace

std::optional<TableThresholds> thresholds_of(const PolicySettings& settings) {
  const auto large_rows = number_of(settings, "large_table_rows");
  const auto large_megabytes = number_of(settings, "large_table_megabytes");
  const auto small_rows = number_of(settings, "small_table_rows");
  const auto small_megabytes = number_of(settings, "small_table_megabytes");
  if (!large_rows || !large_megabytes || !small_rows || !small_megabytes) {
    return {};
  }
  return TableThresholds{*large_rows, *large_megabytes, *small_rows, *small_megabytes};
}

std::string write_table_sizes(const std::vector<TableSize>& tables, const TableThresholds& thresholds) {
  std::map<std::string, TableSize> by_name;
  for (const TableSize& table : tables) {
    TableSize& known = by_name.try_emplace(table.name, table).first->second;
    known = table.bytes > known.bytes ? table : known;
  }
  std::vector<TableSize> large, small;
  for (const auto& [name, table] : by_name) {
    if (table.rows >= thresholds.large_rows || table.bytes >= thresholds.large_megabytes * megabyte) {
      large.push_back(table);
    } else if (table.rows >= 0 && table.rows < thresholds.small_rows &&
               table.bytes < thresholds.small_megabytes * megabyte) {
      small.push_back(table);
    }
  }
  for (std::vector<TableSize>* list : {&large, &small}) {
    std::ranges::stable_sort(*list, std::ranges::greater(), &TableSize::bytes);
  }
  return fmt::format(
             "# Written by `spiritsafe doctor --write-table-sizes` from a database of {} tables. Large: from {} rows "
             "or {} MB "
             "on;\n# small: below {} rows and {} MB. A policy takes it by `extends: [{{file: …}}]`.\nlanguage: "
             "1\npack: "
             "table-sizes\nsettings:\n",
             tables.size(), thresholds.large_rows, thresholds.large_megabytes, thresholds.small_rows,
             thresholds.small_megabytes) +
         list_of("large_tables", large) + list_of("small_tables", small);
}

}  // namespace spiritsafe
