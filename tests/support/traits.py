"""Which phases of a format look like none before them: browsers walk over these, whatever formats there are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

Trait = tuple[str, str, object]
"""What may change a page: a kind of activity, a rule of its own or ``who`` takes part, and the rule's value."""

WORD = re.compile(r"[a-z][a-z0-9_]*")


def repeats(form: Mapping[str, Any]) -> frozenset[str]:
    """The phases of a format's data that have no trait which no earlier phase has had."""
    seen: set[Trait] = set()
    repeated = set()
    for row in form["phase"]:
        traits = set(traits_of(row))
        if traits <= seen:
            repeated.add(row["id"])
        seen |= traits
    return frozenset(repeated)


def traits_of(row: Mapping[str, Any]) -> Iterator[Trait]:
    """Everything about a phase's row that a template or a view may branch on.

    Words and switches count as they are, and each word of a list by itself. Numbers, texts and tables are only there
    or not: no page is drawn otherwise because a limit is 3 or 5.
    """
    kind = row["kind"]
    yield kind, "", ""
    for rule, value in {
        "who": row.get("who", ()),
        "ends": row.get("ends", ""),
        **row.get("rules", {}),
    }.items():
        for each in value if isinstance(value, list | tuple) else [value]:
            yield kind, rule, _shape(each)


def _shape(value: object) -> object:
    if isinstance(value, bool) or (isinstance(value, str) and WORD.fullmatch(value)):
        return value
    if isinstance(value, dict):
        return tuple(sorted(value))
    return "some" if value else "none"
