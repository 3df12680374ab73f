"""One form for two schemas: that of a PostgreSQL and that of `spiritsafe schema --format json`.

A schema is a dictionary: `column public.user.name` → what is known of it. What the replay does not know is UNKNOWN and
equal to everything; how often, and why, is counted.
"""
import collections
import re


class Unknown:
    def __eq__(self, other):
        return True

    def __repr__(self):
        return "unknown"


UNKNOWN = Unknown()

TABLES = """SELECT c.oid, n.nspname, c.relname, c.relkind, obj_description(c.oid, 'pg_class') FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname NOT LIKE 'pg\\_%%' AND n.nspname <> 'information_schema' AND c.relkind IN ('r', 'p', 'v', 'm', 'S') AND c.relname <> 'alembic_version'"""
COLUMNS = """SELECT a.attrelid, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull, pg_get_expr(d.adbin, d.adrelid),
a.attidentity <> '', a.attgenerated <> '', col_description(a.attrelid, a.attnum)
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attnum > 0 AND NOT a.attisdropped AND n.nspname NOT LIKE 'pg\\_%%' AND n.nspname <> 'information_schema' AND c.relkind IN ('r', 'p')"""
CONSTRAINTS = """SELECT conrelid, conname, contype, conkey, confrelid, confkey, confdeltype FROM pg_constraint WHERE conrelid <> 0"""
INDEXES = """SELECT i.indrelid, c.relname, i.indkey::int2[], i.indnkeyatts, i.indisunique, i.indpred IS NOT NULL FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))"""
ENUMS = """SELECT n.nspname, t.typname, array_agg(e.enumlabel::text ORDER BY e.enumsortorder) FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
JOIN pg_enum e ON e.enumtypid = t.oid GROUP BY 1, 2"""

KINDS = {"p": "primary_key", "u": "unique", "f": "foreign_key", "c": "check", "x": "exclude"}
ON_DELETE = {"a": None, "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT", " ": None}


def clear(connection):
    for (name,) in connection.exec_driver_sql(
            "SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%%' AND nspname <> 'information_schema'").fetchall():
        connection.exec_driver_sql(f'DROP SCHEMA "{name}" CASCADE')
    connection.exec_driver_sql("CREATE SCHEMA public")


def default_of(text):
    """A default as both write it: without casts, quotes around numbers, outer parentheses."""
    if text is None:
        return None
    text = re.sub(r"::(character varying|timestamp with(out)? time zone|double precision|[a-z_0-9]+|\"[^\"]+\")(\(\d+(,\d+)?\))?(\[\])?", "", text.strip())
    while text.startswith("(") and text.endswith(")"):
        text = text[1:-1].strip()
    number = re.fullmatch(r"'(-?[0-9.]+|true|false)'", text, re.I)
    text = number[1] if number else text
    text = re.sub(r"nextval\('\"?(?:[a-z_0-9]+\.)?\"?([^'\"]+)\"?'\)", r"nextval(\1)", text)
    return text if "'" in text else text.lower()


def of_server(connection):
    fetch = lambda query: connection.exec_driver_sql(query).fetchall()
    schema, names, columns = {}, {}, collections.defaultdict(dict)
    for oid, namespace, name, kind, comment in fetch(TABLES):
        names[oid] = f"{namespace}.{name}"
        if kind in "rp":
            schema[f"table {names[oid]}"] = {"comment": comment}
        else:
            schema[f"{'sequence' if kind == 'S' else 'view'} {names[oid]}"] = {}
    for oid, number, name, type_, nullable, default, identity, generated, comment in fetch(COLUMNS):
        if oid not in names:
            continue
        columns[oid][number] = name
        schema[f"column {names[oid]}.{name}"] = {
            "type": type_.replace('"', ""), "nullable": nullable, "default": None if generated else default_of(default), "identity": identity,
            "generated": generated, "comment": comment}
    for oid, name, kind, keys, other, other_keys, delete in fetch(CONSTRAINTS):
        if oid not in names:
            continue
        own = [columns[oid].get(key, "?") for key in keys or []]
        fact = {"kind": KINDS[kind], "columns": sorted(own) if kind in "cx" else own}
        if kind == "f":
            fact |= {"referent": names[other], "referent_columns": [columns[other][key] for key in other_keys], "ondelete": ON_DELETE[delete]}
        schema[f"constraint {names[oid]}.{name}"] = fact
    for oid, name, keys, count, unique, where in fetch(INDEXES):
        if oid in names:
            schema[f"index {names[oid]}.{name}"] = {"columns": [columns[oid].get(key, "?") for key in keys[:count]], "unique": unique, "where": where}
    for namespace, name, values in fetch(ENUMS):
        schema[f"enum {namespace}.{name}"] = {"values": values}
    return schema


