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
  // What it says of a field `nick` whose column the migration has otherwise, but for the last line.
  std::string nick(const std::string& field, const std::string& column, const std::string& more = "") const {
    migrate("op.create_table('user', sa.Column('id', sa.Integer(), nullable=False), sa.Column('nick', " + column +
            "), sa.PrimaryKeyConstraint('id')" + more + ")");
    const std::string out =
        drift(
            "import sqlalchemy as sa\nfrom sqlmodel import Field, SQLModel\nfrom app.types import Code\n\n\n"
            "class User(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n    " +
            field + "\n")
            .out;
    return out.substr(0, out.find("\n\n"));
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

BOOST_AUTO_TEST_CASE(models_of_a_package_that_imports_its_own_modules_are_reached) {
  folder.write("app/tables/__init__.py", "from . import other\nfrom app.tables import user\n");
  folder.write("app/tables/user.py", same);
  folder.write("app/tables/other.py", "");
  folder.write("migrations/env.py",
               "import app.tables\nfrom sqlmodel import SQLModel\n\ntarget_metadata = SQLModel.metadata\n");
  BOOST_TEST(drift("").out == "no difference between 1 table of the models and the migrations\n");
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

struct Compared {
  std::string field = {}, column = {}, more = {}, says = {};
};

BOOST_AUTO_TEST_CASE(what_autogenerate_does_not_see_is_compared_too) {
  folder.write("app/types.py",
               "from sqlalchemy import String, TypeDecorator\n\n\nclass Code(TypeDecorator):\n    impl = String\n");
  const std::string same_as_before = "no difference between 1 table of the models and the migrations\n";
  const std::string in_models = " in the models (app/models.py:8), ";
  const std::string in_migrations = " in the migrations (migrations/versions/aaaa_x.py:9)";
  const Compared cases[] = {
      // server defaults
      {"nick: str = Field(sa_column_kwargs={'server_default': 'x'})",
       "sa.String(), server_default=sa.text(\"'x'\"), nullable=False", "", same_as_before},
      {"nick: str = Field(sa_column_kwargs={'server_default': 'y'})", "sa.String(), server_default='x', nullable=False",
       "", "user\n  nick, server default: DEFAULT 'y'" + in_models + "DEFAULT 'x'" + in_migrations},
      {"nick: str = Field(sa_column_kwargs={'server_default': sa.text('lower(1)')})",
       "sa.String(), server_default='x', nullable=False", "",
       "not compared: user.nick: its server defaults may differ: DEFAULT lower(1) in the models, DEFAULT 'x' in the "
       "migrations"},
      {"nick: str", "sa.String(), server_default=sa.text('NULL'), nullable=False", "", same_as_before},
      // comments
      {"nick: str = Field(sa_column_kwargs={'comment': 'b'})", "sa.String(), comment='a', nullable=False", "",
       "user\n  nick, comment: 'b'" + in_models + "'a'" + in_migrations},
      {"nick: str", "sa.String(), comment='', nullable=False", "", same_as_before},
      {"nick: str", "sa.String(), nullable=False", ", comment='people'",
       "user\n  comment: no comment in the models (app/models.py:6), 'people'" + in_migrations},
      // checks
      {"nick: str\n    __table_args__ = (sa.CheckConstraint('id > 0', name='ck'),)", "sa.String(), nullable=False",
       ", sa.CheckConstraint('id > 1', name='ck')",
       "user\n  check ck: id > 0 in the models (app/models.py:9), id > 1" + in_migrations},
      {"nick: str\n    __table_args__ = (sa.CheckConstraint('id > 0', name='ck'),)", "sa.String(), nullable=False",
       ", sa.CheckConstraint('(id  >  0)', name='ck')", same_as_before},
      {"nick: str\n    __table_args__ = (sa.CheckConstraint('id > 0', name='ck'),)", "sa.String(), nullable=False",
       ", sa.CheckConstraint('0 < id', name='ck')",
       "not compared: user.ck: its conditions may differ: id > 0 in the models, 0 < id in the migrations"},
      {"nick: str\n    __table_args__ = (sa.CheckConstraint('id > 0', name='ck'),)", "sa.String(), nullable=False", "",
       "user\n  check ck: only in the models: id > 0 (app/models.py:9)"},
      {"nick: str\n    __table_args__ = (sa.CheckConstraint('id > 0', name='ck'),)", "sa.String(), nullable=False",
       ", sa.CheckConstraint('(id > 0)')", same_as_before},
      {"nick: str\n    __table_args__ = (sa.CheckConstraint('id > 0', name='ck'),)", "sa.String(), nullable=False",
       ", sa.CheckConstraint('0 < id')", "not compared: user: a check has no name, and may be another one"},
      // identities and computed columns
      {"nick: int = Field(sa_column=sa.Column(sa.Integer, sa.Identity(always=True)))",
       "sa.Integer(), sa.Identity(), nullable=False", "",
       "user\n  nick, identity: GENERATED ALWAYS AS IDENTITY" + in_models + "GENERATED BY DEFAULT AS IDENTITY" +
           in_migrations},
      {"nick: int", "sa.Integer(), sa.Identity(), nullable=False", "",
       "user\n  nick, identity: no identity" + in_models + "GENERATED BY DEFAULT AS IDENTITY" + in_migrations},
      {"nick: int = Field(sa_column=sa.Column(sa.Integer, server_default=sa.Identity(always=asked())))",
       "sa.Integer(), sa.Identity(), nullable=False", "",
       "not compared: user.nick: whether it is an identity could not be told"},
      {"nick: int = Field(sa_column=sa.Column(sa.Integer, sa.Computed('id * 2')))",
       "sa.Integer(), sa.Computed('id * 3', persisted=True)", "",
       "user\n  nick, computed: GENERATED ALWAYS AS (id * 2)" + in_models + "GENERATED ALWAYS AS (id * 3)" +
           in_migrations},
      {"nick: int = Field(sa_column=sa.Column(sa.Integer, sa.Computed('id * 2')))",
       "sa.Integer(), sa.Computed('(ID*2)')", "", same_as_before},
      {"nick: int = Field(sa_column=sa.Column(sa.Integer, sa.Computed('id * 2')))", "sa.Integer()", "",
       "user\n  nick, computed: GENERATED ALWAYS AS (id * 2)" + in_models + "not computed" + in_migrations},
      // what a foreign key does
      {"nick: int = Field(sa_column=sa.Column(sa.Integer, sa.ForeignKey('user.id', onupdate='cascade')))",
       "sa.Integer()", ", sa.ForeignKeyConstraint(['nick'], ['user.id'], onupdate='CASCADE', ondelete='NO ACTION')",
       same_as_before},
      {"nick: int = Field(sa_column=sa.Column(sa.Integer, sa.ForeignKey('user.id', deferrable=True, "
       "initially='IMMEDIATE')))",
       "sa.Integer()", ", sa.ForeignKeyConstraint(['nick'], ['user.id'], initially='DEFERRED', deferrable=True)",
       "user\n  foreign key: only in the models: nick to user (id) DEFERRABLE (app/models.py:8)\n"
       "  foreign key: only in the migrations: nick to user (id) DEFERRABLE INITIALLY DEFERRED "
       "(migrations/versions/aaaa_x.py:9)"},
      {"nick: int = Field(sa_column=sa.Column(sa.Integer, sa.ForeignKey('user.id')))", "sa.Integer()",
       ", sa.ForeignKeyConstraint(['nick'], ['user.id'], onupdate=asked())",
       "not compared: user: not every foreign key could be told"},
      // unique constraints: by name where the models have one
      {"nick: str\n    __table_args__ = (sa.UniqueConstraint('nick', name='uq'),)", "sa.String(), nullable=False",
       ", sa.UniqueConstraint('nick', name='uq')", same_as_before},
      {"nick: str = Field(unique=True)", "sa.String(), nullable=False", ", sa.UniqueConstraint('nick', name='uq')",
       same_as_before},
      {"nick: str\n    __table_args__ = (sa.UniqueConstraint('nick', name='uq'),)", "sa.String(), nullable=False",
       ", sa.UniqueConstraint('nick')",
       "user\n  unique uq: only in the models: nick (app/models.py:9)\n"
       "  unique user_nick_key: only in the migrations: nick (migrations/versions/aaaa_x.py:9)"},
      {"nick: str\n    __table_args__ = (sa.UniqueConstraint('nick', name='user_nick_key'),)",
       "sa.String(), nullable=False", ", sa.UniqueConstraint('nick')", same_as_before},
      // types of the project's own
      {"nick: str = Field(sa_column=sa.Column(Code(9), nullable=False))", "app.types.Code(length=9), nullable=False",
       "", same_as_before},
      {"nick: str = Field(sa_column=sa.Column(Code(9), nullable=False))", "app.types.Code(length=8), nullable=False",
       "", "not compared: user.nick: its type could not be told"},
  };
  for (const auto& [field, column, more, says] : cases) {
    BOOST_TEST_CONTEXT(field << " and " << column << more) { BOOST_TEST(nick(field, column, more) == says); }
  }
}

BOOST_AUTO_TEST_CASE(what_sql_says_of_a_key_is_not_guessed) {
  const auto key = [&](const std::string& options) {
    migrate(
        "op.create_table('user', sa.Column('id', sa.Integer(), nullable=False), sa.Column('boss_id', sa.Integer(), "
        "nullable=False), sa.PrimaryKeyConstraint('id'))\n"
        "    op.execute('ALTER TABLE \"user\" ADD FOREIGN KEY (boss_id) REFERENCES \"user\" (id)" +
        options + "')");
    return drift(
               "from sqlmodel import Field, SQLModel\n\n\nclass User(SQLModel, table=True):\n"
               "    id: int = Field(primary_key=True)\n    boss_id: int = Field(foreign_key='user.id')\n")
        .out;
  };
  BOOST_TEST(key("") == "no difference between 1 table of the models and the migrations\n");
  BOOST_TEST(key(" ON UPDATE CASCADE") ==
             "not compared: user: not every foreign key could be told\n\n"
             "no difference between 1 table of the models and the migrations; 1 could not be compared\n");
}

BOOST_AUTO_TEST_CASE(conditions_of_indexes_are_compared) {
  const auto index = [&](const std::string& models, const std::string& migrations) {
    migrate(
        "op.create_table('user', sa.Column('id', sa.Integer(), nullable=False), sa.PrimaryKeyConstraint('id'))\n"
        "    op.create_index('ix', 'user', ['id']" +
        migrations + ")");
    return drift(
               "import sqlalchemy as sa\nfrom sqlmodel import Field, SQLModel\n\n\nclass User(SQLModel, table=True):\n"
               "    __table_args__ = (sa.Index('ix', 'id'" +
               models + "),)\n    id: int = Field(primary_key=True)\n")
        .out;
  };
  const std::string same_as_before = "no difference between 1 table of the models and the migrations\n";
  BOOST_TEST(index(", postgresql_where=sa.text('id > 1')", ", postgresql_where=sa.text('(id >  1)')") ==
             same_as_before);
  BOOST_TEST(index(", postgresql_where=sa.text('id > 2')", ", postgresql_where=sa.text('id > 1')") == R"(user
  index ix: (id) WHERE id > 2 in the models (app/models.py:6), (id) WHERE id > 1 in the migrations (migrations/versions/aaaa_x.py:10)

1 difference between 1 table of the models and the migrations
)");
  BOOST_TEST(index("", ", postgresql_where=sa.text('id > 1')").starts_with("user\n  index ix: (id) in the models"));
  BOOST_TEST(index(", postgresql_where=given()", ", postgresql_where=sa.text('id > 1')")
                 .starts_with("not compared: user.ix: its condition could not be told\n"));
}

BOOST_AUTO_TEST_CASE(what_env_py_leaves_out_is_not_claimed) {
  const auto with = [&](const std::string& configured) {
    folder.write("migrations/env.py",
                 "from alembic import context\nfrom app import models\nfrom sqlmodel import SQLModel\n\n"
                 "target_metadata = SQLModel.metadata\nTABLE = 'applied'\n"
                 "context.configure(connection=c, target_metadata=target_metadata" +
                     configured + ")\n");
    migrate(
        "op.create_table('user', sa.Column('id', sa.Integer(), nullable=False), sa.Column('old', sa.Integer()), "
        "sa.PrimaryKeyConstraint('id'))\n    op.create_table('ledger', sa.Column('id', sa.Integer()), schema='bank')\n"
        "    op.create_table('applied', sa.Column('version_num', sa.String(32)))");
    return drift(
               "from sqlmodel import Field, SQLModel\n\n\nclass User(SQLModel, table=True):\n    id: int = "
               "Field(primary_key=True)\n")
        .out;
  };
  BOOST_TEST(with("") == R"(applied
  table: only in the migrations (migrations/versions/aaaa_x.py:11)
user
  column old: only in the migrations: integer (migrations/versions/aaaa_x.py:9)
not compared: bank.ledger: only in the migrations, in a schema that env.py's autogenerate leaves out

2 differences between 1 table of the models and the migrations; 1 could not be compared
)");
  BOOST_TEST(with(", version_table=TABLE, include_schemas=True") == R"(bank.ledger
  table: only in the migrations (migrations/versions/aaaa_x.py:10)
user
  column old: only in the migrations: integer (migrations/versions/aaaa_x.py:9)

2 differences between 1 table of the models and the migrations
)");
  BOOST_TEST(with(", include_object=chosen, version_table=TABLE, include_schemas=True") ==
             R"(not compared: table bank.ledger: only in the migrations, where env.py's include_object may leave it out
not compared: user.old: only in the migrations, where env.py's include_object may leave it out

no difference between 1 table of the models and the migrations; 2 could not be compared
)");
}

struct Filtered {
  std::string function = {}, uncertain = {};  // the tables of which nothing is claimed
};

BOOST_AUTO_TEST_CASE(only_what_a_simple_filter_names_may_be_left_out) {
  migrate(
      "op.create_table('user', sa.Column('id', sa.Integer(), nullable=False), sa.Column('old', sa.Integer()), "
      "sa.PrimaryKeyConstraint('id'))\n    op.create_table('places', sa.Column('id', sa.Integer()))\n"
      "    op.create_table('ledger', sa.Column('id', sa.Integer()), schema='bank')");
  const std::string all = "bank.ledger places user.old ";
  const Filtered cases[] = {
      {"return True", ""},
      {"if type_ == 'table' and name == 'places':\n        return False\n    return True", "places "},
      {"return not (type_ == 'table' and name in ('places', 'ledger'))", "bank.ledger places "},
      {"return name not in LEFT", "places "},
      {"return name != 'old'", "user.old "},
      {"if type_ != 'table':\n        return True\n    return name != 'old'", ""},
      {"return not (type_ == 'table' and object.schema == 'bank')", "bank.ledger "},
      {"if type_ == 'table' and reflected and compare_to is None:\n        return False\n    else:\n        return "
       "True",
       "bank.ledger places user.old "},
      {"if type_ == 'column':\n        return False\n    return True", "user.old "},
      {"if 'places' == name:\n        return False\n    return True", "places "},
      {"if type_ == 'table' and name.startswith('p'):\n        return False\n    return True", all},
      {"if name == 'places':\n        return False", all},  // and None for all others
      {"return name == 'user'", all},
      {"name = name.lower()\n    return name != 'x'", all},
      {"return name != type_", all},
      {"return decide(name)", all},
      {"for each in LEFT:\n        if each == name:\n            return False\n    return True", all},
      {"return False", all},
  };
  for (const auto& [function, uncertain] : cases) {
    BOOST_TEST_CONTEXT(function) {
      folder.write("migrations/env.py",
                   "from alembic import context\nfrom app import models\nfrom sqlmodel import SQLModel\n\n"
                   "target_metadata = SQLModel.metadata\nLEFT = {'places'}\n\n\n"
                   "def chosen(object, name, type_, reflected, compare_to):\n    \"\"\"Words.\"\"\"\n    " +
                       function +
                       "\n\n\ncontext.configure(connection=c, target_metadata=target_metadata, "
                       "include_object=chosen, include_schemas=True)\n");
      const std::string out =
          drift(
              "from sqlmodel import Field, SQLModel\n\n\nclass User(SQLModel, table=True):\n    id: int = "
              "Field(primary_key=True)\n")
              .out;
      std::istringstream lines(out);
      std::string told;
      for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("not compared: ")) {
          line = line.substr(14, line.find(": only") - 14);
          told += line.substr(line.starts_with("table ") ? 6 : 0) + " ";
        }
      }
      BOOST_TEST(told == uncertain);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_version_table_that_is_worked_out_may_be_any) {
  folder.write("migrations/env.py",
               "from alembic import context\nfrom app import models\nfrom sqlmodel import SQLModel\n\n"
               "target_metadata = SQLModel.metadata\n"
               "context.configure(connection=c, target_metadata=target_metadata, version_table=table_of(c))\n");
  migrate(
      "op.create_table('user', sa.Column('id', sa.Integer(), nullable=False), sa.PrimaryKeyConstraint('id'))\n"
      "    op.create_table('places', sa.Column('id', sa.Integer()))");
  BOOST_TEST(drift("from sqlmodel import Field, SQLModel\n\n\nclass User(SQLModel, table=True):\n    id: int = "
                   "Field(primary_key=True)\n")
                 .out ==
             "not compared: places: only in the migrations, and may be the version_table that env.py works out\n\n"
             "no difference between 1 table of the models and the migrations; 1 could not be compared\n");
}

BOOST_AUTO_TEST_CASE(without_models_nothing_is_claimed) {
  const Outcome outcome = drift("x = 1\n");
  BOOST_TEST(outcome.exit == 2);
  BOOST_TEST(outcome.err == "note: no model with a table was found: env.py has to import them\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
