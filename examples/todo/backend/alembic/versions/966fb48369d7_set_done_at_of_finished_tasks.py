"""set done_at of finished tasks

Revision ID: 966fb48369d7
Revises: 9655493d1c3f
Create Date: 2026-11-23 10:13:46.348429

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '966fb48369d7'
down_revision = '9655493d1c3f'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE task SET done_at = created_at WHERE status = 'done' AND done_at IS NULL")


def downgrade() -> None:
    pass
