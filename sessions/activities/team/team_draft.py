"""Teams in the making: who wishes what, who asks for a place, and which rules a team does not meet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sessions.activities.team.mix import Breach, Candidate, Rules, best_leader, breaches
from sessions.activities.team.seat_history import SeatHistory, Table
from sessions.audience import TEAM_PEOPLE
from sessions.outcome import Card

if TYPE_CHECKING:
    from sessions.people import Member

WISHING, PROPOSED, CONFIRMED = "wishing", "proposed", "confirmed"


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody asks for a place in ``team``, or anywhere else (""). ``declined``: staff said no, with an ``answer``.
    ``at`` is wall time; erased words are ""."""

    person: str
    team: str
    reason: str
    at: float
    seq: int
    declined: bool = False
    answer: str = ""


class TeamDraft:
    """What teams are made of: the ``people`` of the session, their wishes and requests, the needs to work on and the
    rules of the ``mix``. ``led``: a team without a leader breaks a rule."""

    def __init__(
        self, seats: SeatHistory, people: Mapping[str, Member], mix: Rules, *, led: bool = True
    ) -> None:
        self.seats = seats
        self.people = people
        self.mix = mix
        self.led = led
        self.needs: Mapping[str, Card] = {}
        self.wishes: dict[str, tuple[str, ...]] = {}
        self.requests: dict[str, Request] = {}
        self.made = 0
        """How many teams there have ever been, proposed ones too."""

    @property
    def stage(self) -> str:
        """``wishing``, ``proposed`` or ``confirmed``."""
        if self.seats.confirmed:
            return CONFIRMED
        return PROPOSED if self.seats.tables else WISHING

    def candidate(self, person: str) -> Candidate:
        """A person as the team builder sees them."""
        member = self.people[person]
        leads = member.role == "process_leader" or member.facts.get("wish_role") == "process_leader"
        wishes = self.wishes.get(person, ())
        return Candidate(person, member.organisation, frozenset(member.competences), leads, wishes)

    def leader_of(self, people: Iterable[str]) -> str:
        """Who of some people should lead; "" of none."""
        return best_leader([self.candidate(person) for person in people])

    def placeable(self, person: str) -> bool:
        """Whether this is somebody who works in a team; guests with a pass do not."""
        member = self.people.get(person)
        if member is None or member.removed or member.guest_pass is not None:
            return False
        return member.role in TEAM_PEOPLE

    def broken(self, table: Table) -> list[Breach]:
        """The rules that a team does not meet. Who has left the session does not count."""
        living = [self.candidate(person) for person in table.members if self.placeable(person)]
        found = breaches(living, table.leader, self.mix)
        return [breach for breach in found if breach.rule != "leader" or self.led]

    def all_broken(self) -> list[dict[str, Any]]:
        """Every breach of every team, as plain data."""
        return [
            {"team": table.id, "number": table.number, **asdict(breach)}
            for table in self.seats.tables.values()
            for breach in self.broken(table)
        ]

    def newly_broken(self, table: Table) -> set[str]:
        """The rules on the mix that a team, as it would be after a change, breaks and does not break yet."""
        known = self.seats.tables.get(table.id)
        before = {breach.rule for breach in self.broken(known)} if known else set()
        return {breach.rule for breach in self.broken(table)} - before - {"leader"}

    def full(self, table: Table) -> bool:
        """Whether nobody more fits."""
        return len(table.members) >= self.mix.max_size

    def need_text(self, table: Table) -> str:
        """The words of the need that a team works on; "" for none."""
        need = self.needs.get(table.need)
        return need.headline if need else ""

    def wished_needs(self, person: str) -> list[str]:
        """The words of the needs that somebody wishes for, dearest first."""
        return [self.needs[need].headline for need in self.wishes.get(person, ()) if need in self.needs]

    def asking(self) -> list[str]:
        """Who waits for an answer to a request, in the order they asked."""
        return [request.person for request in self.requests.values() if not request.declined]
