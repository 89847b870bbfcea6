"""Of several cards that say the same, one stands for all; who wrote them can say that theirs says something else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sessions.activities.collect import changes
from sessions.activities.collect.events import CardsMerged, NumberedCard
from sessions.activities.collect.refusals import not_yours
from sessions.activities.collect.sorting import chosen, refuse_mix
from sessions.activities.collect.wall import Card
from sessions.activity import Change
from sessions.audience import STAFF
from sessions.messages import Command, Decision, Event, Refused, refuse

if TYPE_CHECKING:
    from sessions.activities.collect import Collect
    from sessions.people import Member


def merge_cards(collect: Collect, command: Command, sender: Member, now: float) -> Decision:
    """Let one of several duplicates (``card``, repeated) stand for all: ``into``, or the oldest."""
    cards = chosen(collect, command)
    if isinstance(cards, Refused):
        return cards
    if len(cards) < 2:
        return refuse("choose_two", "Choose at least two cards that say the same.")
    oldest = min(cards, key=lambda card: card.number)
    into = next((card for card in cards if card.id == command.text("into")), oldest)
    return refuse_mix(collect, cards) or [_merger(collect, into, cards)]


def _merger(collect: Collect, into: Card, cards: list[Card]) -> Event:
    wall = collect.state.wall
    others = [behind.id for card in cards if card is not into for behind in wall.behind(card)]
    count = into.count + len(others)
    return collect.event("cards_merged", into=into.id, cards=others, number=into.number, count=count)


def unmerge_card(collect: Collect, command: Command, sender: Member, now: float) -> Decision:
    """Let a duplicate (``card``) stand for itself again, or all that a card stands for."""
    wall = collect.state.wall
    card = wall.cards.get(command.text("card"))
    if card is None or not (card.into or card.merged):
        return refuse("not_merged", "That card stands for itself already.")
    into = wall.cards[card.into or card.id]
    if sender.role not in STAFF and sender.id not in (card.author, into.author):
        return not_yours()
    parting = [card] if card.into else wall.behind(card)[1:]
    return [collect.event("card_unmerged", card=p.id, number=p.number) for p in parting]


# ---- events


def cards_merged(collect: Collect, event: Event) -> Iterator[Change]:
    body: CardsMerged = event.body
    wall = collect.state.wall
    into = wall.cards[body["into"]]
    for key in body["cards"]:
        wall.merge(into, wall.cards[key])
        yield from changes.put(collect, wall.cards[key])
    yield from changes.put(collect, into)


def card_unmerged(collect: Collect, event: Event) -> Iterator[Change]:
    body: NumberedCard = event.body
    wall = collect.state.wall
    card = wall.cards[body["card"]]
    into = wall.cards[card.into]
    wall.part(card)
    return changes.put_all(collect, (card, into))
