"""What a collecting phase's events have come to: its cards, those that came late, and who has written what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sessions.activities.collect.wall import Card, Wall

Wording = tuple[str, ...]
"""What makes two cards of one author the same card."""


class CardState:
    """Cards, late cards and groups of one phase. ``newest`` is how many cards a phone shows, ``revealed`` whether
    people see each other's from the start."""

    def __init__(self, newest: int, revealed: bool) -> None:
        self.wall = Wall(newest)
        self.late: dict[str, Card] = {}
        """Cards that came after the close and wait for the facilitator."""
        self.last_number = 0
        self.last_group = 0
        self.written: dict[str, dict[str, None]] = {}
        """Each author's cards, withdrawn ones too."""
        self.live: dict[str, int] = {}
        """How many cards each author has that are not withdrawn."""
        self.wordings: dict[Wording, str] = {}
        """The card of each wording."""
        self.of_team: dict[str, dict[str, None]] = {}
        """The cards that each team reads among itself."""
        self.claimed: dict[str, dict[str, None]] = {}
        """The cards of others that each person says are theirs too."""
        self.withdrawn = 0
        self.revealed = revealed
        self.stage = 0
        """Where people come together by and by: alone, two, four, all (see together.py)."""
        self.stage_at = 0.0
        """When that stage began: wall time; 0 for the opening."""
        self.together: Sequence[Sequence[str]] = []
        """Who is with whom in it."""

    def card(self, key: str) -> Card | None:
        """A card by its id, also one that waits."""
        return self.wall.cards.get(key) or self.late.get(key)

    def number_of(self, key: str) -> int:
        """A card's number; 0 if there is no such card."""
        card = self.card(key)
        return card.number if card else 0

    def note(self, card: Card) -> None:
        """A new card: its author has one more."""
        self.written.setdefault(card.author, {})[card.id] = None
        self.live[card.author] = self.live.get(card.author, 0) + 1
        self.wordings[wording(card.author, vars(card))] = card.id

    def put(self, card: Card, readers: str) -> list[str]:
        """Put a card where it belongs now, for the team that reads it among itself ("" for none); ids of other cards
        that come into or drop out of the newest."""
        for team, shared in self.of_team.items():
            if team != readers:
                shared.pop(card.id, None)
        if readers:
            self._share(card, self.of_team.setdefault(readers, {}))
        return self.wall.put(card)

    def _share(self, card: Card, shared: dict[str, None]) -> None:
        if card.standing and not card.hidden:
            shared[card.id] = None
        else:
            shared.pop(card.id, None)

    def rewrite(self, card: Card, fields: dict[str, str], column: str, link: str, at: float) -> None:
        """Change a card as its author did at ``at`` (wall time)."""
        self._forget_wording(card)
        card.fields, card.column, card.link, card.edited_at = fields, column, link, at
        self.wordings[wording(card.author, vars(card))] = card.id

    def withdraw(self, card: Card, at: float) -> list[Card]:
        """Take a card back and part it from its duplicates; every card that lies elsewhere now, this one first."""
        self._forget_wording(card)
        self.live[card.author] -= 1
        self.withdrawn += 1
        stood_for = [self.wall.cards[card.into]] if card.into else []
        parted = [self.wall.cards[other] for other in card.merged]
        for other in parted or ([card] if card.into else []):
            self.wall.part(other)
        card.withdrawn_at, card.fields = at, {}
        return [card, *parted, *stood_for]

    def _forget_wording(self, card: Card) -> None:
        self.wordings.pop(wording(card.author, vars(card)), None)

    def begin_group(self, group: str, title: str, by: str, whole: bool) -> None:
        """A group that is not known yet begins, called so by somebody; ``whole`` as in the event."""
        if group not in self.wall.titles:
            self.last_group += 1
            self.wall.titles[group], self.wall.titled_by[group] = title, by
            if whole:
                self.wall.whole.add(group)


def wording(author: str, card: Mapping[str, Any]) -> Wording:
    """What makes two cards of one author the same card, however the words are spaced or capitalised."""
    texts = (f"{name}={' '.join(text.split()).casefold()}" for name, text in card["fields"].items())
    return (author, card["column"], card["link"], card["target"], *texts)
