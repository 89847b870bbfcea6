"""Who sees what of a collecting phase. Staff and its author see a hidden card; only staff see who wrote it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sessions.activities.collect import blank, claiming, console, phone, screen
from sessions.activity import Fragment
from sessions.audience import scope_type

if TYPE_CHECKING:
    from sessions.activities.collect import Collect

PARTS: Mapping[str, Callable[[Collect, str, str], Fragment | None]] = {
    "card": phone.card,
    "goal": phone.goal,
    "kept": phone.kept,
    "own": phone.own,
    "left": phone.left,
    "marks": claiming.marks,
    "loose": console.loose,
    "sorted": console.in_group,
    "group": console.group,
    "late": console.late,
    "tally": console.tally,
    "wall": screen.wall,
}
"""What shows a part: of a collecting phase, to a scope, one of several by its key."""
TEAM, OWN, CONSOLE = frozenset({"phone", "team"}), frozenset({"phone", "mine"}), frozenset({"console"})
SHOWN_IN: Mapping[str, frozenset[str]] = {
    "card": TEAM,
    "goal": TEAM,
    "kept": frozenset({"phone", "screen"}),
    "own": OWN,
    "left": OWN,
    "marks": frozenset({"phone"}),
    "loose": CONSOLE,
    "sorted": CONSOLE,
    "group": CONSOLE,
    "late": CONSOLE,
    "tally": CONSOLE,
    "wall": frozenset({"screen"}),
}
"""Which views show which part."""
PANES: Mapping[tuple[str, str], Callable[[Collect, str], dict[str, Any] | None]] = {
    ("phone", "role"): blank.form_pane,
    ("phone", "person"): phone.own_pane,
    ("mine", "person"): phone.cards_pane,
    ("phone", "team"): phone.team_pane,
    ("team", "team"): phone.team_pane,
    ("phone", "all"): phone.others_pane,
    ("screen", "all"): screen.pane,
    ("console", "all"): console.pane,
}
"""What a view's pane for a type of scope shows."""
ORDER = {"role": "1", "person": "2", "team": "3", "all": "4"}
"""On a phone the form comes first, then mine, then the others'."""


def show(collect: Collect, view: str, scope: str, part: str = "", key: str = "") -> Fragment | None:
    """What a fragment shows in a view to a scope, or None where there is nothing for them to see."""
    if part:
        return PARTS[part](collect, scope, key) if view in SHOWN_IN[part] else None
    pane = PANES.get((view, scope_type(scope)))
    data = pane(collect, scope) if pane else None
    return None if data is None else Fragment(data, order=ORDER[scope_type(scope)])
