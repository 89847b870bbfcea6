"""What phases have said about an entry, and about the cards that it comes from, as rows of its record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sessions.entry import Entry, Place, Said
from sessions.revealing import is_concealed
from sessions.session import Session

OF_CARDS = frozenset({"question", "result", "verdict"})
"""What an entry's record keeps of what was said about its need, or about a card in a group that it comes from."""


PRESENTED = frozenset({"award", "score"})
"""What nobody may know before it has been shown to the room."""


def is_known(entry: Entry, session: Session, place: Place) -> bool:
    """Whether everybody may know something that was said of an entry."""
    return place[1] not in PRESENTED or not is_concealed(session, entry, *place)


def rows_of(entry: Entry, session: Session, *names: str) -> list[dict[str, Any]]:
    """Everything the phases said under these names, oldest first, with where it was said, by whom, in which language.

    ``about`` is the name; ``card`` is there where it was said about a card that the entry comes from.
    """
    return [row for name in names for row in _rows(entry, session, name)]


def _rows(entry: Entry, session: Session, name: str) -> Iterator[dict[str, Any]]:
    if name in OF_CARDS:
        for card, place, value, who in _of_cards(entry, session, name):
            yield {**_row(place, value, who), "card": card}
    for place, value in entry.facts.items():
        if place[1] == name and is_known(entry, session, place):
            yield _row(place, value, entry.said[place])


def _of_cards(entry: Entry, session: Session, name: str) -> Iterator[tuple[str, Place, Any, Said]]:
    """What stands about cards of the entry's origin that have not become entries by themselves."""
    own = {card for card, begun in session.entry_of_card.items() if begun == entry.id}
    for card in dict.fromkeys(card for origin in entry.origin() for card in origin.ids):
        latest: dict[Place, tuple[Any, Said]] = {}
        for phase, fact, seq in session.card_facts.get(card, ()) if card not in own else ():
            if fact.name == name:
                latest[phase, name, fact.key] = (fact.value, Said(fact.by, fact.language, seq, 0.0))
        yield from ((card, place, value, who) for place, (value, who) in latest.items() if value is not None)


def _row(place: Place, value: Any, who: Said) -> dict[str, Any]:
    phase, name, key = place
    told = value if isinstance(value, Mapping) else {"value": value}
    return {"about": name, "phase": phase, "key": key, **told, "by": who.by, "language": who.language}
