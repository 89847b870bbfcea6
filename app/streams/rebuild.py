"""Projections made again from their streams: while everybody goes on working, or beside what is there, to compare."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import ColumnClause, Connection, Table, column, delete, insert, select, text, update
from sqlalchemy.sql.expression import TableClause
from sqlalchemy.sql.expression import table as table_named

from app.database import Database
from app.database.tables import table
from app.streams import heads, log
from app.streams.projections import Change, Gathering, Projection, Projections
from app.streams.proof import Unproved
from app.streams.replay import REPLAYS, Replay
from sessions.messages import Event

CHUNK = 2000
"""Events read at a time."""

Progress = Callable[[int, int, str], None]
"""Streams done, streams in all, and the projection's name."""

MAKING = 0x52414346
"""The number of the lock under which tables of projections are made anew on PostgreSQL."""

tell = logging.getLogger(__name__)
_versions = table("projections")
_LOCK = text("SELECT pg_advisory_xact_lock(:number)")


def quiet(done: int, total: int, name: str) -> None:
    """Nobody watches."""


# ---- one stream


@dataclass
class Making:
    """The rows of one projection for one stream, on the way."""

    projection: Projection[Any]
    replay: Replay
    gathered: Gathering = field(init=False)

    def __post_init__(self) -> None:
        self.gathered = Projections(self.projection).gather()

    def take(self, events: Sequence[Event]) -> None:
        """Take in what follows."""
        self._note(self.replay.take(events))

    def write(self, stream: str, db: Connection) -> None:
        """Take in what was added meanwhile, and write the rows in place of those that are there. Nothing can be added
        until this transaction ends."""
        heads.hold_one(db, stream)
        self.read(stream, db)
        self._put(stream, db)

    def write_beside(self, stream: str, db: Connection) -> None:
        """The same into a table that nobody else sees."""
        self.read(stream, db)
        self._put(stream, db)

    def read(self, stream: str, db: Connection) -> None:
        """Take in whatever follows, to the end. Raises Unproved."""
        while events := log.read(db, stream, self.replay.seq, CHUNK):
            self.take(events)
        heads.check_end(db, stream)

    def _put(self, stream: str, db: Connection) -> None:
        self._note(self.replay.finish())
        rows = table(self.projection.table)
        db.execute(delete(rows).where(rows.c[self.projection.column] == stream))
        if made := self.gathered.rows(self.projection):
            self.projection.put(db, stream, made)

    def _note(self, changes: Iterator[Change]) -> None:
        for change in changes:
            self.gathered.take(change)
            self.gathered.look(change)


def _making(projection: Projection[Any]) -> Making:
    return Making(projection, REPLAYS[projection.of]())


def make_all(db: Connection, projections: Projections, stream: str, kind: str = heads.SESSION) -> None:
    """Make all rows of a stream of a kind again, in the transaction that has brought it."""
    for projection in _rebuilt(projections):
        if projection.of == kind:
            _making(projection).write(stream, db)


def _rebuilt(projections: Projections) -> list[Projection[Any]]:
    return [projection for projection in projections if projection.table]


# ---- all streams, while everybody goes on working


async def rebuild(database: Database, projections: Projections, progress: Progress = quiet) -> int:
    """Make every projection again that can be made from streams; how many streams were gone through."""
    return sum([await _rebuild(database, each, progress) for each in _rebuilt(projections)])


async def _rebuild(database: Database, projection: Projection[Any], progress: Progress) -> int:
    """A stream is read outside, and caught up with and written in a transaction of its own: nobody waits for long."""
    streams = await database.read(lambda db: heads.streams_of(db, projection.of))
    for done, stream in enumerate(streams, 1):
        try:
            making = await _read(database, projection, stream)
            await database.write(partial(making.write, stream))
        except Unproved:  # the others are made; what there is of this one stays, and nobody is served it
            tell.exception("the rows of %s were not made again", stream)
        progress(done, len(streams), projection.name)
    await database.write(partial(_drop_strangers, projection))
    return len(streams)


