"""A database that came out of a backup forgets again what was erased since, under a new epoch."""

from __future__ import annotations

import secrets
import time
from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import Connection, delete, insert, select, update

from app.database.tables import table
from app.people.rows import empty_person
from app.streams import log
from app.streams.box_keys import PAIRED
from app.streams.deletion import delete_session
from app.streams.heads import EPOCH_BYTES
from app.streams.ledger import Erased
from app.streams.log import Batch, Tail
from app.streams.outsiders import joined
from sessions.audience import CLOCK
from sessions.messages import Event

RESTORED = "restored"
"""Why words are gone, in the event that says so."""

_heads, _log, _people = table("heads"), table("log"), table("people")
_secrets, _snapshots = table("secrets"), table("snapshots")


def forget_again(db: Connection, erasures: Iterable[Erased]) -> int:
    """Erase what these say, wherever it has come back; how many things had. Each is said in an event of its stream."""
    return sum(_forget(db, each) for each in erasures)


def begin_epoch(db: Connection) -> None:
    """Whatever seq somebody has seen before means nothing from here on."""
    for (stream,) in db.execute(select(_heads.c.stream)).all():
        db.execute(
            update(_heads).where(_heads.c.stream == stream).values(epoch=secrets.token_hex(EPOCH_BYTES))
        )
    db.execute(delete(_snapshots))


def pair_anew(db: Connection, folder_id: str) -> None:
    """Another folder of keys belongs to the database from here on."""
    db.execute(delete(_secrets).where(_secrets.c.name == PAIRED))
    db.execute(insert(_secrets).values(name=PAIRED, value=folder_id.encode()))


def _forget(db: Connection, erased: Erased) -> int:
    if erased.whole:
        return _session(db, erased)
    return _person(db, erased) if erased.person else _words(db, erased)


def _session(db: Connection, erased: Erased) -> int:
    there = db.execute(select(_heads.c.stream).where(_heads.c.stream == erased.stream)).first()
    if there:
        delete_session(db, erased.stream)
    return int(there is not None)


def _person(db: Connection, erased: Erased) -> int:
    here = (_people.c.session == erased.stream) & (_people.c.person == erased.person)
    row = db.execute(select(_people.c.erased).where(here)).one_or_none()
    if row is None or row.erased is not None:
        return 0
    empty_person(db, erased.stream, erased.person)
    if erased.person in joined(db, erased.stream):  # who has a row may never have come in
        _say(db, erased.stream, "person_erased", {"person": erased.person}, ())
    return 1


def _words(db: Connection, erased: Erased) -> int:
    digests = [bytes.fromhex(digest) for digest in erased.words]
    here = (_log.c.stream == erased.stream) & _log.c.digest.in_(digests) & _log.c.words.is_not(None)
    seqs = list(db.execute(select(_log.c.seq).where(here).order_by(_log.c.seq)).scalars())
    if seqs:
        _say(db, erased.stream, "erased", {"seqs": seqs, "why": RESTORED}, seqs)
    return len(seqs)


def _say(db: Connection, stream: str, kind: str, body: Mapping[str, object], words: Collection[int]) -> None:
    def decide(held: Mapping[str, Tail]) -> dict[str, Batch]:
        seq = held[stream].head.seq + 1
        event = Event(kind, "", body, seq, time.time(), CLOCK, f"{RESTORED}-{seq}:{CLOCK}")
        beside = [lambda db, name: log.erase(db, name, words)] if words else []
        return {stream: Batch([event], beside)}

    log.append_all(db, {stream: log.ALL}, decide)
