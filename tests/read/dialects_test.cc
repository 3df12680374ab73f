// SPDX-License-Identifier: Apache-2.0
// On which databases an operation can run, as far as the conditions around it say.
#include <boost/test/unit_test.hpp>

#include "tests/read/frame.h"

namespace spiritsafe {
namespace {

// clang-format off
const Case cases[] = {
    {R"(if op.get_bind().dialect.name == "sqlite":
    op.drop_table("a")
else:
    op.drop_table("b")
op.drop_table("c"))",
     R"(drop_table table=a target=a dialects=[sqlite] conditional=yes
drop_table table=b target=b dialects=[postgresql, mysql, mariadb, mssql, cockroachdb, oracle, other] conditional=yes
drop_table table=c target=c)"},
    {R"(bind = op.get_bind()
if bind.engine.name != "mysql":
    return
op.drop_table("a"))",
     R"(drop_table table=a target=a dialects=[mysql] conditional=yes)"},
    {R"(name = op.get_context().dialect.name
if name in ("mysql", "mariadb"):
    op.drop_table("a")
elif name == "postgresql":
    op.drop_table("b")
else:
    op.drop_table("c"))",
     R"(drop_table table=a target=a dialects=[mysql, mariadb] conditional=yes
drop_table table=b target=b dialects=[postgresql] conditional=yes
drop_table table=c target=c dialects=[sqlite, mssql, cockroachdb, oracle, other] conditional=yes)"},
    {R"(postgres = op.get_bind().dialect.name.lower().startswith("postgres")
if not postgres and wanted():
    op.drop_table("a")
op.drop_table("b"))",
     R"(drop_table table=a target=a dialects=[mysql, mariadb, sqlite, mssql, cockroachdb, oracle, other] conditional=yes
drop_table table=b target=b
…)"},
    {R"(def on_sqlite():
    return op.get_bind().dialect.name == "sqlite"
if on_sqlite():
    if op.get_bind().dialect.name == "postgresql":
        op.drop_table("never")
    op.drop_table("a"))",
     R"(drop_table table=a target=a dialects=[sqlite] conditional=yes)"},
    {R"(for table in ["a", "b"]:
    if op.get_bind().dialect.name == "sqlite":
        continue
    op.drop_table(table)
op.drop_table("c"))",
     R"(drop_table table=a target=a dialects=[postgresql, mysql, mariadb, mssql, cockroachdb, oracle, other] conditional=yes loop=yes
drop_table table=b target=b dialects=[postgresql, mysql, mariadb, mssql, cockroachdb, oracle, other] conditional=yes loop=yes
drop_table table=c target=c conditional=yes)"},
    {R"(if op.get_bind().dialect.name == "ibm_db_sa":
    op.drop_table("a")
else:
    op.drop_table("b"))",
     R"(drop_table table=a target=a dialects=[other] conditional=yes
drop_table table=b target=b conditional=yes)"},
    {R"(if op.get_bind().dialect.name in supported():
    op.drop_table("a"))",
     R"(drop_table table=a target=a conditional=yes
…)"},
};
// clang-format on

}  // namespace

BOOST_AUTO_TEST_SUITE(dialects)

BOOST_AUTO_TEST_CASE(operations_know_the_databases_they_run_on) {
  for (const Case& test : cases) {
    BOOST_TEST_CONTEXT(test.source) { BOOST_TEST(upgrade_of(test.source) == test.facts); }
  }
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace spiritsafe
