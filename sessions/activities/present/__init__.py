"""Present: slots on a stage with one clock, the technical check before them, and awards after them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, ClassVar

from sessions.activities.present.awards import AWARD_RIGHTS, Awards
from sessions.activities.present.pitches import PITCH_RIGHTS, Pitches
from sessions.activities.present.techcheck import CHECK_RIGHTS, TechChecks
from sessions.activities.present.views import StageViews
from sessions.activity import EVERY_PANE, Changed
from sessions.audience import Right
from sessions.messages import Command, Decision, Event, Text
from sessions.outcome import Fact, Outcome, Team
from sessions.refusals import unknown_command

if TYPE_CHECKING:
    from sessions.people import Member

RIGHTS_OF: Mapping[str, Mapping[str, Right]] = {
    "slots": PITCH_RIGHTS,
    "techcheck": CHECK_RIGHTS,
    "awards": AWARD_RIGHTS,
}
SHOWN_FACTS = frozenset(
    {"kept", "title", "status", "moved_to", "merged_into", "presenters", "disclosure", "equipment", "award"}
)
"""What others say about entries that is seen here."""


class Present(StageViews):
    """Rules: ``mode`` (slots, techcheck or awards). For slots: ``slots`` (entries or one), ``talk_minutes``,
    ``qa_minutes``, ``change_minutes``, ``order`` (drawn, handed or by number), ``stop`` (hard or soft) and ``rubric``
    (what a single slot shows besides)."""

    called: ClassVar[Text] = {"en": "Present", "sv": "Presentera", "fi": "Esitä"}
    rights: ClassVar[Mapping[str, Right]] = {**PITCH_RIGHTS, **CHECK_RIGHTS, **AWARD_RIGHTS}
    decisions: ClassVar[Mapping[str, str]] = {
        "order_drawn": "Running order drawn",
        "slot_moved": "Running order changed by hand",
        "slot_missed": "Entry {number} was called and not there: moved to the end",
        "slot_forfeited": "Entry {number} was called twice and not there: its slot is forfeited",
        "order_settled": "Running order settled",
    }

    def prepare(self) -> None:
        for part in (Pitches, TechChecks, Awards):
            part.prepare(self)

    def decide(self, command: Command, sender: Member, now: float) -> Decision:
        if command.name not in RIGHTS_OF[self.mode]:
            return unknown_command()
        return super().decide(command, sender, now)

    def closing(self, now: float, command: Command) -> list[Event]:
        settled = TechChecks if self.mode == "techcheck" else Pitches
        return settled.closing(self, now, command)

    def rescheduled(self) -> Iterable[Changed]:
        return (Changed(),) if self.alone else ()

    def noticed(self, change: Fact | Team, phase: str) -> Iterable[Changed]:
        if isinstance(change, Team) or (change.name in SHOWN_FACTS and ":" not in change.subject):
            yield EVERY_PANE

    def outcome(self) -> Outcome:
        """The running order, and for slots planned and actual seconds."""
        if self.mode == "techcheck":
            return Outcome(order=self.arrangement())
        if self.mode == "slots" and not self.alone:
            return Outcome(order=tuple(self.running_order), figures={"times": self.actual_times()})
        return Outcome()
