"""What each view sees of pitches: who is on and what comes next; a team also sees its own slots."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sessions.activities.pitch import driving, signups
from sessions.activities.pitch.running_order import ALONE
from sessions.activity import Fragment
from sessions.audience import EVERYBODY, scope_type
from sessions.deadlines import deadlines_ahead
from sessions.outcome import Fact, Team
from sessions.stage_entries import entry_on_stage, is_on_stage
from sessions.viewers import sees_section, viewer_in

if TYPE_CHECKING:
    from sessions.activities.pitch import Pitch
    from sessions.entry import Entry

SHOWN_BESIDES = frozenset({"disclosure"})
"""What other phases say about entries that is seen on this stage only, beside the summary."""
SUMMARY = ("field", "summary.summary")
"""The fact that a summary is: its name and its key."""


DATE = ("field", "rights.no_disclosure_before")
"""The fact that a no-disclosure date is."""


def show(pitch: Pitch, view: str, scope: str, part: str = "", key: str = "") -> Fragment | None:
    """The pane of a view for a scope; None where there is nothing to see."""
    pane = PANES.get((view, scope_type(scope))) if not part else None
    return pane(pitch, view, scope) if pane else None


def _stage(pitch: Pitch, view: str, scope: str) -> Fragment:
    """The slot that is on, the one that is coming, and the whole running order."""
    slots = pitch.slots
    rows, following = _rows(pitch, view, slots, slots), pitch.running_order.following(slots)
    data = {
        "rows": rows,
        "on": next((row for row in rows if row["on"]), None),
        "coming": next((row for row in rows if row["id"] == following), None),
        "stage_clock": pitch.stage_clock,
        "lengths": pitch.lengths,
        "alone": pitch.alone,
        "drawn": pitch.running_order.drawn,
        "criteria": _criteria(pitch),
        "ahead": deadlines_ahead(pitch.session.agenda, pitch.session.steered_at) if pitch.alone else [],
    }
    return Fragment(data)


def _team(pitch: Pitch, view: str, scope: str) -> Fragment | None:
    """A team's own slots, as far as they are still to come."""
    team, slots = pitch.team_in(scope), pitch.slots
    if team is None or pitch.alone or not pitch.is_open:
        return None
    own = [entry.id for entry in pitch.session.entries_of(team.id)]
    rows = [row for row in _rows(pitch, view, slots, own) if not row["turn"].ended_at]
    order = pitch.running_order
    data = {"rows": rows, "members": team.members, "drawn": order.drawn, "following": order.following(slots)}
    return Fragment(data, order="1") if rows else None


def _person(pitch: Pitch, view: str, scope: str) -> Fragment | None:
    """A person's own slots where people sign up, and the clock where whoever is on runs it."""
    person = pitch.person_in(scope)
    if person is None:
        return None
    slots, order = pitch.slots, pitch.running_order
    mine = [ALONE] if pitch.alone else [signup.slot for signup in pitch.signups.of(person.id)]
    rows = [row for row in _rows(pitch, view, slots, mine) if not row["turn"].ended_at]
    runs = driving.is_own(pitch, person, order.following(slots), pitch.stage_clock.slot)
    data = {
        **(signups.own(pitch, person) if pitch.takes_signups else {"can_sign_up": False}),
        "rows": () if pitch.alone else rows,
        "drawn": order.drawn,
        "following": order.following(slots),
        "runs": runs,
        "stage_clock": pitch.stage_clock,
        "lengths": pitch.lengths,
        "alone": pitch.alone,
    }
    shown = data["rows"] or data["can_sign_up"] or runs
    return Fragment(data, order="1") if shown and pitch.is_open else None


Pane = Callable[["Pitch", str, str], Fragment | None]
PANES: Mapping[tuple[str, str], Pane] = {
    ("phone", "all"): _stage,
    ("screen", "all"): _stage,
    ("console", "all"): _stage,
    ("phone", "team"): _team,
    ("phone", "person"): _person,
}

# ---- slots as they are shown


def _rows(pitch: Pitch, view: str, slots: Sequence[str], only: Iterable[str]) -> list[dict[str, Any]]:
    """Some of the slots, each with its place and when it starts."""
    starts, wanted = expected_starts(pitch, slots), set(only)
    rows = ((place, slot) for place, slot in enumerate(slots, 1) if slot in wanted)
    return [{**_slot(pitch, slot, view), "place": i, "starts_at": starts[slot]} for i, slot in rows]


def _slot(pitch: Pitch, slot: str, view: str) -> dict[str, Any]:
    state = {"id": slot, "turn": pitch.running_order.turn(slot), "on": pitch.stage_clock.slot == slot}
    if slot == ALONE:
        return {**state, "title": pitch.phase.spec.title, "team": None, "presenters": [], "summary": ""}
    if slot in pitch.signups.by_slot:
        return {**state, **signups.on_stage(pitch, pitch.signups.by_slot[slot], view)}
    entry = pitch.session.entries[slot]
    return {**state, **entry_on_stage(pitch.session, entry, view), "summary": summary_of(pitch, entry, view)}


def is_seen(change: Fact | Team) -> bool:
    """Whether this stage shows what another phase has said."""
    if isinstance(change, Fact) and (change.name, change.key) in (SUMMARY, DATE):
        return True
    return is_on_stage(change, SHOWN_BESIDES)


def summary_of(pitch: Pitch, entry: Entry, view: str) -> str:
    """The entry's summary; "" where everybody in that view may not see more than the title."""
    viewer = viewer_in(pitch.session, view, EVERYBODY)
    if not sees_section(pitch.session, viewer, entry, "stage", pitch.at).text:
        return ""
    return entry.fields.get("summary", {}).get("summary", "")


def expected_starts(pitch: Pitch, slots: Iterable[str]) -> dict[str, float]:
    """When each slot started or, as things stand, will start (wall time)."""
    cycle, free_at = sum(pitch.lengths.values()), stage_free_at(pitch)
    starts: dict[str, float] = {}
    for slot in slots:
        turn = pitch.running_order.turn(slot)
        starts[slot] = free_at if turn.waits else turn.started_at
        free_at += cycle if turn.waits else 0.0
    return starts


def stage_free_at(pitch: Pitch) -> float:
    """When the stage is free, as things stand (wall time)."""
    if not pitch.stage_clock.slot:
        return pitch.at
    return pitch.stage_clock.free_at(pitch.at) + sum(pitch.lengths[part] for part in pitch.later_parts())


def _criteria(pitch: Pitch) -> list[Mapping[str, Any]]:
    """What the jury looks at, where the format has one speaker tell."""
    name, form = pitch.rules.get("rubric"), pitch.session.format
    return list(form.rubric(name)["criteria"]) if name and form else []
