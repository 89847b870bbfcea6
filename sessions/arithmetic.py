"""How points and means are counted: exactly, or rounded as earlier releases did.

Exact fractions decide places: two entries with a mean of 10/3 are equal, whichever sheets it comes from. Rounding the
mean of each sheet, and their mean again, parted them (3.3334 before 3.3333) and asked no rule for ties. Which way was
taken stands in the event of the count, so that an old result is counted again as it was counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import Protocol

DIGITS = 4
"""Decimals of a mean that is shown or stored."""
EXACT, ROUNDED = "exact", "rounded"

Scores = Mapping[str, float]
"""One sheet: criterion to score."""


class Arithmetic(Protocol):
    """One way of counting."""

    def number(self, value: float) -> Fraction:
        """A number that a format gives, to compare with what was counted."""

    def mean_of_sheets(self, sheets: Sequence[Scores], weights: Mapping[str, float]) -> Fraction:
        """The mean of several sheets' means, each by the weights. KeyError if a sheet lacks a criterion."""

    def mean(self, values: Sequence[Fraction]) -> Fraction:
        """The mean; 0 of nothing."""

    def settled(self, value: Fraction) -> Fraction:
        """What a sum or a difference of means counts as."""


class Exact:
    """Nothing is rounded. What a format writes as 0.3 is three tenths."""

    def number(self, value: float) -> Fraction:
        return Fraction(str(value))

    def mean_of_sheets(self, sheets: Sequence[Scores], weights: Mapping[str, float]) -> Fraction:
        if not sheets:
            return Fraction(0)
        whole = self._whole(weights)  # ten thousand ballots are summed: as whole numbers it takes no time
        total = sum(sheet[name] * weight for sheet in sheets for name, weight in whole.items())
        return Fraction(total) / (sum(whole.values()) * len(sheets))

    def mean(self, values: Sequence[Fraction]) -> Fraction:
        return sum(values, Fraction(0)) / len(values) if values else Fraction(0)

    def settled(self, value: Fraction) -> Fraction:
        return value

    def _whole(self, weights: Mapping[str, float]) -> dict[str, int]:
        parts = {name: self.number(weight) for name, weight in weights.items()}
        common = lcm(*(part.denominator for part in parts.values()))
        return {name: int(part * common) for name, part in parts.items()}


class Rounded:
    """Binary fractions, and every mean rounded to four decimals before it goes on: the way until release 1."""

    def number(self, value: float) -> Fraction:
        return Fraction(value)

    def mean_of_sheets(self, sheets: Sequence[Scores], weights: Mapping[str, float]) -> Fraction:
        return self.mean([self._weighted(sheet, weights) for sheet in sheets])

    def mean(self, values: Sequence[Fraction]) -> Fraction:
        return Fraction(round(sum(map(float, values)) / len(values), DIGITS)) if values else Fraction(0)

    def settled(self, value: Fraction) -> Fraction:
        return Fraction(round(float(value), DIGITS))

    def _weighted(self, scores: Scores, weights: Mapping[str, float]) -> Fraction:
        total = sum(scores[name] * weight for name, weight in weights.items())
        return Fraction(round(total / sum(weights.values()), DIGITS))


ARITHMETICS: Mapping[str, Arithmetic] = {EXACT: Exact(), ROUNDED: Rounded()}


def arithmetic_of(body: Mapping[str, object]) -> Arithmetic:
    """The way that an event of a count names; rounded where it names none, as in logs of release 1."""
    return ARITHMETICS[str(body.get("arithmetic", ROUNDED))]


def shown(value: Fraction | float) -> float:
    """A mean as it is shown and stored."""
    return round(float(value), DIGITS)
