"""The tables: the log of every stream with its heads, people and their keys, ballot boxes, projections, and tasks.

Only the log is the truth; until a secret vote is counted, its ballot box beside it. ``sessions`` says what sessions
there are, ``records`` what the archive shows of them, ``snapshots`` what they have come to; all can be made again from
the log.
Names and contact data stand in ``people`` alone, where they can be deleted.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    Float,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    func,
    text,
)
from sqlmodel import Field, SQLModel

DUE = "next IS NOT NULL"
"""The tasks that somebody will do."""


class UtcTime(TypeDecorator[datetime]):
    """A moment, always aware and in UTC (SQLite forgets the zone). Raises ValueError for a naive one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


class HeadRow(SQLModel, table=True):
    """A stream and the head of its log: ``seq`` of the last event (0 before the first) and the chain's digest.

    ``epoch`` changes when a backup was restored, so that clients do not trust a seq they had seen before.
    """

    __tablename__ = "heads"
    __table_args__ = (Index("heads_kind", "kind", "stream"), {"sqlite_with_rowid": False})

    stream: str = Field(primary_key=True)
    kind: str
    seq: int = 0
    digest: bytes = Field(sa_type=LargeBinary)
    epoch: str
    created: datetime = Field(sa_type=UtcTime)


class SessionRow(SQLModel, table=True):
    """What a list of sessions shows: the key of the format, and the title in the session's own language."""

    __tablename__ = "sessions"

    code: str = Field(primary_key=True)
    format: str
    title: str


class LogRow(SQLModel, table=True):
    """One event. ``at`` is wall time, seconds since 1970 UTC; ``ordinal`` counts a command's events from 1.

    ``body`` is JSON text, the very bytes that were hashed. Where ``salt`` is null the body was erased: what
    stands there is what may remain of it, and only ``body_digest`` still vouches for what had been said. ``words``
    are what people wrote, JSON text like the body, with a salt and a digest of their own.
    """

    __tablename__ = "log"
    # No foreign key: rows are written under the lock of their stream's head, and each would ask for it again.
    # The rows lie in the order they are read in, and the primary key needs no second tree.
    __table_args__ = (
        UniqueConstraint("stream", "command", "ordinal", name="one_answer"),
        {"sqlite_with_rowid": False},
    )

    stream: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    at: float = Field(sa_type=Float)
    actor: str
    command: str
    ordinal: int
    kind: str
    phase: str
    body: str | None = Field(sa_type=Text)
    salt: bytes | None = Field(sa_type=LargeBinary)
    body_digest: bytes = Field(sa_type=LargeBinary)
    digest: bytes = Field(sa_type=LargeBinary)
    words: str | None = Field(default=None, sa_type=Text)
    words_salt: bytes | None = Field(default=None, sa_type=LargeBinary)
    words_digest: bytes | None = Field(default=None, sa_type=LargeBinary)


class PersonRow(SQLModel, table=True):
    """Who stands behind a pseudonymous id in one session. ``contact`` is JSON: mail, telephone and so on.

    ``told`` is set by PostgreSQL alone: the number of the transaction that wrote the row last.
    """

    __tablename__ = "people"
    __table_args__ = (Index("people_told", "told"),)

    session: str = Field(primary_key=True, foreign_key="sessions.code")
    person: str = Field(primary_key=True)
    name: str = ""
    organisation: str = ""
    language: str = ""
    contact: str = "{}"
    created: datetime = Field(sa_type=UtcTime)
    erased: datetime | None = Field(default=None, sa_type=UtcTime)
    told: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})


class CookieRow(SQLModel, table=True):
    """A browser that speaks for a person. Only the SHA-256 of its token is kept.

    ``role`` is what the person was when the token was given out ("" where that does not matter); ``revoked`` is when
    the token stops, which may still be to come; ``told`` is as with people; ``device`` is the name of the device that
    it was given to, "" for one without a name. ``replaced`` is when another was first given out in its place;
    ``replaces`` is the token in whose place this one was, until it is brought.
    """

    __tablename__ = "cookies"
    __table_args__ = (Index("cookies_told", "told"), Index("cookies_device", "session", "device"))

    token: bytes = Field(primary_key=True, sa_type=LargeBinary)
    session: str = Field(foreign_key="sessions.code")
    person: str = Field(index=True)
    role: str = Field(default="", sa_column_kwargs={"server_default": ""})
    device: str = Field(default="", sa_column_kwargs={"server_default": ""})
    created: datetime = Field(sa_type=UtcTime)
    revoked: datetime | None = Field(default=None, sa_type=UtcTime)
    replaced: datetime | None = Field(default=None, sa_type=UtcTime)
    replaces: bytes | None = Field(default=None, sa_type=LargeBinary)
    told: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})


