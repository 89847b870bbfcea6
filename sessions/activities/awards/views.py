"""What each view sees of the awards: those that have been revealed. The console also sees what comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sessions.activities.awards.given import Award
from sessions.activity import Fragment
from sessions.audience import is_for, scope_type
from sessions.stage_entries import entry_on_stage

if TYPE_CHECKING:
    from sessions.activities.awards import Awards

SHOWN_BESIDES = frozenset({"award"})
"""What other phases say about entries that is seen at the awards only."""


def show(awards: Awards, view: str, scope: str, part: str = "", key: str = "") -> Fragment | None:
    """The pane of a view for a scope; None where there is nothing to see."""
    pane = PANES.get((view, scope_type(scope))) if not part else None
    return pane(awards, view, scope) if pane else None


def _room(awards: Awards, view: str, scope: str) -> Fragment:
    """The awards that have been revealed, latest first."""
    return Fragment({"awards": list(_revealed(awards, view))})


def _console(awards: Awards, view: str, scope: str) -> Fragment:
    """The awards that have been revealed, and those that come."""
    coming = [_row(awards, award, view) for award in awards.coming]
    return Fragment({**_room(awards, view, scope).data, "coming": coming, **_count(awards)})


def _role(awards: Awards, view: str, scope: str) -> Fragment | None:
    """Whoever hands out the awards has the button in the hand."""
    if not is_for(scope, awards.phase.spec.who) or not awards.is_open:
        return None
    return Fragment(_count(awards))  # which award comes next is not said


Pane = Callable[["Awards", str, str], Fragment | None]
PANES: Mapping[tuple[str, str], Pane] = {
    ("phone", "all"): _room,
    ("screen", "all"): _room,
    ("console", "all"): _console,
    ("phone", "role"): _role,
}


def _count(awards: Awards) -> dict[str, int]:
    return {"shown": len(awards.revealed), "of": len(awards.awards)}


def _revealed(awards: Awards, view: str) -> Iterator[dict[str, Any]]:
    known = {award.id: award for award in awards.awards}
    for award in reversed(awards.revealed):
        if award in known:
            yield _row(awards, known[award], view)


def _row(awards: Awards, award: Award, view: str) -> dict[str, Any]:
    return {**entry_on_stage(awards.session, awards.session.entries[award.entry], view), "award": award}
