"""What needs the facilitator now, wherever it comes from, and where it can be seen to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from sessions.activities import activity_class, kinds
from sessions.activity import Alert, alert
from sessions.agenda import OPEN, PLANNED
from sessions.audience import STAFF
from sessions.format_checks import links_of

if TYPE_CHECKING:
    from sessions.session_state import SessionState


class Needed(NamedTuple):
    """Something that waits for the facilitator: in the pane of a ``phase``, or on the page of people ("")."""

    alert: Alert
    phase: str = ""


def needed(session: SessionState) -> Iterator[Needed]:
    """Everything that waits, what is about people first."""
    yield from (Needed(found) for found in _about_people(session))
    for phase in session.agenda:
        for found in (*_about_phase(session, phase.id), *_of_the_kind(session, phase.id)):
            yield Needed(found, phase.id)


def _about_people(session: SessionState) -> Iterator[Alert]:
    people = session.people.values()
    asking = sum(member.asks_in for member in people)
    if asking:
        yield alert("People who ask to be let back in: {count}", count=asking)
    wishing = sum(member.wished_role != "" and not member.removed for member in people)
    if wishing:
        yield alert("People who wish to have another role: {count}", count=wishing)
    driver = session.people.get(session.driver)
    if session.present_people(STAFF) and (driver is None or driver.removed or driver.role not in STAFF):
        yield alert("Nobody drives. Press “Take over”.")


def _about_phase(session: SessionState, name: str) -> Iterator[Alert]:
    phase = session.agenda.phases[name]
    if phase.state in (PLANNED, OPEN):
        for link, other in links_of(phase.spec.inputs):
            if f"{link}.{other}" not in session.linked:
                yield alert(
                    "What it builds on of an earlier event is missing: {link}", link=f"{link}.{other}"
                )
    if phase.stale and phase.started:
        yield alert("It builds on what has been opened again since")
    if phase is session.agenda.current and phase.state == OPEN and not phase.spec.apart:
        yield alert("Its time is up: go on, or give it more", phase.ends_at)


def _of_the_kind(session: SessionState, name: str) -> Iterable[Alert]:
    phase = session.agenda.phases[name]
    if phase.started and phase.activity is not None:
        return phase.activity.alerts()
    known = phase.state == PLANNED and phase.kind in kinds()  # an old log may hold a kind that is gone
    return activity_class(phase.kind).foreseen(phase.spec, session) if known else ()
