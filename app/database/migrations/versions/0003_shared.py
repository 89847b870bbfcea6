"""What processes that share a PostgreSQL need: who is told what since when, presence, and a way to take a log."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TOLD = ("people", "cookies")

# Each row carries the number of the transaction that wrote it last, so that others find what is new to them.
STAMP = """
    CREATE FUNCTION stamp_told() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.told := pg_current_xact_id()::text::bigint;
        RETURN NEW;
    END $$
"""
# VOLATILE: its second statement sees what was committed while the first one waited for the lock.
DESK_OPEN = """
    CREATE FUNCTION desk_open(session_code text, known int, most int)
    RETURNS TABLE (
        kind text, phase text, body text, seq int, at float8, actor text, command text, digest bytea, epoch text
    )
    LANGUAGE plpgsql VOLATILE AS $$
    #variable_conflict use_column
    DECLARE
        head record;
    BEGIN
        SELECT s.seq, s.digest, s.epoch INTO head FROM sessions s WHERE s.code = session_code FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            RETURN;
        END IF;
        RETURN QUERY SELECT NULL, NULL, NULL, head.seq, NULL::float8, NULL, NULL, head.digest, head.epoch::text;
        IF head.seq > known AND head.seq - known <= most THEN
            RETURN QUERY
                SELECT l.kind::text, l.phase::text, l.body, l.seq, l.at, l.actor::text, l.command::text,
                    NULL::bytea, NULL
                FROM log l WHERE l.session = session_code AND l.seq > known ORDER BY l.seq;
        END IF;
    END $$
"""


def upgrade() -> None:
    _free_log()
    _stamp_rows()
    _create_shared()
    if op.get_bind().dialect.name == "postgresql":
        _teach_postgres()


def _free_log() -> None:
    """A log's rows are written under the lock of its head, so that a foreign key only costs time."""
    with op.batch_alter_table(
        "log",
        naming_convention={"fk": "%(table_name)s_%(column_0_name)s_fkey"},
        table_kwargs={"sqlite_with_rowid": False},
    ) as log:
        log.drop_constraint("log_session_fkey", type_="foreignkey")


def _stamp_rows() -> None:
    for table in TOLD:
        op.add_column(table, sa.Column("told", sa.BigInteger(), nullable=False, server_default="0"))
    op.create_index("people_told", "people", ["told"])
    op.create_index("cookies_told", "cookies", ["told"])


def _create_shared() -> None:
    op.create_table(
        "presence",
        sa.Column("process", sa.String(), primary_key=True),
        sa.Column("session", sa.String(), primary_key=True),
        sa.Column("people", sa.Text(), nullable=False),
        sa.Column("told", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        prefixes=["UNLOGGED"] if op.get_bind().dialect.name == "postgresql" else [],
    )
    op.create_table(
        "secrets",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("value", sa.LargeBinary(), nullable=False),
    )


def _teach_postgres() -> None:
    op.execute("ALTER TABLE sessions SET (fillfactor = 50)")
    op.execute(DESK_OPEN)
    op.execute(STAMP)
    for table in TOLD:
        op.execute(
            f"CREATE TRIGGER {table}_told BEFORE INSERT OR UPDATE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION stamp_told()"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in TOLD:
            op.execute(f"DROP TRIGGER {table}_told ON {table}")
        op.execute("DROP FUNCTION stamp_told")
        op.execute("DROP FUNCTION desk_open")
    op.drop_table("secrets")
    op.drop_table("presence")
    op.drop_index("cookies_told", "cookies")
    op.drop_index("people_told", "people")
    for table in TOLD:
        op.drop_column(table, "told")
