"""Parts of what people see of forming teams: numbers, all tables, the board, and who asks for another place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sessions.activities.team.board import board, on_screen, without_place
from sessions.activities.team.team_draft import WISHING
from sessions.activity import Fragment

if TYPE_CHECKING:
    from sessions.activities.team import Team


def _turnout(activity: Team, key: str) -> Fragment | None:
    """How many of those who may wish have done so, while they may."""
    if activity.draft.stage != WISHING:
        return None
    wishing = activity.to_place()
    made = activity.seats.seat if activity.self_join else activity.draft.wishes
    wished = sum(member.id in made for member in wishing)
    return Fragment({"wished": wished, "people": len(wishing)})


def _tables(activity: Team, key: str) -> Fragment | None:
    if activity.draft.stage == WISHING:
        return None
    tables = [on_screen(activity, table) for table in activity.seats.tables.values()]
    placed, unplaced = len(activity.seats.seat), len(activity.unplaced())
    return Fragment({"tables": tables, "placed": placed, "unplaced": unplaced})


def _board(activity: Team, key: str) -> Fragment:
    if activity.draft.stage == WISHING:
        return Fragment({"rows": [], **without_place(activity)})
    return Fragment(board(activity))


def _request(activity: Team, key: str) -> Fragment | None:
    request = activity.draft.requests.get(key)
    if request is None or request.declined:
        return None
    return Fragment(request_row(activity, key), "requests", f"{request.seq:09d}")


def request_row(activity: Team, person: str) -> dict[str, Any]:
    """Somebody's request with the team they are in ``now`` and the one ``wanted``."""
    request = activity.draft.requests[person]
    wanted = activity.seats.tables.get(request.team)
    return {"request": request, "now": activity.seats.table_of(person), "wanted": wanted}


PARTS: Mapping[str, Callable[[Team, str], Fragment | None]] = {
    "turnout": _turnout,
    "tables": _tables,
    "board": _board,
    "request": _request,
}
