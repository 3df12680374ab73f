"""Modules of models, by a seed: every form of annotation, Field and Column that the reader says it knows, in random company."""
import random

# annotation, values that may stand in `default=`
PLAIN = [
    ("str", "'x'"), ("int", "3"), ("float", "1.5"), ("bool", "True"), ("datetime", None), ("date", None), ("time", None),
    ("timedelta", None), ("bytes", "b'x'"), ("Decimal", None), ("uuid.UUID", None), ("UUID", None), ("dt.datetime", None),
    ("Path", None), ("IPv4Address", None), ("IPv6Network", None), ("Colour", "Colour.red"), ("Kind", None),
    ("Level", None), ("enums.Colour", None), ("condecimal(max_digits=8, decimal_places=3)", None), ("Name", None), ("conint(gt=1)", None),
    ("UserId", None), ("Short", None),
]
# what Column(…) may have as its type
TYPES = [
    "String", "String()", "String(40)", "String(length=LONG)", "Text", "sa.Text()", "Integer", "BigInteger", "SmallInteger()", "Float",
    "Float(53)", "Numeric(10, 2)", "Numeric(precision=6, scale=1)", "Numeric", "Boolean", "DateTime", "DateTime(timezone=True)",
    "DateTime(True)", "TIMESTAMP(timezone=True)", "Date", "Time", "Interval", "LargeBinary", "JSON", "JSONB", "postgresql.JSONB()",
    "postgresql.UUID(as_uuid=True)", "ARRAY(String)", "ARRAY(sa.Integer())", "postgresql.ARRAY(String(12))", "Enum(Colour)",
    "Enum(Kind, name='kinds')", "Enum('a', 'b', name='letters')", "Enum(Colour, native_enum=False)",
    "Enum(Kind, values_callable=lambda e: [m.value for m in e], name='kind_values')", "CHAR(3)", "postgresql.INET", "Unicode(7)",
    "postgresql.BYTEA", "JSON().with_variant(JSONB(), 'postgresql')", "sa.VARCHAR(9)", "sqlmodel.AutoString(5)", "Packed", "Packed()",
    "made_type()", "Own(11)", "sa.REAL", "postgresql.DOUBLE_PRECISION", "sa.NUMERIC(4)", "postgresql.TSVECTOR", "Unicode", "UnicodeText",
]
SERVER_DEFAULTS = ["'x'", "text('now()')", "sa.func.now()", "func.current_timestamp()", "sa.text(\"'{}'::jsonb\")", "sa.true()", "'it''s'",
                   "text(DEFAULT_SQL)", "'0'", "sa.func.gen_random_uuid()", "sa.false()"]
ONDELETE = ["CASCADE", "SET NULL", "RESTRICT"]

HEADER = '''\
{future}import datetime as dt
import enum
import uuid
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from ipaddress import IPv4Address, IPv6Network
from pathlib import Path
from typing import Any, ClassVar, Dict, List, NewType, Optional, Union
from uuid import UUID

import sqlalchemy as sa
import sqlmodel
from pydantic import PrivateAttr, condecimal, conint
from sqlalchemy import (ARRAY, CHAR, JSON, TIMESTAMP, BigInteger, Boolean, CheckConstraint, Column, Date, DateTime, Enum, Float, ForeignKey,
                        ForeignKeyConstraint, Index, Integer, Interval, LargeBinary, Numeric, PrimaryKeyConstraint, SmallInteger, String,
                        Table, Text, Time, Unicode, UnicodeText, UniqueConstraint, func, text)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, Relationship, SQLModel
from typing_extensions import Annotated

from {package} import enums
from {package}.base import *
from {package}.base import LONG, Base, Named, Stamped
from .enums import Colour, Kind, Level
from .types import Own, Packed, Short, made_type

DEFAULT_SQL = "1 " + "+ 1"
UserId = NewType("UserId", int)
Name = str
key_field = partial(Field, default=None, primary_key=True)


def short(length=10, **more):
    """One line."""
    return Field(max_length=length)


def indexed(default, unique):
    return Field(default=default, index=True, unique=unique)


'''

