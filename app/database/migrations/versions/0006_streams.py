"""The log's key is the stream; heads apart from sessions; words beside bodies; projections and tasks."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOVED = ("created", "seq", "digest", "epoch")
"""Columns of sessions that stand in heads from here on."""
WORDS = (("words", sa.Text()), ("words_salt", sa.LargeBinary()), ("words_digest", sa.LargeBinary()))

LOOK_AT_EACH = """
    INSERT INTO tasks (id, kind, stream, seq, body, next)
    SELECT '{kind}/' || stream, '{kind}', stream, seq, '{{}}', 0 FROM heads WHERE seq > 0
"""

# VOLATILE: its second statement sees what was committed while the first one waited for the lock.
OPEN = """
    CREATE FUNCTION {name}({argument} text, known int, most int)
    RETURNS TABLE (
        kind text, phase text, body text, seq int, at float8, actor text, command text{declared},
        digest bytea, epoch text
    )
    LANGUAGE plpgsql VOLATILE AS $$
    #variable_conflict use_column
    DECLARE
        head record;
    BEGIN
        SELECT h.seq, h.digest, h.epoch INTO head FROM {heads} h WHERE h.{key} = {argument} FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            RETURN;
        END IF;
        RETURN QUERY SELECT
            NULL, NULL, NULL, head.seq, NULL::float8, NULL, NULL{nothing}, head.digest, head.epoch::text;
        IF head.seq > known AND head.seq - known <= most THEN
            RETURN QUERY
                SELECT l.kind::text, l.phase::text, l.body, l.seq, l.at, l.actor::text, l.command::text{read},
                    NULL::bytea, NULL
                FROM log l WHERE l.{column} = {argument} AND l.seq > known ORDER BY l.seq;
        END IF;
    END $$
"""
STREAM_OPEN = OPEN.format(
    name="stream_open",
    argument="stream_name",
    heads="heads",
    key="stream",
    column="stream",
    declared=", words text",
    nothing=", NULL",
    read=", l.words",
)
DESK_OPEN = OPEN.format(
    name="desk_open",
    argument="session_code",
    heads="sessions",
    key="code",
    column="session",
    declared="",
    nothing="",
    read="",
)


def upgrade() -> None:
    _create_heads()
    op.execute(
        "INSERT INTO heads (stream, kind, seq, digest, epoch, created)"
        " SELECT code, 'session', seq, digest, epoch, created FROM sessions"
    )
    for name in MOVED:
        op.drop_column("sessions", name)
    op.alter_column("log", "session", new_column_name="stream") if _postgres() else op.execute(
        "ALTER TABLE log RENAME COLUMN session TO stream"  # as it is: no copy of the table
    )
    for name, kind in WORDS:
        op.add_column("log", sa.Column(name, kind))
    _create_projections()
    _create_tasks()
    _create_records()
    # Nobody knows yet what is due in them, and no record has a stream yet: each session is looked at once.
    for look in ("wake", "handover"):
        op.execute(LOOK_AT_EACH.format(kind=look))
    if _postgres():
        op.execute("ALTER TABLE sessions RESET (fillfactor)")
        op.execute("ALTER TABLE heads SET (fillfactor = 50)")
        op.execute("DROP FUNCTION desk_open")
        op.execute(STREAM_OPEN)


def _postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _create_heads() -> None:
    op.create_table(
        "heads",
        sa.Column("stream", sa.String(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("epoch", sa.String(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("heads_kind", "heads", ["kind", "stream"])


def _create_projections() -> None:
    op.create_table(
        "projections",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ready", sa.Boolean(), nullable=False),
    )


def _create_records() -> None:
    """Records are made again, each from its own stream: the table is another."""
    op.drop_table("records")
    op.create_table(
        "records",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("stream", sa.String(), nullable=False, unique=True),
        sa.Column("session", sa.String(), sa.ForeignKey("sessions.code"), nullable=False),
        sa.Column("entry", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("updated", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_records_status", "records", ["status"])
    op.create_index("records_entry", "records", ["session", "entry"])


def _create_tasks() -> None:
    op.create_table(
        "tasks",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("next", sa.Float()),
        sa.Column("tries", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("error", sa.Text(), nullable=False, server_default=""),
    )
    due = sa.text("next IS NOT NULL")
    op.create_index("tasks_next", "tasks", ["next"], sqlite_where=due, postgresql_where=due)


def downgrade() -> None:
    if _postgres():
        op.execute("DROP FUNCTION stream_open")
    op.drop_table("tasks")
    op.drop_table("projections")
    _drop_records()
    for name, _ in WORDS:
        op.drop_column("log", name)
    op.alter_column("log", "stream", new_column_name="session") if _postgres() else op.execute(
        "ALTER TABLE log RENAME COLUMN stream TO session"
    )
    op.execute("DELETE FROM log WHERE session NOT IN (SELECT code FROM sessions)")
    _move_back()
    op.drop_index("heads_kind", "heads")
    op.drop_table("heads")
    if _postgres():
        op.execute("ALTER TABLE sessions SET (fillfactor = 50)")
        op.execute(DESK_OPEN)


def _move_back() -> None:
    """Sessions get their heads again: NOT NULL asks for values that are replaced at once."""
    op.add_column(
        "sessions",
        sa.Column(
            "created", sa.DateTime(timezone=True), nullable=False, server_default="1970-01-01 00:00:00"
        ),
    )
    op.add_column("sessions", sa.Column("seq", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("sessions", sa.Column("digest", sa.LargeBinary(), nullable=False, server_default=""))
    op.add_column("sessions", sa.Column("epoch", sa.String(), nullable=False, server_default=""))
    for name in MOVED:
        op.execute(
            f"UPDATE sessions SET {name} = (SELECT {name} FROM heads WHERE stream = code)"  # noqa: S608 - our own names
        )


def _drop_records() -> None:
    """Before, a record stood in its session's log alone."""
    op.drop_table("records")
    op.create_table(
        "records",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("session", sa.String(), sa.ForeignKey("sessions.code"), nullable=False),
        sa.Column("entry", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("updated", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("session", "entry", name="one_record"),
    )
    op.create_index("ix_records_status", "records", ["status"])
