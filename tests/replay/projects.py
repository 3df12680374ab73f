"""Random projects: models that change from stage to stage, and hand-written steps between them. All by the seed."""
import copy
import datetime
import decimal
import enum
import random
import textwrap
import typing
import uuid

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import registry
import sqlmodel

TABLES = ["user", "item", "order", "tag", "invoice", "audit_log", "Customer", "team_member", "t", "a_very_long_table_name_that_comes_near_to_the_limit_of_names"]
COLUMNS = ["name", "email", "note", "amount", "created_at", "data", "kind", "position", "OwnerName", "ref_code", "active", "score", "external_id",
           "a_column_with_a_name_that_is_long_enough_to_be_cut", "select"]
# How a type is written, and to what it may be changed without USING.
TYPES = {
    "sa.Integer()": ["sa.BigInteger()", "sa.Numeric(10, 2)", "sa.Text()"], "sa.BigInteger()": ["sa.Numeric()"], "sa.SmallInteger()": ["sa.Integer()"],
    "sa.String()": ["sa.Text()", "sa.String(80)"], "sa.String(50)": ["sa.String(100)", "sa.Text()"], "sa.String(100)": ["sa.String(50)"],
    "sa.Text()": ["sa.String()"], "sa.Unicode(20)": ["sa.Text()"], "sa.Boolean()": ["sa.Text()"], "sa.Float()": ["sa.Numeric(12, 3)"],
    "sa.REAL()": ["sa.Float()"], "sa.Float(10)": [], "sa.Numeric()": ["sa.Numeric(8, 3)"], "sa.Numeric(10, 2)": ["sa.Numeric()", "sa.Numeric(12)"],
    "sa.DateTime()": ["sa.DateTime(timezone=True)"], "sa.DateTime(timezone=True)": ["sa.DateTime()"], "sa.Date()": ["sa.DateTime()"], "sa.Time()": [],
    "sa.Interval()": [], "sa.LargeBinary()": [], "sa.JSON()": ["postgresql.JSONB()"], "postgresql.JSONB()": [], "postgresql.UUID()": ["sa.Text()"],
    "postgresql.UUID(as_uuid=True)": [], "postgresql.ARRAY(sa.String())": [], "postgresql.ARRAY(sa.Integer())": [], "postgresql.INET()": [],
    "postgresql.TSVECTOR()": [], "sa.CHAR(4)": ["sa.String(10)"], "sa.VARCHAR(30)": ["sa.VARCHAR(60)"], "sa.NUMERIC(precision=6, scale=1)": [],
    "sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')": [], "postgresql.TIMESTAMP(timezone=True, precision=3)": [],
}
DEFAULTS = {"sa.Integer()": ["'0'", "sa.text('7')"], "sa.String(50)": ["'x'", "sa.text(\"'it''s'\")"], "sa.Boolean()": ["sa.true()", "sa.text('false')"],
            "sa.DateTime(timezone=True)": ["sa.func.now()", "sa.text('CURRENT_TIMESTAMP')"], "sa.Numeric(10, 2)": ["'1.5'"], "sa.Text()": ["''"],
            "postgresql.UUID()": ["sa.text('gen_random_uuid()')"], "postgresql.JSONB()": ["sa.text(\"'{}'::jsonb\")"]}
MODEL_TYPES = {"str": "str", "int": "int", "float": "float", "bool": "bool", "datetime": "datetime.datetime", "date": "datetime.date", "uuid": "uuid.UUID",
               "decimal": "decimal.Decimal", "timedelta": "datetime.timedelta", "bytes": "bytes"}
CONVENTION = {"ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_name)s",
              "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s", "pk": "pk_%(table_name)s"}


class Stage:
    def __init__(self, metadata=None, upgrade=None, downgrade=None, what=None):
        self.metadata, self.upgrade, self.downgrade, self.what = metadata, upgrade, downgrade, what


class Plan:
    def __init__(self, stages, schemas, batch):
        self.stages, self.schemas, self.batch = stages, schemas, batch


def hand_written(revision, parent, stage):
    body = lambda lines: textwrap.indent("\n".join(lines) or "pass", "    ")
    return (f'"""{stage.what}\n\nRevision ID: {revision}\nRevises: {parent or ""}\nCreate Date: 2026-01-01 00:00:00.000000\n\n"""\n'
            f"from alembic import op\nimport sqlalchemy as sa\nfrom sqlalchemy.dialects import postgresql\n\n"
            f"revision = {revision!r}\ndown_revision = {parent!r}\nbranch_labels = None\ndepends_on = None\n\n\n"
            f"def upgrade():\n{body(stage.upgrade)}\n\n\ndef downgrade():\n{body(stage.downgrade)}\n")


