"""A session from one database into another: its log by an export that was proved, and with it what no export holds.

What no export holds are names and contact data, cookies, staff links, open ballot boxes and what is still to be done.
The keys of the boxes lie apart, so a session stays where it is while ballots are sealed, unless they are taken along.
Both databases stay whole whatever happens: the other one takes the session in one transaction or not at all, and this
one keeps it.
"""

import asyncio
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, func, insert, select

from app.archive.export import export_from
from app.archive.exported_rows import log_rows, rows_of
from app.archive.limits import Members
from app.archive.streams import streams_in
from app.archive.verify import verify
from app.database import Database
from app.database.tables import METADATA, table
from app.streams import heads, log
from app.streams.ballot_box import read_boxes
from app.streams.heads import Conflict, Head
from app.streams.log import Row
from app.streams.projections import Projections
from app.streams.proof import Unproved
from app.streams.rebuild import make_all

CARRIED = ("people", "cookies", "links", "secret_ballots", "sealed_slips", "tasks")
"""The tables whose rows of a session come along, beside its log."""
LEFT = ("log", "heads", "presence", "snapshots", "records")
"""The tables with rows of sessions that do not: they are written anew, or made again from the log."""
CHUNK = 2000
"""Rows that are written at a time."""

Tell = Callable[[int, int, str], None]
"""Steps done, steps in all, and a word on what is being done."""
Rows = Sequence[dict[str, Any]]


class Immovable(Exception):
    """The session stays where it is; the text says why."""


@dataclass(frozen=True, slots=True)
class Luggage:
    """A session as it was at one moment, beside the log in its export."""

    head: Head
    session: Mapping[str, Any]
    rows: Mapping[str, Rows]


async def move(
    source: Database,
    target: Database,
    code: str,
    tell: Tell,
    projections: Projections,
    with_keys: bool = False,
) -> Head:
    """Take a session over; the end of its log in ``target``, under a new epoch. In ``source`` nothing changes.
    ``with_keys`` says that the keys of its ballot boxes come along.

    Raises Immovable if the code is taken, the session is unknown, its export does not hold, or sealed ballots would be
    left without their key.
    """
    if not with_keys and await source.read(
        lambda db: any(box.slips for box in read_boxes(db, code).values())
    ):
        raise Immovable("a secret vote or an anonymous survey is open: close it first, or say --with-keys")
    if await target.read(lambda db: heads.head_of(db, code)) is not None:
        raise Immovable(f"there is a session {code} already")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{code}.zip"
        luggage = await asyncio.to_thread(_pack, source, code, file, tell)
        await asyncio.to_thread(_prove, file, luggage.head, tell)
        await _share_secret(source, target)
        return await _let_in(target, file, luggage, tell, projections)


def _pack(source: Database, code: str, file: Path, tell: Tell) -> Luggage:
    """Export the log, and take the rest with it, all of one moment."""

    def work(db: Connection) -> Luggage:
        if heads.head_of(db, code) is None:
            raise Immovable(f"there is no session {code}")
        head = export_from(db, code, file, lambda done, total: tell(done, 3 * total, "exporting"))
        sessions = table("sessions")
        session = db.execute(select(sessions).where(sessions.c.code == code)).mappings().one()
        return Luggage(head, dict(session), {name: _rows(db, name, code) for name in CARRIED})

    try:
        return source.read_now(work)
    except Unproved as error:
        raise Immovable(f"its log does not hold: {error}") from error
    except (LookupError, ValueError, TypeError, AttributeError) as error:  # so the rules say it, in many ways
        raise Immovable(f"its log does not follow by the rules: {type(error).__name__}: {error}") from error


def _rows(db: Connection, name: str, code: str) -> Rows:
    wanted = METADATA.tables[name]
    kept = [
        column for column in wanted.c if column.name != "told"
    ]  # means something in its own database alone
    of = wanted.c.session if "session" in wanted.c else wanted.c.stream
    return [dict(row) for row in db.execute(select(*kept).where(of == code)).mappings()]


def _prove(file: Path, head: Head, tell: Tell) -> None:
    report = verify(file, lambda done, total: tell(total + done, 3 * total, "verifying"))
    if not report.ok:
        raise Immovable(f"its export does not hold: {report.problems[0]}")
    if report.head != head.digest.hex():
        raise Immovable("its export is not of the log that there is")


async def _share_secret(source: Database, target: Database) -> None:
    """An empty database takes over the secret behind the keys of organisations, so that people who join later are
    still known to be of the same organisation as those who are here."""
    sessions = table("sessions")
    count = await target.read(lambda db: db.execute(select(func.count()).select_from(sessions)).scalar_one())
    if not count:
        await target.adopt(source.secret)


async def _let_in(
    target: Database, file: Path, luggage: Luggage, tell: Tell, projections: Projections
) -> Head:
    def work(db: Connection) -> Head:
        session = luggage.session
        head = heads.create(db, session["code"], session["format"], session["title"])
        for rows in _in_chunks(log_rows(file, session["code"])):
            log.put_rows(db, rows)
            tell(2 * luggage.head.seq + rows[-1][1], 3 * luggage.head.seq, "writing")
        for name, carried in luggage.rows.items():
            for start in range(0, len(carried), CHUNK):
                db.execute(insert(METADATA.tables[name]), carried[start : start + CHUNK])
        _let_in_records(db, file, projections)
        make_all(db, projections, session["code"])
        arrived = heads.head_of(db, session["code"])
        if arrived is None or arrived[:2] != luggage.head[:2]:
            raise Immovable("what arrived is not what was sent")
        return head._replace(seq=arrived.seq, digest=arrived.digest)

    try:
        return await target.write(work)
    except Conflict as error:
        raise Immovable(str(error)) from error


def _let_in_records(db: Connection, file: Path, projections: Projections) -> None:
    """The streams of the session's records, each as it was."""
    with zipfile.ZipFile(file) as archive:
        members = Members(archive, file)
        members.announce(orjson.loads(members.read("manifest.json")))
        for stream, lines in streams_in(members):
            heads.begin(db, [stream], heads.RECORD)
            log.put_rows(db, list(rows_of(stream, lines)))
            make_all(db, projections, stream, heads.RECORD)


def _in_chunks(rows: Iterator[Row]) -> Iterator[Sequence[Row]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk
