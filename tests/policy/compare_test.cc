// SPDX-License-Identifier: Apache-2.0
// What a change of the policy takes away, kind by kind; and that nothing is said of what became stricter.
#include <boost/test/unit_test.hpp>

#include <string>

#include "engine/policy/compare.h"
#include "engine/policy/load.h"

namespace spiritsafe {
namespace {

const std::string rules = R"(
  no-drop:
    title: t
    for_each: operation
    params: {words: {default: [a, b], help: h}}
    where: {kind: drop_table, table: $words}
    unless: {it is old: {table: old}}
    level: warn
    message: m
  no-rename: {title: t, for_each: operation, where: {kind: rename_table}, level: error, message: m}
)";

Policy policy(const std::string& yaml) {
  LoadOptions options;
  options.packs = {{"base", {{"base.yaml", "language: 1\npack: base\nversion: 1\nrules:" + rules}}}};
  Result<Policy> loaded = load_policy({"spiritsafe.yml", "language: 1\n" + yaml}, options);
  if (!loaded) {
    BOOST_FAIL(format_errors(loaded.error()));
  }
  return std::move(*loaded);
}

const std::string base = "extends: [{builtin: base}]\n";

// `kind subject: text`, a line each.
std::string weaker(const std::string& before, const std::string& after) {
  std::string out;
  for (const FoundWeakening& each : compare_policies(policy(before), policy(after))) {
    BOOST_TEST(each.path == "spiritsafe.yml");
    out += std::string(name_of(each.kind)) + " " + each.subject + ": " + each.text + "\n";
  }
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(compare)

BOOST_AUTO_TEST_CASE(the_same_policy_is_no_weaker) {
  BOOST_TEST(weaker(base, base) == "");
  BOOST_TEST(weaker(base, base + "x-note: another text\n") == "");
}

BOOST_AUTO_TEST_CASE(levels) {
  BOOST_TEST(weaker(base, base + "rules: {no-rename: {level: warn}}\n") ==
             "level_lowered no-rename: no-rename goes from error to warn\n");
  BOOST_TEST(weaker(base, base + "rules: {no-rename: {level: 'off', because: b}}\n") ==
             "rule_off no-rename: no-rename is turned off; it was error\n");
  BOOST_TEST(weaker(base + "rules: {no-drop: {level: error}}\n", base) ==
             "level_lowered no-drop: no-drop goes from error to warn\n");
  BOOST_TEST(weaker(base, base + "rules: {no-drop: {level: approval}}\n") == "");
}

BOOST_AUTO_TEST_CASE(rules_of_ones_own) {
  const std::string own = "rules:" + rules;
  BOOST_TEST(weaker(own, "rules: {other: {title: t, for_each: repo, where: {name: a}, level: warn, message: m}}\n") ==
             "rule_off no-drop: no-drop is gone; it was warn\nrule_off no-rename: no-rename is gone; it was error\n");
  std::string loose = own;
  loose.replace(loose.find("table: old"), 10, "table: new");
  BOOST_TEST(weaker(own, loose) == "rule_changed no-drop: no-drop asks something else\n");
  loose = own;
  loose.replace(loose.find("kind: rename_table"), 18, "kind: drop_column");
  BOOST_TEST(weaker(own, loose) == "rule_changed no-rename: no-rename asks something else\n");
}

BOOST_AUTO_TEST_CASE(parameters) {
  BOOST_TEST(weaker(base, base + "rules: {no-drop: {with: {words: {remove: [b]}}}}\n") ==
             "rule_changed no-drop: words of no-drop goes from a, b to a\n");
}

BOOST_AUTO_TEST_CASE(overrides) {
  BOOST_TEST(weaker(base, base + "overrides: [{files: ['a/**'], rules: {no-rename: {level: warn}}}]\n") ==
             "override_added no-rename: an override lowers no-rename from error to warn for some\n");
  BOOST_TEST(weaker(base, base + "overrides: [{files: ['a/**'], rules: {no-drop: {level: error}}}]\n") == "");
  BOOST_TEST(weaker(base + "overrides: [{tables: [t], rules: {no-drop: {level: error}}}]\n", base) ==
             "level_lowered no-drop: an override that raises no-drop from warn to error is gone\n");
  BOOST_TEST(weaker(base + "overrides: [{files: ['a/**'], rules: {no-rename: {level: warn}}}]\n",
                    base + "overrides: [{files: ['**'], rules: {no-rename: {level: warn}}}]\n") ==
             "override_added no-rename: an override lowers no-rename from error to warn for some\n");
}

BOOST_AUTO_TEST_CASE(settings) {
  BOOST_TEST(weaker(base, base + "settings: {exclude: ['old/**']}\n") ==
             "exclude_added exclude: `old/**` is not judged any more\n");
  BOOST_TEST(weaker(base + "settings: {exclude: ['old/**']}\n", base) == "");
  BOOST_TEST(weaker(base, base + "settings: {start_after: a1b2}\n") ==
             "start_after_set start_after: start_after is set to a1b2\n");
  BOOST_TEST(weaker(base, base + "settings: {known_operations: {sync: [drop_enum]}}\n") ==
             "setting_changed known_operations: known_operations is set to sync drop_enum\n");
  BOOST_TEST(weaker(base, base + "waivers: other.yml\n") == "setting_changed waivers: waivers is set to other.yml\n");
}

BOOST_AUTO_TEST_CASE(approvers) {
  const std::string asks = base + "rules: {no-drop: {level: approval, approval: {by: [data]}}}\n";
  BOOST_TEST(
      weaker(asks + "approvers: {data: ['github:a']}\n", asks + "approvers: {data: ['github:a', 'github:b']}\n") ==
      "approvers_changed data: the group data goes from github:a to github:a, github:b\n");
  BOOST_TEST(
      weaker(asks + "approvers: {data: ['github:a', 'github:b']}\n", asks + "approvers: {data: ['github:a']}\n") == "");
  BOOST_TEST(weaker(asks, base + "rules: {no-drop: {level: approval}}\n") ==
             "approvers_changed no-drop: others may approve no-drop\n");
}

BOOST_AUTO_TEST_CASE(packs) {
  BOOST_TEST(weaker(base, "rules: {other: {title: t, for_each: repo, where: {name: a}, level: warn, message: m}}\n") ==
             "pack_removed base: the pack base is left out\n");
}

BOOST_AUTO_TEST_CASE(waivers_of_the_team) {
  const Policy of_waivers = policy(base);
  const auto added = [&](const std::string& before, const std::string& after) {
    const auto file = [&](const std::string& text) {
      Result<WaiverFile> waivers = load_waivers({"w.yml", text}, of_waivers, "");
      BOOST_REQUIRE_MESSAGE(waivers.has_value(), (waivers ? std::string() : format_errors(waivers.error())));
      return std::move(*waivers);
    };
    const WaiverFile then = file(before);
    std::string out;
    for (const FoundWeakening& each : compare_waivers(before.empty() ? nullptr : &then, file(after))) {
      out +=
          std::string(name_of(each.kind)) + " " + each.path + ":" + std::to_string(each.line) + " " + each.text + "\n";
    }
    return out;
  };
  const auto waiver = [](const std::string& until, const std::string& on) {
    return "- {rule: no-drop, reason: it is empty, until: " + until + on + "}\n";
  };
  const std::string one = waiver("2026-06-20", ", on: {table: user}");
  BOOST_TEST(added("", one) == "waiver_added w.yml:1 no-drop is accepted until 2026-06-20: it is empty\n");
  BOOST_TEST(added(one, one) == "");
  BOOST_TEST(added(one, waiver("2026-06-19", ", on: {table: user}")) == "");
  BOOST_TEST(added(one, waiver("2026-06-21", ", on: {table: user}")) ==
             "waiver_added w.yml:1 no-drop is accepted until 2026-06-21: it is empty\n");
  BOOST_TEST(added(one, one + waiver("2026-06-20", ", on: {table: role}")) ==
             "waiver_added w.yml:2 no-drop is accepted until 2026-06-20: it is empty\n");
  const std::string both = waiver("2026-06-20", ", findings: [0123456789abcdef, fedcba9876543210]");
  const std::string first = waiver("2026-06-20", ", findings: [0123456789abcdef]");
  BOOST_TEST(added(one, both) ==
             "waiver_added w.yml:1 2 findings of no-drop are accepted until 2026-06-20: it is empty\n");
  BOOST_TEST(added(first, both) ==
             "waiver_added w.yml:1 2 findings of no-drop are accepted until 2026-06-20: it is empty\n");
  BOOST_TEST(added(both, first) == "");
  BOOST_TEST(added("", first) ==
             "waiver_added w.yml:1 a finding of no-drop is accepted until 2026-06-20: it is empty\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
