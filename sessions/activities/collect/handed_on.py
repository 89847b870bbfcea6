"""What a collecting phase hands on: groups as one card each, and the cards in no group."""

from __future__ import annotations

from collections.abc import Iterable

from sessions.activities.collect.state import CardState
from sessions.activities.collect.wall import Card, Wall
from sessions.outcome import Card as HandedOn
from sessions.outcome import Outcome


def outcome(state: CardState, main: str) -> Outcome:
    """Groups as one card each, then the cards in no group; ``figures`` says what lies behind them. ``main`` is the
    field that holds what a card says."""
    wall = state.wall
    groups = {group: cards for group in wall.groups if (cards := wall.handed_on_from(group))}
    return Outcome(
        cards=(
            *(_group(wall, group, cards) for group, cards in groups.items()),
            *(_card(wall, card, main) for card in wall.handed_on_from("")),
        ),
        figures={
            "groups": {group: [card.id for card in cards] for group, cards in groups.items()},
            "merged": {card.id: list(card.merged) for card in wall.cards.values() if card.merged},
            "withdrawn": state.withdrawn,
        },
    )


def handed_on(wall: Wall, key: str, main: str) -> HandedOn | None:
    """One of the outcome's cards by its id; None if there is no such card."""
    cards = wall.handed_on_from(key) if key in wall.titles else []
    if cards:
        return _group(wall, key, cards)
    card = wall.cards.get(key)
    return _card(wall, card, main) if card is not None and card.handed_on and not card.group else None


def _card(wall: Wall, card: Card, main: str) -> HandedOn:
    return HandedOn(
        id=card.id,
        text=card.fields.get(main, ""),
        fields=dict(card.fields),
        authors=_authors(wall, [card]),
        team=card.team,
        column=card.column,
        link=card.link,
        target=card.target,
        count=card.count,
        choice=card.choice,
    )


def _group(wall: Wall, group: str, cards: list[Card]) -> HandedOn:
    return HandedOn(
        id=group,
        text=wall.titles[group],
        authors=_authors(wall, cards),
        team=_common(card.team for card in cards),
        column=_common(card.column for card in cards),
        link=_common(card.link for card in cards),
        target=_common(card.target for card in cards),
        count=sum(card.count for card in cards),
    )


def _authors(wall: Wall, cards: list[Card]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(behind.author for card in cards for behind in wall.behind(card)))


def _common(values: Iterable[str]) -> str:
    """The value that all share; "" if they differ."""
    different = set(values)
    return different.pop() if len(different) == 1 else ""
