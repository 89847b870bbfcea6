"""Teams in the making: who wishes what, who sits where, and what can be asked about people and tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sessions.activities.team.mix import Breach, Candidate, Rules, breaches
from sessions.activities.team.seating import Seating, Table
from sessions.activity import Activity
from sessions.audience import TEAM_PEOPLE
from sessions.messages import Text
from sessions.outcome import Card

if TYPE_CHECKING:
    from sessions.people import Member

WISHING, PROPOSED, CONFIRMED = "wishing", "proposed", "confirmed"


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody asks for a place in ``team``, or anywhere else (""). ``declined``: staff said no, with an ``answer``."""

    person: str
    team: str
    reason: str
    at: float
    seq: int
    declined: bool = False
    answer: str = ""


class Forming(Activity):
    """The fold that the rules change, and what can be asked of it."""

    seating: Seating
    wishes: dict[str, tuple[str, ...]]
    requests: dict[str, Request]
    needs: Mapping[str, Card]
    mix: Rules
    areas: Mapping[str, Text]

    @property
    def stage(self) -> str:
        if self.seating.confirmed:
            return CONFIRMED
        return PROPOSED if self.seating.tables else WISHING

    # ---- questions about people and tables

    def candidate(self, person: str) -> Candidate:
        """A person as the team builder sees them."""
        member = self.session.people[person]
        leads = member.role == "process_leader" or member.facts.get("wish_role") == "process_leader"
        wishes = self.wishes.get(person, ())
        return Candidate(person, member.organisation, frozenset(member.competences), leads, wishes)

    def placeable(self, person: str) -> bool:
        """Whether this is somebody who works in a team."""
        member = self.session.people.get(person)
        return member is not None and not member.removed and member.role in TEAM_PEOPLE

    def unplaced(self) -> list[Member]:
        """Team people without a team, in the order they came."""
        return [m for m in self.session.present_people(TEAM_PEOPLE) if m.id not in self.seating.seat]

    def broken(self, table: Table) -> list[Breach]:
        """The rules that a table does not meet. Who has left the session does not count."""
        living = [self.candidate(person) for person in table.members if self.placeable(person)]
        found = breaches(living, table.leader, self.mix)
        return [b for b in found if b.rule != "leader" or self.rules.get("leader", True)]

    def full(self, table: Table) -> bool:
        return len(table.members) >= self.mix.max_size

    def all_broken(self) -> list[dict[str, Any]]:
        """Every breach at every table, as plain data."""
        return [
            {"team": table.id, "number": table.number, **asdict(breach)}
            for table in self.seating.tables.values()
            for breach in self.broken(table)
        ]
