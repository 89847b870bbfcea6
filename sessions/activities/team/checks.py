"""What is asked before a team changes: whether somebody fits, whether a broken rule is explained, who leads then."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sessions.activities.team.seat_history import Table
from sessions.activity import too_long
from sessions.messages import Command, Event, Refused, refuse

if TYPE_CHECKING:
    from sessions.activities.team import Team

MAX_REASON = 280
MAX_NAME = 40


def table_in(activity: Team, command: Command, field: str = "team") -> Table | None:
    """The team that a command's field names."""
    return activity.seats.tables.get(command.text(field))


def refuse_seat(activity: Team, person: str, team: str) -> Refused | None:
    """Why this person cannot have a place in that team."""
    table = activity.seats.tables.get(team)
    if table is None:
        return unknown_team()
    if not activity.draft.placeable(person):
        return refuse("not_for_teams", "Only participants and problem owners sit in teams.")
    if person in table.members:
        return refuse("there_already", "That is the team already. Choose another one.")
    return full(table, activity.draft.mix.max_size) if activity.draft.full(table) else None


def refuse_unexplained(activity: Team, after: Iterable[Table], reason: str) -> Refused | None:
    """Once the teams are confirmed, a change that breaks a rule needs a reason."""
    if reason or not activity.seats.confirmed:
        return None
    for table in after:
        if table.members and activity.draft.newly_broken(table):
            return refuse(
                "reason_needed_move",
                "Team {number} would then not meet the rules. Give a reason and send again.",
                number=table.number,
            )
    return None


def refuse_name(activity: Team, team: str, name: str) -> Refused | None:
    """Why a team cannot be called that: another one is, or it is too long."""
    others = {table.name.casefold() for table in activity.seats.tables.values() if table.id != team}
    if name.casefold() in others:
        return refuse("taken", "Another team has that name. Choose another one.")
    return too_long(name, MAX_NAME)


def new_leader(activity: Team, table: Table | None, leaving: set[str]) -> list[Event]:
    """Somebody else leads when the leader goes."""
    if table is None or table.leader not in leaving:
        return []
    staying = [person for person in table.members if person not in leaving]
    leader = activity.draft.leader_of(staying)
    return [activity.event("leader_set", team=table.id, person=leader)] if staying else []


def unknown_team() -> Refused:
    return refuse("unknown_team", "There is no such team now. Choose one from the list.")


def full(table: Table, limit: int) -> Refused:
    return refuse(
        "full",
        "Team {number} would have {count} people and {limit} is the most. Choose another team.",
        number=table.number,
        count=max(len(table.members), limit + 1),
        limit=limit,
    )
