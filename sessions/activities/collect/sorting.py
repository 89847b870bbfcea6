"""The facilitator lays cards into groups, and never rewrites them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sessions.activities.collect import changes
from sessions.activities.collect.events import CardsGrouped, CardsUngrouped, GroupRenamed
from sessions.activities.collect.refusals import gone
from sessions.activities.collect.wall import Card
from sessions.activity import Change, Changed, too_long
from sessions.messages import Command, Decision, Event, Refused, refuse

if TYPE_CHECKING:
    from sessions.activities.collect import Collect
    from sessions.people import Member

MAX_TITLE = 80


def chosen(collect: Collect, command: Command) -> list[Card] | Refused:
    """The cards a command names, each once; all have to stand for themselves."""
    ids = dict.fromkeys(command.all("card"))
    if not ids:
        return refuse("none_chosen", "Choose at least one card first.")
    known = collect.state.wall.cards
    cards = [known[card] for card in ids if card in known]
    return cards if len(cards) == len(ids) and all(card.standing for card in cards) else gone()


def refuse_mix(collect: Collect, cards: list[Card]) -> Refused | None:
    """What only a team or an owner sees stays with them."""
    place = {"team": "team", "owner": "target"}.get(collect.visible_to, "")
    if place and len({getattr(card, place) for card in cards}) > 1:
        return refuse("mixed", "These cards belong to different teams. Choose cards of one team.")
    return None


def group_cards(collect: Collect, command: Command, sender: Member, now: float) -> Decision:
    """Lay cards (``card``, repeated) into a new group with this ``title``, or into ``group``."""
    cards = chosen(collect, command)
    if isinstance(cards, Refused):
        return cards
    group, title = _group_meant(collect, command)
    no = _refuse_group(collect, group, title) or refuse_mix(collect, [*cards, *_first_of(collect, group)])
    if no is not None:
        return no
    moved = [card.id for card in cards if card.group != group]
    grouped = collect.event("cards_grouped", group=group, title=title, cards=moved, whole=True)
    return [grouped] if moved else []


def _group_meant(collect: Collect, command: Command) -> tuple[str, str]:
    """Id and title: a title typed goes before a group chosen earlier, and the same title is one group."""
    title, picked, wall = command.text("title"), command.text("group"), collect.state.wall
    if title:
        same = next((group for group in wall.groups if wall.titles[group] == title), "")
        return same or f"{collect.phase.id}g{collect.state.last_group + 1}", title
    return picked, wall.titles.get(picked, "")


def _refuse_group(collect: Collect, group: str, title: str) -> Refused | None:
    if not title and group not in collect.state.wall.titles:
        return refuse("no_group", "Choose a group, or write a title for a new one.")
    return too_long(title, MAX_TITLE)


def _first_of(collect: Collect, group: str) -> list[Card]:
    wall = collect.state.wall
    return [wall.cards[card] for card in wall.standing.first(group, 1)]


def ungroup(collect: Collect, command: Command, sender: Member, now: float) -> Decision:
    """Take cards (``card``, repeated) out of their groups, or a ``whole`` group apart."""
    whole = command.text("whole")
    parted = collect.state.wall.standing[whole] if whole else ()
    if parted:
        return [collect.event("cards_ungrouped", cards=list(parted))]
    found = chosen(collect, command)
    if isinstance(found, Refused):
        return found
    cards = [card.id for card in found if card.group]
    return [collect.event("cards_ungrouped", cards=cards)] if cards else []


def rename_group(collect: Collect, command: Command, sender: Member, now: float) -> Decision:
    """Give a ``group`` another ``title``."""
    group, title, wall = command.text("group"), command.text("title"), collect.state.wall
    if group not in wall.groups or not title:
        return refuse("no_group", "Choose a group and write its new title.")
    same = wall.titles[group] == title
    renamed = [] if same else [collect.event("group_renamed", group=group, title=title)]
    return too_long(title, MAX_TITLE) or renamed


# ---- events


def cards_grouped(collect: Collect, event: Event) -> Iterator[Change]:
    body: CardsGrouped = event.body
    collect.state.begin_group(body["group"], body["title"] or "", event.actor, body.get("whole", False))
    return _lay(collect, body["cards"], body["group"])


def cards_ungrouped(collect: Collect, event: Event) -> Iterator[Change]:
    body: CardsUngrouped = event.body
    return _lay(collect, body["cards"], "")


def _lay(collect: Collect, cards: Iterable[str], group: str) -> Iterator[Change]:
    for key in cards:
        card = collect.state.wall.cards[key]
        left, card.group = card.group, group
        yield from changes.put(collect, card)
        if left:
            yield Changed("group", left)


def group_renamed(collect: Collect, event: Event) -> Iterator[Change]:
    body: GroupRenamed = event.body
    group, wall = body["group"], collect.state.wall
    wall.titles[group] = body["title"] or ""
    wall.titled_by[group] = event.actor
    yield from (Changed("group", group), changes.WALL)
    yield from (Changed("sorted", card) for card in wall.standing[group])
