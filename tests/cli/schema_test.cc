// SPDX-License-Identifier: Apache-2.0
// `spiritsafe schema`: what it says and of which revision. What is true of PostgreSQL is held to a real one in
// tests/replay.
#include <boost/test/unit_test.hpp>

#include "tests/cli/fixture.h"

namespace spiritsafe {
namespace {

void add(const Folder& folder, const std::string& id, const std::string& down, const std::string& upgrade,
         const std::string& downgrade) {
  folder.write("migrations/versions/" + id + "_x.py",
               "\"\"\"x\"\"\"\nfrom alembic import op\nimport sqlalchemy as sa\nrevision = '" + id +
                   "'\ndown_revision = " + down + "\n\n\ndef upgrade():\n    " + upgrade +
                   "\n\n\ndef downgrade():\n    " + downgrade + "\n");
}

struct Fixture {
  Folder folder = {};
  Fixture() {
    folder.write("alembic.ini", ini);
    folder.write("migrations/env.py", "");
    add(folder, "aaaa", "None",
        "op.create_table('user', sa.Column('id', sa.Integer(), primary_key=True), "
        "sa.Column('kind', sa.Enum('a', \"it's\", name='kind'), comment='what'))",
        "op.drop_table('user')");
    add(folder, "bbbb", "'aaaa'",
        "op.create_table('item', sa.Column('owner_id', sa.Integer(), nullable=False), "
        "sa.ForeignKeyConstraint(['owner_id'], ['user.id'], ondelete='CASCADE'))\n"
        "    op.add_column('user', sa.Column('nick', sa.String(8)))",
        "op.drop_column('user', 'nick')\n    op.drop_table('item')");
    add(folder, "cccc", "'bbbb'", "change(op)", "pass");
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(schema, Fixture)

BOOST_AUTO_TEST_CASE(sql_says_what_is_there_and_who_made_it) {
  const Outcome outcome = folder.run({"schema", "--at", "bbbb"});
  BOOST_TEST(outcome.exit == 0);
  BOOST_TEST(outcome.out == R"(-- at bbbb

CREATE TYPE kind AS ENUM ('a', 'it''s');  -- aaaa, migrations/versions/aaaa_x.py:9

CREATE TABLE item (  -- bbbb, migrations/versions/bbbb_x.py:9
  owner_id integer NOT NULL,
  CONSTRAINT item_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES "user" (id) ON DELETE CASCADE
);

CREATE TABLE "user" (  -- aaaa, migrations/versions/aaaa_x.py:9
  id integer NOT NULL DEFAULT nextval('user_id_seq'::regclass),
  kind kind,
  nick character varying(8),  -- bbbb, migrations/versions/bbbb_x.py:10
  CONSTRAINT user_pkey PRIMARY KEY (id)
);
COMMENT ON COLUMN "user".kind IS 'what';

)");
}

BOOST_AUTO_TEST_CASE(what_a_downgrade_leaves_is_seen) {
  const Outcome outcome = folder.run({"schema", "--at", "aaaa", "--downgraded"});
  BOOST_TEST(outcome.out ==
             "-- behind the downgrade() of aaaa\n\n"
             "CREATE TYPE kind AS ENUM ('a', 'it''s');  -- aaaa, migrations/versions/aaaa_x.py:9\n\n");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_followed_is_called_uncertain) {
  const Outcome outcome = folder.run({"schema"});
  BOOST_TEST(outcome.exit == 0);
  BOOST_TEST(
      outcome.out.starts_with("-- at cccc\n\n-- anything may have been made, changed or dropped by: change(op)\n"));
  BOOST_TEST(outcome.out.find("-- uncertain, for a step that could not be followed: change(op)\nCREATE TABLE item") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_revision_that_is_not_there_is_an_error) {
  const Outcome outcome = folder.run({"schema", "--at", "dddd"});
  BOOST_TEST(outcome.exit == 2);
  BOOST_TEST(outcome.out == "");
  BOOST_TEST(outcome.err ==
             "error: no revision `dddd`, or more than one that begins with it\n"
             "    = `spiritsafe graph` lists the revisions\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
