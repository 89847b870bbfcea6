"""What a rule of a phase may be: each kind declares its own by these, and a format that says anything else is refused.

A rule yields a ``Fault`` for each thing that is wrong with a value: an English sentence with values in braces, which
says what would be right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, NamedTuple, Protocol

from sessions.ranking import read_keep


class Fault(NamedTuple):
    """``text`` with the names of ``values`` in braces; ``key`` is where in the rule it is ("" for all of it)."""

    text: str
    values: Mapping[str, Any] = {}
    key: str = ""

    def __str__(self) -> str:
        return self.text.format(**self.values)


Shelves = Mapping[str, Any]
"""A format's plain data with its ``forms``, ``documents`` and ``rubrics``, by name."""


class Flow(NamedTuple):
    """What a phase does between others, by its rules.

    What it ``gives`` (cards, ranking, order, awards), ``needs`` from its inputs, and ``uses`` if it is there; whether
    it is for people in teams, about entries, and begins either; whether people rest in it, and sleep; the minutes that
    each entry takes, and its deadlines in minutes from its start.
    """

    gives: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    uses: frozenset[str] = frozenset()
    of_teams: bool = False
    about_entries: bool = False
    begins_teams: bool = False
    begins_entries: bool = False
    rests: bool = False
    overnight: bool = False
    minutes_each: float = 0.0
    deadlines: tuple[float, ...] = ()


class Rule(Protocol):
    """A kind of value. ``required`` says that a phase must have one."""

    @property
    def required(self) -> bool: ...

    def faults(self, value: Any, shelves: Shelves) -> Iterator[Fault]:
        """What is wrong with a value."""


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no."""

    required: bool = False

    def faults(self, value: Any, shelves: Shelves) -> Iterator[Fault]:
        if not isinstance(value, bool):
            yield Fault("must be true or false, not {value!r}", {"value": value})


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number, at least ``least``."""

    least: int = 1
    most: int = 100_000
    required: bool = False

    def faults(self, value: Any, shelves: Shelves) -> Iterator[Fault]:
        if isinstance(value, bool) or not isinstance(value, int) or not self.least <= value <= self.most:
            values = {"least": self.least, "most": self.most, "value": value}
            yield Fault("must be a whole number from {least} to {most}, not {value!r}", values)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number, whole or not, at least ``least``: minutes, points, hours."""

    least: float = 0.0
    most: float = 100_000.0
    required: bool = False

    def faults(self, value: Any, shelves: Shelves) -> Iterator[Fault]:
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not self.least <= value <= self.most
        ):
            values = {"least": self.least, "most": self.most, "value": value}
            yield Fault("must be a number from {least:g} to {most:g}, not {value!r}", values)


@dataclass(frozen=True, slots=True)
class Line:
    """A text that is not empty."""

    required: bool = False

    def faults(self, value: Any, shelves: Shelves) -> Iterator[Fault]:
        if not isinstance(value, str) or not value.strip():
            yield Fault("must be a text, not {value!r}", {"value": value})


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some words."""

    values: tuple[str, ...]
    required: bool = False

    def faults(self, value: Any, shelves: Shelves) -> Iterator[Fault]:
        if value not in self.values:
            yield unknown("must be one of {known}, not {value!r}", value, self.values)


@dataclass(frozen=True, slots=True)
class Several:
    """A list of different words, of ``values`` where these are given; not empty, unless it may be (``or_none``). A
    word may stand there ``twice`` where the list is from one to another."""

    values: tuple[str, ...] = ()
    required: bool = False
    or_none: bool = False
    twice: bool = False

    def faults(self, value: Any, shelves: Shelves) -> Iterator[Fault]:
        words = isinstance(value, list | tuple) and all(isinstance(word, str) for word in value)
        if not words or not (value or self.or_none):
            yield Fault("must be a list of words, not {value!r}", {"value": value})
            return
        if len(set(value)) < len(value) and not self.twice:
            yield Fault("says something twice: {value!r}", {"value": value})
        for word in value if self.values else ():
            if word not in self.values:
                yield unknown("may hold {known}, not {value!r}", word, self.values)


@dataclass(frozen=True, slots=True)
class Named:
    """The name of a form, a document or a rubric (``shelf`` is its plural), or of ``several``."""

    shelf: str
    several: bool = False
    required: bool = False

    def faults(self, value: Any, shelves: Shelves) -> Iterator[Fault]:
        names = value if self.several and isinstance(value, list | tuple) else [value]
        known = tuple(shelves.get(self.shelf, {}))
        for name in names:
            if name not in known:
                yield unknown(f"names {{value!r}}, which is none of the {self.shelf}: {{known}}", name, known)
        if self.several and not names:
            yield Fault("must name at least one")


@dataclass(frozen=True, slots=True)
class Keep:
    """How many options go on, in a format's words (see ``read_keep``)."""

    required: bool = False

    def faults(self, value: Any, shelves: Shelves) -> Iterator[Fault]:
        try:
            read_keep(value if isinstance(value, str) else "", 1)
        except ValueError:
            yield Fault('must read like "3", "2*teams" or "1-3 per team", not {value!r}', {"value": value})


