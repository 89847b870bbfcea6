"""The questions of a survey: what a form asks.

The types of questions are described at the top of ``formats/forms.toml``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sessions.messages import Text

if TYPE_CHECKING:
    from sessions.people import Member

Answers = Mapping[str, Any]
"""Answers by question id; a question that was left open is not among them."""

OWN_ROW: Mapping[str, str] = {"name": "name", "organisation": "organisation", "contact": "contact"}
"""Types whose words go to a person's own row and never into the log, with the row's field."""
ONE_OF = frozenset({"choice", "light", "language"})
NUMBERS = frozenset({"scale", "number"})
MAX_ANONYMOUS = 2000
"""Characters of an anonymous text whose question sets no limit."""
KEY_BYTES = 32
"""Room for a number, an organisation's key, or yes."""
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
    details: Text | None = None
    """What one may want to read before answering, a line for each paragraph."""
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

    @property
    def is_text(self) -> bool:
        """Whether the answer is what somebody wrote: nothing that counts hangs on it."""
        return self.type == "text"

    @property
    def most_bytes(self) -> int:
        """Bytes that the answer may take as JSON in UTF-8, with its question's id."""
        options = sum(len(option.id) + 3 for option in self.options)
        return len(self.id) + 8 + (4 * self.limit if self.is_text else max(KEY_BYTES, options))


def read_questions(form: Mapping[str, Any], only: Collection[str] = ()) -> tuple[Question, ...]:
    """The questions of a form, or those of them that a phase asks."""
    rows = (row for row in form["fields"] if not only or row["id"] in only)
    return tuple(_question(row) for row in rows)


def _question(row: Mapping[str, Any]) -> Question:
    plain = {name: value for name, value in row.items() if name not in ("options", "max")}
    options = tuple(Option(**option) for option in row.get("options", ()))
    return Question(**plain, options=options, most=row.get("max", 0))


def with_limit(question: Question) -> Question:
    """The question with a limit for what is written, where it had none."""
    return replace(question, limit=question.limit or MAX_ANONYMOUS) if question.is_text else question


def most_bytes(questions: Iterable[Question]) -> int:
    """Bytes that the answers of one person may take."""
    return 2 + sum(question.most_bytes for question in questions if question.is_logged)


def unknown_of(questions: Iterable[Question], person: Member) -> tuple[Question, ...]:
    """What somebody is still asked: not again what they said at the door, and change elsewhere."""
    known = {"name", "language", *(("organisation",) if person.organisation else ())}
    return tuple(question for question in questions if question.type not in known)


def divided(answers: Answers, text_ids: Collection[str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Answers as choices (numbers, people and keys with them) and texts, each by question id."""
    choices = {question: answer for question, answer in answers.items() if question not in text_ids}
    return choices, {question: answer for question, answer in answers.items() if question in text_ids}
