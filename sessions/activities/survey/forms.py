"""The questions of a survey: what a form asks, what counts as an answer, and what many answers say together.

The types of questions are described at the top of ``formats/forms.toml``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sessions.messages import Command, Refused, Text, refuse
from sessions.people import organisation_key

Answers = Mapping[str, Any]
"""Answers by question id; a question that was left open is not among them."""

OWN_ROW: Mapping[str, str] = {"name": "name", "organisation": "organisation", "contact": "contact"}
"""Types whose words go to a person's own row and never into the log, with the row's field."""
ONE_OF = frozenset({"choice", "light", "language"})
NUMBERS = frozenset({"scale", "number"})
EMPTY: Mapping[str, Any] = {"yes": False, "tags": [], "people": []}
"""What an open question says, where that is something."""


@dataclass(frozen=True, slots=True)
class Option:
    """One of the answers a question offers."""

    id: str
    label: Text
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a form. ``limit`` counts characters, ``most`` choices; 0 means no limit."""

    id: str
    type: str
    label: Text
    hint: Text | None = None
    options: tuple[Option, ...] = ()
    required: bool = False
    limit: int = 0
    most: int = 0
    low: int = 0
    high: int = 0
    fact: str = ""
    entry_fact: str = ""
    attends: bool = False

    @property
    def is_logged(self) -> bool:
        """Whether the answer stands in the log (an organisation does so as a key that does not name it)."""
        return self.type not in OWN_ROW or self.type == "organisation"


def read_questions(form: Mapping[str, Any], only: Collection[str] = ()) -> tuple[Question, ...]:
    """The questions of a form, or those of them that a phase asks."""
    rows = (row for row in form["fields"] if not only or row["id"] in only)
    return tuple(_question(row) for row in rows)


def _question(row: Mapping[str, Any]) -> Question:
    plain = {name: value for name, value in row.items() if name not in ("options", "max")}
    options = tuple(Option(**option) for option in row.get("options", ()))
    return Question(**plain, options=options, most=row.get("max", 0))


def read_answers(
    questions: Iterable[Question],
    command: Command,
    members: Collection[str],
    final: bool = True,
    key_of: Callable[[str], str] = organisation_key,
) -> dict[str, Any] | Refused:
    """What a command answers. ``members`` may be named in questions about people; drafts leave anything open."""
    answers: dict[str, Any] = {}
    for question in questions:
        value = _value(question, command, members, key_of)
        if isinstance(value, Refused):
            return value
        if value and question.is_logged:
            answers[question.id] = value if question.type not in NUMBERS else int(value)
        elif question.required and final and not value:
            return _missing(question)
    return answers


def _missing(question: Question) -> Refused:
    return refuse(
        "missing", "“{question}” is not answered yet. Answer it and send again.", question=question.label
    )


def _value(
    question: Question, command: Command, members: Collection[str], key_of: Callable[[str], str]
) -> Any:
    """The answer to one question: falsy for none, a number still as its digits."""
    if question.type in ("tags", "people"):
        return _several(question, command.all(question.id), members)
    text = command.text(question.id)
    if question.limit and len(text) > question.limit:
        return _too_long(question, text)
    if question.type in ONE_OF:
        return _one(question, text)
    if question.type in NUMBERS:
        return _number(question, text)
    if question.type == "organisation":
        return key_of(text)
    return bool(text) if question.type == "yes" else text


def _too_long(question: Question, text: str) -> Refused:
    return refuse(
        "too_long",
        "“{question}” has {count} characters and {limit} fit. Shorten it and send again.",
        question=question.label,
        count=len(text),
        limit=question.limit,
    )


def _one(question: Question, text: str) -> str | Refused:
    known = {option.id for option in question.options}
    return text if not text or text in known else _unknown(question)


def _several(question: Question, chosen: tuple[str, ...], members: Collection[str]) -> list[str] | Refused:
    known = set(members) if question.type == "people" else {option.id for option in question.options}
    picked = list(dict.fromkeys(chosen))
    if not known.issuperset(picked):
        return _unknown(question)
    if question.most and len(picked) > question.most:
        return refuse(
            "too_many",
            "“{question}”: {count} are chosen and {limit} fit. Take some away and send again.",
            question=question.label,
            count=len(picked),
            limit=question.most,
        )
    return picked


def _unknown(question: Question) -> Refused:
    return refuse(
        "unknown_option",
        "“{question}” has no such answer. Reload the page and answer again.",
        question=question.label,
    )


def _number(question: Question, text: str) -> str | Refused:
    if not text:
        return ""
    plain = text.isascii() and text.isdigit() and len(text) < 10
    if not plain or not question.low <= int(text) <= question.high:
        return refuse(
            "bad_number",
            "“{question}” takes a whole number from {low} to {high}.",
            question=question.label,
            low=question.low,
            high=question.high,
        )
    return text


def own_row(questions: Iterable[Question], command: Command) -> dict[str, str]:
    """What a person told for their own row; what was left empty stays as it is."""
    told = {OWN_ROW[q.type]: command.text(q.id) for q in questions if q.type in OWN_ROW}
    return {name: text for name, text in told.items() if text}


def figures(questions: Iterable[Question], given: Iterable[Answers]) -> dict[str, Any]:
    """Counts of every option, means of numbers, how many wrote something, and people by id; by question."""
    answers = list(given)
    return {q.id: _figure(q, [a[q.id] for a in answers if q.id in a]) for q in questions if q.is_logged}


def _figure(question: Question, values: list[Any]) -> dict[str, Any]:
    if question.type in NUMBERS:
        return {"n": len(values), "mean": round(sum(values) / len(values), 2) if values else None}
    if question.type == "people":
        return {"n": len(values), "people": sorted({person for value in values for person in value})}
    if question.options:
        chosen = Counter(o for value in values for o in ([value] if isinstance(value, str) else value))
        return {"n": len(values), "counts": {option.id: chosen[option.id] for option in question.options}}
    return {"n": len(values)}
