"""Who sees what of a work phase: a team its documents, the projector progress only, the console who needs help."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sessions.activities.work import console, progress, team_room
from sessions.activity import Fragment
from sessions.audience import scope_type

if TYPE_CHECKING:
    from sessions.activities.work import Work

ROOMS, SCREEN, CONSOLE = frozenset({"phone", "team"}), frozenset({"screen"}), frozenset({"console"})
SHOWN_IN: Mapping[str, frozenset[str]] = {
    "field": ROOMS,
    "entry": ROOMS,
    "line": SCREEN,
    "tally": SCREEN,
    "table": CONSOLE,
    "late": CONSOLE,
    "lacking": CONSOLE,
}
"""Which views show which part."""
PANES: Mapping[str, Callable[[Work, str], Fragment | None]] = {
    "all": progress.everybody,
    "team": team_room.team_pane,
    "person": team_room.person_pane,
}
"""The pane for a type of scope, the same in every view."""
PARTS: Mapping[tuple[str, str], Callable[[Work, str, str, str], Fragment | None]] = {
    ("field", "team"): team_room.field,
    ("entry", "team"): team_room.summary,
    ("line", "all"): progress.line,
    ("tally", "all"): progress.tally,
    ("table", "all"): console.table,
    ("late", "all"): console.late,
    ("lacking", "all"): console.lacking,
}
"""What shows a part to a type of scope."""


def show(work: Work, view: str, scope: str, part: str = "", key: str = "") -> Fragment | None:
    """What a fragment shows in a view to a scope, or None where there is nothing for them to see."""
    if part:
        found = PARTS.get((part, scope_type(scope)))
        return found(work, view, scope, key) if found else None
    pane = PANES.get(scope_type(scope))
    return pane(work, scope) if pane else None
