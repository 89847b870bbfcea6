"""Who sees what of a phase of questions: everybody what is published, whoever moderates what waits, each their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sessions.activities.qa import desk, phone, screen
from sessions.activity import Fragment
from sessions.audience import scope_type

if TYPE_CHECKING:
    from sessions.activities.qa import Qa

PARTS: Mapping[str, Callable[[Qa, str, str, str], Fragment | None]] = {
    "question": phone.question,
    "tally": phone.tally,
    "own": phone.own,
    "owed": phone.owed,
    "marks": phone.marks,
    "ticket": desk.ticket,
    "on_air": desk.on_air,
    "counts": desk.counts,
    "desk_ticket": desk.ticket,
    "desk_on_air": desk.on_air,
    "desk_counts": desk.counts,
    "wall": screen.wall,
}
"""What shows a part: of a phase, in a view, to a scope, one of several by its key."""
PHONE, OWN, CONSOLE = frozenset({"phone"}), frozenset({"phone", "mine"}), frozenset({"console"})
SHOWN_IN: Mapping[str, frozenset[str]] = {
    "question": PHONE,
    "tally": PHONE,
    "marks": PHONE,
    "own": OWN,
    "owed": OWN,
    "ticket": CONSOLE,
    "on_air": CONSOLE,
    "counts": CONSOLE,
    "desk_ticket": PHONE,
    "desk_on_air": PHONE,
    "desk_counts": PHONE,
    "wall": frozenset({"screen"}),
}
"""Which views show which part."""
PANES: Mapping[tuple[str, str], Callable[[Qa, str, str], dict[str, Any] | None]] = {
    ("phone", "role"): phone.role_pane,
    ("phone", "person"): phone.person_pane,
    ("mine", "person"): phone.person_pane,
    ("phone", "all"): phone.everybody_pane,
    ("screen", "all"): screen.pane,
    ("console", "all"): desk.pane,
}
"""What a view's pane for a type of scope shows."""
ORDER = {"role": "1", "person": "2", "all": "3"}
"""On a phone the form comes first, then what concerns me now, then what everybody asks."""


def show(qa: Qa, view: str, scope: str, part: str = "", key: str = "") -> Fragment | None:
    """What a fragment shows in a view to a scope, or None where there is nothing for them to see."""
    if part:
        return PARTS[part](qa, view, scope, key) if view in SHOWN_IN[part] else None
    pane = PANES.get((view, scope_type(scope)))
    data = pane(qa, view, scope) if pane else None
    return None if data is None else Fragment(data, order=ORDER[scope_type(scope)])