@dataclass(frozen=True, slots=True)
class Texts:
    """Words by id, each in the format's languages."""

    required: bool = False

    def faults(self, value: Any, shelves: Shelves) -> Iterator[Fault]:
        if not isinstance(value, Mapping):
            yield Fault("must be a table of words by id, not {value!r}", {"value": value})
            return
        for name, text in value.items():
            yield from (fault._replace(key=name) for fault in missing_languages(text, languages_of(shelves)))


@dataclass(frozen=True, slots=True)
class Numbers:
    """A list of whole numbers that grow."""

    required: bool = False

    def faults(self, value: Any, shelves: Shelves) -> Iterator[Fault]:
        whole = isinstance(value, list | tuple) and all(isinstance(v, int) and v > 0 for v in value)
        if not whole or not value or list(value) != sorted(set(value)):
            yield Fault("must be a list of whole numbers that grow, not {value!r}", {"value": value})


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of tables with these columns, each a rule of its own."""

    columns: Mapping[str, Rule] = field(default_factory=dict)
    required: bool = False

    def faults(self, value: Any, shelves: Shelves) -> Iterator[Fault]:
        if not isinstance(value, list | tuple) or not all(isinstance(row, Mapping) for row in value):
            yield Fault("must be a list of tables, not {value!r}", {"value": value})
            return
        for row in value:
            yield from faults_of(self.columns, row, shelves)


@dataclass(frozen=True, slots=True)
class Title:
    """A text in the format's languages."""

    required: bool = False

    def faults(self, value: Any, shelves: Shelves) -> Iterator[Fault]:
        yield from missing_languages(value, languages_of(shelves))


@dataclass(frozen=True, slots=True)
class Table:
    """Names with values, which are looked at elsewhere."""

    required: bool = False

    def faults(self, value: Any, shelves: Shelves) -> Iterator[Fault]:
        if not isinstance(value, Mapping):
            yield Fault("must be a table, not {value!r}", {"value": value})


@dataclass(frozen=True, slots=True)
class Tables:
    """A list of tables, not empty, which are looked at elsewhere."""

    required: bool = False

    def faults(self, value: Any, shelves: Shelves) -> Iterator[Fault]:
        if not isinstance(value, list | tuple) or not value or not all(isinstance(v, Mapping) for v in value):
            yield Fault("must be a list of at least one table, not {value!r}", {"value": value})


def _no_flow(rules: Mapping[str, Any]) -> Flow:
    return Flow()


def _no_faults(rules: Mapping[str, Any], shelves: Shelves) -> Iterator[Fault]:
    return iter(())


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a kind says of itself to formats: its ``rules`` by name, its ``flow`` by them, and the ``faults`` that lie
    between several rules. ``faults`` is asked only where each rule is right for itself."""

    rules: Mapping[str, Rule] = field(default_factory=dict)
    flow: Callable[[Mapping[str, Any]], Flow] = _no_flow
    faults: Callable[[Mapping[str, Any], Shelves], Iterator[Fault]] = _no_faults


def faults_of(declared: Mapping[str, Rule], rules: Mapping[str, Any], shelves: Shelves) -> Iterator[Fault]:
    """What is wrong with the rules of a phase, by what its kind declares; ``key`` is the rule's name."""
    for name, value in rules.items():
        if name not in declared:
            yield unknown("there is no {value!r} here; there are: {known}", name, declared)._replace(key=name)
            continue
        for fault in declared[name].faults(value, shelves):
            inside = f" ({fault.key})" if fault.key else ""
            yield Fault(f"{{rule}}{inside} {fault.text}", {"rule": name, **fault.values}, name)
    for name, rule in declared.items():
        if rule.required and name not in rules:
            yield Fault("{rule} is missing", {"rule": name}, name)


def unknown(text: str, value: Any, known: Iterable[str]) -> Fault:
    """The fault of a word that is none of those ``known``, with the nearest of them."""
    names = list(known)
    near = get_close_matches(str(value), names, 1)
    values = {"value": value, "known": ", ".join(names) or "none"}
    return Fault(
        f"{text}. Did you mean {{near}}?" if near else text, {**values, **({"near": near[0]} if near else {})}
    )


def languages_of(shelves: Shelves) -> Sequence[str]:
    """The languages that a format is written in; three where it names none, or says what is no list of them."""
    languages = shelves.get("languages", LANGUAGES)
    return list(languages) if isinstance(languages, list | tuple) else LANGUAGES


def missing_languages(text: Any, languages: Sequence[str]) -> Iterator[Fault]:
    """The languages in which a text is not there."""
    missing = [language for language in languages if not (isinstance(text, Mapping) and text.get(language))]
    if missing:
        yield Fault("is missing in {languages}", {"languages": ", ".join(missing)})


LANGUAGES = ("en", "sv", "fi")
"""The languages of the product."""
