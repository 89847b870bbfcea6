"""Ballot boxes on disk: the secret ballots of votes that are not counted yet, one row for each vote.

Were each ballot a row of its own, its place within its page (in PostgreSQL the number of its transaction) would tell
when it came, whatever its key, and the log tells who voted then. So an urn is one text that is written anew as a
whole, its slips in alphabetical order: it is the same whatever order they came in.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, delete, insert, select

from app.database.tables import table
from sessions.ballot_boxes import written
from sessions.messages import BallotBoxes, Emptied, SecretBallot

_urns = table("secret_ballots")


def read_urns(db: Connection, session: str) -> BallotBoxes:
    """What lies in a session's urns."""
    rows = db.execute(select(_urns.c.phase, _urns.c.slips).where(_urns.c.session == session))
    return {phase: [orjson.loads(slip) for slip in slips.split("\n")] for phase, slips in rows}


def fill_urns(db: Connection, session: str, items: Sequence[SecretBallot | Emptied]) -> None:
    """Put slips in and empty urns, in the order in which that was decided."""
    for phase in dict.fromkeys(item.phase for item in items):
        _fill(db, session, phase, [item for item in items if item.phase == phase])


def _fill(db: Connection, session: str, phase: str, items: Iterable[SecretBallot | Emptied]) -> None:
    urn: Any = (_urns.c.session == session) & (_urns.c.phase == phase)
    kept = db.execute(select(_urns.c.slips).where(urn)).scalar_one_or_none()
    slips = kept.split("\n") if kept else []
    for item in items:
        if isinstance(item, SecretBallot):
            slips.append(written(item.marks))
        else:
            slips.clear()
    db.execute(delete(_urns).where(urn))
    if slips:
        db.execute(insert(_urns).values(session=session, phase=phase, slips="\n".join(sorted(slips))))
