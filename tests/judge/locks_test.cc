// SPDX-License-Identifier: Apache-2.0
// Which row of effects speaks of an operation, and what is left where that cannot be told.
#include "engine/judge/locks.h"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "tests/judge/build.h"

using namespace spiritsafe;

namespace {

const std::string rows = R"(lock_modes: {SHARE: writes, SHARE ROW EXCLUSIVE: writes, ACCESS EXCLUSIVE: reads and writes}
effects:
  unique:
    where: {kind: create_index, unique: true}
    lock: SHARE ROW EXCLUSIVE
    rewrites: false
    scans: true
    examples: [{name: a, sql: SELECT 1}]
  index:
    where: {kind: create_index}
    lock: SHARE
    rewrites: false
    scans: true
    examples: [{name: b, sql: SELECT 1}]
  new-table:
    where: {kind: drop_table, table: gone}
    lock: ACCESS EXCLUSIVE
    rewrites: false
    scans: false
    examples: [{name: c, sql: SELECT 1}]
)";

std::string locks_of(const std::string& upgrade, bool unchanged = false) {
  const Policy policy = tests::policy_of(rows);
  const PreparedPolicy prepared = prepare(policy);
  const auto project = tests::project_of({{"versions/a.py", tests::migration_text(upgrade)}});
  project->files.front()->change = unchanged ? Change::unchanged : Change::added;
  link_locks(*project, prepared);
  const Operation& operation = project->migrations.front()->upgrade.items.front();
  const Entity& entity = entity_of<Operation>();
  std::string out;
  for (const std::string_view name : {"effect", "lock", "blocks", "rewrites", "scans"}) {
    const Value value = find_field(entity, name)->get(&operation);
    const std::string text = value.state == State::absent    ? "none"
                             : value.state == State::unknown ? "unknown"
                             : value.text.empty()            ? fmt::format("{}", value.boolean)
                                                             : std::string(value.text);
    out += fmt::format("{}{}", out.empty() ? "" : ", ", text);
  }
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(locks)

BOOST_AUTO_TEST_CASE(the_first_row_that_holds_speaks) {
  struct Row {
    std::string upgrade;
    std::string locks;
  };
  const Row table[] = {
      {R"(op.create_index("i", "t", ["a"], unique=True))", "unique, SHARE ROW EXCLUSIVE, writes, false, true"},
      {R"(op.create_index("i", "t", ["a"]))", "index, SHARE, writes, false, true"},
      // Either row may speak of it: what they agree on is known.
      {R"(op.create_index("i", "t", ["a"], unique=bool(op.get_bind())))", "unknown, unknown, writes, false, true"},
      {R"(op.drop_table("gone"))", "new-table, ACCESS EXCLUSIVE, reads and writes, false, false"},
      // Perhaps no row speaks of it.
      {R"(op.drop_table(str(op.get_bind())))", "unknown, unknown, unknown, unknown, unknown"},
      {R"(op.drop_table("other"))", "unknown, unknown, unknown, unknown, unknown"},
  };
  for (const Row& row : table) {
    BOOST_TEST_CONTEXT(row.upgrade) { BOOST_TEST(locks_of(row.upgrade) == row.locks); }
  }
}

BOOST_AUTO_TEST_CASE(migrations_that_the_change_leaves_alone_are_not_asked_about) {
  BOOST_TEST(locks_of(R"(op.create_index("i", "t", ["a"]))", true) == "unknown, unknown, unknown, unknown, unknown");
}

BOOST_AUTO_TEST_SUITE_END()
