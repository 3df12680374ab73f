// SPDX-License-Identifier: Apache-2.0
#include "engine/policy/settings.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace spiritsafe {
namespace {

// Where a name was written first, for the second one.
std::vector<std::string> first_place(const Loading& loading, const YamlNode& first) {
  return {fmt::format("first in {}:{}", loading.files[first.file].path, first.line)};
}

bool check_name(Loading& loading, const YamlNode& name) {
  if (is_name(name.text)) {
    return true;
  }
  fail(loading, name, fmt::format("`{}` is no name: letters, digits, `_` and `-`", shown(name.text)));
  return false;
}

// The entries of a section such as `lists:`; `what` is one of them with its article.
std::span<const YamlEntry> section(Loading& loading, const YamlNode& root, std::string_view key,
                                   std::string_view what) {
  const YamlNode* node = root.find(key);
  if (node && !node->is_map() && node->kind != YamlNode::Kind::empty) {
    fail(loading, *node, fmt::format("`{}` is a map of names, each with {}", key, what));
  }
  return node ? node->entries() : std::span<const YamlEntry>();
}

void read_list(Loading& loading, Names& names, const YamlEntry& entry) {
  if (!check_name(loading, entry.key)) {
    return;
  }
  if (const auto known = names.lists.find(entry.key.text); known != names.lists.end()) {
    fail(loading, entry.key, fmt::format("the list `{}` is defined twice", entry.key.text),
         first_place(loading, known->second.first->key));
    return;
  }
  Operand texts{true, {}};
  if (!entry.value.is_list()) {
    fail(loading, entry.value.kind == YamlNode::Kind::empty ? entry.key : entry.value,
         fmt::format("`{}` is a list of texts", entry.key.text), {fmt::format("write {}: [a, b]", entry.key.text)});
  }
  for (const YamlNode& text : entry.value.items()) {
    if (!text.is_scalar()) {
      fail(loading, text, fmt::format("`{}` is a list of texts", entry.key.text));
    } else if (is_reference(text.text)) {
      fail(loading, text, fmt::format("a list holds texts, and `{}` would be another name's value", text.text),
           {fmt::format("the text itself is written `${}`", text.text)});
    } else {
      texts.values.push_back(&text);
    }
  }
  names.lists.emplace(entry.key.text, std::pair{&entry, std::move(texts)});
}

void read_map(Loading& loading, Names& names, const YamlEntry& entry) {
  if (!check_name(loading, entry.key)) {
    return;
  }
  if (const auto known = names.maps.find(entry.key.text); known != names.maps.end()) {
    fail(loading, entry.key, fmt::format("the map `{}` is defined twice", entry.key.text),
         first_place(loading, known->second.entry->key));
    return;
  }
  auto texts = std::make_shared<std::map<std::string, std::string>>();
  if (!entry.value.is_map()) {
    fail(loading, entry.key, fmt::format("`{}` is a map of texts", entry.key.text));
  }
  for (const YamlEntry& pair : entry.value.entries()) {
    if (is_extension(pair.key.text)) {
      continue;
    }
    if (!pair.value.is_scalar()) {
      fail(loading, pair.key, fmt::format("`{}` is a map of texts", entry.key.text));
      continue;
    }
    texts->emplace(pair.key.text, pair.value.text);
  }
  names.maps.emplace(entry.key.text, NamedMap{&entry, std::move(texts)});
}

void read_condition(Loading& loading, Names& names, const YamlEntry& entry) {
  const auto [known, is_new] = names.conditions.try_emplace(entry.key.text, &entry);
  if (!is_new) {
    fail(loading, entry.key, fmt::format("the condition `{}` is defined twice", shown(entry.key.text)),
         first_place(loading, known->second->key));
  }
}

bool is_declaration(const YamlNode& value) { return value.is_map() && value.find("default") != nullptr; }

// Is it one of the words that the setting can have, where its declaration names them?
bool is_allowed(Loading& loading, const Setting& setting, const YamlNode& value) {
  const YamlNode* allowed = setting.declared->value.find("one_of");
  std::vector<std::string_view> words;
  for (const YamlNode& word : allowed ? allowed->items() : std::span<const YamlNode>()) {
    words.push_back(word.text);
  }
  return words.empty() || read_word(loading, &value, setting.declared->key.text, words);
}

void declare_setting(Loading& loading, Names& names, const YamlEntry& entry) {
  if (!check_name(loading, entry.key) ||
      !check_keys(loading, entry.value, "a setting", {"default", "help", "one_of"})) {
    return;
  }
  const bool engine = std::ranges::find(engine_settings(), entry.key.text) != engine_settings().end();
  if (const auto known = names.settings.find(entry.key.text); known != names.settings.end() || engine) {
    fail(loading, entry.key, fmt::format("the setting `{}` is declared twice", entry.key.text),
         engine ? std::vector<std::string>{"it is the engine's own"}
                : first_place(loading, known->second.declared->key));
    return;
  }
  const YamlNode& fallback = *entry.value.find("default");
  if (!entry.value.find("help")) {
    fail(loading, entry.key, fmt::format("the setting `{}` needs `default` and `help`", entry.key.text));
  }
  std::optional<Operand> value = read_operand(loading, {}, nullptr, fallback, entry.key.text);
  const Setting setting{&entry, value.value_or(Operand{})};
  is_allowed(loading, setting, fallback);
  names.settings.emplace(entry.key.text, setting);
}

// Of a pack's or file's own; nullptr is reported at `name`.
const Setting* find_setting(Loading& loading, const Names& names, const YamlNode& name) {
  if (const auto known = names.settings.find(name.text); known != names.settings.end()) {
    return &known->second;
  }
  std::vector<std::string_view> all = engine_settings();
  for (const auto& [each, setting] : names.settings) {
    all.push_back(each);
  }
  std::ranges::sort(all);
  std::vector<std::string> hints = did_you_mean(name.text, all);
  if (hints.empty()) {
    hints = {fmt::format("there are {}", joined(all))};
  }
  fail_name(loading, name, fmt::format("there is no setting `{}`", shown(name.text)), std::move(hints));
  return nullptr;
}

void set_setting(Loading& loading, Names& names, const YamlEntry& entry) {
  if (std::ranges::find(engine_settings(), entry.key.text) != engine_settings().end()) {
    return;  // compile_settings reads it
  }
  const Setting* known = find_setting(loading, names, entry.key);
  if (!known) {
    return;
  }
  Setting& setting = names.settings.find(entry.key.text)->second;
  const std::optional<Operand> value = read_operand(loading, {}, nullptr, entry.value, entry.key.text);
  if (!value) {
    return;
  }
  const bool number = !setting.value.list && setting.value.values.size() == 1 &&
                      setting.value.values[0]->style == YamlNode::Style::plain &&
                      parse_integer(setting.value.values[0]->text);
  if (value->list != setting.value.list) {
    fail(loading, entry.value,
         setting.value.list ? fmt::format("`{}` is a list of texts", entry.key.text)
                            : fmt::format("`{}` is one value, not a list", entry.key.text));
  } else if (number && !parse_integer(value->values[0]->text)) {
    fail(loading, entry.value,
         fmt::format("`{}` is a number, not `{}`", entry.key.text, shown(value->values[0]->text)));
  } else if (is_allowed(loading, setting, entry.value)) {
    setting.value = *value;
  }
}

// `$name` means one thing.
void refuse_ambiguous(Loading& loading, const Names& names) {
  for (const auto& [name, list] : names.lists) {
    const bool map = names.maps.contains(name);
    if (map || names.settings.contains(name)) {
      fail(loading, list.first->key, fmt::format("`${}` could be this list or a {}", name, map ? "map" : "setting"),
           {"give one of them another name"});
    }
  }
  for (const auto& [name, map] : names.maps) {
    if (names.settings.contains(name)) {
      fail(loading, map.entry->key, fmt::format("`${}` could be this map or a setting", name),
           {"give one of them another name"});
    }
  }
}

void read_known_operations(Loading& loading, const YamlNode& node, PolicySettings& settings) {
  const std::span<const std::string_view> kinds = names_of<OperationKind>();
  const std::vector<std::string_view> words(kinds.begin(), kinds.end());
  if (!node.is_map()) {
    fail(loading, node, "`known_operations` is a map of operations' names to the kinds they amount to",
         {"e.g. known_operations: {create_view: [], sync_enum_values: [create_enum]}"});
  }
  for (const YamlEntry& entry : node.entries()) {
    KnownOperation operation;
    operation.name = entry.key.text;
    const std::string_view name = entry.key.text;
    const auto add = [&](const YamlNode& kind) {
      if (const std::optional<size_t> index = read_word(loading, &kind, name, words)) {
        operation.amounts_to.push_back(static_cast<OperationKind>(*index));
      }
    };
    if (entry.value.is_scalar()) {
      add(entry.value);
    } else if (!entry.value.is_list()) {
      fail(loading, entry.key, fmt::format("`{}` needs the kinds it amounts to: [] for none", shown(entry.key.text)));
    }
    for (const YamlNode& kind : entry.value.items()) {
      add(kind);
    }
    settings.known_operations.push_back(std::move(operation));
  }
}

void compile_engine_setting(Loading& loading, const YamlEntry& entry, PolicySettings& settings) {
  const std::string_view name = entry.key.text;
  if (name == "exclude") {
    settings.exclude = read_texts(loading, &entry.value, name);
    std::vector<const YamlNode*> patterns;
    for (const YamlNode& pattern : entry.value.items()) {
      if (pattern.is_scalar()) {
        patterns.push_back(&pattern);
      }
    }
    settings.exclude_globs = read_globs(loading, patterns);
  } else if (name == "start_after") {
    settings.start_after = read_text(loading, &entry.value, name);
  } else if (name == "known_operations") {
    read_known_operations(loading, entry.value, settings);
  } else if (name == "max_waiver_days") {
    if (const std::optional<int64_t> days = read_integer(loading, &entry.value, name); days && *days < 1) {
      fail(loading, entry.value, "`max_waiver_days` is at least 1");
    }
    settings.texts["max_waiver_days"] = read_text(loading, &entry.value, name);
  }
}

// `{representation: seed}`: has each of the settings that value, or one of these?
bool have_values(Loading& loading, const Names& names, const YamlNode& wanted) {
  if (!wanted.is_map() || wanted.count == 0) {
    fail(loading, wanted, "`settings` of an override is a map of settings to the values that they have",
         {"e.g. settings: {representation: seed}"});
    return false;
  }
  bool all = true;
  for (const YamlEntry& entry : wanted.entries()) {
    const Setting* setting = find_setting(loading, names, entry.key);
    const std::optional<Operand> values =
        setting ? read_operand(loading, names, nullptr, entry.value, entry.key.text) : std::nullopt;
    bool is_one = false;
    for (const YamlNode* value : values ? values->values : std::vector<const YamlNode*>()) {
      is_allowed(loading, *setting, *value);
      is_one = is_one || (setting->value.values.size() == 1 && literal(*setting->value.values[0]) == literal(*value));
    }
    all = all && is_one;
  }
  return all;
}

void check_group(Loading& loading, const YamlNode& who) {
  const std::string_view text = who.text;
  for (const std::string_view prefix : {"github:", "gitlab:", "label:"}) {
    if (who.is_scalar() && text.starts_with(prefix) && text.size() > prefix.size()) {
      return;
    }
  }
  fail(loading, who, "an approver is github:user, github:org/team, gitlab:user or label:name");
}

}  // namespace

