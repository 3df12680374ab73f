"""Changes to a package of models of generate.py, one at a time: what people do to models between two migrations.

A mutation is a function of (dice, generator, files); it returns the changed files, or None where it finds nothing to change. Fields are edited as trees of
Python, so that what stands around an argument does not matter.
"""
import ast
import re

FIELD = re.compile(r"    (\w+): (.+?)(?: = (.+))?$")


class Field:
    """A line of a class that makes a column."""

    def __init__(self, number, line, owner):
        self.number, self.owner = number, owner
        self.name, self.annotation, self.value = FIELD.match(line).groups()
        self.tree = ast.parse(self.value, mode="eval").body if self.value else None
        call = isinstance(self.tree, ast.Call) and getattr(self.tree.func, "id", None) == "Field"
        self.field = self.tree if call else None
        column = next((each.value for each in self.field.keywords if each.arg == "sa_column"), None) if call else None
        self.column = column if isinstance(column, ast.Call) else None

    @property
    def is_key(self):
        return "primary_key=True" in (self.value or "") or "key_field" in (self.value or "")

    def arguments(self):
        return self.column or self.field

    def get(self, key):
        return next((ast.unparse(each.value) for each in self.arguments().keywords if each.arg == key), None)

    def set(self, key, text):
        """Writes an argument of Field(…), or of its Column(…); None takes it away."""
        call = self.arguments()
        call.keywords = [each for each in call.keywords if each.arg != key]
        if text is not None:
            call.keywords.append(ast.keyword(key, ast.parse(text, mode="eval").body))

    def text(self):
        return f"    {self.name}: {self.annotation}" + (f" = {ast.unparse(self.tree)}" if self.tree else "")


class Models:
    """The lines of models.py."""

    def __init__(self, files):
        self.files, self.lines = files, files["models.py"].split("\n")

    def classes(self):
        return [number for number, line in enumerate(self.lines) if re.match(r"class \w+\(.*table=True\):", line)]

    def fields(self):
        found, owner = [], None
        for number, line in enumerate(self.lines):
            if line.startswith("class "):
                owner = number if "table=True" in line else None
            elif line and not line.startswith(" "):
                owner = None
            elif owner is not None and FIELD.match(line) and "ClassVar" not in line and "PrivateAttr" not in line and "__tablename__" not in line:
                found.append(Field(number, line, owner))
        return found

    def own(self, choose):
        return [field for field in self.fields() if choose(field)]

    def body_end(self, owner):
        end = owner + 1
        while end < len(self.lines) and self.lines[end].startswith("    "):
            end += 1
        return end

    def put(self, field):
        self.lines[field.number] = field.text()
        return self.done()

    def done(self, **other):
        return {**self.files, "models.py": "\n".join(self.lines), **other}


def of_field(choose, change):
    """A mutation of one field that is chosen among those for which `choose` holds."""
    def mutation(dice, generator, files):
        models = Models(files)
        found = models.own(choose)
        if not found:
            return None
        field = dice.choice(found)
        change(dice, field)
        return models.put(field)
    return mutation


def plain(field):
    return field.field is not None and not field.is_key


def add_field(dice, generator, files):
    models = Models(files)
    owner = dice.choice(models.classes())
    line = next(line for line in iter(lambda: generator.field(False), None) if FIELD.match(line) and "ClassVar" not in line and "PrivateAttr" not in line)
    models.lines.insert(owner + 1, line)
    return models.done()


def remove_field(dice, generator, files):
    models = Models(files)
    used = " ".join(line for line in models.lines if "__table_args__" in line)
    found = models.own(lambda field: not field.is_key and f"'{field.name}'" not in used)
    if not found:
        return None
    del models.lines[dice.choice(found).number]
    return models.done()


