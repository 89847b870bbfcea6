"""One clock for everybody: it warns, ends the parts of a slot, and knows how long each took."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sessions.activities.pitch.events import PartBegun, SlotEnded, TimeAdded, Warned
from sessions.activities.pitch.handed_on import pitched
from sessions.activity import EVERY_PANE, Change, Deadline
from sessions.audience import CLOCK, Right
from sessions.messages import Command, Decision, Event
from sessions.outcome import Fact

if TYPE_CHECKING:
    from sessions.activities.pitch import Pitch
    from sessions.people import Member

RIGHTS = {"warn": Right(frozenset({CLOCK})), "end_part": Right(frozenset({CLOCK}))}


def deadlines(pitch: Pitch) -> Iterable[Deadline]:
    """The warnings and the end of the part that is on."""
    clock = pitch.stage_clock
    if not clock.runs:
        return
    for before in _warnings(pitch):
        yield Deadline(clock.ends_at - before, "warn", f"{clock.turn}.{before}")
    if not clock.over:
        yield Deadline(clock.ends_at, "end_part", f"{clock.turn}")


def _warnings(pitch: Pitch) -> list[int]:
    clock = pitch.stage_clock
    return list(clock.coming_warnings(pitch.lengths[clock.part])) if clock.slot else []


def warn(pitch: Pitch, command: Command, sender: Member, now: float) -> Decision:
    """The clock says that a minute or 15 seconds are left."""
    clock = pitch.stage_clock
    left = round(clock.left(now), 3)
    due = [before for before in _warnings(pitch) if left <= before] if clock.runs else []
    return [pitch.event("warned", slot=clock.slot, part=clock.part, left=before) for before in due]


def end_part(pitch: Pitch, command: Command, sender: Member, now: float) -> Decision:
    """The clock says that a part's time is over; with a hard stop it goes on to the next by itself."""
    clock = pitch.stage_clock
    if not clock.runs or clock.over or round(clock.left(now), 3) > 0:
        return []
    ended = pitch.event("part_ended", slot=clock.slot, part=clock.part)
    return [ended, going_on(pitch)] if pitch.hard else [ended]


def going_on(pitch: Pitch) -> Event:
    """The next part of the slot that is on, or its end after the last."""
    later = next(iter(pitch.later_parts()), "")
    if not later:
        return ending(pitch, "done")
    return pitch.event("part_begun", slot=pitch.stage_clock.slot, part=later, seconds=pitch.lengths[later])


def ending(pitch: Pitch, reason: str) -> Event:
    """The end of the slot that is on; ``reason`` is done, stopped or closed."""
    return pitch.event("slot_ended", slot=pitch.stage_clock.slot, reason=reason)


# ---- events


def slot_started(pitch: Pitch, event: Event) -> Iterator[Change]:
    body: PartBegun = event.body
    pitch.running_order.start(body["slot"], event.at)
    pitch.stage_clock.begin(body["slot"], body["part"], body["seconds"], event.at)
    yield EVERY_PANE


def part_begun(pitch: Pitch, event: Event) -> Iterator[Change]:
    body: PartBegun = event.body
    pitch.stage_clock.leave_part(event.at)
    pitch.stage_clock.begin(body["slot"], body["part"], body["seconds"], event.at)
    yield EVERY_PANE


def clock_paused(pitch: Pitch, event: Event) -> Iterator[Change]:
    pitch.stage_clock.pause(event.at)
    yield EVERY_PANE


def clock_resumed(pitch: Pitch, event: Event) -> Iterator[Change]:
    pitch.stage_clock.resume(event.at)
    yield EVERY_PANE


def time_added(pitch: Pitch, event: Event) -> Iterator[Change]:
    body: TimeAdded = event.body
    pitch.stage_clock.add(body["seconds"], event.at)
    yield EVERY_PANE


def warned(pitch: Pitch, event: Event) -> None:
    body: Warned = event.body
    pitch.stage_clock.warned.add(body["left"])


def part_ended(pitch: Pitch, event: Event) -> Iterator[Change]:
    pitch.stage_clock.over = True
    yield EVERY_PANE


def slot_ended(pitch: Pitch, event: Event) -> Iterator[Change]:
    body: SlotEnded = event.body
    slot, turn = body["slot"], pitch.running_order.kept_turn(body["slot"])
    turn.ended_at, turn.spent = event.at, pitch.stage_clock.end(event.at)
    yield EVERY_PANE
    if slot in pitch.session.entries:
        yield Fact(slot, "pitched", pitched(pitch.lengths, turn.spent))
