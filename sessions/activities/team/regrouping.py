"""Remaking teams: start one, split one, merge two. Once the teams are confirmed, breaking a rule takes a reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sessions.activities.team.changes import choices_changed, request_changed, table_changed
from sessions.activities.team.checks import (
    MAX_REASON,
    full,
    new_leader,
    refuse_name,
    refuse_unexplained,
    table_in,
    unknown_team,
)
from sessions.activities.team.names import team_name
from sessions.activities.team.seat_history import Table
from sessions.activity import Change, Changed, too_long
from sessions.audience import person_scope
from sessions.messages import Command, Decision, Event, Refused, refuse
from sessions.outcome import Fact

if TYPE_CHECKING:
    from sessions.activities.team import Team
    from sessions.activities.team.events import TeamsMerged, TeamSplit, TeamStarted
    from sessions.people import Member


def start_team(activity: Team, command: Command, sender: Member, now: float) -> Decision:
    """A new team of people who have none (``person``, repeated), with ``need`` and ``team_name`` if wished."""
    people = list(dict.fromkeys(command.all("person")))
    if not people or any(p in activity.seats.seat or not activity.draft.placeable(p) for p in people):
        return refuse("nobody_free", "Choose people who have no team yet.")
    new = _new(activity, command, people, command.text("need"))
    body = {**_as_body(command, new), "number": new.number, "reason": command.text("reason")}
    return _refuse_new(activity, command, new) or [activity.event("team_started", **body)]


def split_team(activity: Team, command: Command, sender: Member, now: float) -> Decision:
    """Some (``person``, repeated) go to a new team and take some of the entries (``entry``) along."""
    table = table_in(activity, command)
    if table is None:
        return unknown_team()
    going = [person for person in table.members if person in command.all("person")]
    if not going or len(going) == len(table.members):
        return refuse("nobody_left", "Choose who goes to the new team. One must go and one must stay.")
    new = _new(activity, command, going, command.text("need") or table.need)
    staying = replace(table, members=[p for p in table.members if p not in going])
    no = _refuse_new(activity, command, new, staying)
    return no or [_split(activity, command, table, new), *new_leader(activity, table, set(going))]


def _new(activity: Team, command: Command, people: list[str], need: str) -> Table:
    number = activity.next_number
    name = command.text("team_name") or team_name(number)
    known = need if need in activity.draft.needs else ""
    return Table(activity.next_id(), number, name, known, people, activity.draft.leader_of(people))


def _as_body(command: Command, new: Table) -> dict[str, Any]:
    """A new team as an event holds it: the name that people gave stands apart, with the words."""
    given = command.text("team_name")
    return {"new": {**new.as_body(), "name": ""}, "name": given} if given else {"new": new.as_body()}


def _refuse_new(activity: Team, command: Command, new: Table, *others: Table) -> Refused | None:
    """Why a new team cannot be made, or cannot leave the ``others`` as they would be then."""
    reason = command.text("reason")
    no = refuse_name(activity, new.id, new.name) or too_long(reason, MAX_REASON)
    return no or refuse_unexplained(activity, [*others, new], reason)


def _split(activity: Team, command: Command, table: Table, new: Table) -> Event:
    taken = command.all("entry")
    return activity.event(
        "team_split",
        team=table.id,
        number=table.number,
        **_as_body(command, new),
        new_number=new.number,
        entries=[entry.id for entry in activity.session.entries_of(table.id) if entry.id in taken],
        reason=command.text("reason"),
    )


def team_started(activity: Team, event: Event) -> Iterator[Change]:
    body: TeamStarted | TeamSplit = event.body
    activity.draft.made += 1
    new = Table.from_row(body["new"])
    new.name = (body["name"] or "") if "name" in body else new.name
    people = tuple(new.members)
    activity.seats.add(new, event.at)
    answered = [person for person in people if activity.draft.requests.pop(person, None)]
    yield from table_changed(activity, new)
    yield from choices_changed(activity, new)
    yield from (Changed(scope=person_scope(person)) for person in people)
    yield from (Changed("request", person) for person in answered)


def team_split(activity: Team, event: Event) -> Iterator[Change]:
    body: TeamSplit = event.body
    activity.seats.split_from[body["new"]["id"]] = body["team"]
    yield from team_started(activity, event)
    yield from table_changed(activity, activity.seats.tables[body["team"]])
    yield from (Fact(entry, "moved_to", body["new"]["id"]) for entry in body["entries"])


def merge_teams(activity: Team, command: Command, sender: Member, now: float) -> Decision:
    """People and entries of the ``other`` team come to ``team``, which keeps name, need and leader."""
    table, other = table_in(activity, command), table_in(activity, command, "other")
    if table is None or other is None or table is other:
        return unknown_team()
    reason, merged = command.text("reason"), replace(table, members=[*table.members, *other.members])
    if len(merged.members) > activity.draft.mix.max_size:
        return full(merged, activity.draft.mix.max_size)
    no = too_long(reason, MAX_REASON) or refuse_unexplained(activity, [merged], reason)
    entries = [entry.id for entry in activity.session.entries_of(other.id)]
    numbers = {"number": table.number, "other_number": other.number}
    body = {"team": table.id, "other": other.id, "entries": entries, "reason": reason, **numbers}
    return no or [activity.event("teams_merged", **body)]


def teams_merged(activity: Team, event: Event) -> Iterator[Change]:
    body: TeamsMerged = event.body
    table, other = activity.seats.tables[body["team"]], activity.seats.tables[body["other"]]
    yield from (Fact(entry, "moved_to", table.id) for entry in body["entries"])
    came = tuple(other.members)
    activity.seats.merged_from[table.id] = (*activity.seats.merged_from.get(table.id, ()), other.id)
    for person in came:
        activity.seats.sit(person, table.id, event.at)
    yield from table_changed(activity, other)
    yield from table_changed(activity, table)
    for person in came:
        yield from request_changed(person)
