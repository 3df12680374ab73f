"""Last migrations to try on a schema that a server has: right ones, and ones with one thing wrong. All by the dice."""
import collections

# Rows that any column takes, by the head of its type's name.
VALUES = {"character": "'x'", "text": "'x'", "bigint": "1", "integer": "1", "smallint": "1", "boolean": "true", "uuid": "gen_random_uuid()", "json": "'{}'",
          "jsonb": "'{}'", "numeric": "1", "double": "1", "real": "1", "timestamp": "now()", "date": "now()", "time": "now()::time", "interval": "'1 s'",
          "bytea": "''", "inet": "'127.0.0.1'", "tsvector": "''"}


class Schema:
    """What the server's catalogue says, put so that steps can be made of it."""

    def __init__(self, facts):
        self.columns = collections.defaultdict(dict)  # table → column → fact
        self.constraints, self.indexes, self.enums = [], [], {}
        for key, fact in facts.items():
            kind, name = key.split(" ", 1)
            if kind == "column":
                table, column = name.rsplit(".", 1)
                self.columns[table][column] = fact
            elif kind == "constraint":
                self.constraints.append((*name.rsplit(".", 1), fact))
            elif kind == "index":
                self.indexes.append((*name.rsplit(".", 1), fact))
            elif kind == "enum":
                self.enums[name] = fact["values"]
        self.tables = [each.split(" ", 1)[1] for each in facts if each.startswith("table ")]


def split(table):
    schema, name = table.split(".", 1)
    return name, "" if schema == "public" else f", schema={schema!r}"


def fill(connection, schema):
    """One row for each table; what a foreign key leads to is not looked at. The tables that would not take it."""
    empty = []
    with connection.begin():
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        for table in schema.tables:
            names, values = [], []
            for column, fact in schema.columns[table].items():
                type_ = fact["type"]
                label = schema.enums.get(type_ if "." in type_ else f"public.{type_}")
                value = "'{}'" if type_.endswith("[]") else f"'{label[0]}'" if label else VALUES.get(type_.split()[0].split("(")[0])
                if value and not fact["identity"] and not fact["generated"] and fact["default"] is None:
                    names.append('"' + column.replace("%", "%%") + '"')
                    values.append(value)
            space, name = table.split(".", 1)
            inserted = f"({', '.join(names)}) VALUES ({', '.join(values)})" if names else "DEFAULT VALUES"
            try:
                with connection.begin_nested():
                    connection.exec_driver_sql(f'INSERT INTO "{space}"."{name}" {inserted}')
            except Exception:
                empty.append(table)
    return empty


