"""A cookie that was given out in the place of another says of which, until it is brought; the other that it was."""

import sqlalchemy as sa
from alembic import op

from app.database.tables import UtcTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cookies", sa.Column("replaced", UtcTime(), nullable=True))
    op.add_column("cookies", sa.Column("replaces", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("cookies", "replaces")
    op.drop_column("cookies", "replaced")
