"""Own: who carries each entry from here on, what comes first, when to ask again, who may see it and who helps.

Who owns it is in owners.py, everything else in next_steps.py, what is shown in views.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar

from sessions.activities.own import folds, next_steps, owners, reach, views
from sessions.activities.own.events import EVENTS
from sessions.activities.own.handed_on import outcome
from sessions.activities.own.rules import DECLARED
from sessions.activities.own.state import Ownerships
from sessions.activity import Activity, Alert, Changed, alert
from sessions.audience import ATTENDING, STAFF, STARTED, Right
from sessions.entry_list import entries_in_race
from sessions.format_rules import Declaration
from sessions.messages import Text
from sessions.outcome import Fact, Outcome, Team
from sessions.shared_texts import SharedText

REMIND = 10 * 60.0
"""Seconds before the planned end at which entries without an owner need the facilitator."""
ROOMS = frozenset({"phone", "team"})
ANYBODY = Right(ATTENDING, STARTED)


class Own(Activity):
    """Rules: ``first_step_days`` (14), ``followup_months`` (3, 6, 12) and ``force_after_hours`` (12)."""

    called: ClassVar[Text] = {"en": "Take it on", "sv": "Ta ansvar", "fi": "Ota vastuu"}
    declares: ClassVar[Declaration] = DECLARED
    events: ClassVar[Mapping[str, type]] = EVENTS
    rights: ClassVar[Mapping[str, Right]] = {
        "take_ownership": ANYBODY,
        "hand_over": ANYBODY,
        "decline_ownership": ANYBODY,
        "step_down": ANYBODY,
        "force_hand_over": Right(STAFF, STARTED),
        "set_first_step": ANYBODY,
        "set_followups": ANYBODY,
        "set_visibility": ANYBODY,
        "offer_help": ANYBODY,
        "withdraw_help": ANYBODY,
    }
    shared: ClassVar[Mapping[str, SharedText]] = {"first_step_set": SharedText("first_step", ("entry",))}
    parts: ClassVar[Mapping[str, frozenset[str]]] = {
        "care": ROOMS,
        "held": ROOMS,
        "owners": frozenset({"screen", "console"}),
        "board": frozenset({"console"}),
    }
    decisions: ClassVar[Mapping[str, str]] = {
        "ownership_taken": "Project {number} has an owner",
        "ownership_forced": "Project {number} handed to somebody else. {reason}",
    }

    def prepare(self) -> None:
        self.owners = Ownerships()

    take_ownership = owners.take_ownership
    hand_over = owners.hand_over
    decline_ownership = owners.decline_ownership
    step_down = owners.step_down
    force_hand_over = owners.force_hand_over
    set_first_step = next_steps.set_first_step
    set_followups = next_steps.set_followups
    set_visibility = next_steps.set_visibility
    offer_help = next_steps.offer_help
    withdraw_help = next_steps.withdraw_help

    ownership_taken = folds.ownership_taken
    ownership_offered = folds.ownership_offered
    ownership_declined = folds.ownership_declined
    owner_stepped_down = folds.owner_stepped_down
    ownership_forced = folds.ownership_forced
    first_step_set = folds.first_step_set
    followups_set = folds.followups_set
    visibility_set = folds.visibility_set
    help_offered = folds.help_offered
    help_withdrawn = folds.help_withdrawn

    show, things = views.show, reach.things

    def standing(self, name: str, *place: str) -> str:
        entry = self.session.entries.get(place[0])
        step = entry.latest("next_action") if entry else None
        return str(step["text"]) if step else ""

    def alerts(self) -> Iterator[Alert]:
        """What has no owner near the end, and who has not answered."""
        racing = entries_in_race(self.session)
        without = [entry for entry in racing if not self.owners.of(entry.id).owner]
        asked = [entry for entry in racing if self.owners.of(entry.id).asked]
        if without:
            at = self.phase.ends_at - REMIND
            yield alert("Projects without an owner: {count}", at=at, count=len(without))
        if asked:
            yield alert("Projects whose next owner has not answered: {count}", count=len(asked))

    def noticed(self, change: Fact | Team, phase: str) -> Iterable[Changed]:
        """Entries that begin, move, leave or change by another phase's word."""
        return folds.noticed(self, change)

    def outcome(self) -> Outcome:
        return outcome(self.owners, entries_in_race(self.session))
