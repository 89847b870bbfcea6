"""Act: what others brought is answered one by one, and somebody says what they do until when, who helps, and who meets.

What is answered and acted on stands in ``items``, what came of it in ``plan``. The rules lie by topic in ``answering``,
``writing`` and ``carrying_out``, what happened is folded in ``folds``; ``carrying`` takes in what earlier rounds of
questions left to somebody, ``reach`` says how far it all goes, ``handed_on`` what goes on from here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar

from sessions.activities.act import (
    alerting,
    answering,
    carrying,
    carrying_out,
    changes,
    folds,
    handed_on,
    items,
    reach,
    views,
    writing,
)
from sessions.activities.act.events import EVENTS
from sessions.activities.act.plan import Plan
from sessions.activities.act.rules import ANSWERERS, CARRIERS, DECLARED, ENTRIES, SUPPORTERS, WRITERS
from sessions.activity import EVERY_PANE, Activity, Change, Changed
from sessions.audience import ACTORS, STAFF, STARTED, Right, roles_named
from sessions.format_rules import Declaration
from sessions.messages import Text
from sessions.outcome import Card, Fact, Inputs, Outcome, Team
from sessions.people import Member

MOST_EACH = 50
"""How many actions one person may write where the rules say nothing."""
CROWD = 60
"""So many people who can carry something make a crowd."""
ANYBODY = Right(STAFF | ACTORS)
AFTERWARDS = Right(STAFF | ACTORS, STARTED)
"""What may be put right, or said yes to, also when the phase is over."""
SEEN_OF_ENTRIES = frozenset({"kept", "moved_to", "status", "title"})


class Act(Activity):
    """Rules: ``answers`` (how items may be answered) and ``actions`` (the sorts that are written), at least one of
    them; ``about``, ``sourced``, ``answerers``, ``writers``, ``carriers``, ``supporters``, ``areas``, ``labels``,
    ``support``, ``contact``, ``due_days``, ``per_person``."""

    called: ClassVar[Text] = {"en": "Plan", "sv": "Planera", "fi": "Suunnittele"}
    declares: ClassVar[Declaration] = DECLARED
    events: ClassVar[Mapping[str, type]] = EVENTS
    rights: ClassVar[Mapping[str, Right]] = {
        "take_item": ANYBODY,
        "answer_item": AFTERWARDS,
        "add_action": ANYBODY,
        "change_action": ANYBODY,
        "move_action": AFTERWARDS,
        "withdraw_action": AFTERWARDS,
        "ask_responsible": AFTERWARDS,
        "accept_action": AFTERWARDS,
        "decline_action": AFTERWARDS,
        "help_action": AFTERWARDS,
        "stop_helping": AFTERWARDS,
        "ask_support": AFTERWARDS,
        "answer_support": AFTERWARDS,
    }
    parts: ClassVar[Mapping[str, frozenset[str]]] = views.SHOWN_IN
    decisions: ClassVar[Mapping[str, str]] = {
        "item_answered": "Number {number} answered",
        "action_accepted": "Action {number} has somebody responsible",
        "support_answered": "Support for action {number} answered",
    }
    corrections: ClassVar[frozenset[str]] = frozenset(EVENTS) - {"item_taken"}

    def prepare(self) -> None:
        self.plan = Plan()
        self._take_in()

    def reopened(self, inputs: Inputs) -> Iterator[Change]:
        yield from super().reopened(inputs)
        self._take_in()

    def corrected(self, inputs: Inputs) -> Iterator[Change]:
        self.inputs = inputs
        self._take_in()
        yield EVERY_PANE

    def _take_in(self) -> None:
        if self.rules.get("about") != ENTRIES:
            items.take_in(self)
            carrying.take_in(self)

    # ---- the rules

    @property
    def choices(self) -> tuple[str, ...]:
        return tuple(self.rules.get("answers", ()))

    @property
    def sorts(self) -> tuple[str, ...]:
        return tuple(self.rules.get("actions", ()))

    @property
    def areas(self) -> tuple[str, ...]:
        return tuple(self.rules.get("areas", ()))

    @property
    def per_person(self) -> int:
        return int(self.rules.get("per_person", MOST_EACH))

    @property
    def answerers(self) -> frozenset[str]:
        """Who answers: those the rules name, else all who act; and staff, who take down what was said aloud."""
        return STAFF | (self._named(ANSWERERS) or self.phase.spec.who)

    @property
    def writers(self) -> frozenset[str]:
        return STAFF | (self._named(WRITERS) or self.phase.spec.who)

    @property
    def carriers(self) -> frozenset[str]:
        """Who can be responsible: those the rules name, else all who act."""
        return self._named(CARRIERS) or self.phase.spec.who

    @property
    def supporters(self) -> frozenset[str]:
        return STAFF | self._named(SUPPORTERS)

    def _named(self, rule: str) -> frozenset[str]:
        form = self.session.format
        return roles_named(self.rules.get(rule, ()), form.roles if form else {})

    def answers(self, member: Member) -> bool:
        return bool(self.choices) and member.is_among(self.answerers)

    def writes(self, member: Member) -> bool:
        return member.is_among(self.writers)

    def carries(self, member: Member) -> bool:
        return member.is_among(self.carriers)

    def supports(self, member: Member) -> bool:
        return bool(self.rules.get("support")) and member.is_among(self.supporters)

    @property
    def able(self) -> list[Member]:
        """Who can be asked to carry something, of those who are there."""
        return self.session.present_people(self.carriers, self.phase.id)

    def next_action(self) -> dict[str, str | int]:
        """The id and the number of the next action that is written."""
        return {"card": f"{self.phase.id}a{self.plan.added + 1}", "number": len(self.plan.actions) + 1}

    # ---- commands and their events

    take_item = answering.take_item
    answer_item = answering.answer_item
    add_action = writing.add_action
    change_action = writing.change_action
    move_action = writing.move_action
    withdraw_action = writing.withdraw_action
    ask_responsible = carrying_out.ask_responsible
    accept_action = carrying_out.accept_action
    decline_action = carrying_out.decline_action
    help_action = carrying_out.help_action
    stop_helping = carrying_out.stop_helping
    ask_support = carrying_out.ask_support
    answer_support = carrying_out.answer_support

    item_taken = folds.item_taken
    item_answered = folds.item_answered
    action_added = folds.action_added
    action_changed = folds.action_changed
    action_moved = folds.action_moved
    action_withdrawn = folds.action_withdrawn
    responsible_asked = folds.responsible_asked
    action_accepted = folds.action_accepted
    action_declined = folds.action_declined
    action_helped = folds.action_helped
    help_stopped = folds.help_stopped
    support_asked = folds.support_asked
    support_answered = folds.support_answered

    # ---- what happens by itself

    def arrived(self, member: Member) -> Iterable[Change]:
        """Whoever can carry something stands in the lists of those who may be asked. In a crowd that waits until the
        forms are drawn again: else every arrival would draw them for everybody."""
        if self.is_open and self.carries(member) and len(self.able) <= CROWD:
            yield from self._forms()

    def _forms(self) -> Iterator[Changed]:
        yield from (Changed(), Changed("desk"))
        roles = self.writers | self.answerers
        yield from (Changed(scope=scope) for scope in changes.scopes(self, roles))

    def noticed(self, change: Fact | Team, phase: str) -> Iterable[Changed]:
        """A project begins, moves, leaves or is called something else: it is one of the items here."""
        about_entries = self.rules.get("about") == ENTRIES
        if about_entries and (isinstance(change, Team) or change.name in SEEN_OF_ENTRIES):
            yield EVERY_PANE

    def consent_changed(self, member: Member) -> Iterable[Change]:
        """Somebody lets more or fewer people see what they write: all of it is where it belongs now."""
        wrote = any(member.id in item.authors for item in items.sources(self).values())
        if wrote or self.plan.of(member.id) or any(a.by == member.id for a in self.plan.answers.values()):
            yield EVERY_PANE

    alerts, came_short = alerting.alerts, alerting.came_short

    # ---- who sees what, and what is handed on

    show, things = views.show, reach.things

    def outcome(self) -> Outcome:
        return handed_on.outcome(self)

    def handed_on(self, card: str) -> Card | None:
        return handed_on.handed_on(self, card)
