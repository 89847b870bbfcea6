"""Who leads a team, what it is called and what it works on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sessions.activities.team.changes import choices_changed, table_changed
from sessions.activities.team.checks import refuse_name, table_in, unknown_team
from sessions.activity import Change
from sessions.messages import Command, Decision, Event, refuse
from sessions.sight import Thing

if TYPE_CHECKING:
    from sessions.activities.team import Team
    from sessions.activities.team.events import LeaderSet, NeedSet, TeamRenamed
    from sessions.people import Member


def set_leader(activity: Team, command: Command, sender: Member, now: float) -> Decision:
    """Somebody (``person``) leads their team; ``team`` may say which that has to be."""
    person = command.text("person")
    table = table_in(activity, command) if command.text("team") else activity.seats.table_of(person)
    if table is None or person not in table.members:
        return refuse("not_member", "Only somebody in the team can lead it.")
    return [activity.event("leader_set", team=table.id, person=person)]


def leader_set(activity: Team, event: Event) -> Iterator[Change]:
    body: LeaderSet = event.body
    table = activity.seats.tables[body["team"]]
    table.leader = body["person"]
    yield from table_changed(activity, table)


def rename_team(activity: Team, command: Command, sender: Member, now: float) -> Decision:
    """Give a team another name (``team_name``) that no other team has."""
    table, name = table_in(activity, command), command.text("team_name")
    if table is None:
        return unknown_team()
    if not name:
        return refuse("empty_name", "Write a name, then send.")
    no = refuse_name(activity, table.id, name)
    return no or [activity.event("team_renamed", team=table.id, name=name)]


def team_renamed(activity: Team, event: Event) -> Iterator[Change]:
    body: TeamRenamed = event.body
    table = activity.seats.tables[body["team"]]
    table.name = body["name"] or ""
    activity.renamed[table.id] = event.seq
    yield from table_changed(activity, table)
    yield from choices_changed(activity, table)


def things(activity: Team, event: Event) -> Iterator[Thing]:
    """The name of a team is the session's, as long as it is called so. Reasons of staff and of people are staff's."""
    if event.kind == "team_renamed" and activity.renamed.get(event.body["team"]) == event.seq:
        yield Thing("team", session=activity.session.code)


def set_need(activity: Team, command: Command, sender: Member, now: float) -> Decision:
    """Give a team another need to work on."""
    table, need = table_in(activity, command), command.text("need")
    if table is None:
        return unknown_team()
    if need not in activity.draft.needs:
        return refuse("unknown_need", "That problem is not on the list any more. Choose again.")
    return [activity.event("need_set", team=table.id, need=need)]


def need_set(activity: Team, event: Event) -> Iterator[Change]:
    body: NeedSet = event.body
    table = activity.seats.tables[body["team"]]
    table.need = body["need"]
    yield from table_changed(activity, table)
    yield from choices_changed(activity, table)
