"""Who sees what: everybody the board and who can be met, each their own wishes and meetings, staff the floor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sessions.activities.match import desk, own, phone, printing, screen
from sessions.activity import Fragment
from sessions.audience import scope_type

if TYPE_CHECKING:
    from sessions.activities.match import Match

PARTS: Mapping[str, Callable[[Match, str, str, str], Fragment | None]] = {
    "offer": phone.offer,
    "party": phone.party,
    "marks": phone.marks,
    "progress": phone.progress,
    "floor": desk.floor,
    "prints": printing.prints,
    "wall": screen.wall,
}
"""What shows a part: of a phase, in a view, to a scope, one of several by its key."""
PHONE, CONSOLE, SCREEN = frozenset({"phone"}), frozenset({"console"}), frozenset({"screen"})
SHOWN_IN: Mapping[str, frozenset[str]] = {
    "offer": PHONE | CONSOLE,
    "party": PHONE,
    "marks": PHONE,
    "progress": PHONE | CONSOLE | SCREEN,
    "floor": CONSOLE,
    "prints": CONSOLE,
    "wall": SCREEN,
}
"""Which views show which part."""
PANES: Mapping[tuple[str, str], Callable[[Match, str, str], dict[str, Any] | None]] = {
    ("phone", "person"): own.person_pane,
    ("mine", "person"): own.person_pane,
    ("phone", "role"): phone.role_pane,
    ("phone", "all"): phone.everybody_pane,
    ("screen", "all"): screen.pane,
    ("console", "all"): desk.pane,
}
"""What a view's pane for a type of scope shows."""
ORDER = {"person": "1", "role": "2", "all": "3"}
"""On a phone what concerns me now comes first, then the form, then whoever is here."""


def show(match: Match, view: str, scope: str, part: str = "", key: str = "") -> Fragment | None:
    """What a fragment shows in a view to a scope, or None where there is nothing for them to see."""
    if part:
        return PARTS[part](match, view, scope, key) if view in SHOWN_IN[part] else None
    pane = PANES.get((view, scope_type(scope)))
    data = pane(match, view, scope) if pane else None
    return None if data is None else Fragment(data, order=ORDER[scope_type(scope)])
