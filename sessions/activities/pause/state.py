"""Who was away, from when to when."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Absence:
    """One interval of somebody's being away, in wall time; ``until`` 0 while it lasts."""

    since: float
    until: float = 0.0


@dataclass
class Absences:
    """The fold: by person, latest last."""

    by_person: dict[str, list[Absence]] = field(default_factory=dict)

    def leave(self, person: str, at: float) -> None:
        """Somebody goes."""
        self.by_person.setdefault(person, []).append(Absence(at))

    def come_back(self, person: str, at: float) -> None:
        """Somebody is here again, also where nobody had noted that they went."""
        gone = self.by_person.get(person)
        if gone and not gone[-1].until:
            gone[-1].until = at

    def last_change(self, person: str) -> float:
        """When somebody went or came back last, in wall time; 0 where nothing is known."""
        gone = self.by_person.get(person)
        return (gone[-1].until or gone[-1].since) if gone else 0.0

    def plain(self) -> dict[str, list[list[float]]]:
        """``[since, until]`` of each absence by person."""
        return {person: [[a.since, a.until] for a in gone] for person, gone in self.by_person.items()}