def steps(dice, schema):
    """(what it is, its lines), each as likely right as wrong."""
    table = dice.choice(schema.tables)
    name, where = split(table)
    columns = list(schema.columns[table])
    column = dice.choice(columns) if columns else "gone"
    other = dice.choice(schema.tables)
    other_name, other_where = split(other)
    number = dice.randint(100, 999)
    new = f"new_{number}"
    key = lambda target: f"sa.ForeignKeyConstraint(['up'], [{target!r}])"
    dotted = other if not other.startswith("public.") else other_name
    keys = [(own, constraint, fact) for own, constraint, fact in schema.constraints if fact["kind"] in ("foreign_key", "unique", "check")]
    enums = [each for each in schema.enums if each.startswith("public.")]
    made = {
        "drop_column": [f"op.drop_column({name!r}, {column!r}{where})"],
        "drop_column of a wrong name": [f"op.drop_column({name!r}, {column + 's'!r}{where})"],
        "drop_column twice": [f"op.drop_column({name!r}, {column!r}{where})"] * 2,
        "drop_table": [f"op.drop_table({name!r}{where})"],
        "drop_table of a wrong name": [f"op.drop_table({name + 's'!r}{where})"],
        "add_column": [f"op.add_column({name!r}, sa.Column({new!r}, sa.Integer(), nullable=True){where})"],
        "add_column NOT NULL without a default": [f"op.add_column({name!r}, sa.Column({new!r}, sa.Integer(), nullable=False){where})"],
        "add_column NOT NULL with a default": [f"op.add_column({name!r}, sa.Column({new!r}, sa.Integer(), server_default='0', nullable=False){where})"],
        "add_column that is there": [f"op.add_column({name!r}, sa.Column({column!r}, sa.Integer(), nullable=True){where})"],
        "add_column and use it": [f"op.add_column({name!r}, sa.Column({new!r}, sa.Integer(), nullable=True){where})",
                                  f"op.create_index('ix_{new}', {name!r}, [{new!r}]{where})"],
        "use a column, then add it": [f"op.create_index('ix_{new}', {name!r}, [{new!r}]{where})",
                                      f"op.add_column({name!r}, sa.Column({new!r}, sa.Integer(), nullable=True){where})"],
        "create_table": [f"op.create_table({new!r}, sa.Column('id', sa.Integer(), nullable=False), sa.PrimaryKeyConstraint('id'))"],
        "create_table that is there": [f"op.create_table({name!r}, sa.Column('id', sa.Integer(), nullable=False){where})"],
        "create_table with a foreign key to a missing table": [f"op.create_table({new!r}, sa.Column('up', sa.Integer()), {key('nowhere.id')})"],
        "create_table with a foreign key to a missing column": [f"op.create_table({new!r}, sa.Column('up', sa.Integer()), {key(dotted + '.nothing')})"],
        "two tables in order": [f"op.create_table({new!r}, sa.Column('id', sa.Integer(), primary_key=True))",
                                f"op.create_table('{new}_item', sa.Column('up', sa.Integer()), {key(new + '.id')})"],
        "two tables in the wrong order": [f"op.create_table('{new}_item', sa.Column('up', sa.Integer()), {key(new + '.id')})",
                                          f"op.create_table({new!r}, sa.Column('id', sa.Integer(), primary_key=True))"],
        "two tables dropped in the wrong order": [f"op.create_table({new!r}, sa.Column('id', sa.Integer(), primary_key=True))",
                                                  f"op.create_table('{new}_item', sa.Column('up', sa.Integer()), {key(new + '.id')})",
                                                  f"op.drop_table({new!r})"],
        "create_index on a missing column": [f"op.create_index('ix_{new}', {name!r}, ['nothing']{where})"],
        "create_unique_constraint on a missing column": [f"op.create_unique_constraint('uq_{new}', {name!r}, ['nothing']{where})"],
        "create_foreign_key to a missing table": [f"op.create_foreign_key('fk_{new}', {name!r}, 'nowhere', [{column!r}], ['id']{where.replace('schema', 'source_schema')})"],
        "rename_table": [f"op.rename_table({name!r}, {new!r}{where})"],
        "rename_table to what is there": [f"op.rename_table({name!r}, {other_name!r}{where})"] if where == other_where else ["pass"],
        "rename a column": [f"op.alter_column({name!r}, {column!r}, new_column_name={new!r}{where})"],
        "rename a column to what is there": [f"op.alter_column({name!r}, {column!r}, new_column_name={columns[0]!r}{where})"] if columns and column != columns[0] else ["pass"],
        "rename a column that is not there": [f"op.alter_column({name!r}, 'nothing', new_column_name={new!r}{where})"],
        "use a column by its old name": [f"op.alter_column({name!r}, {column!r}, new_column_name={new!r}{where})", f"op.drop_column({name!r}, {column!r}{where})"],
        "drop what was dropped with its table": [f"op.create_table({new!r}, sa.Column('id', sa.Integer(), primary_key=True), sa.Column('x', sa.Integer()))",
                                                 f"op.create_index('ix_{new}', {new!r}, ['x'])", f"op.drop_table({new!r})", f"op.drop_index('ix_{new}', table_name={new!r})"],
        "drop_index of a wrong name": [f"op.drop_index('ix_{new}', table_name={name!r}{where})"],
        "drop_index that may be missing": [f"op.execute('DROP INDEX IF EXISTS ix_{new}')"],
        "add a column of an enum type that is not there": [f"op.add_column({name!r}, sa.Column({new!r}, sa.Enum('a', 'b', name='kind_{new}'), nullable=True){where})"],
        "create an enum type and add its column": [f"sa.Enum('a', 'b', name='kind_{new}').create(op.get_bind())",
                                                   f"op.add_column({name!r}, sa.Column({new!r}, sa.Enum('a', 'b', name='kind_{new}'), nullable=True){where})"],
        "create_table with a new enum type": [f"op.create_table({new!r}, sa.Column('kind', sa.Enum('a', 'b', name='kind_{new}')))"],
        "set NOT NULL": [f"op.alter_column({name!r}, {column!r}, nullable=False{where})"],
    }
    if schema.indexes:
        own, index, _ = dice.choice(schema.indexes)
        made["drop_index"] = [f"op.drop_index({index!r}, table_name={split(own)[0]!r}{split(own)[1]})"]
        made["drop_index twice"] = made["drop_index"] * 2
    if keys:
        own, constraint, fact = dice.choice(keys)
        own_name, own_where = split(own)
        kind = {"foreign_key": "foreignkey"}.get(fact["kind"], fact["kind"])
        made["drop_constraint"] = [f"op.drop_constraint({constraint!r}, {own_name!r}, type_={kind!r}{own_where})"]
        made["drop_constraint of a wrong name"] = [f"op.drop_constraint({constraint + '_x'!r}, {own_name!r}, type_={kind!r}{own_where})"]
    if enums:
        label = dice.choice(enums).split(".", 1)[1]
        made["drop an enum type"] = [f"sa.Enum(name={label!r}).drop(op.get_bind(), checkfirst=False)"]
        made["create_table with an enum type that is there"] = [f"op.create_table({new!r}, sa.Column('kind', sa.Enum('a', 'b', name={label!r})))"]
        made["create_table with an enum type that is there, not created"] = [
            f"op.create_table({new!r}, sa.Column('kind', postgresql.ENUM('a', 'b', name={label!r}, create_type=False)))"]
    what = dice.choice(list(made))
    return what, made[what]
