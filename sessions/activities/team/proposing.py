"""The draft of all teams and its confirmation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sessions.activities.team.building import Draft, propose
from sessions.activities.team.checks import MAX_REASON
from sessions.activities.team.joining import begun
from sessions.activities.team.names import team_name
from sessions.activities.team.seat_history import Table
from sessions.activity import EVERY_PANE, Change, too_long
from sessions.messages import Command, Decision, Event, Refused, refuse

if TYPE_CHECKING:
    from sessions.activities.team import Team
    from sessions.activities.team.events import TeamsProposed
    from sessions.people import Member


def propose_teams(activity: Team, command: Command, sender: Member, now: float) -> Decision:
    """Draft teams for everybody who is here, by the command's seed. Replaces an earlier draft."""
    if activity.seats.confirmed:
        return _refuse_confirmed()
    if activity.self_join:
        return refuse("self_join", "Here everybody chooses a table. Move people who have none, then confirm.")
    present = [member.id for member in activity.to_place() if member.present]
    if not present:
        return refuse("nobody", "Nobody is here to be placed yet.")
    draft = activity.draft
    found = propose(map(draft.candidate, present), list(draft.needs), draft.mix, command.seed)
    tables = [_drafted(activity, i, proposed) for i, proposed in enumerate(found)]
    return [activity.event("teams_proposed", teams=[t.as_body() for t in tables], seed=command.seed)]


def _drafted(activity: Team, index: int, draft: Draft) -> Table:
    number = 1 + index + max((team.number for team in activity.session.teams.values()), default=0)
    name = team_name(number)
    return Table(activity.next_id(index), number, name, draft.need, list(draft.members), draft.leader)


def teams_proposed(activity: Team, event: Event) -> Iterator[Change]:
    body: TeamsProposed = event.body
    activity.draft.made += len(body["teams"])
    activity.seats.lay(Table.from_row(row) for row in body["teams"])
    yield EVERY_PANE


def confirm_teams(activity: Team, command: Command, sender: Member, now: float) -> Decision:
    """Make the draft count. Where rules are not met it takes a ``reason``, which is logged."""
    broken, reason = activity.draft.all_broken(), command.text("reason")
    no = _refuse_confirming(activity, broken=0 if reason else len(broken)) or too_long(reason, MAX_REASON)
    people = sum(activity.draft.placeable(person) for person in activity.seats.seat)
    figures = {"teams": len(activity.seats.tables), "people": people, "broken": len(broken)}
    return no or [activity.event("teams_confirmed", breaches=broken, reason=reason, **figures)]


def _refuse_confirming(activity: Team, broken: int) -> Refused | None:
    """Why the draft cannot count yet. ``broken`` is how many rules are not met without a reason."""
    if activity.seats.confirmed:
        return _refuse_confirmed()
    if not activity.seats.tables:
        return refuse("no_teams", "There are no teams to confirm. Propose teams first.")
    if broken:
        return refuse(
            "reason_needed",
            "Rules not met: {count}. Move people first, or confirm with a reason.",
            count=broken,
        )
    return None


def _refuse_confirmed() -> Refused:
    return refuse("confirmed_move", "The teams are confirmed. Move people one by one instead.")


def teams_confirmed(activity: Team, event: Event) -> Iterator[Change]:
    """The draft becomes the session's teams; who has left meanwhile, and a team of nobody, is left out."""
    seats, draft = activity.seats, activity.draft
    for person in [person for person in seats.seat if not draft.placeable(person)]:
        seats.sit(person, "", event.at)
    for table in [table for table in seats.tables.values() if not table.members]:
        del seats.tables[table.id]
    seats.confirm(event.at)
    for table in seats.tables.values():
        table.leader = table.leader or draft.leader_of(table.members)
        yield activity.seats.as_team(table)
    yield from begun(activity)
    yield EVERY_PANE
