"""A cookie knows the device to which it was given."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cookies", sa.Column("device", sa.String(), nullable=False, server_default=""))
    op.create_index("cookies_device", "cookies", ["session", "device"])


def downgrade() -> None:
    op.drop_index("cookies_device", "cookies")
    op.drop_column("cookies", "device")
