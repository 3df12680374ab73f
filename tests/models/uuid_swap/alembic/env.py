from alembic import context
from sqlmodel import SQLModel

from app import models  # noqa: F401

target_metadata = SQLModel.metadata
context.configure(connection=context.config.attributes["connection"], target_metadata=target_metadata, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
