"""What others have appended is read with its proof, and the event before it to link to."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# VOLATILE: its second statement sees what was committed while the first one waited for the lock.
STREAM_OPEN = """
    CREATE FUNCTION stream_open(stream_name text, known int, most int)
    RETURNS TABLE (
        seq int, at float8, actor text, command text, kind text, phase text, body text, salt bytea,
        body_digest bytea, digest bytea, words text, words_salt bytea, words_digest bytea, epoch text
    )
    LANGUAGE plpgsql VOLATILE AS $$
    #variable_conflict use_column
    DECLARE
        head record;
    BEGIN
        SELECT h.seq, h.digest, h.epoch INTO head FROM heads h WHERE h.stream = stream_name FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            RETURN;
        END IF;
        RETURN QUERY SELECT
            head.seq, NULL::float8, NULL, NULL, NULL, NULL, NULL, NULL::bytea, NULL::bytea, head.digest,
            NULL, NULL::bytea, NULL::bytea, head.epoch::text;
        IF head.seq > known AND head.seq - known <= most THEN
            RETURN QUERY
                SELECT l.seq, l.at, l.actor::text, l.command::text, l.kind::text, l.phase::text, l.body, l.salt,
                    l.body_digest, l.digest, l.words, l.words_salt, l.words_digest, NULL
                FROM log l WHERE l.stream = stream_name AND l.seq >= known ORDER BY l.seq;
        END IF;
    END $$
"""
STREAM_OPEN_BEFORE = """
    CREATE FUNCTION stream_open(stream_name text, known int, most int)
    RETURNS TABLE (
        kind text, phase text, body text, seq int, at float8, actor text, command text, words text,
        digest bytea, epoch text
    )
    LANGUAGE plpgsql VOLATILE AS $$
    #variable_conflict use_column
    DECLARE
        head record;
    BEGIN
        SELECT h.seq, h.digest, h.epoch INTO head FROM heads h WHERE h.stream = stream_name FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            RETURN;
        END IF;
        RETURN QUERY SELECT
            NULL, NULL, NULL, head.seq, NULL::float8, NULL, NULL, NULL, head.digest, head.epoch::text;
        IF head.seq > known AND head.seq - known <= most THEN
            RETURN QUERY
                SELECT l.kind::text, l.phase::text, l.body, l.seq, l.at, l.actor::text, l.command::text, l.words,
                    NULL::bytea, NULL
                FROM log l WHERE l.stream = stream_name AND l.seq > known ORDER BY l.seq;
        END IF;
    END $$
"""


def upgrade() -> None:
    _replace(STREAM_OPEN)


def downgrade() -> None:
    _replace(STREAM_OPEN_BEFORE)


def _replace(function: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION stream_open")
        op.execute(function)
