"""Decisions about entries as they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sessions.entry import Entry

CHOICES = {
    "go": "entry_continued",
    "pivot": "entry_changed",
    "merge": "entry_merged",
    "park": "entry_parked",
    "withdraw": "entry_withdrawn",
}
"""Every choice and the event it leads to."""
STATUS = {"merge": "merged", "park": "parked", "withdraw": "withdrawn"}
"""The side state of a choice that takes the entry out of the race."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A decision as it stands, ``at`` a wall time.

    ``into`` is the entry it merges into; ``led`` says that leader or staff decided. ``title`` and ``summary`` are new
    ones, None where none was given, "" where they have been erased.
    """

    choice: str
    reason: str
    by: str
    at: float
    into: str = ""
    title: str | None = None
    summary: str | None = None
    led: bool = False

    @property
    def status(self) -> str | None:
        """The side state it puts the entry in; None if that stays in the race."""
        return STATUS.get(self.choice)


@dataclass(frozen=True, slots=True)
class Offer:
    """A merge that waits for the other team's leader. ``by`` proposed it."""

    into: str
    reason: str
    by: str


@dataclass
class Decisions:
    """The fold: by entry. ``titles`` are those from before a change, ``left`` were undecided at the close."""

    choices: dict[str, Choice] = field(default_factory=dict)
    offers: dict[str, Offer] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    left: tuple[str, ...] = ()
    erased: set[str] = field(default_factory=set)
    """Entries that were withdrawn when the phase closed: what was written in them is no more."""

    @property
    def withdrawn(self) -> list[str]:
        """Entries that their teams take out of the race for good."""
        return [entry for entry, choice in self.choices.items() if choice.status == "withdrawn"]

    def concerns(self, entry: Entry) -> bool:
        """Whether the entry is in the race, or out of it by a decision of this phase."""
        return entry.in_race or entry.id in self.choices

    def undecided(self, entries: Mapping[str, Entry]) -> list[str]:
        """Ids of what is in the race and not decided about."""
        return [entry.id for entry in entries.values() if entry.in_race and entry.id not in self.choices]

    def merged_into(self, entry: str) -> list[str]:
        """Ids of the entries that have merged into one."""
        return [guest for guest, choice in self.choices.items() if choice.into == entry]

    def replace(self, entry: str, choice: Choice | None) -> tuple[Choice | None, Offer | None]:
        """Put a decision in place of what stood about an entry (None: of nothing), and give that back."""
        before = self.choices.pop(entry, None)
        offer = self.offers.pop(entry, None)
        if choice:
            self.choices[entry] = choice
        return before, offer

    def retitle(self, entry: str, title: str, choice: Choice | None) -> str | None:
        """The title an entry called ``title`` has after a decision; None where that says nothing about it.

        A new one comes with a change of course (where its words have been erased, the entry is called as before); when
        that is undone, the old one comes back.
        """
        if choice and choice.title is not None:
            self.titles.setdefault(entry, title)
            return choice.title or title
        return self.titles.pop(entry, None)