BASE = '''\
"""What the models share."""
from datetime import datetime
from typing import ClassVar, Optional

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

LONG = 4 * 25
{naming}

class Base(SQLModel):
    id: Optional[int] = Field(default=None, primary_key=True)


class Named(SQLModel):
    name: str = Field(max_length=LONG, index=True)
    kind_of: ClassVar[str] = "x"


class Stamped(SQLModel):
    created_at: datetime = Field(default_factory=datetime.utcnow, sa_column_kwargs={{"server_default": sa.func.now()}})
    note: Optional[str]
'''

ENUMS = '''\
from enum import Enum, IntEnum


class Colour(Enum):
    """Not a text."""
    red = "RED"
    green = "GREEN"
    blue_ish = "b"

    def shown(self):
        return self.value


class Kind(str, Enum):
    ONE = "one"
    TWO = "two"


class Level(IntEnum):
    LOW = 1
    HIGH = 2
'''

TYPES_MODULE = '''\
from sqlalchemy import JSON, String, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB


class Short(str):
    pass


class Packed(TypeDecorator):
    impl = JSONB
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return value


class Own(TypeDecorator):
    impl = String
    cache_ok = True


def made_type():
    class Made(TypeDecorator):
        impl = JSON()

        def __init__(self, more=None):
            self.more = more
            super().__init__()

    return Made
'''

