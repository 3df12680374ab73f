# Marks the folder as an Alembic project; this one is only read, never run.
