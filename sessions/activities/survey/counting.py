"""What many answers say together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from sessions.activities.survey.questions import NUMBERS, Answers, Question

FEW = 5
"""Fewer people than this show no breakdown: one could tell who said what."""


def figures(
    questions: Iterable[Question], choices: Iterable[Answers], wrote: Mapping[str, int]
) -> dict[str, Any]:
    """Counts of every option, means of numbers, people by id, and how many ``wrote`` something; by question."""
    answers = list(choices)
    return {
        q.id: {"n": wrote.get(q.id, 0)} if q.is_text else _figure(q, [a[q.id] for a in answers if q.id in a])
        for q in questions
        if q.is_logged
    }


def _figure(question: Question, values: list[Any]) -> dict[str, Any]:
    if question.type in NUMBERS:
        return {"n": len(values), "mean": round(sum(values) / len(values), 2) if values else None}
    if question.type == "people":
        return {"n": len(values), "people": sorted({person for value in values for person in value})}
    if question.options:
        chosen = Counter(o for value in values for o in ([value] if isinstance(value, str) else value))
        return {"n": len(values), "counts": {option.id: chosen[option.id] for option in question.options}}
    return {"n": len(values)}
