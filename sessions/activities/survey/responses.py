"""The responses to a survey: what came from whom, and what of it counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from sessions.activities.survey.questions import Answers, divided

if TYPE_CHECKING:
    from sessions.activities.survey.events import Answered, AnswersOpened


@dataclass(frozen=True, slots=True)
class Given:
    """One set of answers as it came: ``by`` sent it at wall time ``at``. A draft, that is not ``final``, counts
    nowhere. In ``texts``, by question id like the ``choices``, an erased one is ""."""

    by: str
    at: float
    final: bool
    choices: Answers
    texts: Mapping[str, str]

    @property
    def answers(self) -> dict[str, Any]:
        """All that there is to read."""
        return {**self.choices, **{question: text for question, text in self.texts.items() if text}}

    @property
    def is_empty(self) -> bool:
        """Whether it does not say what was answered."""
        return not self.choices and not self.texts


class Responses:
    """Everything that came. ``text_ids`` are the questions that are answered in words."""

    def __init__(self, text_ids: frozenset[str]) -> None:
        self.text_ids = text_ids
        self.given: dict[str, list[Given]] = {}
        """By respondent (a person's or a team's id), latest last."""
        self.first_seq: dict[str, int] = {}
        """The seq of each respondent's first response."""
        self.sealed: set[str] = set()
        """Whose answers lie in the ballot box."""
        self.destroyed: set[str] = set()
        """Whose answers were destroyed unread, and who have not answered anew."""
        self.is_lost = False
        """Whether that was because the key of the ballot box was gone."""
        self.opened: list[Answers] = []
        """What was chosen without a name, since the ballot box has been opened."""
        self.opened_texts: dict[str, list[str]] = {}
        """What was written without a name, by question."""
        self.opened_wrote = Counter[str]()
        """How many wrote something without a name, by question."""

    def add(self, who: str, given: Given, seq: int) -> None:
        """Another set of answers of somebody's."""
        self.given.setdefault(who, []).append(given)
        self.first_seq.setdefault(who, seq)
        self.destroyed.discard(who)

    def destroy(self, lost: bool = False) -> None:
        """What lies in the ballot box is gone, and never was read: whoever had answered may do so anew."""
        for who in self.sealed:
            self.given.pop(who, None)
            self.first_seq.pop(who, None)
        self.destroyed, self.sealed, self.is_lost = self.destroyed | self.sealed, set(), lost

    def read(self, body: Answered, by: str, at: float) -> Given:
        """A set of answers as an event holds it, of whichever release."""
        choices, texts = divided(body.get("answers", {}), self.text_ids)
        written = body.get("texts") or {}
        texts |= {question: written.get(question, "") for question in body.get("wrote", ())}
        return Given(by, at, body["final"], choices, texts)

    def open(self, body: AnswersOpened) -> None:
        """What lay in the ballot box, as an event of whichever release holds it."""
        self.sealed = set()
        for answers in body["answers"]:
            choices, texts = divided(answers, self.text_ids)
            self.opened.append(choices)
            self._open_texts({question: [text] for question, text in texts.items()}, dict.fromkeys(texts, 1))
        self._open_texts(body.get("texts") or {}, body.get("wrote", {}))

    def _open_texts(self, texts: Mapping[str, list[str]], wrote: Mapping[str, int]) -> None:
        self.opened_wrote.update(wrote)
        for question, some in texts.items():
            self.opened_texts.setdefault(question, []).extend(some)

    def latest(self, who: str) -> Given | None:
        """The response of somebody that counts: the last that was meant to."""
        return next((g for g in reversed(self.given.get(who, ())) if g.final), None)

    def draft(self, who: str) -> Given | None:
        """What somebody has kept without handing it in."""
        given = self.given.get(who)
        return given[-1] if given and not given[-1].final else None

    def choices_of(self, named: Iterable[Given]) -> list[Answers]:
        """What was chosen: without a name, and by those who are named."""
        return [*self.opened, *(given.choices for given in named)]

    def wrote(self, named: Iterable[Given]) -> Mapping[str, int]:
        """How many wrote something, by question: without a name, and of those who are named."""
        return self.opened_wrote + Counter(question for given in named for question in given.texts)

    def texts_to(self, questions: Collection[str], named: Iterable[Given]) -> dict[str, list[str]]:
        """What was written, by question, in alphabetical order, which tells nothing."""
        known = [given.texts for given in named]
        return {
            question: sorted(
                filter(None, chain(self.opened_texts.get(question, ()), _all_to(question, known)))
            )
            for question in questions
        }


def _all_to(question: str, texts: Iterable[Mapping[str, str]]) -> Iterator[str]:
    return (some.get(question, "") for some in texts)