# ---- models of SQLAlchemy ------------------------------------------------------------------------------------------------------------------


class Core:
    """Tables as dictionaries, from which each stage's metadata is made."""

    def __init__(self, dice, schemas, convention):
        self.dice, self.schemas, self.convention = dice, schemas, convention
        self.tables, self.enums = {}, 0
        for _ in range(dice.randint(1, 3)):
            self.add_table()

    def type(self):
        return self.dice.choice(list(TYPES))

    def column(self, table, with_enum=False):
        free = [name for name in COLUMNS if name not in table["columns"]]
        if not free:
            return
        name = self.dice.choice(free)
        type_ = self.type()
        if with_enum and self.dice.random() < .15:
            self.enums += 1
            type_ = f"sa.Enum('a', 'b', 'it is c', name='kind_{self.enums}'" + self.dice.choice([")", ", native_enum=False)", ", create_constraint=False)"])
        column = {"type": type_, "nullable": self.dice.random() < .7}
        if type_ in DEFAULTS and self.dice.random() < .4:
            column["server_default"] = self.dice.choice(DEFAULTS[type_])
        if self.dice.random() < .15:
            column["comment"] = self.dice.choice(["a note", "it's \"quoted\""])
        if type_ in ("sa.String()", "sa.String(50)", "sa.Integer()") and self.dice.random() < .3:
            column[self.dice.choice(["index", "unique"])] = True
        table["columns"][name] = column

    def add_table(self):
        free = [name for name in TABLES if name not in {name for _, name in self.tables}]
        if not free:
            return
        key = (self.dice.choice(self.schemas), self.dice.choice(free))
        kind = self.dice.random()
        table = {"columns": {}, "pk": ["id"], "uniques": {}, "indexes": {}, "checks": {}, "fks": {}, "comment": None}
        table["columns"]["id"] = {"type": self.dice.choice(["sa.Integer()", "sa.Integer()", "sa.BigInteger()", "sa.SmallInteger()", "postgresql.UUID()", "sa.String(50)"]), "nullable": False}
        if kind < .1:
            table["columns"]["part"] = {"type": "sa.Integer()", "nullable": False}
            table["pk"] = ["id", "part"]
        elif kind < .2:
            table["columns"]["id"]["autoincrement"] = False
        elif kind < .3 and table["columns"]["id"]["type"] == "sa.Integer()":
            table["columns"]["id"]["identity"] = True
        for _ in range(self.dice.randint(1, 5)):
            self.column(table, with_enum=True)
        if self.dice.random() < .2:
            table["comment"] = "what it is for"
        self.tables[key] = table
        for _ in range(self.dice.randint(0, 2)):
            self.add_constraint(key)
        if self.dice.random() < .5:
            self.add_foreign_key(key)

    def name(self, *parts):
        if self.convention and parts[0] != "ck":
            return None
        if parts[0] == "ck" and self.convention:
            return parts[-1]
        return None if self.dice.random() < .5 else "_".join(parts)

    def add_constraint(self, key):
        table = self.tables[key]
        columns = [name for name, column in table["columns"].items() if name != "id" and not is_unordered(column["type"])]
        if not columns:
            return
        chosen = self.dice.sample(columns, self.dice.randint(1, min(2, len(columns))))
        number = str(sum(len(table[each]) for each in ("uniques", "indexes", "checks")) + self.dice.randint(0, 99))
        kind = self.dice.random()
        if kind < .35:
            table["uniques"][number] = {"columns": chosen, "name": self.name("uq", key[1][:20], number)}
        elif kind < .75:
            where = f'"{chosen[0]}" IS NOT NULL' if self.dice.random() < .3 else None
            table["indexes"][number] = {"columns": chosen, "name": "ix_" + key[1][:20] + number, "unique": self.dice.random() < .3, "where": where}
        elif key[1] != "Customer":
            quoted = f'"{chosen[0]}"'
            text = f"{quoted} IS NOT NULL" if len(chosen) == 1 else f'{quoted} IS NOT NULL OR "{chosen[1]}" IS NOT NULL'
            table["checks"][number] = {"text": text, "columns": chosen, "name": self.name("ck", key[1][:20], "check" + number)}

    def add_foreign_key(self, key):
        targets = [each for each, table in self.tables.items() if len(table["pk"]) == 1]
        if not targets:
            return
        target = self.dice.choice(targets)
        name = f"{target[1][:8]}_id{len(self.tables[key]['fks']) or ''}"
        if name in self.tables[key]["columns"]:
            return
        self.tables[key]["columns"][name] = {"type": self.tables[target]["columns"]["id"]["type"], "nullable": True}
        self.tables[key]["fks"][name] = {"target": target, "name": self.name("fk", key[1][:20], name), "ondelete": self.dice.choice([None, None, "CASCADE", "SET NULL"])}

    def change(self):
        for _ in range(self.dice.randint(1, 4)):
            key = self.dice.choice(list(self.tables))
            table = self.tables[key]
            columns = [name for name in table["columns"] if name not in table["pk"]]
            kind = self.dice.randint(0, 11)
            if kind == 0:
                self.add_table()
            elif kind == 1 and len(self.tables) > 1:
                del self.tables[key]
                for other in self.tables.values():
                    for name in [name for name, fk in other["fks"].items() if fk["target"] == key]:
                        del other["fks"][name]
            elif kind <= 3:
                self.column(table)
            elif kind == 4 and columns:
                self.drop_column(table, self.dice.choice(columns))
            elif kind == 5 and columns:
                column = table["columns"][self.dice.choice(columns)]
                column["nullable"] = not column["nullable"]
            elif kind == 6 and columns:
                name = self.dice.choice(columns)
                column = table["columns"][name]
                if name not in table["fks"] and "server_default" not in column and TYPES.get(column["type"]) and not mentioned(table, name):
                    column["type"] = self.dice.choice(TYPES[column["type"]])
            elif kind <= 8:
                self.add_constraint(key)
            elif kind == 9:
                self.add_foreign_key(key)
            elif kind == 10:
                group = table[self.dice.choice(["uniques", "indexes", "fks"])]
                if group:
                    del group[self.dice.choice(list(group))]
            elif columns:
                column = table["columns"][self.dice.choice(columns)]
                column["comment"] = None if column.get("comment") else "changed"

    def drop_column(self, table, name):
        del table["columns"][name]
        table["fks"].pop(name, None)
        for group in ("uniques", "indexes", "checks"):
            for number in [number for number, each in table[group].items() if name in each["columns"]]:
                del table[group][number]

    def metadata(self):
        metadata = sa.MetaData(naming_convention=CONVENTION if self.convention else None)
        for (schema, name), table in self.tables.items():
            parts = []
            for column_name, column in table["columns"].items():
                given = {key: value for key, value in column.items() if key in ("nullable", "comment", "index", "unique", "autoincrement") and value is not None}
                if "server_default" in column:
                    given["server_default"] = evaluate(column["server_default"])
                extra = [sa.Identity()] if column.get("identity") else []
                parts.append(sa.Column(column_name, evaluate(column["type"]), *extra, **given))
            parts.append(sa.PrimaryKeyConstraint(*table["pk"]))
            for column_name, fk in table["fks"].items():
                if column_name in table["columns"]:
                    target = ".".join(filter(None, fk["target"]))
                    parts.append(sa.ForeignKeyConstraint([column_name], [f"{target}.id"], name=fk["name"], ondelete=fk["ondelete"]))
            parts += [sa.UniqueConstraint(*unique["columns"], name=unique["name"]) for unique in table["uniques"].values()]
            parts += [sa.CheckConstraint(check["text"], name=check["name"]) for check in table["checks"].values()]
            for index in table["indexes"].values():
                where = {"postgresql_where": sa.text(index["where"])} if index["where"] else {}
                parts.append(sa.Index(index["name"], *index["columns"], unique=index["unique"], **where))
            sa.Table(name, metadata, *parts, schema=schema, comment=table["comment"])
        return metadata


