"""Remaking teams: start one, split one, merge two, and who leads, what it is called and what it works on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from sessions.activities.team.fold import TeamFold
from sessions.activities.team.mix import best_leader
from sessions.activities.team.names import team_name
from sessions.activities.team.seating import Table
from sessions.activity import too_long
from sessions.messages import Command, Decision, Event, Refused, refuse

if TYPE_CHECKING:
    from sessions.people import Member

MAX_REASON = 280
MAX_NAME = 40


class Regrouping(TeamFold):
    """Staff's commands about whole teams. Once the teams are confirmed, breaking a rule takes a reason."""

    def start_team(self, command: Command, sender: Member, now: float) -> Decision:
        """A new team of people who have none (``person``, repeated), with ``need`` and ``team_name`` if wished."""
        people = list(dict.fromkeys(command.all("person")))
        if not people or any(p in self.seating.seat or not self.placeable(p) for p in people):
            return refuse("nobody_free", "Choose people who have no team yet.")
        table, reason = self._new(command, people, command.text("need")), command.text("reason")
        no = self._bad_name(table) or too_long(reason, MAX_REASON) or self._unexplained([table], reason)
        return no or [self.event("team_started", new=table.as_body(), number=table.number, reason=reason)]

    def _id(self, index: int = 0) -> str:
        return f"{self.phase.id}t{self.made + 1 + index}"

    def _next_number(self) -> int:
        known = [team.number for team in self.session.teams.values()]
        return 1 + max([*known, *(table.number for table in self.seating.tables.values())], default=0)

    def _new(self, command: Command, people: list[str], need: str) -> Table:
        number = self._next_number()
        leader = best_leader([self.candidate(person) for person in people])
        known = need if need in self.needs else ""
        return Table(
            self._id(), number, command.text("team_name") or team_name(number), known, people, leader
        )

    def set_leader(self, command: Command, sender: Member, now: float) -> Decision:
        """Somebody (``person``) leads their team; ``team`` may say which that has to be."""
        person = command.text("person")
        table = self._table(command) if command.text("team") else self.seating.table_of(person)
        if table is None or person not in table.members:
            return refuse("not_member", "Only somebody in the team can lead it.")
        return [self.event("leader_set", team=table.id, person=person)]

    def rename_team(self, command: Command, sender: Member, now: float) -> Decision:
        table, name = self._table(command), command.text("team_name")
        if table is None:
            return unknown_team()
        if not name:
            return refuse("empty_name", "Write a name, then send.")
        renamed = self.event("team_renamed", team=table.id, name=name)
        return self._bad_name(replace(table, name=name)) or [renamed]

    def set_need(self, command: Command, sender: Member, now: float) -> Decision:
        """Give a team another need to work on."""
        table, need = self._table(command), command.text("need")
        if table is None:
            return unknown_team()
        if need not in self.needs:
            return refuse("unknown_need", "That problem is not on the list any more. Choose again.")
        return [self.event("need_set", team=table.id, need=need)]

    def _bad_name(self, table: Table) -> Refused | None:
        others = {t.name.casefold() for t in self.seating.tables.values() if t.id != table.id}
        if table.name.casefold() in others:
            return refuse("taken", "Another team has that name. Choose another one.")
        return too_long(table.name, MAX_NAME)

    def split_team(self, command: Command, sender: Member, now: float) -> Decision:
        """Some (``person``, repeated) go to a new team and take some of the entries (``entry``) along."""
        table, reason = self._table(command), command.text("reason")
        if table is None:
            return unknown_team()
        going = [person for person in table.members if person in command.all("person")]
        if not going or len(going) == len(table.members):
            return refuse("nobody_left", "Choose who goes to the new team. One must go and one must stay.")
        new = self._new(command, going, command.text("need") or table.need)
        staying = replace(table, members=[p for p in table.members if p not in going])
        no = self._bad_name(new) or too_long(reason, MAX_REASON) or self._unexplained([staying, new], reason)
        entries = [e.id for e in self.session.entries_of(table.id) if e.id in command.all("entry")]
        body = {"team": table.id, "number": table.number, "new": new.as_body(), "new_number": new.number}
        split = self.event("team_split", entries=entries, reason=reason, **body)
        return no or [split, *self._relead(table, set(going))]

    def merge_teams(self, command: Command, sender: Member, now: float) -> Decision:
        """People and entries of the ``other`` team come to ``team``, which keeps name, need and leader."""
        table, other = self._table(command), self._table(command, "other")
        if table is None or other is None or table is other:
            return unknown_team()
        reason, members = command.text("reason"), [*table.members, *other.members]
        if len(members) > self.mix.max_size:
            return full(replace(table, members=members), self.mix.max_size)
        no = too_long(reason, MAX_REASON) or self._unexplained([replace(table, members=members)], reason)
        entries = [entry.id for entry in self.session.entries_of(other.id)]
        numbers = {"number": table.number, "other_number": other.number}
        body = {"team": table.id, "other": other.id, "entries": entries, "reason": reason, **numbers}
        return no or [self.event("teams_merged", **body)]

    def _relead(self, table: Table | None, leaving: set[str]) -> list[Event]:
        """Somebody else leads when the leader goes."""
        if table is None or table.leader not in leaving:
            return []
        staying = [self.candidate(person) for person in table.members if person not in leaving]
        return [self.event("leader_set", team=table.id, person=best_leader(staying))] if staying else []

    def _unexplained(self, after: Iterable[Table], reason: str) -> Refused | None:
        """Once the teams are confirmed, a change that breaks a rule needs a reason."""
        if reason or not self.seating.confirmed:
            return None
        for table in after:
            known = self.seating.tables.get(table.id)
            before = {breach.rule for breach in self.broken(known)} if known else set()
            new = {breach.rule for breach in self.broken(table)} - before - {"leader"}
            if new and table.members:
                return refuse(
                    "reason_needed_move",
                    "Team {number} would then not meet the rules. Give a reason and send again.",
                    number=table.number,
                )
        return None

    def _table(self, command: Command, field: str = "team") -> Table | None:
        return self.seating.tables.get(command.text(field))


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