def retype_field(dice, generator, files):
    models = Models(files)
    found = models.own(plain)
    if not found:
        return None
    field = dice.choice(found)
    line = next(line for line in iter(lambda: generator.field(False), None) if FIELD.match(line) and "ClassVar" not in line and "PrivateAttr" not in line)
    models.lines[field.number] = re.sub(r"^    \w+", f"    {field.name}", line)
    return models.done()


def rename_field(dice, generator, files):
    models = Models(files)
    used = " ".join(line for line in models.lines if "__table_args__" in line)
    found = models.own(lambda field: not field.is_key and f"'{field.name}'" not in used)
    if not found:
        return None
    field = dice.choice(found)
    field.name += "_new"
    return models.put(field)


def flip_nullable(dice, field):
    written = field.get("nullable")
    if written is None:
        nullable = field.column is not None or "Optional" in field.annotation or "None" in field.annotation
    else:
        nullable = written == "True"
    field.set("nullable", str(not nullable))


def toggle(key):
    return lambda dice, field: field.set(key, None if field.get(key) == "True" else "True")


def set_kwargs(field, key, text):
    """What Field(…) itself has no name for."""
    if field.column:
        field.set(key, text)
    else:
        field.set("sa_column_kwargs", "{%r: %s}" % (key, text) if text else None)


# What PostgreSQL takes as the default of a column of a type, by words of its annotation or type.
FITTING = [("bool|Boolean", ["sa.true()", "sa.false()", "text('true')"]), ("datetime|DateTime|TIMESTAMP|Stamp", ["sa.func.now()", "text('now()')", "func.current_timestamp()"]),
           ("JSONB|JSON|Packed", ["sa.text(\"'{}'::jsonb\")", "'{}'", "'[]'"]), ("UUID", ["sa.func.gen_random_uuid()"]),
           (r"\bint\b|conint|Integer|UserId|Level|[fF]loat|Numeric|NUMERIC|[dD]ecimal|DOUBLE|REAL", ["'0'", "text('7')", "text(DEFAULT_SQL)", "'3'"]),
           (r"ARRAY|Colour|Kind|Enum|INET|date\b|Date|[tT]ime|Interval|bytes|LargeBinary|BYTEA|TSVECTOR", [None]),
           ("", ["'x'", "'it\\'s'", "text('now()')", "sa.text(\"'q'\")", "''"])]


def fit_server_default(dice, line):
    """The line of a field with a server_default that its type can have."""
    if not FIELD.match(line) or "server_default" not in line:
        return line
    field = Field(0, line, 0)
    if field.field is None:
        return line
    typed = ast.unparse(field.column) if field.column else field.annotation
    default = dice.choice(next(values for words, values in FITTING if re.search(words, re.sub(r"server_default=.*", "", typed))))
    set_kwargs(field, "server_default", default)
    return field.text()


def change_server_default(dice, field):
    now = field.get("server_default") or field.get("sa_column_kwargs")
    set_kwargs(field, "server_default", None if now and dice.random() < .4 else dice.choice(["'q'", "'x'", "text('now()')", "func.current_timestamp()", "sa.text(\"'q'\")"]))


def change_comment(dice, field):
    now = field.get("comment") or field.get("sa_column_kwargs")
    set_kwargs(field, "comment", None if now and dice.random() < .5 else dice.choice(["'new words'", '"it\'s new"']))


def change_length(dice, field):
    field.set("max_length", None if field.get("max_length") and dice.random() < .3 else str(dice.choice([5, 30, 101])))


SIZED = ["String", "String(40)", "Unicode(7)", "CHAR(3)", "sa.VARCHAR(9)", "Numeric", "Numeric(10, 2)", "Numeric(precision=6, scale=1)", "sa.NUMERIC(4)", "Own(11)", "AutoString(5)"]


def is_sized(field):
    return field.column is not None and any(ast.unparse(each) in SIZED or ast.unparse(each).startswith(("String(", "sqlmodel.AutoString(")) for each in field.column.args)


