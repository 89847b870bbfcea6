"""Decide: what a team does with each of its entries halfway (continue, change, merge, park, withdraw), and why.

What may be asked for is in deciding.py and merging.py, what it changes in folds.py, what is shown in views.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar

from sessions.activities.decide import alerting, deciding, folds, merging, reach, views
from sessions.activities.decide.events import EVENTS
from sessions.activities.decide.handed_on import outcome
from sessions.activities.decide.rules import DECLARED
from sessions.activities.decide.state import CHOICES, Decisions
from sessions.activity import Activity, Change, Changed, Withdrawn
from sessions.audience import ACTORS, STAFF, Right
from sessions.format_rules import Declaration
from sessions.messages import Command, Event, Text
from sessions.outcome import Fact, Outcome, Team
from sessions.shared_texts import SharedText

ROOMS = frozenset({"phone", "team"})
ANYBODY = Right(ACTORS | STAFF)


class Decide(Activity):
    """Rules: ``choices`` (some of CHOICES in state.py, all of them by default) and ``reason_required`` (true)."""

    called: ClassVar[Text] = {"en": "Decide", "sv": "Besluta", "fi": "Päätä"}
    declares: ClassVar[Declaration] = DECLARED
    events: ClassVar[Mapping[str, type]] = EVENTS
    rights: ClassVar[Mapping[str, Right]] = {
        "decide_entry": ANYBODY,
        "take_back_decision": ANYBODY,
        "accept_merge": ANYBODY,
        "decline_merge": ANYBODY,
    }
    shared: ClassVar[Mapping[str, SharedText]] = dict.fromkeys(
        (*CHOICES.values(), "merge_offered", "decision_taken_back"),
        SharedText("decision", ("entry",), ("reason", "title", "summary")),
    )
    parts: ClassVar[Mapping[str, frozenset[str]]] = {
        "choice": ROOMS,
        "offer": ROOMS,
        "tally": frozenset({"screen", "phone", "console"}),
        "board": frozenset({"console"}),
    }
    decisions: ClassVar[Mapping[str, str]] = {
        "entry_continued": "Project {number} goes on. {reason}",
        "entry_changed": "Project {number} changes course. {reason}",
        "entry_merged": "Project {number} merged into project {into_number}. {reason}",
        "entry_parked": "Project {number} is parked. {reason}",
        "entry_withdrawn": "Project {number} is withdrawn. {reason}",
        "decision_taken_back": "The decision about project {number} was taken back",
        "left_as_is": "Undecided projects that go on as they are: {count}",
    }

    def prepare(self) -> None:
        self.decided = Decisions()

    decide_entry = deciding.decide_entry
    take_back_decision = deciding.take_back_decision
    accept_merge = merging.accept_merge
    decline_merge = merging.decline_merge

    entry_continued = entry_parked = entry_withdrawn = folds.entry_decided
    entry_changed = folds.entry_changed
    entry_merged = folds.entry_merged
    merge_offered = folds.merge_offered
    merge_declined = folds.merge_declined
    decision_taken_back = folds.decision_taken_back
    left_as_is = folds.left_as_is

    show, things = views.show, reach.things

    def standing(self, name: str, *place: str) -> str:
        choice = self.decided.choices.get(place[0]) or self.decided.offers.get(place[0])
        texts = (getattr(choice, text, None) for text in ("reason", "title", "summary"))
        return "\n".join(filter(None, texts))

    def closing(self, now: float, command: Command) -> list[Event]:
        """What nobody has decided about goes on as it is."""
        left = self.decided.undecided(self.session.entries)
        return [self.event("left_as_is", entries=left, count=len(left))] if left else []

    def closed(self) -> Iterator[Change]:
        """What its team has withdrawn is so for good: until now it could be taken back."""
        for entry in self.decided.withdrawn:
            self.decided.erased.add(entry)
            yield Withdrawn(f"entry:{entry}")

    lost_by_closing, lost_by_reopening = alerting.lost_by_closing, alerting.lost_by_reopening
    alerts = alerting.alerts

    def noticed(self, change: Fact | Team, phase: str) -> Iterable[Changed]:
        """Entries that begin, move, leave or change by another phase's word stand in every team's list."""
        return folds.noticed(self, change)

    def outcome(self) -> Outcome:
        return outcome(self.decided)
