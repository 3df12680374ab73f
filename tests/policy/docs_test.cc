// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "engine/policy/docs.h"
#include "engine/policy/json_schema.h"
#include "engine/policy/load.h"

namespace spiritsafe {
BOOST_AUTO_TEST_SUITE(policy_docs)

BOOST_AUTO_TEST_CASE(a_rules_page_is_made_of_the_rule) {
  LoadOptions options;
  options.examples = true;
  const Result<Policy> policy = load_policy(
      {"p.yml",
       "language: 1\nrules:\n  drop-column:\n    title: Drops a column\n    for_each: operation\n    params: {small: "
       "{default: [a, b], help: tables that may}}\n"
       "    where: {kind: drop_column}\n    unless: {the table is small: {table: $small}}\n    level: approval\n    "
       "approval: {by: [dba]}\n    message: 'Removes {table}.{target}'\n"
       "    why: The data is gone.\n    fix: Take a backup.\n    links: ['https://example.org/x']\n    examples:\n     "
       " bad: [op.drop_column(\"user\"), {upgrade: x, change: modified}]\n      good: [pass]\n"},
      options);
  BOOST_REQUIRE_MESSAGE(policy.has_value(), (policy ? std::string() : format_errors(policy.error())));
  const std::map<std::string, std::string> pages = policy_pages(*policy);
  BOOST_TEST(pages.at("README.md") ==
             "# Rules of p.yml\n\n| rule | pack | level | reports |\n|---|---|---|---|\n| "
             "[drop-column](drop-column.md) | p.yml | approval | Drops a column |\n");
  BOOST_TEST(
      pages.at("drop-column.md") ==
      "# drop-column\n\nDrops a column\n\nPack **p.yml** · level **approval** · asked about each operation\n\nApproved "
      "by dba.\n\n## Why\n\nThe data is gone.\n\n"
      "## What to do\n\nTake a backup.\n\n## What it says\n\n- Removes ‹table›.‹target›\n\nNot reported where\n\n- the "
      "table is small\n\n## Parameters\n\n"
      "| name | value | meaning |\n|---|---|---|\n| small | a, b | tables that may |\n\n## "
      "Reported\n\n```python\nop.drop_column(\"user\")\n```\n\n`change: modified`\n\n"
      "```python\nx\n```\n\n\n## Not reported\n\n```python\npass\n```\n\n\n## Links\n\n- <https://example.org/x>\n");
}

BOOST_AUTO_TEST_CASE(a_page_shows_the_packs_own_level_and_who_changes_it) {
  LoadOptions options;
  options.read_file = [](std::string_view path) -> Result<PolicyFile> {
    return PolicyFile{
        std::string(path),
        "language: 1\npack: base\nrules:\n  drop-column:\n    title: Drops a column\n    for_each: "
        "operation\n    where: {kind: drop_column}\n    level: warn\n    message: m\n    why: w\n    fix: "
        "f\n    examples: {bad: [x], good: [y]}\n"};
  };
  const Result<Policy> policy = load_policy(
      {"p.yml", "language: 1\nextends: [{file: base.yml}]\nrules: {drop-column: {level: error}}\n"}, options);
  BOOST_REQUIRE_MESSAGE(policy.has_value(), (policy ? std::string() : format_errors(policy.error())));
  const std::map<std::string, std::string> pages = policy_pages(*policy);
  BOOST_TEST(pages.at("README.md") ==
             "# Rules of p.yml\n\n| rule | pack | level | in p.yml | reports |\n|---|---|---|---|---|\n| "
             "[drop-column](drop-column.md) | base.yml | warn | error | Drops a column |\n");
  BOOST_TEST(pages.at("drop-column.md")
                 .starts_with("# drop-column\n\nDrops a column\n\nPack **base.yml** · level **warn** (p.yml: "
                              "**error**) · asked about each "
                              "operation\n"));
}

BOOST_AUTO_TEST_CASE(the_reference_names_every_field) {
  const std::string page = reference_page();
  for (const Entity& entity : entities()) {
    BOOST_TEST(page.find("\n## " + std::string(entity.name) + "\n") != std::string::npos);
    for (const Field& field : entity.fields) {
      BOOST_TEST(page.find("\n| " + std::string(field.name) + " | ") != std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_schema_is_closed_and_whole) {
  const nlohmann::json schema = nlohmann::json::parse(policy_json_schema());
  BOOST_TEST(schema.at("$schema") == "https://json-schema.org/draft/2020-12/schema");
  BOOST_TEST(schema.at("additionalProperties") == false);
  for (const Entity& entity : entities()) {
    const nlohmann::json& block = schema.at("$defs").at("block_" + std::string(entity.name));
    BOOST_TEST(block.at("additionalProperties") == false);
    for (const Field& field : entity.fields) {
      BOOST_TEST(block.at("properties").contains(std::string(field.name)));
    }
  }
  // Every reference leads somewhere.
  std::vector<const nlohmann::json*> open = {&schema};
  while (!open.empty()) {
    const nlohmann::json& node = *open.back();
    open.pop_back();
    for (const auto& [key, child] : node.items()) {
      if (key == "$ref" && child.is_string()) {
        BOOST_TEST(schema.at("$defs").contains(child.get<std::string>().substr(8)));
      }
      if (child.is_structured()) {
        open.push_back(&child);
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace spiritsafe
