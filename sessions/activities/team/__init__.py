"""Form teams: people wish, the machine drafts, the facilitator moves and confirms; people may still move later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from sessions.activities.team.building import Draft, propose
from sessions.activities.team.names import team_name
from sessions.activities.team.regrouping import MAX_REASON, Regrouping, full, unknown_team
from sessions.activities.team.seating import Table
from sessions.activity import Alert, alert, too_long
from sessions.audience import STAFF, STARTED, TEAM_PEOPLE, Right
from sessions.messages import Command, Decision, Event, Refused, Text, refuse
from sessions.outcome import Outcome

if TYPE_CHECKING:
    from sessions.people import Member

REMIND = 5 * 60.0
"""Seconds before the planned end at which unconfirmed teams need the facilitator."""


class Team(Regrouping):
    """Rules: ``min_size``, ``max_size``, ``target_size``, ``max_per_organisation``, ``min_areas`` (of competence a
    team must have), ``leader`` (one is needed) and ``wishes`` (how many needs a person may rank)."""

    called: ClassVar[Text] = {"en": "Form teams", "sv": "Dela in lag", "fi": "Muodosta tiimit"}

    rights: ClassVar[Mapping[str, Right]] = {
        "wish": Right(TEAM_PEOPLE),
        "ask_to_move": Right(TEAM_PEOPLE, STARTED),
        "ask_to_join": Right(TEAM_PEOPLE, STARTED),
        "take_back_request": Right(TEAM_PEOPLE, STARTED),
        "decline_request": Right(STAFF, STARTED),
        "propose_teams": Right(STAFF, STARTED),
        "confirm_teams": Right(STAFF, STARTED),
        "move_person": Right(STAFF, STARTED),
        "place_person": Right(STAFF, STARTED),
        "start_team": Right(STAFF, STARTED),
        "set_leader": Right(STAFF, STARTED),
        "rename_team": Right(STAFF, STARTED),
        "set_need": Right(STAFF, STARTED),
        "split_team": Right(STAFF, STARTED),
        "merge_teams": Right(STAFF, STARTED),
    }
    parts: ClassVar[Mapping[str, frozenset[str]]] = {
        "turnout": frozenset({"screen", "console"}),
        "tables": frozenset({"screen"}),
        "board": frozenset({"console"}),
        "request": frozenset({"console"}),
    }
    decisions: ClassVar[Mapping[str, str]] = {
        "teams_confirmed": "Teams confirmed: {teams}, with {people} people. Rules not met: {broken}. {reason}",
        "person_moved": "A person moved from team {from_number} to team {number}. {reason}",
        "person_placed": "A person placed in team {number}. {reason}",
        "person_taken_out": "A person taken out of team {from_number}. {reason}",
        "team_started": "Team {number} started. {reason}",
        "team_split": "Team {number} split, team {new_number} is new. {reason}",
        "teams_merged": "Team {other_number} merged into team {number}. {reason}",
    }

    # ---- what participants ask

    def wish(self, command: Command, sender: Member, now: float) -> Decision:
        """Rank up to ``wishes`` needs: ``wish-1`` is the dearest, then ``wish-2`` …"""
        ranked = (command.text(f"wish-{n}") for n in range(1, 1 + self.rules.get("wishes", 2)))
        wanted = list(dict.fromkeys(need for need in ranked if need))
        if self.seating.confirmed:
            return refuse("confirmed", "The teams are confirmed already. Ask to move instead.")
        if not wanted:
            return refuse("empty", "Choose at least one problem, then send.")
        if not self.needs.keys() >= set(wanted):
            return refuse("unknown_need", "That problem is not on the list any more. Choose again.")
        return [self.event("wished", person=sender.id, needs=wanted)]

    def ask_to_move(self, command: Command, sender: Member, now: float) -> Decision:
        """Ask for a place in another team (field ``team``; "" for any), with a ``reason``; without a team, to join."""
        if sender.id not in self.seating.seat:
            return self.ask_to_join(command, sender, now)
        return self._ask(command, sender)

    def ask_to_join(self, command: Command, sender: Member, now: float) -> Decision:
        """Ask for a place (field ``team``; "" for any), by somebody without a team."""
        seated = self.seating.table_of(sender.id)
        if seated is not None:
            return refuse(
                "in_team", "You are in team {number} already. Ask to move instead.", number=seated.number
            )
        if not self.seating.confirmed:
            return refuse("not_confirmed", "The teams are still being formed. Everybody gets a place.")
        return self._ask(command, sender)

    def _ask(self, command: Command, sender: Member) -> Decision:
        team, reason = command.text("team"), command.text("reason")
        no = too_long(reason, MAX_REASON) or (self._no_seat(sender.id, team) if team else None)
        return no or [self.event("place_asked", person=sender.id, team=team, reason=reason)]

    def take_back_request(self, command: Command, sender: Member, now: float) -> Decision:
        return [self.event("request_taken_back", person=sender.id)] if sender.id in self.requests else []

    def decline_request(self, command: Command, sender: Member, now: float) -> Decision:
        """Staff says no to somebody's request, with a ``reason``."""
        person, reason = command.text("person"), command.text("reason")
        if person not in self.requests:
            return refuse("no_request", "That request has been answered or taken back.")
        return too_long(reason, MAX_REASON) or [self.event("request_declined", person=person, reason=reason)]

    # ---- what staff decides

    def propose_teams(self, command: Command, sender: Member, now: float) -> Decision:
        """Draft teams for everybody who is here, by the desk's seed. Replaces an earlier draft."""
        if self.seating.confirmed:
            return refuse("confirmed_move", "The teams are confirmed. Move people one by one instead.")
        here = [m.id for m in self.session.present_people(TEAM_PEOPLE) if m.present]
        if not here:
            return refuse("nobody", "Nobody is here to be placed yet.")
        drafts = propose(map(self.candidate, here), list(self.needs), self.mix, command.seed)
        tables = [self._drafted(i, draft) for i, draft in enumerate(drafts)]
        return [self.event("teams_proposed", teams=[table.as_body() for table in tables], seed=command.seed)]

    def _drafted(self, index: int, draft: Draft) -> Table:
        number = 1 + index + max((team.number for team in self.session.teams.values()), default=0)
        name = team_name(number)
        return Table(self._id(index), number, name, draft.need, list(draft.members), draft.leader)

    def confirm_teams(self, command: Command, sender: Member, now: float) -> Decision:
        """Make the draft count. Where rules are not met it takes a ``reason``, which is logged."""
        if self.seating.confirmed:
            return refuse("confirmed_move", "The teams are confirmed. Move people one by one instead.")
        if not self.seating.tables:
            return refuse("no_teams", "There are no teams to confirm. Propose teams first.")
        broken, reason = self.all_broken(), command.text("reason")
        if broken and not reason:
            return refuse(
                "reason_needed",
                "Rules not met: {count}. Move people first, or confirm with a reason.",
                count=len(broken),
            )
        people = sum(self.placeable(person) for person in self.seating.seat)
        figures = {"teams": len(self.seating.tables), "people": people, "broken": len(broken)}
        event = self.event("teams_confirmed", breaches=broken, reason=reason, **figures)
        return too_long(reason, MAX_REASON) or [event]

    def move_person(self, command: Command, sender: Member, now: float) -> Decision:
        """Give a ``person`` a place in a ``team`` or take them out (""), with a ``reason`` if that breaks a rule."""
        return self._move(command, command.text("person"), command.text("team"))

    def place_person(self, command: Command, sender: Member, now: float) -> Decision:
        """The same for somebody who has no team: a late joiner."""
        person, team = command.text("person"), command.text("team")
        seated = self.seating.table_of(person)
        if seated is not None:
            return refuse("seated", "That person is in team {number} already.", number=seated.number)
        return self._move(command, person, team) if team else unknown_team()

    def _move(self, command: Command, person: str, team: str) -> Decision:
        reason, before = command.text("reason"), self.seating.table_of(person)
        if not team and before is None:
            return []
        after = _without(before, person) + ([self._with(team, person)] if team in self.seating.tables else [])
        no = too_long(reason, MAX_REASON) or (self._no_seat(person, team) if team else None)
        no = no or self._unexplained(after, reason)
        return no or [self._moved(person, before, team, reason), *self._relead(before, {person})]

    def _moved(self, person: str, before: Table | None, team: str, reason: str) -> Event:
        to = self.seating.tables.get(team)
        numbers = {"number": to.number if to else 0, "from_number": before.number if before else 0}
        kind = "person_placed" if not before else "person_moved" if to else "person_taken_out"
        kind = kind if self.seating.confirmed else "person_seated"
        return self.event(kind, person=person, team=team, reason=reason, **numbers)

    def _no_seat(self, person: str, team: str) -> Refused | None:
        """Why this person cannot sit at that table."""
        table = self.seating.tables.get(team)
        if table is None:
            return unknown_team()
        if not self.placeable(person):
            return refuse("not_for_teams", "Only participants and problem owners sit in teams.")
        if person in table.members:
            return refuse("there_already", "That is the team already. Choose another one.")
        return full(table, self.mix.max_size) if self.full(table) else None

    def _with(self, team: str, person: str) -> Table:
        table = self.seating.tables[team]
        return replace(table, members=[*table.members, person])

    # ---- the rest

    def alerts(self) -> Iterator[Alert]:
        asking = sum(not request.declined for request in self.requests.values())
        without = len(self.unplaced())
        if asking:
            yield alert("People who ask for another place: {count}", count=asking)
        if self.seating.confirmed and without:
            yield alert("People without a team: {count}", count=without)
        if not self.seating.confirmed and self.is_open:
            yield alert("The teams are not confirmed yet.", at=self.phase.ends_at - REMIND)

    def outcome(self) -> Outcome:
        """Teams themselves are the session's; this is their history, for the archive."""
        memberships = [
            {"team": m.team, "person": m.person, "from": m.since, "to": m.until}
            for m in self.seating.memberships
        ]
        return Outcome(figures={"teams": len(self.seating.tables), "memberships": memberships})


def _without(table: Table | None, person: str) -> list[Table]:
    return [replace(table, members=[p for p in table.members if p != person])] if table else []
