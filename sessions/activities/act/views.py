"""Who sees what of a phase of planning: everybody what is answered and who does what, each what concerns them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sessions.activities.act import desk, phone, screen
from sessions.activity import Fragment
from sessions.audience import scope_type

if TYPE_CHECKING:
    from sessions.activities.act import Act

PARTS: Mapping[str, Callable[[Act, str, str, str], Fragment | None]] = {
    "item": phone.item,
    "action": phone.action,
    "tally": phone.tally,
    "own": phone.own,
    "held": phone.held,
    "marks": phone.marks,
    "request": phone.request,
    "answering": desk.desk,
    "desk": desk.desk,
    "row": desk.row,
    "line": desk.line,
    "counts": desk.counts,
    "wall": screen.wall,
}
"""What shows a part: of a phase, in a view, to a scope, one of several by its key."""
PHONE, OWN, CONSOLE = frozenset({"phone"}), frozenset({"phone", "mine"}), frozenset({"console"})
SHOWN_IN: Mapping[str, frozenset[str]] = {
    "item": PHONE,
    "action": PHONE,
    "tally": PHONE,
    "marks": PHONE,
    "request": PHONE,
    "answering": PHONE,
    "own": OWN,
    "held": OWN,
    "desk": CONSOLE,
    "row": CONSOLE,
    "line": CONSOLE,
    "counts": CONSOLE,
    "wall": frozenset({"screen"}),
}
"""Which views show which part."""
PANES: Mapping[tuple[str, str], Callable[[Act, str, str], dict[str, Any] | None]] = {
    ("phone", "role"): phone.role_pane,
    ("phone", "person"): phone.person_pane,
    ("mine", "person"): phone.person_pane,
    ("phone", "all"): phone.everybody_pane,
    ("screen", "all"): screen.pane,
    ("console", "all"): desk.pane,
}
"""What a view's pane for a type of scope shows."""
ORDER = {"person": "1", "role": "2", "all": "3"}
"""On a phone what concerns me now comes first, then the task, then what everybody reads."""


def show(act: Act, view: str, scope: str, part: str = "", key: str = "") -> Fragment | None:
    """What a fragment shows in a view to a scope, or None where there is nothing for them to see."""
    if part:
        return PARTS[part](act, view, scope, key) if view in SHOWN_IN[part] else None
    pane = PANES.get((view, scope_type(scope)))
    data = pane(act, view, scope) if pane else None
    return None if data is None else Fragment(data, order=ORDER[scope_type(scope)])
