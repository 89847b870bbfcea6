"""What activities hand on: to each other through a phase's inputs, and to the archive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sessions.headline import headline_of


@dataclass(frozen=True, slots=True)
class Card:
    """A need, an idea, a piece of feedback: somebody's words, or a group of such cards.

    ``authors`` are pseudonymous ids. ``link`` is the id of the card it answers to (an idea's need). ``count`` is how
    many cards stand behind it (a group's size, 1 for a single card). ``choice`` says who may see it where its author
    has chosen that for this card (see sight.LEVELS), "" where their consent decides.
    """

    id: str
    text: str
    fields: Mapping[str, str] = field(default_factory=dict)
    authors: tuple[str, ...] = ()
    team: str = ""
    column: str = ""
    link: str = ""
    target: str = ""
    count: int = 1
    choice: str = ""

    @property
    def headline(self) -> str:
        """What stands for it where one looks and does not read."""
        return headline_of(self.fields, self.text)


def without_words(card: Card) -> Card:
    """The card in its place, as somebody sees it who may not read it."""
    return replace(card, text="", fields=dict.fromkeys(card.fields, ""))


@dataclass(frozen=True, slots=True)
class Team:
    """A team as it stands now. ``need`` is the id of the need card it works on; ``leader`` is one of ``members``."""

    id: str
    number: int
    name: str
    members: tuple[str, ...]
    leader: str = ""
    need: str = ""


@dataclass(frozen=True, slots=True)
class Ranked:
    """An option's place in a result. ``place`` counts from 1, equal places are ties that the policy left standing."""

    option: str
    place: int
    points: float
    kept: bool = False
    team: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something a phase says about an entry (or about an idea card that may become one).

    ``name`` is what it is about (see entry.py for the names an entry understands), ``key`` tells several of the same
    name apart (a field's name, a request's id). The same (phase, name, key) again replaces; ``None`` takes it back.
    ``erased`` says of a value "" that words stood there and have been erased.
    """

    subject: str
    name: str
    value: Any
    key: str = ""
    erased: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a phase hands on. Every part may be empty; it is plain data and survives JSON."""

    cards: tuple[Card, ...] = ()
    ranking: tuple[Ranked, ...] = ()
    order: tuple[str, ...] = ()
    attendance: tuple[str, ...] = ()
    figures: Mapping[str, Any] = field(default_factory=dict)

    @property
    def kept(self) -> tuple[str, ...]:
        """Ids of the options that go on, best first."""
        return tuple(r.option for r in self.ranking if r.kept)


@dataclass(frozen=True, slots=True)
class Inputs:
    """The outcomes of the phases a format names as inputs, joined in that order."""

    outcomes: tuple[Outcome, ...] = ()

    @property
    def cards(self) -> tuple[Card, ...]:
        """Every card handed on; where a ranking decides about them, only those it kept, best first."""
        cards = {card.id: card for outcome in self.outcomes for card in outcome.cards}
        decided = {r.option for r in self.ranking}
        kept = [cards[o] for outcome in self.outcomes for o in outcome.kept if o in cards]
        return (*kept, *(card for card in cards.values() if card.id not in decided))

    @property
    def ranking(self) -> tuple[Ranked, ...]:
        return tuple(r for outcome in self.outcomes for r in outcome.ranking)

    @property
    def order(self) -> tuple[str, ...]:
        """The latest running order (entry ids) among the inputs."""
        return next((o.order for o in reversed(self.outcomes) if o.order), ())
