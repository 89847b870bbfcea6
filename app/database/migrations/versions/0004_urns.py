"""Urns: secret ballots until they are counted."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "secret_ballots",
        sa.Column("session", sa.String(), sa.ForeignKey("sessions.code"), primary_key=True),
        sa.Column("phase", sa.String(), primary_key=True),
        sa.Column("slips", sa.Text(), nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("secret_ballots")
