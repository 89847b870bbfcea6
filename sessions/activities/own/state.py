"""Who carries each entry from here on, as it stands."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Ownership:
    """One entry's owner, who has accepted, and who is asked to become it.

    ``since`` and ``asked_at`` are wall times, 0 where there is nobody.
    """

    owner: str = ""
    named: bool = False
    since: float = 0.0
    asked: str = ""
    asked_by: str = ""
    asked_at: float = 0.0
    declined: tuple[str, ...] = ()

    def take(self, person: str, at: float, named: bool = False) -> None:
        """Somebody has accepted; ``named`` where everybody may see who it is."""
        self.owner, self.since, self.asked, self.declined = person, at, "", ()
        self.named = named

    def ask(self, person: str, by: str, at: float) -> None:
        """Somebody is asked; the owner stays until they accept."""
        self.asked, self.asked_by, self.asked_at = person, by, at

    def decline(self, person: str) -> None:
        """Somebody has said no."""
        self.asked, self.declined = "", (*self.declined, person)

    def leave(self) -> None:
        """The owner carries it no longer."""
        self.owner, self.since = "", 0.0


@dataclass
class Ownerships:
    """The fold: by entry."""

    by_entry: dict[str, Ownership] = field(default_factory=dict)

    def of(self, entry: str) -> Ownership:
        """How it stands with an entry; not for changing."""
        return self.by_entry.get(entry) or Ownership()

    def changing(self, entry: str) -> Ownership:
        """The same for a fold, which changes it."""
        return self.by_entry.setdefault(entry, Ownership())