def is_unordered(type_):
    return any(word in type_ for word in ("JSON()", "with_variant", "TSVECTOR"))


def mentioned(table, name):
    return any(name in each["columns"] for group in ("uniques", "indexes", "checks") for each in table[group].values())


def evaluate(text):
    return eval(text, {"sa": sa, "postgresql": postgresql})


# ---- models of SQLModel --------------------------------------------------------------------------------------------------------------------


class Models:
    """Classes of SQLModel as source, executed for each stage."""

    def __init__(self, dice):
        self.dice = dice
        self.classes = {}
        for _ in range(dice.randint(1, 3)):
            self.add_class()

    def add_class(self):
        free = [name for name in ("User", "Item", "Team", "OrderLine", "HTTPLog") if name not in self.classes]
        if free:
            name = self.dice.choice(free)
            self.classes[name] = {}
            for _ in range(self.dice.randint(1, 5)):
                self.add_field(name)

    def add_field(self, name):
        kind = self.dice.choice([*MODEL_TYPES, "enum", "foreign_key"])
        field = f"{kind}_{len(self.classes[name])}_{self.dice.randint(0, 9)}"
        options = []
        if kind == "enum":
            annotation = f"{name}Kind{self.dice.randint(0, 1)}"
        elif kind == "foreign_key":
            annotation = "int"
            options.append(f"foreign_key={self.dice.choice(list(self.classes)).lower() + '.id'!r}")
        else:
            annotation = MODEL_TYPES[kind]
        optional = self.dice.random() < .6
        if kind == "str" and self.dice.random() < .4:
            options.append(f"max_length={self.dice.choice([20, 255])}")
        if self.dice.random() < .2:
            options.append("index=True")
        if self.dice.random() < .1 and kind in ("str", "int", "uuid"):
            options.append("sa_column_kwargs={'unique': True}")
        if optional:
            options.insert(0, "default=None")
        self.classes[name][field] = (f"typing.Optional[{annotation}]" if optional else annotation) + (f" = Field({', '.join(options)})" if options else "")

    def change(self):
        for _ in range(self.dice.randint(1, 3)):
            name = self.dice.choice(list(self.classes))
            kind = self.dice.randint(0, 4)
            if kind == 0:
                self.add_class()
            elif kind <= 2:
                self.add_field(name)
                last = list(self.classes[name])[-1]
                if last.startswith("enum"):  # a type that autogenerate would not create
                    del self.classes[name][last]
            elif kind == 3 and self.classes[name]:
                del self.classes[name][self.dice.choice(list(self.classes[name]))]
            elif len(self.classes) > 1 and not any(f"'{name.lower()}.id'" in field for fields in self.classes.values() for field in fields.values()):
                del self.classes[name]

    def metadata(self):
        given = registry()
        names = {"datetime": datetime, "uuid": uuid, "decimal": decimal, "typing": typing, "Field": sqlmodel.Field, "SQLModel": sqlmodel.SQLModel, "enum": enum, "given": given}
        source = ["class Base(SQLModel, registry=given):\n    pass\n"]
        for name, fields in self.classes.items():
            for number in (0, 1):
                source.append(f"class {name}Kind{number}(enum.Enum):\n    ACTIVE = 'on'\n    OFF = 'off'\n")
            body = "".join(f"    {field}: {text}\n" for field, text in fields.items())
            source.append(f"class {name}(Base, table=True):\n    id: typing.Optional[int] = Field(default=None, primary_key=True)\n{body}")
        names["__name__"] = "models"
        exec("\n".join(source), names)
        return given.metadata


