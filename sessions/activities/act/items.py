"""What is answered here, and what actions come from: cards that earlier phases handed on, or the projects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from sessions.activities.act.plan import Item
from sessions.activities.act.rules import ENTRIES
from sessions.entry_list import entries_in_race
from sessions.headline import headline

if TYPE_CHECKING:
    from sessions.activities.act import Act
    from sessions.entry import Entry
    from sessions.outcome import Card

SETTLED = "answered"
"""The column of cards that an earlier phase has answered already: nobody answers them again."""


class Source(NamedTuple):
    """An item as pages show it. ``authors`` are whose words it is in; of a project they are its team's people."""

    id: str
    number: int
    text: str
    headline: str
    authors: tuple[str, ...] = ()
    language: str = ""
    cards: int = 1
    """How many cards stand behind it."""
    points: float | None = None
    entry: str = ""


def take_in(act: Act) -> None:
    """Take in what the inputs hand on now. What is new comes last, what they hand on no more is gone."""
    items = act.plan.items
    points = {row.option: row.points for row in act.inputs.ranking}
    cards = {card.id: card for card in act.inputs.cards if card.column != SETTLED}
    for card in cards.values():
        item = items.setdefault(card.id, Item(len(items) + 1, card))
        item.card, item.points, item.gone = card, points.get(card.id), False
    for name, item in items.items():
        if name not in cards:
            item.gone = True


def sources(act: Act) -> Mapping[str, Source]:
    """Everything that can be answered and acted on, by id, in its order."""
    if act.rules.get("about") == ENTRIES:
        return {entry.id: _of_entry(act, entry) for entry in entries_in_race(act.session)}
    return {item.card.id: _of_card(item) for item in act.plan.items.values() if not item.gone}


def source(act: Act, name: str) -> Source | None:
    """One of them."""
    if act.rules.get("about") == ENTRIES:
        entry = act.session.entries.get(name)
        return _of_entry(act, entry) if entry is not None and entry.in_race else None
    item = act.plan.items.get(name)
    return None if item is None or item.gone else _of_card(item)


def _of_entry(act: Act, entry: Entry) -> Source:
    team = act.session.teams.get(entry.team)
    members = team.members if team else ()
    return Source(entry.id, entry.number, entry.headline, entry.headline, members, entry=entry.id)


def _of_card(item: Item) -> Source:
    card = item.card
    return Source(
        id=card.id,
        number=item.number,
        text=card.text,
        headline=card.headline,
        authors=card.authors,
        language=card.language,
        cards=card.count,
        points=item.points,
    )


def entry_of(act: Act, name: str) -> str:
    """The project that an item is, or has become; "" for none."""
    if name in act.session.entries:
        return name
    return act.session.entry_of_card.get(name, "")


def unanswered(act: Act) -> Iterator[Source]:
    """Those that nobody has answered, in their order; none where nothing is answered here."""
    if act.choices:
        yield from (item for item in sources(act).values() if item.id not in act.plan.answers)


def card_of(act: Act, name: str) -> Card | None:
    """The card that an item is."""
    item = act.plan.items.get(name)
    return item.card if item is not None and not item.gone else None


def face(item: Source) -> dict[str, Any]:
    """What an item shows to whoever may read it."""
    return {**item._asdict(), "headline": item.headline or headline(item.text)}
