"""What the facilitator should look at: seats that are too few, people nobody meets, and meetings that will not fit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sessions.activities.match import times
from sessions.activities.match.planning.capacity import too_wanted
from sessions.activities.match.planning.problem import MUTUAL
from sessions.activities.match.rules import MEET, slots_of
from sessions.activities.match.whom import Whom
from sessions.activity import Alert, alert
from sessions.format_rules import Fault

if TYPE_CHECKING:
    from sessions.activities.match import Match


def alerts(match: Match) -> Iterator[Alert]:
    if MEET not in match.does or not match.is_open:
        return
    if not match.state.published:
        yield from _beforehand(match)
        return
    waiting = len(match.state.asked)
    if waiting and not match.state.over:
        yield alert("People who did not come to their table: {count}", count=waiting)
    if match.phase.ends_at and times.last_end(match) > match.phase.ends_at + 1 and not match.state.over:
        minutes = round((times.last_end(match) - match.phase.ends_at) / 60)
        yield alert("The last round ends {minutes} minutes after the phase", minutes=minutes)


def _beforehand(match: Match) -> Iterator[Alert]:
    """How many people cannot meet all who want it as they do, and how many are short of what they are owed."""
    wishes = Whom(match).wishes(set())
    slots = slots_of(match.rules)
    short = too_wanted(wishes, dict.fromkeys((m.id for m in match.people), slots))
    if short:
        yield alert("People who are wanted by more than there are rounds: {count}", count=len(short))
    meetings, seats = sum(value >= MUTUAL for value in wishes.values()), slots * len(match.tables)
    if meetings > seats:
        text = "{meetings} meetings are wished by both, and there are {seats}: rounds times tables"
        yield alert(text, meetings=meetings, seats=seats)
    figures = match.state.figures
    left = figures.get("owed", 0) - figures.get("owed_served", 0)
    if left > 0:
        yield alert(
            "People with two wishes or more that came true, and no meeting in the plan: {count}", count=left
        )


def came_short(match: Match) -> Iterator[Fault]:
    """Nobody has met, or not everybody whose wishes came true."""
    if MEET not in match.does:
        return
    wished = {person for two, since in match.mutual.items() if since for person in two}
    met = {person for m in match.state.meetings.values() if m.stands for person in m.people}
    left = len(wished - met)
    if left:
        values = {"count": left, "of": len(wished)}
        yield Fault("{count} of {of} people with a mutual wish have no meeting", values, "slots")
