"""What later phases and the archive get from a survey."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sessions.activities.survey.questions import Question
from sessions.activities.survey.responses import Given


def ticked(questions: Iterable[Question], counted: Mapping[str, Given]) -> tuple[str, ...]:
    """Whoever was ticked as being there, each once."""
    attends = [question.id for question in questions if question.attends]
    chosen = (given.choices.get(question, ()) for given in counted.values() for question in attends)
    return tuple(dict.fromkeys(person for people in chosen for person in people))
