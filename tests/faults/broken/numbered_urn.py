"""Each secret ballot is a row of its own under a random key: nothing in it tells when it came, but its place does."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import orjson
import pytest
from sqlalchemy import Connection, text

from app import main
from app.live import batch
from app.projections import BALLOT_BOXES, PEOPLE, RECORDS
from app.streams.projections import Projections
from sessions.ballot_boxes import written
from sessions.messages import Emptied, SecretBallot

_MAKE = "CREATE TABLE IF NOT EXISTS slips (id TEXT PRIMARY KEY, session TEXT, phase TEXT, marks TEXT) WITHOUT ROWID"
_PUT = text("INSERT INTO slips VALUES (:id, :session, :phase, :marks)")
_READ = text("SELECT phase, marks FROM slips WHERE session = :session ORDER BY id")
_EMPTY = text("DELETE FROM slips WHERE session = :session AND phase = :phase")


def break_it(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(main, "PROJECTIONS", Projections(PEOPLE, replace(BALLOT_BOXES, put=fill), RECORDS))
    patch.setattr(batch, "read_urns", read)


def fill(db: Connection, session: str, items: Sequence[SecretBallot | Emptied]) -> None:
    for item in items:
        db.exec_driver_sql(_MAKE)
        who = {"session": session, "phase": item.phase}
        if isinstance(item, Emptied):
            db.execute(_EMPTY, who)
        else:
            db.execute(_PUT, {**who, "id": secrets.token_hex(16), "marks": written(item.marks)})


def read(db: Connection, session: str) -> dict[str, list[Any]]:
    db.exec_driver_sql(_MAKE)
    found: dict[str, list[Any]] = {}
    for phase, marks in db.execute(_READ, {"session": session}):
        found.setdefault(phase, []).append(orjson.loads(marks))
    return found
