// SPDX-License-Identifier: Apache-2.0
#include "engine/policy/rules.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/policy/operators.h"

namespace spiritsafe {
namespace {

const std::vector<std::string_view>& entity_names() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> all;
    for (const Entity& entity : entities()) {
      if (entity.can_be_judged) {
        all.push_back(entity.name);
      }
    }
    return all;
  }();
  return names;
}

const Entity* read_entity(Loading& loading, const YamlNode& node) {
  const std::optional<size_t> index = read_word(loading, &node, "for_each", entity_names());
  return index ? find_entity(entity_names()[*index]) : nullptr;
}

// ---- parameters ----------------------------------------------------------------------------------------------------

enum class ParamType { text, number, boolean, list };

ParamType type_of(const Operand& fallback) {
  if (fallback.list || fallback.values.size() != 1) {
    return ParamType::list;
  }
  const YamlNode& value = *fallback.values[0];
  if (value.style == YamlNode::Style::plain && (value.text == "true" || value.text == "false")) {
    return ParamType::boolean;
  }
  return value.style == YamlNode::Style::plain && parse_integer(value.text) ? ParamType::number : ParamType::text;
}

// Whether a value fits what the parameter's default says it is, and its bounds.
bool check_param(Loading& loading, const Declared& declared, const Operand& value, const YamlNode& at) {
  const std::string_view name = declared.entry->key.text;
  const ParamType type = type_of(declared.fallback);
  if ((type == ParamType::list) != value.list) {
    fail(loading, at,
         type == ParamType::list ? fmt::format("`{}` is a list of texts", name)
                                 : fmt::format("`{}` is one value, not a list", name));
    return false;
  }
  bool sound = true;
  for (const YamlNode* each : value.values) {
    const std::optional<int64_t> number = parse_integer(each->text);
    if (type == ParamType::number && !number) {
      sound = false;
      fail(loading, *each, fmt::format("`{}` is a number, not `{}`", name, shown(each->text)));
    } else if (type == ParamType::boolean && each->text != "true" && each->text != "false") {
      sound = false;
      fail(loading, *each, fmt::format("`{}` is true or false, not `{}`", name, shown(each->text)));
    } else if (type == ParamType::number) {
      const std::optional<int64_t> least = read_integer(loading, declared.entry->value.find("min"), "min");
      const std::optional<int64_t> most = read_integer(loading, declared.entry->value.find("max"), "max");
      if ((least && *number < *least) || (most && *number > *most)) {
        sound = false;
        fail(loading, *each,
             fmt::format("`{}` is {} {}, not {}", name, least && *number < *least ? "at least" : "at most",
                         least && *number < *least ? *least : *most, *number));
      }
    }
  }
  return sound;
}

void refuse_ambiguous(Loading& loading, const Names& names, const YamlNode& name) {
  const std::string_view other = names.lists.contains(name.text)      ? "a list"
                                 : names.maps.contains(name.text)     ? "a map"
                                 : names.settings.contains(name.text) ? "a setting"
                                                                      : "";
  if (!other.empty()) {
    fail(loading, name, fmt::format("`${}` could be this parameter or {}", name.text, other),
         {"give one of them another name"});
  }
}

void read_params(Loading& loading, const Names& names, const YamlNode& params, RuleSource& rule) {
  if (!params.is_map()) {
    fail(loading, params, "`params` is a map of names", {"e.g. params: {min_words: {default: 2, help: fewest words}}"});
    return;
  }
  for (const YamlEntry& param : params.entries()) {
    if (is_extension(param.key.text)) {
      continue;
    }
    if (!is_name(param.key.text)) {
      fail(loading, param.key, fmt::format("`{}` is no name: letters, digits, `_` and `-`", shown(param.key.text)));
    }
    refuse_ambiguous(loading, names, param.key);
    if (!check_keys(loading, param.value, "a parameter", {"default", "help", "min", "max"})) {
      continue;
    }
    const YamlNode* fallback = param.value.find("default");
    if (!fallback || !param.value.find("help")) {
      fail(loading, param.key, fmt::format("the parameter `{}` needs `default` and `help`", param.key.text));
    }
    std::optional<Operand> value =
        fallback ? read_operand(loading, names, nullptr, *fallback, param.key.text) : std::nullopt;
    if (!value) {
      value = Operand{true, {}};
    }
    rule.declared.push_back({&param, *value});
    check_param(loading, rule.declared.back(), *value, fallback ? *fallback : param.key);
    rule.names.params.emplace_back(param.key.text, *value);
  }
}

