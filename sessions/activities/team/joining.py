"""Teams that people make themselves: everybody sits down at the table of a need or an idea, until staff confirm."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sessions.activities.team.changes import table_changed
from sessions.activities.team.checks import full
from sessions.activities.team.names import team_name
from sessions.activities.team.seat_history import Table
from sessions.activity import Change, Changed
from sessions.audience import person_scope
from sessions.messages import Command, Decision, Event, refuse
from sessions.outcome import Fact

if TYPE_CHECKING:
    from sessions.activities.team import Team
    from sessions.activities.team.events import TableJoined
    from sessions.people import Member


def join_table(activity: Team, command: Command, sender: Member, now: float) -> Decision:
    """Sit down at the table of a ``need`` (a card); "" leaves the table. The first to come makes the team."""
    need, seats = command.text("need"), activity.seats
    if not activity.self_join or seats.confirmed:
        return refuse("no_joining", "Nobody chooses a table now. Ask the facilitator for a place.")
    if not activity.draft.placeable(sender.id):
        return refuse("not_for_teams", "Only participants and problem owners sit in teams.")
    if need and need not in activity.draft.needs:
        return refuse("unknown_need", "That problem is not on the list any more. Choose again.")
    at, now_at = table_for(activity, need), seats.table_of(sender.id)
    if (now_at.need if now_at else "") == need:
        return []
    if at is not None and activity.draft.full(at):
        return full(at, activity.draft.mix.max_size)
    number, team = (at.number, at.id) if at else (activity.next_number, activity.next_id())
    if not need:
        number, team = 0, ""
    return [activity.event("table_joined", person=sender.id, need=need, team=team, number=number)]


def table_for(activity: Team, need: str) -> Table | None:
    """The table at which people sit who have chosen a need."""
    return next((table for table in activity.seats.tables.values() if need and table.need == need), None)


def table_joined(activity: Team, event: Event) -> Iterator[Change]:
    body: TableJoined = event.body
    person, team, seats = body["person"], body["team"], activity.seats
    before = seats.table_of(person)
    if team and team not in seats.tables:
        activity.draft.made += 1
        seats.add(Table(team, body["number"], team_name(body["number"]), body["need"]), event.at)
    seats.sit(person, team, event.at)
    for table in filter(None, (before, seats.tables.get(team))):
        table.leader = table.leader or next(iter(table.members), "")
        yield from table_changed(activity, table)
    yield Changed(scope=person_scope(person))


def tables_to_join(activity: Team) -> list[dict[str, Any]]:
    """Every need with the table that is made for it, if it is, and how many more may come."""
    most = activity.draft.mix.max_size
    found = []
    for need in activity.draft.needs.values():
        table = table_for(activity, need.id)
        taken = len(table.members) if table else 0
        found.append({"need": need, "table": table, "taken": taken, "free": max(0, most - taken)})
    return found


def begun(activity: Team) -> Iterator[Change]:
    """Every team that has made itself around an idea carries it on as an entry."""
    for table in activity.seats.tables.values():
        idea = activity.draft.needs.get(table.need)
        if idea is not None and activity.rules.get("begins_entries"):
            first = {"title": idea.headline, "team": table.id, "idea": idea.id, "need": idea.link}
            yield Fact(idea.id, "kept", first)
