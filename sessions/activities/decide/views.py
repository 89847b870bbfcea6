"""What people see: their own team's entries to decide about, and how many stay in the race."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sessions.activities.decide.deciding import offered
from sessions.activity import Fragment
from sessions.audience import scope_of, scope_type, team_scope
from sessions.entry_list import entries_in_race, entry_label

if TYPE_CHECKING:
    from sessions.activities.decide import Decide
    from sessions.entry import Entry


def show(activity: Decide, view: str, scope: str, part: str = "", key: str = "") -> Fragment | None:
    """What a fragment shows, or None where there is nothing for that scope to see."""
    if part:
        return PARTS[part](activity, scope, key)
    kind = scope_type(scope)
    pane = PANES.get((view, kind)) or PANES.get(("", kind))
    return pane(activity, scope) if pane else None


# ---- panes


def _everybody(activity: Decide, scope: str) -> Fragment:
    return Fragment()


def _team(activity: Decide, scope: str) -> Fragment | None:
    team, decided, entries = scope_of(scope), activity.decided, activity.session.entries
    if team not in activity.session.teams:
        return None
    own = [entry.id for entry in entries.values() if entry.team == team and decided.concerns(entry)]
    asked = [e for e, offer in decided.offers.items() if _team_of(activity, offer.into) == team]
    return Fragment({"entries": own, "offers": asked})


def _team_of(activity: Decide, entry: str) -> str:
    found = activity.session.entries.get(entry)
    return found.team if found else ""


def _mine(activity: Decide, scope: str) -> Fragment | None:
    """What somebody has decided."""
    person, entries = scope_of(scope), activity.session.entries.values()
    chosen = {entry for entry, choice in activity.decided.choices.items() if choice.by == person}
    rows = [_row(activity, entry) for entry in entries if entry.id in chosen]
    return Fragment({"rows": rows}) if rows else None


# ---- parts


def _choice(activity: Decide, scope: str, key: str) -> Fragment | None:
    entry = activity.session.entries.get(key)
    if entry is None or team_scope(entry.team) != scope or not activity.decided.concerns(entry):
        return None
    others = [other for other in _concerned(activity) if other is not entry]
    targets = [entry_label(activity.session, other) for other in others]
    data = {**_row(activity, entry), "choices": offered(activity), "targets": targets}
    return Fragment(data, "entries", f"{entry.number:05d}")


def _offer(activity: Decide, scope: str, key: str) -> Fragment | None:
    offer, entries = activity.decided.offers.get(key), activity.session.entries
    if offer is None or team_scope(_team_of(activity, offer.into)) != scope or key not in entries:
        return None
    entry, into = (entry_label(activity.session, entries[name]) for name in (key, offer.into))
    data = {"entry": entry, "into": into, "reason": offer.reason}
    return Fragment(data, "offers", f"{entry['number']:05d}")


def _tally(activity: Decide, scope: str, key: str) -> Fragment:
    return Fragment(tally(activity))


def tally(activity: Decide) -> dict[str, Any]:
    """Numbers only: ``racing`` of ``entries`` go on, ``counts`` by choice, ``open`` are undecided."""
    choices = activity.decided.choices.values()
    counts = dict.fromkeys(offered(activity), 0)
    for choice in choices:
        counts[choice.choice] = counts.get(choice.choice, 0) + 1
    racing, concerned = len(entries_in_race(activity.session)), len(_concerned(activity))
    return {"racing": racing, "entries": concerned, "counts": counts, "open": concerned - len(choices)}


def _board(activity: Decide, scope: str, key: str) -> Fragment:
    """For the facilitator: what is undecided first."""
    rows = [_row(activity, entry) for entry in _concerned(activity)]
    rows.sort(key=lambda row: (row["choice"] is not None, row["entry"]["number"]))
    return Fragment({"rows": rows, "choices": offered(activity)})


def _concerned(activity: Decide) -> list[Entry]:
    return [entry for entry in activity.session.entries.values() if activity.decided.concerns(entry)]


def _row(activity: Decide, entry: Entry) -> dict[str, Any]:
    decided = activity.decided
    choice, offer = decided.choices.get(entry.id), decided.offers.get(entry.id)
    into = activity.session.entries.get(choice.into if choice else offer.into if offer else "")
    return {
        "entry": entry_label(activity.session, entry),
        "choice": choice,
        "offer": offer,
        "into": entry_label(activity.session, into) if into else None,
        "left": entry.id in decided.left,
    }


PANES: Mapping[tuple[str, str], Callable[[Decide, str], Fragment | None]] = {
    ("", "all"): _everybody,
    ("", "team"): _team,
    ("mine", "person"): _mine,
}
"""Pane by view ("" for any) and type of scope."""
PARTS: Mapping[str, Callable[[Decide, str, str], Fragment | None]] = {
    "choice": _choice,
    "offer": _offer,
    "tally": _tally,
    "board": _board,
}
