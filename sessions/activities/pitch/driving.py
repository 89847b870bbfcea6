"""What staff ask of a stage: they put slots on it, go on to the next part, stop the clock and give more time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessions.activities.pitch.ordering import drawing
from sessions.activities.pitch.running_order import ALONE
from sessions.activities.pitch.timing import ending, going_on
from sessions.audience import ACTORS, STAFF, Right
from sessions.messages import Command, Decision, Event, Refused, refuse
from sessions.refusals import not_allowed

if TYPE_CHECKING:
    from sessions.activities.pitch import Pitch
    from sessions.people import Member

MAX_ADDED = 600
"""Seconds that one command may add to a part."""

RIGHTS = {
    "start_slot": Right(STAFF | ACTORS),
    "pause_slot": Right(STAFF | ACTORS),
    "resume_slot": Right(STAFF | ACTORS),
    "add_time": Right(STAFF),
    "next_part": Right(STAFF | ACTORS),
    "stop_slot": Right(STAFF),
}
"""Whoever else acts here may do so with a slot of their own, where the format lets them run its clock."""


def is_own(pitch: Pitch, person: Member, *slots: str) -> bool:
    """Whether one of these slots is somebody's own, whose clock they run: the one they signed up for, their team's, or
    that of whoever speaks alone."""
    if not pitch.rules.get("own_timer") or not person.is_among(pitch.phase.spec.who):
        return False
    mine = {signup.slot for signup in pitch.signups.of(person.id)} | {ALONE}
    entries = (pitch.session.entries.get(slot) for slot in slots)
    return any(slot in mine for slot in slots) or any(e and e.team and e.team == person.team for e in entries)


def _refuse_driver(pitch: Pitch, sender: Member, slot: str) -> Refused | None:
    return None if sender.role in STAFF or is_own(pitch, sender, slot) else not_allowed()


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
    no = _refuse_driver(pitch, sender, slot)
    if no is not None:
        return no
    part, seconds = next(iter(pitch.lengths.items()))
    return [*first, pitch.event("slot_started", slot=slot, part=part, seconds=seconds)]


def pause_slot(pitch: Pitch, command: Command, sender: Member, now: float) -> Decision:
    """Stop the clock. It may be stopped already."""
    no = _refuse_other_slot(pitch, command) or _refuse_driver(pitch, sender, pitch.stage_clock.slot)
    if no is not None:
        return no
    return [pitch.event("clock_paused")] if pitch.stage_clock.runs else []


def resume_slot(pitch: Pitch, command: Command, sender: Member, now: float) -> Decision:
    """Let the clock run again. It may be running already."""
    no = _refuse_other_slot(pitch, command) or _refuse_driver(pitch, sender, pitch.stage_clock.slot)
    if no is not None:
        return no
    return [] if pitch.stage_clock.runs else [pitch.event("clock_resumed")]


def add_time(pitch: Pitch, command: Command, sender: Member, now: float) -> Decision:
    """Add ``seconds`` to the part that is on (negative takes away)."""
    seconds = command.whole("seconds") or 0
    no = _refuse_other_slot(pitch, command)
    if no is not None:
        return no
    if not 0 < abs(seconds) <= MAX_ADDED:
        return refuse("bad_seconds", "Give whole seconds between 1 and {limit}.", limit=MAX_ADDED)
    return [pitch.event("time_added", seconds=seconds)]


def next_part(pitch: Pitch, command: Command, sender: Member, now: float) -> Decision:
    """Go on from ``part`` (the one the sender saw) to the next; after the last one the slot is over."""
    no = _refuse_other_slot(pitch, command) or _refuse_driver(pitch, sender, pitch.stage_clock.slot)
    if no is not None:
        return no
    if command.text("part") not in ("", pitch.stage_clock.part):
        return _gone_on()
    return [going_on(pitch)]


def stop_slot(pitch: Pitch, command: Command, sender: Member, now: float) -> Decision:
    """End the slot here and now."""
    return _refuse_other_slot(pitch, command) or [ending(pitch, "stopped")]


def _refuse_other_slot(pitch: Pitch, command: Command) -> Refused | None:
    """A press that was meant for a ``slot`` which is not on any more; where none is named, whichever is on is meant."""
    if not pitch.stage_clock.slot:
        return refuse_nobody()
    return None if command.text("slot") in ("", pitch.stage_clock.slot) else _gone_on()


def _gone_on() -> Refused:
    return refuse("moved_on", "The clock has gone on already. Look at what is on now.")


def closing(pitch: Pitch, now: float, command: Command) -> list[Event]:
    """The end of the slot that is on when the phase closes."""
    return [ending(pitch, "closed")] if pitch.stage_clock.slot else []


def refuse_nobody() -> Refused:
    return refuse("nobody_on", "Nobody is on stage.")
