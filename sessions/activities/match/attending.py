"""Who is at the table and who is not: a partner says that nobody came, and meets somebody else at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessions.activities.match.floor import Floor
from sessions.activities.match.refusals import (
    meeting_named,
    not_yours,
    person_named,
    refuse_over,
    refuse_stranger,
    refuse_unpublished,
)
from sessions.activities.match.state import MISSED, RELEASED, Meeting
from sessions.audience import STAFF
from sessions.messages import Command, Decision, Refused, refuse

if TYPE_CHECKING:
    from sessions.activities.match import Match
    from sessions.people import Member

INSTEAD = ("gap", "fill")
"""Why meetings were made that may end again when somebody has come after all."""
CHANGE_OF_MIND = 120.0
"""Seconds within which a meeting that was given up can be restored: later others count on the table."""


def report_absent(match: Match, command: Command, sender: Member, now: float) -> Decision:
    """Say that ``person`` has not come to a ``meeting``: whoever waits there meets somebody else at once, and who is
    missing is asked. A second time they are gone, and so are their later meetings."""
    meeting = _of_sender(match, command, sender)
    if isinstance(meeting, Refused):
        return meeting
    person = command.text("person") or _other(meeting, sender.id)
    if meeting.state == MISSED and meeting.missing == sender.id != person:
        return _restored(match, command, meeting, sender, now)
    if not meeting.stands or person in meeting.left:
        return []
    return _refuse_report(match, meeting, person) or _missed(match, command, meeting, person, now)


def _of_sender(match: Match, command: Command, sender: Member) -> Meeting | Refused:
    meeting = meeting_named(match, command)
    if isinstance(meeting, Refused):
        return meeting
    if sender.id not in (*meeting.people, *meeting.left) and sender.role not in STAFF:
        return not_yours()
    return refuse_unpublished(match) or refuse_over(match) or meeting


def _other(meeting: Meeting, person: str) -> str:
    """The one whom somebody waits for where there are two."""
    others = [each for each in meeting.people if each != person]
    return others[0] if len(others) == 1 else ""


def _refuse_report(match: Match, meeting: Meeting, person: str) -> Refused | None:
    if person not in meeting.people:
        return refuse("not_in_meeting", "Say who of them has not come.")
    if meeting.slot == match.state.slot:
        return None
    if meeting.slot > match.state.slot:
        return refuse("not_begun", "This meeting has not begun. Cancel it if you do not want it.")
    return refuse("slot_over", "This round is over.")


def _missed(match: Match, command: Command, meeting: Meeting, person: str, now: float) -> Decision:
    floor = Floor(match, now, command.seed)
    again = person in match.state.asked
    floor.leave(meeting.id, person, MISSED)
    if again:
        floor.gone(person)
    else:
        floor.say("person_asked", person=person)
        floor.here.discard(person)  # nobody else is to wait for them now
    floor.fill()
    return floor.events


# ---- they are here after all


def they_came(match: Match, command: Command, sender: Member, now: float) -> Decision:
    """Who was missing has come: the ``meeting`` is held after all, if that is said soon; else they are placed anew."""
    meeting = _of_sender(match, command, sender)
    if isinstance(meeting, Refused):
        return meeting
    if meeting.stands:
        return []
    if meeting.state != MISSED or meeting.slot != match.state.slot:
        return refuse("not_missed", "Nobody was missing there.")
    return _restored(match, command, meeting, sender, now)


def _restored(match: Match, command: Command, meeting: Meeting, sender: Member, now: float) -> Decision:
    """The meeting as it was; what was put in its place ends. After too long everybody is placed anew."""
    floor = Floor(match, now, command.seed)
    floor.say("person_here", person=meeting.missing)
    floor.here.add(meeting.missing)
    if now - meeting.ended_at <= CHANGE_OF_MIND and _make_room(floor, meeting):
        free = floor.free_tables(meeting.slot)
        if free:
            _end_second(floor, meeting)
            table = meeting.table if meeting.table in free else free[0]
            floor.live[meeting.id] = meeting
            floor.say("meeting_restored", meeting=meeting.id, table=table)
    floor.fill()
    return floor.events


def _make_room(floor: Floor, meeting: Meeting) -> bool:
    """What its people were given instead ends, and a table that one of them joined goes on without; False if somebody
    has what was planned or put there by hand."""
    instead = [(p, found) for p in meeting.people if (found := floor.at(p, meeting.slot)) is not None]
    if any(found.why not in INSTEAD and not _joined(found, p) for p, found in instead):
        return False
    for person, found in instead:
        if _joined(found, person):
            floor.leave(found.id, person, RELEASED)
        elif found.id in floor.live:
            floor.end(found.id, RELEASED)
    return True


def _end_second(floor: Floor, meeting: Meeting) -> None:
    """Two who were to meet later instead do not meet twice."""
    for later in list(floor.live.values()):
        again = [person for person in later.people if person in meeting.people]
        if len(again) > 1:
            floor.leave(later.id, again[-1], RELEASED)


def _joined(meeting: Meeting, person: str) -> bool:
    """Whether somebody sat down with two as a third."""
    return len(meeting.people) > 2 and meeting.people[-1] == person


def i_am_here(match: Match, command: Command, sender: Member, now: float) -> Decision:
    """Somebody who was missed, or had left, is there."""
    return refuse_stranger(match, sender) or _here(match, command, sender.id, now)


def mark_here(match: Match, command: Command, sender: Member, now: float) -> Decision:
    """Staff sees that ``party`` is there."""
    person = person_named(match, command)
    return person if isinstance(person, Refused) else _here(match, command, person.id, now)


def _here(match: Match, command: Command, person: str, now: float) -> Decision:
    if person not in match.state.asked and person not in match.state.absent:
        return []
    floor = Floor(match, now, command.seed)
    floor.say("person_here", person=person)
    floor.here.add(person)
    if match.meeting_now:
        floor.fill()
    return floor.events


def leave_meetings(match: Match, command: Command, sender: Member, now: float) -> Decision:
    """Somebody has to go: whoever was to meet them meets others."""
    return refuse_stranger(match, sender) or _gone(match, command, sender.id, now)


def mark_absent(match: Match, command: Command, sender: Member, now: float) -> Decision:
    """Staff sees that ``party`` is not there."""
    person = person_named(match, command)
    return person if isinstance(person, Refused) else _gone(match, command, person.id, now)


def _gone(match: Match, command: Command, person: str, now: float) -> Decision:
    if person in match.state.absent:
        return []
    floor = Floor(match, now, command.seed)
    floor.gone(person)
    if match.meeting_now:
        floor.fill()
    return floor.events