# ---- hand-written steps --------------------------------------------------------------------------------------------------------------------


def table_argument(schema):
    return f", schema={schema!r}" if schema else ""


def hand_step(dice, number, convention):
    """(what, upgrade, downgrade) on a table of its own, so that nothing else stands in its way."""
    table = dice.choice([f"hand{number}", f"Hand {number}", f"hand{number}_with_a_name_so_long_that_names_made_of_it_must_be_cut"])
    key = repr(f"pk_{number}") if convention else None
    base = [f"op.create_table({table!r},", "    sa.Column('id', sa.Integer(), nullable=False),", "    sa.Column('a', sa.String(length=20), nullable=True),",
            "    sa.Column('B', sa.Integer(), server_default='3', nullable=False),", "    sa.Column('c', sa.DateTime(), nullable=True),",
            f"    sa.PrimaryKeyConstraint('id'{f', name={key}' if key else ''}),", ")"]
    drop = [f"op.drop_table({table!r})"]
    named = lambda text: repr(text) if convention else "None"
    steps = {
        "unnamed unique": (base + [f"op.create_unique_constraint({named('u' + str(number))}, {table!r}, ['a', 'B'])"] * (1 if convention else 2), drop),
        "unnamed foreign key": (base + [f"op.create_foreign_key({named('f' + str(number))}, {table!r}, {table!r}, ['B'], ['id'], ondelete='CASCADE')"], drop),
        "unnamed check": (base + [f"op.create_check_constraint({named('c' + str(number))}, {table!r}, 'a IS NOT NULL')",
                                  f"op.create_check_constraint({named('d' + str(number))}, {table!r}, \"a IS NOT NULL OR \\\"B\\\" > 3\")"], drop),
        "rename column": (base + [f"op.create_index('ix_hand{number}', {table!r}, ['a', 'B'])", f"op.alter_column({table!r}, 'a', new_column_name='z', nullable=False)"],
                          [f"op.alter_column({table!r}, 'z', new_column_name='a', nullable=True)", f"op.drop_index('ix_hand{number}', table_name={table!r})"] + drop),
        "rename table": (base + [f"op.create_foreign_key('fk_hand{number}', {table!r}, {table!r}, ['B'], ['id'])", f"op.rename_table({table!r}, 'renamed{number}')"],
                         [f"op.drop_table('renamed{number}')"]),
        "alter defaults": (base + [f"op.alter_column({table!r}, 'B', server_default=None)", f"op.alter_column({table!r}, 'a', server_default='q', type_=sa.Text(), comment='c')"],
                           [f"op.alter_column({table!r}, 'a', server_default=None, type_=sa.String(length=20), comment=None)", f"op.alter_column({table!r}, 'B', server_default=sa.text('3'))"]),
        "drop indexed column": (base + [f"op.create_index('ix_hand{number}', {table!r}, ['a'], unique=True)", f"op.create_index('iy_hand{number}', {table!r}, ['c', 'B'])",
                                        f"op.create_unique_constraint('uq_hand{number}', {table!r}, ['B', 'a'])", f"op.drop_column({table!r}, 'a')"],
                                [f"op.add_column({table!r}, sa.Column('a', sa.String(length=20), nullable=True))"]),
        "identity and computed": (base + [f"op.add_column({table!r}, sa.Column('n', sa.BigInteger(), sa.Identity(always=True), nullable=False))",
                                          f"op.add_column({table!r}, sa.Column('d', sa.Integer(), sa.Computed('\"B\" * 2', persisted=True), nullable=True))"],
                                  [f"op.drop_column({table!r}, 'd')", f"op.drop_column({table!r}, 'n')"]),
        "enum by hand": ([f"sa.Enum('x', 'y', name='hand_kind{number}').create(op.get_bind())"] + base +
                         [f"op.add_column({table!r}, sa.Column('e', postgresql.ENUM('x', 'y', name='hand_kind{number}', create_type=False), server_default='x', nullable=False))"],
                         drop + [f"sa.Enum(name='hand_kind{number}').drop(op.get_bind(), checkfirst=True)"]),
        "text to enum": ([f"postgresql.ENUM('x', 'y', name='hand_kind{number}').create(op.get_bind())"] + base +
                         [f"op.alter_column({table!r}, 'a', type_=sa.Enum('x', 'y', name='hand_kind{number}'), postgresql_using='a::hand_kind{number}')"],
                         [f"op.alter_column({table!r}, 'a', type_=sa.String(length=20))", f"op.execute('SELECT 1')"]),
        "enum swapped": ([f"sa.Enum('x', 'y', name='hand_kind{number}').create(op.get_bind())"] + base +
                         [f"op.add_column({table!r}, sa.Column('e', postgresql.ENUM('x', 'y', name='hand_kind{number}', create_type=False), nullable=True))",
                          f"op.execute('ALTER TYPE hand_kind{number} RENAME TO old_kind{number}')",
                          f"op.execute(\"CREATE TYPE hand_kind{number} AS ENUM ('y', 'new')\")",
                          f"op.execute('ALTER TABLE \"{table}\" ALTER COLUMN e TYPE hand_kind{number} USING e::text::hand_kind{number}')",
                          f"op.execute('DROP TYPE old_kind{number}')" if dice.random() < .5 else f"op.execute('ALTER TYPE old_kind{number} RENAME TO older{number}')"],
                         drop + [f"op.execute('DROP TYPE hand_kind{number}')"]),
        "primary key": ([f"op.create_table({table!r}, sa.Column('a', sa.Integer(), nullable=True), sa.Column('b', sa.String(), nullable=True))",
                         f"op.create_primary_key({named('pk' + str(number))}, {table!r}, ['b', 'a'])"],
                        [f"op.drop_constraint({('pk' + str(number)) if convention else (table + '_pkey')!r}, {table!r}, type_='primary')"] if len(table) < 50 else drop),
        "inline": ([f"op.create_table({table!r}, sa.Column('id', sa.BigInteger(), primary_key=True{', autoincrement=False' if dice.random() < .5 else ''}),"
                    f" sa.Column('x', sa.Integer(), {'index' if dice.random() < .5 or convention else 'unique'}=True), comment='of a table')"], drop)
        if not convention else (base, drop),
        "inline foreign key": (base + [f"op.add_column({table!r}, sa.Column('up', sa.Integer(), sa.ForeignKey({table + '.id'!r}, ondelete='SET NULL'), nullable=True))"], drop)
        if not convention and "." not in table else (base, drop),
        "batch": (base + [f"with op.batch_alter_table({table!r}) as batch_op:", "    batch_op.add_column(sa.Column('n', sa.Integer(), nullable=True))",
                          "    batch_op.drop_column('c')", f"    batch_op.create_index('ix_hand{number}', ['n'])", "    batch_op.alter_column('B', nullable=True)"],
                  [f"with op.batch_alter_table({table!r}) as batch_op:", f"    batch_op.drop_index('ix_hand{number}')", "    batch_op.drop_column('n')",
                   "    batch_op.add_column(sa.Column('c', sa.DateTime(), nullable=True))", "    batch_op.alter_column('B', nullable=False)"]),
        "data": (base + [f"op.bulk_insert(sa.table({table!r}, sa.column('a')), [{{'a': 'x'}}])",
                         f"op.execute('UPDATE \"{table}\" SET a = NULL')"] if len(table) < 60 and "%" not in table else base, drop),
        "loop": ([f"for name in ('p', 'q'):", f"    op.create_table('{table[:20]}' + name, sa.Column('id', sa.Integer(), nullable=False))"],
                 [f"for name in ('q', 'p'):", f"    op.drop_table('{table[:20]}' + name)"]),
        "table comment": (base + [f"op.create_table_comment({table!r}, 'said', existing_comment=None)"], [f"op.drop_table_comment({table!r}, existing_comment='said')"]),
        "partial and expression index": (base + [f"op.create_index('ix_hand{number}', {table!r}, [sa.text('lower(a)')])",
                                                 f"op.create_index('iz_hand{number}', {table!r}, ['c'], postgresql_where=sa.text('a IS NOT NULL'))"], drop),
        "two schemas of names": (base + [f"op.create_table('{table[:12]}_x', sa.Column('id', sa.Integer(), nullable=False), sa.Column('h', sa.Integer()),"
                                         f" sa.ForeignKeyConstraint(['h'], [{table + '.id'!r}]{', name=' + repr('fx' + str(number)) if convention else ''}))"],
                                 [f"op.drop_table('{table[:12]}_x')"] + drop) if "." not in table else (base, drop),
        "use_alter": ([f"op.create_table({table!r}, sa.Column('id', sa.Integer(), primary_key=True), sa.Column('h', sa.Integer()),",
                       f"    sa.ForeignKeyConstraint(['h'], [{table + '.id'!r}], name='fa{number}', use_alter=True))",
                       f"op.add_column({table!r}, sa.Column('up', sa.Integer(), sa.ForeignKey({table + '.id'!r}, name='fb{number}', use_alter=True)))"], drop)
        if not convention and "." not in table else (base, drop),
        "dynamic": (base + ["import os", f"if os.environ.get('HOME'):", f"    op.add_column({table!r}, sa.Column('maybe', sa.Integer(), nullable=True))"], drop),
    }
    what = dice.choice(list(steps))
    return what, *steps[what]


def plan(seed):
    dice = random.Random(seed)
    kind = seed % 3
    convention = kind == 1
    schemas = [None, "sales"] if kind == 2 and seed % 2 else [None]
    models = Models(dice) if kind == 0 else Core(dice, schemas, convention)
    stages = [Stage(models.metadata())]
    for number in range(dice.randint(3, 6)):
        if dice.random() < .45:
            what, upgrade, downgrade = hand_step(dice, number, convention)
            stages.append(Stage(None, upgrade, downgrade, what))
        else:
            models.change()
            stages.append(Stage(models.metadata()))
    return Plan(stages, schemas, batch=seed % 5 == 4)
