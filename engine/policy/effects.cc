// SPDX-License-Identifier: Apache-2.0
#include "engine/policy/effects.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "engine/policy/rules.h"

namespace spiritsafe {
namespace {

std::vector<std::string_view> words_of(std::span<const std::string_view> names) { return {names.begin(), names.end()}; }

std::vector<std::string_view> lock_words() {
  std::vector<std::string_view> words = words_of(names_of<LockMode>());
  words.push_back("none");
  words.push_back("unknown");
  return words;
}

// Absent: none. Unknown, and a mistake noted, where it is no lock.
Fact<LockMode> read_lock(Loading& loading, const YamlNode* node, std::string_view name) {
  const std::optional<size_t> index = read_word(loading, node, name, lock_words());
  if (!index) {
    return node ? unknown<LockMode>() : Fact<LockMode>{};
  }
  const size_t none = names_of<LockMode>().size();
  return *index < none ? known(static_cast<LockMode>(*index)) : *index == none ? Fact<LockMode>{} : unknown<LockMode>();
}

// `unknown`: it depends on what no text shows, and the examples show both.
Flag read_flag(Loading& loading, const YamlNode* node, std::string_view name) {
  const size_t word = read_word(loading, node, name, {"false", "true", "unknown"}).value_or(0);
  return word == 2 ? unknown<bool>() : known(word == 1);
}

void read_lock_modes(Loading& loading, const YamlNode& root, Policy& policy) {
  const YamlNode* section = root.find("lock_modes");
  if (!section || !check_keys(loading, *section, "`lock_modes`", words_of(names_of<LockMode>()))) {
    return;
  }
  for (const YamlEntry& entry : section->entries()) {
    const auto mode = std::ranges::find(names_of<LockMode>(), entry.key.text);
    const std::optional<size_t> blocked =
        read_word(loading, &entry.value, entry.key.text, words_of(names_of<Blocked>()));
    if (mode != names_of<LockMode>().end() && blocked) {
      policy.blocked[static_cast<LockMode>(mode - names_of<LockMode>().begin())] = static_cast<Blocked>(*blocked);
    }
  }
}

void check_example(Loading& loading, const YamlNode& node) {
  if (!check_keys(loading, node, "an example of an effect", effect_example_keys())) {
    return;
  }
  for (const std::string_view needed : {"name", "sql"}) {
    if (!node.find(needed)) {
      fail(loading, node, fmt::format("an example of an effect has no `{}:`", needed),
           {"e.g. {name: add column, setup: CREATE TABLE t (a int), sql: ALTER TABLE t ADD COLUMN b int}"});
    }
  }
  if (const YamlNode* also = node.find("also")) {
    if (!also->is_map()) {
      fail(loading, *also, "`also` is a map of other relations and their locks", {"e.g. also: {t_pkey: SHARE}"});
    }
    for (const YamlEntry& entry : also->entries()) {
      read_word(loading, &entry.value, entry.key.text, lock_words());
    }
  }
}

std::vector<EffectExample> read_effect_examples(Loading& loading, const YamlNode& section) {
  std::vector<EffectExample> examples;
  if (!section.is_list()) {
    fail(loading, section, "`examples` of an effect is a list");
  }
  for (const YamlNode& node : section.items()) {
    check_example(loading, node);
    EffectExample example;
    example.place = place_of(node);
    example.name = read_text(loading, node.find("name"), "name");
    example.setup = read_text(loading, node.find("setup"), "setup");
    example.sql = read_text(loading, node.find("sql"), "sql");
    example.op = read_text(loading, node.find("op"), "op");
    examples.push_back(std::move(example));
  }
  return examples;
}

void check_row(Loading& loading, const YamlEntry& entry, const Policy& policy) {
  const YamlNode& body = entry.value;
  if (!is_rule_id(entry.key.text)) {
    fail(loading, entry.key,
         fmt::format("`{}` is no id: small letters and digits in words joined by `-`", shown(entry.key.text)));
  }
  const auto known = std::ranges::find(policy.effects, entry.key.text, &EffectRow::id);
  if (known != policy.effects.end()) {
    fail(loading, entry.key, fmt::format("the effect `{}` is defined twice", entry.key.text),
         {fmt::format("first in {}:{}", loading.files[known->place.file].path, known->place.line)});
  }
  for (const std::string_view needed : {"where", "lock", "rewrites", "scans"}) {
    if (!body.find(needed)) {
      fail(loading, entry.key, fmt::format("`{}` has no `{}:`", shown(entry.key.text), needed));
    }
  }
  const YamlNode* examples = body.find("examples");
  if (!examples || examples->count == 0) {
    fail(loading, entry.key, fmt::format("`{}` has no example, so nothing proves it", shown(entry.key.text)),
         {"write examples: [{name: …, setup: …, sql: …}]; a test runs them on a real server"});
  }
  for (const YamlEntry& row : body.entries()) {
    const bool says_not = row.value.is_scalar() && row.value.text == "false";
    if (row.key.text.starts_with("fails_") && says_not) {
      fail(loading, row.value, fmt::format("`{}` is the server's error text", row.key.text),
           {"leave it out where nothing fails"});
    }
  }
}

// Whether the row speaks of the server that the setting `postgres_version` names.
bool is_of_version(Loading& loading, const Names& names, const YamlNode& body) {
  const std::optional<int64_t> from = read_integer(loading, body.find("from_version"), "from_version");
  const std::optional<int64_t> before = read_integer(loading, body.find("before_version"), "before_version");
  const auto setting = names.settings.find("postgres_version");
  if (setting == names.settings.end() || setting->second.value.values.size() != 1) {
    return true;
  }
  const std::optional<int64_t> version = parse_integer(setting->second.value.values[0]->text);
  return !version || ((!from || *version >= *from) && (!before || *version < *before));
}

EffectRow compile_effect(Loading& loading, const Names& names, const YamlEntry& entry) {
  const YamlNode& body = entry.value;
  EffectRow row;
  row.id = entry.key.text;
  row.place = place_of(entry.key);
  const std::optional<size_t> about = read_word(loading, body.find("for_each"), "for_each", {"operation", "statement"});
  row.entity = about.value_or(0) == 0 ? &entity_of<Operation>() : &entity_of<Statement>();
  if (const YamlNode* where = body.find("where")) {
    Compiler compiler{loading, names};
    compiler.captures = {{row.entity->name, row.entity, 0, {}}};
    int judged_slot = 0;
    row.where = compile_block(compiler, *where, {row.entity, &judged_slot, {}});
    row.slot_count = compiler.slot_count;
  }
  LockEffect& effect = row.effect;
  effect.lock = read_lock(loading, body.find("lock"), "lock");
  effect.lock_on_referenced = read_lock(loading, body.find("lock_on_referenced"), "lock_on_referenced");
  effect.rewrites = read_flag(loading, body.find("rewrites"), "rewrites");
  effect.scans = read_flag(loading, body.find("scans"), "scans");
  effect.scans_referenced = read_flag(loading, body.find("scans_referenced"), "scans_referenced");
  effect.fails_with_rows = known(!read_text(loading, body.find("fails_with_rows"), "fails_with_rows").empty());
  effect.fails_in_transaction =
      known(!read_text(loading, body.find("fails_in_transaction"), "fails_in_transaction").empty());
  if (const YamlNode* examples = body.find("examples")) {
    row.examples = read_effect_examples(loading, *examples);
  }
  return row;
}

}  // namespace

const std::vector<std::string_view>& effect_keys() {
  static const std::vector<std::string_view> keys = {"for_each",           "where",           "lock",
                                                     "lock_on_referenced", "rewrites",        "scans",
                                                     "scans_referenced",   "fails_with_rows", "fails_in_transaction",
                                                     "from_version",       "before_version",  "examples"};
  return keys;
}

const std::vector<std::string_view>& effect_example_keys() {
  static const std::vector<std::string_view> keys = {"name", "setup", "sql", "op", "table", "referenced", "also"};
  return keys;
}

void read_effects(Loading& loading, const Names& names, const Module& module, Policy& policy) {
  for (const YamlNode& root : module.documents) {
    read_lock_modes(loading, root, policy);
    const YamlNode* section = root.find("effects");
    if (section && !section->is_map() && section->kind != YamlNode::Kind::empty) {
      fail(loading, *section, "`effects` is a map of ids",
           {"e.g. effects: {drop-column: {where: {kind: drop_column}, lock: ACCESS EXCLUSIVE, …}}"});
    }
    for (const YamlEntry& entry : section ? section->entries() : std::span<const YamlEntry>()) {
      if (is_extension(entry.key.text) || !check_keys(loading, entry.value, "an effect", effect_keys())) {
        continue;
      }
      if (!loading.files[entry.key.file].checked) {
        check_row(loading, entry, policy);
      }
      EffectRow row = compile_effect(loading, names, entry);
      if (is_of_version(loading, names, entry.value)) {
        policy.effects.push_back(std::move(row));
      }
    }
  }
}

}  // namespace spiritsafe