// `{add: […], remove: […]}` of a list.
std::optional<Operand> changed_list(Loading& loading, const Names& names, const Operand& before, const YamlNode& change,
                                    std::string_view name) {
  if (!check_keys(loading, change, fmt::format("a change of `{}`", name), {"add", "remove"})) {
    return {};
  }
  Operand after{true, before.values};
  if (const YamlNode* remove = change.find("remove")) {
    const std::optional<Operand> gone = read_operand(loading, names, nullptr, *remove, "remove");
    for (const YamlNode* value : gone ? gone->values : std::vector<const YamlNode*>()) {
      if (std::erase_if(after.values, [&](const YamlNode* each) { return literal(*each) == literal(*value); }) == 0) {
        std::vector<std::string_view> known;
        for (const YamlNode* each : before.values) {
          known.push_back(literal(*each));
        }
        fail(loading, *value, fmt::format("`{}` is not in `{}`, so it cannot be removed", shown(value->text), name),
             did_you_mean(value->text, known));
      }
    }
  }
  if (const YamlNode* add = change.find("add")) {
    if (const std::optional<Operand> added = read_operand(loading, names, nullptr, *add, "add")) {
      after.values.insert(after.values.end(), added->values.begin(), added->values.end());
    }
  }
  return after;
}

void change_params(Loading& loading, const Names& names, RuleSource& rule, const YamlNode& with) {
  if (!with.is_map()) {
    fail(loading, with, "`with` is a map of parameters and values", {"e.g. with: {min_words: 3}"});
    return;
  }
  for (const YamlEntry& entry : with.entries()) {
    if (is_extension(entry.key.text)) {
      continue;
    }
    const auto found =
        std::ranges::find(rule.names.params, entry.key.text, &std::pair<std::string_view, Operand>::first);
    if (found == rule.names.params.end()) {
      std::vector<std::string_view> known;
      for (const Declared& declared : rule.declared) {
        known.push_back(declared.entry->key.text);
      }
      std::vector<std::string> hints = did_you_mean(entry.key.text, known);
      if (hints.empty()) {
        hints = {known.empty() ? std::string("it has none") : fmt::format("its parameters are {}", joined(known))};
      }
      fail(loading, entry.key,
           fmt::format("`{}` is not a parameter of {}", shown(entry.key.text), rule.entry->key.text), std::move(hints));
      continue;
    }
    const Declared& declared = rule.declared[static_cast<size_t>(found - rule.names.params.begin())];
    const bool is_list = type_of(declared.fallback) == ParamType::list;
    std::optional<Operand> value = entry.value.is_map() && is_list
                                       ? changed_list(loading, names, found->second, entry.value, entry.key.text)
                                       : read_operand(loading, names, nullptr, entry.value, entry.key.text);
    if (value && check_param(loading, declared, *value, entry.value)) {
      found->second = std::move(*value);
    }
  }
}

// ---- levels and approvals ------------------------------------------------------------------------------------------

void read_groups(Loading& loading, const YamlNode& node, std::string_view key, bool change,
                 std::vector<std::string>& groups) {
  if (!change || !node.is_map()) {
    groups = read_texts(loading, &node, key);
    return;
  }
  if (!check_keys(loading, node, fmt::format("a change of `{}`", key), {"add", "remove"})) {
    return;
  }
  for (const std::string& gone : read_texts(loading, node.find("remove"), "remove")) {
    if (std::erase(groups, gone) == 0) {
      fail(loading, *node.find("remove"),
           fmt::format("`{}` is not in `{}`, so it cannot be removed", shown(gone), key));
    }
  }
  for (const std::string& added : read_texts(loading, node.find("add"), "add")) {
    groups.push_back(added);
  }
}

void read_approval(Loading& loading, const YamlNode& node, bool change, RuleSource& rule) {
  if (!check_keys(loading, node, "`approval`", {"by", "via"})) {
    return;
  }
  if (const YamlNode* by = node.find("by")) {
    read_groups(loading, *by, "by", change, rule.approval_by);
  }
  if (const YamlNode* via = node.find("via")) {
    read_groups(loading, *via, "via", change, rule.approval_via);
    for (const std::string& way : rule.approval_via) {
      if (way != "review" && way != "label") {
        fail(loading, *via, fmt::format("`via` is review, label, not `{}`", shown(way)));
      }
    }
  }
}

