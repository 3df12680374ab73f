// SPDX-License-Identifier: Apache-2.0
// `spiritsafe schema --models`: how models are found and read. What is true of SQLModel is held to it in tests/models.
#include <boost/test/unit_test.hpp>

#include "tests/cli/fixture.h"

namespace spiritsafe {
namespace {

struct Fixture {
  Folder folder = {};
  Fixture() {
    folder.write("alembic.ini", ini);
    folder.write("migrations/env.py",
                 "from sqlmodel import SQLModel\nfrom app import models\ntarget_metadata = SQLModel.metadata\n");
    folder.write("migrations/versions/.keep", "");
    folder.write("app/__init__.py", "");
  }
  std::string models(const std::string& text) const {
    folder.write("app/models.py",
                 "from typing import Any, Optional, Union\nfrom sqlmodel import *\nimport sqlalchemy as sa\n" + text);
    return shown();
  }
  std::string shown() const {
    const Outcome outcome = folder.run({"schema", "--models"});
    BOOST_TEST(outcome.exit == 0);
    BOOST_TEST(outcome.err == "");
    return outcome.out;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(models, Fixture)

BOOST_AUTO_TEST_CASE(a_model_over_several_modules) {
  folder.write("requirements.txt", "sqlmodel == 0.0.24\n");
  folder.write("app/kinds.py", "import enum\n\n\nclass Kind(str, enum.Enum):\n    ONE = 'one'\n    TWO = 'two'\n");
  folder.write("app/base.py",
               "from sqlmodel import Field, SQLModel\nLENGTH = 2 * 20\n\n\nclass Named(SQLModel):\n"
               "    name: str = Field(index=True, max_length=LENGTH)\n");
  folder.write("app/models/__init__.py", "from .item import Item\n");
  folder.write("app/models/item.py",
               "from __future__ import annotations\nfrom app.base import Named\nfrom sqlmodel import Field\n"
               "from .. import kinds\nfrom .user import *\n\n\nclass Item(Named, table=True):\n"
               "    __tablename__ = 'items'\n    id: int | None = Field(default=None, primary_key=True)\n"
               "    kind: kinds.Kind\n    owner_id: int = Field(foreign_key='user.id', ondelete='CASCADE')\n"
               "    owner: User = Relationship()\n");
  folder.write("app/models/user.py",
               "from typing import Optional\nfrom sqlmodel import Field, Relationship, SQLModel\nfrom sqlalchemy "
               "import UniqueConstraint\n\n\n"
               "class User(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n    email: str\n"
               "    tenant: 'Optional[str]' = None\n"
               "    __table_args__ = (UniqueConstraint('email', 'tenant', name='one_email'),)\n");
  BOOST_TEST(shown() == R"(-- what the models say (migrations/env.py)

CREATE TYPE kind AS ENUM ('ONE', 'TWO');  -- Item.kind, app/models/item.py:11

CREATE TABLE items (  -- Item, app/models/item.py:8
  name character varying(40) NOT NULL,  -- Item.name, app/base.py:6
  id integer NOT NULL DEFAULT nextval('items_id_seq'::regclass),  -- Item.id, app/models/item.py:10
  kind kind NOT NULL,  -- Item.kind, app/models/item.py:11
  owner_id integer NOT NULL,  -- Item.owner_id, app/models/item.py:12
  CONSTRAINT items_pkey PRIMARY KEY (id),  -- Item.id, app/models/item.py:10
  CONSTRAINT items_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES "user" (id) ON DELETE CASCADE  -- Item.owner_id, app/models/item.py:12
);
CREATE INDEX ix_items_name ON items (name);  -- Item.name, app/base.py:6

CREATE TABLE "user" (  -- User, app/models/user.py:6
  id integer NOT NULL DEFAULT nextval('user_id_seq'::regclass),  -- User.id, app/models/user.py:7
  email character varying NOT NULL,  -- User.email, app/models/user.py:8
  tenant character varying,  -- User.tenant, app/models/user.py:9
  CONSTRAINT user_pkey PRIMARY KEY (id),  -- User.id, app/models/user.py:7
  CONSTRAINT one_email UNIQUE (email, tenant)  -- User, app/models/user.py:10
);

)");
}

BOOST_AUTO_TEST_CASE(the_version_of_sqlmodel_decides) {
  const std::string text =
      "import enum\nclass Kind(str, enum.Enum):\n    A = 'a'\nclass T(SQLModel, table=True):\n"
      "    id: str = Field(primary_key=True, max_length=9)\n    kind: Kind\n    x: str = None\n"
      "    y: Optional[str] = Field(...)\n";
  BOOST_TEST(models(text) == R"(-- what the models say (migrations/env.py)

CREATE TABLE t (  -- T, app/models.py:7
  id character varying(9) NOT NULL,  -- T.id, app/models.py:8
  kind /* unknown type */ NOT NULL,  -- T.kind, app/models.py:9
  x character varying /* NULL or NOT NULL: unknown */,  -- T.x, app/models.py:10
  y character varying /* NULL or NOT NULL: unknown */,  -- T.y, app/models.py:11
  CONSTRAINT t_pkey PRIMARY KEY (id)  -- T.id, app/models.py:8
);

)");
  folder.write("pyproject.toml", "[project]\ndependencies = [\n    \"sqlmodel>=0.0.21\",\n]\n");
  BOOST_TEST(models(text) == R"(-- what the models say (migrations/env.py)

CREATE TYPE kind AS ENUM ('A');  -- T.kind, app/models.py:9

CREATE TABLE t (  -- T, app/models.py:7
  id character varying(9) NOT NULL,  -- T.id, app/models.py:8
  kind kind NOT NULL,  -- T.kind, app/models.py:9
  x character varying NOT NULL,  -- T.x, app/models.py:10
  y character varying,  -- T.y, app/models.py:11
  CONSTRAINT t_pkey PRIMARY KEY (id)  -- T.id, app/models.py:8
);

)");
  folder.write("requirements.txt", "sqlmodel==0.0.8\n");
  BOOST_TEST(models(text) == R"(-- what the models say (migrations/env.py)

CREATE TABLE t (  -- T, app/models.py:7
  id character varying(9) NOT NULL,  -- T.id, app/models.py:8
  kind character varying NOT NULL,  -- T.kind, app/models.py:9
  x character varying,  -- T.x, app/models.py:10
  y character varying NOT NULL,  -- T.y, app/models.py:11
  CONSTRAINT t_pkey PRIMARY KEY (id)  -- T.id, app/models.py:8
);

)");
  folder.write("requirements.txt", "sqlmodel==0.0.16\n");
  BOOST_TEST(models(text) == R"(-- what the models say (migrations/env.py)

CREATE TYPE kind AS ENUM ('A');  -- T.kind, app/models.py:9

CREATE TABLE t (  -- T, app/models.py:7
  id character varying NOT NULL,  -- T.id, app/models.py:8
  kind kind NOT NULL,  -- T.kind, app/models.py:9
  x character varying NOT NULL,  -- T.x, app/models.py:10
  y character varying,  -- T.y, app/models.py:11
  CONSTRAINT t_pkey PRIMARY KEY (id)  -- T.id, app/models.py:8
);

)");
  folder.write("uv.lock", "[[package]]\nname = \"sqlmodel\"\nversion = \"0.0.24\"\n");
  BOOST_TEST(models(text) == R"(-- what the models say (migrations/env.py)

CREATE TYPE kind AS ENUM ('A');  -- T.kind, app/models.py:9

CREATE TABLE t (  -- T, app/models.py:7
  id character varying(9) NOT NULL,  -- T.id, app/models.py:8
  kind kind NOT NULL,  -- T.kind, app/models.py:9
  x character varying NOT NULL,  -- T.x, app/models.py:10
  y character varying,  -- T.y, app/models.py:11
  CONSTRAINT t_pkey PRIMARY KEY (id)  -- T.id, app/models.py:8
);

)");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_followed_is_unknown) {
  BOOST_TEST(
      models("from elsewhere import make, Mixin, Money\nif make():\n    LENGTH = 3\nelse:\n    LENGTH = 4\n"
             "class A(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n    a: str = make()\n"
             "    b: Money\n    c: str = Field(max_length=LENGTH)\n    d: int = Field(**make())\n"
             "    e: Any = Field(sa_column=Column(make(), nullable=False))\n"
             "    f: str = Field(sa_column_kwargs=make())\n"
             "class B(Mixin, SQLModel, table=True):\n    id: int = Field(primary_key=True)\n"
             "class C(SQLModel, table=True):\n    __tablename__ = make()\n    id: int = Field(primary_key=True)\n"
             "class D(SQLModel, table=True):\n    __table_args__ = make()\n    id: int = Field(primary_key=True)\n"
             "    x: str = Field(sa_column=Column(Numeric, index=make(), server_default=make()))\n") ==
      R"(-- what the models say (migrations/env.py)

-- there may be more: the table of `B`, whose name is not known
-- there may be more: the table of `C`, whose name is not known

-- uncertain, for its model: the name of its table is not known
CREATE TABLE /* unknown */ (  -- B, app/models.py:17
  id integer NOT NULL,  -- B.id, app/models.py:18
  CONSTRAINT /* unknown */ PRIMARY KEY (id)  -- B.id, app/models.py:18
);

-- uncertain, for its model: the name of its table is not known
CREATE TABLE /* unknown */ (  -- C, app/models.py:19
  id integer NOT NULL,  -- C.id, app/models.py:21
  CONSTRAINT /* unknown */ PRIMARY KEY (id)  -- C.id, app/models.py:21
);

-- uncertain, for its model: is given a value that cannot be followed
CREATE TABLE a (  -- A, app/models.py:9
  id integer NOT NULL DEFAULT nextval('a_id_seq'::regclass),  -- A.id, app/models.py:10
  a /* unknown type */ /* NULL or NOT NULL: unknown */ DEFAULT /* unknown */,  -- A.a, app/models.py:11
  b /* unknown type */ /* NULL or NOT NULL: unknown */,  -- A.b, app/models.py:12
  c /* unknown type */ NOT NULL,  -- A.c, app/models.py:13
  d /* unknown type */ /* NULL or NOT NULL: unknown */ DEFAULT /* unknown */,  -- A.d, app/models.py:14
  e /* unknown type */ NOT NULL,  -- A.e, app/models.py:15
  f character varying /* NULL or NOT NULL: unknown */ DEFAULT /* unknown */,  -- A.f, app/models.py:16
  CONSTRAINT a_pkey PRIMARY KEY (id)  -- A.id, app/models.py:10
);

-- uncertain, for its model: has __table_args__ that are not followed
CREATE TABLE d (  -- D, app/models.py:22
  id integer NOT NULL DEFAULT nextval('d_id_seq'::regclass),  -- D.id, app/models.py:24
  x numeric DEFAULT /* unknown */,  -- D.x, app/models.py:25
  CONSTRAINT d_pkey PRIMARY KEY (id)  -- D.id, app/models.py:24
);

)");
}

BOOST_AUTO_TEST_CASE(declarative_models_and_tables) {
  folder.write("migrations/env.py", "from app.models import Base\ntarget_metadata = Base.metadata\n");
  BOOST_TEST(
      models("from datetime import datetime\n"
             "from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, relationship\n"
             "class Base(DeclarativeBase):\n"
             "    metadata = sa.MetaData(naming_convention={'fk': 'fk_%(table_name)s_%(column_0_name)s'})\n"
             "    @declared_attr.directive\n    def __tablename__(cls):\n        return cls.__name__.lower() + 's'\n"
             "class Dated:\n    made: Mapped[datetime] = mapped_column(server_default=sa.func.now())\n"
             "class User(Dated, Base):\n    id: Mapped[int] = mapped_column(primary_key=True)\n"
             "    nick: Mapped[Optional[str]]\n    items = relationship('Item')\n"
             "class Item(Base):\n    key = sa.Column('id', sa.BigInteger, primary_key=True)\n"
             "    owner = sa.Column(sa.ForeignKey('users.id'), index=True)\n"
             "    __table_args__ = {'schema': 'shop'}\n"
             "link = sa.Table('link', Base.metadata, sa.Column('a', sa.ForeignKey('users.id'), primary_key=True),\n"
             "    sa.Column('b', sa.ForeignKey('shop.items.id'), primary_key=True))\n"
             "other = sa.Table('other', sa.MetaData(), sa.Column('a', sa.Integer))\n") ==
      R"(-- what the models say (migrations/env.py)

CREATE TABLE link (  -- link, app/models.py:21
  a integer NOT NULL,  -- link.a, app/models.py:21
  b bigint NOT NULL,  -- link.b, app/models.py:22
  CONSTRAINT link_pkey PRIMARY KEY (a, b),  -- link.a, app/models.py:22
  CONSTRAINT fk_link_a FOREIGN KEY (a) REFERENCES users (id),  -- link.a, app/models.py:21
  CONSTRAINT fk_link_b FOREIGN KEY (b) REFERENCES shop.items (id)  -- link.b, app/models.py:22
);

CREATE TABLE users (  -- User, app/models.py:13
  made timestamp without time zone NOT NULL DEFAULT now(),  -- User.made, app/models.py:12
  id integer NOT NULL DEFAULT nextval('users_id_seq'::regclass),  -- User.id, app/models.py:14
  nick character varying,  -- User.nick, app/models.py:15
  CONSTRAINT users_pkey PRIMARY KEY (id)  -- User.id, app/models.py:14
);

CREATE TABLE shop.items (  -- Item, app/models.py:17
  id bigint NOT NULL DEFAULT nextval('items_id_seq'::regclass),  -- Item.key, app/models.py:18
  owner integer,  -- Item.owner, app/models.py:19
  CONSTRAINT items_pkey PRIMARY KEY (id),  -- Item.key, app/models.py:18
  CONSTRAINT fk_items_owner FOREIGN KEY (owner) REFERENCES users (id)  -- Item.owner, app/models.py:19
);
CREATE INDEX  ON shop.items (owner);  -- Item.owner, app/models.py:19

)");
}

BOOST_AUTO_TEST_CASE(what_env_py_does_not_reach) {
  folder.write("app/more.py",
               "from sqlmodel import Field, SQLModel\nclass More(SQLModel, table=True):\n    id: int = "
               "Field(primary_key=True)\n");
  BOOST_TEST(models("") == R"(-- what the models say (migrations/env.py)

)");
  folder.write("migrations/env.py",
               "from sqlmodel import SQLModel\nimport importlib, pkgutil\nimport app.more\n"
               "for module in pkgutil.walk_packages(app.__path__):\n    importlib.import_module(module.name)\n"
               "target_metadata = SQLModel.metadata\n");
  BOOST_TEST(shown() == R"(-- what the models say (migrations/env.py)

-- there may be more: modules are imported by a search, at migrations/env.py:4
-- there may be more: modules are imported by names that are not written, at migrations/env.py:5

CREATE TABLE more (  -- More, app/more.py:2
  id integer NOT NULL DEFAULT nextval('more_id_seq'::regclass),  -- More.id, app/more.py:3
  CONSTRAINT more_pkey PRIMARY KEY (id)  -- More.id, app/more.py:3
);

)");
}

BOOST_AUTO_TEST_CASE(what_goes_round_in_circles_ends) {
  folder.write("app/a.py", "from app.b import *\nfrom app.b import X as Y\nfrom app.models import Loop\n");
  folder.write("app/b.py", "from app.a import *\nfrom app.a import Y as X\n");
  std::string chain = "A0 = Optional[int]\n";
  for (int i = 1; i < 3000; ++i) {
    chain += "A" + std::to_string(i) + " = Union[A" + std::to_string(i - 1) + ", A" + std::to_string(i - 1) + "]\n";
  }
  BOOST_TEST(
      models("from app.a import *\nfrom app.b import X, nothing\nclass Loop(Loop, SQLModel, table=True):\n"
             "    id: int = Field(primary_key=True)\nclass P(Q, table=True):\n    id: int = Field(primary_key=True)\n"
             "class Q(P, SQLModel):\n    x: X\ndef f(x):\n    return f(x)\n" +
             chain +
             "class T(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n    a: X\n    b: A2999\n"
             "    c: str = f(1)\n    d: nothing.at.all\n    e: 'e'\n") == R"(-- what the models say (migrations/env.py)

-- there may be more: the table of `Loop`, whose name is not known
-- there may be more: the table of `P`, whose name is not known

-- uncertain, for its model: the name of its table is not known
CREATE TABLE /* unknown */ (  -- Loop, app/models.py:6
  id integer NOT NULL,  -- Loop.id, app/models.py:7
  CONSTRAINT /* unknown */ PRIMARY KEY (id)  -- Loop.id, app/models.py:7
);

-- uncertain, for its model: the name of its table is not known
CREATE TABLE /* unknown */ (  -- P, app/models.py:8
  x /* unknown type */ /* NULL or NOT NULL: unknown */,  -- P.x, app/models.py:11
  id integer NOT NULL,  -- P.id, app/models.py:9
  CONSTRAINT /* unknown */ PRIMARY KEY (id)  -- P.id, app/models.py:9
);

-- uncertain, for its model: is too much to follow
CREATE TABLE t (  -- T, app/models.py:3014
  id integer NOT NULL DEFAULT nextval('t_id_seq'::regclass),  -- T.id, app/models.py:3015
  a /* unknown type */ /* NULL or NOT NULL: unknown */,  -- T.a, app/models.py:3016
  b /* unknown type */ /* NULL or NOT NULL: unknown */,  -- T.b, app/models.py:3017
  c /* unknown type */ /* NULL or NOT NULL: unknown */ DEFAULT /* unknown */,  -- T.c, app/models.py:3018
  d /* unknown type */ /* NULL or NOT NULL: unknown */,  -- T.d, app/models.py:3019
  e /* unknown type */ /* NULL or NOT NULL: unknown */,  -- T.e, app/models.py:3020
  CONSTRAINT t_pkey PRIMARY KEY (id)  -- T.id, app/models.py:3015
);

)");
}

BOOST_AUTO_TEST_CASE(what_a_version_does_is_known_whatever_the_policy_extends) {
  const auto type_of_kind = [&](const std::string& version, const std::string& policy) {
    folder.write("requirements.txt", version.empty() ? "" : "sqlmodel==" + version + "\n");
    folder.write("spiritsafe.yml", "language: 1\n" + policy);
    const std::string out = models(
        "import enum\n\n\nclass Kind(str, enum.Enum):\n    a = 'a'\n\n\nclass Task(SQLModel, table=True):\n"
        "    id: int = Field(primary_key=True)\n    kind: Kind\n");
    const size_t at = out.find("  kind ") + 7;
    return out.substr(at, out.find(" NOT NULL", at) - at);
  };
  for (const std::string policy : {"", "extends: [{builtin: alembic}]\n", "extends: [{builtin: sqlmodel}]\n"}) {
    BOOST_TEST_CONTEXT(policy) {
      BOOST_TEST(type_of_kind("0.0.8", policy) == "character varying");
      BOOST_TEST(type_of_kind("0.0.9", policy) == "kind");
      BOOST_TEST(type_of_kind("0.0.24", policy) == "kind");
    }
  }
  BOOST_TEST(type_of_kind("0.0.9",
                          "extends: [{builtin: sqlmodel}]\nbehaviours: {sqlmodel: [{since: 0, enum_first: false, "
                          "keeps_max_length: true, has_email: true, has_decimal_places: true, uses_pydantic_1: "
                          "true}]}\n") == "character varying");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
