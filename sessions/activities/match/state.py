"""Offers, wishes and meetings as they stand now: what the events of one phase are folded into."""

from __future__ import annotations

from dataclasses import dataclass, field

from sessions.activities.match.planning.problem import Pair

PLANNED, MISSED, CANCELLED, RELEASED = "planned", "missed", "cancelled", "released"
OFFER, NEED = "offer", "need"
SIDES = (OFFER, NEED)


@dataclass
class Offer:
    """What somebody offers or needs. Erased words are "". ``most`` is how many meetings it is good for, 0 for any."""

    id: str
    number: int
    owner: str
    side: str
    kind: str
    most: int
    title: str
    text: str
    fields: dict[str, str]
    language: str
    at: float
    seq: int
    withdrawn: bool = False


@dataclass
class Meeting:
    """Two or three people at a table in a slot. ``missing`` is who did not come, ``left`` who went from a table of
    three. Times are wall time in seconds, 0 for what has not happened."""

    id: str
    people: tuple[str, ...]
    slot: int
    table: str
    why: str = "plan"
    state: str = PLANNED
    missing: str = ""
    added_at: float = 0.0
    ended_at: float = 0.0
    left: tuple[str, ...] = ()
    reason: str = ""
    """Why staff has cancelled it; "" once erased."""

    @property
    def stands(self) -> bool:
        return self.state == PLANNED


@dataclass
class Agreement:
    """Terms by revision: it stands when both sides have confirmed the same one. ``parties`` are organisations' keys, or
    a person's own id."""

    id: str
    people: tuple[str, ...]
    parties: tuple[str, ...]
    kind: str
    step: str
    day: str
    at: float
    revision: int = 1
    confirmed: dict[str, int] = field(default_factory=dict)
    declined: bool = False
    ratings: dict[str, int] = field(default_factory=dict)

    @property
    def stands(self) -> bool:
        return not self.declined and all(self.confirmed.get(party) == self.revision for party in self.parties)

    def change(self, party: str) -> None:
        """Other terms: whoever changes them has confirmed them."""
        self.revision += 1
        self.confirmed = {party: self.revision}


@dataclass
class Free:
    """When somebody can meet (None: always), which languages they speak, and whether a third may join them."""

    slots: tuple[int, ...] | None = None
    languages: frozenset[str] = frozenset()
    third: bool = True


@dataclass
class State:
    """The fold of one phase. ``slot`` is the one that has begun last (-1: none); ``said`` is who has said what about
    whom."""

    offers: dict[str, Offer] = field(default_factory=dict)
    said: dict[tuple[str, str], str] = field(default_factory=dict)
    mutual: dict[Pair, float] = field(default_factory=dict)
    """Since when both say yes (wall time); 0 where that has ended."""
    contacts: dict[tuple[str, str], bool] = field(default_factory=dict)
    """Whether somebody lets somebody else see their contact data, where they have said so."""
    free: dict[str, Free] = field(default_factory=dict)
    draft: list[Meeting] = field(default_factory=list)
    drafted_at: float = 0.0
    figures: dict[str, int] = field(default_factory=dict)
    published_at: float = 0.0
    starts_at: float = 0.0
    shifts: dict[int, float] = field(default_factory=dict)
    slot: int = -1
    begun_at: float = 0.0
    over: bool = False
    meetings: dict[str, Meeting] = field(default_factory=dict)
    made: int = 0
    """How many ids of meetings are taken."""
    barred: dict[Pair, None] = field(default_factory=dict)
    asked: dict[str, float] = field(default_factory=dict)
    """Who was not there when they were waited for, and since when."""
    absent: dict[str, float] = field(default_factory=dict)
    closed_tables: dict[str, None] = field(default_factory=dict)
    changed: list[tuple[float, str]] = field(default_factory=list)
    """The meetings that were made or moved while a slot was on, with when."""
    outcomes: dict[tuple[str, str, str], str] = field(default_factory=dict)
    agreements: dict[str, Agreement] = field(default_factory=dict)

    @property
    def published(self) -> bool:
        return self.published_at > 0

    def of(self, person: str) -> list[Meeting]:
        """Somebody's meetings by slot, those that did not come about among them."""
        found = (m for m in self.meetings.values() if person in m.people or person in m.left)
        return sorted(found, key=lambda m: (m.slot, m.added_at))

    def at_table(self, slot: int) -> dict[str, Meeting]:
        """The meetings that stand in a slot, by table."""
        return {m.table: m for m in self.meetings.values() if m.slot == slot and m.stands}
