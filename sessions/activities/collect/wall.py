"""Cards on a wall: what a collecting phase has gathered, grouped as staff sorts it and as the others see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sessions.activities.collect.groups import Groups, Newest


@dataclass
class Card:
    """One card as it stands now. ``at`` and ``made`` are wall time in seconds since 1970 UTC.

    ``into`` is the card that stands for this one (a duplicate), ``merged`` are the ones this one stands for;
    ``owner`` is the team whose entry ``target`` was when the card came, ``about`` that entry's title. ``fields`` are
    none once the card is withdrawn, and "" each once their words are erased. ``choice`` is who may see it where its
    author has chosen that, at the seq ``chosen_seq``; ``kept`` says that it is not for all whom the phase shows cards.
    """

    id: str
    number: int
    author: str
    at: float
    fields: dict[str, str]
    column: str = ""
    team: str = ""
    link: str = ""
    target: str = ""
    owner: str = ""
    about: str = ""
    language: str = ""
    made: float = 0.0
    edited_at: float = 0.0
    withdrawn_at: float = 0.0
    hidden: bool = False
    choice: str = ""
    chosen_seq: int = 0
    worded_seq: int = 0
    """Of the event that holds its words as they are now."""
    kept: bool = False
    always_handed_on: bool = False
    """Whether it is of before authors could keep a card to their team: votes and teams were built on it."""
    group: str = ""
    into: str = ""
    merged: dict[str, None] = field(default_factory=dict)
    also: dict[str, None] = field(default_factory=dict)
    """Who says that it is theirs too."""

    @property
    def withdrawn(self) -> bool:
        return self.withdrawn_at > 0

    @property
    def standing(self) -> bool:
        """Whether it stands for itself: neither withdrawn nor merged into another."""
        return not self.withdrawn and not self.into

    @property
    def shown(self) -> bool:
        """Whether all whom the phase shows cards may see it."""
        return self.standing and not self.hidden and not self.kept

    @property
    def handed_on(self) -> bool:
        """Whether later phases get it."""
        return self.standing and self.readable

    @property
    def readable(self) -> bool:
        """Whether later phases may read it, by itself or behind another."""
        return not self.hidden and (self.always_handed_on or not self.kept)

    @property
    def count(self) -> int:
        """How many cards it stands for, itself among them."""
        return 1 + len(self.merged)


class Wall:
    """All cards of a phase that count. ``newest`` is how many of them are kept at hand as the newest."""

    def __init__(self, newest: int) -> None:
        self.cards: dict[str, Card] = {}
        self.titles: dict[str, str] = {}
        """Groups by id; "" where the words are erased."""
        self.titled_by: dict[str, str] = {}
        """Who gave each group the title that it has."""
        self.whole: set[str] = set()
        """The groups that hand on what their cards say, field by field."""
        self.standing = Groups()
        """The cards that stand for themselves by group, "" for none: as staff sorts them."""
        self.shown = Groups()
        """The cards that others may see, by group or column (see ``group_shown``)."""
        self.newest = Newest(newest)
        self.kept: set[str] = set()
        """The cards that stand for themselves and that only their authors' teams see."""
        self._id_of: dict[int, str] = {}

    def put(self, card: Card) -> list[str]:
        """Put a card where it belongs now; ids of other cards that come into or drop out of the newest."""
        self.cards[card.id] = card
        self._id_of[card.number] = card.id
        standing, shown = card.standing, card.shown
        (self.kept.add if standing and card.kept else self.kept.discard)(card.id)
        self.standing.put(card.id, card.group if standing else None)
        self.shown.put(card.id, group_shown(card) if shown else None)
        other = self.newest.add(card.number) if shown else self.newest.remove(card.number)
        return [] if other is None else [self._id_of[other]]

    def merge(self, into: Card, card: Card) -> None:
        """Let one card stand for another."""
        if card.into:
            self.part(card)
        card.into = into.id
        into.merged[card.id] = None

    def part(self, card: Card) -> None:
        """Let a card stand for itself again."""
        del self.cards[card.into].merged[card.id]
        card.into = ""

    def behind(self, card: Card) -> list[Card]:
        """The card and those it stands for."""
        return [card, *(self.cards[other] for other in card.merged)]

    @property
    def groups(self) -> list[str]:
        """Ids of the groups that hold cards, in the order they were made."""
        return [group for group in self.titles if self.standing.size(group)]

    @property
    def latest(self) -> list[Card]:
        """The newest cards that others may see, newest first."""
        return [self.cards[self._id_of[number]] for number in self.newest]

    def seen_in(self, group: str) -> list[Card]:
        """The cards that others see in a group or column, oldest first."""
        return [self.cards[card] for card in self.in_order(self.shown[group])]

    def handed_on_from(self, group: str) -> list[Card]:
        """The cards of a group ("" for those in none) that others may see, oldest first."""
        cards = (self.cards[card] for card in self.standing[group])
        return sorted((card for card in cards if card.handed_on), key=lambda card: card.number)

    def in_order(self, cards: Iterable[str]) -> list[str]:
        """Ids in the order in which the cards were written."""
        return sorted(cards, key=lambda card: self.cards[card].number)


def group_shown(card: Card) -> str:
    """Where others see a card: in its group, or in its column."""
    return card.group or column_group(card.column)


def column_group(column: str) -> str:
    """The key under which a column's cards that are in no group lie together."""
    return f"/{column}"
