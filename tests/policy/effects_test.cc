// SPDX-License-Identifier: Apache-2.0
// `effects:` and `lock_modes:`: what is read of them, and whole error texts.
#include <boost/test/unit_test.hpp>

#include "tests/policy/base_pack.h"

using namespace spiritsafe;

namespace {

Result<Policy> load(const std::string& text) {
  LoadOptions options;
  options.packs = {base_pack()};
  return load_policy({"p.yml", text}, options);
}

std::string errors_of(const std::string& text) {
  const Result<Policy> policy = load(text);
  return policy ? "" : format_errors(policy.error());
}

const std::string head = "language: 1\nextends: [{builtin: base}]\n";
const std::string good = head +
                         "lock_modes: {SHARE: writes}\n"
                         "effects:\n"
                         "  create-index:\n"
                         "    where: {kind: create_index}\n"
                         "    lock: SHARE\n"
                         "    lock_on_referenced: none\n"
                         "    rewrites: false\n"
                         "    scans: unknown\n"
                         "    examples: [{name: create index, sql: CREATE INDEX i ON t (a)}]\n";

std::string with(const std::string& from, const std::string& to) {
  std::string text = good;
  const size_t at = text.find(from);
  BOOST_REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(effects)

BOOST_AUTO_TEST_CASE(a_row_is_read_with_its_place_and_its_facts) {
  const Result<Policy> policy = load(good);
  BOOST_REQUIRE(policy.has_value());
  BOOST_REQUIRE(policy->effects.size() == 1u);
  const EffectRow& row = policy->effects[0];
  BOOST_TEST(row.id == "create-index");
  BOOST_TEST(row.place.line == 5u);
  BOOST_TEST((row.entity == &entity_of<Operation>()));
  BOOST_TEST((row.effect.lock.is_known() && row.effect.lock.value == LockMode::share));
  BOOST_TEST(row.effect.lock_on_referenced.is_absent());
  BOOST_TEST((row.effect.rewrites.is_known() && !row.effect.rewrites.value));
  BOOST_TEST(row.effect.scans.is_unknown());
  BOOST_TEST((row.effect.fails_in_transaction.is_known() && !row.effect.fails_in_transaction.value));
  BOOST_REQUIRE(row.examples.size() == 1u);
  BOOST_TEST(row.examples[0].sql == "CREATE INDEX i ON t (a)");
  BOOST_TEST((policy->blocked.at(LockMode::share) == Blocked::writes));
}

BOOST_AUTO_TEST_CASE(what_decides_changes_with_a_row_but_not_with_its_examples) {
  const std::string digest = load(good)->digest;
  BOOST_TEST(load(with("name: create index", "name: another"))->digest == digest);
  BOOST_TEST(load(with("lock: SHARE\n", "lock: EXCLUSIVE\n"))->digest != digest);
}

BOOST_AUTO_TEST_CASE(a_row_of_another_version_of_the_server_is_left_out) {
  const auto count = [&](const std::string& bound) {
    const Result<Policy> policy = load(good + bound);
    BOOST_REQUIRE(policy.has_value());
    return policy->effects.size();
  };
  BOOST_TEST(count("") == 1u);
  BOOST_TEST(count("    from_version: 15\n") == 1u);
  BOOST_TEST(count("    from_version: 16\n") == 0u);
  BOOST_TEST(count("    before_version: 16\n") == 1u);
  BOOST_TEST(count("    before_version: 15\n") == 0u);
}

BOOST_AUTO_TEST_CASE(every_mistake_is_told_with_its_place) {
  struct Row {
    std::string text;
    std::string errors;
  };
  const Row rows[] = {
      {with("    examples: [{name: create index, sql: CREATE INDEX i ON t (a)}]\n", ""),
       "p.yml:5:3: error: `create-index` has no example, so nothing proves it\n"
       "      5 |   create-index:\n"
       "        |   ^~~~~~~~~~~~\n"
       "    = write examples: [{name: …, setup: …, sql: …}]; a test runs them on a real server\n"},
      {with("    lock: SHARE\n", ""),
       "p.yml:5:3: error: `create-index` has no `lock:`\n"
       "      5 |   create-index:\n"
       "        |   ^~~~~~~~~~~~\n"},
      {with("lock: SHARE\n", "lock: SHARED\n"),
       "p.yml:7:11: error: `lock` is one of ACCESS SHARE, ROW SHARE, ROW EXCLUSIVE, SHARE UPDATE EXCLUSIVE, SHARE, "
       "SHARE ROW EXCLUSIVE, EXCLUSIVE, ACCESS EXCLUSIVE, none, unknown, not `SHARED`\n"
       "      7 |     lock: SHARED\n"
       "        |           ^~~~~~\n"
       "    = did you mean `SHARE`?\n"},
      {with("rewrites:", "rewrite:"),
       "p.yml:5:3: error: `create-index` has no `rewrites:`\n"
       "      5 |   create-index:\n"
       "        |   ^~~~~~~~~~~~\n"
       "p.yml:9:5: error: an effect has no `rewrite`\n"
       "      9 |     rewrite: false\n"
       "        |     ^~~~~~~\n"
       "    = did you mean `rewrites`?\n"},
      {with("kind: create_index", "kind: create_indx"),
       "p.yml:6:19: error: `kind` is never `create_indx`\n"
       "      6 |     where: {kind: create_indx}\n"
       "        |                   ^~~~~~~~~~~\n"
       "    = did you mean `create_index`?\n"},
      {with("sql: CREATE", "sqll: CREATE"),
       "p.yml:11:16: error: an example of an effect has no `sql:`\n"
       "     11 |     examples: [{name: create index, sqll: CREATE INDEX i ON t (a)}]\n"
       "        |                ^\n"
       "    = e.g. {name: add column, setup: CREATE TABLE t (a int), sql: ALTER TABLE t ADD COLUMN b int}\n"
       "p.yml:11:37: error: an example of an effect has no `sqll`\n"
       "     11 |     examples: [{name: create index, sqll: CREATE INDEX i ON t (a)}]\n"
       "        |                                     ^~~~\n"
       "    = did you mean `sql`?\n"},
      {with("    scans: unknown\n", "    scans: unknown\n    fails_with_rows: false\n"),
       "p.yml:11:22: error: `fails_with_rows` is the server's error text\n"
       "     11 |     fails_with_rows: false\n"
       "        |                      ^~~~~\n"
       "    = leave it out where nothing fails\n"},
      {with("SHARE: writes", "SHARE: write"),
       "p.yml:3:21: error: `SHARE` is one of nothing, writes, reads and writes, not `write`\n"
       "      3 | lock_modes: {SHARE: write}\n"
       "        |                     ^~~~~\n"
       "    = did you mean `writes`?\n"},
      {head + "effects: [a]\n",
       "p.yml:3:10: error: `effects` is a map of ids\n"
       "      3 | effects: [a]\n"
       "        |          ^\n"
       "    = e.g. effects: {drop-column: {where: {kind: drop_column}, lock: ACCESS EXCLUSIVE, …}}\n"},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.text) { BOOST_TEST(errors_of(row.text) == row.errors); }
  }
}

BOOST_AUTO_TEST_SUITE_END()
