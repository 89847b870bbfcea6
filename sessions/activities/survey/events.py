"""Shapes of what happens to a survey. Answers stand by question id: choices, numbers, people and keys among the
``answers``, what people wrote among the ``texts``. Earlier releases wrote texts among the answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, NotRequired, TypedDict

from sessions.shapes import WORDS


class Answered(TypedDict):
    """Somebody has answered, for the ``respondent`` (a person or a team); ``final`` False keeps a draft. Of an
    anonymous survey only that is said. ``wrote`` names the questions that ``texts`` answers."""

    final: bool
    respondent: NotRequired[str]
    answers: NotRequired[Mapping[str, Any]]
    texts: NotRequired[Annotated[Mapping[str, str] | None, WORDS]]
    wrote: NotRequired[list[str]]


class AnswersOpened(TypedDict):
    """What lay in the ballot box: the ``answers`` of everybody in an order that tells nothing; apart from these, by
    question, how many ``wrote`` something, and their ``texts`` in alphabetical order."""

    answers: list[Mapping[str, Any]]
    texts: NotRequired[Annotated[Mapping[str, list[str]] | None, WORDS]]
    wrote: NotRequired[Mapping[str, int]]


class AnswersDestroyed(TypedDict):
    """The ``answers`` of so many people that lay in the ballot box were destroyed unread: they were too few, or
    ``lost``, because the key of the box was gone."""

    answers: int
    lost: NotRequired[bool]


EVENTS: Mapping[str, type] = {
    "answered": Answered,
    "answers_opened": AnswersOpened,
    "answers_destroyed": AnswersDestroyed,
}
