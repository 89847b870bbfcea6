"""Processes tell each other who waits at the doors of sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("presence", sa.Column("waiting", sa.Text(), nullable=False, server_default="{}"))


def downgrade() -> None:
    op.drop_column("presence", "waiting")
