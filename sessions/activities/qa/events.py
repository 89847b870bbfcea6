"""Shapes of what happens to questions. ``card`` is a question's id: what was asked is a card to every other phase."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NotRequired, TypedDict

from sessions.shapes import Words


class QuestionAsked(TypedDict):
    """``anonymous``: the name is shown to nobody. ``published``: everybody reads it at once, since nobody moderates."""

    card: str
    text: Words
    language: str
    anonymous: bool
    published: bool


class OfQuestion(TypedDict):
    """Something about one question, and nothing else."""

    card: str


class NumberedQuestion(TypedDict):
    card: str
    number: int


class QuestionShared(TypedDict):
    """Its author lets others see this question than their consent says: ``choice`` is a word of sight.LEVELS."""

    card: str
    choice: str


class QuestionDeclined(TypedDict):
    """It is not shown to the others; ``reason`` is what its author reads. Again puts other words in their place."""

    card: str
    number: int
    reason: Words


class QuestionAnswered(TypedDict):
    """``answer`` may be empty where it was given aloud. Again corrects what stands there, for a ``reason``."""

    card: str
    number: int
    answer: Words
    reason: NotRequired[Words]


class QuestionFollowedUp(TypedDict):
    """``owner`` (a person) answers later, ``due`` at the latest: a day as year-month-day."""

    card: str
    number: int
    owner: str
    due: str


class QuestionBroughtBack(TypedDict):
    """What was decided about it holds no more; ``to`` is where it is again: pending or published."""

    card: str
    number: int
    to: str
    reason: Words


EVENTS: Mapping[str, type] = {
    "question_asked": QuestionAsked,
    "question_withdrawn": NumberedQuestion,
    "question_shared": QuestionShared,
    "question_supported": OfQuestion,
    "support_taken_back": OfQuestion,
    "question_published": NumberedQuestion,
    "question_declined": QuestionDeclined,
    "question_taken": NumberedQuestion,
    "question_put_back": NumberedQuestion,
    "question_answered": QuestionAnswered,
    "question_followed_up": QuestionFollowedUp,
    "question_brought_back": QuestionBroughtBack,
}
