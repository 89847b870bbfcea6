"""Ballot boxes on disk: the secret ballots and anonymous answers of phases that are not counted yet, each sealed.

A slip tells nothing but that it is one: all of a box have the same length, and lie in the order of random numbers. Who
copies the database after every ballot still learns which slip came when, so its text is sealed to a key that lies
apart (see app.streams.box_keys). What earlier releases left open, unsealed, is read and taken away, never added to.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, delete, select

from app.database.tables import table
from app.streams.projections import Change
from app.streams.sealing import BoxOpener, Seals, Unsealable, padded_size
from sessions.messages import Emptied, SecretBallot
from sessions.session import Session

_slips, _unsealed = table("sealed_slips"), table("secret_ballots")
_PUT = "INSERT INTO sealed_slips (session, phase, nonce, slip) VALUES "
_PUT_MANY = (
    "INSERT INTO sealed_slips (session, phase, nonce, slip)"
    " SELECT $1, u.* FROM unnest($2::text[], $3::bytea[], $4::bytea[]) AS u"
)
ROWS = 50
"""Rows in one statement on SQLite, whose driver gives the interpreter away for each."""

log = logging.getLogger(__name__)

SEALS = Seals()
Marks = Mapping[str, Any]


class SealedSlip(NamedTuple):
    """A secret ballot as it lies in the box of its phase; ``nonce`` is used for no other."""

    phase: str
    nonce: bytes
    slip: bytes


class Box(NamedTuple):
    """What lies in the ballot box of one phase: sealed slips, and marks that an earlier release did not seal."""

    slips: Sequence[SealedSlip] = ()
    unsealed: Sequence[Marks] = ()


def about(session: str, phase: str) -> bytes:
    """Which box a slip belongs to, as its seal says."""
    return f"{session}/{phase}".encode()


# ---- putting in


def sealed_rows(change: Change) -> Iterator[SealedSlip | Emptied]:
    """What secret ballots, and boxes that are emptied, lead to. Raises ValueError where there is no key to seal to."""
    for item in change.items:
        if isinstance(item, SecretBallot):
            yield _sealed(change.state, item)
        elif isinstance(item, Emptied):
            yield item


def _sealed(session: Session, ballot: SecretBallot) -> SealedSlip:
    phase = session.agenda.phases[ballot.phase]
    if not phase.box_key or phase.activity is None:
        raise ValueError(f"there is no key to seal ballots of {phase.id} to")
    seal = SEALS.of(phase.box_key, about(session.code, phase.id))
    return SealedSlip(
        phase.id, *seal.close(orjson.dumps(ballot.marks), padded_size(phase.activity.ballot_bytes))
    )


def fill_boxes(db: Connection, session: str, rows: Sequence[SealedSlip | Emptied]) -> None:
    """Put slips in and empty boxes, as if in the order in which that was decided."""
    emptied = {row.phase: place for place, row in enumerate(rows) if isinstance(row, Emptied)}
    for phase in emptied:
        for kept in (_slips, _unsealed):
            db.execute(delete(kept).where(kept.c.session == session, kept.c.phase == phase))
    slips = [
        row
        for place, row in enumerate(rows)
        if isinstance(row, SealedSlip) and place > emptied.get(row.phase, -1)
    ]
    if slips and db.dialect.name == "postgresql":
        db.exec_driver_sql(_PUT_MANY, (session, *map(list, zip(*slips, strict=True))))
    elif slips:
        for start in range(0, len(slips), ROWS):
            _put(db, session, slips[start : start + ROWS])


def _put(db: Connection, session: str, slips: Sequence[SealedSlip]) -> None:
    values = ", ".join(["(?, ?, ?, ?)"] * len(slips))
    db.exec_driver_sql(_PUT + values, tuple(value for slip in slips for value in (session, *slip)))


# ---- taking out


def read_boxes(db: Connection, session: str) -> dict[str, Box]:
    """What lies in a session's ballot boxes, by phase."""
    sealed: dict[str, list[SealedSlip]] = {}
    chosen = select(_slips.c.phase, _slips.c.nonce, _slips.c.slip).where(_slips.c.session == session)
    for row in db.execute(chosen.order_by(_slips.c.phase, _slips.c.nonce)):
        sealed.setdefault(row.phase, []).append(SealedSlip(*row))
    rows = db.execute(select(_unsealed.c.phase, _unsealed.c.slips).where(_unsealed.c.session == session))
    unsealed = {phase: [orjson.loads(slip) for slip in slips.split("\n")] for phase, slips in rows}
    return {
        phase: Box(sealed.get(phase, ()), unsealed.get(phase, ())) for phase in sorted({*sealed, *unsealed})
    }


def opened(box: Box, session: str, phase: str, private: bytes | None) -> list[Marks]:
    """The ballots in a box. Without a private key they are those that were not sealed; what was sealed to another key
    is left out, so that the count finds too few."""
    if private is None:
        return [*box.unsealed]
    opener = BoxOpener(private, about(session, phase))
    return list(_readable(opener, box.slips))


def _readable(opener: BoxOpener, slips: Iterable[SealedSlip]) -> Iterator[Marks]:
    for slip in slips:
        try:
            yield orjson.loads(opener.read(slip.nonce, slip.slip))
        except Unsealable:
            log.exception("a ballot in the box of %s cannot be read", slip.phase)
