"""What each view sees of a technical check: the running order as it fills; staff see the queue, teams their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sessions.activity import Fragment
from sessions.audience import scope_type
from sessions.stage_entries import entry_on_stage

if TYPE_CHECKING:
    from sessions.activities.techcheck import Techcheck

FEW_PLACES = 40
"""Free slots up to which a phone lists each to tap on; of more it says which, and one is typed."""
SHOWN_BESIDES = frozenset({"equipment"})
"""What other phases say about entries that is seen in a technical check only."""


def show(check: Techcheck, view: str, scope: str, part: str = "", key: str = "") -> Fragment | None:
    """The pane of a view for a scope; None where there is nothing to see."""
    pane = PANES.get((view, scope_type(scope))) if not part else None
    return pane(check, scope) if pane else None


def _room(check: Techcheck, scope: str) -> Fragment:
    """The running order so far."""
    return Fragment({"order": list(_order(check)), "settled": bool(check.settled)})


def _console(check: Techcheck, scope: str) -> Fragment:
    """The queue with its checks, the free slots, and the running order so far."""
    queue = check.queue
    rows = [_row(check, entry) for entry in queue]
    free = check.checks.free_in(set(queue))
    return Fragment({**_room(check, scope).data, "queue": rows, "free": free})


def _team(check: Techcheck, scope: str) -> Fragment | None:
    """A team's own entries, to choose a slot for."""
    team = check.team_in(scope)
    own = [entry.id for entry in check.session.entries_of(team.id)] if team else []
    if not own or not check.is_open:
        return None
    return Fragment({"rows": list(_choosing(check, own))}, order="1")


Pane = Callable[["Techcheck", str], Fragment | None]
PANES: Mapping[tuple[str, str], Pane] = {
    ("phone", "all"): _room,
    ("screen", "all"): _room,
    ("console", "all"): _console,
    ("phone", "team"): _team,
}


def _order(check: Techcheck) -> Iterator[dict[str, Any]]:
    """The running order; ``sure`` is a place that was chosen or settled."""
    for place, entry in enumerate(check.running_order, 1):
        row = entry_on_stage(check.session, check.session.entries[entry], "screen")
        sure = bool(check.settled) or entry in check.checks.chosen
        yield {**row, "place": place, "sure": sure, "checked": check.checks.is_checked(entry)}


def _row(check: Techcheck, entry_id: str) -> dict[str, Any]:
    entry = check.session.entries[entry_id]
    return {
        **entry_on_stage(check.session, entry, "console"),
        "check": check.checks.checks.get(entry_id),
        "place": check.checks.chosen.get(entry_id),
        "equipment": entry.latest("equipment") or "",
    }


def _choosing(check: Techcheck, own: Iterable[str]) -> Iterator[dict[str, Any]]:
    """A team's own entries: how many are checked before each, and the slots it may take."""
    queue, checks = check.queue, check.checks
    waiting = {entry: i for i, entry in enumerate(e for e in queue if e not in checks.checks)}
    free = checks.free_in(set(queue))
    for entry in own:
        places = checks.free_for(entry, free)
        choice = {"free": places, "in_ranges": in_ranges(places) if len(places) > FEW_PLACES else ""}
        yield {**_row(check, entry), **choice, "ahead": waiting.get(entry, 0)}


def in_ranges(places: Iterable[int]) -> str:
    """Ascending numbers in few words: 1–3, 7, 9–12."""
    runs: list[list[int]] = []
    for place in places:
        if runs and place == runs[-1][-1] + 1:
            runs[-1][1:] = [place]
        else:
            runs.append([place])
    return ", ".join("–".join(map(str, run)) for run in runs)