Scope read_scope(Loading& loading, const YamlNode* node, const Entity& entity) {
  const bool repo = entity.name == "repo";
  const std::optional<size_t> written = read_word(loading, node, "scope", {"added", "changed", "all", "repo"});
  if (written && repo != (*written == static_cast<size_t>(Scope::repo))) {
    fail(loading, *node,
         repo ? "a rule for_each: repo is asked once, so it has no other scope"
              : "`scope: repo` needs `for_each: repo`");
  }
  if (repo) {
    return Scope::repo;
  }
  return written                                                                ? static_cast<Scope>(*written)
         : entity.name == "file" || entity.name == "line" || is_of_file(entity) ? Scope::changed
                                                                                : Scope::added;
}

// ---- compiling -----------------------------------------------------------------------------------------------------

void number_matcher(const Matcher& matcher, uint32_t& next);

// Preorder, as one reads the rule.
void number_conditions(Condition& condition, uint32_t& next) {
  condition.id = next++;
  for (Condition& part : condition.parts) {
    number_conditions(part, next);
  }
  number_matcher(condition.matcher, next);
}

void number_matcher(const Matcher& matcher, uint32_t& next) {
  if (matcher.block) {
    // Made by compile_matcher for this rule alone, and not yet seen by anybody else.
    number_conditions(const_cast<Condition&>(*matcher.block), next);
  }
}

Condition empty_block(const YamlNode& at) {
  Condition condition;
  condition.place = place_of(at);
  return condition;
}

void compile_conditions(Compiler& compiler, const YamlNode& body, const Here& judged, Rule& rule) {
  const YamlNode* where = body.find("where");
  rule.where = where ? compile_block(compiler, *where, judged) : empty_block(body);
  if (const YamlNode* unless = body.find("unless")) {
    if (!unless->is_map() || unless->count == 0) {
      fail(compiler.loading, *unless, "`unless` is a map of labels to blocks",
           {"e.g. unless: {the table is new: {table: {…}}}"});
    }
    for (const YamlEntry& exception : unless->entries()) {
      if (is_extension(exception.key.text)) {
        continue;
      }
      const size_t outside = compiler.captures.size();
      if (!exception.value.is_map()) {
        fail(compiler.loading, exception.key,
             fmt::format("`unless` has labels, and under each a block; `{}` has none", shown(exception.key.text)),
             {"e.g. unless: {the table is new: {table: {…}}}"});
        continue;
      }
      rule.unless.push_back({std::string(exception.key.text),
                             compile_block(compiler, exception.value, {judged.entity, judged.slot, "unless"})});
      leave_part(compiler, outside, "unless");
    }
  }
  if (const YamlNode* require = body.find("require")) {
    const size_t outside = compiler.captures.size();
    rule.require = compile_block(compiler, *require, {judged.entity, judged.slot, "require"});
    leave_part(compiler, outside, "require");
  }
  uint32_t next = 0;
  number_conditions(rule.where, next);
  for (Exception& exception : rule.unless) {
    number_conditions(exception.condition, next);
  }
  if (rule.require) {
    number_conditions(*rule.require, next);
  }
  rule.condition_count = next;
}

int read_at(Compiler& compiler, const YamlNode& node) {
  const auto found = std::ranges::find(compiler.captures, node.text, &Capture::name);
  if (!node.is_scalar() || found == compiler.captures.end()) {
    std::vector<std::string_view> known;
    for (const Capture& capture : compiler.captures) {
      known.push_back(capture.name);
    }
    std::vector<std::string> hints = did_you_mean(node.text, known);
    fail(compiler.loading, node, fmt::format("`at` is the name of an item: {}", joined(known)), std::move(hints));
    return 0;
  }
  if (!found->only_in.empty()) {
    fail(compiler.loading, node, fmt::format("`{}` may be without an item here", node.text),
         {fmt::format("it is only set when a part under `{}:` matches; name an item under conditions that must hold",
                      found->only_in)});
  }
  return found->slot;
}

void read_files(Loading& loading, const Names& names, const RuleSource& source, const YamlNode& node, Rule& rule) {
  const std::optional<Operand> patterns = read_operand(loading, names, &source.names, node, "files");
  if (patterns) {
    if (patterns->values.empty()) {
      fail(loading, node, "`files` is an empty list, so the rule would be asked about nothing");
    }
    rule.files = read_globs(loading, patterns->values);
    for (const YamlNode* pattern : patterns->values) {
      rule.file_patterns.emplace_back(pattern->text);
    }
  }
}

