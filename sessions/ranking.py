"""Counting: points to places, places to what goes on, a jury's sheets to a ranking.

Everything a count depends on is handed in, so that the archive can count again and compare.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from sessions.arithmetic import ARITHMETICS, EXACT, Arithmetic, Scores, shown
from sessions.outcome import Ranked


class Keep(NamedTuple):
    """How many options go on: ``most``, and under the threshold only as many as ``least`` asks for."""

    least: int
    most: int
    per_team: bool = False


KEEP = re.compile(r"(\d+)(?:-(\d+))?( ?\* ?teams)?( per team)?")


def read_keep(rule: str, teams: int) -> Keep:
    """A format's words: ``3``, ``2*teams``, ``1-3 per team``. Raises ValueError for others."""
    found = KEEP.fullmatch(rule)
    if found is None:
        raise ValueError(f"keep must read like 3, 2*teams or 1-3 per team, not {rule!r}")
    least = int(found[1]) * (teams if found[3] else 1)
    return Keep(least, int(found[2] or least), bool(found[4]))


def expected_teams(teams: int, people: int) -> int:
    """How many teams there are; before they are formed, one for every five people, and two at least."""
    return teams or max(2, round(people / 5))


Number = Fraction | float
Points = Mapping[str, Number]
"""What options got; one that is missing got nothing."""
Placed = list[tuple[str, int]]
"""Options with their places, best first."""


def places(points: Points, options: Iterable[str], strict: bool = False) -> Placed:
    """Options best first, each with its place from 1. Equal points share a place (1, 1, 3); with ``strict``
    the option that comes earlier among ``options`` stands before the other."""
    ranked = sorted(options, key=lambda option: -points.get(option, 0))
    placed: Placed = []
    for number, option in enumerate(ranked, 1):
        shares = placed and not strict and points.get(option, 0) == points.get(placed[-1][0], 0)
        placed.append((option, placed[-1][1] if shares else number))
    return placed


def chosen(
    ranked: Placed,
    points: Points,
    keep: Keep,
    ties: str = "keep",
    barred: Collection[str] = (),
    threshold: Number = 0,
) -> set[str]:
    """Which of the ranked options go on. One without points never does, nor does a barred one.

    ``ties`` says what becomes of equals at the cut: with ``keep`` and ``shared`` all of them go on, with
    ``decider`` none until somebody decides; ``earliest`` leaves none equal (see places).
    """
    fit = [(option, place) for option, place in ranked if points.get(option) and option not in barred]
    good = sum(points[option] >= threshold for option, _ in fit)
    wanted = max(keep.least, min(keep.most, good))
    if wanted >= len(fit):
        return {option for option, _ in fit}
    cut = fit[wanted - 1][1]
    if fit[wanted][1] > cut:
        return {option for option, place in fit if place <= cut}
    return {option for option, place in fit if place < cut or (place == cut and ties != "decider")}


def ranking(
    points: Points,
    teams: Mapping[str, str],
    keep: Keep,
    ties: str = "keep",
    barred: Collection[str] = (),
    threshold: Number = 0,
) -> list[Ranked]:
    """The result: every option of ``teams`` (option to team, "" for none), its place, and whether it goes on.

    Per team each team's options are a ranking of their own; one without points keeps its earliest options.
    """
    groups = _by_team(teams) if keep.per_team else {"": list(teams)}
    result: list[Ranked] = []
    for options in groups.values():
        ranked = places(points, options, strict=ties == "earliest")
        kept = chosen(ranked, points, keep, ties, barred, threshold)
        if keep.per_team and not any(points.get(option) for option in options):
            kept = set([option for option in options if option not in barred][: keep.least])
        result += [Ranked(o, place, shown(points.get(o, 0)), o in kept, teams[o]) for o, place in ranked]
    return result


