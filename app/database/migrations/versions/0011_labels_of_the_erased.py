"""Labels of links say nothing any more of those who were erased before labels went with them."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "UPDATE links SET label = '' WHERE label <> '' AND EXISTS (SELECT 1 FROM people WHERE people.session ="
        " links.session AND people.person = links.person AND people.erased IS NOT NULL)"
    )


def downgrade() -> None:
    """What was forgotten stays so."""