std::string text_of(const Operand& operand) {
  std::string out;
  for (const YamlNode* value : operand.values) {
    out += (out.empty() ? "" : ", ") + std::string(literal(*value));
  }
  return out;
}

// What all rows of a rule share; the rest is compiled row by row.
Rule shared_part(Loading& loading, const Names& names, const RuleSource& source) {
  const YamlNode& body = source.entry->value;
  Rule rule;
  rule.id = source.entry->key.text;
  rule.pack = source.pack;
  rule.place = place_of(source.entry->key);
  rule.entity = source.entity;
  rule.dialect = source.dialect.value_or(std::string());
  rule.every_branch = source.every_branch;
  rule.only_alembic = source.only_alembic;
  rule.level = source.level;
  rule.own_level = source.own_level;
  rule.level_changes = source.level_changes;
  rule.floor = source.floor;
  rule.approval_by = source.approval_by;
  rule.approval_via = source.approval_via;
  rule.because = source.because;
  rule.changed_by = source.changed_by;
  rule.steps = source.steps;
  rule.title = read_text(loading, body.find("title"), "title");
  rule.scope = read_scope(loading, body.find("scope"), *source.entity);
  rule.why = read_text(loading, body.find("why"), "why");
  rule.fix = read_text(loading, body.find("fix"), "fix");
  rule.links = read_links(loading, body.find("links"));
  rule.formerly = read_texts(loading, body.find("formerly"), "formerly");
  rule.tags = read_texts(loading, body.find("tags"), "tags");
  read_word(loading, body.find("status"), "status", {"draft", "stable", "deprecated"});
  rule.status = read_text(loading, body.find("status"), "status");
  if (const YamlNode* files = body.find("files")) {
    read_files(loading, names, source, *files, rule);
  }
  if (const YamlNode* signatures = body.find("signatures")) {
    rule.signatures = read_signatures(loading, *signatures);
  }
  for (size_t i = 0; i < source.declared.size(); ++i) {
    const Declared& declared = source.declared[i];
    rule.parameters.push_back({std::string(declared.entry->key.text),
                               read_text(loading, declared.entry->value.find("help"), "help"),
                               text_of(declared.fallback), text_of(source.names.params[i].second)});
  }
  return rule;
}

void compile_row(Loading& loading, const Names& names, const RuleSource& source, const RuleNames& row_names,
                 Rule& rule) {
  const YamlNode& body = source.entry->value;
  Compiler compiler{loading, names, &row_names};
  compiler.captures = {{source.entity->name, source.entity, 0, {}}};
  int judged_slot = 0;
  const Here judged{source.entity, &judged_slot, {}};
  if (const YamlNode* as = body.find("as")) {
    add_capture(compiler, *as, *source.entity, judged_slot);
  }
  if (row_names.row && !source.level_changed) {
    if (const YamlNode* level = row_names.row->find("level")) {
      rule.level = read_level(loading, level).value_or(rule.level);
      rule.own_level = rule.level;
      respects_floor(loading, source, rule.level, *level);
    }
  }
  compile_conditions(compiler, body, judged, rule);
  const YamlNode* own_message = row_names.row ? row_names.row->find("message") : nullptr;
  if (const YamlNode* message = own_message ? own_message : body.find("message")) {
    rule.message = compile_template(compiler, *message, judged);
  }
  if (const YamlNode* instead = body.find("instead")) {
    rule.instead = compile_code(compiler, *instead, judged);
  }
  if (const YamlNode* at = body.find("at")) {
    rule.at_slot = read_at(compiler, *at);
  }
  if (const YamlNode* autofix = body.find("autofix")) {
    rule.autofix = compile_autofix(compiler, *autofix, judged);
  }
  rule.slot_count = compiler.slot_count;
  const std::optional<size_t> undecided =
      read_word(loading, body.find("undecided"), "undecided", {"ignore", "advice", "same"});
  rule.undecided = undecided                       ? static_cast<Undecided>(*undecided)
                   : rule.level >= Level::approval ? Undecided::advice
                                                   : Undecided::ignore;
}

void check_cases(Loading& loading, const YamlNode& cases) {
  if (!cases.is_list() || cases.count == 0) {
    fail(loading, cases, "`cases` is a list of rows", {"e.g. cases: [{arg: unique, write: Field(unique=True)}]"});
  }
  for (const YamlNode& row : cases.items()) {
    if (!row.is_map()) {
      fail(loading, row, "a row of `cases` is a map of columns and values");
    }
  }
}

