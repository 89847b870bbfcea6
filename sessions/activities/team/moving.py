"""Giving people another place: in the draft, and with a reason once the teams are confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from sessions.activities.team.changes import request_changed, table_changed
from sessions.activities.team.checks import (
    MAX_REASON,
    new_leader,
    refuse_seat,
    refuse_unexplained,
    unknown_team,
)
from sessions.activities.team.seat_history import Table
from sessions.activity import Change, Changed, too_long
from sessions.audience import person_scope
from sessions.messages import Command, Decision, Event, refuse

if TYPE_CHECKING:
    from sessions.activities.team import Team
    from sessions.activities.team.events import PersonSeated
    from sessions.people import Member


def move_person(activity: Team, command: Command, sender: Member, now: float) -> Decision:
    """Give a ``person`` a place in a ``team`` or take them out (""), with a ``reason`` if that breaks a rule."""
    return _move(activity, command, command.text("person"), command.text("team"))


def place_person(activity: Team, command: Command, sender: Member, now: float) -> Decision:
    """The same for somebody who has no team: a late joiner."""
    person, team = command.text("person"), command.text("team")
    seated = activity.seats.table_of(person)
    if seated is not None:
        return refuse("seated", "That person is in team {number} already.", number=seated.number)
    return _move(activity, command, person, team) if team else unknown_team()


def _move(activity: Team, command: Command, person: str, team: str) -> Decision:
    reason, before = command.text("reason"), activity.seats.table_of(person)
    if not team and before is None:
        return []
    no = too_long(reason, MAX_REASON) or (refuse_seat(activity, person, team) if team else None)
    no = no or refuse_unexplained(activity, _after(activity, person, before, team), reason)
    return no or [_moved(activity, person, before, team, reason), *new_leader(activity, before, {person})]


def _after(activity: Team, person: str, before: Table | None, team: str) -> list[Table]:
    """The teams that a move concerns, as they would be after it."""
    left = [replace(before, members=[p for p in before.members if p != person])] if before else []
    to = activity.seats.tables.get(team)
    return [*left, replace(to, members=[*to.members, person])] if to else left


def _moved(activity: Team, person: str, before: Table | None, team: str, reason: str) -> Event:
    to = activity.seats.tables.get(team)
    numbers = {"number": to.number if to else 0, "from_number": before.number if before else 0}
    kind = "person_placed" if not before else "person_moved" if to else "person_taken_out"
    kind = kind if activity.seats.confirmed else "person_seated"
    return activity.event(kind, person=person, team=team, reason=reason, **numbers)


def person_seated(activity: Team, event: Event) -> Iterator[Change]:
    body: PersonSeated = event.body
    person, team = body["person"], body["team"]
    before = activity.seats.table_of(person)
    activity.seats.sit(person, team, event.at)
    answered = activity.draft.requests.pop(person, None)
    for table in (before, activity.seats.tables.get(team)):
        yield from table_changed(activity, table) if table else ()
    yield Changed(scope=person_scope(person))
    yield from request_changed(person) if answered else ()
