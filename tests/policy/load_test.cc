// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include <fmt/format.h>
#include <re2/re2.h>
#include <boost/test/unit_test.hpp>

#include "engine/policy/embedded.h"
#include "engine/policy/load.h"
#include "tests/policy/base_pack.h"

namespace spiritsafe {
namespace {

Policy load(std::string text, LoadOptions options = {}) {
  options.examples = true;
  Result<Policy> policy = load_policy({"p.yml", std::move(text)}, options);
  BOOST_REQUIRE_MESSAGE(policy.has_value(), (policy ? std::string() : format_errors(policy.error())));
  return std::move(*policy);
}

Policy load_team(const std::string& text) {
  LoadOptions options;
  options.packs = base_pack();
  return load("language: 1\nextends: [{builtin: base}]\n" + text, options);
}

const Rule& rule_of(const Policy& policy, std::string_view id) {
  const auto found = std::ranges::find(policy.rules, id, &Rule::id);
  BOOST_REQUIRE(found != policy.rules.end());
  return *found;
}

// A condition tree in one line: `(kind = add_column and not (…))`, with slots and what stands inside matchers.
std::string text_of(const Condition& condition);

std::string text_of(const Matcher& matcher) {
  switch (matcher.kind) {
    case Matcher::Kind::equals:
      return fmt::format("={}", fmt::join(matcher.texts, "|"));
    case Matcher::Kind::matches:
      return "~" + matcher.pattern->text();
    case Matcher::Kind::starts_with:
      return "^" + matcher.texts[0];
    case Matcher::Kind::negation:
      return "!" + text_of(*matcher.inner);
    case Matcher::Kind::all_of: {
      std::string out;
      for (const Matcher& part : matcher.parts) {
        out += (out.empty() ? "" : "&") + text_of(part);
      }
      return out;
    }
    default:
      return fmt::format("#{}", static_cast<int>(matcher.kind));
  }
}

std::string text_of(const Condition& condition) {
  if (condition.kind == Condition::Kind::negation) {
    return "not " + text_of(condition.parts[0]);
  }
  if (condition.kind == Condition::Kind::test) {
    std::string out = condition.text;
    if (condition.matcher.slot >= 0) {
      out += fmt::format(" [slot {}]", condition.matcher.slot);
    }
    if (condition.matcher.block) {
      out += " " + text_of(*condition.matcher.block);
    }
    if (condition.matcher.inner && condition.matcher.kind != Matcher::Kind::words) {
      out += (condition.matcher.inner_negated ? " <!" : " <") + text_of(*condition.matcher.inner) + ">";
    }
    return out;
  }
  std::string out;
  for (size_t i = 0; i < condition.parts.size(); ++i) {
    out += out.empty() ? "" : condition.kind == Condition::Kind::all ? " and " : " or ";
    out += condition.labels.empty() ? "" : condition.labels[i] + ": ";
    out += text_of(condition.parts[i]);
  }
  return "(" + out + ")";
}

std::string where_of(std::string_view entity, const std::string& where, const std::string& more = "") {
  const Policy policy = load(fmt::format(
      "language: 1\n{}rules:\n  a:\n    title: T\n    for_each: {}\n    level: warn\n    message: m\n    where: {}\n",
      more, entity, where));
  return text_of(policy.rules.at(0).where);
}

std::string message_of(const Template& text) {
  std::string out;
  for (const Template::Piece& piece : text.pieces) {
    out += piece.kind == Template::Piece::Kind::literal ? piece.literal
           : piece.kind == Template::Piece::Kind::path  ? fmt::format("<{}:{}>", piece.path.slot, piece.path.text)
                                                        : "<because>";
  }
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_load)

BOOST_AUTO_TEST_CASE(conditions_compile_to_what_was_written) {
  const std::tuple<std::string_view, std::string_view, std::string_view> cases[] = {
      {"operation", "{kind: add_column}", "kind = add_column"},
      {"operation", "{kind: [add_column, drop_column], table: user}",
       "(kind is one of add_column, drop_column and table = user)"},
      {"operation", "{table: no, target: 1e10, new_name: on}", "(table = no and target = 1e10 and new_name = on)"},
      {"operation", "{table: null}", "table = null"},
      {"operation", "{table: $$x}", "table = $x"},
      {"operation", "{concurrently: {not: true}}", "not concurrently = true"},
      {"operation", "{column.server_default: {is: absent}}", "column.server_default is absent"},
      {"operation", "{column: {nullable: false, name: {is: known}}}",
       "column is an item with (nullable = false and name is known)"},
      {"operation", "{column: {is: absent}}", "column is absent"},
      {"operation", "{table: {starts_with: a, ends_with: b}}", "(table starts with a and table ends with b)"},
      {"operation", "{table: {contains: [a, b]}}", "(table contains a or table contains b)"},
      {"operation", "{table: {length: {more_than: 60}}}", "table has a length more than 60"},
      {"operation", "{columns: {size: 2, duplicates: true, includes: id}}",
       "(columns has a size = 2 and columns has duplicates and columns includes id)"},
      {"operation", "{columns: {includes: [id, name]}}", "columns includes all of id, name"},
      {"operation", "{columns: {some: [a, b]}}", "columns has some is one of a, b <=a|b>"},
      {"operation", "{columns: {every: {not: a}}}", "columns has only not = a <!=a>"},
      {"operation", "{columns: {none: {starts_with: a, not: {matches: 'x$'}}}}",
       "columns has none starts with a and not matches x$ <^a&!~x$>"},
      {"operation", "{columns: {same_items_as: referent_columns}}", "columns has the same items as referent_columns"},
      {"column", "{length: {at_least: 1, less_than: 9}}", "length less than 9 and at least 1"},
      {"column", "{length: [1, 2]}", "(length = 1 or length = 2)"},
      {"migration", "{message: {words: {size: {less_than: 2}, every: [a]}}}",
       "(message has words: has a size less than 2 and message has words: has only = a)"},
      {"migration", "{upgrade: {count: {where: {kind: add_column}, distinct: table, more_than: 3}}}",
       "upgrade has a count more than 3 of different table kind = add_column"},
      {"migration", "{any: [{name: a}, {name: b, path: c}]}", "(name = a or (name = b and path = c))"},
      {"migration", "{any: {short: {name: a}, long: {name: b}}}", "(short: name = a or long: name = b)"},
      {"migration", "{not: {name: a, path: c}}", "not (name = a and path = c)"},
      {"migration", "{upgrade: {some: {as: first, kind: execute}}, downgrade: {none: {table: {same_as: first.table}}}}",
       "(upgrade has some [slot 1] kind = execute and downgrade has none table is the same as first.table)"},
      {"migration", "{x-note: [anything], name: a}", "name = a"},
  };
  for (const auto& [entity, where, expected] : cases) {
    BOOST_TEST_CONTEXT(where) { BOOST_TEST(where_of(entity, std::string(where)) == expected); }
  }
}

BOOST_AUTO_TEST_CASE(a_name_means_the_judged_item_wherever_it_stands) {
  const Policy policy = load(
      "language: 1\nrules:\n  a:\n    title: T\n    for_each: operation\n    as: mine\n    level: warn\n    message: "
      "'{mine.table} {table} {{x}}'\n"
      "    where: {sql: {some: {operation.table: {same_as: mine.table}, migration.name: b}}}\n");
  const Condition& some = policy.rules[0].where;
  const Condition& block = *some.matcher.block;
  BOOST_TEST(some.path.slot == -1);
  BOOST_TEST(block.parts[0].path.slot == 0);
  BOOST_TEST(block.parts[0].path.fields.size() == 1u);
  BOOST_TEST(block.parts[0].matcher.other.slot == 0);
  BOOST_TEST(block.parts[1].path.slot == -1);
  BOOST_TEST(message_of(policy.rules[0].message) == "<0:mine.table> <-1:table> {x}");
}

BOOST_AUTO_TEST_CASE(a_shared_condition_speaks_of_the_item_where_it_is_used) {
  const std::string shared =
      "conditions:\n  is new: {for_each: operation, where: {migration.upgrade: {some: {table: {same_as: "
      "operation.table}}}}}\n";
  BOOST_TEST(where_of("operation", "{use: is new}", shared) ==
             "migration.upgrade has some table is the same as operation.table");
  // Inside a list the item at hand gets a slot of its own.
  BOOST_TEST(where_of("migration", "{upgrade: {none: {use: is new}}}", shared) ==
             "upgrade has none [slot 1] migration.upgrade has some table is the same as operation.table");
}

BOOST_AUTO_TEST_CASE(conditions_are_numbered_as_one_reads_them) {
  const Policy policy = load(
      "language: 1\nrules:\n  a:\n    title: T\n    for_each: operation\n    level: error\n    message: m\n    where: "
      "{kind: add_column, sql: {some: {kind: x, table: y}}}\n"
      "    unless: {it is quiet: {table: t}}\n    require: {target: {not: z}}\n");
  const Rule& rule = policy.rules[0];
  BOOST_TEST(rule.where.id == 0u);
  BOOST_TEST(rule.where.parts[1].id == 2u);
  BOOST_TEST(rule.where.parts[1].matcher.block->parts[1].id == 5u);
  BOOST_TEST(rule.unless[0].label == "it is quiet");
  BOOST_TEST(rule.unless[0].condition.id == 6u);
  BOOST_TEST(rule.require->parts[0].id == 8u);
  BOOST_TEST(rule.condition_count == 9u);
  BOOST_TEST(rule.where.parts[0].place.line == 8u);
  BOOST_TEST(rule.where.parts[0].place.column == 13u);
  BOOST_TEST((rule.undecided == Undecided::advice));
}

BOOST_AUTO_TEST_CASE(each_row_of_cases_is_a_rule) {
  const Policy policy = load(
      "language: 1\nlists: {both: [a, b]}\nrules:\n  r:\n    title: T\n    for_each: operation\n    level: advice\n"
      "    cases: [{word: a, say: 'the {a}'}, {word: $both, say: two, level: error}]\n    where: {table: $case.word}\n "
      "   message: '{$case.say}: {table}'\n");
  BOOST_REQUIRE(policy.rules.size() == 2u);
  BOOST_TEST(text_of(policy.rules[0].where) == "table = a");
  BOOST_TEST(message_of(policy.rules[0].message) == "the {a}: <-1:table>");
  BOOST_TEST((policy.rules[0].level == Level::advice));
  BOOST_TEST(policy.rules[1].case_index == 1);
  BOOST_TEST(text_of(policy.rules[1].where) == "table is one of a, b");
  BOOST_TEST((policy.rules[1].level == Level::error));
  BOOST_TEST((policy.rules[1].undecided == Undecided::advice));
}

BOOST_AUTO_TEST_CASE(a_team_changes_its_packs) {
  const Policy policy = load_team(
      "settings: {postgres_version: 16, large_tables: [events], exclude: ['old/**'], start_after: 1e10, "
      "known_operations: {create_view: [], sync: [create_enum, drop_enum]}}\n"
      "rules:\n  vague-message: {with: {min_words: 3, vague: {add: [hotfix], remove: [wip]}}}\n  drop-column: {level: "
      "error, because: regulated data, approval: {by: {add: [sre]}}}\n"
      "  new-in-two: {level: warn}\noverrides:\n  - {files: ['legacy/**'], rules: {message-vague: {level: 'off', "
      "because: old}}}\nwaivers: w.yml\n"
      "approvers: {dba: ['github:jane'], sre: ['gitlab:joe', 'label:ok']}\n");
  const Rule& vague = rule_of(policy, "message-vague");
  BOOST_TEST(text_of(vague.where) ==
             "((too short: message has words: has a size less than 3 or made only of filler words: message has words: "
             "has only is one of fix, hotfix) and "
             "upgrade has none kind = add_column)");
  BOOST_TEST(message_of(vague.message) == "Message \"<-1:message>\" is <because>, fewer than 3");
  BOOST_TEST(fmt::format("{}", fmt::join(vague.changed_by, " ")) == "base p.yml");
  BOOST_TEST(vague.parameters[1].value == "fix, hotfix");
  BOOST_TEST(vague.parameters[1].fallback == "wip, fix");
  const Rule& drop = rule_of(policy, "drop-column");
  BOOST_TEST((drop.level == Level::error));
  BOOST_TEST(drop.because == "regulated data");
  BOOST_TEST(fmt::format("{}", fmt::join(drop.approval_by, " ")) == "dba sre");
  BOOST_TEST((rule_of(policy, "new-in-two").level == Level::warn));
  BOOST_TEST(policy.settings.texts.at("postgres_version") == "16");
  BOOST_TEST(policy.settings.start_after == "1e10");
  BOOST_TEST(policy.settings.exclude_globs.matches("old/x.py"));
  BOOST_TEST(policy.settings.known_operations.size() == 2u);
  BOOST_REQUIRE(policy.overrides.size() == 2u);
  BOOST_TEST(policy.overrides[0].tables.at(0) == "events");
  BOOST_TEST((policy.overrides[1].levels.at("message-vague") == Level::off));
  BOOST_TEST(policy.overrides[1].files.matches("legacy/a.py"));
  BOOST_TEST(policy.frames.at("base") == "def upgrade():\n");
  BOOST_TEST(policy.waivers_path == "w.yml");
  BOOST_TEST(fmt::format("{}", fmt::join(policy.packs, " ")) == "base p.yml");
  BOOST_TEST(policy.approvers.at("sre").size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_setting_changes_rules_of_its_pack_before_the_team_does) {
  LoadOptions options;
  options.packs = base_pack();
  options.packs.push_back(
      {"modes",
       {{"policies/modes/pack.yaml",
         "language: 1\npack: modes\nextends: [{builtin: base}]\n"
         "settings: {mode: {default: plain, one_of: [plain, grand], help: h}}\n"
         "overrides:\n  - settings: {mode: grand, postgres_version: [15, 16]}\n"
         "    rules: {message-vague: {level: error, with: {min_words: 4}}, new-in-two: {level: warn}}\n"}}});
  const auto levels = [&](const std::string& team) {
    const Result<Policy> policy = load_policy({"p.yml", "language: 1\nextends: [{builtin: modes}]\n" + team}, options);
    BOOST_REQUIRE_MESSAGE(policy.has_value(), (policy ? "" : format_errors(policy.error())));
    return fmt::format("{} {} {}", name_of(rule_of(*policy, "message-vague").level),
                       rule_of(*policy, "message-vague").parameters[0].value,
                       name_of(rule_of(*policy, "new-in-two").level));
  };
  BOOST_TEST(levels("") == "warn 2 off");
  BOOST_TEST(levels("settings: {mode: grand}\n") == "error 4 warn");
  BOOST_TEST(levels("settings: {mode: grand, postgres_version: 17}\n") == "warn 2 off");
  BOOST_TEST(levels("settings: {mode: grand}\nrules: {message-vague: {level: advice}}\n") == "advice 4 warn");
}

BOOST_AUTO_TEST_CASE(a_pack_of_an_older_version_lacks_the_newer_rules) {
  LoadOptions options;
  options.packs = base_pack();
  const auto has_rule = [&](const std::string& extends) {
    const Policy policy = load("language: 1\nextends: " + extends + "\n", options);
    return std::ranges::find(policy.rules, "new-in-two", &Rule::id) != policy.rules.end();
  };
  BOOST_TEST(!has_rule("{builtin: base, version: 1}"));
  BOOST_TEST(has_rule("[{builtin: base, version: 2}]"));
  BOOST_TEST(has_rule("[{builtin: base}]"));
}

BOOST_AUTO_TEST_CASE(packs_extend_each_other_and_files) {
  LoadOptions options;
  options.packs = base_pack();
  options.packs.push_back(
      {"top",
       {{"policies/top/pack.yaml",
         "language: 1\npack: top\nextends: [{builtin: base}]\nrules: {message-vague: {level: error}}\n"}}});
  options.read_file = [](std::string_view path) -> Result<PolicyFile> {
    if (path != "conf/shared.yml") {
      return tl::unexpected(Errors{{std::string(path), {0, 0}, "no such file", {}, {}, 1}});
    }
    return PolicyFile{
        std::string(path),
        "language: 1\npack: ours\nextends: [{builtin: top}]\nrules: {message-vague: {with: {min_words: 4}}}\n"};
  };
  const Result<Policy> policy =
      load_policy({"conf/p.yml", "language: 1\nextends: [{builtin: base}, {file: shared.yml}]\n"}, options);
  BOOST_REQUIRE_MESSAGE(policy.has_value(), (policy ? std::string() : format_errors(policy.error())));
  const Rule& rule = rule_of(*policy, "message-vague");
  BOOST_TEST((rule.level == Level::error));
  BOOST_TEST(rule.pack == "base");
  BOOST_TEST(fmt::format("{}", fmt::join(rule.changed_by, " ")) == "base top conf/shared.yml");
  const Result<Policy> missing = load_policy(
      {"conf/p.yml", "language: 1\nextends: [{file: other.yml}]\nrules: {unknown: {level: warn}}\n"}, options);
  BOOST_TEST(format_errors(missing.error()) ==
             "conf/p.yml:2:18: error: cannot read `other.yml`: no such file\n      2 | extends: [{file: other.yml}]\n  "
             "      |                  ^~~~~~~~~\n");
}

BOOST_AUTO_TEST_CASE(packs_that_extend_each_other_in_a_circle_are_refused) {
  LoadOptions options;
  options.packs = {{"a", {{"a.yaml", "language: 1\npack: a\nextends: [{builtin: b}]\n"}}},
                   {"b", {{"b.yaml", "language: 1\npack: b\nextends: [{builtin: a}]\n"}}}};
  BOOST_TEST(format_errors(load_builtin_policy({"a"}, options).error()) ==
             "b.yaml:3:21: error: `a` extends itself: a → b → a\n      3 | extends: [{builtin: a}]\n        |          "
             "           ^\n");
}

BOOST_AUTO_TEST_CASE(examples_are_kept_as_written) {
  const Policy policy = load(
      "language: 1\nrules:\n  r:\n    title: T\n    for_each: migration\n    level: warn\n    message: m\n    where: "
      "{name: x}\n    examples:\n      bad:\n        - op.drop_table(\"a\")\n"
      "        - {upgrade: pass, parents: [a, b], change: modified, on_base: true, says: m, at: 3, becomes: x}\n      "
      "good:\n        - {line: alembic, in: start.sh}\n"
      "        - {files: {a.py: x}, history: [{revision: a}, {revision: b, parents: [a]}], parents: []}\n");
  const std::vector<Example>& examples = policy.rules[0].examples;
  BOOST_REQUIRE(examples.size() == 4u);
  BOOST_TEST(examples[0].bad);
  BOOST_TEST(examples[0].parts.at("upgrade") == "op.drop_table(\"a\")");
  BOOST_TEST(examples[1].parents.size() == 2u);
  BOOST_TEST(examples[1].facts[1].first == "on_base");
  BOOST_TEST(examples[1].at == 3);
  BOOST_TEST(examples[1].becomes.value() == "x");
  BOOST_TEST(examples[2].parts.at("in") == "start.sh");
  BOOST_TEST(examples[3].history[1].parents[0] == "a");
  BOOST_TEST(examples[3].has_parents);
}

BOOST_AUTO_TEST_CASE(fixes_and_signatures_are_read) {
  const Policy policy = load(
      "language: 1\nrules:\n  r:\n    title: T\n    for_each: migration\n    level: warn\n    message: m\n    where: "
      "{uses: {some: {as: first_use, root: sqlmodel}}}\n    at: first_use\n"
      "    autofix: {safety: safe, insert: 'import {first_use.root}', after: [{import: sqlalchemy}, last_import]}\n"
      "    signatures: [{text: a+b, example: x a+b y}, {pattern: '(?P<t>\\w+) is gone', example: user is gone}]\n"
      "  s:\n    title: T\n    for_each: line\n    level: warn\n    message: m\n    where: {text: {contains: a}}\n    "
      "autofix: {safety: unsafe, replace: 'a+', with: b}\n");
  const Rule& rule = rule_of(policy, "r");
  BOOST_TEST(rule.at_slot == 1);
  BOOST_TEST(rule.slot_count == 2);
  BOOST_TEST(rule.autofix->safe);
  BOOST_TEST(message_of(rule.autofix->text) == "import <1:first_use.root>");
  BOOST_TEST(fmt::format("{}", fmt::join(rule.autofix->anchors, " ")) == "import:sqlalchemy last_import");
  BOOST_TEST(rule.signatures[0].pattern->text() == "a\\+b");
  BOOST_TEST(RE2::PartialMatch("tea is gone", rule.signatures[1].pattern->compiled()));
  BOOST_TEST(rule_of(policy, "s").autofix->pattern->text() == "a+");
  BOOST_TEST((rule_of(policy, "s").scope == Scope::changed));
}

BOOST_AUTO_TEST_CASE(the_digest_is_of_what_decides) {
  const std::string policy =
      "language: 1\nrules:\n  r:\n    title: T\n    for_each: migration\n    level: warn\n    message: m\n    where: "
      "{message: x}\n";
  const auto digest = [](const std::string& text) { return load(text).digest; };
  const auto replaced = [&](std::string_view from, std::string_view to) {
    std::string text = policy;
    return text.replace(text.find(from), from.size(), to);
  };
  BOOST_TEST(digest(policy).size() == 16u);
  BOOST_TEST(digest(replaced("title: T", "title: 'Other'   # comment")) == digest(policy));
  BOOST_TEST(digest(replaced("level: warn", "level: error")) != digest(policy));
  BOOST_TEST(digest(replaced("message: x", "message: y")) != digest(policy));
}

BOOST_AUTO_TEST_CASE(an_embedded_pack_is_the_pack_without_its_examples) {
  Arena arena;
  const std::string text = std::string(base_pack_text) + "x-note: gone\n";
  const Result<YamlNode> root = parse_yaml("a.yaml", text, 0, arena);
  const std::vector<unsigned char> bytes = encode_pack({{"a.yaml", *root}});
  const DecodedPack pack = decode_pack(bytes, 7);
  BOOST_REQUIRE(pack.documents.size() == 1u);
  const YamlNode& copy = pack.documents[0].root;
  BOOST_TEST(pack.documents[0].path == "a.yaml");
  BOOST_TEST(copy.find("x-note") == nullptr);
  const YamlNode& rules = *copy.find("rules");
  BOOST_TEST(rules.file == 7u);
  BOOST_TEST(rules.entries()[1].key.text == "drop-column");
  BOOST_TEST(rules.entries()[1].key.line == root->find("rules")->entries()[1].key.line);
  BOOST_TEST(rules.entries()[1].value.find("floor")->text == "approval");
  // Cut anywhere it is refused, not read beyond its end.
  for (size_t length = 0; length < bytes.size(); length += 7) {
    decode_pack(std::span(bytes).first(length), 0);
  }
}

BOOST_AUTO_TEST_CASE(a_pack_owes_examples_reasons_and_fixes) {
  LoadOptions options;
  options.pack_rules = true;
  options.packs = {{"a",
                    {{"a.yaml",
                      "language: 1\npack: a\nrules:\n  r: {title: T, for_each: migration, level: warn, message: m, "
                      "where: {name: x}, examples: {bad: [pass]}}\n"}}}};
  const Result<Policy> policy = load_builtin_policy({"a"}, options);
  std::string messages;
  for (const Error& error : policy.error()) {
    messages += error.message + "\n";
  }
  BOOST_TEST(messages ==
             "a rule of a pack needs a good example, and `r` has none\na rule of a pack needs `why:`, and `r` has "
             "none\na rule of a pack needs `fix:`, and `r` has none\n");
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace spiritsafe