const std::vector<std::string_view>& engine_settings() {
  static const std::vector<std::string_view> names = {"exclude", "start_after", "known_operations", "max_waiver_days"};
  return names;
}

Names read_names(Loading& loading, const Modules& modules) {
  Names names;
  for (const Module& module : modules.all) {
    for (const YamlNode& root : module.documents) {
      for (const YamlEntry& entry : section(loading, root, "lists", "a list of texts")) {
        if (!is_extension(entry.key.text)) {
          read_list(loading, names, entry);
        }
      }
      for (const YamlEntry& entry : section(loading, root, "maps", "a map of texts")) {
        if (!is_extension(entry.key.text)) {
          read_map(loading, names, entry);
        }
      }
      for (const YamlEntry& entry : section(loading, root, "conditions", "`for_each:` and `where:`")) {
        if (!is_extension(entry.key.text)) {
          read_condition(loading, names, entry);
        }
      }
      for (const YamlEntry& entry : section(loading, root, "settings", "a value")) {
        if (!is_extension(entry.key.text) && is_declaration(entry.value)) {
          declare_setting(loading, names, entry);
        }
      }
    }
    // A module's own settings and those of the packs before it can be set from here on.
    for (const YamlNode& root : module.documents) {
      for (const YamlEntry& entry : section(loading, root, "settings", "a value")) {
        if (!is_extension(entry.key.text) && !is_declaration(entry.value)) {
          set_setting(loading, names, entry);
        }
      }
    }
  }
  refuse_ambiguous(loading, names);
  return names;
}