def change_size(dice, field):
    for place, each in enumerate(field.column.args):
        text = ast.unparse(each)
        base = text.split("(")[0]
        if base.split(".")[-1] in ("Numeric", "NUMERIC"):
            field.column.args[place] = ast.parse(f"{base}({dice.choice(['12, 2', '10, 3', '7'])})", mode="eval").body
        elif base.split(".")[-1] in ("String", "Unicode", "CHAR", "VARCHAR", "Own", "AutoString"):
            field.column.args[place] = ast.parse(f"{base}({dice.choice([8, 41, 300])})", mode="eval").body


def change_foreign_key(dice, generator, files):
    models = Models(files)
    target = generator.reference("int")
    found = models.own(lambda field: plain(field) and not field.column and (field.get("foreign_key") or field.annotation in ("int", "Optional[int]", "int | None")))
    if not found or not target:
        return None
    field = dice.choice(found)
    field.set("foreign_key", None if field.get("foreign_key") else repr(target))
    return models.put(field)


def change_ondelete(dice, generator, files):
    models = Models(files)
    found = [number for number, line in enumerate(models.lines) if "ForeignKey('" in line]
    if not found:
        return None
    number = dice.choice(found)
    line = models.lines[number]
    if "ondelete=" in line:
        models.lines[number] = re.sub(r", ondelete='[A-Z ]+'", lambda match: dice.choice(["", ", ondelete='SET DEFAULT'"]), line)
    else:
        models.lines[number] = re.sub(r"ForeignKey\('([\w.]+)'", r"ForeignKey('\1', ondelete='SET NULL'", line)
    return models.done()


def change_key_options(dice, generator, files):
    """ON UPDATE, DEFERRABLE, INITIALLY of a foreign key."""
    models = Models(files)
    found = [number for number, line in enumerate(models.lines) if "ForeignKey('" in line]
    if not found:
        return None
    number = dice.choice(found)
    line = re.sub(r", (onupdate='[A-Z ]+'|deferrable=\w+|initially='\w+')", "", models.lines[number])
    more = dice.choice(["", ", onupdate='CASCADE'", ", onupdate='NO ACTION'", ", deferrable=True", ", deferrable=True, initially='DEFERRED'", ", deferrable=True, initially='IMMEDIATE'"])
    models.lines[number] = re.sub(r"ForeignKey\('([\w.]+)'", lambda match: match[0] + more, line)
    return models.done()


def change_generated(dice, generator, files):
    """Identity(…) and Computed(…) come, go, or become others."""
    models = Models(files)
    found = [number for number, line in enumerate(models.lines) if "sa.Identity(" in line or "sa.Computed(" in line]
    if found and dice.random() < .8:
        number = dice.choice(found)
        line = models.lines[number]
        other = dice.choice(["sa.Identity()", "sa.Identity(always=True)"] if "sa.Identity(" in line else ["sa.Computed('2 * 4', persisted=True)", "sa.Computed('8', persisted=True)"])
        models.lines[number] = re.sub(r"sa\.(Identity\([^)]*\)|Computed\('[^']*', persisted=True\))", lambda match: other, line)
        if dice.random() < .3 and "primary_key" not in line:
            models.lines[number] = re.sub(r", sa\.(Identity\([^)]*\)|Computed\('[^']*', persisted=True\))", "", line)
        return models.done()
    found = models.own(lambda field: plain(field) and not field.column and field.annotation == "int" and "foreign_key" not in field.value and "kwargs" not in field.value)
    if not found:
        return None
    field = dice.choice(found)
    made = dice.choice(["sa.Identity()", "sa.Computed('3 * 3', persisted=True)"])
    models.lines[field.number] = f"    {field.name}: int = Field(sa_column=Column(Integer, {made}, nullable=False))"
    return models.done()


