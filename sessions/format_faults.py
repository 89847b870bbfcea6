"""What is wrong with a format before anybody plays it: every word of it is known, and its phases fit together.

``faults`` must be mended before an event; ``looks`` are worth a look: they may be meant. Logs of earlier releases are
not asked: what once began folds for ever (see ``read_format``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sessions.activities import activity_class
from sessions.format import ENDINGS, kind_now, read_format
from sessions.format_between import CHECKS
from sessions.format_findings import Between, Finding
from sessions.format_rules import (
    LANGUAGES,
    Fault,
    faults_of,
    languages_of,
    missing_languages,
    unknown,
)

SHELVES = ("forms", "documents", "rubrics", "choices")
"""What phases of a format share, each by name."""
FORMAT_KEYS = ("key", "title", "ip_policy", "languages", "phase", *SHELVES)
PHASE_KEYS = (
    "id",
    "kind",
    "minutes",
    "title",
    "prompt",
    "who",
    "inputs",
    "ends",
    "beside",
    "channel",
    "later",
    "public",
    "rules",
)
LANGUAGES_SET = frozenset(LANGUAGES)


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
    for key in data:
        if key not in FORMAT_KEYS:
            fault = unknown("there is no {value!r} in a format; there are: {known}", key, FORMAT_KEYS)
            yield Finding("", fault._replace(key=key))
    for fault in missing_languages(data.get("title"), languages_of(data)):
        yield Finding("", Fault(f"title {fault.text}", fault.values, "title"))
    if not data.get("phase"):
        yield Finding("", Fault("a format needs at least one phase"))
    for language in set(languages_of(data)) - set(LANGUAGES):
        fault = unknown("languages may hold {known}, not {value!r}", language, LANGUAGES)
        yield Finding("", fault._replace(key="languages"))
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
    for row in data.get("phase", ()):
        phase = str(row.get("id", "?"))
        yield from (Finding(phase, fault) for fault in _of_row(row, data))
        if phase in seen:
            yield Finding(phase, Fault("another phase has the same id", {}, "id"))
        seen.add(phase)


def _of_row(row: Mapping[str, Any], data: Mapping[str, Any]) -> Iterator[Fault]:
    for key in row:
        if key not in PHASE_KEYS:
            fault = unknown("there is no {value!r} in a phase; there are: {known}", key, PHASE_KEYS)
            yield fault._replace(key=key)
    for key in ("id", "kind", "minutes"):
        if key not in row:
            yield Fault("{key} is missing", {"key": key}, key)
    for key in ("title", "prompt"):
        for fault in missing_languages(row.get(key), languages_of(data)):
            yield Fault(f"{key} {fault.text}", fault.values, key)
    if row.get("ends", "stay") not in ENDINGS:
        known = sorted(ENDINGS)
        yield unknown("ends must be one of {known}, not {value!r}", row["ends"], known)._replace(key="ends")
    yield from _of_kind(row, data)


def _of_kind(row: Mapping[str, Any], data: Mapping[str, Any]) -> Iterator[Fault]:
    rules = dict(row.get("rules", {}))
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
