"""Each secret ballot is a row of its own that is not sealed: nothing in it tells when it came, but its place does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import orjson
import pytest
from sqlalchemy import Connection, text

from app import main
from app.live import batch, boxes
from app.projections import BALLOT_BOXES, PEOPLE, RECORDS
from app.streams.ballot_box import Box
from app.streams.projections import Change, Projections
from sessions.ballot_boxes import written
from sessions.messages import Emptied, SecretBallot

_MAKE = "CREATE TABLE IF NOT EXISTS slips (session TEXT, phase TEXT, marks TEXT)"
_PUT = text("INSERT INTO slips VALUES (:session, :phase, :marks)")
_READ = text("SELECT phase, marks FROM slips WHERE session = :session")
_EMPTY = text("DELETE FROM slips WHERE session = :session AND phase = :phase")


def break_it(patch: pytest.MonkeyPatch) -> None:
    unsealed = replace(BALLOT_BOXES, rows=ballots, put=fill)
    patch.setattr(main, "PROJECTIONS", Projections(PEOPLE, unsealed, RECORDS))
    patch.setattr(batch, "read_boxes", read)
    patch.setattr(boxes, "opened", lambda box, *_: box.unsealed)


def ballots(change: Change) -> Iterator[Any]:
    return (item for item in change.items if isinstance(item, SecretBallot | Emptied))


def fill(db: Connection, session: str, items: Sequence[Any]) -> None:
    for item in items:
        db.exec_driver_sql(_MAKE)
        who = {"session": session, "phase": item.phase}
        if isinstance(item, Emptied):
            db.execute(_EMPTY, who)
        else:
            db.execute(_PUT, {**who, "marks": written(item.marks)})


def read(db: Connection, session: str) -> dict[str, Box]:
    db.exec_driver_sql(_MAKE)
    found: dict[str, list[Any]] = {}
    rows: Iterable[Any] = db.execute(_READ, {"session": session})
    for phase, marks in rows:
        found.setdefault(phase, []).append(orjson.loads(marks))
    return {phase: Box((), marks) for phase, marks in found.items()}
