"""A project of Alembic grown stage by stage on a real PostgreSQL, through Alembic's API in one process."""
import contextlib
import importlib.machinery
import importlib.util
import io
import os
import pathlib
import re
import shutil
import sys
import tempfile
import warnings

# Alembic walks over sets of names: without this, a seed gives another project in each run.
if os.environ.get("PYTHONHASHSEED") != "0":
    os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "PYTHONHASHSEED": "0"})

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent


def load(path):
    loader = importlib.machinery.SourceFileLoader(path.name, str(path))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(path.name, loader))
    loader.exec_module(module)
    return module


capture = load(HERE.parent / "diagnose" / "capture")
import sqlalchemy as sa  # noqa: E402
from alembic import command  # noqa: E402
from alembic.config import Config  # noqa: E402

import catalog  # noqa: E402
import projects  # noqa: E402

warnings.simplefilter("ignore")

ENV = """from alembic import context

given = context.config.attributes
context.configure(connection=given["connection"], target_metadata=given["metadata"], include_schemas=given["schemas"],
                  compare_type=True, render_as_batch=given["batch"])
with context.begin_transaction():
    context.run_migrations()
"""


@contextlib.contextmanager
def server(keep=None):
    """(folder for projects, connection): a server of its own, started as a user that is not root; gone at the end."""
    root = pathlib.Path(keep or tempfile.mkdtemp(prefix="replay-"))
    root.mkdir(exist_ok=True)
    root.chmod(0o755)
    (root / "server").mkdir()
    started = capture.Server(str(root / "server"))
    try:
        started.fresh_database()
        engine = sa.create_engine(f"postgresql+psycopg2://postgres@/app?host={started.folder}&port={started.port}")
        with engine.connect() as connection:
            yield root, connection
        engine.dispose()
    finally:
        started.close()
        shutil.rmtree(root / "server")
        if not keep:
            shutil.rmtree(root)


class Chain:
    """The project of a seed, on an emptied database; each stage's file is written before it is applied."""

    def __init__(self, folder, connection, seed):
        self.folder, self.connection, self.seed = folder, connection, seed
        self.plan = projects.plan(seed)
        (folder / "alembic/versions").mkdir(parents=True)
        (folder / "alembic.ini").write_text("[alembic]\nscript_location = alembic\nsqlalchemy.url = postgresql://\n")
        (folder / "alembic/env.py").write_text(ENV)
        (folder / "alembic/script.py.mako").write_text(capture.MAKO)
        with connection.begin():
            catalog.clear(connection)
        self.config = Config(str(folder / "alembic.ini"), stdout=io.StringIO())
        self.config.set_main_option("script_location", str(folder / "alembic"))
        self.config.attributes.update(connection=connection, schemas=self.plan.schemas != [None], batch=self.plan.batch, metadata=None)
        with connection.begin():
            for schema in filter(None, self.plan.schemas):
                connection.exec_driver_sql(f'CREATE SCHEMA "{schema}"')

    def revision(self, index):
        return f"{index + 1:04x}{self.seed:08x}"

    def write(self, index, stage):
        """The file of a stage: by autogenerate where it has models, else as its hand-written steps say."""
        revision = self.revision(index)
        path = self.folder / f"alembic/versions/{revision}_step_{index}.py"
        if stage.metadata is not None:
            self.config.attributes["metadata"] = stage.metadata
            with self.connection.begin(), contextlib.redirect_stdout(io.StringIO()):
                command.revision(self.config, f"step {index}", autogenerate=True, rev_id=revision)
            path.write_text(path.read_text().replace("import sqlalchemy as sa", "import sqlalchemy as sa\nimport sqlmodel", 1))
        else:
            path.write_text(projects.hand_written(revision, self.revision(index - 1) if index else None, stage))
        return path

    def upgrade(self, revision):
        command.upgrade(self.config, revision)

    def downgrade(self):
        command.downgrade(self.config, "-1")


@contextlib.contextmanager
def recorded(connection):
    """The statements that change something, as they reach the server meanwhile."""
    statements = []

    def note(_connection, _cursor, statement, *_):
        words = statement.split(None, 1)
        if words and words[0].upper() not in ("SELECT", "SHOW", "SAVEPOINT", "RELEASE") and "alembic_version" not in statement:
            statements.append(statement.strip())

    sa.event.listen(connection, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sa.event.remove(connection, "before_cursor_execute", note)


class Twin:
    """The same chain with each revision written as the SQL that it sent: one execute for each statement, or one for all."""

    def __init__(self, folder, joined):
        self.folder, self.joined = folder, joined
        (folder / "alembic/versions").mkdir(parents=True)
        (folder / "alembic.ini").write_text("[alembic]\nscript_location = alembic\nsqlalchemy.url = postgresql://\n")
        (folder / "alembic/env.py").write_text(ENV)

    def write(self, revision, parent, upgrade, downgrade):
        def body(statements):
            texts = [";\n".join(statements)] if self.joined and statements else statements
            return [f"op.execute({text!r})" for text in texts]
        stage = projects.Stage(upgrade=body(upgrade), downgrade=body(downgrade), what="as SQL")
        (self.folder / f"alembic/versions/{revision}_as_sql.py").write_text(projects.hand_written(revision, parent, stage))


class SqlFiles:
    """The same chain once more, without Alembic: each revision a file of SQL, as dbmate or as goose has them."""

    def __init__(self, folder, goose):
        self.folder = folder
        self.up, self.down = ("-- +goose Up", "-- +goose Down") if goose else ("-- migrate:up", "-- migrate:down")
        folder.mkdir()

    def write(self, number, upgrade, downgrade):
        def body(statements):
            return "".join(f"{statement};\n\n" for statement in statements)
        (self.folder / f"{number}_step.sql").write_text(f"{self.up}\n{body(upgrade)}\n{self.down}\n{body(downgrade)}")
        return f"{number}_step"


def first_line(error):
    return re.sub(r'"[^"]*"', '"…"', f"{type(error).__name__} {error}".splitlines()[0])[:110]