def _by_team(teams: Mapping[str, str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for option, team in teams.items():
        groups.setdefault(team, []).append(option)
    return groups


# ---- a jury's sheets

Sheets = Mapping[str, Mapping[str, Scores]]
"""Entry to juror to sheet; only sheets that count."""
Means = Mapping[str, Mapping[str, Fraction]]
"""Entry to juror to the mean of the sheet."""

DEFAULT = ARITHMETICS[EXACT]


def rank_points(means: Mapping[str, Fraction], arithmetic: Arithmetic = DEFAULT) -> dict[str, Fraction]:
    """One juror's best three get 3, 2 and 1 points, equal ones an equal part of what their places give.

    It stands beside the mean, because it is the same for a lenient and for a strict juror.
    """
    given: dict[str, Fraction] = {}
    for _, group in groupby(sorted(means, key=lambda entry: -means[entry]), key=lambda entry: means[entry]):
        equal = list(group)
        prizes = [Fraction(max(0, 3 - place)) for place in range(len(given), len(given) + len(equal))]
        given.update(dict.fromkeys(equal, arithmetic.mean(prizes)))
    return given


@dataclass(frozen=True, slots=True)
class Standing:
    """An entry in the jury's ranking. ``spread`` is the highest minus the lowest juror's mean; ``by`` is the
    rule that parted it from entries with an equal mean ("" if there were none, ``shared`` if none did)."""

    entry: str
    place: int
    mean: float
    rank_points: float
    jurors: int
    spread: float
    by: str = ""


def head_to_head(entry: str, other: str, sheets: Mapping[str, Mapping[str, Number]]) -> int:
    """How many more jurors preferred the one than the other. ``sheets``: entry to juror to mean."""
    both = sheets[entry].keys() & sheets[other].keys()
    return sum((sheets[entry][j] > sheets[other][j]) - (sheets[entry][j] < sheets[other][j]) for j in both)


def standings(
    sheets: Sheets,
    weights: Mapping[str, float],
    ties: Sequence[str] = (),
    decided: Collection[tuple[str, str]] = (),
    arithmetic: Arithmetic = DEFAULT,
) -> list[Standing]:
    """The jury's ranking, best first. ``ties`` are the rules for equal means in turn: a criterion's name,
    ``head_to_head`` (who beats most of the equals), ``chair`` (``decided`` holds pairs: this before that)."""
    means = _means(sheets, weights, arithmetic)
    totals = {entry: arithmetic.mean(list(by.values())) for entry, by in means.items()}
    points = _all_rank_points(means, arithmetic)
    key = _tie_key(sheets, means, decided, arithmetic)
    result: list[Standing] = []
    for _, equal in groupby(sorted(means, key=lambda e: -totals[e]), key=lambda e: totals[e]):
        for group, by in _parted(list(equal), ties, key):
            place = len(result) + 1
            for entry in group:
                jurors, spread = len(means[entry]), _spread(means[entry].values(), arithmetic)
                row = Standing(entry, place, shown(totals[entry]), shown(points[entry]), jurors, spread, by)
                result.append(row)
    return result


def _means(sheets: Sheets, weights: Mapping[str, float], arithmetic: Arithmetic) -> Means:
    return {
        entry: {juror: arithmetic.mean_of_sheets([sheet], weights) for juror, sheet in by.items()}
        for entry, by in sheets.items()
        if by
    }


def _all_rank_points(means: Means, arithmetic: Arithmetic) -> dict[str, Fraction]:
    """Each entry's rank points from all jurors together."""
    jurors = {juror: None for by in means.values() for juror in by}
    given = [
        rank_points({e: by[juror] for e, by in means.items() if juror in by}, arithmetic) for juror in jurors
    ]
    return {e: arithmetic.settled(sum((p.get(e, Fraction(0)) for p in given), Fraction(0))) for e in means}


def _spread(values: Iterable[Fraction], arithmetic: Arithmetic) -> float:
    spread = list(values)
    return shown(arithmetic.settled(max(spread) - min(spread)))


Key = Callable[[str, str, Sequence[str]], Number]
"""Of a rule, an entry and its equals: the higher stands first."""


def _tie_key(
    sheets: Sheets, means: Means, decided: Collection[tuple[str, str]], arithmetic: Arithmetic
) -> Key:
    def key(rule: str, entry: str, group: Sequence[str]) -> Number:
        rivals = [other for other in group if other != entry]
        if rule == "head_to_head":
            return sum(head_to_head(entry, other, means) > 0 for other in rivals)
        if rule == "chair":
            return sum((entry, other) in decided for other in rivals)
        return arithmetic.mean([Fraction(scores[rule]) for scores in sheets[entry].values()])

    return key


def _parted(group: list[str], rules: Sequence[str], key: Key, by: str = "") -> list[tuple[list[str], str]]:
    """Equal entries in the order that the rules give, each with the rule that placed it."""
    if len(group) == 1:
        return [(group, by)]
    if not rules:
        return [(group, "shared")]
    rule, later = rules[0], rules[1:]
    keys = {entry: key(rule, entry, group) for entry in group}
    parts = [list(g) for _, g in groupby(sorted(group, key=lambda e: -keys[e]), key=lambda e: keys[e])]
    if len(parts) == 1:
        return _parted(group, later, key, by)
    return [found for part in parts for found in _parted(part, later, key, rule)]
