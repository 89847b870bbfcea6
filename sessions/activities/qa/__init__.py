"""Questions and answers: people ask, say what they wonder about too, and hear an answer now, later or why not.

A question goes pending, published, live and is answered, or declined, or followed up by somebody until a day. The state
is in ``question``, the rules by topic in ``asking``, ``supporting``, ``moderating`` and ``answering``, what happened is
folded in ``folds``; ``carrying`` takes in what earlier phases left open, ``reach`` says how far a question goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar

from sessions.activities.qa import (
    answering,
    asking,
    carrying,
    changes,
    folds,
    handed_on,
    moderating,
    reach,
    supporting,
    views,
)
from sessions.activities.qa.events import EVENTS
from sessions.activities.qa.question import PENDING, Board
from sessions.activities.qa.rules import ANSWERERS, ASKERS, DECLARED, MODERATORS, roles_in
from sessions.activity import Activity, Alert, Change, Changed, alert
from sessions.audience import ACTORS, STAFF, STARTED, Right, person_scope
from sessions.format_rules import Declaration, Fault
from sessions.messages import Text
from sessions.outcome import Card, Inputs, Outcome
from sessions.people import Member

MOST_WAITING = 20
"""How many questions of one person may wait where the rules say nothing."""
DESK = Right(STAFF | ACTORS)
AFTERWARDS = Right(STAFF | ACTORS, STARTED)
"""What can be put right, or answered, also when the phase is over."""


class Qa(Activity):
    """Rules: ``moderated``, ``anonymous``, ``askers``, ``answerers``, ``moderators``, ``per_person``.

    ``who`` names everybody who acts; of these ``askers`` ask, ``answerers`` answer, and whoever moderates (staff, and
    ``moderators``) publishes, declines and says which comes next. All who act may say what they wonder about too.
    """

    called: ClassVar[Text] = {"en": "Questions", "sv": "Frågor", "fi": "Kysymykset"}
    declares: ClassVar[Declaration] = DECLARED
    events: ClassVar[Mapping[str, type]] = EVENTS
    rights: ClassVar[Mapping[str, Right]] = {
        "ask_question": Right(ACTORS),
        "withdraw_question": Right(ACTORS, STARTED),
        "share_question": Right(ACTORS, STARTED),
        "support_question": Right(ACTORS),
        "take_back_support": Right(ACTORS),
        "publish_question": AFTERWARDS,
        "decline_question": AFTERWARDS,
        "take_question": DESK,
        "put_back_question": DESK,
        "answer_question": AFTERWARDS,
        "follow_up_question": AFTERWARDS,
        "bring_back_question": AFTERWARDS,
    }
    parts: ClassVar[Mapping[str, frozenset[str]]] = views.SHOWN_IN
    decisions: ClassVar[Mapping[str, str]] = {
        "question_published": "Question {number} published",
        "question_declined": "Question {number} not published. {reason}",
        "question_answered": "Question {number} answered",
        "question_followed_up": "Question {number} is answered later",
        "question_brought_back": "Question {number} is open again. {reason}",
    }
    corrections: ClassVar[frozenset[str]] = frozenset(
        {
            *("question_withdrawn", "question_shared", "question_published", "question_declined"),
            *("question_answered", "question_followed_up", "question_brought_back"),
        }
    )

    def prepare(self) -> None:
        self.board = Board()
        for _ in carrying.take_in(self):
            pass  # every pane is drawn anew when a phase opens

    def reopened(self, inputs: Inputs) -> Iterator[Change]:
        yield from super().reopened(inputs)
        yield from carrying.take_in(self)

    def corrected(self, inputs: Inputs) -> Iterator[Change]:
        self.inputs = inputs
        yield from carrying.take_in(self)
        yield from super().corrected(inputs)

    def closed(self) -> Iterable[Change]:
        self.board.put_back()
        return ()

    # ---- the rules

    @property
    def moderated(self) -> bool:
        return bool(self.rules.get("moderated", True))

    @property
    def per_person(self) -> int:
        return int(self.rules.get("per_person", MOST_WAITING))

    @property
    def askers(self) -> frozenset[str]:
        return self._named(ASKERS) or self.phase.spec.who

    @property
    def moderators(self) -> frozenset[str]:
        return STAFF | self._named(MODERATORS)

    @property
    def answerers(self) -> frozenset[str]:
        """Who may answer: those the rules name, and whoever moderates, who takes down what was said aloud."""
        return self.moderators | self._named(ANSWERERS)

    def _named(self, rule: str) -> frozenset[str]:
        form = self.session.format
        return roles_in(self.rules, rule, form.roles if form else {})

    def asks(self, member: Member) -> bool:
        return member.is_among(self.phase.spec.who) and member.is_among(self.askers)

    @property
    def owners(self) -> list[Member]:
        """Who can be given a question to answer later: of those who act, whoever answers."""
        acting = self.session.present_people(self.phase.spec.who | STAFF, self.phase.id)
        return [member for member in acting if member.is_among(self.answerers)]

    # ---- commands and their events

    ask_question = asking.ask_question
    withdraw_question = asking.withdraw_question
    share_question = asking.share_question
    support_question = supporting.support_question
    take_back_support = supporting.take_back_support
    publish_question = moderating.publish_question
    decline_question = moderating.decline_question
    take_question = moderating.take_question
    put_back_question = moderating.put_back_question
    answer_question = answering.answer_question
    follow_up_question = answering.follow_up_question
    bring_back_question = answering.bring_back_question

    question_asked = folds.question_asked
    question_withdrawn = folds.question_withdrawn
    question_shared = folds.question_shared
    question_supported = folds.question_supported
    support_taken_back = folds.support_taken_back
    question_published = folds.question_published
    question_declined = folds.question_declined
    question_taken = folds.question_taken
    question_put_back = folds.question_put_back
    question_answered = folds.question_answered
    question_followed_up = folds.question_followed_up
    question_brought_back = folds.question_brought_back

    # ---- what happens by itself

    def consent_changed(self, member: Member) -> Iterator[Change]:
        """Somebody lets more or fewer people see what they write: each of their questions is where it belongs now."""
        for question in self.board.of(member.id):
            reach.settle(self, question)
            yield from changes.of(self, question)
        yield Changed(scope=person_scope(member.id))

    def alerts(self) -> Iterator[Alert]:
        waiting = len(self.board.in_state(PENDING))
        if waiting:
            yield alert("Questions wait to be read: {count}", count=waiting)

    def came_short(self) -> Iterator[Fault]:
        """Questions that nobody has read."""
        waiting, of = len(self.board.in_state(PENDING)), len(self.board.questions)
        if waiting:
            yield Fault("{count} of {of} questions stay unread", {"count": waiting, "of": of}, "moderated")

    # ---- who sees what, and what is handed on

    show = views.show

    def outcome(self) -> Outcome:
        return handed_on.outcome(self.board)

    def handed_on(self, card: str) -> Card | None:
        return handed_on.handed_on(self.board, card)
