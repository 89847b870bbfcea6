"""One clock for everybody: staff start, stop and lengthen the parts of a slot, and the clock warns and ends them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sessions.activities.pitch.events import PartBegun, SlotEnded, TimeAdded, Warned
from sessions.activities.pitch.handed_on import pitched
from sessions.activities.pitch.ordering import drawing
from sessions.activity import EVERY_PANE, Change, Deadline
from sessions.audience import CLOCK, STAFF, Right
from sessions.messages import Command, Decision, Event, Refused, refuse
from sessions.outcome import Fact

if TYPE_CHECKING:
    from sessions.activities.pitch import Pitch
    from sessions.people import Member

MAX_ADDED = 600
"""Seconds that one command may add to a part."""

RIGHTS = {
    "start_slot": Right(STAFF),
    "pause_slot": Right(STAFF),
    "resume_slot": Right(STAFF),
    "add_time": Right(STAFF),
    "next_part": Right(STAFF),
    "stop_slot": Right(STAFF),
    "warn": Right(frozenset({CLOCK})),
    "end_part": Right(frozenset({CLOCK})),
}


# ---- what staff ask for


def start_slot(pitch: Pitch, command: Command, sender: Member, now: float) -> Decision:
    """Put ``slot`` (or the next) on stage. Draws the order first where that has been left to do."""
    if pitch.stage_clock.slot:
        return refuse("somebody_on", "Somebody is on stage. End that slot first.")
    first = [] if pitch.running_order.drawn or pitch.alone else [drawing(pitch, command.seed)]
    slots = pitch.slots
    order = first[0].body["order"] if first else slots
    slot = command.text("slot") or pitch.running_order.following(order)
    if slot not in slots:
        return refuse("no_slot", "There is no slot left to start.")
    part, seconds = next(iter(pitch.lengths.items()))
    return [*first, pitch.event("slot_started", slot=slot, part=part, seconds=seconds)]


def pause_slot(pitch: Pitch, command: Command, sender: Member, now: float) -> Decision:
    """Stop the clock. It may be stopped already."""
    if not pitch.stage_clock.slot:
        return refuse_nobody()
    return [pitch.event("clock_paused")] if pitch.stage_clock.runs else []


def resume_slot(pitch: Pitch, command: Command, sender: Member, now: float) -> Decision:
    """Let the clock run again. It may be running already."""
    if not pitch.stage_clock.slot:
        return refuse_nobody()
    return [] if pitch.stage_clock.runs else [pitch.event("clock_resumed")]


def add_time(pitch: Pitch, command: Command, sender: Member, now: float) -> Decision:
    """Add ``seconds`` to the part that is on (negative takes away)."""
    seconds = command.whole("seconds") or 0
    if not pitch.stage_clock.slot:
        return refuse_nobody()
    if not 0 < abs(seconds) <= MAX_ADDED:
        return refuse("bad_seconds", "Give whole seconds between 1 and {limit}.", limit=MAX_ADDED)
    return [pitch.event("time_added", seconds=seconds)]


def next_part(pitch: Pitch, command: Command, sender: Member, now: float) -> Decision:
    """Go on from ``part`` (the one the sender saw) to the next; after the last one the slot is over."""
    if not pitch.stage_clock.slot:
        return refuse_nobody()
    if command.text("part") not in ("", pitch.stage_clock.part):
        return refuse("moved_on", "The clock has gone on already. Look at what is on now.")
    return [_going_on(pitch)]


def _going_on(pitch: Pitch) -> Event:
    later = next(iter(pitch.later_parts()), "")
    if not later:
        return _ending(pitch, "done")
    return pitch.event("part_begun", slot=pitch.stage_clock.slot, part=later, seconds=pitch.lengths[later])


def stop_slot(pitch: Pitch, command: Command, sender: Member, now: float) -> Decision:
    """End the slot here and now."""
    return [_ending(pitch, "stopped")] if pitch.stage_clock.slot else refuse_nobody()


def _ending(pitch: Pitch, reason: str) -> Event:
    return pitch.event("slot_ended", slot=pitch.stage_clock.slot, reason=reason)


def closing(pitch: Pitch, now: float, command: Command) -> list[Event]:
    """The end of the slot that is on when the phase closes."""
    return [_ending(pitch, "closed")] if pitch.stage_clock.slot else []


def refuse_nobody() -> Refused:
    return refuse("nobody_on", "Nobody is on stage.")


# ---- what the clock does


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
    return [ended, _going_on(pitch)] if pitch.hard else [ended]


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