void check_conditions(Loading& loading, const Names& names) {
  for (const auto& [name, entry] : names.conditions) {
    if (loading.files[entry->key.file].checked ||
        !check_keys(loading, entry->value, "a condition", {"for_each", "where"})) {
      continue;
    }
    const YamlNode* for_each = entry->value.find("for_each");
    const YamlNode* where = entry->value.find("where");
    if (!for_each || !where) {
      fail(loading, entry->key, fmt::format("the condition `{}` needs `for_each:` and `where:`", shown(name)));
      continue;
    }
    const Entity* entity = find_entity(for_each->text);
    if (!entity) {
      std::vector<std::string_view> known;
      for (const Entity& each : entities()) {
        known.push_back(each.name);
      }
      fail(loading, *for_each, fmt::format("`for_each` is one of {}, not `{}`", joined(known), shown(for_each->text)),
           did_you_mean(for_each->text, known));
      continue;
    }
    Compiler compiler{loading, names};
    compiler.captures = {{entity->name, entity, 0, {}}};
    compiler.using_ = {name};
    int slot = 0;
    compile_block(compiler, *where, {entity, &slot, {}});
  }
}

void check_unused_names(Loading& loading, const Names& names, const Modules& modules) {
  std::set<std::string_view> used;
  std::vector<std::string_view> found;
  for (const Module& module : modules.all) {
    for (const YamlNode& root : module.documents) {
      collect_references(root, found);
    }
  }
  for (const std::string_view name : found) {
    used.insert(name.starts_with('$') ? name.substr(1) : name);
  }
  // A built-in pack's list may be there for the packs that extend it: they are looked at all together when they are
  // built.
  const auto judge = [&](const YamlNode& key, std::string_view what) {
    bool builtin = false;
    for (const Module& module : modules.all) {
      builtin = builtin || (module.builtin && std::ranges::any_of(module.documents, [&](const YamlNode& root) {
                              return root.file == key.file;
                            }));
    }
    if (!used.contains(key.text) && (!builtin || loading.options.pack_rules)) {
      fail(loading, key, fmt::format("the {} `{}` is never used", what, key.text));
    }
  };
  for (const auto& [name, list] : names.lists) {
    judge(list.first->key, "list");
  }
  for (const auto& [name, map] : names.maps) {
    judge(map.entry->key, "map");
  }
}

