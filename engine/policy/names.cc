// SPDX-License-Identifier: Apache-2.0
#include "engine/policy/names.h"

#include <algorithm>

#include <fmt/format.h>

namespace spiritsafe {
namespace {

constexpr std::string_view case_prefix = "$case.";

std::optional<Operand> case_column(Loading& loading, const Names& names, const RuleNames* rule, const YamlNode& at,
                                   std::string_view reference, size_t offset) {
  const std::string_view column = reference.substr(case_prefix.size());
  if (!rule || !rule->has_cases) {
    fail_inside(loading, at, offset, reference.size(), fmt::format("`{}` needs a rule with `cases:`", reference));
    return {};
  }
  const YamlNode* cell = rule->row->find(column);
  if (!cell) {
    std::vector<std::string_view> columns;
    for (const YamlEntry& entry : rule->row->entries()) {
      columns.push_back(entry.key.text);
    }
    fail_inside(loading, at, offset, reference.size(),
                fmt::format("the row of `cases:` on line {} has no `{}`", rule->row->line, column),
                did_you_mean(column, columns));
    return {};
  }
  const RuleNames outside = {rule->params, nullptr, false};
  return read_operand(loading, names, &outside, *cell, column);
}

void collect_in_text(const YamlNode& scalar, std::vector<std::string_view>& found) {
  if (is_reference(scalar.text)) {
    found.push_back(scalar.text.substr(1));
  }
  for (size_t at = scalar.text.find("{$"); at != std::string_view::npos; at = scalar.text.find("{$", at + 2)) {
    const size_t end = scalar.text.find('}', at);
    if (end != std::string_view::npos) {
      found.push_back(scalar.text.substr(at + 2, end - at - 2));
    }
  }
}

}  // namespace

bool is_reference(std::string_view text) {
  if (text.size() < 2 || text[0] != '$') {
    return false;
  }
  return is_name(text.substr(text.starts_with(case_prefix) ? case_prefix.size() : 1));
}

std::string_view literal(const YamlNode& scalar) {
  return scalar.text.starts_with("$$") ? scalar.text.substr(1) : scalar.text;
}

std::optional<Operand> follow_reference(Loading& loading, const Names& names, const RuleNames* rule, const YamlNode& at,
                                        std::string_view reference, size_t offset) {
  if (reference.starts_with(case_prefix)) {
    return case_column(loading, names, rule, at, reference, offset);
  }
  const std::string_view name = reference.substr(1);
  if (rule) {
    const auto param = std::ranges::find(rule->params, name, &std::pair<std::string_view, Operand>::first);
    if (param != rule->params.end()) {
      return param->second;
    }
  }
  if (const auto list = names.lists.find(name); list != names.lists.end()) {
    return list->second.second;
  }
  if (const auto setting = names.settings.find(name); setting != names.settings.end()) {
    return setting->second.value;
  }
  if (names.maps.contains(name)) {
    fail_inside(loading, at, offset, reference.size(),
                fmt::format("`{}` is a map, and here a value is needed", reference),
                {"a map stands behind `through:`"});
    return {};
  }
  if (loading.incomplete) {
    return {};
  }
  std::vector<std::string_view> known;
  if (rule) {
    for (const auto& [param, value] : rule->params) {
      known.push_back(param);
    }
  }
  for (const auto& [list, value] : names.lists) {
    known.push_back(list);
  }
  for (const auto& [setting, value] : names.settings) {
    known.push_back(setting);
  }
  std::ranges::sort(known);
  std::vector<std::string> hints;
  if (const std::vector<std::string> near = did_you_mean(name, known); !near.empty()) {
    hints = near;
  } else {
    hints = {fmt::format("a text that begins with `$` is written `${}`", reference)};
  }
  fail_inside(loading, at, offset, reference.size(),
              fmt::format("no {}list or setting is called `{}`", rule ? "parameter, " : "", name), std::move(hints));
  return {};
}

std::optional<Operand> read_operand(Loading& loading, const Names& names, const RuleNames* rule, const YamlNode& node,
                                    std::string_view name) {
  if (node.is_scalar()) {
    if (is_reference(node.text)) {
      return follow_reference(loading, names, rule, node, node.text);
    }
    return Operand{false, {&node}};
  }
  if (!node.is_list()) {
    fail(loading, node,
         node.kind == YamlNode::Kind::empty ? fmt::format("`{}` has no value", name)
                                            : fmt::format("`{}` is a value or a list of values", name));
    return {};
  }
  Operand all{true, {}};
  all.values.reserve(node.count);
  bool sound = true;
  for (const YamlNode& item : node.items()) {
    if (!item.is_scalar()) {
      fail(loading, item, fmt::format("a list of values of `{}` holds texts and numbers only", name));
      sound = false;
    } else if (!is_reference(item.text)) {
      all.values.push_back(&item);
    } else if (const std::optional<Operand> part = follow_reference(loading, names, rule, item, item.text)) {
      all.values.insert(all.values.end(), part->values.begin(), part->values.end());
    } else {
      sound = false;
    }
  }
  return sound ? std::optional(std::move(all)) : std::nullopt;
}

void collect_references(const YamlNode& node, std::vector<std::string_view>& found) {
  if (node.is_scalar()) {
    collect_in_text(node, found);
  }
  for (const YamlNode& item : node.items()) {
    collect_references(item, found);
  }
  for (const YamlEntry& entry : node.entries()) {
    collect_references(entry.value, found);
    if (entry.key.text == "through" && entry.value.is_scalar()) {
      found.push_back(entry.value.text);
    }
  }
}

}  // namespace spiritsafe
