"""Slots on a stage: one after the other in the running order, with one clock that everybody sees the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from sessions.activities.present.lectern import Lectern, part_lengths
from sessions.activities.present.running_order import ORDER_RIGHTS, RunningOrder, Turn
from sessions.activity import EVERY_PANE, Alert, Change, Deadline, alert
from sessions.audience import CLOCK, STAFF, Right
from sessions.messages import Command, Decision, Event, Refused, refuse
from sessions.outcome import Fact

if TYPE_CHECKING:
    from sessions.people import Member

MAX_ADDED = 600
"""Seconds that one command may add to a part."""

PITCH_RIGHTS = {
    **ORDER_RIGHTS,
    "start_slot": Right(STAFF),
    "pause_slot": Right(STAFF),
    "resume_slot": Right(STAFF),
    "add_time": Right(STAFF),
    "next_part": Right(STAFF),
    "stop_slot": Right(STAFF),
    "warn": Right(frozenset({CLOCK})),
    "end_part": Right(frozenset({CLOCK})),
}


class Pitches(RunningOrder):
    """The slots and their clock."""

    def prepare(self) -> None:
        super().prepare()
        self.lengths = part_lengths(self.rules)
        self.hard = self.rules.get("stop") == "hard"
        self.lectern = Lectern()

    # ---- the clock's commands

    def start_slot(self, command: Command, sender: Member, now: float) -> Decision:
        """Put ``slot`` (or the next) on stage. Draws the order first where that has been left to do."""
        if self.lectern.slot:
            return refuse("somebody_on", "Somebody is on stage. End that slot first.")
        drawing = [] if self.drawn or self.alone else [self.drawing(command.seed)]
        order = drawing[0].body["order"] if drawing else self.running_order
        slot = command.text("slot") or next((s for s in order if self.turn(s).waits), "")
        if slot not in self.running_order:
            return refuse("no_slot", "There is no slot left to start.")
        part, seconds = next(iter(self.lengths.items()))
        return [*drawing, self.event("slot_started", slot=slot, part=part, seconds=seconds)]

    def pause_slot(self, command: Command, sender: Member, now: float) -> Decision:
        """Stop the clock. It may be stopped already."""
        if not self.lectern.slot:
            return refuse_nobody()
        return [self.event("clock_paused")] if self.lectern.runs else []

    def resume_slot(self, command: Command, sender: Member, now: float) -> Decision:
        """Let the clock run again. It may be running already."""
        if not self.lectern.slot:
            return refuse_nobody()
        return [] if self.lectern.runs else [self.event("clock_resumed")]

    def add_time(self, command: Command, sender: Member, now: float) -> Decision:
        """Add ``seconds`` to the part that is on (negative takes away)."""
        seconds = command.whole("seconds") or 0
        if not self.lectern.slot:
            return refuse_nobody()
        if not 0 < abs(seconds) <= MAX_ADDED:
            return refuse("bad_seconds", "Give whole seconds between 1 and {limit}.", limit=MAX_ADDED)
        return [self.event("time_added", seconds=seconds)]

    def next_part(self, command: Command, sender: Member, now: float) -> Decision:
        """Go on from ``part`` (the one the sender saw) to the next; after the last one the slot is over."""
        if not self.lectern.slot:
            return refuse_nobody()
        if command.text("part") not in ("", self.lectern.part):
            return refuse("moved_on", "The clock has gone on already. Look at what is on now.")
        return [self._going_on()]

    def _going_on(self) -> Event:
        parts = list(self.lengths)
        later = parts[parts.index(self.lectern.part) + 1 :]
        if not later:
            return self._ending("done")
        return self.event("part_begun", slot=self.lectern.slot, part=later[0], seconds=self.lengths[later[0]])

    def _ending(self, reason: str) -> Event:
        return self.event("slot_ended", slot=self.lectern.slot, reason=reason)

    def stop_slot(self, command: Command, sender: Member, now: float) -> Decision:
        """End the slot here and now."""
        return [self._ending("stopped")] if self.lectern.slot else refuse_nobody()

    def warn(self, command: Command, sender: Member, now: float) -> Decision:
        """The clock says that a minute or 15 seconds are left."""
        left = round(self.lectern.left(now), 3)
        due = [w for w in self._warnings() if left <= w] if self.lectern.runs else []
        return [self.event("warned", slot=self.lectern.slot, part=self.lectern.part, left=w) for w in due]

    def _warnings(self) -> list[int]:
        lectern = self.lectern
        return list(lectern.coming_warnings(self.lengths[lectern.part])) if lectern.slot else []

    def end_part(self, command: Command, sender: Member, now: float) -> Decision:
        """The clock says that a part's time is over; with a hard stop it goes on to the next by itself."""
        if not self.lectern.runs or self.lectern.over or round(self.lectern.left(now), 3) > 0:
            return []
        ended = self.event("part_ended", slot=self.lectern.slot, part=self.lectern.part)
        return [ended, self._going_on()] if self.hard else [ended]

    def deadlines(self) -> Iterable[Deadline]:
        lectern = self.lectern
        if not lectern.runs:
            return
        for before in self._warnings():
            yield Deadline(lectern.ends_at - before, "warn", f"{lectern.turn}.{before}")
        if not lectern.over:
            yield Deadline(lectern.ends_at, "end_part", f"{lectern.turn}")

    def closing(self, now: float, command: Command) -> list[Event]:
        return [self._ending("closed")] if self.lectern.slot else []

    # ---- the clock's events

    def slot_started(self, event: Event) -> Iterator[Change]:
        slot = event.body["slot"]
        self.turns[slot] = Turn(started_at=event.at, calls=self.turn(slot).calls)
        self.lectern.begin(slot, event.body["part"], event.body["seconds"], event.at)
        yield EVERY_PANE

    def part_begun(self, event: Event) -> Iterator[Change]:
        self.lectern.leave_part(event.at)
        self.lectern.begin(event.body["slot"], event.body["part"], event.body["seconds"], event.at)
        yield EVERY_PANE

    def clock_paused(self, event: Event) -> Iterator[Change]:
        self.lectern.pause(event.at)
        yield EVERY_PANE

    def clock_resumed(self, event: Event) -> Iterator[Change]:
        self.lectern.resume(event.at)
        yield EVERY_PANE

    def time_added(self, event: Event) -> Iterator[Change]:
        self.lectern.add(event.body["seconds"], event.at)
        yield EVERY_PANE

    def warned(self, event: Event) -> None:
        self.lectern.warned.add(event.body["left"])

    def part_ended(self, event: Event) -> Iterator[Change]:
        self.lectern.over = True
        yield EVERY_PANE

    def slot_ended(self, event: Event) -> Iterator[Change]:
        slot = event.body["slot"]
        self.lectern.leave_part(event.at)
        turn = self.kept_turn(slot)
        turn.ended_at, turn.spent = event.at, dict(self.lectern.spent)
        self.lectern.clear()
        yield EVERY_PANE
        if slot in self.session.entries:
            yield Fact(slot, "pitched", {"planned": self._planned, "actual": round(_on_stage(turn.spent), 1)})

    @property
    def _planned(self) -> float:
        return _on_stage(self.lengths)

    # ---- what the facilitator and later phases get

    def alerts(self) -> Iterable[Alert]:
        if self.lectern.slot and self.lectern.over:
            yield alert("Time is up on stage: go on when you are ready", self.lectern.ends_at)

    def actual_times(self) -> dict[str, Any]:
        """What each slot was planned to take and took, seconds by slot."""
        held = ((slot, turn) for slot, turn in self.turns.items() if turn.ended_at)
        return {slot: {"planned": self._planned, "actual": round(_on_stage(t.spent), 1)} for slot, t in held}


def refuse_nobody() -> Refused:
    return refuse("nobody_on", "Nobody is on stage.")


def _on_stage(lengths: dict[str, float]) -> float:
    """Seconds of talk and questions; changing places does not count."""
    return sum(seconds for part, seconds in lengths.items() if part != "change")
