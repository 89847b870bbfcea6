"""An export: one file that holds a session's log and its records, and is proved without the database.

=====================  ==============================================================================
``log.jsonl``          every event with its digests, one a line (see line.py)
``records.log.jsonl``  the events of the records' own streams, and where each ends: ``streams.jsonl``
``records.json``       the records, made from the log, with the chain's digest at their last event
``names.json``         the names of those who let everybody see them, by pseudonymous id; no other name
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
from app.archive.leaving import HOUSE, LEAVING
from app.archive.line import written
from app.archive.makers import makers
from app.archive.seal import Pack, packing
from app.archive.sheet import sheet
from app.archive.signature import SIGNATURE, Sign
from app.archive.streams import add_streams, line_of
from app.database import Database
from app.people.directory import Directory
from app.people.rows import read_personal
from app.streams.chain import GENESIS
from app.streams.heads import Head, check_end, head_of
from app.streams.proof import READ, Stored, following

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
) -> Head:
    """Write a session's export; the head of the log that it holds. ``purpose`` says for whom (see leaving.py), ``sign``
    signs it. Raises LookupError for an unknown code, Unproved where a log does not hold: nothing is made of that.

    Everything is read in one transaction, so a server at work on the same data changes nothing under way.
    """
    return database.read_now(lambda db: export_from(db, code, out, progress or _silent, purpose, sign))


def export_from(
    db: Connection, code: str, out: Path, progress: Progress, purpose: str = HOUSE, sign: Sign | None = None
) -> Head:
    """As ``export``, from an open transaction."""
    head = head_of(db, code)
    if head is None:
        raise LookupError(f"there is no session {code}")
    check_end(db, code)
    directory = Directory(read_personal(db, code))
    reading = _Reading(db, code, head, purpose)
    with packing(out) as pack:
        pack.add("log.jsonl", reading.lines(progress))
        longest = add_streams(pack, db, code, purpose)
        _add_records(pack, reading.fold, directory)
        manifest = _json(_manifest(reading, pack, max(longest, reading.longest)))
        pack.add("manifest.json", [manifest])
        if sign is not None:
            pack.add(SIGNATURE, [sign(manifest)])
    return head


def _silent(done: int, total: int) -> None:
    return None


@dataclass
class _Reading:
    """A log on its way into an export: proved, as much of it as leaves, and folded as it leaves."""

    db: Connection
    code: str
    head: Head
    purpose: str
    fold: Fold = field(default_factory=Fold)
    longest: int = 0
    """Bytes of the longest line so far."""

    def lines(self, progress: Progress) -> Iterator[bytes]:
        """The lines in blocks. Raises Unproved."""
        done, before, wanted = 0, GENESIS, {"session": self.code, "last": self.head.seq, "most": CHUNK}
        while rows := self.db.execute(_READ, {"after": done, **wanted}).all():
            kept = list(following(self.code, (Stored(*row) for row in rows), done, before))
            yield b"".join(map(self._leaving, kept))
            done, before = kept[-1].seq, kept[-1].digest
            progress(done, self.head.seq)

    def _leaving(self, kept: Stored) -> bytes:
        line = LEAVING[self.purpose](line_of(kept), self.fold.session)
        self.fold.take(line)
        text = written(line)
        self.longest = max(self.longest, len(text))
        return text


def _add_records(pack: Pack, fold: Fold, directory: Directory) -> None:
    records = fold.records()
    names = {person: directory.shown_name(person) for person in sorted(fold.named()) if person in directory}
    pack.add("records.json", [_json(records)])
    pack.add("names.json", [_json(names)])
    for record in records:
        text = sheet(record, fold.session, names)
        pack.add(f"records/{record['identity']['number']}.md", [text.encode()])


def _manifest(reading: _Reading, pack: Pack, longest: int) -> dict[str, Any]:
    session = reading.fold.session
    return {
        "format": FORMAT,
        "for": reading.purpose,
        "session": session.code,
        "title": dict(session.title),
        "events": reading.head.seq,
        "head": reading.head.digest.hex(),
        "seen_by": "public",
        "made_by": makers(),
        "longest_line": longest,
        "files": dict(pack.digests),
        "sizes": dict(pack.sizes),
    }


def _json(data: Any) -> bytes:
    return orjson.dumps(data, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2)
