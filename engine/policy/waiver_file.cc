// SPDX-License-Identifier: Apache-2.0
#include "engine/policy/waiver_file.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "engine/policy/compiler.h"

namespace spiritsafe {
namespace {

constexpr int usual_longest = 90;  // days, where the policy says nothing
const std::vector<std::string_view> keys = {"rule", "on", "findings", "reason", "until", "ticket", "approved_by"};

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

// The rule of an id or a former one.
const Rule* find_rule(const Policy& policy, std::string_view id) {
  const auto is_it = [&](const Rule& rule) {
    return rule.id == id || std::ranges::find(rule.formerly, id) != rule.formerly.end();
  };
  const auto found = std::ranges::find_if(policy.rules, is_it);
  return found == policy.rules.end() ? nullptr : &*found;
}

const Rule* read_rule(Loading& loading, const YamlNode& entry, const Policy& policy) {
  const YamlNode* id = entry.find("rule");
  if (!id || !id->is_scalar()) {
    fail(loading, id ? *id : entry, "a waiver names the `rule` that it is about");
    return nullptr;
  }
  const Rule* rule = find_rule(policy, id->text);
  if (!rule) {
    std::vector<std::string_view> known;
    for (const Rule& each : policy.rules) {
      known.push_back(each.id);
    }
    fail(loading, *id, fmt::format("there is no rule `{}`", shown(id->text)), did_you_mean(id->text, known));
  }
  return rule;
}

std::string read_needed(Loading& loading, const YamlNode& entry, std::string_view key, std::string_view why) {
  const YamlNode* value = entry.find(key);
  if (!value || value->kind == YamlNode::Kind::empty) {
    fail(loading, entry, fmt::format("a waiver needs `{}:`, {}", key, why));
    return {};
  }
  return read_text(loading, value, key);
}

std::string read_until(Loading& loading, const YamlNode& entry, const Policy& policy, std::string_view today) {
  const std::string until = read_needed(loading, entry, "until", "its last day: until: 2026-06-30");
  if (until.empty()) {
    return until;
  }
  const std::optional<int> last = day_number(until), first = day_number(today);
  const YamlNode& value = *entry.find("until");
  if (!last) {
    fail(loading, value, fmt::format("`{}` is no day, written as 2026-06-30", shown(until)));
  } else if (first && *last - *first > longest_waiver(policy)) {
    fail(loading, value,
         fmt::format("`until` is {} days ahead; a waiver lasts at most {}", *last - *first, longest_waiver(policy)),
         {"the setting `max_waiver_days` of the policy says how long"});
  }
  return until;
}

std::vector<std::string> read_findings(Loading& loading, const YamlNode* node) {
  std::vector<std::string> findings = read_texts(loading, node, "findings");
  for (const std::string& fingerprint : findings) {
    if (fingerprint.size() != 16 || fingerprint.find_first_not_of("0123456789abcdef") != std::string::npos) {
      fail(loading, *node, fmt::format("`{}` is no fingerprint: 16 hexadecimal digits", shown(fingerprint)),
           {"`spiritsafe check --format json` prints them, `spiritsafe baseline` writes them here"});
      break;
    }
  }
  return findings;
}

void compile_on(Loading& loading, const Names& names, const YamlNode& on, const Rule& rule, FileWaiver& waiver) {
  Compiler compiler{loading, names};
  compiler.captures = {{rule.entity->name, rule.entity, 0, {}}};
  int slot = 0;
  waiver.on = compile_block(compiler, on, {rule.entity, &slot, {}});
  waiver.slot_count = compiler.slot_count;
}

// All scalars of a node in their order: what two entries that say the same have in common.
void append_text(std::string& out, const YamlNode& node) {
  out += node.is_map() ? '{' : node.is_list() ? '[' : '=';
  out += node.text;
  for (const YamlNode& item : node.items()) {
    append_text(out, item);
  }
  for (const YamlEntry& entry : node.entries()) {
    out += '\n';
    out += entry.key.text;
    append_text(out, entry.value);
  }
  out += '\n';
}

FileWaiver read_waiver(Loading& loading, const Names& names, const YamlNode& entry, const Policy& policy,
                       std::string_view today) {
  FileWaiver waiver;
  if (!check_keys(loading, entry, "a waiver", keys)) {
    return waiver;
  }
  const Rule* rule = read_rule(loading, entry, policy);
  waiver.line = entry.line;
  if (const YamlNode* id = entry.find("rule")) {
    waiver.written = std::string(id->text);
    waiver.span = id->span;
  }
  waiver.rule = rule ? rule->id : std::string();
  waiver.reason = read_needed(loading, entry, "reason", "so that who reads it later knows why");
  waiver.until = read_until(loading, entry, policy, today);
  waiver.ticket = read_text(loading, entry.find("ticket"), "ticket");
  waiver.approved_by = read_text(loading, entry.find("approved_by"), "approved_by");
  const YamlNode* on = entry.find("on");
  const YamlNode* findings = entry.find("findings");
  if (on && findings) {
    fail(loading, *on, "a waiver has `on:` or `findings:`, not both");
  } else if (!on && !findings) {
    fail(loading, entry, "a waiver says what it is about: `on:` with conditions, or `findings:` with fingerprints",
         {"e.g. on: {migration.revision: a1b2c3d4e5f6, table: users}"});
  }
  if (on && rule) {
    compile_on(loading, names, *on, *rule, waiver);
  }
  if (findings) {
    waiver.findings = read_findings(loading, findings);
    if (waiver.findings.empty()) {
      fail(loading, *findings, "`findings` names none", {"leave the whole entry out where nothing is left of it"});
    }
    std::ranges::sort(waiver.findings);
  }
  append_text(waiver.text, entry);
  return waiver;
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

int longest_waiver(const Policy& policy) {
  const auto setting = policy.settings.texts.find("max_waiver_days");
  return setting == policy.settings.texts.end() ? usual_longest : digits(setting->second).value_or(usual_longest);
}

Result<WaiverFile> load_waivers(const PolicyFile& file, const Policy& policy, std::string_view today) {
  const LoadOptions options;
  Loading loading{options};
  loading.files.push_back({file.path, file.text, false});
  WaiverFile result;
  result.file = file;
  const Result<YamlNode> root = parse_yaml(file.path, file.text, 0, loading.arena);
  if (!root) {
    return tl::unexpected(root.error());
  }
  if (!root->is_list() && root->kind != YamlNode::Kind::empty) {
    fail(loading, *root, "a waiver file is a list",
         {"e.g. - {rule: drop-column, on: {table: users}, reason: …, until: …}"});
  }
  const Names names;
  for (const YamlNode& entry : root->items()) {
    result.waivers.push_back(read_waiver(loading, names, entry, policy, today));
  }
  if (!loading.errors.empty()) {
    return tl::unexpected(std::move(loading.errors));
  }
  return result;
}

}  // namespace spiritsafe
