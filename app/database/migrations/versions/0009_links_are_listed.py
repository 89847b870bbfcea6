"""Links say what they are for, who made them, who came by them, and can be stopped."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TEXTS = ("label", "made_by", "person")


def upgrade() -> None:
    for name in TEXTS:
        op.add_column("links", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.add_column("links", sa.Column("revoked", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for name in (*TEXTS, "revoked"):
        op.drop_column("links", name)
