"""A cookie knows the role for which it was issued."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cookies", sa.Column("role", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("cookies", "role")
