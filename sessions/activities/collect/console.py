"""What the console shows of a collecting phase: every card with its author, to be sorted into groups, and those that
came late."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sessions.activities.collect import together
from sessions.activities.collect.face import face, newest_first
from sessions.activity import Fragment

if TYPE_CHECKING:
    from sessions.activities.collect import Collect
    from sessions.activities.collect.wall import Wall


def pane(collect: Collect, scope: str) -> dict[str, Any]:
    """The lists: cards in no group, groups, cards in groups, late cards."""
    wall = collect.state.wall
    groups = wall.groups
    return {
        "sorting": _sorting(collect),
        "loose": _newest_in(wall, ""),
        "groups": groups,
        "sorted": [card for group in groups for card in _newest_in(wall, group)],
        "late": list(collect.state.late),
    }


def _sorting(collect: Collect) -> bool:
    """Whether the cards are laid into groups here; those of a side channel are only read."""
    return collect.phase.main and collect.visible_to != "owner"


def _newest_in(wall: Wall, group: str) -> list[str]:
    return wall.in_order(wall.standing[group])[::-1]


def tally(collect: Collect, scope: str, key: str) -> Fragment:
    """How many cards there are of each sort, and how long the silence lasts."""
    state, standing = collect.state, collect.state.wall.standing
    counts = {
        "loose": standing.size(""),
        "total": standing.total,
        "withdrawn": state.withdrawn,
        "kept": len(state.wall.kept),
    }
    silence: dict[str, Any] = {"silent": not state.revealed, "reveal_at": collect.reveal_at}
    silence["stage"] = together.shown(collect)
    return Fragment({**counts, **silence, "late": len(state.late), "sorting": _sorting(collect)})


def late(collect: Collect, scope: str, key: str) -> Fragment | None:
    """A card that came after the close."""
    card = collect.state.late.get(key)
    if card is None:
        return None
    data = {"card": face(collect.form, card), "author": card.author, "made": card.made, "at": card.at}
    return Fragment(data, home="late", order=f"{card.number:07d}")


def loose(collect: Collect, scope: str, key: str) -> Fragment | None:
    """A card in no group."""
    return _to_sort(collect, key, grouped=False)


def in_group(collect: Collect, scope: str, key: str) -> Fragment | None:
    """A card in a group."""
    return _to_sort(collect, key, grouped=True)


def _to_sort(collect: Collect, key: str, grouped: bool) -> Fragment | None:
    """One list, what is to sort first; a card that changes sides is a new fragment without its tick."""
    wall = collect.state.wall
    card = wall.cards.get(key)
    if card is None or not card.standing or bool(card.group) != grouped:
        return None
    data = {
        "card": face(collect.form, card),
        "author": card.author,
        "hidden": card.hidden,
        "kept": card.kept,
        "sorting": _sorting(collect),
        "group": wall.titles.get(card.group, ""),
    }
    side = f"1-{_place(wall, card.group)}" if grouped else "0"
    return Fragment(data, home="loose", order=f"{side}-{newest_first(card)}")


def _place(wall: Wall, group: str) -> str:
    """A group's key among the groups: in the order they were made."""
    return f"{list(wall.titles).index(group):04d}"


def group(collect: Collect, scope: str, key: str) -> Fragment | None:
    """A group with its first three cards."""
    wall = collect.state.wall
    size = wall.standing.size(key) if key in wall.titles else 0
    if not size:
        return None
    some = [collect.form.headline_of(wall.cards[card]) for card in wall.standing.first(key, 3)]
    data = {"group": key, "title": wall.titles[key], "count": size, "some": some}
    return Fragment(data, home="groups", order=_place(wall, key))