def change_check(dice, generator, files):
    """The condition of a CHECK that has a name."""
    models = Models(files)
    found = [number for number, line in enumerate(models.lines) if "CheckConstraint('" in line]
    if not found:
        return None
    number = dice.choice(found)
    models.lines[number] = re.sub(r"CheckConstraint\('([^']*)'", lambda match: f"CheckConstraint('{dice.choice(['3 > 1', '2 >= 1', '(2  >  1)', '1 = 1 AND 2 = 2', '1 < 2'])}'", models.lines[number], count=1)
    return models.done()


def add_table(dice, generator, files):
    models = Models(files)
    return models.done(**{"models.py": "\n".join(models.lines) + "\n\n" + (generator.core() if dice.random() < .2 else generator.model(False))})


def remove_table(dice, generator, files):
    models = Models(files)
    text = files["models.py"]
    found = []
    for number in models.classes():
        body = "\n".join(models.lines[number:models.body_end(number)])
        name = re.match(r"class (\w+)", body)[1]
        table = re.search(r"__tablename__(?:: str)? = '(\w+)'", body)
        table = table[1] if table else name.lower()
        if f"'{table}." not in text.replace(body, "") and len(models.classes()) > 1:
            found.append(number)
    if not found:
        return None
    number = dice.choice(found)
    del models.lines[number:models.body_end(number)]
    return models.done()


def rename_table(dice, generator, files):
    models = Models(files)
    owner = dice.choice(models.classes())
    body = "\n".join(models.lines[owner:models.body_end(owner)])
    table = re.search(r"__tablename__(?:: str)? = '(\w+)'", body)
    table = table[1] if table else re.match(r"class (\w+)", body)[1].lower()
    if f"'{table}." in files["models.py"]:
        return None
    models.lines = [line for number, line in enumerate(models.lines) if not (owner < number < models.body_end(owner) and "__tablename__" in line)]
    models.lines.insert(owner + 1, "    __tablename__ = 'renamed_table'")
    return models.done()


def change_enum(dice, generator, files):
    change = dice.choice([('    green = "GREEN"\n', ""), ('    TWO = "two"\n', '    TWO = "two"\n    THREE = "three"\n'), ('    ONE = "one"\n    TWO', '    TWO = "zwei"\n    ONE'),
                          ('    red = "RED"\n', '    red = "RED"\n    it_s = "x"\n'), ('    ONE = "one"', '    UNO = "one"')])
    return {**files, "enums.py": files["enums.py"].replace(*change)} if change[0] in files["enums.py"] else None


def change_key(dice, generator, files):
    models = Models(files)
    found = models.own(lambda field: field.field is not None and field.get("primary_key") is None and not field.column and field.annotation in ("int", "str", "date", "UUID")
                       and "=None" not in field.value)
    parts = models.own(lambda field: field.name == "part")
    if parts and dice.random() < .5:
        field = dice.choice(parts)
        field.set("primary_key", None)
    elif found:
        field = dice.choice(found)
        field.set("primary_key", "True")
    else:
        return None
    return models.put(field)


def of_table_args(items):
    """Writes one more item into __table_args__, takes one away, or makes it another."""
    def mutation(dice, generator, files):
        models = Models(files)
        names = {}
        for field in models.fields():
            if not field.is_key and field.column is None and "'name'" not in (field.value or "") and "name=" not in (field.value or ""):
                names.setdefault(field.owner, []).append(field.name)
        if not names:
            return None
        owner = dice.choice(sorted(names))
        some = dice.sample(names[owner], min(len(names[owner]), dice.choice([1, 2])))
        item = dice.choice(items).format(columns=", ".join(f"'{each}'" for each in some), name=generator.fresh("new"))
        written = [number for number in range(owner, models.body_end(owner)) if "__table_args__" in models.lines[number]]
        if not written:
            models.lines.insert(owner + 1, f"    __table_args__ = ({item},)")
        elif models.lines[written[0]].endswith(")"):
            models.lines[written[0]] = models.lines[written[0]].replace("__table_args__ = (", f"__table_args__ = ({item}, ", 1)
        else:
            return None
        return models.done()
    return mutation


