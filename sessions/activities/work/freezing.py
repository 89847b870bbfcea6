"""The sub-deadlines of a work phase: when they freeze the documents, what was lacking then, and how they are moved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from sessions.activities.work.snapshots import snapshot
from sessions.activities.work.stops import Lack, Stop, freezes_at, over_at, pending
from sessions.activity import EVERY_PANE, Change, Deadline
from sessions.messages import Command, Decision, Event, Refused, refuse

if TYPE_CHECKING:
    from sessions.activities.work import Work
    from sessions.activities.work.documents import Documents
    from sessions.activities.work.events import Lacking, StopMoved, StopReached
    from sessions.people import Member


def is_frozen(work: Work) -> bool:
    """Whether the documents are only for reading."""
    return not work.is_open or any(stop.hard and stop.reached for stop in work.stops)


def late_by(work: Work, now: float) -> float:
    """Seconds by which something that comes now is late; 0 while it is on time."""
    closed_at = 0.0 if work.is_open else work.phase.closed_at
    return max(0.0, now - over_at(work.stops, work.grace, closed_at))


def refuse_late(work: Work, now: float) -> Refused | None:
    """The refusal of what cannot wait for the facilitator when it comes late; None while it is on time."""
    if not late_by(work, now):
        return None
    return refuse("frozen", "The documents are frozen. Ask the facilitator to move the deadline.")


def deadlines(work: Work) -> Iterator[Deadline]:
    """When the clock freezes the documents."""
    for stop in pending(work.stops):
        at = freezes_at(stop, work.grace)
        yield Deadline(at, "freeze", f"{stop.number}-{at:.0f}")


def freeze(work: Work, command: Command, sender: Member, now: float) -> Decision:
    """The clock: what is due is frozen."""
    return _reach(work, now, freezes_at)


def closing(work: Work, now: float, command: Command) -> list[Event]:
    """A phase that closes early freezes what its deadlines would have frozen."""
    return _reach(work, now, lambda stop, grace: 0.0)


def _reach(work: Work, now: float, due_at: Callable[[Stop, float], float]) -> list[Event]:
    due = [stop for stop in pending(work.stops) if due_at(stop, work.grace) <= now]
    reached = [
        work.event("stop_reached", stop=stop.number, lacks=_lacking(work, stop.number)) for stop in due
    ]
    frozen = [snapshot(work, entry, due[-1].name) for entry, _ in work.running()] if due else []
    return [*reached, *frozen]


def _lacking(work: Work, stop: int) -> dict[str, Lacking]:
    lacks = {entry.id: _lack(work, documents, stop) for entry, documents in work.running()}
    return {entry: lack for entry, lack in lacks.items() if any(lack.values())}


def _lack(work: Work, documents: Documents, stop: int) -> Lacking:
    if work.submits and work.stops[stop].hard:
        return {"unsubmitted": not documents.submitted_at}
    return {
        "fields": len(documents.empty),
        "contacts": max(0, work.stops[stop].contacts - len(documents.contacts)),
    }


def stop_reached(work: Work, event: Event) -> Iterator[Change]:
    body: StopReached = event.body
    stop = work.stops[body["stop"]]
    stop.reached = True
    for entry, lack in body["lacks"].items():
        work.state.documents[entry].lacks[stop.number] = Lack(**lack)
    yield EVERY_PANE


def move_stop(work: Work, command: Command, sender: Member, now: float) -> Decision:
    """Staff move one deadline (``stop``) by ``minutes`` from where it stands, or from now if it has passed. A
    change of the phase's own end moves none."""
    stop = next((s for s in work.stops if str(s.number) == command.text("stop")), None)
    minutes = command.whole("minutes")
    if stop is None or not minutes:
        return refuse("bad_minutes", "Give whole minutes other than 0, such as 15 or -5.")
    at = (max(stop.at, now) if stop.reached else stop.at) + minutes * 60.0
    if at <= now:
        return refuse("in_the_past", "That moment has passed already. Give a later one.")
    return [work.event("stop_moved", stop=stop.number, moved_at=at, title=dict(stop.title))]


def stop_moved(work: Work, event: Event) -> Iterator[Change]:
    body: StopMoved = event.body
    stop = work.stops[body["stop"]]
    stop.at, stop.reached = body["moved_at"], False
    yield EVERY_PANE
