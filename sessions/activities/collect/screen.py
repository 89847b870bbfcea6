"""What the projector shows of a collecting phase: headlines page by page, in their groups as long as they fit, then
groups with counts; or counts alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sessions.activities.collect import together
from sessions.activities.collect.face import face
from sessions.activities.collect.piles import pages, piles
from sessions.activities.collect.squares import GroupSeen, draw, newest_that_fit, words_fit
from sessions.activities.collect.wall import column_group, group_shown
from sessions.activity import Fragment

if TYPE_CHECKING:
    from sessions.activities.collect import Collect
    from sessions.activities.collect.wall import Card

WORDS_ON_SCREEN = 36
"""Up to so many cards the projector shows the headlines in each group, beyond it groups with counts."""
GROUPS_THAT_TELL = 6
"""Up to so many groups there is room for a headline or two under each title."""
MOST_PAGES = 12
"""Pages of cards in no group that the projector turns, the newest; four minutes."""


def pane(collect: Collect, scope: str) -> dict[str, Any]:
    """Nothing beside the wall, which is a part of its own."""
    return {}


def wall(collect: Collect, scope: str, key: str) -> Fragment:
    """The wall; ``look`` names how it is drawn."""
    shown = collect.state.wall.shown
    stage = together.shown(collect)
    if stage is not None and stage["stage"] < together.ALL:
        return Fragment({"look": "together", **stage, "total": shown.total})
    if collect.visible_to == "team":
        return Fragment({"look": "teams", "teams": _team_counts(collect), "goal": collect.goal})
    if collect.visible_to == "owner":
        return Fragment({"look": "counts", "groups": _column_counts(collect), "total": shown.total})
    if not collect.state.revealed:
        return Fragment({"look": "silent", "reveal_at": collect.reveal_at, "total": shown.total})
    if not shown.total:
        return Fragment({"look": "empty"})
    return Fragment(_pages(collect) if _unsorted(collect) else _words(collect) or _crowd(collect))


def _team_counts(collect: Collect) -> list[dict[str, Any]]:
    teams = sorted(collect.session.teams.values(), key=lambda team: team.number)
    of_team = collect.state.of_team
    return [{"number": t.number, "name": t.name, "count": len(of_team.get(t.id, ()))} for t in teams]


def _column_counts(collect: Collect) -> list[dict[str, Any]]:
    form, shown = collect.form, collect.state.wall.shown
    return [{"label": form.label(c), "count": shown.size(column_group(c))} for c in form.columns]


def _groups(collect: Collect) -> list[GroupSeen]:
    """Every group with cards to see: the groups, then the columns (or what lies in no group)."""
    wall, form = collect.state.wall, collect.form
    groups = [GroupSeen(group, wall.titles[group], None) for group in wall.groups if wall.shown.size(group)]
    columns = form.columns or [""]
    titled = len(columns) > 1
    rest = [GroupSeen(column_group(c), "", form.label(c) if titled else None) for c in columns]
    return [*groups, *(group for group in rest if wall.shown.size(group.key))]


def _unsorted(collect: Collect) -> bool:
    """Whether the cards lie in no group and no column yet."""
    groups = _groups(collect)
    return len(groups) == 1 and not (groups[0].title or groups[0].label)


def _pages(collect: Collect) -> dict[str, Any]:
    """All cards by their words, page by page, the newest page first."""
    wall, form = collect.state.wall, collect.form
    cards = wall.seen_in(_groups(collect)[0].key)
    texts = [form.headline_of(card) for card in cards]
    shown = [_page(collect, cards[page.start : page.stop], page.start) for page in pages(texts)[:MOST_PAGES]]
    return {"look": "pages", "pages": shown, "total": len(cards), "newest": wall.latest[0].id}


def _page(collect: Collect, cards: Sequence[Card], before: int) -> dict[str, Any]:
    faces = [face(collect.form, card) for card in cards]
    laid = [[faces[at] for at in pile] for pile in piles([shown["headline"] for shown in faces])]
    return {"piles": laid, "first": before + 1, "last": before + len(cards)}


def _words(collect: Collect) -> dict[str, Any] | None:
    """All cards with their words, each group for itself, if they fit."""
    wall, form = collect.state.wall, collect.form
    if wall.shown.total > WORDS_ON_SCREEN:
        return None
    groups = [(group, wall.seen_in(group.key)) for group in _groups(collect)]
    if not words_fit([[form.headline_of(card) for card in cards] for _, cards in groups]):
        return None
    shown = [{"group": group, "cards": [face(form, card) for card in cards]} for group, cards in groups]
    return {"look": "words", "groups": shown, "newest": wall.latest[0].id}


def _crowd(collect: Collect) -> dict[str, Any]:
    """Groups with counts, and the newest cards in full."""
    wall, groups = collect.state.wall, _groups(collect)
    latest = wall.latest[:4]
    sizes = {group.key: wall.shown.size(group.key) for group in groups}
    fresh = {group_shown(card) for card in latest}
    by_key = {group.key: group for group in groups}
    newest = [(face(collect.form, card), by_key[group_shown(card)]) for card in latest]
    fitting = newest_that_fit([shown["headline"] for shown, _ in newest])
    many = 2 if len(groups) <= 4 else 1 if len(groups) <= GROUPS_THAT_TELL else 0
    told = {group.key: _told(collect, group.key, many) for group in groups}
    return {"look": "crowd", **draw(groups, sizes, fresh), "newest": newest[:fitting], "told": told}


def _told(collect: Collect, group: str, many: int) -> list[str]:
    """The headlines of a group's newest cards."""
    return [collect.form.headline_of(card) for card in collect.state.wall.seen_in(group)[::-1][:many]]