// Parameters and columns that nothing in the rule refers to.
void check_unused(Loading& loading, const RuleSource& source) {
  std::vector<std::string_view> used;
  for (const YamlEntry& entry : source.entry->value.entries()) {
    if (entry.key.text != "params") {
      collect_references(entry.value, used);
    }
  }
  const auto is_unused = [&](std::string_view name) { return std::ranges::find(used, name) == used.end(); };
  for (const Declared& declared : source.declared) {
    if (is_unused(declared.entry->key.text)) {
      fail(loading, declared.entry->key, fmt::format("the parameter `{}` is never used", declared.entry->key.text),
           {fmt::format("write `${}` where its value belongs, or remove it", declared.entry->key.text)});
    }
  }
  const YamlNode* cases = source.entry->value.find("cases");
  for (const YamlNode& row : cases ? cases->items() : std::span<const YamlNode>()) {
    for (const YamlEntry& cell : row.entries()) {
      const bool is_of_rule = cell.key.text == "level" || cell.key.text == "message";
      if (!is_of_rule && !is_extension(cell.key.text) && is_unused("case." + std::string(cell.key.text))) {
        fail(loading, cell.key, fmt::format("the column `{}` is never used", cell.key.text),
             {fmt::format("write `$case.{}` where its value belongs, or remove it", cell.key.text)});
      }
    }
  }
}

void check_pack_duties(Loading& loading, const RuleSource& source, const std::vector<Example>& examples) {
  const YamlNode& key = source.entry->key;
  for (const bool bad : {true, false}) {
    if (std::ranges::none_of(examples, [&](const Example& example) { return example.bad == bad; })) {
      fail(loading, key,
           fmt::format("a rule of a pack needs a {} example, and `{}` has none", bad ? "bad" : "good", key.text),
           {fmt::format("write examples: {{{}: […]}}", bad ? "bad" : "good")});
    }
  }
  for (const std::string_view duty : {"why", "fix"}) {
    if (loading.options.pack_rules && !source.entry->value.find(duty)) {
      fail(loading, key, fmt::format("a rule of a pack needs `{}:`, and `{}` has none", duty, key.text));
    }
  }
}

}  // namespace

bool is_rule_id(std::string_view text) {
  bool dash = true;  // one may not stand first, last or beside another
  for (const char c : text) {
    if (c == '-' ? dash : !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) {
      return false;
    }
    dash = c == '-';
  }
  return !dash;
}

const std::vector<std::string_view>& rule_keys() {
  static const std::vector<std::string_view> keys = {
      "title",  "for_each", "as",      "scope",           "files",      "params",      "cases",   "where",
      "unless", "require",  "level",   "floor",           "approval",   "undecided",   "message", "at",
      "why",    "fix",      "links",   "autofix",         "signatures", "examples",    "status",  "formerly",
      "tags",   "since",    "dialect", "project_dialect", "instead",    "project_kind"};
  return keys;
}

const std::vector<std::string_view>& change_keys() {
  static const std::vector<std::string_view> keys = {"level", "with", "approval", "because"};
  return keys;
}

bool respects_floor(Loading& loading, const RuleSource& rule, Level level, const YamlNode& at) {
  if (!rule.floor || level >= *rule.floor) {
    return true;
  }
  fail(loading, at,
       fmt::format("`{}` has the floor {}: it can be raised, not lowered to {}", rule.entry->key.text,
                   name_of(*rule.floor), name_of(level)),
       {"what is all right in one place is said by a waiver"});
  return false;
}

std::vector<std::string> read_links(Loading& loading, const YamlNode* node) {
  std::vector<std::string> links = read_texts(loading, node, "links");
  for (size_t i = 0; i < links.size(); ++i) {
    if (!links[i].starts_with("https://") && !links[i].starts_with("http://")) {
      fail(loading, node->items()[i], fmt::format("`{}` is no link", shown(links[i])), {"a link begins with https://"});
    }
  }
  return links;
}

