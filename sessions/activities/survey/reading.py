"""What counts as an answer: a form as it was sent, read by its questions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

from sessions.activities.survey.questions import NUMBERS, ONE_OF, OWN_ROW, Question
from sessions.messages import Command, Refused, refuse
from sessions.people import organisation_key


def read_answers(
    questions: Iterable[Question],
    command: Command,
    members: Collection[str],
    final: bool = True,
    key_of: Callable[[str], str] = organisation_key,
) -> dict[str, Any] | Refused:
    """What a command answers, by question id. ``members`` may be named in questions about people; drafts leave
    anything open."""
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
    """What a person sent for their own row; what was left empty stays as it is."""
    sent = {OWN_ROW[q.type]: command.text(q.id) for q in questions if q.type in OWN_ROW}
    return {name: text for name, text in sent.items() if text}
