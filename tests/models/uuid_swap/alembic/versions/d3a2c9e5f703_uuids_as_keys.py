"""uuids as keys

Revision ID: d3a2c9e5f703
Revises: c2f1b8d4e602
Create Date: 2026-03-20 08:45:59.000000

"""
import uuid

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "d3a2c9e5f703"
down_revision = "c2f1b8d4e602"
branch_labels = None
depends_on = None


def upgrade():
    op.execute('CREATE EXTENSION IF NOT EXISTS "uuid-ossp"')

    op.add_column("member", sa.Column("new_id", postgresql.UUID(as_uuid=True), default=uuid.uuid4))
    op.add_column("entry", sa.Column("new_id", postgresql.UUID(as_uuid=True), default=uuid.uuid4))
    op.add_column("entry", sa.Column("new_owner_id", postgresql.UUID(as_uuid=True), nullable=True))

    op.execute("UPDATE member SET new_id = uuid_generate_v4()")
    op.execute("UPDATE entry SET new_id = uuid_generate_v4()")
    op.execute("UPDATE entry SET new_owner_id = (SELECT new_id FROM member WHERE member.id = entry.owner_id)")

    op.alter_column("member", "new_id", nullable=False)
    op.alter_column("entry", "new_id", nullable=False)

    op.drop_constraint("entry_owner_id_fkey", "entry", type_="foreignkey")
    op.drop_column("entry", "owner_id")
    op.alter_column("entry", "new_owner_id", new_column_name="owner_id")
    op.drop_column("member", "id")
    op.alter_column("member", "new_id", new_column_name="id")
    op.drop_column("entry", "id")
    op.alter_column("entry", "new_id", new_column_name="id")

    op.create_primary_key("member_pkey", "member", ["id"])
    op.create_primary_key("entry_pkey", "entry", ["id"])
    op.create_foreign_key("entry_owner_id_fkey", "entry", "member", ["owner_id"], ["id"])


def downgrade():
    op.add_column("member", sa.Column("old_id", sa.Integer, autoincrement=True))
    op.add_column("entry", sa.Column("old_id", sa.Integer, autoincrement=True))
    op.add_column("entry", sa.Column("old_owner_id", sa.Integer, nullable=True))

    for table in ("member", "entry"):
        op.execute(f"CREATE SEQUENCE {table}_id_seq AS INTEGER OWNED BY {table}.old_id")
        op.execute(f"ALTER TABLE {table} ALTER COLUMN old_id SET DEFAULT nextval('{table}_id_seq'::regclass)")
        op.execute(f"UPDATE {table} SET old_id = nextval('{table}_id_seq')")
    op.execute("UPDATE entry SET old_owner_id = (SELECT old_id FROM member WHERE member.id = entry.owner_id)")

    op.drop_constraint("entry_owner_id_fkey", "entry", type_="foreignkey")
    op.drop_column("entry", "owner_id")
    op.alter_column("entry", "old_owner_id", new_column_name="owner_id", nullable=False)
    op.drop_column("member", "id")
    op.alter_column("member", "old_id", new_column_name="id", nullable=False)
    op.drop_column("entry", "id")
    op.alter_column("entry", "old_id", new_column_name="id", nullable=False)

    op.create_primary_key("member_pkey", "member", ["id"])
    op.create_primary_key("entry_pkey", "entry", ["id"])
    op.create_foreign_key("entry_owner_id_fkey", "entry", "member", ["owner_id"], ["id"])