class LinkRow(SQLModel, table=True):
    """A link that lets whoever opens it first in by a role. Only the SHA-256 of its token is kept. ``made_by`` and
    ``person`` (who opened it) are pseudonymous ids, "" where there is none."""

    __tablename__ = "links"

    token: bytes = Field(primary_key=True, sa_type=LargeBinary)
    session: str = Field(foreign_key="sessions.code")
    role: str
    label: str = ""
    made_by: str = ""
    person: str = ""
    created: datetime = Field(sa_type=UtcTime)
    used: datetime | None = Field(default=None, sa_type=UtcTime)
    revoked: datetime | None = Field(default=None, sa_type=UtcTime)


class RecordRow(SQLModel, table=True):
    """A development-project record as its own stream has it at ``seq``; ``digest`` is that stream's head there."""

    __tablename__ = "records"
    __table_args__ = (Index("records_entry", "session", "entry"),)

    id: UUID = Field(primary_key=True)
    stream: str = Field(unique=True)
    session: str = Field(foreign_key="sessions.code")
    entry: str
    status: str = Field(index=True)
    title: str
    body: str = Field(sa_type=Text)
    seq: int
    digest: bytes = Field(sa_type=LargeBinary)
    updated: datetime = Field(sa_type=UtcTime)
    archived_at: datetime | None = Field(default=None, sa_type=UtcTime)


class SnapshotRow(SQLModel, table=True):
    """A part of what a session's log had come to at ``seq``, folded by rules of a fingerprint. It counts only while
    ``epoch`` and the chain's ``digest`` there are the log's, and all ``parts`` are under one ``seal``."""

    __tablename__ = "snapshots"

    session: str = Field(primary_key=True)
    rules: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    part: int = Field(primary_key=True)
    parts: int
    epoch: str
    digest: bytes = Field(sa_type=LargeBinary)
    seal: bytes = Field(sa_type=LargeBinary)
    body: bytes = Field(sa_type=LargeBinary)


class PresenceRow(SQLModel, table=True):
    """Whom a process that shares the database sees connected to a session, a JSON list, and who waits at its door since
    when, a JSON object; true at ``told``."""

    __tablename__ = "presence"

    process: str = Field(primary_key=True)
    session: str = Field(primary_key=True)
    people: str = Field(sa_type=Text)
    waiting: str = Field(default="{}", sa_type=Text, sa_column_kwargs={"server_default": "{}"})
    told: datetime = Field(sa_type=UtcTime, sa_column_kwargs={"server_default": func.now()})


class SecretRow(SQLModel, table=True):
    """What processes that share the database must know, and nobody else."""

    __tablename__ = "secrets"

    name: str = Field(primary_key=True)
    value: bytes = Field(sa_type=LargeBinary)


class SealedSlipRow(SQLModel, table=True):
    """A secret ballot until it is counted: who has voted stands in the log, what they marked is sealed here.

    No person, no time, and on SQLite no order but that of a random number (see app.streams.ballot_box).
    """

    __tablename__ = "sealed_slips"
    __table_args__ = ({"sqlite_with_rowid": False},)

    session: str = Field(primary_key=True, foreign_key="sessions.code")
    phase: str = Field(primary_key=True)
    nonce: bytes = Field(primary_key=True, sa_type=LargeBinary)
    slip: bytes = Field(sa_type=LargeBinary)


class UnsealedBallotsRow(SQLModel, table=True):
    """Secret ballots that a release before sealing took in, and that are not counted yet: nothing is added any more.

    ``slips`` are JSON, one a line, in alphabetical order.
    """

    __tablename__ = "secret_ballots"
    __table_args__ = ({"sqlite_with_rowid": False},)

    session: str = Field(primary_key=True, foreign_key="sessions.code")
    phase: str = Field(primary_key=True)
    slips: str = Field(sa_type=Text)


class ProjectionRow(SQLModel, table=True):
    """Which version of a projection the rows are of that are there. ``ready`` is false while they are being made."""

    __tablename__ = "projections"

    name: str = Field(primary_key=True)
    version: int
    ready: bool


class TaskRow(SQLModel, table=True):
    """Something that must happen later or elsewhere, because of the event ``seq`` of a stream.

    ``next`` is when it is due, in seconds since 1970 UTC by the product's clock; while somebody does it, when it may be
    taken again; null once it was given up, with ``error``. ``tries`` counts how often it was taken. ``body`` is JSON
    and holds ids and numbers, no words of people: what is erased must not live on in it.
    """

    __tablename__ = "tasks"
    __table_args__ = (Index("tasks_next", "next", sqlite_where=text(DUE), postgresql_where=text(DUE)),)

    id: str = Field(primary_key=True)
    kind: str
    stream: str
    seq: int
    body: str = Field(sa_type=Text)
    next: float | None = Field(default=None, sa_type=Float)
    tries: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    error: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})


METADATA: MetaData = SQLModel.metadata


def table(name: str) -> Table:
    """A table for SQLAlchemy's own expressions, which the hot ways use."""
    return METADATA.tables[name]
