"""/merge

Revision ID: c3
Revises: b2
Create Date: 2026-01-02 00:00:00
"""
import sqlalchemy as sa
from alembic import op

revision = "c3"
down_revision = "b2"
branch_labels = None
depends_on = None


def upgrade():
    op.drop_table("/approve")


def downgrade():
    op.create_table("/approve", sa.Column("/close", sa.Integer()))
