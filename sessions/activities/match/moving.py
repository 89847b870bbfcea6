"""Single meetings are cancelled or made by hand; tables are closed and opened. All that stands stays where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessions.activities.match.floor import Floor
from sessions.activities.match.planning.problem import pair
from sessions.activities.match.refusals import (
    meeting_named,
    not_yours,
    person_named,
    refuse_over,
    refuse_unpublished,
)
from sessions.activities.match.state import CANCELLED, RELEASED, Meeting
from sessions.activity import too_long
from sessions.audience import STAFF
from sessions.messages import Command, Decision, Refused, refuse

if TYPE_CHECKING:
    from sessions.activities.match import Match
    from sessions.people import Member

MOST_REASON = 280


def cancel_meeting(match: Match, command: Command, sender: Member, now: float) -> Decision:
    """Give up a ``meeting`` that has not begun, one's own or, for staff, any with a ``reason``. The two are not put
    together again."""
    meeting, reason = meeting_named(match, command), command.text("reason")
    if isinstance(meeting, Refused):
        return meeting
    own = sender.id in meeting.people
    if not own and sender.role not in STAFF:
        return not_yours()
    if not meeting.stands:
        return []
    no = _refuse_cancelling(match, meeting, reason, own) or too_long(reason, MOST_REASON)
    if no is not None:
        return no
    floor = Floor(match, now, command.seed)
    floor.whom.barred = {**floor.whom.barred, **dict.fromkeys(_pairs(meeting))}
    floor.end(meeting.id, CANCELLED, reason=reason)
    floor.fill()
    return floor.events


def _refuse_cancelling(match: Match, meeting: Meeting, reason: str, own: bool) -> Refused | None:
    if meeting.slot <= match.state.slot:
        return refuse("begun", "This meeting has begun already.")
    if not own and not reason:
        return refuse("no_reason_why", "Write a line to both: why it is cancelled.")
    return None


def _pairs(meeting: Meeting) -> list[tuple[str, str]]:
    return [pair(one, other) for one in meeting.people for other in meeting.people if one < other]


def pair_people(match: Match, command: Command, sender: Member, now: float) -> Decision:
    """Staff puts two together: ``party``, ``other``, ``slot``. What either has there already stays, unless ``replace``
    (yes) is said."""
    one, other = person_named(match, command), person_named(match, command, "other")
    if isinstance(one, Refused) or isinstance(other, Refused):
        return one if isinstance(one, Refused) else other  # type: ignore[return-value]  # one of them is a refusal
    no = refuse_unpublished(match) or refuse_over(match)
    if no is not None:
        return no
    slot = command.whole("slot")
    floor = Floor(match, now, command.seed)
    if slot is None or not floor.first <= slot < floor.slots:
        return refuse("no_slot", "Choose a round that is still to come.")
    return _refuse_pair(floor, one.id, other.id) or _by_hand(floor, (one.id, other.id), slot, command)


def _refuse_pair(floor: Floor, one: str, other: str) -> Refused | None:
    if one == other:
        return refuse("same_person", "Choose two different people.")
    if pair(one, other) in floor.met():
        return refuse("met", "These two have a meeting already.")
    if {one, other} - floor.here:
        return refuse("away", "One of them is not here.")
    return None


def _by_hand(floor: Floor, two: tuple[str, str], slot: int, command: Command) -> Decision:
    standing = {found.id: found for person in two if (found := floor.at(person, slot)) is not None}
    if standing and command.text("replace") != "yes":
        return refuse(
            "busy", "One of them has a meeting in round {round}. Tick that it is replaced.", round=slot + 1
        )
    for person in two:
        found = floor.at(person, slot)
        if found is not None:
            floor.leave(found.id, person, RELEASED)
    if not floor.free_tables(slot):
        return refuse("no_table", "No table is free in that round.")
    floor.add([(pair(*two), slot)], "hand")
    floor.fill()
    return floor.events


# ---- tables


def close_table(match: Match, command: Command, sender: Member, now: float) -> Decision:
    """A ``table`` cannot be used: whoever was to meet there meets at another, in the same slot."""
    table = command.text("table")
    if table not in match.tables:
        return refuse("no_such_table", "There is no such table.")
    if table in match.state.closed_tables:
        return []
    floor = Floor(match, now, command.seed)
    floor.say("table_closed", table=table)
    floor.tables.remove(table)
    for meeting in [m for m in floor.live.values() if m.table == table and m.slot >= floor.current]:
        free = floor.free_tables(meeting.slot)
        if free:
            meeting.table = free[0]
            floor.say("table_changed", meeting=meeting.id, table=free[0])
        else:
            floor.end(meeting.id, RELEASED)
    if match.meeting_now:
        floor.fill()
    return floor.events


def open_table(match: Match, command: Command, sender: Member, now: float) -> Decision:
    """A ``table`` can be used again."""
    table = command.text("table")
    if table not in match.state.closed_tables:
        return [] if table in match.tables else refuse("no_such_table", "There is no such table.")
    floor = Floor(match, now, command.seed)
    floor.say("table_opened", table=table)
    floor.tables = [each for each in match.tables if each == table or each in floor.tables]
    if match.meeting_now:
        floor.fill()
    return floor.events
