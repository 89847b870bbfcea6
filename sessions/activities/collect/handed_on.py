"""What a collecting phase hands on: groups as one card each, and the cards in no group; behind both, the cards as they
were written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sessions.activities.collect.state import CardState
from sessions.activities.collect.wall import Card, Wall
from sessions.headline import FIELD as HEADLINE
from sessions.outcome import Card as HandedOn
from sessions.outcome import Outcome


def outcome(state: CardState, main: str) -> Outcome:
    """Groups as one card each, then the cards in no group; ``figures`` says what lies behind them. ``main`` is the
    field that holds what a card says."""
    wall = state.wall
    groups = {group: cards for group in wall.groups if (cards := wall.handed_on_from(group))}
    return Outcome(
        cards=(
            *(_group(wall, group, cards, main) for group, cards in groups.items()),
            *(_card(wall, card, main) for card in wall.handed_on_from("")),
        ),
        figures={
            "groups": {group: [card.id for card in cards] for group, cards in groups.items()},
            "merged": {card.id: list(card.merged) for card in wall.cards.values() if card.merged},
            "withdrawn": state.withdrawn,
            "also": {card.id: len(card.also) for card in wall.cards.values() if card.also},
        },
    )


def handed_on(wall: Wall, key: str, main: str) -> HandedOn | None:
    """One of the outcome's cards by its id; None if there is no such card."""
    cards = wall.handed_on_from(key) if key in wall.titles else []
    if cards:
        return _group(wall, key, cards, main)
    card = wall.cards.get(key)
    return _card(wall, card, main) if card is not None and card.handed_on and not card.group else None


def _card(wall: Wall, card: Card, main: str) -> HandedOn:
    """A card with its duplicates behind it, where it has some."""
    if not card.merged:
        return _single(card, main)
    authors, behind = _authors(wall, [card]), _behind(wall, [card], main)
    return replace(_single(card, main), authors=authors, count=len(behind), behind=behind)


def _single(card: Card, main: str) -> HandedOn:
    """A card as its author wrote it."""
    return HandedOn(
        id=card.id,
        text=card.fields.get(main, ""),
        fields=dict(card.fields),
        authors=(card.author,),
        team=card.team,
        column=card.column,
        link=card.link,
        target=card.target,
        language=card.language,
        at=card.made or card.at,
        choice=card.choice,
    )


def _group(wall: Wall, group: str, cards: list[Card], main: str) -> HandedOn:
    """A group with every card in it, and their duplicates, behind it."""
    every = _behind(wall, cards, main)
    return HandedOn(
        id=group,
        text=wall.titles[group],
        fields=_together(every) if group in wall.whole else {},
        authors=_authors(wall, cards),
        team=_common(card.team for card in cards),
        column=_common(card.column for card in cards),
        link=_common(card.link for card in cards),
        target=_common(card.target for card in cards),
        count=len(every),
        language=_common(card.language for card in every),
        at=min(card.at for card in every),
        titled_by=wall.titled_by[group],
        behind=every,
    )


def _behind(wall: Wall, cards: list[Card], main: str) -> tuple[HandedOn, ...]:
    """Cards with those that they stand for, as they were written; without what is hidden from the others."""
    every = (behind for card in cards for behind in wall.behind(card))
    return tuple(_single(card, main) for card in every if card.readable)


def _together(cards: Iterable[HandedOn]) -> dict[str, str]:
    """What cards say in each field, one after the other; what several say alike stands there once. Their headline is
    the group's title."""
    names = dict.fromkeys(name for card in cards for name in card.fields if name != HEADLINE)
    told = {name: dict.fromkeys(filter(None, (card.fields.get(name) for card in cards))) for name in names}
    return {name: "\n".join(texts) for name, texts in told.items()}


def _authors(wall: Wall, cards: list[Card]) -> tuple[str, ...]:
    """Whose words are handed on: without who wrote what is hidden or kept from the others."""
    return tuple(dict.fromkeys(b.author for card in cards for b in wall.behind(card) if b.readable))


def _common(values: Iterable[str]) -> str:
    """The value that all share; "" if they differ."""
    different = set(values)
    return different.pop() if len(different) == 1 else ""
