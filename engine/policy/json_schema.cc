// SPDX-License-Identifier: Apache-2.0
#include "engine/policy/json_schema.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/policy/behaviours.h"
#include "engine/policy/operators.h"
#include "engine/policy/rules.h"
#include "engine/policy/settings.h"

namespace spiritsafe {
namespace {

using Json = nlohmann::ordered_json;

Json defined(std::string_view name) { return {{"$ref", fmt::format("#/$defs/{}", name)}}; }
Json words(const std::vector<std::string_view>& all) { return {{"enum", all}}; }

// A map with these keys, and `x-…`.
Json closed(Json properties, std::vector<std::string_view> required = {}) {
  Json schema = {{"type", "object"},
                 {"properties", std::move(properties)},
                 {"patternProperties", {{"^x-", true}}},
                 {"additionalProperties", false}};
  if (!required.empty()) {
    schema["required"] = required;
  }
  return schema;
}

Json map_of(Json value) { return {{"type", "object"}, {"additionalProperties", std::move(value)}}; }

// A word of a choice, or a reference to a list or parameter.
Json choice_value(const Field& field) {
  return {{"anyOf", {words({field.choices.begin(), field.choices.end()}), {{"type", "string"}, {"pattern", "^\\$"}}}}};
}

Json list_or_one(Json one) {
  Json list = {{"type", "array"}, {"minItems", 1}, {"items", one}};
  return {{"anyOf", {std::move(one), std::move(list)}}};
}

Json operator_argument(const Operator& row, const Field& field, const Json& matcher, const Json& value) {
  switch (row.kind) {
    case OperatorKind::is:
      return words({"absent", "present", "known", "unknown"});
    case OperatorKind::negation:
      return matcher;
    case OperatorKind::same_as:
    case OperatorKind::same_items_as:
    case OperatorKind::through:
      return {{"type", "string"}};
    case OperatorKind::matches:
    case OperatorKind::contains:
    case OperatorKind::starts_with:
    case OperatorKind::ends_with:
    case OperatorKind::includes:
      return defined("texts_or_text");
    case OperatorKind::one_of:
      return list_or_one(value);
    case OperatorKind::length:
    case OperatorKind::size:
      return defined("range");
    case OperatorKind::words:
      return defined("texts_matcher");
    case OperatorKind::bound:
      return defined("number");
    case OperatorKind::some:
    case OperatorKind::every:
    case OperatorKind::none:
      return field.type == Type::items ? defined(fmt::format("block_{}", field.entity)) : defined("text_matcher");
    case OperatorKind::count: {
      Json properties = {{"where", defined(fmt::format("block_{}", field.entity))}, {"distinct", {{"type", "string"}}}};
      for (const std::string_view bound : bound_names) {
        properties[std::string(bound)] = defined("number");
      }
      return closed(std::move(properties));
    }
    case OperatorKind::duplicates:
      return {{"type", "boolean"}};
  }
  return true;
}

Json operator_map(const Field& field, const Json& matcher, const Json& value) {
  Json properties = Json::object();
  for (const std::string_view name : operators_for(field.type)) {
    const Operator& row = *find_operator(name, field.type);
    Json argument = operator_argument(row, field, matcher, value);
    argument["description"] = row.help;
    properties[std::string(name)] = std::move(argument);
  }
  return closed(std::move(properties));
}

// What may stand behind a field. Fields of a type share one definition, where nothing of the field is in it.
Json matcher_of(const Field& field) {
  switch (field.type) {
    case Type::text:
      return defined("text_matcher");
    case Type::number:
      return defined("number_matcher");
    case Type::boolean:
      return defined("boolean_matcher");
    case Type::texts:
      return defined("texts_matcher");
    case Type::choice: {
      const Json value = choice_value(field);
      return {{"anyOf", {list_or_one(value), operator_map(field, Json::object(), value)}}};
    }
    case Type::item:
      return {{"anyOf",
               {operator_map(field, Json::object(), Json::object()), defined(fmt::format("block_{}", field.entity))}}};
    case Type::items:
      return operator_map(field, Json::object(), Json::object());
  }
  return true;
}

Json block_of(const Entity& entity) {
  const std::string self = fmt::format("block_{}", entity.name);
  Json properties = Json::object();
  const Json blocks = {{"anyOf", {Json{{"type", "array"}, {"items", defined(self)}}, map_of(defined(self))}}};
  properties["all"] = blocks;
  properties["any"] = blocks;
  properties["not"] = defined(self);
  properties["use"] = defined("texts_or_text");
  properties["as"] = {{"type", "string"}};
  for (const Field& field : entity.fields) {
    Json matcher = matcher_of(field);
    matcher["description"] = field.help;
    properties[std::string(field.name)] = std::move(matcher);
  }
  Json schema = closed(std::move(properties));
  // A path through other items, or from an item that has a name.
  schema["patternProperties"]["^[A-Za-z_][A-Za-z0-9_-]*(\\.[a-z_]+)+$"] = true;
  return schema;
}

Json plain_definitions() {
  const auto sample = [](Type type) { return Field{"", type, "", {}, {}, nullptr}; };
  const Json scalar = {{"type", {"string", "number", "boolean", "null"}}};
  Json all;
  all["value"] = scalar;
  all["number"] = {{"anyOf", {Json{{"type", "integer"}}, Json{{"type", "string"}, {"pattern", "^\\$"}}}}};
  all["texts"] = {{"type", "array"}, {"items", defined("value")}};
  all["texts_or_text"] = {{"anyOf", {defined("value"), defined("texts")}}};
  Json bounds = Json::object();
  for (const std::string_view bound : bound_names) {
    bounds[std::string(bound)] = defined("number");
  }
  all["range"] = {{"anyOf", {defined("number"), closed(std::move(bounds))}}};
  all["text_matcher"] = {
      {"anyOf",
       {defined("texts_or_text"), operator_map(sample(Type::text), defined("text_matcher"), defined("value"))}}};
  all["texts_matcher"] = operator_map(sample(Type::texts), defined("texts_matcher"), defined("value"));
  all["number_matcher"] = {{"anyOf",
                            {list_or_one(defined("number")),
                             operator_map(sample(Type::number), defined("number_matcher"), defined("number"))}}};
  const Json boolean = {{"anyOf", {Json{{"type", "boolean"}}, Json{{"type", "string"}, {"pattern", "^\\$"}}}}};
  all["boolean_matcher"] = {
      {"anyOf", {list_or_one(boolean), operator_map(sample(Type::boolean), defined("boolean_matcher"), boolean)}}};
  all["level"] = words({"off", "advice", "warn", "approval", "error"});
  const Json change = closed({{"add", defined("texts")}, {"remove", defined("texts")}});
  all["approval"] = closed({{"by", {{"anyOf", {defined("texts"), change}}}},
                            {"via", {{"type", "array"}, {"items", words({"review", "label"})}}}});
  all["parameter_value"] = {{"anyOf", {defined("texts_or_text"), change}}};
  return all;
}

// The three lists of revisions around an example.
Json revisions_schema(std::string_view help) {
  const Json text = {{"type", "string"}};
  Json properties = {{"revision", text}, {"parents", defined("texts")}};
  for (const std::string_view key : {"upgrade", "downgrade", "message", "path", "docstring", "head", "migration"}) {
    properties[std::string(key)] = text;
  }
  return {{"description", help}, {"type", "array"}, {"items", closed(std::move(properties), {"revision"})}};
}

Json example_schema() {
  const std::string_view order = "; one without `parents` builds on the one before it, the example on the last one";
  Json properties = Json::object();
  for (const std::string_view key : example_keys()) {
    properties[std::string(key)] =
        key == "parents"   ? defined("texts")
        : key == "files"   ? map_of(true)
        : key == "history" ? revisions_schema(fmt::format("revisions that the base has and the change leaves{}", order))
        : key == "base"    ? revisions_schema(
                                 "what the merge base had of the files that the change touches; it deletes "
                                    "those whose revision the example has not")
        : key == "incoming" ? revisions_schema("revisions that the base branch got meanwhile")
                            : defined("value");
  }
  return {{"anyOf", {Json{{"type", "string"}}, closed(std::move(properties))}}};
}

Json signature_schema(bool needs_example) {
  const Json text = {{"type", "string"}};
  Json schema = closed({{"text", text}, {"pattern", text}, {"example", text}},
                       needs_example ? std::vector<std::string_view>{"example"} : std::vector<std::string_view>{});
  schema["oneOf"] = {Json{{"required", {"text"}}}, Json{{"required", {"pattern"}}}};
  return schema;
}

Json dialect_words() { return words({std::begin(dialect_names), std::end(dialect_names)}); }

Json rule_schema() {
  const Json text = {{"type", "string"}};
  Json properties = Json::object();
  for (const std::string_view key : rule_keys()) {
    properties[std::string(key)] = true;
  }
  for (const std::string_view key : {"title", "as", "message", "at", "why", "fix", "instead"}) {
    properties[std::string(key)] = text;
  }
  std::vector<std::string_view> names;
  for (const Entity& entity : entities()) {
    if (entity.can_be_judged) {
      names.push_back(entity.name);
    }
  }
  properties["for_each"] = words(names);
  properties["level"] = defined("level");
  properties["floor"] = defined("level");
  properties["scope"] = words({"added", "changed", "all", "repo"});
  properties["undecided"] = words({"ignore", "advice", "same"});
  properties["status"] = words({"draft", "stable", "deprecated"});
  properties["dialect"] = dialect_words();
  properties["project_dialect"] = dialect_words();
  properties["project_kind"] = words({"alembic"});
  properties["approval"] = defined("approval");
  properties["files"] = defined("texts_or_text");
  properties["links"] = defined("texts");
  properties["tags"] = defined("texts");
  properties["formerly"] = defined("texts");
  properties["params"] = map_of(closed({{"default", defined("texts_or_text")},
                                        {"help", text},
                                        {"min", {{"type", "integer"}}},
                                        {"max", {{"type", "integer"}}}},
                                       {"default", "help"}));
  properties["cases"] = {{"type", "array"}, {"items", map_of(true)}};
  const Json examples = {{"type", "array"}, {"items", example_schema()}};
  properties["examples"] = closed({{"bad", examples}, {"good", examples}});
  properties["signatures"] = {{"type", "array"}, {"items", signature_schema(false)}};
  properties["since"] = {{"type", "integer"}};
  Json schema = closed(std::move(properties), {"title", "for_each", "level", "message"});
  schema["anyOf"] = {Json{{"required", {"where"}}}, Json{{"required", {"require"}}}};
  for (const std::string_view name : names) {
    const Json block = defined(fmt::format("block_{}", name));
    schema["allOf"].push_back(
        {{"if", {{"properties", {{"for_each", {{"const", name}}}}}}},
         {"then", {{"properties", {{"where", block}, {"require", block}, {"unless", map_of(block)}}}}}});
  }
  return schema;
}

Json behaviours_schema() {
  Json packages = Json::object();
  for (const BehaviourKeys& each : behaviour_keys()) {
    Json row = Json::object();
    for (const std::string_view key : each.keys) {
      row[std::string(key)] = key == "since" ? Json{{"type", {"string", "number"}}} : Json{{"type", "boolean"}};
    }
    const Json rows = closed(std::move(row), each.keys);
    packages[std::string(each.package)] = Json{{"type", "array"}, {"items", rows}};
  }
  return closed(std::move(packages));
}

Json effect_schema() {
  const Json text = {{"type", "string"}};
  std::vector<std::string_view> locks(names_of<LockMode>().begin(), names_of<LockMode>().end());
  locks.insert(locks.end(), {"none", "unknown"});
  const Json lock = words(locks), flag = {{"enum", {true, false, "unknown"}}}, number = {{"type", "integer"}};
  const Json example = closed({{"name", text},
                               {"setup", text},
                               {"sql", text},
                               {"op", text},
                               {"table", text},
                               {"referenced", text},
                               {"also", map_of(lock)}},
                              {"name", "sql"});
  return closed({{"for_each", words({"operation", "statement"})},
                 {"where", Json{{"anyOf", {defined("block_operation"), defined("block_statement")}}}},
                 {"lock", lock},
                 {"lock_on_referenced", lock},
                 {"rewrites", flag},
                 {"scans", flag},
                 {"scans_referenced", flag},
                 {"fails_with_rows", text},
                 {"fails_in_transaction", text},
                 {"from_version", number},
                 {"before_version", number},
                 {"examples", {{"type", "array"}, {"items", example}}}},
                {"where", "lock", "rewrites", "scans", "examples"});
}

}  // namespace

std::string policy_json_schema() {
  const Json text = {{"type", "string"}};
  Json definitions = plain_definitions();
  for (const Entity& entity : entities()) {
    definitions[fmt::format("block_{}", entity.name)] = block_of(entity);
  }
  definitions["rule"] = rule_schema();
  definitions["change"] = closed({{"level", defined("level")},
                                  {"with", map_of(defined("parameter_value"))},
                                  {"approval", defined("approval")},
                                  {"because", text}});
  const Json level_only = closed({{"level", defined("level")}, {"because", text}}, {"level"});
  Json settings = Json::object();
  for (const std::string_view name : engine_settings()) {
    settings[std::string(name)] = true;
  }
  Json root =
      closed({{"language", {{"const", 1}}},
              {"requires", text},
              {"pack", text},
              {"version", {{"type", "integer"}}},
              {"frame", text},
              {"dialect", dialect_words()},
              {"extends", true},
              {"settings", {{"type", "object"}, {"properties", settings}}},
              {"lists", map_of(defined("texts"))},
              {"maps", map_of(map_of(defined("value")))},
              {"conditions", map_of(closed({{"for_each", text}, {"where", true}}, {"for_each", "where"}))},
              {"rules",
               map_of({{"if", {{"required", {"for_each"}}}}, {"then", defined("rule")}, {"else", defined("change")}})},
              {"overrides",
               {{"type", "array"},
                {"items", closed({{"files", defined("texts_or_text")},
                                  {"tables", defined("texts_or_text")},
                                  {"projects", defined("texts_or_text")},
                                  {"settings", map_of(defined("texts_or_text"))},
                                  {"rules", map_of(Json{{"anyOf", {level_only, defined("change")}}})}},
                                 {"rules"})}}},
              {"diagnoses", map_of(closed({{"title", text},
                                           {"why", text},
                                           {"fix", text},
                                           {"links", defined("texts")},
                                           {"rules", defined("texts")},
                                           {"signatures", {{"type", "array"}, {"items", signature_schema(true)}}}},
                                          {"title", "why", "fix", "signatures"}))},
              {"effects", map_of(effect_schema())},
              {"lock_modes", map_of(words({names_of<Blocked>().begin(), names_of<Blocked>().end()}))},
              {"behaviours", behaviours_schema()},
              {"waivers", text},
              {"approvers", map_of(defined("texts"))}});
  Json schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", "spiritsafe policy"}};
  schema.update(root);
  schema["properties"]["rules"]["patternProperties"] = {{"^x-", true}};
  schema["$defs"] = std::move(definitions);
  return schema.dump(1) + "\n";
}

}  // namespace spiritsafe