PolicySettings compile_settings(Loading& loading, const Names& names, const Modules& modules) {
  PolicySettings settings;
  for (const Module& module : modules.all) {
    for (const YamlNode& root : module.documents) {
      for (const YamlEntry& entry : section(loading, root, "settings", "a value")) {
        if (is_extension(entry.key.text)) {
          continue;
        }
        if (std::ranges::find(engine_settings(), entry.key.text) != engine_settings().end()) {
          compile_engine_setting(loading, entry, settings);
        }
        const YamlNode* fallback = is_declaration(entry.value) ? entry.value.find("default") : nullptr;
        settings.steps[std::string(entry.key.text)].push_back(
            {module.name, place_of(entry.key), in_one_line(fallback ? *fallback : entry.value)});
      }
    }
  }
  for (const auto& [name, setting] : names.settings) {
    std::vector<std::string> texts;
    for (const YamlNode* value : setting.value.values) {
      texts.emplace_back(literal(*value));
    }
    if (setting.value.list) {
      settings.lists.emplace(name, std::move(texts));
    } else if (!texts.empty()) {
      settings.texts.emplace(name, std::move(texts.front()));
    }
  }
  return settings;
}

RuleSource* find_rule(Loading& loading, const RuleTable& rules, const YamlNode& id) {
  if (const auto found = rules.find(id.text); found != rules.end()) {
    return found->second.get();
  }
  std::vector<std::string_view> known;
  for (const auto& [name, rule] : rules) {
    known.push_back(name);
    const YamlNode* formerly = rule ? rule->entry->value.find("formerly") : nullptr;
    for (const YamlNode& old : formerly ? formerly->items() : std::span<const YamlNode>()) {
      if (old.text == id.text) {
        return rule.get();
      }
    }
  }
  std::vector<std::string> hints = did_you_mean(id.text, known);
  if (hints.empty()) {
    hints = {"a new rule needs `for_each:`; without it, it changes a rule of a pack under `extends:`"};
  }
  fail_name(loading, id, fmt::format("there is no rule `{}`", shown(id.text)), std::move(hints));
  return nullptr;
}

void change_by_settings(Loading& loading, const Names& names, const RuleTable& rules, const Module& module) {
  for (const YamlNode& root : module.documents) {
    const YamlNode* overrides = root.find("overrides");
    for (const YamlNode& node : overrides ? overrides->items() : std::span<const YamlNode>()) {
      const YamlNode* settings = node.find("settings");
      if (!settings || !check_keys(loading, node, "an override by settings", {"settings", "rules"})) {
        continue;
      }
      const bool holds = have_values(loading, names, *settings);
      const YamlNode* changes = node.find("rules");
      if (!changes || !changes->is_map() || changes->count == 0) {
        fail(loading, changes ? *changes : node, "an override needs `rules:` with a change for each",
             {"e.g. rules: {some-rule: {level: warn}}"});
      }
      for (const YamlEntry& entry : changes ? changes->entries() : std::span<const YamlEntry>()) {
        RuleSource* rule = is_extension(entry.key.text) ? nullptr : find_rule(loading, rules, entry.key);
        if (rule && holds) {
          change_rule(loading, names, *rule, entry, module.name);
        }
      }
    }
  }
}