std::unique_ptr<RuleSource> read_rule(Loading& loading, const Names& names, const YamlEntry& entry,
                                      const std::string& pack) {
  const YamlNode& body = entry.value;
  if (!is_rule_id(entry.key.text)) {
    fail(loading, entry.key,
         fmt::format("`{}` is no rule id: small letters and digits in words joined by `-`", shown(entry.key.text)));
  }
  check_keys(loading, body, "a rule", rule_keys());
  for (const std::string_view needed : {"title", "level", "message"}) {
    if (!body.find(needed)) {
      fail(loading, entry.key, fmt::format("`{}` has no `{}:`", entry.key.text, needed));
    }
  }
  if (!body.find("where") && !body.find("require")) {
    fail(loading, entry.key,
         fmt::format("`{}` has neither `where:` nor `require:`, so it would report everything", entry.key.text));
  }
  auto rule = std::make_unique<RuleSource>();
  rule->entry = &entry;
  rule->pack = pack;
  rule->changed_by = {pack};
  rule->entity = read_entity(loading, *body.find("for_each"));
  if (const YamlNode* params = body.find("params")) {
    read_params(loading, names, *params, *rule);
  }
  rule->level = read_level(loading, body.find("level")).value_or(Level::warn);
  rule->own_level = rule->level;
  if (const YamlNode* floor = body.find("floor")) {
    const std::optional<Level> level = read_level(loading, floor);
    rule->floor = level;
    if (level && rule->level < *level) {
      fail(loading, *floor,
           fmt::format("the floor {} is above the rule's own level {}", name_of(*level), name_of(rule->level)));
    }
  }
  if (const YamlNode* approval = body.find("approval")) {
    read_approval(loading, *approval, false, *rule);
  }
  rule->steps = {{pack, place_of(entry.key), fmt::format("defines it: level: {}", name_of(rule->level))}};
  read_word(loading, body.find("project_kind"), "project_kind", {"alembic"});
  rule->only_alembic = body.find("project_kind") != nullptr;
  const YamlNode* dialect = body.find("dialect");
  if (const YamlNode* of_project = body.find("project_dialect")) {
    rule->dialect = read_dialect(loading, *of_project, "project_dialect");
    rule->every_branch = true;
    if (dialect) {
      fail(loading, *dialect, "a rule has `dialect:` or `project_dialect:`, not both",
           {"`project_dialect` also judges what never runs on that database"});
    }
  } else if (dialect) {
    rule->dialect = read_dialect(loading, *dialect, "dialect");
  }
  return rule->entity ? std::move(rule) : nullptr;
}

void change_rule(Loading& loading, const Names& names, RuleSource& rule, const YamlEntry& entry,
                 const std::string& source) {
  if (!check_keys(loading, entry.value, "a change of a rule", change_keys())) {
    return;
  }
  const YamlNode* level_node = entry.value.find("level");
  const std::string because = read_text(loading, entry.value.find("because"), "because");
  if (const std::optional<Level> level = read_level(loading, level_node)) {
    if (*level == Level::off && because.empty()) {
      fail(loading, *level_node, fmt::format("`{}` is turned off without a reason", entry.key.text),
           {"say why: {level: off, because: …}"});
    }
    if (respects_floor(loading, rule, *level, *level_node)) {
      rule.level = *level;
      rule.level_changes.emplace_back(source, *level);
      rule.level_changed = true;
    }
  }
  if (!because.empty()) {
    rule.because = because;
  }
  if (const YamlNode* with = entry.value.find("with")) {
    change_params(loading, names, rule, *with);
  }
  if (const YamlNode* approval = entry.value.find("approval")) {
    read_approval(loading, *approval, true, rule);
  }
  std::string said = in_one_line(entry.value);
  rule.steps.push_back({source, place_of(entry.key), said.substr(1, said.size() - 2)});
  if (rule.changed_by.back() != source) {
    rule.changed_by.push_back(source);
  }
}

void compile_rule(Loading& loading, const Names& names, const RuleSource& source, bool in_pack,
                  std::vector<Rule>& rules) {
  const YamlNode& body = source.entry->value;
  Rule rule = shared_part(loading, names, source);
  if (!loading.files[source.entry->key.file].checked) {
    std::vector<Example> examples;
    if (const YamlNode* written = body.find("examples")) {
      examples = read_examples(loading, *written);
    }
    if (in_pack) {
      check_pack_duties(loading, source, examples);
    }
    check_unused(loading, source);
    if (loading.options.examples) {
      rule.examples = std::move(examples);
    }
  }
  const YamlNode* cases = body.find("cases");
  if (!cases) {
    compile_row(loading, names, source, source.names, rule);
    rules.push_back(std::move(rule));
    return;
  }
  check_cases(loading, *cases);
  for (const YamlNode& row : cases->items()) {
    if (!row.is_map()) {
      continue;
    }
    Rule row_rule = rule;
    row_rule.case_index = static_cast<int>(&row - cases->first_item);
    compile_row(loading, names, source, {source.names.params, &row, true}, row_rule);
    rules.push_back(std::move(row_rule));
  }
}

}  // namespace spiritsafe