NAMING = [
    "",
    "",
    "",
    """SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s", "pk": "pk_%(table_name)s"}
""",
    """NAMING = {"ix": "%(column_0_N_label)s_idx", "uq": "%(table_name)s_%(column_0_N_name)s_key", "pk": "%(table_name)s_pkey",
          "ck": "ck_%(table_name)s_%(constraint_name)s", "fk": "%(table_name)s_%(column_0_name)s_fkey"}
SQLModel.metadata.naming_convention = NAMING
""",
]


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.tables = {}  # name -> [(column, annotation)] that may be referred to
        self.number = 0
        self.names_checks = False

    def chance(self, one_in):
        return self.random.randrange(one_in) == 0

    def fresh(self, prefix):
        self.number += 1
        return f"{prefix}_{self.number}"

    def annotated(self, annotation, future):
        """The annotation in one of the forms that allow None or do not."""
        form = self.random.randrange(8)
        bar = "(" not in annotation and annotation not in ("Short", "UserId")
        if form == 0:
            return f"Optional[{annotation}]", True
        if form == 1 and (future or bar):
            return f"{annotation} | None", True
        if form == 2:
            return f"Union[{annotation}, None]", True
        if form == 3 and "'" not in annotation:
            return f"'{annotation}'" if not future else annotation, False
        if form == 4 and not future:
            return f'"Optional[{annotation}]"', True
        return annotation, False

    def field(self, future):
        name = self.fresh(self.random.choice(["a", "b", "word", "Mixed", "value"]))
        kind = self.random.randrange(10)
        if kind < 6:
            return self.native(name, future)
        if kind < 9:
            return self.by_column(name)
        return self.random.choice([
            f"    {name}: str = short()", f"    {name}: Optional[str] = short(length=7)", f"    {name}: int = indexed(3, unique=False)",
            f"    {name}: str = indexed(None, {self.random.random() < 0.5})", f"    {name}: ClassVar[int] = 3", f"    _{name}: int = PrivateAttr(3)",
            f"    {name}: Optional[int] = Field(default=None, index=True, unique=True)",
            f"    {name}: Optional[List[str]] = Field(default=None, sa_column=Column(ARRAY(String), nullable=False))",
            f"    {name}: Dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON))",
            f"    {name}: int = Field(sa_column=Column(Integer, sa.Identity({self.random.choice(['', 'always=True'])})))",
            f"    {name}: Optional[int] = Field(default=None, sa_column=Column(Integer, sa.Computed('{self.random.choice(['2 * 3', '4 + 4', '7'])}', persisted=True)))",
        ])

    def native(self, name, future):
        plain, default = self.random.choice(PLAIN)
        annotation, noneable = self.annotated(plain, future)
        form = self.random.randrange(6)
        if form == 0:
            return f"    {name}: {annotation}"
        if form == 1:
            value = "None" if noneable or self.chance(2) else default
            return f"    {name}: {annotation} = {value}" if value else f"    {name}: {annotation}"
        arguments = []
        first = self.random.randrange(6)
        if first == 0:
            arguments.append("default=None")
        elif first == 1:
            arguments.append("...")
        elif first == 2 and default:
            arguments.append(self.random.choice([f"default={default}", default]))
        elif first == 3:
            arguments.append("default_factory=lambda: None")
        for text, one_in in [("index=True", 4), ("unique=True", 5), ("nullable=True", 8), ("nullable=False", 8),
                             ("description='words'", 6), ("alias='other'", 9), ("index=False", 12)]:
            key = text.split("=")[0]
            if self.chance(one_in) and not any(each.startswith(key) for each in arguments):
                arguments.append(text)
        if plain in ("str", "Name") and self.chance(2):
            arguments.append(self.random.choice(["max_length=20", "max_length=LONG", "min_length=2, max_length=LONG + 1"]))
        if plain in ("int", "conint(gt=1)") and self.chance(3):
            target = self.reference("int")
            if target:
                arguments.append(f"foreign_key='{target}'")
        kwargs = []
        if self.chance(7):
            kwargs.append(f"'server_default': {self.random.choice(SERVER_DEFAULTS)}")
        if self.chance(9):
            kwargs.append("'comment': 'what it is'")
        if self.chance(12):
            kwargs.append(f"'name': '{self.fresh('renamed')}'")
        if kwargs and self.chance(2):
            arguments.append("sa_column_kwargs={" + ", ".join(kwargs) + "}")
        elif kwargs:
            arguments.append("sa_column_kwargs=dict(" + ", ".join(each.replace("'", "", 2).replace(": ", "=", 1) for each in kwargs) + ")")
        if plain in ("int",) and self.chance(9) and not any("foreign_key" in each for each in arguments):
            target = self.reference("int")
            if target:
                arguments.append(f"sa_column_args=[ForeignKey('{target}', ondelete='{self.random.choice(ONDELETE)}')]")
        return f"    {name}: {annotation} = Field({', '.join(arguments)})"

    def reference(self, annotation):
        found = [f"{table}.{column}" for table, columns in self.tables.items() for column, kind in columns if kind == annotation]
        return self.random.choice(found) if found else None

    def by_column(self, name):
        arguments = []
        if self.chance(5):
            arguments.append(f"'{self.fresh('named')}'")
        target = self.reference("int") if self.chance(5) else None
        if target:
            if self.chance(2):
                arguments.append("Integer")
            more = self.random.choice(["", ", ondelete='CASCADE'", f", name='{self.fresh('fk')}'", ", onupdate='SET NULL', deferrable=True", ", initially='DEFERRED', deferrable=True"])
            arguments.append(f"ForeignKey('{target}'{more})")
        else:
            arguments.append(self.random.choice(TYPES))
            if self.chance(9):
                arguments.append(f"CheckConstraint('1 = 1', name='{self.fresh('ck')}')")
        keywords = []
        for text, one_in in [("nullable=False", 3), ("nullable=True", 5), ("index=True", 6), ("unique=True", 6), ("comment='says'", 9),
                             ("default=None", 9), ("default=3", 12)]:
            if self.chance(one_in) and not any(each.startswith(text.split("=")[0]) for each in keywords):
                keywords.append(text)
        if self.chance(4):
            keywords.append(f"server_default={self.random.choice(SERVER_DEFAULTS)}")
        annotation = self.random.choice(["Any", "dict", "list", "Optional[str]", "int", "Optional[Dict[str, Any]]"])
        return f"    {name}: {annotation} = Field({self.random.choice(['', 'default=None, '])}sa_column=Column({', '.join(arguments + keywords)}))"

    def key(self, bases):
        if "Base" in bases:
            return []
        return [self.random.choice([
            "    id: Optional[int] = Field(default=None, primary_key=True)", "    id: int = Field(primary_key=True)",
            "    id: int | None = key_field()", "    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)",
            "    id: Optional[int] = Field(sa_column=Column(BigInteger, primary_key=True))", "    id: str = Field(primary_key=True, max_length=8)",
            "    id: int = Field(default=7, primary_key=True)", "    id: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))",
            "    id: int = Field(primary_key=True)\n    part: int = Field(primary_key=True)",
            "    id: int = Field(sa_column=Column('key', SmallInteger, primary_key=True))",
            "    id: int = Field(sa_column=Column(BigInteger, sa.Identity(always=True), primary_key=True))",
        ])]

    def table_args(self, columns, table):
        if not columns or not self.chance(3):
            return []
        some = self.random.sample(columns, min(len(columns), self.random.choice([1, 2])))
        quoted = ", ".join(f"'{each}'" for each in some)
        items = []
        for _ in range(self.random.choice([1, 1, 2])):
            items.append(self.random.choice([
                f"UniqueConstraint({quoted}, name='{self.fresh('uq')}')", f"UniqueConstraint({quoted})",
                f"Index('{self.fresh('ix')}', {quoted})", f"Index('{self.fresh('ix')}', {quoted}, unique=True)", f"Index(None, {quoted})",
                f"Index('{self.fresh('ix')}', {quoted}, postgresql_where=text('1 = 1'))",
                f"Index('{self.fresh('ix')}', text('lower(id::text)'))", f"CheckConstraint('2 > 1', name='{self.fresh('ck')}')",
            ]))
        if self.chance(3):
            items.append("{'comment': 'the table'}")
        if self.chance(8):
            return ["    __table_args__ = {'comment': 'alone'}"]
        return ["    __table_args__ = (" + ", ".join(items) + ",)"]

    def model(self, future):
        name = self.fresh(self.random.choice(["Thing", "Place", "HTTPLog", "user"])).replace("_", "")
        bases = self.random.sample(["Base", "Named", "Stamped", "SQLModel"], self.random.choice([1, 1, 2]))
        bases = [each for each in bases if each != "SQLModel"] or ["SQLModel"]
        table = name.lower()
        lines = []
        if self.chance(3):
            table = self.fresh("t") if self.chance(2) else self.fresh("a_table_with_a_name_that_is_quite_long_indeed_so_that_names_are_cut")
            lines.append(f"    __tablename__ = '{table}'" if self.chance(2) else f"    __tablename__: str = '{table}'")
        lines += self.key(bases)
        fields = [self.field(future) for _ in range(self.random.randrange(1, 7))]
        if "Named" in bases and self.chance(2):
            fields.append("    name: Optional[str] = None")  # it loses its index
        lines += fields
        columns = [line.split(":")[0].strip() for line in fields if "Column(" not in line and "'name'" not in line and "name=" not in line
                   and "ClassVar" not in line and not line.strip().startswith("_")]
        lines += self.table_args(columns, table)
        if "Base" in bases or any(line.startswith(("    id: Optional[int] = Field(default", "    id: int = Field(primary_key=True)")) for line in lines):
            if not any("part:" in line for line in lines):
                self.tables[table] = [("id", "int")]
        return f"class {name}({', '.join(bases)}, table=True):\n" + "\n".join(lines) + "\n"

    def core(self):
        name = self.fresh("link")
        items = [f"Column('x', {self.random.choice(TYPES)}, primary_key=True)" if self.chance(3) else "Column('x', Integer, primary_key=True)"]
        target = self.reference("int")
        if target:
            items.append(f"Column('to', ForeignKey('{target}'), primary_key=True)")
        items.append("Column('y', String(3), nullable=False, index=True)")
        if self.chance(2):
            items.append(f"UniqueConstraint('x', 'y', name='{self.fresh('uq')}')")
        return f"{name} = Table('{name}', SQLModel.metadata, {', '.join(items)})\n"

    def package(self, name):
        """The texts of its files, by their path."""
        future = self.chance(4)
        parts = [self.model(future) for _ in range(self.random.randrange(1, 5))]
        if self.chance(3):
            parts.append(self.core())
        return {
            "__init__.py": "",
            "enums.py": ENUMS,
            "types.py": TYPES_MODULE,
            "base.py": BASE.format(naming=self.random.choice(NAMING)),
            "models.py": HEADER.format(package=name, future="from __future__ import annotations\n" if future else "") + "\n\n".join(parts),
        }
