"""What the projector shows: the board, how many have answered, who sits at which table. Never who wants whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sessions.activities.match import times
from sessions.activities.match.face import offer_face, who
from sessions.activities.match.handed_on import figures
from sessions.activities.match.reach import is_seen
from sessions.activities.match.rules import BOARD, INTEREST, MEET, OUTCOME, slots_of
from sessions.activity import Fragment

if TYPE_CHECKING:
    from sessions.activities.match import Match

NEWEST = 12
CHANGED = 2
"""So many of the meetings that were made last are named, for so many seconds."""
JUST_CHANGED = 180.0


def pane(match: Match, view: str, scope: str) -> dict[str, Any]:
    return {}


def wall(match: Match, view: str, scope: str, key: str) -> Fragment:
    """``shows`` says what: tables, over, soon, outcome, interest or board."""
    shows = _shows(match)
    data: dict[str, Any] = {"shows": shows, "slot": match.state.slot, "slots": slots_of(match.rules)}
    if shows == "tables":
        data |= _tables(match, view, scope)
    elif shows == "board":
        seen = [each for each in match.state.offers.values() if is_seen(match, each, view, scope)]
        data |= {"count": len(seen), "newest": [offer_face(match, each) for each in seen[::-1][:NEWEST]]}
    elif shows in ("outcome", "over"):
        data |= {"figures": figures(match)}
    else:
        data |= {"starts_at": match.state.starts_at}
    return Fragment(data)


def _shows(match: Match) -> str:
    if match.state.published:
        begun = "tables" if match.state.slot >= 0 else "soon"
        return "over" if match.state.over else begun
    if OUTCOME in match.does and not {MEET, INTEREST, BOARD} & match.does:
        return "outcome"
    return "interest" if {INTEREST, MEET} & match.does else "board"


def _tables(match: Match, view: str, scope: str) -> dict[str, Any]:
    """Everybody who has a table now, and the meetings that were made last."""
    slot = match.state.slot
    at = {p: m.table for m in match.state.at_table(slot).values() for p in m.people}
    last = [m for at_, m in reversed(match.state.changed) if match.at - at_ <= JUST_CHANGED]
    fresh = [match.state.meetings[m] for m in dict.fromkeys(last)]
    new = [m for m in fresh if m.stands and m.slot == slot][:CHANGED]
    following = slot + 1 < slots_of(match.rules)
    return {
        "people": [(each, at[each["id"]]) for each in who(match, view, scope, list(at))],
        "fresh": [(who(match, view, scope, list(m.people)), m.table) for m in new],
        "moved": [p for m in new for p in m.people],
        "starts_at": times.starts(match, slot),
        "ends_at": times.ends(match, slot),
        "next_at": times.bell(match, slot + 1) if following else 0.0,
    }