def of_replay(document):
    """The schema, and what is unknown in it: Counter of reasons."""
    schema, unknown, uncertain = {}, collections.Counter(), {}

    def fact(value, why):
        if isinstance(value, dict):
            unknown[why] += 1
            return UNKNOWN
        return value

    def full(thing):
        return f"{thing['schema'] or 'public'}.{thing['name']}"

    for why in document["unknown"]:
        unknown[f"all is uncertain: {short(why)}"] += 1
    for table in document["tables"]:
        name = full(table)
        if table["name"] == "alembic_version":
            continue
        if table["unknown"]:
            uncertain[name] = table["unknown"]
            unknown[f"table uncertain: {short(table['unknown'])}"] += 1
            continue
        schema[f"table {name}"] = {"comment": fact(table["comment"], "comment of table")}
        for column in table["columns"]:
            schema[f"column {name}.{column['name']}"] = {
                "type": fact(column["type"], "type"), "nullable": fact(column["nullable"], "nullable"),
                "default": UNKNOWN if isinstance(column["default"], dict) and unknown.update(["default"]) is None
                else None if column["generated"] is True else default_of(column["default"]),
                "identity": fact(column["identity"], "identity"), "generated": fact(column["generated"], "generated"),
                "comment": fact(column["comment"], "comment of column")}
        for number, constraint in enumerate(table["constraints"]):
            known_columns = not isinstance(constraint["columns"], dict)
            columns = ["?" if isinstance(each, dict) else each for each in constraint["columns"]] if known_columns else fact({}, f"columns of {constraint['kind']}")
            one = {"kind": constraint["kind"], "columns": sorted(columns) if known_columns and constraint["kind"] == "check" else columns}
            if constraint["kind"] == "foreign_key":
                one |= {"referent": f"{constraint['referent_schema'] or 'public'}.{constraint['referent_table']}",
                        "referent_columns": fact(constraint["referent_columns"], "referents"), "ondelete": fact(constraint["ondelete"], "ondelete")}
            key = constraint["name"]
            if isinstance(key, dict):
                key = f"?{number}"
                unknown[f"name of {constraint['kind']}"] += 1
            schema[f"constraint {name}.{key}"] = one
        for number, index in enumerate(table["indexes"]):
            columns = ["?" if isinstance(each, dict) else each for each in index["columns"]] if isinstance(index["columns"], list) else fact({}, "columns of index")
            key = index["name"] if isinstance(index["name"], str) else f"?{number}"
            schema[f"index {name}.{key}"] = {"columns": columns, "unique": fact(index["unique"], "unique"), "where": index["condition"] is not None}
    for kind in ("sequence", "view"):
        for thing in document[kind + "s"]:
            if not thing["unknown"]:
                schema[f"{kind} {full(thing)}"] = {}
    for enum in document["enums"]:
        if enum["unknown"]:
            uncertain[full(enum)] = enum["unknown"]
            unknown[f"enum uncertain: {short(enum['unknown'])}"] += 1
        else:
            schema[f"enum {full(enum)}"] = {"values": fact(enum["values"], "values of enum")}
    return (schema, bool(document["unknown"]), uncertain), unknown


def short(why):
    return re.sub(r"\s+", " ", re.sub(r"\w{12,}|\d+", "…", str(why)))[:70]


def differences(theirs, replay):
    ours, doubted, uncertain = replay
    found = []

    def is_open(key):
        name = key.split(" ", 1)[1]
        return doubted or any(name == table or name.startswith(table + ".") or key.startswith("sequence ") for table in uncertain)

    nameless = [key for key in ours if ".?" in key]
    for key, fact in theirs.items():
        if key in ours:
            if ours[key] != fact and fact != ours[key]:
                for part, value in fact.items():
                    if not (ours[key].get(part) == value):
                        found.append(f"{key}: {part} is {value!r}, replayed as {ours[key].get(part)!r}")
            continue
        if is_open(key):
            continue
        parent = key.rsplit(".", 1)[0]
        match = next((each for each in nameless if each.rsplit(".", 1)[0] == parent and
                      all(ours[each].get(part) == value for part, value in fact.items())), None)
        if match:
            nameless.remove(match)
        else:
            found.append(f"{key} is there, {fact}; the replay has it not")
    for key in ours:
        if key not in theirs and ".?" not in key:
            found.append(f"{key} is not there; the replay has it: {ours[key]}")
    found += [f"{key} is not there; the replay has it: {ours[key]}" for key in nameless]
    return found