def change_table_args(dice, generator, files):
    """An item of __table_args__ becomes another one, or goes."""
    models = Models(files)
    found = [number for number, line in enumerate(models.lines) if "__table_args__ = (" in line]
    if not found:
        return None
    number = dice.choice(found)
    tree = ast.parse(models.lines[number].split(" = ", 1)[1], mode="eval").body
    place = dice.randrange(len(tree.elts))
    item = tree.elts[place]
    if isinstance(item, ast.Call) and dice.random() < .6:
        texts = [each for each in item.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        flags = {each.arg: each for each in item.keywords}
        if item.func.id == "Index" and "postgresql_where" in flags and dice.random() < .7:
            flags["postgresql_where"].value = ast.parse(dice.choice(["text('2 = 2')", "text('(1 = 1)')"]), mode="eval").body
        elif item.func.id == "Index" and dice.random() < .5:
            item.keywords.append(ast.keyword("postgresql_where", ast.parse("text('3 = 3')", mode="eval").body)) if "postgresql_where" not in flags else None
        elif item.func.id == "Index" and "unique" in flags:
            item.keywords.remove(flags["unique"])
        elif "name" in flags and dice.random() < .6:
            flags["name"].value = ast.Constant(generator.fresh("other"))
        elif len(texts) > 1:
            item.args.remove(texts[-1])
        else:
            del tree.elts[place]
    else:
        del tree.elts[place]
    text = ast.unparse(tree)
    models.lines[number] = f"    __table_args__ = {text}" if tree.elts else "    pass"
    return models.done()


def change_table_comment(dice, generator, files):
    models = Models(files)
    found = [number for number, line in enumerate(models.lines) if "'comment': '" in line and "__table_args__" in line]
    if found and dice.random() < .6:
        number = dice.choice(found)
        models.lines[number] = re.sub(r"'comment': '[\w ]+'", lambda match: dice.choice(["'comment': 'other words'", "'info': {}"]), models.lines[number])
        return models.done()
    owner = dice.choice(models.classes())
    if any("__table_args__" in line for line in models.lines[owner:models.body_end(owner)]):
        return None
    models.lines.insert(owner + 1, "    __table_args__ = {'comment': \"the table's words\"}")
    return models.done()


def change_naming(dice, generator, files):
    changed = files["base.py"].replace('"ix": "ix_%(column_0_label)s"', '"ix": "index_%(column_0_label)s"').replace('"%(table_name)s_%(column_0_N_name)s_key"', '"%(table_name)s_%(column_0_N_name)s_uq"')
    return {**files, "base.py": changed} if changed != files["base.py"] else None


MUTATIONS = {
    "add a field": add_field, "remove a field": remove_field, "another type": retype_field, "rename a field": rename_field,
    "nullable": of_field(plain, flip_nullable), "index": of_field(plain, toggle("index")), "unique": of_field(plain, toggle("unique")),
    "server_default": of_field(plain, change_server_default), "comment": of_field(plain, change_comment),
    "max_length": of_field(lambda field: plain(field) and not field.column and "str" in field.annotation, change_length), "size": of_field(is_sized, change_size),
    "foreign key": change_foreign_key, "ondelete": change_ondelete, "options of a key": change_key_options, "identity or computed": change_generated, "condition of a check": change_check, "add a table": add_table, "remove a table": remove_table, "rename a table": rename_table,
    "enum values": change_enum, "primary key": change_key,
    "table item": of_table_args(["UniqueConstraint({columns}, name='{name}')", "UniqueConstraint({columns})", "Index('{name}', {columns})", "Index('{name}', {columns}, unique=True)",
                                 "Index('{name}', {columns}, postgresql_where=text('1 = 1'))", "CheckConstraint('3 > 1', name='{name}')"]),
    "table items": change_table_args, "table comment": change_table_comment, "naming": change_naming,
}
