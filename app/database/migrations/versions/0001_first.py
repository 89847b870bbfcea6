"""The log, people and their keys, and the archive's records."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_sessions()
    _create_log()
    _create_people()
    _create_keys()
    _create_records()


def _create_sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("code", sa.String(), primary_key=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("epoch", sa.String(), nullable=False),
    )


def _create_log() -> None:
    op.create_table(
        "log",
        sa.Column("session", sa.String(), sa.ForeignKey("sessions.code"), primary_key=True),
        sa.Column("seq", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("command", sa.String(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("body", sa.Text()),
        sa.Column("salt", sa.LargeBinary()),
        sa.Column("body_digest", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.UniqueConstraint("session", "command", "ordinal", name="one_answer"),
        sqlite_with_rowid=False,
    )


def _create_people() -> None:
    op.create_table(
        "people",
        sa.Column("session", sa.String(), sa.ForeignKey("sessions.code"), primary_key=True),
        sa.Column("person", sa.String(), primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erased", sa.DateTime(timezone=True)),
    )


def _create_keys() -> None:
    op.create_table(
        "cookies",
        sa.Column("token", sa.LargeBinary(), primary_key=True),
        sa.Column("session", sa.String(), sa.ForeignKey("sessions.code"), nullable=False),
        sa.Column("person", sa.String(), nullable=False, index=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked", sa.DateTime(timezone=True)),
    )
    op.create_table(
        "links",
        sa.Column("token", sa.LargeBinary(), primary_key=True),
        sa.Column("session", sa.String(), sa.ForeignKey("sessions.code"), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used", sa.DateTime(timezone=True)),
    )


def _create_records() -> None:
    op.create_table(
        "records",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("session", sa.String(), sa.ForeignKey("sessions.code"), nullable=False),
        sa.Column("entry", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False, index=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("updated", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("session", "entry", name="one_record"),
    )


def downgrade() -> None:
    for table in ("records", "links", "cookies", "people", "log", "sessions"):
        op.drop_table(table)
