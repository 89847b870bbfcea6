"""An export: one file that holds a session's log and its records, and is proved without the database.

=====================  ==============================================================================
``log.jsonl``          every event with its digests, one a line (see line.py)
``records.log.jsonl``  the events of the records' own streams, and where each ends: ``streams.jsonl``
``records.json``       the records, made from the log, with the chain's digest at their last event
``names.json``         the names of those who let everybody (or the level) see them, by pseudonymous id; no others
``records/<n>.md``     each record as a sheet to read and print
``manifest.json``      what the export is of and for whom, the log's head, by what it was made, and
                       the SHA-256 and the length of every other member
``signature.json``     who made it: a signature under the manifest (see signature.py)
=====================  ==============================================================================
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, text

from app.archive.fold import Fold
from app.archive.leaving import HOUSE, Leaving
from app.archive.line import written
from app.archive.makers import makers
from app.archive.seal import Pack, packing
from app.archive.sheet import sheet
from app.archive.signature import SIGNATURE, Sign
from app.archive.streams import add_streams, line_of, owns, stored_streams
from app.database import Database
from app.people.directory import Directory
from app.people.rows import read_personal
from app.streams.chain import GENESIS
from app.streams.heads import Head, check_end, head_of
from app.streams.proof import READ, Stored, following
from sessions.session import Session

FORMAT = 2
"""The version of this file format: what people wrote stands apart from the structure."""
CHUNK = 2000
"""Events read and compressed at a time."""

Progress = Callable[[int, int], None]
"""Told after each chunk: events done, events in all."""

_READ = text(f"{READ} WHERE stream = :session AND seq > :after AND seq <= :last ORDER BY seq LIMIT :most")


def export(
    database: Database,
    code: str,
    out: Path,
    progress: Progress | None = None,
    purpose: str = HOUSE,
    sign: Sign | None = None,
    now: float = 0.0,
) -> Head:
    """Write a session's export; the head of the log that it holds. ``purpose`` says for whom (see leaving.py), ``sign``
    signs it. Dates that are over ``now`` close nothing (wall time, seconds since 1970 UTC). Raises LookupError for an
    unknown code, Unproved where a log does not hold: nothing is made of that; for a level Inseparable.

    Everything is read in one transaction, so a server at work on the same data changes nothing under way.
    """
    return database.read_now(lambda db: export_from(db, code, out, progress or _silent, purpose, sign, now))


def export_from(
    db: Connection,
    code: str,
    out: Path,
    progress: Progress,
    purpose: str = HOUSE,
    sign: Sign | None = None,
    now: float = 0.0,
) -> Head:
    """As ``export``, from an open transaction."""
    head = head_of(db, code)
    if head is None:
        raise LookupError(f"there is no session {code}")
    check_end(db, code)
    directory = Directory(read_personal(db, code))
    leaving = Leaving(purpose, now)
    if leaving.is_level:  # what somebody has narrowed at the end counts from the beginning
        leaving = Leaving(purpose, now, _whole(db, code, head))
    reading = _Reading(db, code, head, leaving)
    reading.fold.session.own = leaving.whole.own
    with packing(out) as pack:
        pack.add("log.jsonl", reading.lines(progress))
        longest = add_streams(pack, db, code, leaving)
        _add_records(pack, reading.fold, directory, leaving)
        manifest = _json(_manifest(reading, pack, max(longest, reading.longest)))
        pack.add("manifest.json", [manifest])
        if sign is not None:
            pack.add(SIGNATURE, [sign(manifest)])
    return head


def _silent(done: int, total: int) -> None:
    return None


def _whole(db: Connection, code: str, head: Head) -> Session:
    """A session as its whole log has it, with what its records say. Raises Unproved."""
    fold = Fold()
    for kept in _stored(db, code, head):
        for line in map(line_of, kept):
            fold.take(line)
    fold.session.own = owns(stored_streams(db, code), fold.session)
    return fold.session


def _stored(db: Connection, code: str, head: Head) -> Iterator[list[Stored]]:
    """The lines of a log in chunks, as long as they hold. Raises Unproved."""
    done, before, wanted = 0, GENESIS, {"session": code, "last": head.seq, "most": CHUNK}
    while rows := db.execute(_READ, {"after": done, **wanted}).all():
        kept = list(following(code, (Stored(*row) for row in rows), done, before))
        yield kept
        done, before = kept[-1].seq, kept[-1].digest


@dataclass
class _Reading:
    """A log on its way into an export: proved, as much of it as leaves, and folded as it leaves."""

    db: Connection
    code: str
    head: Head
    leaving: Leaving
    fold: Fold = field(default_factory=Fold)
    longest: int = 0
    """Bytes of the longest line so far."""

    def lines(self, progress: Progress) -> Iterator[bytes]:
        """The lines in blocks. Raises Unproved, Inseparable."""
        for kept in _stored(self.db, self.code, self.head):
            yield b"".join(map(self._leaving, kept))
            progress(kept[-1].seq, self.head.seq)

    def _leaving(self, kept: Stored) -> bytes:
        line = self.leaving.line(line_of(kept), self.fold.session)
        self.fold.take(line)
        text = written(line)
        self.longest = max(self.longest, len(text))
        return text


def _add_records(pack: Pack, fold: Fold, directory: Directory, leaving: Leaving) -> None:
    agreed = sorted(fold.named(leaving))
    names = {person: directory.shown_name(person) for person in agreed if person in directory}
    pack.add("records.json", [_json(fold.records(leaving=leaving))])
    pack.add("names.json", [_json(names)])
    for seen in fold.seen(leaving):
        text = sheet(seen, fold.session, names)
        pack.add(f"records/{seen.record['identity']['number']}.md", [text.encode()])


def _manifest(reading: _Reading, pack: Pack, longest: int) -> dict[str, Any]:
    session, leaving = reading.fold.session, reading.leaving
    return {
        "format": FORMAT,
        "for": leaving.purpose,
        **({"at": leaving.at} if leaving.is_level else {}),
        "session": session.code,
        "title": dict(session.title),
        "events": reading.head.seq,
        "head": reading.head.digest.hex(),
        "seen_by": leaving.purpose,
        "made_by": makers(),
        "longest_line": longest,
        "files": dict(pack.digests),
        "sizes": dict(pack.sizes),
    }


def _json(data: Any) -> bytes:
    return orjson.dumps(data, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2)
