"""Who decides in a jury, and which entries it judges."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sessions.audience import STAFF
from sessions.entry import Entry

if TYPE_CHECKING:
    from sessions.activities.jury import Jury
    from sessions.people import Member

CHAIR = "jury_chair"
SIGNERS = STAFF | {CHAIR}
"""Who may lift conflicts, break ties and sign; staff sign where the jury has no chair."""
MAX_REASON = 280
"""Characters."""


def judged(entries: Iterable[Entry], order: Iterable[str]) -> dict[str, Entry]:
    """The entries in the race by id: in the running order, then those that have no place in it."""
    racing = {entry.id: entry for entry in entries if entry.in_race}
    return {entry: racing[entry] for entry in dict.fromkeys([*(e for e in order if e in racing), *racing])}


def juror_in(jury: Jury, scope: str) -> Member | None:
    """The juror a personal scope belongs to; None for everybody who is none."""
    member = jury.person_in(scope)
    return member if member is not None and member.is_among(jury.phase.spec.who) else None
