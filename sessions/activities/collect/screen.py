"""What the projector shows of a collecting phase: words as long as they fit, then groups with counts, or counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sessions.activities.collect.face import face
from sessions.activities.collect.squares import GroupSeen, draw, newest_that_fit, words_fit
from sessions.activities.collect.wall import column_group, group_shown
from sessions.activity import Fragment

if TYPE_CHECKING:
    from sessions.activities.collect import Collect

WORDS_ON_SCREEN = 36
"""Up to so many cards the projector shows their words, beyond it groups with counts."""


def pane(collect: Collect, scope: str) -> dict[str, Any]:
    """Nothing beside the wall, which is a part of its own."""
    return {}


def wall(collect: Collect, scope: str, key: str) -> Fragment:
    """The wall; ``look`` names how it is drawn."""
    shown = collect.state.wall.shown
    if collect.visible_to == "team":
        return Fragment({"look": "teams", "teams": _team_counts(collect), "goal": collect.goal})
    if collect.visible_to == "owner":
        return Fragment({"look": "counts", "groups": _column_counts(collect), "total": shown.total})
    if not collect.state.revealed:
        return Fragment({"look": "silent", "reveal_at": collect.reveal_at, "total": shown.total})
    return Fragment(_words(collect) or _crowd(collect) if shown.total else {"look": "empty"})


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


def _words(collect: Collect) -> dict[str, Any] | None:
    """All cards with their words, if they fit."""
    wall, form = collect.state.wall, collect.form
    if wall.shown.total > WORDS_ON_SCREEN:
        return None
    groups = [(group, wall.seen_in(group.key)) for group in _groups(collect)]
    titled = len(groups) > 1 or _has_title(groups[0][0])
    if not words_fit([[form.headline_of(card) for card in cards] for _, cards in groups], titled):
        return None
    shown = [{"group": group, "cards": [face(form, card) for card in cards]} for group, cards in groups]
    return {"look": "words", "groups": shown, "titled": titled, "newest": wall.latest[0].id}


def _has_title(group: GroupSeen) -> bool:
    return bool(group.title or group.label)


def _crowd(collect: Collect) -> dict[str, Any]:
    """Groups with counts, and the newest cards in full."""
    wall, groups = collect.state.wall, _groups(collect)
    latest = wall.latest[:4]
    sizes = {group.key: wall.shown.size(group.key) for group in groups}
    fresh = {group_shown(card) for card in latest}
    by_key = {group.key: group for group in groups}
    newest = [(face(collect.form, card), by_key[group_shown(card)]) for card in latest]
    fitting = newest_that_fit([shown["headline"] for shown, _ in newest])
    return {"look": "crowd", **draw(groups, sizes, fresh), "newest": newest[:fitting]}
