"""What changes with a team or a request: the session's team, entries left behind, and the fragments that show it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sessions.activities.team.seat_history import Table
from sessions.activity import Change, Changed
from sessions.audience import STAFF, TEAM_PEOPLE, person_scope, role_scope, team_scope
from sessions.outcome import Fact
from sessions.outcome import Team as TeamNow

if TYPE_CHECKING:
    from sessions.activities.team import Team

SEEN_OF_PEOPLE = frozenset({"present", "competence", "wish_role", "consent"})
SEEN_OF_ENTRIES = frozenset({"kept", "title", "status", "moved_to"})
DESKS = tuple(Changed(scope=role_scope(role)) for role in sorted(STAFF))


def request_changed(person: str) -> Iterator[Changed]:
    """Somebody's request has come, was answered or is gone."""
    yield from (Changed("request", person), *DESKS)
    yield Changed(scope=person_scope(person))


def table_changed(activity: Team, table: Table) -> Iterator[Change]:
    """A team has changed: once teams are confirmed the session's team follows; an empty one dissolves."""
    if activity.seats.confirmed:
        yield activity.seats.as_team(table)
    if not table.members:
        del activity.seats.tables[table.id]
        yield from _parked(activity, table)
        yield from choices_changed(activity, table)
    yield from _shown(activity, table)


def _parked(activity: Team, table: Table) -> Iterator[Change]:
    """Nobody is left to carry a dissolved team's entries."""
    yield from (Fact(entry.id, "status", "parked") for entry in activity.session.entries_of(table.id))


def _shown(activity: Team, table: Table) -> Iterator[Changed]:
    yield from (Changed("tables"), Changed("board"), *DESKS)
    if activity.seats.confirmed:
        yield Changed(scope=team_scope(table.id))
    else:
        yield from (Changed(scope=person_scope(person)) for person in table.members)
    if activity.self_join:  # how many sit where stands in the form by which one sits down
        yield from (Changed(scope=role_scope(role)) for role in sorted(TEAM_PEOPLE))


def choices_changed(activity: Team, table: Table) -> Iterator[Changed]:
    """Which teams there are, or what they are called, stands in the form that asks for a place."""
    yield from (Changed(scope=role_scope(role)) for role in sorted(TEAM_PEOPLE))
    for person, request in activity.draft.requests.items():
        if table.id in (request.team, activity.seats.seat.get(person)):
            yield from request_changed(person)


def noticed(activity: Team, change: Fact | TeamNow, phase: str) -> Iterator[Changed]:
    """What others learn of people (who is here, what they can) and of entries stands on tables and boards."""
    if isinstance(change, TeamNow):
        return
    kind, _, person = change.subject.partition(":")
    table = activity.seats.table_of(person) if kind == "person" else None
    if table is not None and change.name in SEEN_OF_PEOPLE:
        yield from _shown(activity, table)
    elif (kind == "person" and change.name in SEEN_OF_PEOPLE) or change.name in SEEN_OF_ENTRIES:
        yield from (Changed("board"), *DESKS)
