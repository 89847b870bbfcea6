"""The clock calls everybody to the tables of a slot, and fills what is empty there; staff shifts what is to come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sessions.activities.match import times
from sessions.activities.match.floor import Floor
from sessions.activities.match.refusals import refuse_over, refuse_unpublished
from sessions.activities.match.rules import slots_of
from sessions.activities.match.state import RELEASED
from sessions.activity import Deadline
from sessions.messages import Command, Decision, Event, refuse

if TYPE_CHECKING:
    from sessions.activities.match import Match
    from sessions.people import Member

MOST_SHIFT = 60
"""Minutes by which one press moves what is to come."""


def deadlines(match: Match) -> Iterator[Deadline]:
    """The next bell, the end of the last slot, and whoever has gone while others wait for them."""
    if not match.meeting_now:
        return
    following = match.state.slot + 1
    if following < slots_of(match.rules):
        yield Deadline(times.bell(match, following), "begin_slot", f"{following}")
    else:
        yield Deadline(times.last_end(match), "end_slots")
    if match.gone:
        yield Deadline(match.session.at, "release_person")


def begin_slot(match: Match, command: Command, sender: Member, now: float) -> Decision:
    """The clock calls everybody to the tables of slot ``key``. Who was waited for in the one before and has not
    answered is gone; gaps are filled, also with people who have said nothing of each other."""
    slot = match.state.slot + 1
    if not _is_due(match, times.bell(match, slot), now) or slot >= slots_of(match.rules):
        return []
    floor = Floor(match, now, command.seed)
    floor.say("slot_begun", slot=slot)
    for person in (*match.state.asked, *(p for p in match.gone if p not in match.state.asked)):
        floor.gone(person)
    floor.fill(bell=True)
    return floor.events


def end_slots(match: Match, command: Command, sender: Member, now: float) -> Decision:
    """The clock says that the last slot is over."""
    last = slots_of(match.rules) - 1
    if match.state.slot < last or match.state.over or not _is_due(match, times.last_end(match), now):
        return []
    return [match.event("slots_ended", slot=last)]


def release_person(match: Match, command: Command, sender: Member, now: float) -> Decision:
    """The clock finds that somebody has left the event: whoever was to meet them meets others."""
    gone = match.gone if match.meeting_now else []
    if not gone:
        return []
    floor = Floor(match, now, command.seed)
    for person in gone:
        floor.gone(person)
    floor.fill()
    return floor.events


def shift_slots(match: Match, command: Command, sender: Member, now: float) -> Decision:
    """Everything from the next slot on is so many ``minutes`` later, or earlier; with ``now`` (yes) its bell is now."""
    no = refuse_unpublished(match) or refuse_over(match)
    if no is not None:
        return no
    first = match.state.slot + 1
    if first >= slots_of(match.rules):
        return refuse("last_slot", "This is the last round.")
    wait = times.bell(match, first) - now
    minutes = command.whole("minutes") or 0
    seconds = -wait if command.text("now") else max(-wait, min(MOST_SHIFT, minutes) * 60.0)
    return [match.event("slots_shifted", first=first, seconds=seconds)] if abs(seconds) >= 1 else []


def closing(match: Match, now: float, command: Command) -> Sequence[Event]:
    """Meetings whose slot has not begun end with the phase, and everybody is told."""
    if not match.state.published or match.state.over:
        return ()
    floor = Floor(match, now, command.seed)
    for meeting in [m for m in floor.live.values() if m.slot > match.state.slot]:
        floor.end(meeting.id, RELEASED)
    return floor.events


def _is_due(match: Match, at: float, now: float) -> bool:
    return match.meeting_now and round(now - at, 3) >= 0
