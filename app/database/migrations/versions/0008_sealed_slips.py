"""Secret ballots are sealed until they are counted. Those that lie open stay until their phase closes."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sealed_slips",
        sa.Column("session", sa.String(), sa.ForeignKey("sessions.code"), primary_key=True),
        sa.Column("phase", sa.String(), primary_key=True),
        sa.Column("nonce", sa.LargeBinary(), primary_key=True),
        sa.Column("slip", sa.LargeBinary(), nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("sealed_slips")
