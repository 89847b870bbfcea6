"""The way back: what the latest decision about people and phases has done, and the events that take it back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sessions.agenda import CLOSED, OPEN, SKIPPED, Phase
from sessions.audience import CLOCK, DOOR
from sessions.box_keys import has_box
from sessions.messages import Event, Refused, refuse
from sessions.session_shapes import own_event

if TYPE_CHECKING:
    from sessions.session_state import SessionState

UNDO_SECONDS = 10.0
"""How long the console offers it."""
ON_THE_WAY = 20.0
"""Seconds for which a press may be under way on a slow line."""
A_LITTLE_LONGER = 60.0
"""Seconds that a phase which the clock closes gets back at least."""
WEIGHT = ("phase_closed", "phase_opened", "phase_skipped")
"""What of several steps an offer tells about: the last of these there is."""


@dataclass(frozen=True, slots=True)
class Step:
    """One event of a decision, and what takes it back: nothing where another step of the decision does that too."""

    event: Event
    back: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Undoable:
    """The latest decision, as long as nothing has come after it. ``current`` (a phase's id) and ``anchor`` are what the
    agenda had before; ``final`` says that part of it cannot be had back, so that nothing is offered."""

    steps: tuple[Step, ...]
    current: str
    anchor: float
    final: bool = False

    @property
    def seq(self) -> int:
        return self.steps[-1].event.seq

    @property
    def until(self) -> float:
        """Wall time to which the console offers it."""
        return self.steps[-1].event.at + UNDO_SECONDS

    @property
    def heaviest(self) -> Event:
        """The event that an offer tells about."""
        return max((step.event for step in self.steps), key=_weight)

    @property
    def about_phases(self) -> bool:
        return bool(self.heaviest.phase)


def _weight(event: Event) -> int:
    return WEIGHT.index(event.kind) if event.kind in WEIGHT else -1


def note(session: SessionState, event: Event) -> None:
    """Remember how an event that is about to be folded can be taken back, together with the rest of its decision."""
    if event.kind in ENDING:
        session.undoable = None
        return
    back = WAYS.get(event.kind)
    if back is None or event.actor in (CLOCK, DOOR):
        return
    before = session.undoable
    if before is None or before.steps[-1].event.command != event.command:
        current = session.agenda.current
        before = Undoable((), current.id if current else "", session.anchor)
    steps = (*before.steps, Step(event, tuple(back(session, event))))
    final = before.final or _is_final(session.agenda.get(event.phase), event)
    session.undoable = Undoable(steps, before.current, before.anchor, final)
    session.touch("undo")


def _is_final(phase: Phase | None, event: Event) -> bool:
    """Whether a phase would lose something if it were opened again: a ballot box is counted once, as it closes."""
    if phase is None or phase.activity is None or event.kind not in ("phase_closed", "phase_skipped"):
        return False
    return has_box(phase) or phase.activity.lost_by_reopening() is not None


def way_back(session: SessionState, seq: int | None, now: float) -> list[Event] | Refused:
    """The events that take the decision with this seq back, or why it cannot be taken back any more."""
    decided = session.undoable
    if decided is None or decided.final or decided.seq != seq or now > decided.until + ON_THE_WAY:
        return _too_late()
    if not all(_still_stands(session, step.event) for step in _last_steps(decided)):
        return _too_late()
    back = [_lasting(session, event, now) for step in reversed(decided.steps) for event in step.back]
    undone = own_event("decision_undone", decision=seq, current=decided.current, anchor=decided.anchor)
    return [*back, undone]


def _too_late() -> Refused:
    return refuse(
        "too_late_to_undo",
        "This cannot be taken back any more: something has happened since. Look at what is open now.",
    )


def _last_steps(decided: Undoable) -> Iterator[Step]:
    """Of each phase or person that a decision is about, the last step."""
    about = {(step.event.phase or step.event.body["person"]): step for step in decided.steps}
    yield from about.values()


def _still_stands(session: SessionState, event: Event) -> bool:
    if event.phase:
        return session.agenda.phases[event.phase].state == STATES[event.kind]
    member = session.people[event.body["person"]]
    if event.kind == "role_granted":
        return bool(member.called == event.body["role"])
    return member.removed and not member.erased


def _lasting(session: SessionState, event: Event, now: float) -> Event:
    """The clock does not close at once again what it closes by itself."""
    if event.kind != "phase_reopened" or session.agenda.phases[event.phase].spec.ends != "close":
        return event
    ends_at = max(event.body["ends_at"], now + A_LITTLE_LONGER)
    return own_event(event.kind, event.phase, ends_at=ends_at)


# ---- one function for each kind of event: what takes it back, as things stand before it is folded


def phase_opened(session: SessionState, event: Event) -> Iterator[Event]:
    skipped = session.agenda.phases[event.phase].state == SKIPPED
    yield own_event("phase_skipped" if skipped else "phase_put_back", event.phase)


def phase_closed(session: SessionState, event: Event) -> Iterator[Event]:
    ends_at = session.agenda.phases[event.phase].ends_at
    yield own_event("phase_reopened", event.phase, ends_at=ends_at)


def phase_skipped(session: SessionState, event: Event) -> Iterator[Event]:
    """One that was on was closed by the same decision, and comes back with that."""
    if not session.agenda.phases[event.phase].started:
        yield own_event("phase_put_back", event.phase)


def person_removed(session: SessionState, event: Event) -> Iterator[Event]:
    yield own_event("person_let_in", person=event.body["person"])


def role_granted(session: SessionState, event: Event) -> Iterator[Event]:
    person = event.body["person"]
    yield own_event("role_granted", person=person, role=session.people[person].called)


WAYS: Mapping[str, Callable[[Any, Event], Iterator[Event]]] = {
    "phase_opened": phase_opened,
    "phase_closed": phase_closed,
    "phase_skipped": phase_skipped,
    "person_removed": person_removed,
    "role_granted": role_granted,
}
ENDING = ("phase_reopened", "phase_put_back")
"""Kinds of events after which nothing from before is taken back: the agenda has gone another way."""
STATES: Mapping[str, str] = {"phase_opened": OPEN, "phase_closed": CLOSED, "phase_skipped": SKIPPED}
