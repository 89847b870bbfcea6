"""Pitch: slots on a stage one after the other, with one clock that everybody sees the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, ClassVar

from sessions.activities.pitch import alerting, driving, handed_on, ordering, signups, timing, views
from sessions.activities.pitch.events import EVENTS
from sessions.activities.pitch.rules import DECLARED
from sessions.activities.pitch.running_order import RunningOrder
from sessions.activities.pitch.signups import Signups
from sessions.activities.pitch.stage_clock import StageClock, part_lengths
from sessions.activity import EVERY_PANE, Activity, Alert, Change, Changed
from sessions.audience import Right
from sessions.format_rules import Declaration
from sessions.messages import Text
from sessions.outcome import Card, Fact, Inputs, Outcome, Team

if TYPE_CHECKING:
    from sessions.format import Spec
    from sessions.session_view import SessionView


class Pitch(Activity):
    """A phase in which everybody looks at one stage: every entry has a slot on it, whoever signs up has one, or
    one talk has it alone.

    Rules: ``slots`` (entries, signups with ``most`` of them and ``per_person``, or one), ``talk_minutes``,
    ``qa_minutes``, ``change_minutes``, ``order`` (drawn, handed or by number), ``stop`` (hard or soft), ``own_timer``
    (whoever is on runs the clock) and ``rubric`` (what a single slot shows besides).
    """

    called: ClassVar[Text] = {"en": "Present", "sv": "Presentera", "fi": "Esitä"}
    declares: ClassVar[Declaration] = DECLARED
    rights: ClassVar[Mapping[str, Right]] = {
        **signups.RIGHTS,
        **ordering.RIGHTS,
        **driving.RIGHTS,
        **timing.RIGHTS,
    }
    events: ClassVar[Mapping[str, type]] = EVENTS
    decisions: ClassVar[Mapping[str, str]] = {
        "order_drawn": "Running order drawn",
        "slot_moved": "Running order changed by hand",
        "slot_missed": "Entry {number} was called and not there: moved to the end",
        "slot_forfeited": "Entry {number} was called twice and not there: its slot is forfeited",
    }

    def prepare(self) -> None:
        rule = self.rules.get("order")
        order = list(self.inputs.order) if rule == "handed" else []
        self.running_order = RunningOrder(order, rule != "drawn", self.rules.get("slots") == "one")
        self.takes_signups = self.rules.get("slots") == "signups"
        self.signups = Signups(self.rules.get("most", 0), self.rules.get("per_person", 1))
        self.lengths = part_lengths(self.rules)
        self.hard = self.rules.get("stop") == "hard"
        self.stage_clock = StageClock()

    def reopened(self, inputs: Inputs) -> Iterable[Change]:
        """An order handed on anew counts as long as nobody has been on."""
        if self.rules.get("order") == "handed" and not self.running_order.turns:
            self.running_order.order = list(inputs.order)
        return super().reopened(inputs)

    # ---- who is on when

    sign_up, signed_up = signups.sign_up, signups.signed_up
    give_up_slot, slot_given_up = signups.give_up_slot, signups.slot_given_up
    draw_order, order_drawn = ordering.draw_order, ordering.order_drawn
    move_slot, slot_moved = ordering.move_slot, ordering.slot_moved
    no_show = ordering.no_show
    slot_missed, slot_forfeited = ordering.slot_missed, ordering.slot_forfeited
    name_presenters, presenters_named = ordering.name_presenters, ordering.presenters_named

    # ---- the clock

    start_slot, slot_started = driving.start_slot, timing.slot_started
    next_part, part_begun = driving.next_part, timing.part_begun
    pause_slot, clock_paused = driving.pause_slot, timing.clock_paused
    resume_slot, clock_resumed = driving.resume_slot, timing.clock_resumed
    add_time, time_added = driving.add_time, timing.time_added
    warn, warned = timing.warn, timing.warned
    end_part, part_ended = timing.end_part, timing.part_ended
    stop_slot, slot_ended = driving.stop_slot, timing.slot_ended
    closing = driving.closing
    deadlines = timing.deadlines

    def later_parts(self) -> list[str]:
        """The parts of the slot on stage that come after the one that is on."""
        parts = list(self.lengths)
        return parts[parts.index(self.stage_clock.part) + 1 :]

    # ---- questions

    @property
    def alone(self) -> bool:
        """Whether there is one slot only, and no running order."""
        return self.running_order.alone

    @property
    def slots(self) -> list[str]:
        """The running order as it stands: the id of every slot."""
        return self.running_order.slots(self.numbers)

    @property
    def numbers(self) -> dict[str, int]:
        """The number of each slot: of the entries in the race and those that were on, or of whoever signed up."""
        if self.takes_signups:
            return {signup.slot: signup.number for signup in self.signups.by_slot.values()}
        entries, turn = self.session.entries.values(), self.running_order.turn
        return {entry.id: entry.number for entry in entries if entry.in_race or turn(entry.id).started_at}

    # ---- what others see and get

    show, things = views.show, signups.things

    def rescheduled(self) -> Iterable[Changed]:
        """One talk shows the deadlines that lie ahead."""
        return (Changed(),) if self.alone else ()

    def noticed(self, change: Fact | Team, phase: str) -> Iterable[Changed]:
        return (EVERY_PANE,) if views.is_seen(change) else ()

    alerts, came_short = alerting.alerts, alerting.came_short

    @classmethod
    def foreseen(cls, spec: Spec, session: SessionView) -> Iterable[Alert]:
        return alerting.foreseen(spec, session)

    def outcome(self) -> Outcome:
        """The running order with planned and actual seconds; one talk hands on nothing."""
        if self.alone:
            return Outcome()
        shown = signups.cards(self, self.slots)
        return handed_on.outcome(self.slots, self.running_order.turns, self.lengths, shown)

    def handed_on(self, card: str) -> Card | None:
        """What somebody signed up with, by the slot's id."""
        signup = self.signups.by_slot.get(card)
        return signups.card_of(signup) if signup else None
