"""broken

@octocat <b>
"""
revision = "b2"
down_revision = "a1 `@octocat` <b> #1"


def upgrade():
    op.drop_table("@octocat` <b>"
