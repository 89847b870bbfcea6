"""What the facilitator is alerted to about a stage: time that is up, and slots that do not fit into what is left."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from typing import TYPE_CHECKING

from sessions.activities.pitch.stage_clock import part_lengths
from sessions.activities.pitch.views import stage_free_at
from sessions.activity import Alert, alert
from sessions.format_rules import Fault

if TYPE_CHECKING:
    from sessions.activities.pitch import Pitch
    from sessions.format import Spec
    from sessions.session_view import SessionView


def alerts(pitch: Pitch) -> Iterator[Alert]:
    """Time that is up on stage, and slots that are too many for the time that is left."""
    if pitch.stage_clock.slot and pitch.stage_clock.over:
        yield alert("Time is up on stage: go on when you are ready", pitch.stage_clock.ends_at)
    if pitch.is_open and not pitch.alone:
        yield from _too_many_now(pitch)


def _too_many_now(pitch: Pitch) -> Iterator[Alert]:
    waiting = sum(pitch.running_order.turn(slot).waits for slot in pitch.slots)
    free_at = stage_free_at(pitch)
    each = sum(pitch.lengths.values())
    missing = ceil((free_at + waiting * each - pitch.phase.ends_at) / 60)
    if waiting and missing > 0:
        yield alert(
            "{count} pitches of {each} minutes still wait: that is {missing} minutes more than is left. "
            "Give the phase more time, or move on through them faster.",
            count=waiting,
            each=_minutes(each),
            missing=missing,
        )


def foreseen(spec: Spec, session: SessionView) -> Iterator[Alert]:
    """Entries that are more than fit into a phase which has not opened yet."""
    each, count = sum(part_lengths(spec.rules).values()), _coming(spec, session)
    needed = ceil(count * each / 60)
    if needed > spec.minutes:
        yield alert(
            "{count} pitches of {each} minutes need {needed} minutes, and {planned} are planned. "
            "Start {missing} minutes earlier, give it more time when it opens, or keep fewer projects.",
            count=count,
            each=_minutes(each),
            needed=needed,
            planned=spec.minutes,
            missing=needed - spec.minutes,
        )


def _coming(spec: Spec, session: SessionView) -> int:
    if spec.rules["slots"] == "signups":
        return int(spec.rules.get("most", 0))
    return 0 if spec.rules["slots"] == "one" else sum(e.in_race for e in session.entries.values())


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:g}"


def came_short(pitch: Pitch) -> Iterator[Fault]:
    """Slots that nobody had."""
    waiting = sum(pitch.running_order.turn(slot).waits for slot in pitch.slots)
    if waiting:
        yield Fault(
            "{count} of {of} slots are not held", {"count": waiting, "of": len(pitch.slots)}, "minutes"
        )
