"""Cards that say nearly the same: hints for who is writing one, and groups for the facilitator to accept.

A hint is of a card that whoever writes may see. It keeps nobody from sending, and nothing is merged by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import ref

from sessions.activities.collect import reach
from sessions.activities.collect.events import CardAdded
from sessions.activities.collect.face import face
from sessions.audience import person_scope
from sessions.messages import Command, Event
from sessions.similar import Similar

if TYPE_CHECKING:
    from sessions.activities.collect import Collect
    from sessions.activities.collect.wall import Card
    from sessions.people import Member


COMPARED = 600
"""So many cards, the newest, are compared with one another for staff."""


class Text(NamedTuple):
    """What a card says, with the seq of the event that says it so."""

    key: str
    seq: int
    language: str
    words: str
    place: tuple[str, ...]
    """What has to be the same for two cards to stand for each other."""


class Alike:
    """The cards of one phase by what they say, each language by itself. Made anew at will; no part of the state."""

    def __init__(self, collect: Collect) -> None:
        self._collect = ref(collect)
        self._known: dict[str, tuple[int, str, bool]] = {}
        """Card to the seq it was taken in with, its language, and whether it says nothing."""
        self._by_language: dict[str, Similar] = {}

    def stale(self) -> list[Text]:
        """What has been written, changed or taken back since it was last brought up to date."""
        collect = self._collect()
        cards = collect.state.wall.cards.values() if collect is not None else ()
        return [
            _text(card)
            for card in cards
            if self._known.get(card.id, (-1, "", False))[::2] != (card.worded_seq, card.withdrawn)
        ]

    def take(self, texts: Sequence[Text]) -> None:
        """Take texts in; what says nothing any more goes."""
        for text in texts:
            _, before, _ = self._known.get(text.key, (0, text.language, False))
            self._of(before).drop(text.key)
            self._known[text.key] = (text.seq, text.language, not text.words)
            if text.words:
                self._of(text.language).put(text.key, text.words)

    def _of(self, language: str) -> Similar:
        return self._by_language.setdefault(language, Similar())

    def hints(self, member: Member, text: str) -> list[dict[str, Any]]:
        """The faces of cards that say nearly what somebody is writing, the most alike first: of those they may see, and
        none of their own."""
        collect = self._collect()
        if collect is None or not collect.is_open or not member.is_among(collect.phase.spec.who):
            return []
        hits = self._of(member.language).like(text, lambda key: _is_hinted(collect, key, member))
        return [face(collect.form, collect.state.wall.cards[hit.key]) for hit in hits]

    def standing(self) -> list[Text]:
        """The newest cards that stand for themselves and that others may read, oldest first."""
        collect = self._collect()
        cards = collect.state.wall.cards.values() if collect is not None else ()
        fit = [card for card in cards if card.standing and not card.hidden and words_of(card)]
        return [_text(card) for card in sorted(fit, key=lambda card: card.number)[-COMPARED:]]

    def groups(self, texts: Sequence[Text]) -> list[list[str]]:
        """Cards that say nearly the same, a group each: of one language, of one kind and about one thing."""
        known = {text.key: text for text in texts}
        joined: dict[str, list[str]] = {}
        for one, other in self._pairs(known):
            mine, theirs = joined.setdefault(one, [one]), joined.setdefault(other, [other])
            if mine is not theirs:
                mine += theirs
                joined |= dict.fromkeys(theirs, mine)
        order = list(known)
        groups = {id(group): sorted(group, key=order.index) for group in joined.values()}
        return sorted(groups.values(), key=lambda group: order.index(group[0]))

    def _pairs(self, known: Mapping[str, Text]) -> Iterator[tuple[str, str]]:
        for text in known.values():
            hits = self._of(text.language).like(text.words, known.__contains__, but=text.key)
            yield from ((text.key, hit.key) for hit in hits if known[hit.key].place == text.place)

    def faces(self, keys: Sequence[str]) -> list[dict[str, Any]]:
        """What cards show, for staff."""
        collect = self._collect()
        cards = collect.state.wall.cards if collect is not None else {}
        return [face(collect.form, cards[key]) for key in keys if collect is not None and key in cards]


def _text(card: Card) -> Text:
    place = (card.column, card.link, card.target, card.owner)
    return Text(card.id, card.worded_seq, card.language, words_of(card), place)


def words_of(card: Card) -> str:
    """All that a card says."""
    return " ".join(card.fields.values())


def _is_hinted(collect: Collect, key: str, member: Member) -> bool:
    card = collect.state.wall.cards.get(key)
    return card is not None and may_join(collect, card, member)


def may_join(collect: Collect, card: Card, member: Member) -> bool:
    """Whether somebody may say that a card is theirs too: it stands for itself, others wrote it, and they see it."""
    if not card.standing or card.hidden or card.author == member.id:
        return False
    return reach.is_seen(collect, card, "phone", person_scope(member.id))


def joined(collect: Collect, command: Command, arrival: Event, sender: Member) -> list[Event]:
    """A new card that says what another does (``like``), as its author says: that one stands for both, with both texts
    and both authors. Nothing where that other card cannot be joined any more: the new one then stands for itself."""
    cards = collect.state.wall.cards
    into = cards.get(command.text("like"))
    into = cards.get(into.into, into) if into is not None else None
    if into is None or arrival.kind != "card_added" or not may_join(collect, into, sender):
        return []
    new: CardAdded = arrival.body
    if (new["column"], new["link"], new["target"]) != (into.column, into.link, into.target):
        return []
    key, count = new["card"], into.count + 1
    return [collect.event("cards_merged", into=into.id, cards=[key], number=into.number, count=count)]