def _drop_strangers(projection: Projection[Any], db: Connection) -> None:
    """Rows of streams that there are not go."""
    rows, ends = table(projection.table), table("heads")
    there = select(ends.c.stream).where(ends.c.kind == projection.of)
    db.execute(delete(rows).where(rows.c[projection.column].not_in(there)))


async def _read(database: Database, projection: Projection[Any], stream: str) -> Making:
    making = _making(projection)
    while events := await database.read(lambda db: log.read(db, stream, making.replay.seq, CHUNK)):
        await asyncio.to_thread(making.take, events)
    return making


async def make_current(database: Database, projections: Projections, progress: Progress = quiet) -> None:
    """Make again what is there in another version than the one that is wanted, in tables of the new shape. Whoever was
    interrupted goes on; of two processes that do so at once both come through."""
    for projection in _rebuilt(projections):
        if not await database.write(partial(_is_ready, projection)):
            await _rebuild(database, projection, progress)
            await database.write(partial(_note_ready, projection))


def _is_ready(projection: Projection[Any], db: Connection) -> bool:
    """Whether the rows are there in this version. If they are of another, there is an empty table in their place."""
    if db.dialect.name == "postgresql":
        db.execute(_LOCK, {"number": MAKING})
    named = _versions.c.name == projection.name
    row = db.execute(select(_versions).where(named)).one_or_none()
    if row is not None and row.version == projection.version:
        return bool(row.ready)
    rows = table(projection.table)
    rows.drop(db, checkfirst=True)
    rows.create(db)
    db.execute(delete(_versions).where(named))
    db.execute(insert(_versions).values(name=projection.name, version=projection.version, ready=False))
    return False


def _note_ready(projection: Projection[Any], db: Connection) -> None:
    made = (_versions.c.name == projection.name) & (_versions.c.version == projection.version)
    db.execute(update(_versions).where(made).values(ready=True))


# ---- beside what is there


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is not what its stream says: by projection and key."""

    projection: str
    key: str
    what: str


def check(db: Connection, projections: Projections, progress: Progress = quiet) -> list[Difference]:
    """How the rows that are there differ from those that the streams give, at one moment. Nothing is changed."""
    return [
        difference
        for projection in _rebuilt(projections)
        for difference in _compare(db, projection, progress)
    ]


def _compare(db: Connection, projection: Projection[Any], progress: Progress) -> Iterator[Difference]:
    kept, made = _beside(db, table(projection.table))
    streams = heads.streams_of(db, projection.of)
    for done, stream in enumerate(streams, 1):
        _making(projection).write_beside(stream, db)
        progress(done, len(streams), projection.name)
    yield from _differences(db, projection, kept, made)
    db.execute(text(f"DROP TABLE {made}"))


def _beside(db: Connection, rows: Table) -> tuple[TableClause, TableClause]:
    """The table that there is, and an empty temporary one of the same name: it is the one that whoever names no schema
    means from here on."""
    if db.dialect.name == "postgresql":
        schema, temporary = db.execute(text("SELECT current_schema()")).scalar_one(), "pg_temp"
        db.execute(text(f"CREATE TEMPORARY TABLE {rows.name} (LIKE {schema}.{rows.name})"))
    else:
        schema, temporary = "main", "temp"
        db.execute(text(f"CREATE TEMPORARY TABLE {rows.name} AS SELECT * FROM main.{rows.name} WHERE 0"))  # noqa: S608 - our own names
    return _named(rows, schema), _named(rows, temporary)


def _named(rows: Table, schema: str) -> TableClause:
    """The table of the same name in a schema, with values as they stand there."""
    columns: list[ColumnClause[Any]] = [column(each.name) for each in rows.c]
    return table_named(rows.name, *columns, schema=schema)


def _differences(
    db: Connection, projection: Projection[Any], kept: TableClause, made: TableClause
) -> Iterator[Difference]:
    key = next(iter(table(projection.table).primary_key)).name
    wrong = {str(row[key]) for row in db.execute(select(kept).except_(select(made))).mappings()}
    missed = {str(row[key]) for row in db.execute(select(made).except_(select(kept))).mappings()}
    for row in sorted(wrong | missed):
        what = "another" if row in wrong & missed else "in no stream" if row in wrong else "missing"
        yield Difference(projection.name, row, what)
