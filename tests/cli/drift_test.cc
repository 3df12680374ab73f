// SPDX-License-Identifier: Apache-2.0
// `spiritsafe drift`: what it says where models and migrations differ, and what it does not claim.
#include <boost/test/unit_test.hpp>

#include "tests/cli/fixture.h"

namespace spiritsafe {
namespace {

const std::string models_begin =
    "import enum\nfrom sqlmodel import Field, SQLModel\n\n\nclass Kind(enum.Enum):\n    a = 1\n    b = 2\n\n\n"
    "class User(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n";
const std::string same = models_begin +
                         "    email: str = Field(max_length=255, index=True)\n    kind: Kind\n"
                         "    boss_id: int | None = Field(default=None, foreign_key='user.id')\n";
const std::string upgrade =
    "op.create_table('user', sa.Column('id', sa.Integer(), nullable=False), "
    "sa.Column('email', sa.String(length=255), nullable=False),\n"
    "        sa.Column('kind', sa.Enum('a', 'b', name='kind'), nullable=False), sa.Column('boss_id', sa.Integer()),\n"
    "        sa.ForeignKeyConstraint(['boss_id'], ['user.id']), sa.PrimaryKeyConstraint('id'))\n"
    "    op.create_index(op.f('ix_user_email'), 'user', ['email'], unique=False)";

struct Fixture {
  Folder folder = {};
  Fixture() {
    folder.write("alembic.ini", ini);
    folder.write("migrations/env.py",
                 "from app import models\nfrom sqlmodel import SQLModel\n\ntarget_metadata = SQLModel.metadata\n");
    folder.write("app/__init__.py", "");
    migrate(upgrade);
  }
  void migrate(const std::string& body) const {
    folder.write(
        "migrations/versions/aaaa_x.py",
        "\"\"\"x\"\"\"\nfrom alembic import op\nimport sqlalchemy as sa\nrevision = 'aaaa'\ndown_revision = None\n\n\n"
        "def upgrade():\n    " +
            body + "\n\n\ndef downgrade():\n    op.drop_table('user')\n");
  }
  Outcome drift(const std::string& models, const std::string& format = "text") const {
    folder.write("app/models.py", models);
    return folder.run({"drift", "--format", format});
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(drifts, Fixture)

BOOST_AUTO_TEST_CASE(models_that_say_the_same_do_not_differ) {
  const Outcome outcome = drift(same);
  BOOST_TEST(outcome.out == "no difference between 1 table of the models and the migrations\n");
  BOOST_TEST(outcome.exit == 0);
}

BOOST_AUTO_TEST_CASE(each_difference_is_told_with_both_places) {
  const Outcome outcome =
      drift(models_begin +
            "    email: str | None = Field(default=None, max_length=100, unique=True)\n    kind: Kind\n"
            "    nick: str\n\n\nclass Item(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n");
  BOOST_TEST(outcome.exit == 1);
  BOOST_TEST(outcome.out == R"(item
  table: only in the models (app/models.py:17)
user
  column boss_id: only in the migrations: integer (migrations/versions/aaaa_x.py:9)
  column nick: only in the models: character varying (app/models.py:14)
  email, type: character varying(100) in the models (app/models.py:12), character varying(255) in the migrations (migrations/versions/aaaa_x.py:9)
  email, nullable: may be NULL in the models (app/models.py:12), NOT NULL in the migrations (migrations/versions/aaaa_x.py:9)
  unique: only in the models: email (app/models.py:12)
  foreign key: only in the migrations: boss_id to user (id) (migrations/versions/aaaa_x.py:9)
  index ix_user_email: only in the migrations: (email) (migrations/versions/aaaa_x.py:12)

8 differences between 2 tables of the models and the migrations
)");
}

BOOST_AUTO_TEST_CASE(values_of_an_enum_type_are_compared) {
  std::string models = same;
  models.replace(models.find("    b = 2\n"), 10, "    b = 2\n    c = 3\n");
  BOOST_TEST(drift(models).out ==
             "kind\n  enum values: a, b, c in the models (app/models.py:14), a, b in the migrations "
             "(migrations/versions/aaaa_x.py:9)\n\n1 difference between 1 table of the models and the migrations\n");
  BOOST_TEST(drift(models, "json").out == R"({"version": 1, "projects": [
  {"project": "", "env": "migrations/env.py", "tables": 1, "differences": [
    {"kind": "enum_values", "table": "kind", "name": "", "migrations": {"says": "a, b", "path": "migrations/versions/aaaa_x.py", "line": 9, "name": "aaaa"}, "models": {"says": "a, b, c", "path": "app/models.py", "line": 14, "name": "User.kind"}}], "not_compared": []}]}
)");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_known_is_no_difference) {
  migrate("make_tables(op)");
  const Outcome outcome = drift(same);
  BOOST_TEST(outcome.exit == 0);
  BOOST_TEST(outcome.out ==
             "not compared: user: a step that could not be followed may make it\n\n"
             "no difference between 1 table of the models and the migrations; 1 could not be compared\n");
}

BOOST_AUTO_TEST_CASE(without_models_nothing_is_claimed) {
  const Outcome outcome = drift("x = 1\n");
  BOOST_TEST(outcome.exit == 2);
  BOOST_TEST(outcome.err == "note: no model with a table was found: env.py has to import them\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
