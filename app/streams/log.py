"""The log's rows: adding a batch to one stream or to several, forgetting words; on a connection that may write."""

import secrets
import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, func, select, text, update
from sqlalchemy.exc import IntegrityError

from app.database.tables import table
from app.database.writer import WriteError
from app.streams.chain import SALT_BYTES, body_bytes, body_digest, link, parts
from app.streams.heads import Conflict, Head, begin, check_end, drop_empty, follows, hold, hold_one
from app.streams.proof import READ, proved
from sessions.messages import Event

Row = tuple[Any, ...]
"""A row of the log, in the order of its columns."""

_log, _snapshots = table("log"), table("snapshots")
_STRUCTURE = (
    *("stream", "seq", "at", "actor", "command", "ordinal"),
    *("kind", "phase", "body", "salt", "body_digest", "digest"),
)
_COLUMNS = (*_STRUCTURE, "words", "words_salt", "words_digest")
_DIGEST = _COLUMNS.index("digest")
WIDTHS = (len(_STRUCTURE), len(_COLUMNS))
"""Rows of a batch in which nobody wrote words (ballots) are without their columns, and cost nothing for them."""
_TYPES = {
    **dict.fromkeys(("actor", "command", "kind", "phase", "body", "words"), "text"),
    **dict.fromkeys(("salt", "body_digest", "digest", "words_salt", "words_digest"), "bytea"),
    "seq": "int",
    "ordinal": "int",
    "at": "float8",
}
# As the drivers take it: SQLAlchemy's own insert of many rows costs twice as much a row, on PostgreSQL five times.
BLOCKS = (256, 64, 16, 4, 1)
"""Rows in one statement on SQLite. Its driver lets go of the interpreter and takes it back for each statement, also
for each row of an ``executemany``: while the event loop is busy that can cost far more than the row."""


def _insert(width: int, size: int) -> str:
    """So many rows of so many columns, as SQLite's driver takes them."""
    row = f"({', '.join('?' * width)})"
    names = ", ".join(_COLUMNS[:width])
    return f"INSERT INTO log ({names}) VALUES {', '.join([row] * size)}"  # noqa: S608 - our own names


def _follow_on(width: int) -> str:
    names = _COLUMNS[:width]
    arrays = ", ".join(f"${place}::{_TYPES[name]}[]" for place, name in enumerate(names[1:], 2))
    return (
        f"WITH added AS (INSERT INTO log ({', '.join(names)}) SELECT $1, u.* FROM unnest({arrays}) AS u)"  # noqa: S608 - our own names
        f" UPDATE heads SET seq = ${width + 1}, digest = ${width + 2} WHERE stream = $1"
    )


_INSERTS = {(width, size): _insert(width, size) for width in WIDTHS for size in BLOCKS}
FOLLOW = {width: _follow_on(width) for width in WIDTHS}
"""Rows by their width, column by column, and the head that they make, as PostgreSQL's driver takes them."""
_READ = text(f"{READ} WHERE stream = :stream AND seq >= :after ORDER BY seq LIMIT :most")
_ANSWERS = (
    select(_log.c.command, func.max(_log.c.seq).label("seq"))
    .where(_log.c.stream == bindparam("stream"), _log.c.command.in_(bindparam("commands", expanding=True)))
    .group_by(_log.c.command)
)
_MOVE = "UPDATE heads SET seq = ?, digest = ? WHERE stream = ?"
ALL = 1 << 31 - 1
"""More events than any log has."""

Write = Callable[[Connection, str], None]
"""Something that is written in the transaction of a batch's events: ``write(connection, stream)``."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What goes to disk in one transaction: events, and what is written beside them. All events of one command are in
    one batch. ``traces`` names tables whose former rows the database is to forget soon; ``notices`` are topics, each
    with a word, of which others hear once all of it is on disk."""

    events: Sequence[Event]
    beside: Sequence[Write] = ()
    traces: frozenset[str] = frozenset()
    notices: Sequence[tuple[str, str]] = ()

    def __bool__(self) -> bool:
        return bool(self.events or self.beside)


class Tail(NamedTuple):
    """A stream that is held for writing: its end, and the events after those that whoever asked knew."""

    head: Head
    events: Sequence[Event]


DecideAll = Callable[[Mapping[str, Tail]], Mapping[str, Batch]]
"""Given the streams that are held: what to append to each. It may be called again, and in any thread."""


def read(db: Connection, stream: str, after: int = 0, most: int = ALL) -> list[Event]:
    """The events of a stream after a seq, in order, so many at most. Raises Unproved."""
    return proved(
        stream, db.execute(_READ, {"stream": stream, "after": after, "most": most + (after > 0)}), after
    )


def answers(db: Connection, stream: str, commands: Sequence[str]) -> dict[str, int]:
    """The seq of the last event of each of these commands that is in the log."""
    rows = db.execute(_ANSWERS, {"stream": stream, "commands": commands})
    return {row.command: row.seq for row in rows}


def digests(db: Connection, stream: str, seqs: Collection[int]) -> dict[int, bytes]:
    """The chain's digests at these events of a log."""
    wanted = select(_log.c.seq, _log.c.digest).where(_log.c.stream == stream, _log.c.seq.in_(seqs))
    return {row.seq: row.digest for row in db.execute(wanted)}


def append(db: Connection, stream: str, batch: Batch) -> None:
    """Add a batch. Raises Conflict unless it follows on the head, or if a command in it is there already."""
    _follow(db, stream, hold_one(db, stream), batch)


