"""bound the texts

Revision ID: c2f1b8d4e602
Revises: b1e0a7c3d501
Create Date: 2026-02-11 14:02:10.000000

"""
import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "c2f1b8d4e602"
down_revision = "b1e0a7c3d501"
branch_labels = None
depends_on = None

BOUNDED = sqlmodel.sql.sqltypes.AutoString(length=255)


def upgrade():
    op.alter_column("member", "email", existing_type=sa.String(), type_=BOUNDED, existing_nullable=False)
    op.alter_column("member", "full_name", existing_type=sa.String(), type_=BOUNDED, existing_nullable=True)
    op.alter_column("entry", "title", existing_type=sa.String(), type_=BOUNDED, existing_nullable=False)
    op.alter_column("entry", "description", existing_type=sa.String(), type_=BOUNDED, existing_nullable=True)


def downgrade():
    op.alter_column("entry", "description", existing_type=BOUNDED, type_=sa.String(), existing_nullable=True)
    op.alter_column("entry", "title", existing_type=BOUNDED, type_=sa.String(), existing_nullable=False)
    op.alter_column("member", "full_name", existing_type=BOUNDED, type_=sa.String(), existing_nullable=True)
    op.alter_column("member", "email", existing_type=BOUNDED, type_=sa.String(), existing_nullable=False)