void read_overrides(Loading& loading, const Names& names, const RuleTable& rules, const Module& module,
                    Policy& policy) {
  for (const YamlNode& root : module.documents) {
    const YamlNode* overrides = root.find("overrides");
    if (overrides && !overrides->is_list() && overrides->kind != YamlNode::Kind::empty) {
      fail(loading, *overrides, "`overrides` is a list",
           {"e.g. overrides: [{files: ['legacy/**'], rules: {some-rule: {level: warn}}}]"});
    }
    for (const YamlNode& node : overrides ? overrides->items() : std::span<const YamlNode>()) {
      if (node.find("settings") ||
          !check_keys(loading, node, "an override", {"files", "tables", "projects", "settings", "rules"})) {
        continue;  // change_by_settings reads it
      }
      Override change;
      change.source = module.name;
      change.place = place_of(node);
      bool selects_something = true;  // not with an empty list, such as `tables: $large_tables` of a team that has none
      if (!node.find("files") && !node.find("tables") && !node.find("projects")) {
        fail(loading, node, "an override needs `files:`, `tables:`, `projects:` or `settings:`",
             {"for all of them change the rule under `rules:`"});
      }
      for (const std::string_view key : {"files", "tables", "projects"}) {
        const YamlNode* selector = node.find(key);
        const std::optional<Operand> values =
            selector ? read_operand(loading, names, nullptr, *selector, key) : std::nullopt;
        selects_something = selects_something && !(values && values->values.empty());
        change.selects += selector
                              ? fmt::format("{}{}: {}", change.selects.empty() ? "" : ", ", key, in_one_line(*selector))
                              : std::string();
        if (values && key == "tables") {
          for (const YamlNode* table : values->values) {
            change.tables.emplace_back(literal(*table));
          }
        } else if (values) {
          (key == "files" ? change.files : change.projects) = read_globs(loading, values->values);
        }
      }
      const YamlNode* levels = node.find("rules");
      if (!levels || !levels->is_map() || levels->count == 0) {
        fail(loading, levels ? *levels : node, "an override needs `rules:` with a level for each",
             {"e.g. rules: {some-rule: {level: warn}}"});
      }
      for (const YamlEntry& entry : levels ? levels->entries() : std::span<const YamlEntry>()) {
        if (is_extension(entry.key.text)) {
          continue;
        }
        const RuleSource* rule = find_rule(loading, rules, entry.key);
        if (!rule || !check_keys(loading, entry.value, "a rule of an override", {"level", "because"})) {
          continue;
        }
        const YamlNode* level_node = entry.value.find("level");
        const std::optional<Level> level = read_level(loading, level_node);
        const std::string because = read_text(loading, entry.value.find("because"), "because");
        if (!level_node) {
          fail(loading, entry.key, "a rule of an override needs `level:`");
        } else if (level == Level::off && because.empty()) {
          fail(loading, *level_node, fmt::format("`{}` is turned off without a reason", entry.key.text),
               {"say why: {level: off, because: …}"});
        } else if (level && respects_floor(loading, *rule, *level, *level_node)) {
          const std::string id(rule->entry->key.text);
          change.levels[id] = *level;
          if (!because.empty()) {
            change.because[id] = because;
          }
        }
      }
      if (selects_something) {
        policy.overrides.push_back(std::move(change));
      }
    }
  }
}

void read_approvers(Loading& loading, const Module& module, Policy& policy) {
  for (const YamlNode& root : module.documents) {
    for (const YamlEntry& group : section(loading, root, "approvers", "a list of people, teams and labels")) {
      if (is_extension(group.key.text)) {
        continue;
      }
      std::vector<std::string>& members = policy.approvers[std::string(group.key.text)];
      members = read_texts(loading, &group.value, group.key.text);
      for (const YamlNode& who : group.value.items()) {
        check_group(loading, who);
      }
      if (members.empty()) {
        fail(loading, group.key, fmt::format("the group `{}` has nobody in it", shown(group.key.text)));
      }
    }
  }
}

}  // namespace spiritsafe
