"""Who sits at which table, and since the teams are confirmed: who was a member from when to when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from sessions.outcome import Team

if TYPE_CHECKING:
    from sessions.activities.team.rows import TableRow


@dataclass(slots=True)
class Table:
    """A team, proposed or confirmed."""

    id: str
    number: int
    name: str
    need: str = ""
    members: list[str] = field(default_factory=list)
    leader: str = ""

    @classmethod
    def from_row(cls, row: TableRow) -> Table:
        """The table that an event holds."""
        return cls(row["id"], row["number"], row["name"], row["need"], list(row["members"]), row["leader"])

    def as_body(self) -> dict[str, Any]:
        """The table as plain data for an event."""
        return asdict(self)


@dataclass(slots=True)
class Membership:
    """Somebody's time in a team; wall time, ``until`` 0 while it lasts."""

    team: str
    person: str
    since: float
    until: float = 0.0


class SeatHistory:
    """The tables as they stand now. Every change costs the same however many people there are."""

    def __init__(self) -> None:
        self.tables: dict[str, Table] = {}
        self.seat: dict[str, str] = {}
        """Person to table."""
        self.confirmed_at = 0.0
        self.memberships: list[Membership] = []
        self.split_from: dict[str, str] = {}
        """Which team's people began a team, for those that came of a split."""
        self.merged_from: dict[str, tuple[str, ...]] = {}
        """Which teams have gone into one."""
        self._current: dict[str, Membership] = {}

    @property
    def confirmed(self) -> bool:
        return self.confirmed_at > 0

    def table_of(self, person: str) -> Table | None:
        return self.tables.get(self.seat.get(person, ""))

    def as_team(self, table: Table) -> Team:
        """The session's team that sits at a table."""
        whose = (self.split_from.get(table.id, ""), self.merged_from.get(table.id, ()))
        return Team(
            table.id, table.number, table.name, tuple(table.members), table.leader, table.need, *whose
        )

    def lay(self, tables: Iterable[Table]) -> None:
        """Begin anew with these tables; only while nothing is confirmed."""
        self.tables, self.seat = {}, {}
        for table in tables:
            self.add(table, 0.0)

    def add(self, table: Table, at: float) -> None:
        """One more table. Its people leave the tables where they were."""
        people, table.members = table.members, []
        self.tables[table.id] = table
        for person in people:
            self.sit(person, table.id, at)

    def sit(self, person: str, table: str, at: float) -> None:
        """Move somebody to a table, or away from all of them (""). A leader who leaves leads no more."""
        before = self.tables.get(self.seat.pop(person, ""))
        if before is not None:
            before.members.remove(person)
            before.leader = "" if before.leader == person else before.leader
        if table:
            self.tables[table].members.append(person)
            self.seat[person] = table
        if self.confirmed:
            self._remember(person, table, at)

    def confirm(self, at: float) -> None:
        """From now on memberships count."""
        self.confirmed_at = at
        for person, table in self.seat.items():
            self._remember(person, table, at)

    def _remember(self, person: str, table: str, at: float) -> None:
        before = self._current.pop(person, None)
        if before is not None:
            before.until = at
        if table:
            self._current[person] = Membership(table, person, at)
            self.memberships.append(self._current[person])
