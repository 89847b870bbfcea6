"""The life cycle of a development-project record: which status follows on which (domain material, section 4)."""

from __future__ import annotations

from collections.abc import Mapping

MAIN = ("draft", "submitted", "archived", "active", "launched", "completed")
"""The main road. Until ``archived`` the session decides, from then on the record itself."""
SIDE = ("parked", "stopped", "merged", "withdrawn")
"""States beside the road, each with a reason and a way back."""

_ASIDE = frozenset({"parked", "stopped", "withdrawn"})
NEXT: Mapping[str, frozenset[str]] = {
    "archived": frozenset({"active"}) | _ASIDE,
    "active": frozenset({"launched", "completed"}) | _ASIDE,
    "launched": frozenset({"completed"}) | _ASIDE,
    "completed": frozenset({"launched"}) | _ASIDE,
    "parked": frozenset({"active", "stopped", "withdrawn"}),
    "stopped": frozenset({"active"}),
    "withdrawn": frozenset(),
}
"""Where each status may go by command. Going back to the status before is possible from every side state as well."""


def may_follow(before: str, status: str, came_from: str) -> bool:
    """Whether a record may go from ``before`` to ``status``; ``came_from`` is its last status on the main road."""
    back = before in SIDE and before != "merged" and status == came_from
    return back or status in NEXT.get(before, frozenset())


def next_statuses(before: str, came_from: str) -> dict[str, bool]:
    """Where a record may go from ``before``, the main road first, each with whether it needs a reason."""
    return {
        status: needs_reason(before, status)
        for status in (*MAIN, *SIDE)
        if may_follow(before, status, came_from)
    }


def needs_reason(before: str, status: str) -> bool:
    """Whether somebody has to say why: for every step off the road and back onto it."""
    return before in SIDE or status in SIDE
