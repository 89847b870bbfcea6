"""An export: one file that holds a session's log and its records, and is proved without the database.

=====================  ==============================================================================
``log.jsonl``          every event with its digests, one a line (see line.py)
``records.json``       the records, made from the log, with the chain's digest at their last event
``names.json``         the names of those who let everybody see them, by pseudonymous id; no other name
``records/<n>.md``     each record as a sheet to read and print
``manifest.json``      what the export is of, the log's head, and the SHA-256 of every other member
=====================  ==============================================================================
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, text

from app.archive.fold import Fold
from app.archive.line import written
from app.archive.seal import Pack, packing
from app.archive.sheet import sheet
from app.archive.streams import add_streams, line_of
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


def export(database: Database, code: str, out: Path, progress: Progress | None = None) -> Head:
    """Write a session's export; the head of the log that it holds. Raises LookupError for an unknown code, Unproved
    where a log does not hold: nothing is made of that.

    Everything is read in one transaction, so a server at work on the same data changes nothing under way.
    """
    return database.read_now(lambda db: export_from(db, code, out, progress or _silent))


def export_from(db: Connection, code: str, out: Path, progress: Progress) -> Head:
    """As ``export``, from an open transaction."""
    head = head_of(db, code)
    if head is None:
        raise LookupError(f"there is no session {code}")
    check_end(db, code)
    directory = Directory(read_personal(db, code))
    with packing(out) as pack:
        fold = Fold()
        pack.add("log.jsonl", _log(db, code, head, fold, progress))
        add_streams(pack, db, code)
        _add_records(pack, fold, directory)
        pack.add("manifest.json", [_json(_manifest(fold.session, head, pack.digests))])
    return head


def _silent(done: int, total: int) -> None:
    return None


def _log(db: Connection, code: str, head: Head, fold: Fold, progress: Progress) -> Iterator[bytes]:
    """The log's lines in blocks, proved and folded on the way. Raises Unproved."""
    done, before, wanted = 0, GENESIS, {"session": code, "last": head.seq, "most": CHUNK}
    while rows := db.execute(_READ, {"after": done, **wanted}).all():
        kept = list(following(code, (Stored(*row) for row in rows), done, before))
        lines, before = [line_of(each) for each in kept], kept[-1].digest
        yield b"".join(map(written, lines))
        for line in lines:
            fold.take(line)
        done = lines[-1].seq
        progress(done, head.seq)


def _add_records(pack: Pack, fold: Fold, directory: Directory) -> None:
    records = fold.records()
    names = {person: directory.shown_name(person) for person in sorted(fold.named()) if person in directory}
    pack.add("records.json", [_json(records)])
    pack.add("names.json", [_json(names)])
    for record in records:
        text = sheet(record, fold.session, names)
        pack.add(f"records/{record['identity']['number']}.md", [text.encode()])


def _manifest(session: Session, head: Head, digests: Mapping[str, str]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "session": session.code,
        "title": dict(session.title),
        "events": head.seq,
        "head": head.digest.hex(),
        "seen_by": "public",
        "files": dict(digests),
    }


def _json(data: Any) -> bytes:
    return orjson.dumps(data, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2)