def append_all(
    db: Connection, known: Mapping[str, int], decide: DecideAll, begun_as: str = ""
) -> Mapping[str, Batch]:
    """Hold several streams, and add what ``decide`` makes of what is new in each since the seq in ``known``; what was
    added. Those that there are not yet are begun as streams of the kind ``begun_as``, if one is given.

    Raises Conflict as ``append``, and if one of the streams is not there; Unproved where what is new does not hold, or
    does not go on to the end that the head says.
    """
    if begun_as:
        begin(db, known, begun_as)
    held = hold(db, known)
    if missing := known.keys() - held.keys():
        raise Conflict(f"there is no stream {min(missing)}")
    batches = decide({stream: _tail(db, stream, head, known[stream]) for stream, head in held.items()})
    for stream, batch in batches.items():
        _follow(db, stream, held.get(stream), batch)
    if begun_as:
        drop_empty(db, known)
    return batches


def _tail(db: Connection, stream: str, head: Head, known: int) -> Tail:
    """What is new in a stream that is held, since a seq; nobody who knows ALL of it asks how it ends."""
    if known <= head.seq:
        check_end(db, stream)
    return Tail(head, read(db, stream, known))


def _follow(db: Connection, stream: str, head: Head | None, batch: Batch) -> None:
    head = follows(stream, head, batch.events)
    if batch.events:
        put_rows(db, chained(stream, head.digest, batch.events))
    write_beside(db, stream, batch)


def write_beside(db: Connection, stream: str, batch: Batch) -> None:
    """Write what goes to disk together with a batch's events."""
    for write in batch.beside:
        write(db, stream)


def put_rows(db: Connection, rows: Sequence[Row]) -> None:
    """Add rows of one log that follow on its head, and move the head. Raises Conflict if a command is there."""
    try:
        if db.dialect.name == "postgresql":
            db.exec_driver_sql(FOLLOW[len(rows[0])], arrays(rows))
        else:
            cursor = db.connection.cursor()  # for few rows SQLAlchemy's statements take longer than SQLite
            for block in blocks(rows):
                cursor.execute(_INSERTS[len(rows[0]), len(block)], tuple(chain.from_iterable(block)))
            cursor.execute(_MOVE, (rows[-1][1], rows[-1][_DIGEST], rows[-1][0]))
    except (IntegrityError, sqlite3.IntegrityError) as error:
        raise answered_before(rows[0][0]) from error


def blocks(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """Rows in pieces that are as large as BLOCKS says, the largest first."""
    start = 0
    for size in BLOCKS:
        while len(rows) - start >= size:
            yield rows[start : start + size]
            start += size


def answered_before(stream: str) -> Conflict:
    """What is raised where the log has a command of a batch already."""
    return Conflict(f"{stream}: a command was answered before")


def arrays(rows: Sequence[Row]) -> tuple[Any, ...]:
    """Rows of one log as FOLLOW takes them."""
    last, columns = rows[-1], list(zip(*rows, strict=True))
    return (last[0], *columns[1:], last[1], last[_DIGEST])


def chained(stream: str, digest: bytes, events: Sequence[Event]) -> list[Row]:
    """The rows of events that follow on ``digest``; all of them without words' columns where none has words."""
    rows: list[Row] = []
    answered: Counter[str] = Counter()
    wordy = any(event.words for event in events)
    salts = secrets.token_bytes(SALT_BYTES * len(events) * (2 if wordy else 1))
    for number, event in enumerate(events):
        (body, written), at = _halves(event), float(event.at)
        salt = salts[number * SALT_BYTES : (number + 1) * SALT_BYTES]
        proof = body_digest(salt, body)
        rest = (stream, event.seq, at, event.actor, event.command, event.kind, event.phase)
        words = _words(written, salts[-(number + 1) * SALT_BYTES :][:SALT_BYTES]) if wordy else ()
        digest = link(digest, proof, *rest, *((words[2].hex(),) if written is not None else ()))
        answered[event.command] += 1
        who = (stream, event.seq, at, event.actor, event.command, answered[event.command])
        rows.append((*who, event.kind, event.phase, body.decode(), salt, proof, digest, *words))
    return rows


def _halves(event: Event) -> tuple[bytes, bytes | None]:
    """An event's structure and its words, as bytes."""
    try:
        return parts(event.body, event.words) if event.words else (body_bytes(event.body), None)
    except TypeError as error:
        raise WriteError(f"event {event.seq} ({event.kind}) is not plain JSON: {error}") from error


def _words(written: bytes | None, salt: bytes) -> tuple[Any, ...]:
    """The columns of an event's words: text, salt, digest."""
    return (None, None, None) if written is None else (written.decode(), salt, body_digest(salt, written))


def erase(db: Connection, stream: str, seqs: Collection[int]) -> None:
    """Forget the words of events, and the salts that would let somebody check a guess; no snapshot remembers them
    either. Raises Conflict if one of them has no words, or none any more: structure is never erased."""
    wanted = (_log.c.stream == stream) & _log.c.seq.in_(seqs) & _log.c.words.is_not(None)
    gone = db.execute(update(_log).where(wanted).values(words=None, words_salt=None)).rowcount
    if gone != len(set(seqs)):
        raise Conflict(f"{stream}: {len(set(seqs)) - gone} of these events have no words to erase")
    db.execute(delete(_snapshots).where(_snapshots.c.session == stream))
