"""What activities hand on: to each other through a phase's inputs, and to the archive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sessions.headline import headline_of

if TYPE_CHECKING:
    from sessions.messages import Event


@dataclass(frozen=True, slots=True)
class Card:
    """A need, an idea, a piece of feedback: somebody's words, or a group of such cards.

    ``authors`` are pseudonymous ids. ``link`` is the id of the card it answers to (an idea's need). ``count`` is how
    many cards stand behind it (a group's size, 1 for a single card), ``behind`` those cards as they were written, where
    there are several. ``language`` is what it was written in ("" where that differs), ``at`` when, as wall time in
    seconds since 1970 UTC. A group's ``text`` is its title, by ``titled_by``; its ``fields`` are those of its cards
    together. ``choice`` says who may see it where its author has chosen that for this card (see sight.LEVELS), ""
    where their consent decides.
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
    language: str = ""
    at: float = 0.0
    titled_by: str = ""
    behind: tuple[Card, ...] = ()

    @property
    def headline(self) -> str:
        """What stands for it where one looks and does not read: of a group its title."""
        return headline_of({} if self.titled_by else self.fields, self.text)

    @property
    def all(self) -> tuple[Card, ...]:
        """The cards as they were written: itself, or those that stand behind it."""
        return self.behind or (self,)

    @property
    def ids(self) -> tuple[str, ...]:
        """Its own id, and those of the cards behind it."""
        return tuple(dict.fromkeys((self.id, *(card.id for card in self.behind))))


def without_words(card: Card) -> Card:
    """The card in its place, as somebody sees it who may not read it."""
    behind = tuple(without_words(one) for one in card.behind)
    return replace(card, text="", fields=dict.fromkeys(card.fields, ""), behind=behind)


@dataclass(frozen=True, slots=True)
class Team:
    """A team as it stands now. ``need`` is the id of the need card it works on; ``leader`` is one of ``members``.
    ``split_from`` is the team whose people began it ("" for none), ``merged_from`` are those that went into it."""

    id: str
    number: int
    name: str
    members: tuple[str, ...]
    leader: str = ""
    need: str = ""
    split_from: str = ""
    merged_from: tuple[str, ...] = ()


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
    ``erased`` says of a value "" that words stood there and have been erased. ``by`` is whose words they are and
    ``language`` what they are in; "" for those of whoever has brought the fact about.
    """

    subject: str
    name: str
    value: Any
    key: str = ""
    erased: bool = False
    by: str = ""
    language: str = ""


def ruling(entry: str, event: Event, choice: str, **more: Any) -> Fact:
    """What staff or a chair have decided about an entry by an event, with its reason."""
    reason = event.body.get("reason") or ""
    return Fact(entry, "ruling", {"choice": choice, "reason": reason, **more}, f"{event.seq}")


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
