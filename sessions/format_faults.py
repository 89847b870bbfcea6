"""What is wrong with a format before anybody plays it: every word of it is known, and its phases fit together.

``faults`` must be mended before an event; ``looks`` are worth a look: they may be meant. Logs of earlier releases are
not asked: what once began folds for ever (see ``read_format``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sessions.activities import activity_class
from sessions.audience import ACTABLE
from sessions.format import ENDINGS, kind_now, read_format
from sessions.format_between import CHECKS
from sessions.format_findings import Between, Finding
from sessions.format_rules import (
    LANGUAGES,
    Choice,
    Fault,
    Flag,
    Line,
    Rule,
    Several,
    Table,
    Tables,
    Title,
    Whole,
    faults_of,
    languages_of,
    missing_languages,
)

SHELVES = ("forms", "documents", "rubrics", "choices")
"""What phases of a format share, each by name."""
FORMAT: Mapping[str, Rule] = {
    "key": Line(required=True),
    "title": Title(required=True),
    "ip_policy": Line(),
    "people": Whole(),
    "languages": Several(LANGUAGES),
    "role": Tables(),
    "earlier": Table(),
    "phase": Tables(required=True),
    **dict.fromkeys(SHELVES, Table()),
}
"""What stands at the top of a format."""
ROLE: Mapping[str, Rule] = {
    "key": Line(required=True),
    "title": Title(required=True),
    "acts_like": Choice(tuple(sorted(ACTABLE))),
    "pass": Several(twice=True),
    "people": Whole(),
}
"""What stands in a role of its own."""
PHASE: Mapping[str, Rule] = {
    "id": Line(required=True),
    "kind": Line(required=True),
    "minutes": Whole(required=True),
    "title": Title(required=True),
    "prompt": Title(required=True),
    "who": Several(),
    "inputs": Several(or_none=True),
    "ends": Choice(tuple(sorted(ENDINGS))),
    "beside": Line(),
    "channel": Flag(),
    "before": Flag(),
    "later": Flag(),
    "public": Flag(),
    "rules": Table(),
}
"""What stands in a row of its agenda; its kind declares the ``rules``."""
LANGUAGES_SET = frozenset(LANGUAGES)
WORD = re.compile(r"\w+")


def findings(data: Mapping[str, Any]) -> list[Finding]:
    """All that is found in a format's plain data, in the order of its phases, what is grave first.

    What lies between phases is looked at only when each phase is right for itself.
    """
    found = [*_of_the_whole(data), *_of_each_phase(data)]
    if not found:
        try:
            form = read_format(data)
        except ValueError as error:
            return [Finding("", Fault("{error}", {"error": str(error)}))]
        phases = Between(form)
        found = [finding for check in CHECKS for finding in check(phases)]
    return sorted(found, key=lambda finding: not finding.grave)


# ---- each phase for itself


def _of_the_whole(data: Mapping[str, Any]) -> Iterator[Finding]:
    yield from (Finding("", fault) for fault in faults_of(FORMAT, data, data))
    for row in _tables(data, "role"):
        for fault in faults_of(ROLE, row, data):
            yield Finding("", Fault(f"role {row.get('key', '?')}: {fault.text}", fault.values, "role"))
    for shelf in SHELVES:
        yield from _untranslated(shelf, data.get(shelf, {}), languages_of(data))


def _untranslated(place: str, value: Any, languages: Sequence[str]) -> Iterator[Finding]:
    """Texts in what phases share that lack a language of the format. A text is a table of languages."""
    if isinstance(value, Mapping):
        if value and LANGUAGES_SET.issuperset(value):
            for fault in missing_languages(value, languages):
                yield Finding(
                    "", Fault("{place} is missing in {languages}", {**fault.values, "place": place})
                )
            return
        for name, inner in value.items():
            yield from _untranslated(f"{place}.{name}", inner, languages)
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            name = inner.get("id", number) if isinstance(inner, Mapping) else number
            yield from _untranslated(f"{place}.{name}", inner, languages)


def _of_each_phase(data: Mapping[str, Any]) -> Iterator[Finding]:
    seen: set[str] = set()
    for row in _tables(data, "phase"):
        phase = str(row.get("id", "?"))
        alone = list(faults_of(PHASE, row, data))
        yield from (Finding(phase, fault) for fault in (*alone, *_of_kind(row, data)))
        if "id" in row and not WORD.fullmatch(phase):
            yield Finding(
                phase, Fault("an id is a word of letters, digits and _, not {id!r}", {"id": phase}, "id")
            )
        if phase in seen:
            yield Finding(phase, Fault("another phase has the same id", {}, "id"))
        seen.add(phase)


def _tables(data: Mapping[str, Any], name: str) -> Iterator[Mapping[str, Any]]:
    rows = data.get(name)
    yield from (row for row in (rows if isinstance(rows, list) else ()) if isinstance(row, Mapping))


def _of_kind(row: Mapping[str, Any], data: Mapping[str, Any]) -> Iterator[Fault]:
    rules = dict(row["rules"]) if isinstance(row.get("rules"), Mapping) else {}
    kind = kind_now(str(row.get("kind", "")), rules)
    rules.pop("mode", None)  # tells former kinds apart, see FORMER_KINDS
    try:
        declared = activity_class(kind).declares
    except ValueError as error:
        if "kind" in row:
            yield Fault("{error}", {"error": str(error)}, "kind")
        return
    alone = list(faults_of(declared.rules, rules, data))
    yield from alone or declared.faults(rules, data)
