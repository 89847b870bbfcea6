"""Did people take part? Which phases nobody did anything in, and what pages offered that nobody ever pressed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from app.archive.line import Line
from app.rehearsal.account.claims import Claim
from app.rehearsal.habits import habits_of
from app.rehearsal.people.company import SESSION
from sessions.activities import activity_class
from sessions.audience import CLOCK
from sessions.format import Format

Offer = tuple[str, str]
"""A phase ("" for none) and a command."""
Known = tuple[str, str]
"""A kind (SESSION for the session's own) and a command."""


@dataclass
class Participation:
    """``unattended``: phases in which nobody took part. ``never_pressed``: commands that somebody had before them and
    nobody ever gave, those left out that the kinds' habits rightly leave alone."""

    unattended: list[str] = field(default_factory=list)
    never_pressed: list[str] = field(default_factory=list)


def participation(
    programme: Format, claims: Iterable[Claim], offers: Iterable[Offer], by_clock: Collection[Offer] = ()
) -> Participation:
    """What came of the phases of a programme and of what was offered in them. What the clock was quicker to do than
    anybody (``by_clock``) counts as pressed."""
    sent = [claim.sent for claim in claims]
    taken = {(str(s.fields.get("phase", "")), s.name) for s in sent if s.acknowledged}
    given = {*by_clock} | {(str(s.fields.get("phase", "")), s.name) for s in sent}
    pressed = {_known(programme, offer) for offer in given}
    missed = {_known(programme, offer) for offer in offers} - pressed
    return Participation(
        [spec.id for spec in programme.specs if _unattended(spec.id, habits_of(spec.kind).heart, taken)],
        [f"{kind} {command}" for kind, command in sorted(missed) if not left_alone(kind, command)],
    )


def done_by_clock(log: Iterable[Line]) -> set[Offer]:
    """The phases and commands that the clock gave: its ids begin with them (see app/live/deadlines.py)."""
    parts = (line.command.split(":") for line in log if line.actor == CLOCK)
    return {(phase, command) for phase, command, *_ in parts}


def left_alone(kind: str, command: str) -> str:
    """Why simulated people rightly never give a command; "" where they should."""
    return habits_of(kind).left_alone.get(command, "")


def _unattended(phase: str, heart: frozenset[str], taken: set[Offer]) -> bool:
    return bool(heart) and not any((phase, command) in taken for command in heart)


def _known(programme: Format, offer: Offer) -> Known:
    """Whose command it is: the kind's of the phase, or the session's own."""
    phase, command = offer
    kind = next((spec.kind for spec in programme.specs if spec.id == phase), SESSION)
    own = kind != SESSION and command in activity_class(kind).rights
    return (kind, command) if own else (SESSION, command)
