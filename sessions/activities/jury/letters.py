"""The sheets that a result rests on, without their jurors' names: under letters that are drawn when it is signed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from itertools import count, product
from random import Random
from string import ascii_uppercase
from typing import Any

from sessions.activities.jury.score_sheets import ScoreSheets

FEW = 5
"""Jurors under whose number no sheets are listed: beside so few names each would be told apart. So would be a few who
have scored other entries than the rest, since the result names who stepped aside from which."""

Sheets = Mapping[str, Mapping[str, Mapping[str, int]]]
"""Entry to juror (or the letter that stands for one) to the scores by criterion."""


def counted(sheets: ScoreSheets, absent: Mapping[str, Collection[str]]) -> Sheets:
    """The sheets that count, by entry and juror."""
    return {
        entry: {juror: sheet.scores for juror, sheet in sheets.final(entry, people).items()}
        for entry, people in absent.items()
    }


def jurors_of(sheets: Sheets) -> list[str]:
    """Those who have a sheet, sorted."""
    return sorted({juror for of_entry in sheets.values() for juror in of_entry})


def under_letters(
    sheets: ScoreSheets, absent: Mapping[str, Collection[str]], seed: int
) -> dict[str, dict[str, Any]]:
    """What the result lists of its sheets; nothing where somebody would stand out."""
    known = counted(sheets, absent)
    jurors = jurors_of(known)
    alike = Counter(frozenset(e for e, of_entry in known.items() if juror in of_entry) for juror in jurors)
    if min(alike.values(), default=0) < FEW:
        return {}
    drawn = Random(seed).sample(jurors, len(jurors))  # noqa: S311 – sorted before, so there is nothing to guess
    letters = dict(zip(drawn, _letters(), strict=False))
    return {"sheets": {entry: _renamed(of_entry, letters) for entry, of_entry in known.items()}}


def _renamed(of_entry: Mapping[str, Any], letters: Mapping[str, str]) -> dict[str, Any]:
    return dict(sorted((letters[juror], dict(scores)) for juror, scores in of_entry.items()))


def _letters() -> Any:
    """A, B … Z, AA, AB …"""
    return ("".join(word) for length in count(1) for word in product(ascii_uppercase, repeat=length))


def by_sheets(sheets: Sheets) -> list[list[tuple[str, list[tuple[str, int]]]]]:
    """What each juror gave, without who it was: equal for the same sheets under other names."""
    return sorted(
        sorted(
            (entry, sorted(of_entry[juror].items()))
            for entry, of_entry in sheets.items()
            if juror in of_entry
        )
        for juror in jurors_of(sheets)
    )
