# spiritsafe reads this folder as an Alembic project; nothing here is ever run.
